"""A competition as every room sees it; on the wire it is called an event."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Competition:
    """owner_id: the organisation; None for one that all clubs share and none may change."""

    id: str
    name: str
    owner_id: str | None
    created_at: datetime
