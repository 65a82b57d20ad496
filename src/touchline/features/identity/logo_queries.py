"""Every statement about the logos of teams."""

from sqlalchemy import select, update

from touchline.features.identity.tables import teams
from touchline.foundation.db import Connection


async def hold_team(db: Connection, team_id: str) -> None:
    """Let nobody else change a team until this transaction ends, on every kind of database."""
    await db.execute(update(teams).where(teams.c.id == team_id).values(logo_url=teams.c.logo_url))


async def set_logo(db: Connection, team_id: str, address: str) -> None:
    await db.execute(update(teams).where(teams.c.id == team_id).values(logo_url=address))


async def logos_in_use(db: Connection) -> list[str]:
    """The addresses of all logos, of every organisation."""
    return list(await db.scalars(select(teams.c.logo_url).where(teams.c.logo_url.is_not(None))))
