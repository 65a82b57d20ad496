"""The pitch, its two frames of reference, and the way between them.

Pitch frame P: x 0..length along the pitch, y 0..width across it, metres; x = 0 is the left goal line
and y = 0 the far touchline as the main camera sees them.
Team frame T: the team always attacks x = length; a half-turn of P (not a mirror) when it attacks x = 0,
so that left stays left.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating]


@dataclass(frozen=True)
class PitchSize:
    """Length and width in metres; the defaults are the size that leagues and federations recommend."""

    length_m: float = 105.0
    width_m: float = 68.0

    @property
    def centre_m(self) -> tuple[float, float]:
        return self.length_m / 2, self.width_m / 2


STANDARD_PITCH = PitchSize()

# Law 1 of the game (IFAB): fixed distances in metres, whatever the size of the pitch.
PENALTY_AREA_DEPTH_M = 16.5
PENALTY_AREA_WIDTH_M = 40.32
GOAL_AREA_DEPTH_M = 5.5
GOAL_AREA_WIDTH_M = 18.32
PENALTY_SPOT_M = 11.0
CIRCLE_RADIUS_M = 9.15
GOAL_WIDTH_M = 7.32
GOAL_HEIGHT_M = 2.44
LINE_WIDTH_M = 0.12


def to_team_frame(points: FloatArray, *, attacks_right: bool, pitch: PitchSize) -> FloatArray:
    """Turn pitch-frame points into the frame of a team, where it attacks towards x = length.

    Args:
        points: (..., 2) metres, frame P; NaN where unseen.
        attacks_right: whether the team attacks x = length in frame P.
        pitch: size of the pitch.

    Returns:
        (..., 2) metres, frame T. The same map leads back: a half-turn is its own inverse.
    """
    if attacks_right:
        return points
    return np.asarray((pitch.length_m, pitch.width_m)) - points
