"""What travels over HTTP about matches."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field

from touchline.features.matches.fields import LEFT_OUT, IdOut, OptionalRef, Ref, blank_is_none, sent
from touchline.features.matches.match import Match, MatchStatus, NewMatch
from touchline.foundation.http.numbers import A_NUMBER
from touchline.foundation.http.text import Line
from touchline.foundation.http.times import WallClockIn, WallClockOut

Score = Annotated[int, Field(ge=0, le=255, examples=[2]), A_NUMBER]
Kickoff = Annotated[WallClockIn, Field(examples=["2026-08-15T15:30:00"])]
Venue = Annotated[
    Annotated[Line, Field(max_length=100)] | None, BeforeValidator(blank_is_none), Field(examples=["Riverside Ground"])
]
Anchor = Annotated[
    int,
    Field(ge=0, le=2**31 - 1, description="Second of the video at which the match begins.", examples=[95]),
    A_NUMBER,
]


class MatchIn(BaseModel):
    home_team_id: Ref
    away_team_id: Ref
    date_time: Kickoff
    venue: Venue = None
    event_id: OptionalRef = None
    status: MatchStatus | None = None
    home_score: Score | None = None
    away_score: Score | None = None
    video_anchor_seconds: Anchor | None = None

    def to_new(self) -> NewMatch:
        """Null status and scores mean the same as absent ones."""
        return NewMatch(
            home_team_id=self.home_team_id,
            away_team_id=self.away_team_id,
            date_time=self.date_time,
            venue=self.venue,
            event_id=self.event_id,
            status=self.status or MatchStatus.UPCOMING,
            home_score=self.home_score or 0,
            away_score=self.away_score or 0,
            video_anchor_seconds=self.video_anchor_seconds,
        )


class MatchChangesIn(BaseModel):
    """What is left out stays; the anchor always does."""

    home_team_id: Ref = LEFT_OUT
    away_team_id: Ref = LEFT_OUT
    date_time: Kickoff = LEFT_OUT
    venue: Venue = None
    event_id: OptionalRef = None
    status: MatchStatus | None = None
    home_score: Score | None = None
    away_score: Score | None = None

    def changes(self) -> dict[str, Any]:
        """Null status and scores mean the same as absent ones."""
        never_null = ("status", "home_score", "away_score")
        return {name: value for name, value in sent(self).items() if value is not None or name not in never_null}


class AnchorIn(BaseModel):
    video_anchor_seconds: Anchor


class AnchorOut(BaseModel):
    status: Literal["ok"] = "ok"
    video_anchor_seconds: Annotated[int | None, Field(examples=[95])]


class MatchOut(BaseModel):
    id: IdOut
    home_team_id: IdOut
    away_team_id: IdOut
    home_team_name: Annotated[str, Field(examples=["Rovers"])]
    away_team_name: Annotated[str, Field(examples=["United"])]
    home_score: Annotated[int, Field(examples=[2])]
    away_score: Annotated[int, Field(examples=[1])]
    date_time: Annotated[WallClockOut, Field(examples=["2026-08-15T15:30:00"])]
    status: MatchStatus
    venue: Annotated[str | None, Field(examples=["Riverside Ground"])]
    event_id: Annotated[IdOut | None, Field(description="The competition.")]
    event_name: Annotated[str | None, Field(examples=["Spring Cup"])]
    video_anchor_seconds: Annotated[int | None, Field(examples=[95])]

    @classmethod
    def of(cls, match: Match) -> Self:
        return cls(
            id=match.id,
            home_team_id=match.home_team_id,
            away_team_id=match.away_team_id,
            home_team_name=match.home_team_name,
            away_team_name=match.away_team_name,
            home_score=match.home_score,
            away_score=match.away_score,
            date_time=match.date_time,
            status=match.status,
            venue=match.venue,
            event_id=match.event_id,
            event_name=match.event_name,
            video_anchor_seconds=match.video_anchor_seconds,
        )
