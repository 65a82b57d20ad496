"""Every statement about competitions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from touchline.features.club.competition import Competition
from touchline.features.club.errors import DuplicateCompetitionError
from touchline.features.club.tables import events
from touchline.features.identity import Principal
from touchline.foundation.db import Connection
from touchline.foundation.db.errors import Broken, broken_rule
from touchline.foundation.db.paging import fetch_page
from touchline.foundation.ids import new_id


async def visible_competitions(
    db: Connection, by: Principal, *, limit: int, offset: int
) -> tuple[list[Competition], int]:
    """Shared competitions and the organisation's own, by name; and how many there are."""
    statement = select(events).where(_visible_to(by)).order_by(events.c.name, events.c.id)
    rows, total = await fetch_page(db, statement, limit=limit, offset=offset)
    return [_competition(row) for row in rows], total


async def visible_competition(db: Connection, by: Principal, competition_id: str) -> Competition | None:
    row = (await db.execute(select(events).where(events.c.id == competition_id, _visible_to(by)))).one_or_none()
    return None if row is None else _competition(row)


async def own_names(db: Connection, organisation_id: str) -> dict[str, str]:
    """Names of an organisation's own competitions by id."""
    rows = await db.execute(select(events.c.id, events.c.name).where(events.c.owner_id == organisation_id))
    return {row.id: row.name for row in rows}


async def insert_competition(db: Connection, *, name: str, owner_id: str, now: datetime) -> str:
    """Store a competition; returns its id.

    Raises:
        DuplicateCompetitionError: somebody else stored this name just now.
    """
    competition_id = new_id()
    try:
        await db.execute(insert(events).values(id=competition_id, name=name, owner_id=owner_id, created_at=now))
    except IntegrityError as error:
        raise _meant(error) from error
    return competition_id


async def rename_competition(db: Connection, competition_id: str, name: str) -> None:
    """Give a competition another name.

    Raises:
        DuplicateCompetitionError: somebody else stored this name just now.
    """
    try:
        await db.execute(update(events).where(events.c.id == competition_id).values(name=name))
    except IntegrityError as error:
        raise _meant(error) from error


async def delete_competition(db: Connection, competition_id: str) -> None:
    """Remove a competition; the database takes it from the matches that were played for it."""
    await db.execute(delete(events).where(events.c.id == competition_id))


def _meant(error: IntegrityError) -> Exception:
    return DuplicateCompetitionError() if broken_rule(error) is Broken.UNIQUE else error


def _visible_to(by: Principal) -> ColumnElement[bool]:
    if by.organisation_id is None:
        return events.c.owner_id.is_(None)
    return or_(events.c.owner_id.is_(None), events.c.owner_id == by.organisation_id)


def _competition(row: Row[Any]) -> Competition:
    return Competition(id=row.id, name=row.name, owner_id=row.owner_id, created_at=row.created_at)
