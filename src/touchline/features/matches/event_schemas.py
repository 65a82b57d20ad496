"""What travels over HTTP about match events."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, Field

from touchline.features.matches.fields import LEFT_OUT, Coordinates, IdOut, OptionalRef, Ref, Seconds, sent
from touchline.features.matches.match_event import EventType, MatchEvent, NewMatchEvent
from touchline.foundation.http.numbers import A_NUMBER

Minute = Annotated[int, Field(ge=0, le=200, examples=[67]), A_NUMBER]


class MatchEventIn(BaseModel):
    match_id: Ref
    player_id: OptionalRef = None
    event_type: EventType
    minute: Minute
    video_timestamp: Seconds | None = None
    coordinates: Coordinates = None

    def to_new(self) -> NewMatchEvent:
        return NewMatchEvent(
            match_id=self.match_id,
            player_id=self.player_id,
            event_type=self.event_type,
            minute=self.minute,
            video_timestamp=self.video_timestamp,
            coordinates=self.coordinates,
        )


class MatchEventChangesIn(BaseModel):
    """What is left out stays; the match cannot change."""

    match_id: Ref = LEFT_OUT
    player_id: OptionalRef = None
    event_type: EventType = LEFT_OUT
    minute: Minute = LEFT_OUT
    video_timestamp: Seconds | None = None
    coordinates: Coordinates = None

    def changes(self) -> dict[str, Any]:
        return sent(self)


class MatchEventOut(BaseModel):
    id: IdOut
    match_id: IdOut
    player_id: IdOut | None
    event_type: EventType
    minute: Annotated[int, Field(examples=[67])]
    video_timestamp: Annotated[float | None, Field(description="Seconds into the video.", examples=[4105.5])]
    coordinates: Annotated[str | None, Field(examples=["34.5,12"])]

    @classmethod
    def of(cls, event: MatchEvent) -> Self:
        return cls(
            id=event.id,
            match_id=event.match_id,
            player_id=event.player_id,
            event_type=event.event_type,
            minute=event.minute,
            video_timestamp=event.video_timestamp,
            coordinates=event.coordinates,
        )
