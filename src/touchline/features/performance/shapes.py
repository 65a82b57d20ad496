"""Shapes of the eight JSON columns of team statistics (rules 11): an object or null, never a list or a text.

A metric that could not be measured is left out of its object. Keys beyond these are kept as they come, so that a newer
client or engine can store more than this version draws.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from touchline.foundation.http.text import Text, clean_json


def number(value: object) -> object:
    """Numbers travel as JSON numbers here: a text or a boolean that could be read as one is a mistake."""
    if isinstance(value, bool | str):
        raise PydanticCustomError("number", "should be a number")
    return value


def _storable(value: Any) -> Any:
    if isinstance(value, dict):
        clean_json(value)
    return value


Count = Annotated[int, BeforeValidator(number), Field(ge=0, le=2**31 - 1)]
Measure = Annotated[float, BeforeValidator(number), Field(allow_inf_nan=False)]
Positive = Annotated[float, BeforeValidator(number), Field(ge=0, allow_inf_nan=False)]
Percent = Annotated[float, BeforeValidator(number), Field(ge=0, le=100, allow_inf_nan=False)]
Fraction = Annotated[float, BeforeValidator(number), Field(ge=0, le=1, allow_inf_nan=False)]
NodeId = Annotated[int, BeforeValidator(number), Field(ge=-(2**53), le=2**53)] | Annotated[Text, Field(max_length=64)]
Words = Annotated[Text, Field(max_length=500)]
_LEFT_OUT: Any = Field(default=None)  # a key may be absent; null is not one of its values


class Shape(BaseModel):
    model_config = ConfigDict(extra="allow")


class NetworkNode(Shape):
    """A player's mean place, as fractions of the pitch; the home side is `team_a`."""

    id: NodeId = Field(examples=["7"])
    name: Words = Field(examples=["Elif Demir"])
    team: Literal["team_a", "team_b"]
    avg_x: Fraction = Field(examples=[0.42])
    avg_y: Fraction = Field(examples=[0.55])


class NetworkEdge(Shape):
    """Passes from one node to another."""

    source: NodeId = Field(examples=["7"])
    target: NodeId = Field(examples=["10"])
    count: Count = Field(examples=[12])


class PassNetwork(Shape):
    """Who passed to whom; without nodes there is nothing to draw."""

    nodes: Annotated[list[NetworkNode], Field(max_length=100)] = _LEFT_OUT
    edges: Annotated[list[NetworkEdge], Field(max_length=10_000)] = _LEFT_OUT


class ZoneFigures(Shape):
    attacks: Count = _LEFT_OUT
    shots: Count = _LEFT_OUT


class ZoneAnalysis(Shape):
    """Attacks and shots by channel."""

    left: ZoneFigures = _LEFT_OUT
    center: ZoneFigures = _LEFT_OUT
    right: ZoneFigures = _LEFT_OUT


class TacticalWeakness(Shape):
    exposed_defender: Words = _LEFT_OUT
    weak_side: Words = _LEFT_OUT
    reason: Words = _LEFT_OUT


class DefensiveBlock(Shape):
    """defensive_line_height_m: metres from the own goal line."""

    out_of_possession_formation: Words = _LEFT_OUT
    defensive_line_height_m: Positive = _LEFT_OUT


class BuildUp(Shape):
    """Shares in percent: either by side, or of long balls and counter-attacks."""

    left_side_progression_percent: Percent = _LEFT_OUT
    center_progression_percent: Percent = _LEFT_OUT
    right_side_progression_percent: Percent = _LEFT_OUT
    long_ball_percent: Percent = _LEFT_OUT
    counter_attack_success_rate: Percent = _LEFT_OUT


class HighTurnovers(Shape):
    """Balls won high up the pitch, by zone."""

    zone_A: Count = _LEFT_OUT  # noqa: N815 — the name on the wire
    zone_B: Count = _LEFT_OUT  # noqa: N815
    zone_C: Count = _LEFT_OUT  # noqa: N815


class SetPieceXg(Shape):
    """Expected goals by kind of set piece."""

    corners: Positive = _LEFT_OUT
    direct_free_kicks: Positive = _LEFT_OUT
    indirect_free_kicks: Positive = _LEFT_OUT


class TransitionSpeed(Shape):
    """Metres a second, from defence to attack and back."""

    def_to_atk_mps: Measure = _LEFT_OUT
    atk_to_def_mps: Measure = _LEFT_OUT


Storable = BeforeValidator(_storable)
"""On a shape: what it holds beyond the known keys must fit into a JSON column too."""
