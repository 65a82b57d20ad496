"""The team that an owner starts with (rule 1.4)."""

from datetime import datetime

from touchline.features.identity import team_queries
from touchline.features.identity.rules import first_team_name
from touchline.foundation.db import Connection


async def give_first_team(db: Connection, owner_id: str, *, full_name: str | None, email: str, now: datetime) -> None:
    """Give an owner a primary team named after him, unless he has one; in the transaction that activates him."""
    if await team_queries.has_team(db, owner_id):
        return
    await team_queries.insert_team(
        db, name=first_team_name(full_name, email), owner_id=owner_id, is_primary=True, now=now
    )
