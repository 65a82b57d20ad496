"""Every statement about meetings and training sessions; they differ by a table and one column."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Row, Table, delete, insert, select

from touchline.features.identity import Principal
from touchline.features.planning.appointment import Appointment, AppointmentKind, NewAppointment
from touchline.features.planning.tables import reunions, training_sessions
from touchline.foundation.db import Connection
from touchline.foundation.db.paging import fetch_page
from touchline.foundation.ids import new_id

_TABLES: Mapping[AppointmentKind, Table] = {
    AppointmentKind.MEETING: reunions,
    AppointmentKind.SESSION: training_sessions,
}
_DETAILS: Mapping[AppointmentKind, Column[Any]] = {
    AppointmentKind.MEETING: reunions.c.location,
    AppointmentKind.SESSION: training_sessions.c.focus,
}


async def accessible_appointments(
    db: Connection, by: Principal, kind: AppointmentKind, *, limit: int, offset: int
) -> tuple[list[Appointment], int]:
    """Appointments of a person's teams, the latest first; and how many there are."""
    if not by.team_ids:
        return [], 0
    table = _TABLES[kind]
    statement = (
        select(table)
        .where(table.c.team_id.in_(by.team_ids))
        .order_by(table.c.date.desc(), table.c.created_at.desc(), table.c.id.desc())
    )
    rows, total = await fetch_page(db, statement, limit=limit, offset=offset)
    return [_appointment(row, kind) for row in rows], total


async def appointment(db: Connection, kind: AppointmentKind, appointment_id: str) -> Appointment | None:
    """An appointment, whoever it belongs to."""
    table = _TABLES[kind]
    row = (await db.execute(select(table).where(table.c.id == appointment_id))).one_or_none()
    return None if row is None else _appointment(row, kind)


async def insert_appointment(
    db: Connection, kind: AppointmentKind, new: NewAppointment, *, team_id: str, date: datetime, now: datetime
) -> str:
    """Store an appointment; returns its id."""
    appointment_id = new_id()
    values = {
        "id": appointment_id,
        "team_id": team_id,
        "title": new.title,
        "date": date,
        _DETAILS[kind].name: new.detail,
        "icon_name": new.icon_name,
        "created_at": now,
    }
    await db.execute(insert(_TABLES[kind]).values(values))
    return appointment_id


async def delete_appointment(db: Connection, by: Principal, kind: AppointmentKind, appointment_id: str) -> bool:
    """Remove an appointment of a person's teams; False when there is none of that id."""
    if not by.team_ids:
        return False
    table = _TABLES[kind]
    result = await db.execute(delete(table).where(table.c.id == appointment_id, table.c.team_id.in_(by.team_ids)))
    return bool(result.rowcount)


def _appointment(row: Row[Any], kind: AppointmentKind) -> Appointment:
    return Appointment(
        id=row.id,
        team_id=row.team_id,
        title=row.title,
        date=row.date,
        detail=row._mapping[_DETAILS[kind]],  # noqa: SLF001 — the documented way to a row's names
        icon_name=row.icon_name,
    )
