"""What a match's page looks like over HTTP."""

from datetime import date
from typing import Any, Self

from pydantic import BaseModel, Field

from touchline.features.club import Formation
from touchline.features.matches import EventType, Match, MatchEvent, MatchStatus
from touchline.features.performance.details import Lineup, MatchDetails
from touchline.features.performance.queries import Row
from touchline.features.performance.schemas import PlayerStatisticsOut, TeamStatisticsOut
from touchline.foundation.http.times import InstantOut, WallClockOut


class MatchInfo(BaseModel):
    """The match itself, as in the list of matches."""

    id: str
    home_team_id: str
    away_team_id: str
    home_team_name: str
    away_team_name: str
    home_score: int = Field(examples=[2])
    away_score: int = Field(examples=[1])
    date_time: WallClockOut = Field(examples=["2026-08-15T15:30:00"])
    status: MatchStatus
    venue: str | None
    event_id: str | None
    event_name: str | None
    video_anchor_seconds: int | None = Field(examples=[95])

    @classmethod
    def of(cls, match: Match) -> Self:
        return cls(**{name: getattr(match, name) for name in cls.model_fields})


class LineupFormation(BaseModel):
    """positions: null for the presets, which clients draw by name."""

    id: str
    name: str = Field(examples=["4-3-3"])
    description: str | None
    positions: list[Any] | None
    user_id: str | None
    created_at: InstantOut

    @classmethod
    def of(cls, formation: Formation) -> Self:
        return cls(
            id=formation.id,
            name=formation.name,
            description=formation.description,
            positions=formation.positions,
            user_id=formation.creator_id,
            created_at=formation.created_at,
        )


class LineupPlayer(BaseModel):
    """A player with his place in this match; team_id is the team that he belongs to now."""

    id: str
    team_id: str | None
    name: str = Field(examples=["Elif Demir"])
    position: str | None = Field(examples=["MID"])
    jersey_number: int | None = Field(examples=[8])
    birth_date: date | None
    dominant_foot: str | None = Field(examples=["left"])
    height_cm: int | None = Field(examples=[178])
    weight_kg: int | None = Field(examples=[71])
    nationality: str | None = Field(examples=["Tunisia"])
    country_code: str | None = Field(examples=["TN"])
    image_url: str | None
    market_value: float | None = Field(examples=[250000.0])
    position_in_formation: str | None = Field(
        description="Across and along the pitch, as fractions.", examples=["0.5000,0.9000"]
    )

    @classmethod
    def of(cls, row: Row) -> Self:
        value = row["market_value"]
        return cls(
            **{
                **{name: row[name] for name in cls.model_fields},
                "id": row["player_id"],
                "team_id": row["player_team_id"],
                "market_value": None if value is None else float(value),
            }
        )


class TeamLineup(BaseModel):
    """One side: the formation of its starters, and its players, starters first."""

    team_id: str
    team_name: str = Field(examples=["Harbour Town FC"])
    formation: LineupFormation | None
    players: list[LineupPlayer]

    @classmethod
    def of(cls, lineup: Lineup) -> Self:
        return cls(
            team_id=lineup.team_id,
            team_name=lineup.team_name,
            formation=None if lineup.formation is None else LineupFormation.of(lineup.formation),
            players=[LineupPlayer.of(row) for row in lineup.players],
        )


class DetailsEvent(BaseModel):
    """What happened in the match."""

    id: str
    match_id: str
    player_id: str | None
    event_type: EventType
    minute: int = Field(examples=[37])
    video_timestamp: float | None
    coordinates: str | None = Field(examples=["0.5,0.1"])

    @classmethod
    def of(cls, event: MatchEvent) -> Self:
        return cls(**vars(event))


class MatchDetailsOut(BaseModel):
    """Everything about a match; `team_stats` has exactly one entry per side, home then away."""

    match_info: MatchInfo
    home_lineup: TeamLineup
    away_lineup: TeamLineup
    events: list[DetailsEvent]
    player_stats: list[PlayerStatisticsOut]
    team_stats: list[TeamStatisticsOut]

    @classmethod
    def of(cls, details: MatchDetails) -> Self:
        return cls(
            match_info=MatchInfo.of(details.match),
            home_lineup=TeamLineup.of(details.home),
            away_lineup=TeamLineup.of(details.away),
            events=[DetailsEvent.of(event) for event in details.events],
            player_stats=[PlayerStatisticsOut.of(row) for row in details.player_statistics],
            team_stats=[TeamStatisticsOut.of(row) for row in details.team_statistics],
        )
