"""A player as every room sees him."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Position(StrEnum):
    GOALKEEPER = "GK"
    DEFENDER = "DEF"
    MIDFIELDER = "MID"
    FORWARD = "FWD"


class Foot(StrEnum):
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True)
class Player:
    """team_id: None for a player whom no team has; nobody reaches him.

    image_url: a path under `/static/` or a web address. market_value: in the club's own currency.
    """

    id: str
    team_id: str | None
    name: str
    position: Position | None
    jersey_number: int | None
    birth_date: date | None
    dominant_foot: Foot | None
    height_cm: int | None
    weight_kg: int | None
    nationality: str | None
    country_code: str | None
    image_url: str | None
    market_value: float | None
