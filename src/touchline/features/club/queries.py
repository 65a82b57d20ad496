"""Every statement about players."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from touchline.features.club.errors import PlayerInUseError
from touchline.features.club.player import Foot, Player, Position
from touchline.features.club.tables import players
from touchline.features.identity import Principal
from touchline.foundation.db import Connection
from touchline.foundation.db.paging import fetch_page
from touchline.foundation.ids import new_id


async def accessible_players(
    db: Connection, by: Principal, *, team_id: str | None, limit: int, offset: int
) -> tuple[list[Player], int]:
    """Players of a person's teams, or of one of them, by name; and how many there are."""
    if not by.team_ids:
        return [], 0
    statement = select(players).where(players.c.team_id.in_(by.team_ids)).order_by(players.c.name, players.c.id)
    if team_id is not None:
        statement = statement.where(players.c.team_id == team_id)
    rows, total = await fetch_page(db, statement, limit=limit, offset=offset)
    return [_player(row) for row in rows], total


async def accessible_player(db: Connection, by: Principal, player_id: str) -> Player | None:
    if not by.team_ids:
        return None
    mine = players.c.team_id.in_(by.team_ids)
    row = (await db.execute(select(players).where(players.c.id == player_id, mine))).one_or_none()
    return None if row is None else _player(row)


async def players_by_id(db: Connection, player_ids: Iterable[str]) -> Mapping[str, Player]:
    """Players by id, whoever they belong to; ids without a player are left out."""
    wanted = set(player_ids)
    if not wanted:
        return {}
    rows = await db.execute(select(players).where(players.c.id.in_(wanted)))
    return {row.id: _player(row) for row in rows}


async def insert_player(db: Connection, values: Mapping[str, Any]) -> str:
    """Store a player; returns his id."""
    player_id = new_id()
    await db.execute(insert(players).values(id=player_id, **values))
    return player_id


async def update_player(db: Connection, player_id: str, values: Mapping[str, Any]) -> None:
    await db.execute(update(players).where(players.c.id == player_id).values(**values))


async def delete_player(db: Connection, player_id: str) -> None:
    """Remove a player with his line-ups and statistics.

    Raises:
        PlayerInUseError: events of a match name him.
    """
    try:
        await db.execute(delete(players).where(players.c.id == player_id))
    except IntegrityError as error:
        raise PlayerInUseError from error


def _player(row: Row[Any]) -> Player:
    known = row._asdict()  # reading a row name by name costs more than the query
    known["position"] = Position(known["position"]) if known["position"] else None
    known["dominant_foot"] = Foot(known["dominant_foot"]) if known["dominant_foot"] else None
    return Player(**known)
