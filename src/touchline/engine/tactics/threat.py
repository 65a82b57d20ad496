"""Expected threat of ball positions, and what each possession added.

The surface is a smooth closed form fitted to an open-play surface (root mean square error 0.011); after Singh 2019
and tactics specification §11.
"""

import numpy as np

from touchline.engine.tactics.ball import runs
from touchline.engine.types import FloatArray, IntArray
from touchline.football.pitch import GOAL_WIDTH_M, STANDARD_PITCH, PitchSize


def expected_threat(points: FloatArray, pitch: PitchSize) -> FloatArray:
    """Probability-like threat of having the ball somewhere.

    Args:
        points: (..., 2) metres, frame T of the attacking team; NaN stays NaN.
        pitch: real size; the surface lives on 105 by 68 and points are rescaled to it.
    """
    standard = STANDARD_PITCH
    x = points[..., 0] * (standard.length_m / pitch.length_m)
    y = points[..., 1] * (standard.width_m / pitch.width_m) - standard.width_m / 2
    dx = standard.length_m - x
    distance = np.hypot(dx, y)
    angle = np.degrees(np.arctan2(GOAL_WIDTH_M * dx, dx**2 + y**2 - (GOAL_WIDTH_M / 2) ** 2))
    angle = np.where(angle < 0, angle + 180, angle)
    logit = -2.039 - 0.0722 * distance + 0.000236 * distance**2 + 0.0218 * angle - 0.0066 * np.abs(y)
    return np.asarray(1 / (1 + np.exp(-logit)))


def threat_added(possession: IntArray, team: int, ball: FloatArray, pitch: PitchSize) -> float:
    """Sum over a team's possessions of (highest threat reached - threat at the start), each at least 0.

    Args:
        possession: (G,) TeamCode values of the stretch.
        team: the attacking team.
        ball: (G, 2) metres, frame T of that team, NaN where unseen.
        pitch: size of the pitch.
    """
    total = 0.0
    for start, stop in zip(*runs(possession == team), strict=True):
        values = expected_threat(ball[start:stop], pitch)
        values = values[np.isfinite(values)]
        if len(values):
            total += max(float(values.max() - values[0]), 0.0)
    return total


def final_third_entries(possession: IntArray, team: int, ball: FloatArray, pitch: PitchSize) -> dict[str, int]:
    """Possessions that brought the ball into the final third, by the channel in which it crossed.

    Args:
        possession: (G,) TeamCode values.
        team: the attacking team.
        ball: (G, 2) metres, frame T of that team, NaN where unseen.
        pitch: size of the pitch.

    Returns:
        counts for left, center and right; a possession that began up there is no entry.
    """
    counts = {"left": 0, "center": 0, "right": 0}
    for start, stop in zip(*runs(possession == team), strict=True):
        seen = ball[start:stop][np.isfinite(ball[start:stop, 0])]
        inside = seen[:, 0] > pitch.length_m * 2 / 3
        if inside.any() and not inside[0]:
            counts[channel_of(float(seen[inside.argmax(), 1]), pitch)] += 1
    return counts


def channel_of(y_m: float, pitch: PitchSize) -> str:
    """Left, center or right third of the width as the attacking team sees it; y in frame T."""
    if y_m < pitch.width_m / 3:
        return "left"
    return "right" if y_m > pitch.width_m * 2 / 3 else "center"
