"""A note as somebody wrote it about a match."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoteType(StrEnum):
    PRE_MATCH = "pre_match"
    LIVE_REACTION = "live_reaction"
    TACTICAL = "tactical"


@dataclass(frozen=True)
class Note:
    """match_id: a match, or the made-up match of an ad-hoc run. video_timestamp: seconds.

    author_role: `Owner`, his role on the staff, or `Staff` where he has none.
    """

    id: str
    match_id: str
    author_id: str
    content: str
    note_type: NoteType
    video_timestamp: float
    created_at: datetime
    author_name: str | None
    author_role: str
