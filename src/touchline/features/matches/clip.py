"""A stretch of a match's video that somebody marked, as every room sees it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class NewClip:
    """A clip before it is stored; times are seconds from the video's first frame, the end lies after the start."""

    match_id: str
    start_time_sec: float
    end_time_sec: float
    event_id: str | None = None
    analysis_report_id: str | None = None
    description: str | None = None
    video_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Clip(NewClip):
    """A clip as it is stored."""

    id: str
