"""Every statement about player and team statistics; scope stands in each statement that reads by id."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from touchline.features.club.tables import players
from touchline.features.identity import Principal
from touchline.features.identity.tables import teams
from touchline.features.matches.tables import matches
from touchline.features.performance.errors import StatisticsExistError
from touchline.features.performance.tables import match_team_statistics as team_statistics
from touchline.features.performance.tables import player_match_statistics as player_statistics
from touchline.foundation.db import Connection
from touchline.foundation.db.errors import Broken, broken_rule
from touchline.foundation.db.paging import fetch_page
from touchline.foundation.ids import new_id

Row = Mapping[Any, Any]
"""One row of statistics by column name."""

TEAM_FIGURES = tuple(column.name for column in team_statistics.c if column.name not in {"id", "match_id", "team_id"})
"""Columns of team statistics that hold a figure."""

# --- players


async def accessible_player_rows(
    db: Connection, by: Principal, *, match_id: str | None, player_id: str | None, limit: int, offset: int
) -> tuple[list[Row], int]:
    """Player statistics of matches in scope, newest match first; and how many there are."""
    statement = (
        select(player_statistics)
        .join(matches, matches.c.id == player_statistics.c.match_id)
        .where(_is_accessible(by))
        .order_by(matches.c.date_time.desc(), matches.c.id.desc(), player_statistics.c.id)
    )
    if match_id is not None:
        statement = statement.where(player_statistics.c.match_id == match_id)
    if player_id is not None:
        statement = statement.where(player_statistics.c.player_id == player_id)
    rows, total = await fetch_page(db, statement, limit=limit, offset=offset)
    return [row._mapping for row in rows], total  # noqa: SLF001 — the documented way to a row's names


async def accessible_player_row(db: Connection, by: Principal, row_id: str) -> Row | None:
    found = await db.execute(
        select(player_statistics)
        .join(matches, matches.c.id == player_statistics.c.match_id)
        .where(player_statistics.c.id == row_id, _is_accessible(by))
    )
    return found.mappings().one_or_none()


async def insert_player_row(db: Connection, values: Row) -> str:
    """Store what a player did in a match; returns the id of the row.

    Raises:
        StatisticsExistError: the player has a row for this match.
    """
    row_id = new_id()
    await _unless_taken(db, insert(player_statistics).values(id=row_id, **values))
    return row_id


async def update_player_row(db: Connection, row_id: str, values: Row) -> None:
    """Change what is named in `values`.

    Raises:
        StatisticsExistError: another row has this match and player.
    """
    if values:
        await _unless_taken(db, update(player_statistics).where(player_statistics.c.id == row_id).values(**values))


async def delete_player_row(db: Connection, row_id: str) -> None:
    await db.execute(delete(player_statistics).where(player_statistics.c.id == row_id))


async def is_visible_player(db: Connection, by: Principal, player_id: str) -> bool:
    """Whether a player belongs to a team of the person's organisation, or to a shared one."""
    seen: list[ColumnElement[bool]] = [teams.c.user_id.is_(None), teams.c.id.in_(by.team_ids)]
    if by.organisation_id is not None:
        seen.append(teams.c.user_id == by.organisation_id)
    found = await db.scalar(
        select(players.c.id).join(teams, teams.c.id == players.c.team_id).where(players.c.id == player_id, or_(*seen))
    )
    return found is not None


# --- teams


async def team_rows(db: Connection, match_id: str, sides: Iterable[str]) -> list[Row]:
    """What is stored for these teams of a match."""
    found = await db.execute(
        select(team_statistics)
        .where(team_statistics.c.match_id == match_id, team_statistics.c.team_id.in_(list(sides)))
        .order_by(team_statistics.c.id)
    )
    return list(found.mappings())


async def team_row(db: Connection, match_id: str, team_id: str) -> Row:
    return (await db.execute(select(team_statistics).where(_of_side(match_id, team_id)))).mappings().one()


async def has_team_row(db: Connection, match_id: str, team_ids: Iterable[str]) -> bool:
    """Whether one of these teams has statistics in a match."""
    found = await db.scalar(
        select(team_statistics.c.id)
        .where(team_statistics.c.match_id == match_id, team_statistics.c.team_id.in_(list(team_ids)))
        .limit(1)
    )
    return found is not None


async def store_team_row(db: Connection, match_id: str, team_id: str, figures: Row) -> None:
    """Change the figures of a side that are named, on the row that is there or a new one."""
    # The team id stands in `values` so that there is something to write when no figure is named.
    change = update(team_statistics).where(_of_side(match_id, team_id)).values(team_id=team_id, **figures)
    if (await db.execute(change)).rowcount:
        return
    try:
        async with db.begin_nested():
            await db.execute(insert(team_statistics).values(id=new_id(), match_id=match_id, team_id=team_id, **figures))
    except IntegrityError as error:
        if broken_rule(error) is not Broken.UNIQUE:
            raise
        await db.execute(change)  # somebody else stored the first figures just now


def _of_side(match_id: str, team_id: str) -> ColumnElement[bool]:
    return and_(team_statistics.c.match_id == match_id, team_statistics.c.team_id == team_id)


def _is_accessible(by: Principal) -> ColumnElement[bool]:
    return or_(matches.c.home_team_id.in_(by.team_ids), matches.c.away_team_id.in_(by.team_ids))


async def _unless_taken(db: Connection, statement: Any) -> None:
    try:
        await db.execute(statement)
    except IntegrityError as error:
        if broken_rule(error) is Broken.UNIQUE:
            raise StatisticsExistError from error
        raise
