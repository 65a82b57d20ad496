"""Shape and speed metrics of one team in a window: frame values first, then their means by phase."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from touchline.engine.tactics import shape
from touchline.engine.tactics.quality import Minimums, Reason, Sample, window_metric
from touchline.engine.tactics.span import BoolArray
from touchline.engine.tactics.team_frames import TeamFrames
from touchline.engine.types import FloatArray, Metric

MAIN_S, PHASE_S, SPEED_S = 8.0, 5.0, 9.0
_OOP_ONLY = {"gap_def_mid": "gap_def_mid", "gap_mid_att": "gap_mid_att", "line_to_ball": "line_to_ball_oop"}


@dataclass(frozen=True)
class FrameValues:
    """A metric frame by frame: values and valid (G,), over the whole stretch."""

    values: FloatArray
    valid: BoolArray
    needs_direction: bool = False


def shape_metrics(values: Mapping[str, FrameValues], frames: TeamFrames, minimums: Minimums) -> dict[str, Metric]:
    """Every shape metric over all live frames and by phase (`_ip`, `_oop`), and the mean speed."""
    metrics: dict[str, Metric] = {}
    for name, frame_values in values.items():
        metrics |= _phased(name, frame_values, frames, minimums)
    return metrics | _oop_only(values, frames, minimums) | {"avg_speed": _avg_speed(frames, minimums)}


def frame_values(frames: TeamFrames) -> dict[str, FrameValues]:
    """Shape metrics frame by frame, with the frames that each may use."""
    out, valid = frames.outfield, frames.validity
    eight = valid.players >= 8
    pair, uniformity = shape.pair_distances(out)
    middle = shape.centroid(out)
    length, width = shape.extent(out, axis=0), shape.extent(out, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        verticality = np.where(width > 1.0, length / width, np.nan)
    gap_def_mid, gap_mid_att = shape.unit_gaps(out)
    line = shape.line_height(out)
    return {
        "defensive_line": FrameValues(line, valid.line, needs_direction=True),
        "defensive_line_back4": FrameValues(
            shape.line_height(out, deepest=4), valid.line & eight, needs_direction=True
        ),
        "width": FrameValues(width, valid.width),
        "length": FrameValues(length, valid.length),
        "compactness": FrameValues(shape.stretch_index(out), valid.shape),
        "surface_area": FrameValues(shape.hull_area(out), valid.shape & eight),
        "mean_pair_distance": FrameValues(pair, valid.shape),
        "uniformity": FrameValues(uniformity, valid.shape),
        "verticality": FrameValues(verticality, valid.width & valid.length),
        "centroid_x": FrameValues(middle[:, 0], valid.shape, needs_direction=True),
        "centroid_y": FrameValues(middle[:, 1], valid.shape, needs_direction=True),
        "gap_def_mid": FrameValues(gap_def_mid, valid.players >= 9, needs_direction=True),
        "gap_mid_att": FrameValues(gap_mid_att, valid.players >= 9, needs_direction=True),
        "line_to_ball": FrameValues(frames.ball.positions[:, 0] - line, valid.line, needs_direction=True),
    }


def _phased(name: str, values: FrameValues, frames: TeamFrames, minimums: Minimums) -> dict[str, Metric]:
    """A metric over all live frames, and over those with and without the ball."""
    if name in _OOP_ONLY:
        return {}
    return {
        name: _mean(values, frames, minimums, frames.live, need_s=MAIN_S, need_share=0.15),
        f"{name}_ip": _mean(values, frames, minimums, frames.ip, need_s=PHASE_S, is_phase=True),
        f"{name}_oop": _mean(values, frames, minimums, frames.oop, need_s=PHASE_S, is_phase=True),
    }


def _oop_only(values: Mapping[str, FrameValues], frames: TeamFrames, minimums: Minimums) -> dict[str, Metric]:
    return {
        key: _mean(values[name], frames, minimums, frames.oop, need_s=PHASE_S, is_phase=True)
        for name, key in _OOP_ONLY.items()
    }


def _mean(
    values: FrameValues,
    frames: TeamFrames,
    minimums: Minimums,
    phase: BoolArray,
    *,
    need_s: float,
    need_share: float = 0.0,
    is_phase: bool = False,
) -> Metric:
    blocked = frames.blocked(needs_direction=values.needs_direction)
    if blocked is None and is_phase and frames.known_s + 1e-6 < minimums.possession_known_s:
        blocked = Reason.POSSESSION_UNKNOWN.value
    if blocked is not None:
        return Metric.missing(blocked)
    core = frames.play.core
    sample = Sample(values.values[core], values.valid[core], phase[core])
    return window_metric(
        sample,
        minimums,
        trust=(frames.vis or 0.0) * (frames.direction_trust if values.needs_direction else 1.0),
        cut_reason=frames.cut_reason(),
        need_s=need_s,
        need_share=need_share,
    )


def _avg_speed(frames: TeamFrames, minimums: Minimums) -> Metric:
    blocked = frames.blocked(needs_direction=False)
    if blocked is None and not frames.play.motion.carries_speed:
        blocked = Reason.RATE_TOO_LOW.value
    if blocked is not None:
        return Metric.missing(blocked)
    core = frames.play.core
    speed = frames.speed[core]
    return window_metric(
        Sample(speed, np.isfinite(speed), frames.live[core]),
        minimums,
        trust=frames.vis or 0.0,
        cut_reason=Reason.TOO_FEW_PLAYERS.value,
        need_s=SPEED_S,
        need_share=0.0,
    )
