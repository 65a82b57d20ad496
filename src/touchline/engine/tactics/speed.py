"""Team and player speed from smoothed velocities; nothing here differences raw positions."""

import numpy as np

from touchline.engine.tactics.preprocess import GRID_HZ
from touchline.engine.types import FloatArray

MIN_PLAYERS = 6


def team_speed(velocities: FloatArray, *, min_players: int = MIN_PLAYERS) -> FloatArray:
    """Mean speed of the players with a speed, per frame.

    Args:
        velocities: (G, M, 2) m/s, NaN where unknown.
        min_players: fewest players that make a team's frame.

    Returns:
        (G,) m/s, NaN where fewer had a speed.
    """
    speed = np.hypot(velocities[..., 0], velocities[..., 1])
    known = np.isfinite(speed)
    count = known.sum(axis=1)
    mean = np.where(known, speed, 0.0).sum(axis=1) / np.maximum(count, 1)
    return np.where(count >= min_players, mean, np.nan)


def distance_m(velocities: FloatArray) -> FloatArray:
    """Observed distance of each player: the time integral of his known speed. (G, P, 2) m/s to (P,) metres."""
    speed = np.hypot(velocities[..., 0], velocities[..., 1])
    return np.asarray(np.where(np.isfinite(speed), speed, 0.0).sum(axis=0) / GRID_HZ)
