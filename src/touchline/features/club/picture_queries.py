"""Every statement about the pictures of players."""

from sqlalchemy import select, update

from touchline.features.club.tables import players
from touchline.foundation.db import Connection


async def hold_player(db: Connection, player_id: str) -> None:
    """Let nobody else change a player until this transaction ends, on every kind of database."""
    await db.execute(update(players).where(players.c.id == player_id).values(image_url=players.c.image_url))


async def set_picture(db: Connection, player_id: str, address: str) -> None:
    await db.execute(update(players).where(players.c.id == player_id).values(image_url=address))


async def pictures_in_use(db: Connection) -> list[str]:
    """The addresses of all players' pictures, of every organisation."""
    return list(await db.scalars(select(players.c.image_url).where(players.c.image_url.is_not(None))))
