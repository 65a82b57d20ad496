"""Who may see and store the numbers of a match: everything goes through the match that they belong to."""

from collections.abc import Mapping
from typing import Any

from touchline.features import club, matches
from touchline.features.identity import Principal
from touchline.features.performance import queries
from touchline.features.performance.errors import (
    NotASideError,
    NoTeamStatisticsError,
    StatisticsNotFoundError,
)
from touchline.features.performance.queries import Row
from touchline.features.performance.rules import home_first
from touchline.foundation.db import Connection

# --- players


async def players_of_match(
    db: Connection, by: Principal, match_id: str | None, *, limit: int, offset: int
) -> tuple[list[Row], int]:
    """Player statistics of one match, or of all that this person may see; and how many there are.

    Raises:
        MatchNotFoundError: the match is absent or out of scope.
    """
    rows, total = await queries.accessible_player_rows(
        db, by, match_id=match_id, player_id=None, limit=limit, offset=offset
    )
    if total == 0 and match_id is not None:
        await matches.visible_match(db, by, match_id)
    return rows, total


async def matches_of_player(
    db: Connection, by: Principal, player_id: str, *, limit: int, offset: int
) -> tuple[list[Row], int]:
    """A player's statistics in matches that this person may see, newest match first; and how many there are.

    Raises:
        PlayerNotFoundError: absent, or of a team that is neither the organisation's nor shared.
    """
    if not await queries.is_visible_player(db, by, player_id):
        raise club.PlayerNotFoundError
    return await queries.accessible_player_rows(db, by, match_id=None, player_id=player_id, limit=limit, offset=offset)


async def of_player(db: Connection, by: Principal, row_id: str) -> Row:
    """One player's figures of one match.

    Raises:
        StatisticsNotFoundError: absent, or of a match out of scope.
    """
    row = await queries.accessible_player_row(db, by, row_id)
    if row is None:
        raise StatisticsNotFoundError
    return row


async def add_of_player(
    db: Connection, by: Principal, *, match_id: str, player_id: str, figures: Mapping[str, Any]
) -> Row:
    """Store a player's figures of a match.

    Raises:
        MatchNotFoundError, PlayerNotFoundError: the match is out of scope, or the player of another club.
        StatisticsExistError: the player has figures for this match.
    """
    pair = await _checked_pair(db, by, match_id, player_id)
    row_id = await queries.insert_player_row(db, {**figures, **pair})
    return await of_player(db, by, row_id)


async def change_of_player(db: Connection, by: Principal, row_id: str, changes: Mapping[str, Any]) -> Row:
    """Change the figures that are named; another match or player is checked as for new ones.

    Raises:
        StatisticsNotFoundError, MatchNotFoundError, PlayerNotFoundError: absent or out of scope.
        StatisticsExistError: the player has figures for that match.
    """
    row = await of_player(db, by, row_id)
    pair = {name: changes.get(name, row[name]) for name in ("match_id", "player_id")}
    if pair != {name: row[name] for name in pair}:
        changes = {**changes, **await _checked_pair(db, by, **pair)}
    await queries.update_player_row(db, row["id"], changes)
    return await of_player(db, by, row["id"])


async def delete_of_player(db: Connection, by: Principal, row_id: str) -> None:
    """Remove a player's figures of a match.

    Raises:
        StatisticsNotFoundError: absent, or of a match out of scope.
    """
    row = await of_player(db, by, row_id)
    await queries.delete_player_row(db, row["id"])


async def _checked_pair(db: Connection, by: Principal, match_id: str, player_id: str) -> dict[str, str]:
    """Both ids as they are stored, of a match in scope and a player whom this person may name in it."""
    match = await matches.visible_match(db, by, match_id)
    return {"match_id": match.id, "player_id": await matches.player_of_match(db, by, match, player_id)}


# --- teams


async def of_teams(db: Connection, by: Principal, match_id: str) -> list[Row]:
    """What is stored for the sides of a match, the home team first.

    Raises:
        MatchNotFoundError: absent or out of scope.
        NoTeamStatisticsError: nothing is stored.
    """
    match = await matches.visible_match(db, by, match_id)
    rows = await queries.team_rows(db, match.id, match.sides)
    if not rows:
        raise NoTeamStatisticsError
    return home_first(rows, match)


async def store_of_team(db: Connection, by: Principal, match_id: str, team_id: str, figures: Mapping[str, Any]) -> Row:
    """Store the figures of a side that are named; those that are not stay as they are.

    Raises:
        MatchNotFoundError: absent or out of scope.
        NotASideError: the team does not play in the match.
    """
    match = await matches.visible_match(db, by, match_id)
    if team_id not in match.sides:
        raise NotASideError
    await queries.store_team_row(db, match.id, team_id, figures)
    return await queries.team_row(db, match.id, team_id)
