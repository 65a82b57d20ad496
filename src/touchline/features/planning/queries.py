"""Every SQL statement of the planning room."""

from sqlalchemy import delete

from touchline.features.planning.tables import match_notes
from touchline.foundation.db import Connection


async def delete_notes_of_match(db: Connection, match_id: str) -> None:
    await db.execute(delete(match_notes).where(match_notes.c.match_id == match_id))
