"""Every statement about line-ups."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from touchline.features.club.tables import players
from touchline.features.identity import Principal
from touchline.features.matches.lineup import Lineup, NewLineup
from touchline.features.matches.queries import match_is_accessible
from touchline.features.matches.tables import match_lineups, matches
from touchline.foundation.db import Connection
from touchline.foundation.db.errors import Broken, broken_rule
from touchline.foundation.db.paging import fetch_page
from touchline.foundation.ids import new_id

_LINEUP = (
    select(match_lineups)
    .join(matches, matches.c.id == match_lineups.c.match_id)
    .join(players, players.c.id == match_lineups.c.player_id)
)


async def accessible_lineups(
    db: Connection, by: Principal, *, match_id: str | None, limit: int, offset: int
) -> tuple[list[Lineup], int]:
    """Line-ups of one match or all matches of a person's teams, in reading order; and how many there are."""
    statement = _in_reading_order(_LINEUP.where(match_is_accessible(by)))
    if match_id is not None:
        statement = statement.where(match_lineups.c.match_id == match_id)
    rows, total = await fetch_page(db, statement, limit=limit, offset=offset)
    return [_lineup(row) for row in rows], total


async def accessible_lineup(db: Connection, by: Principal, lineup_id: str) -> Lineup | None:
    row = (await db.execute(_LINEUP.where(match_lineups.c.id == lineup_id, match_is_accessible(by)))).one_or_none()
    return None if row is None else _lineup(row)


async def lineups_of(db: Connection, match_id: str) -> list[Lineup]:
    """Both line-ups of a match in reading order, whoever asks."""
    rows = await db.execute(_in_reading_order(_LINEUP.where(match_lineups.c.match_id == match_id)))
    return [_lineup(row) for row in rows]


async def has_lineup(db: Connection, match_id: str, team_ids: Iterable[str]) -> bool:
    """Whether one of these teams has a line-up in a match."""
    found = await db.scalar(
        select(match_lineups.c.id)
        .where(match_lineups.c.match_id == match_id, match_lineups.c.team_id.in_(list(team_ids)))
        .limit(1)
    )
    return found is not None


async def put_lineup(db: Connection, new: NewLineup) -> None:
    """Store a player's place, or write it over the one he has on that side of the match."""
    if await _overwrite(db, new):
        return
    try:
        async with db.begin_nested():
            await db.execute(insert(match_lineups).values(id=new_id(), **vars(new)))
    except IntegrityError as error:
        if broken_rule(error) is not Broken.UNIQUE:
            raise
        # Somebody else stored the same place just now.
        await _overwrite(db, new)


async def lineup_of_player(db: Connection, new: NewLineup) -> Lineup:
    """The place that was just put."""
    return _lineup((await db.execute(select(match_lineups).where(_same_place(new)))).one())


async def update_lineup(db: Connection, lineup: Lineup, fields: Iterable[str]) -> bool | None:
    """Write these fields of a place; False when it is gone, None when the player has another one on that side."""
    values = {name: getattr(lineup, name) for name in fields}
    try:
        async with db.begin_nested():
            result = await db.execute(update(match_lineups).where(match_lineups.c.id == lineup.id).values(values))
    except IntegrityError as error:
        if broken_rule(error) is not Broken.UNIQUE:
            raise
        return None
    return bool(result.rowcount)


async def delete_lineup(db: Connection, lineup_id: str) -> bool:
    return bool((await db.execute(delete(match_lineups).where(match_lineups.c.id == lineup_id))).rowcount)


async def _overwrite(db: Connection, new: NewLineup) -> bool:
    result = await db.execute(
        update(match_lineups)
        .where(_same_place(new))
        .values(
            formation_id=new.formation_id,
            is_starting=new.is_starting,
            position_in_formation=new.position_in_formation,
        )
    )
    return bool(result.rowcount)


def _same_place(new: NewLineup) -> ColumnElement[bool]:
    return and_(
        match_lineups.c.match_id == new.match_id,
        match_lineups.c.team_id == new.team_id,
        match_lineups.c.player_id == new.player_id,
    )


def _in_reading_order(statement: Select[Any]) -> Select[Any]:
    """Matches by date, home before away, starters before substitutes, then by shirt; no shirt comes last."""
    return statement.order_by(
        matches.c.date_time,
        match_lineups.c.match_id,
        case((match_lineups.c.team_id == matches.c.home_team_id, 0), else_=1),
        case((match_lineups.c.is_starting.is_(True), 0), else_=1),
        case((players.c.jersey_number.is_(None), 1), else_=0),
        players.c.jersey_number,
        match_lineups.c.id,
    )


def _lineup(row: Row[Any]) -> Lineup:
    return Lineup(
        id=row.id,
        match_id=row.match_id,
        team_id=row.team_id,
        formation_id=row.formation_id,
        is_starting=row.is_starting,
        player_id=row.player_id,
        position_in_formation=row.position_in_formation,
    )
