"""What travels over HTTP about player and team statistics. Null: nobody measured or typed it."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from touchline.features.performance.queries import Row
from touchline.features.performance.shapes import (
    BuildUp,
    Count,
    DefensiveBlock,
    HighTurnovers,
    PassNetwork,
    SetPieceXg,
    Storable,
    TacticalWeakness,
    TransitionSpeed,
    ZoneAnalysis,
    number,
)
from touchline.foundation.http.text import RefId, Text


def _two_places(value: float) -> float:
    return round(value, 2) + 0.0  # no negative zero


def _one_place(value: float) -> float:
    return round(value, 1) + 0.0


# Bounds are those of the columns; more places than a column keeps are rounded here, the same on every database.
SmallCount = Annotated[int, BeforeValidator(number), Field(ge=0, le=32_767)]
UpTo100 = Annotated[
    float, BeforeValidator(number), Field(ge=0, le=99.99, allow_inf_nan=False), AfterValidator(_two_places)
]
UpTo1000 = Annotated[
    float, BeforeValidator(number), Field(ge=0, le=999.99, allow_inf_nan=False), AfterValidator(_two_places)
]
UpTo100000 = Annotated[
    float, BeforeValidator(number), Field(ge=0, le=99_999.99, allow_inf_nan=False), AfterValidator(_two_places)
]
Share = Annotated[float, BeforeValidator(number), Field(ge=0, le=100, allow_inf_nan=False), AfterValidator(_two_places)]
Rating = Annotated[
    float, BeforeValidator(number), Field(ge=0, le=99.9, allow_inf_nan=False), AfterValidator(_one_place)
]


class PlayerFigures(BaseModel):
    """What a player did in a match. Distances in the unit that the name ends with, rates in percent."""

    minutes_played: SmallCount | None = Field(None, examples=[90])
    shots: SmallCount | None = Field(None, examples=[3])
    shots_on_target: SmallCount | None = Field(None, examples=[2])
    passes: SmallCount | None = Field(None, examples=[41])
    accurate_passes: SmallCount | None = Field(None, examples=[35])
    tackles: SmallCount | None = Field(None, examples=[4])
    interceptions: SmallCount | None = Field(None, examples=[2])
    clearances: SmallCount | None = Field(None, examples=[1])
    saves: SmallCount | None = Field(None, examples=[0])
    fouls_committed: SmallCount | None = Field(None, examples=[1])
    fouls_suffered: SmallCount | None = Field(None, examples=[2])
    offsides: SmallCount | None = Field(None, examples=[0])
    distance_covered_km: UpTo1000 | None = Field(None, examples=[10.42])
    sprint_count: Count | None = Field(None, examples=[18])
    sprint_distance_m: UpTo100000 | None = Field(None, examples=[412.5])
    avg_speed_kmh: UpTo100 | None = Field(None, examples=[7.1])
    max_speed_kmh: UpTo100 | None = Field(None, examples=[31.4])
    player_xg: UpTo1000 | None = Field(None, examples=[0.35])
    key_passes: Count | None = Field(None, examples=[2])
    progressive_carries: Count | None = Field(None, examples=[5])
    press_resistance_success_rate: Share | None = Field(None, examples=[72.5])
    defensive_coverage_km: UpTo1000 | None = Field(None, examples=[4.2])
    notes: Annotated[Text, Field(max_length=10_000)] | None = Field(None, examples=["Strong on the second ball."])
    rating: Rating | None = Field(None, examples=[7.5])


class PlayerStatisticsIn(PlayerFigures):
    match_id: RefId
    player_id: RefId

    def figures(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True, exclude={"match_id", "player_id"})


class PlayerStatisticsChange(PlayerFigures):
    """What is left out stays as it is; null takes a figure back."""

    match_id: RefId | None = None
    player_id: RefId | None = None

    def changes(self) -> dict[str, Any]:
        """The columns that were named; an id that is null stays what it was."""
        changes = self.model_dump(exclude_unset=True)
        return {
            name: value for name, value in changes.items() if value is not None or name not in {"match_id", "player_id"}
        }


class PlayerStatisticsOut(PlayerFigures):
    id: str
    match_id: str
    player_id: str

    @classmethod
    def of(cls, row: Row) -> "PlayerStatisticsOut":
        """As it is stored: what was imported from elsewhere need not fit today's bounds."""
        return cls.model_construct(**row)


class TeamFigures(BaseModel):
    """What a team did in a match."""

    possession_percentage: Share | None = Field(None, examples=[54.3])
    total_shots: Count | None = Field(None, examples=[14])
    shots_on_target: Count | None = Field(None, examples=[6])
    expected_goals: UpTo1000 | None = Field(None, examples=[1.84])
    pressures: Count | None = Field(None, examples=[132])
    final_third_passes: Count | None = Field(None, examples=[88])


class TeamStatisticsIn(TeamFigures):
    """What is left out stays as it is; null takes a figure back."""

    pass_network_data: Annotated[PassNetwork, Storable] | None = None
    zone_analysis_data: Annotated[ZoneAnalysis, Storable] | None = None
    tactical_weakness_data: Annotated[TacticalWeakness, Storable] | None = None
    high_turnover_zones_data: Annotated[HighTurnovers, Storable] | None = None
    set_piece_xg_breakdown_data: Annotated[SetPieceXg, Storable] | None = None
    transition_speed_data: Annotated[TransitionSpeed, Storable] | None = None
    build_up_patterns: Annotated[BuildUp, Storable] | None = None
    defensive_block_patterns: Annotated[DefensiveBlock, Storable] | None = None

    def figures(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class TeamStatisticsOut(TeamFigures):
    """The eight objects have the shapes that `TeamStatisticsIn` names, as far as they were measured."""

    id: str
    match_id: str
    team_id: str
    pass_network_data: dict[str, Any] | None
    zone_analysis_data: dict[str, Any] | None
    tactical_weakness_data: dict[str, Any] | None
    high_turnover_zones_data: dict[str, Any] | None
    set_piece_xg_breakdown_data: dict[str, Any] | None
    transition_speed_data: dict[str, Any] | None
    build_up_patterns: dict[str, Any] | None
    defensive_block_patterns: dict[str, Any] | None

    @classmethod
    def of(cls, row: Row) -> "TeamStatisticsOut":
        """As it is stored, or made up of nulls."""
        return cls.model_construct(**row)
