"""How fast the ball goes forward after a win and how fast a team gets back after a loss. Specification §7."""

from collections.abc import Sequence

import numpy as np

from touchline.engine.tactics.possession import Turnover
from touchline.engine.tactics.preprocess import GRID_HZ
from touchline.engine.types import FloatArray

SPAN_S = 5.0


def ball_forward_mps(regains: Sequence[Turnover], ball_x: FloatArray) -> list[float]:
    """Mean forward ball speed over the 5 s after each stable regain.

    Args:
        regains: of one team.
        ball_x: (G,) metres, frame T of that team, NaN where unseen.

    Returns:
        one value in m/s per regain whose ball was seen at both ends (last sighting within 5 s, at least 2 s later).
    """
    found = []
    for regain in regains:
        stretch = ball_x[regain.frame : regain.frame + round(SPAN_S * GRID_HZ) + 1]
        seen = np.flatnonzero(np.isfinite(stretch))
        if len(seen) and (seen[-1] - seen[0]) >= 2 * GRID_HZ:
            found.append(float((stretch[seen[-1]] - stretch[seen[0]]) / (seen[-1] - seen[0]) * GRID_HZ))
    return found


def retreat_mps(losses: Sequence[Turnover], outfield_vx: FloatArray) -> list[float]:
    """Mean speed of a team towards its own goal over the 5 s after each stable loss.

    Args:
        losses: of one team.
        outfield_vx: (G, M) m/s along x of frame T, NaN where unknown.

    Returns:
        one value in m/s per loss after which at least a second of speeds was seen; positive = towards the own goal.
    """
    found = []
    for loss in losses:
        stretch = outfield_vx[loss.frame : loss.frame + round(SPAN_S * GRID_HZ)]
        known = stretch[np.isfinite(stretch)]
        if np.isfinite(stretch).any(axis=1).sum() >= GRID_HZ:
            found.append(float(-known.mean()))
    return found
