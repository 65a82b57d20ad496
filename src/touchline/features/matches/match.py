"""A match as every room sees it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MatchStatus(StrEnum):
    UPCOMING = "upcoming"
    LIVE = "live"
    COMPLETED = "completed"


@dataclass(frozen=True)
class Match:
    """date_time: as it was typed, no zone. Colours are `#RRGGBB` or None."""

    id: str
    home_team_id: str
    away_team_id: str
    home_team_name: str
    away_team_name: str
    home_color: str | None
    away_color: str | None
    home_score: int
    away_score: int
    date_time: datetime
    status: MatchStatus
    venue: str | None
    event_id: str | None
    event_name: str | None
    video_anchor_seconds: int | None

    @property
    def sides(self) -> frozenset[str]:
        """Ids of both teams."""
        return frozenset({self.home_team_id, self.away_team_id})


@dataclass(frozen=True)
class NewMatch:
    """A match before it is stored; date_time may still carry an offset."""

    home_team_id: str
    away_team_id: str
    date_time: datetime
    venue: str | None = None
    event_id: str | None = None
    status: MatchStatus = MatchStatus.UPCOMING
    home_score: int = 0
    away_score: int = 0
    video_anchor_seconds: int | None = None
