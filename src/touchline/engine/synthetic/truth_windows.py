"""What a window of the scene truly was: line, width, length, compactness, speed and possession of both teams.

Written out on its own, from true positions of all players, so that it can check the engine's formulas. Metres in each
team's own frame; without-ball values carry the ending `_oop`, with-ball values `_ip`.
"""

from typing import Any

import numpy as np

from touchline.engine.synthetic.lineups import TEAM_SIZE
from touchline.engine.synthetic.motion import ATTACKS_RIGHT, Motion
from touchline.engine.synthetic.script import AWAY_SIDE, HOME_SIDE
from touchline.engine.types import BoolArray, FloatArray
from touchline.football.pitch import PitchSize

SIDE_NAMES = {HOME_SIDE: "home", AWAY_SIDE: "away"}


def true_windows(motion: Motion, *, window_s: float, pitch: PitchSize) -> list[dict[str, Any]]:
    """One record per window; a last piece under half a window belongs to the one before."""
    frames = len(motion.ball)
    length = round(window_s * motion.fps)
    starts = list(range(0, frames, length))
    if len(starts) > 1 and frames - starts[-1] < length / 2:
        starts.pop()
    stops = [*starts[1:], frames]
    return [
        {
            "index": index,
            "start_s": round(start / motion.fps, 3),
            "end_s": round(stop / motion.fps, 3),
            **{
                name: _team_window(motion, side, start=start, stop=stop, pitch=pitch)
                for side, name in SIDE_NAMES.items()
            },
        }
        for index, (start, stop) in enumerate(zip(starts, stops, strict=True))
    ]


def _team_window(motion: Motion, side: int, *, start: int, stop: int, pitch: PitchSize) -> dict[str, float | None]:
    first = side * TEAM_SIZE + 1
    outfield = motion.position[start:stop, first : first + TEAM_SIZE - 1]
    x, ball_x = outfield[..., 0], motion.ball[start:stop, 0]
    if not ATTACKS_RIGHT[side]:
        x, ball_x = pitch.length_m - x, pitch.length_m - ball_x
    has_ball = motion.side[start:stop] == side
    centre = outfield.mean(axis=1, keepdims=True)
    series = {
        "defensive_line": np.sort(x, axis=1)[:, :2].mean(axis=1),
        "width": np.ptp(outfield[..., 1], axis=1),
        "length": np.ptp(x, axis=1),
        "compactness": np.linalg.norm(outfield - centre, axis=2).mean(axis=1),
        "centroid_x": x.mean(axis=1),
    }
    record: dict[str, float | None] = {}
    for name, values in series.items():
        record[name] = _mean(values, np.ones(len(values), np.bool_))
        record[f"{name}_oop"], record[f"{name}_ip"] = _mean(values, ~has_ball), _mean(values, has_ball)
    speed = np.linalg.norm(motion.velocity[start:stop, first : first + TEAM_SIZE - 1], axis=2)
    record["avg_speed"] = round(float(speed.mean()), 3)
    record["possession_share"] = round(float(has_ball.mean()), 4)
    record["without_ball_s"] = round(float((~has_ball).sum()) / motion.fps, 2)
    record["ball_within_35_m_without_ball_s"] = round(float((~has_ball & (ball_x < 35)).sum()) / motion.fps, 2)
    return record


def _mean(values: FloatArray, chosen: BoolArray) -> float | None:
    return round(float(values[chosen].mean()), 3) if chosen.any() else None
