"""What this room does about others' facts; safe to repeat."""

from touchline.features.analysis.events import RunDeleted
from touchline.features.matches import MatchDeleted
from touchline.features.planning import queries
from touchline.foundation.db import Connection


async def forget_match(db: Connection, deleted: MatchDeleted) -> None:
    """Notes go with their match."""
    await queries.delete_notes_of_match(db, deleted.match_id)


async def forget_run(db: Connection, deleted: RunDeleted) -> None:
    """Notes that were taken while a video without a match was analysed go with its last run."""
    if deleted.is_last_of_adhoc:
        await queries.delete_notes_of_match(db, deleted.match_id)
