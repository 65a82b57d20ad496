"""What happened in a match, as every room sees it."""

from dataclasses import dataclass
from enum import StrEnum


class EventType(StrEnum):
    GOAL = "goal"
    ASSIST = "assist"
    YELLOW_CARD = "yellow_card"
    RED_CARD = "red_card"
    SUB_IN = "sub_in"
    SUB_OUT = "sub_out"
    PASS = "pass"  # noqa: S105 — a pass on the pitch, no secret


@dataclass(frozen=True, kw_only=True)
class NewMatchEvent:
    """An event before it is stored.

    player_id: None when nobody knows who it was.
    video_timestamp: seconds from the video's first frame.
    coordinates: `x,y` as it was typed.
    """

    match_id: str
    event_type: EventType
    minute: int
    player_id: str | None = None
    video_timestamp: float | None = None
    coordinates: str | None = None


@dataclass(frozen=True, kw_only=True)
class MatchEvent(NewMatchEvent):
    """An event as it is stored."""

    id: str
