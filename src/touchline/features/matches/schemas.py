"""What travels over HTTP about matches."""

from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, Field

from touchline.features.matches.match import Match, MatchStatus, NewMatch
from touchline.foundation.http.text import Line, RefId
from touchline.foundation.http.times import WallClockIn, WallClockOut


def _blank_is_none(value: object) -> object:
    return None if value == "" else value


Score = Annotated[int, Field(ge=0, le=255)]


class MatchIn(BaseModel):
    home_team_id: RefId
    away_team_id: RefId
    date_time: Annotated[WallClockIn, Field(examples=["2026-08-15T15:30:00"])]
    venue: Annotated[Annotated[Line, Field(max_length=100)] | None, BeforeValidator(_blank_is_none)] = None
    event_id: Annotated[RefId | None, BeforeValidator(_blank_is_none)] = None
    status: MatchStatus | None = None
    home_score: Score | None = None
    away_score: Score | None = None
    video_anchor_seconds: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None

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


class MatchOut(BaseModel):
    id: str
    home_team_id: str
    away_team_id: str
    home_team_name: str
    away_team_name: str
    home_score: int
    away_score: int
    date_time: WallClockOut
    status: MatchStatus
    venue: str | None
    event_id: str | None
    event_name: str | None
    video_anchor_seconds: int | None

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


class DeletedOut(BaseModel):
    message: str
