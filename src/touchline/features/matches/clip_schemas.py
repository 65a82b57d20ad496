"""What travels over HTTP about clips."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, Field

from touchline.features.matches.clip import Clip, NewClip
from touchline.features.matches.fields import (
    LEFT_OUT,
    IdOut,
    OptionalRef,
    Ref,
    Seconds,
    VideoAddress,
    blank_is_none,
    sent,
)
from touchline.foundation.http.text import Text

_WHAT = "Corner from the left, cleared to the edge of the box"
Description = Annotated[
    Annotated[Text, Field(max_length=255)] | None, BeforeValidator(blank_is_none), Field(examples=[_WHAT])
]


class VideoSegmentIn(BaseModel):
    match_id: Ref
    event_id: Annotated[OptionalRef, Field(description="A match event of the same match.")] = None
    analysis_report_id: Annotated[OptionalRef, Field(description="A stored report of the same match.")] = None
    start_time_sec: Annotated[Seconds, Field(examples=[1834.5])]
    end_time_sec: Annotated[Seconds, Field(examples=[1851])]
    description: Description = None
    video_url: VideoAddress = None

    def to_new(self) -> NewClip:
        return NewClip(
            match_id=self.match_id,
            event_id=self.event_id,
            analysis_report_id=self.analysis_report_id,
            start_time_sec=self.start_time_sec,
            end_time_sec=self.end_time_sec,
            description=self.description,
            video_url=self.video_url,
        )


class VideoSegmentChangesIn(BaseModel):
    """What is left out stays; the match cannot change."""

    match_id: Ref = LEFT_OUT
    event_id: OptionalRef = None
    analysis_report_id: OptionalRef = None
    start_time_sec: Seconds = LEFT_OUT
    end_time_sec: Seconds = LEFT_OUT
    description: Description = None
    video_url: VideoAddress = None

    def changes(self) -> dict[str, Any]:
        return sent(self)


class VideoSegmentOut(BaseModel):
    id: IdOut
    match_id: IdOut
    event_id: IdOut | None
    analysis_report_id: IdOut | None
    start_time_sec: Annotated[float, Field(examples=[1834.5])]
    end_time_sec: Annotated[float, Field(examples=[1851])]
    description: Annotated[str | None, Field(examples=[_WHAT])]
    video_url: Annotated[str | None, Field(examples=["https://video.example.org/goal.mp4"])]

    @classmethod
    def of(cls, clip: Clip) -> Self:
        return cls(
            id=clip.id,
            match_id=clip.match_id,
            event_id=clip.event_id,
            analysis_report_id=clip.analysis_report_id,
            start_time_sec=clip.start_time_sec,
            end_time_sec=clip.end_time_sec,
            description=clip.description,
            video_url=clip.video_url,
        )
