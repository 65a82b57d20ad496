"""Every statement about formations."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, delete, insert, or_, select, update

from touchline.features.club.formation import Formation
from touchline.features.club.tables import formations
from touchline.features.identity import Principal, in_organisation
from touchline.foundation.db import Connection
from touchline.foundation.db.paging import fetch_page
from touchline.foundation.ids import new_id


async def visible_formations(db: Connection, by: Principal, *, limit: int, offset: int) -> tuple[list[Formation], int]:
    """Shared formations, then the organisation's own, each by name; and how many there are."""
    own_last = case((formations.c.user_id.is_(None), 0), else_=1)
    statement = select(formations).where(_visible_to(by)).order_by(own_last, formations.c.name, formations.c.id)
    rows, total = await fetch_page(db, statement, limit=limit, offset=offset)
    return [_formation(row) for row in rows], total


async def visible_formation(db: Connection, by: Principal, formation_id: str) -> Formation | None:
    row = (await db.execute(select(formations).where(formations.c.id == formation_id, _visible_to(by)))).one_or_none()
    return None if row is None else _formation(row)


async def formations_by_id(db: Connection, formation_ids: Iterable[str]) -> Mapping[str, Formation]:
    """Formations by id, whoever made them; ids without one are left out."""
    wanted = set(formation_ids)
    if not wanted:
        return {}
    rows = await db.execute(select(formations).where(formations.c.id.in_(wanted)))
    return {row.id: _formation(row) for row in rows}


async def insert_formation(db: Connection, values: Mapping[str, Any], *, creator_id: str, now: datetime) -> str:
    """Store a formation; returns its id."""
    formation_id = new_id()
    await db.execute(insert(formations).values(id=formation_id, user_id=creator_id, created_at=now, **values))
    return formation_id


async def update_formation(db: Connection, formation_id: str, values: Mapping[str, Any]) -> None:
    await db.execute(update(formations).where(formations.c.id == formation_id).values(**values))


async def delete_formation(db: Connection, formation_id: str) -> None:
    """Remove a formation; the database takes it from the line-ups that used it."""
    await db.execute(delete(formations).where(formations.c.id == formation_id))


def _visible_to(by: Principal) -> ColumnElement[bool]:
    return or_(formations.c.user_id.is_(None), in_organisation(formations.c.user_id, by))


def _formation(row: Row[Any]) -> Formation:
    return Formation(
        id=row.id,
        name=row.name,
        description=row.description,
        positions=row.positions,
        creator_id=row.user_id,
        created_at=row.created_at,
    )
