"""What this room does about others' facts; safe to repeat."""

from touchline.features.analysis import queries
from touchline.features.matches import MatchDeleted
from touchline.foundation.db import Connection


async def outlive_match(db: Connection, deleted: MatchDeleted) -> None:
    """A run outlives its match as an ad-hoc run of its uploader, with windows, alerts and files; profiles go."""
    await queries.detach_match(db, deleted.match_id)
