"""Every statement about players."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from touchline.features.club.errors import PlayerInUseError
from touchline.features.club.player import Foot, Player, Position
from touchline.features.club.tables import players
from touchline.features.identity import Principal
from touchline.foundation.db import Connection
from touchline.foundation.db.paging import fetch_cut
from touchline.foundation.ids import new_id

_PLAYER = tuple(players.c[field.name] for field in fields(Player))


async def accessible_players(
    db: Connection, by: Principal, *, team_id: str | None, limit: int, offset: int
) -> tuple[list[Player], int]:
    """Players of a person's teams, or of one of them, by name; and how many there are."""
    if not by.team_ids:
        return [], 0
    rows, total = await fetch_cut(db, _page_of(by.team_ids, team_id, limit, offset), limit=limit, offset=offset)
    return [_player(row) for row in rows], total


@lru_cache(maxsize=512)
def _page_of(team_ids: tuple[str, ...], team_id: str | None, limit: int, offset: int) -> Select[Any]:
    """To write this statement takes longer than to answer it."""
    statement = select(*_PLAYER).where(players.c.team_id.in_(team_ids)).order_by(players.c.name, players.c.id)
    if team_id is not None:
        statement = statement.where(players.c.team_id == team_id)
    return statement.limit(limit).offset(offset)


async def accessible_player(db: Connection, by: Principal, player_id: str) -> Player | None:
    if not by.team_ids:
        return None
    mine = players.c.team_id.in_(by.team_ids)
    row = (await db.execute(select(*_PLAYER).where(players.c.id == player_id, mine))).one_or_none()
    return None if row is None else _player(row)


async def players_by_id(db: Connection, player_ids: Iterable[str]) -> Mapping[str, Player]:
    """Players by id, whoever they belong to; ids without a player are left out."""
    wanted = set(player_ids)
    if not wanted:
        return {}
    rows = await db.execute(select(*_PLAYER).where(players.c.id.in_(wanted)))
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


def _player(row: Sequence[Any]) -> Player:
    # By place: reading a row name by name costs more than the query.
    id_, team_id, name, position, jersey_number, birth_date, foot, *rest = row
    return Player(
        id_,
        team_id,
        name,
        Position(position) if position else None,
        jersey_number,
        birth_date,
        Foot(foot) if foot else None,
        *rest,
    )
