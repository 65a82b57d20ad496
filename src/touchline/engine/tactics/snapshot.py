"""The telling moment of a window as a minimap shows it: players, ball and a zone, on the standard 105 by 68 pitch."""

from typing import Any

import numpy as np

from touchline.engine.tactics.measure import TeamMeasures
from touchline.engine.tactics.play import Play
from touchline.engine.tactics.span import BoolArray
from touchline.engine.types import FloatArray
from touchline.football.pitch import STANDARD_PITCH, to_team_frame
from touchline.football.vocabulary import TeamCode

_MIN_SIDE_M = 4.0


def snapshot(play: Play, team: TeamMeasures, *, metric: str, worst_is_high: bool, zone: str) -> dict[str, Any]:
    """Players, ball and zone at the frame where a metric was worst.

    Args:
        play: the stretch of play.
        team: the team that the moment is about.
        metric: e.g. `width_oop`; the suffix chooses the phase.
        worst_is_high: whether high values are the bad ones.
        zone: "line", "units" or "ball".

    Returns:
        `players`, and `ball` and `zone` where they are known; positions in frame P, scaled to 105 by 68.
    """
    phase = team.ip if metric.endswith("_ip") else team.oop
    frame = _worst_frame(play, team, metric, phase, worst_is_high=worst_is_high)
    if frame is None:
        return {}
    scale = _scale(play)
    seen = np.isfinite(play.motion.positions[frame, :, 0]) & (play.teams >= 0)
    players = [
        {
            "id": int(play.ids[column]),
            "x": _coordinate(play.motion.positions[frame, column, 0] * scale[0], STANDARD_PITCH.length_m),
            "y": _coordinate(play.motion.positions[frame, column, 1] * scale[1], STANDARD_PITCH.width_m),
            "team": TeamCode(int(play.teams[column])).name,
        }
        for column in np.flatnonzero(seen)
    ]
    shown: dict[str, Any] = {"players": players}
    ball = play.ball.positions[frame] * scale
    if np.isfinite(ball).all():
        shown["ball"] = {
            "x": _coordinate(ball[0], STANDARD_PITCH.length_m),
            "y": _coordinate(ball[1], STANDARD_PITCH.width_m),
        }
    box = _zone(play, team, frame, phase, zone)
    if box is not None:
        shown["zone"] = box
    return shown


def _worst_frame(play: Play, team: TeamMeasures, metric: str, phase: BoolArray, *, worst_is_high: bool) -> int | None:
    if metric == "siege_s":
        values, valid = team.ball[:, 0], phase
    elif (frames := team.frames.get(metric.removesuffix("_oop").removesuffix("_ip"))) is not None:
        values, valid = frames.values, frames.valid & phase
    else:
        # A rate has no worst frame; the one in which most was seen tells most.
        values, valid = np.isfinite(play.motion.positions[..., 0]).sum(axis=1).astype(float), phase
        worst_is_high = True
    chosen = valid & np.isfinite(values)
    if not chosen.any():
        return None
    ordered = np.where(chosen, values if worst_is_high else -values, -np.inf)
    return int(ordered.argmax())


def _zone(play: Play, team: TeamMeasures, frame: int, phase: BoolArray, zone: str) -> dict[str, float] | None:
    pitch = play.scene.pitch
    line = team.frames["defensive_line"].values[frame]
    back, gap = team.frames["defensive_line_back4"].values[frame], team.frames["gap_def_mid"].values[frame]
    if zone == "line" and np.isfinite(line):
        return _box(play, team, np.array([[0.0, 0.0], [line, pitch.width_m]]))
    if zone == "units" and np.isfinite(back) and np.isfinite(gap):
        return _box(play, team, np.array([[back, 0.0], [back + gap, pitch.width_m]]))
    ball = team.ball[phase & np.isfinite(team.ball[:, 0])]
    if len(ball) == 0:
        return None
    return _box(play, team, np.stack([ball.min(axis=0), ball.max(axis=0)]))


def _box(play: Play, team: TeamMeasures, corners: FloatArray) -> dict[str, float]:
    """A box in frame T, turned to frame P and scaled; a thin one is widened so that it can be drawn."""
    right = True if team.attacks_right is None else team.attacks_right
    turned = to_team_frame(corners, attacks_right=right, pitch=play.scene.pitch) * _scale(play)
    low, high = turned.min(axis=0), turned.max(axis=0)
    lacking = np.maximum(_MIN_SIDE_M - (high - low), 0.0) / 2
    limit = np.array([STANDARD_PITCH.length_m, STANDARD_PITCH.width_m])
    low, high = np.clip(low - lacking, 0.0, limit - _MIN_SIDE_M), np.clip(high + lacking, _MIN_SIDE_M, limit)
    return {
        "x_min": _coordinate(low[0], STANDARD_PITCH.length_m),
        "x_max": _coordinate(high[0], STANDARD_PITCH.length_m),
        "y_min": _coordinate(low[1], STANDARD_PITCH.width_m),
        "y_max": _coordinate(high[1], STANDARD_PITCH.width_m),
    }


def _scale(play: Play) -> FloatArray:
    pitch = play.scene.pitch
    return np.array([STANDARD_PITCH.length_m / pitch.length_m, STANDARD_PITCH.width_m / pitch.width_m])


def _coordinate(value: float, limit: float) -> float:
    return round(float(min(max(value, 0.0), limit)), 2)
