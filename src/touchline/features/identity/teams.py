"""A team as every room sees it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Team:
    """owner_id: the organisation; None for an opponent that all clubs share. Colours are `#RRGGBB` or None."""

    id: str
    name: str
    owner_id: str | None
    primary_color: str | None
    secondary_color: str | None
    logo_url: str | None
    created_at: datetime
    is_primary: bool
