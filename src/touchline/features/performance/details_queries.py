"""Lineups and figures of a match as its page shows them: one statement for each, however many rows there are."""

from sqlalchemy import select

from touchline.features.club.tables import players
from touchline.features.matches.tables import match_lineups
from touchline.features.performance.queries import Row
from touchline.features.performance.tables import player_match_statistics
from touchline.foundation.db import Connection

_PLAYER_COLUMNS = [column for column in players.c if column.name not in {"id", "team_id"}]


async def lineup_rows(db: Connection, match_id: str) -> list[Row]:
    """Everybody in the lineups of both sides, with the columns of the player; `player_team_id` is the player's team."""
    found = await db.execute(
        select(match_lineups, *_PLAYER_COLUMNS, players.c.team_id.label("player_team_id"))
        .join(players, players.c.id == match_lineups.c.player_id)
        .where(match_lineups.c.match_id == match_id)
        .order_by(match_lineups.c.id)
    )
    return list(found.mappings())


async def player_rows(db: Connection, match_id: str) -> list[Row]:
    """The figures of all players of a match."""
    found = await db.execute(
        select(player_match_statistics)
        .where(player_match_statistics.c.match_id == match_id)
        .order_by(player_match_statistics.c.id)
    )
    return list(found.mappings())
