"""The two invented elevens and the officials: who stands where, wears what and looks how.

Places are shares: depth 0 (last line) to 1 (foremost), side -1 (own left) to 1 (own right), without and with the ball.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from touchline.engine.synthetic.kits import (
    AWAY,
    AWAY_KEEPER,
    HAIRS,
    HOME,
    HOME_KEEPER,
    OFFICIAL,
    SKINS,
    Kit,
)
from touchline.engine.synthetic.painter import Look

HOME_NAME, AWAY_NAME = "Whitewater United", "Redfield Rovers"
TEAM_SIZE = 11
PEOPLE = 2 * TEAM_SIZE + 3  # home, away, referee, two assistants
REFEREE, ASSISTANT_LEFT, ASSISTANT_RIGHT = 22, 23, 24


class Line(StrEnum):
    """Which line of the team a player belongs to."""

    KEEPER = "keeper"
    BACK = "back"
    MIDDLE = "middle"
    FRONT = "front"


@dataclass(frozen=True)
class Place:
    """A player's number and his place in the team's shape, without (`_out`) and with (`_in`) the ball."""

    number: int
    line: Line
    depth_out: float
    side_out: float
    depth_in: float
    side_in: float


_KEEPER = Place(1, Line.KEEPER, 0, 0, 0, 0)
_BACK_FOUR = (
    Place(2, Line.BACK, 0.07, 0.92, 0.34, 0.98),
    Place(5, Line.BACK, 0.0, 0.31, 0.02, 0.36),
    Place(4, Line.BACK, 0.0, -0.31, 0.0, -0.36),
    Place(3, Line.BACK, 0.07, -0.92, 0.30, -0.98),
)
FOUR_THREE_THREE = (
    _KEEPER,
    *_BACK_FOUR,
    Place(6, Line.MIDDLE, 0.40, 0.0, 0.28, 0.05),
    Place(8, Line.MIDDLE, 0.50, 0.55, 0.55, 0.42),
    Place(10, Line.MIDDLE, 0.50, -0.55, 0.58, -0.40),
    Place(7, Line.FRONT, 0.80, 0.90, 0.86, 0.92),
    Place(9, Line.FRONT, 1.0, 0.05, 1.0, 0.0),
    Place(11, Line.FRONT, 0.80, -0.90, 0.84, -0.92),
)
FOUR_FOUR_TWO = (
    _KEEPER,
    *_BACK_FOUR,
    Place(7, Line.MIDDLE, 0.50, 1.0, 0.66, 0.95),
    Place(8, Line.MIDDLE, 0.45, 0.34, 0.42, 0.30),
    Place(6, Line.MIDDLE, 0.45, -0.34, 0.38, -0.32),
    Place(11, Line.MIDDLE, 0.50, -1.0, 0.68, -0.95),
    Place(9, Line.FRONT, 1.0, 0.28, 1.0, 0.25),
    Place(10, Line.FRONT, 0.92, -0.28, 0.88, -0.25),
)
HOME_PLACES, AWAY_PLACES = FOUR_THREE_THREE, FOUR_FOUR_TWO


def looks(rng: np.random.Generator) -> tuple[Look, ...]:
    """Everybody's appearance, in the order home 0..10, away 11..21, referee, assistants."""
    wearers: list[tuple[Kit, int]] = []
    for places, kit, keeper_kit in ((HOME_PLACES, HOME, HOME_KEEPER), (AWAY_PLACES, AWAY, AWAY_KEEPER)):
        wearers += [(keeper_kit if place.line is Line.KEEPER else kit, place.number) for place in places]
    wearers += [(OFFICIAL, 0)] * 3
    return tuple(
        Look(
            kit,
            skin=SKINS[int(rng.integers(len(SKINS)))],
            hair=HAIRS[int(rng.integers(len(HAIRS)))],
            number=number,
            height_m=round(float(rng.uniform(1.74, 1.93)), 3),
        )
        for kit, number in wearers
    )
