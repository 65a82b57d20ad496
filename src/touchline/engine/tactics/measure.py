"""All metrics of a window for both teams, each as a record that says how well it was seen."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from touchline.engine.tactics import shape
from touchline.engine.tactics.direction import Direction
from touchline.engine.tactics.play import Play
from touchline.engine.tactics.possession import Turnover, turnovers
from touchline.engine.tactics.preprocess import GRID_HZ
from touchline.engine.tactics.pressing import pressing_of
from touchline.engine.tactics.quality import Minimums, QualityScore, Reason, Sample, window_metric
from touchline.engine.tactics.span import BoolArray
from touchline.engine.tactics.team_frames import TeamFrames, team_frames, team_quality
from touchline.engine.tactics.threat import final_third_entries, threat_added
from touchline.engine.tactics.transitions import ball_forward_mps, retreat_mps
from touchline.engine.types import FloatArray, Metric
from touchline.football.pitch import to_team_frame
from touchline.football.vocabulary import TeamCode

TEAMS = (TeamCode.A, TeamCode.B)
MIN_BALL_COVERAGE = 0.5
MIN_TRANSITIONS = 2
MAIN_S, PHASE_S, SPEED_S, CONTROL_S = 8.0, 5.0, 9.0, 7.0


@dataclass(frozen=True)
class FrameValues:
    """A metric frame by frame: values and valid (G,), over the whole stretch."""

    values: FloatArray
    valid: BoolArray
    needs_direction: bool = False


@dataclass(frozen=True)
class TeamMeasures:
    """What one team did in the window.

    `frames` keeps frame values for snapshots; `usable_s` counts judged time; `ball_deep_share` is the share of the
    opponent's ball time in the team's own third, None when the ball or the direction was not known; oop, ip (G,) and
    ball (G, 2) in frame T; entries by channel and regain_zones by third (zone_A is the attacking one), None without
    ball or direction.
    """

    metrics: Mapping[str, Metric]
    frames: Mapping[str, FrameValues]
    quality: QualityScore
    usable_s: float
    oop_s: float
    ip_s: float
    control_against_s: float
    ball_deep_share: float | None
    attacks_right: bool | None
    oop: BoolArray
    ip: BoolArray
    ball: FloatArray
    entries: Mapping[str, int] | None
    regain_zones: Mapping[str, int] | None


@dataclass(frozen=True)
class WindowMeasures:
    """Both teams, possession and turnovers of one window. `territory_x`: mean ball x in team A's frame, metres."""

    teams: Mapping[TeamCode, TeamMeasures]
    possession: Mapping[TeamCode, Metric]
    possession_known_share: float
    ball_share: float
    live_share: float
    turnovers: tuple[Turnover, ...]
    territory_x: float | None
    direction: Direction


def measure_window(play: Play, direction: Direction, minimums: Minimums) -> WindowMeasures:
    """Measure a window; whatever its validity test refuses comes back without a value and with the reason."""
    found = turnovers(play.possession, play.control, play.motion.positions, play.ball.positions)
    core = play.core
    inside = tuple(turnover for turnover in found if core.start <= turnover.frame < core.stop)
    live = play.live[core]
    return WindowMeasures(
        teams={team: _measure_team(team_frames(play, direction, team), minimums, inside) for team in TEAMS},
        possession=_possession_shares(play, minimums),
        possession_known_share=float((play.possession[core] >= 0).sum() / max(live.sum(), 1)),
        ball_share=float((play.ball.seen[core] & live).sum() / max(live.sum(), 1)),
        live_share=float(live.mean()),
        turnovers=inside,
        territory_x=_territory(play, direction),
        direction=direction,
    )


def _measure_team(frames: TeamFrames, minimums: Minimums, found: tuple[Turnover, ...]) -> TeamMeasures:
    values = _frame_values(frames)
    metrics: dict[str, Metric] = {}
    for name, frame_values in values.items():
        metrics |= _phased(name, frame_values, frames, minimums)
    metrics |= _oop_only(values, frames, minimums)
    metrics["avg_speed"] = _avg_speed(frames, minimums)
    metrics |= _pressing(frames, minimums)
    metrics |= _transitions(frames, minimums, found)
    metrics |= _threats(frames, minimums)
    return TeamMeasures(
        metrics=metrics,
        frames=values,
        quality=team_quality(frames),
        usable_s=float(frames.usable.sum() / GRID_HZ),
        oop_s=float(frames.oop.sum() / GRID_HZ),
        ip_s=float(frames.ip.sum() / GRID_HZ),
        control_against_s=float(_opponent_control(frames).sum() / GRID_HZ),
        ball_deep_share=_ball_deep_share(frames),
        attacks_right=frames.attacks_right,
        oop=frames.oop,
        ip=frames.ip,
        ball=frames.ball.positions,
        entries=_entries(frames, metrics),
        regain_zones=_regain_zones(frames, inside=found, metrics=metrics),
    )


def _frame_values(frames: TeamFrames) -> dict[str, FrameValues]:
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


_OOP_ONLY = {"gap_def_mid": "gap_def_mid", "gap_mid_att": "gap_mid_att", "line_to_ball": "line_to_ball_oop"}


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


def _opponent_control(frames: TeamFrames) -> BoolArray:
    team = frames.play.control.team
    return np.asarray((team >= 0) & (team != frames.team) & frames.live, bool)


def _pressing(frames: TeamFrames, minimums: Minimums) -> dict[str, Metric]:
    """Actions, actions per minute of opponent control, and the share of that control under pressure."""
    names = ("pressing_intensity", "pressing_rate", "pressed_share")
    blocked = frames.blocked(needs_direction=False)
    if blocked is None and not frames.play.motion.carries_speed:
        blocked = Reason.RATE_TOO_LOW.value
    if blocked is None and frames.known_s + 1e-6 < minimums.possession_known_s:
        blocked = Reason.POSSESSION_UNKNOWN.value
    if blocked is not None:
        return dict.fromkeys(names, Metric.missing(blocked))
    play = frames.play
    pressing = pressing_of(
        frames.team, play.control, play.motion.positions, play.motion.velocities, play.teams, play.live
    )
    actions = pressing.actions(play.core)
    control = pressing.control & play.core_mask
    control_s = float(control.sum() / GRID_HZ)
    coverage = float(control.sum() / max(len(frames.live[play.core]), 1))
    trust = min(1.0, frames.ball_share / 0.6)
    metrics = {"pressing_intensity": Metric(float(actions), n=actions, coverage=coverage, q=trust)}
    if control_s + 1e-6 < minimums.seconds(CONTROL_S):
        short = Metric.missing(Reason.CONTROL_TOO_SHORT.value, n=int(control.sum()), coverage=coverage)
        return metrics | dict.fromkeys(names[1:], short)
    pressed = float((pressing.active & control).sum() / control.sum())
    return metrics | {
        "pressing_rate": Metric(actions / control_s * 60, n=actions, coverage=coverage, q=trust),
        "pressed_share": Metric(pressed, n=int(control.sum()), coverage=coverage, q=trust),
    }


def _transitions(frames: TeamFrames, minimums: Minimums, found: tuple[Turnover, ...]) -> dict[str, Metric]:
    """Speed after stable turnovers of the window, and how often the ball was won, high up and at all."""
    names = ("def_to_atk", "atk_to_def", "regains", "regains_high")
    blocked = frames.blocked(needs_direction=True)
    if blocked is None and frames.known_s + 1e-6 < minimums.possession_known_s:
        blocked = Reason.POSSESSION_UNKNOWN.value
    if blocked is not None:
        return dict.fromkeys(names, Metric.missing(blocked))
    regains = [turnover for turnover in found if turnover.is_stable and turnover.winner == frames.team]
    losses = [turnover for turnover in found if turnover.is_stable and turnover.loser == frames.team]
    half_m = frames.play.scene.pitch.length_m / 2
    ball_x = frames.ball.positions[:, 0]
    high = sum(1 for turnover in regains if ball_x[turnover.frame] > half_m)
    known = frames.known_s * GRID_HZ / max(int(frames.play.core_mask.sum()), 1)
    metrics = {
        "def_to_atk": _transition_mean(ball_forward_mps(regains, ball_x), frames),
        "regains": Metric(float(len(regains)), n=len(regains), coverage=known, q=frames.direction_trust),
        "regains_high": Metric(float(high), n=high, coverage=known, q=frames.direction_trust),
    }
    if frames.play.motion.carries_speed:
        metrics["atk_to_def"] = _transition_mean(retreat_mps(losses, frames.velocity_x), frames)
    else:
        metrics["atk_to_def"] = Metric.missing(Reason.RATE_TOO_LOW.value)
    return metrics


def _transition_mean(speeds: list[float], frames: TeamFrames) -> Metric:
    if len(speeds) < MIN_TRANSITIONS:
        return Metric.missing(Reason.TOO_FEW_EVENTS.value, n=len(speeds))
    return Metric(float(np.mean(speeds)), n=len(speeds), coverage=frames.ball_share, q=frames.direction_trust * 0.5)


def _threats(frames: TeamFrames, minimums: Minimums) -> dict[str, Metric]:
    """Seconds under siege, and threat conceded and made; all need the ball and the direction of play."""
    names = ("siege_s", "threat_against", "threat_for")
    blocked = frames.blocked(needs_direction=True)
    if blocked is None and frames.known_s + 1e-6 < minimums.possession_known_s:
        blocked = Reason.POSSESSION_UNKNOWN.value
    if blocked is not None:
        return dict.fromkeys(names, Metric.missing(blocked))
    core, pitch = frames.play.core, frames.play.scene.pitch
    frames_in_core = max(int(frames.play.core_mask.sum()), 1)
    coverage = frames.ball_share
    siege = frames.oop & _ball_in_own_third(frames)
    trust = frames.direction_trust * min(1.0, coverage / 0.6)
    metrics = {
        "siege_s": Metric(
            float(siege.sum() / GRID_HZ), n=int(siege.sum()), coverage=float(frames.oop.sum()) / frames_in_core, q=trust
        )
    }
    if coverage < MIN_BALL_COVERAGE:
        return metrics | dict.fromkeys(names[1:], Metric.missing(Reason.BALL_UNSEEN.value, coverage=coverage))
    own = frames.ball.positions[core]
    opponents = np.array([pitch.length_m, pitch.width_m]) - own
    possession = np.where(frames.live[core], frames.play.possession[core], -1)
    other = 1 - int(frames.team)
    against = threat_added(possession, other, opponents, pitch)
    made = threat_added(possession, int(frames.team), own, pitch)
    return metrics | {
        "threat_against": Metric(against, n=int((possession == other).sum()), coverage=coverage, q=trust),
        "threat_for": Metric(made, n=int((possession == frames.team).sum()), coverage=coverage, q=trust),
    }


def _entries(frames: TeamFrames, metrics: Mapping[str, Metric]) -> dict[str, int] | None:
    if metrics["threat_for"].value is None:
        return None
    core = frames.play.core
    possession = np.where(frames.live[core], frames.play.possession[core], -1)
    return final_third_entries(possession, int(frames.team), frames.ball.positions[core], frames.play.scene.pitch)


def _regain_zones(
    frames: TeamFrames, *, inside: tuple[Turnover, ...], metrics: Mapping[str, Metric]
) -> dict[str, int] | None:
    if metrics["regains"].value is None:
        return None
    third_m = frames.play.scene.pitch.length_m / 3
    zones = {"zone_A": 0, "zone_B": 0, "zone_C": 0}
    for turnover in inside:
        x = frames.ball.positions[turnover.frame, 0]
        if turnover.is_stable and turnover.winner == frames.team and np.isfinite(x):
            zones["zone_A" if x >= 2 * third_m else "zone_B" if x >= third_m else "zone_C"] += 1
    return zones


def _ball_in_own_third(frames: TeamFrames) -> BoolArray:
    with np.errstate(invalid="ignore"):
        return np.asarray(frames.ball.positions[:, 0] < frames.play.scene.pitch.length_m / 3, bool)


def _ball_deep_share(frames: TeamFrames) -> float | None:
    seen = frames.oop & frames.play.ball.seen
    if frames.attacks_right is None or not seen.any():
        return None
    return float((seen & _ball_in_own_third(frames)).sum() / seen.sum())


def _possession_shares(play: Play, minimums: Minimums) -> dict[TeamCode, Metric]:
    core = play.possession[play.core]
    known = int((core >= 0).sum())
    coverage = known / max(len(core), 1)
    if known / GRID_HZ + 1e-6 < minimums.possession_known_s:
        reason = Reason.POSSESSION_UNKNOWN if play.is_calibrated else Reason.NOT_CALIBRATED
        return dict.fromkeys(TEAMS, Metric.missing(reason.value, n=known, coverage=coverage))
    trust = min(1.0, coverage / 0.6)
    return {
        team: Metric(100.0 * float((core == team).sum()) / known, n=known, coverage=coverage, q=trust) for team in TEAMS
    }


def _territory(play: Play, direction: Direction) -> float | None:
    """Mean place of the ball along the pitch as team A attacks; None when the ball was seen too little."""
    attacks_right = direction.attacks_right(TeamCode.A)
    core = play.core
    seen = play.ball.seen[core] & play.live[core]
    if attacks_right is None or seen.mean() < MIN_BALL_COVERAGE:
        return None
    ball = to_team_frame(play.ball.positions[core], attacks_right=attacks_right, pitch=play.scene.pitch)
    return float(ball[seen, 0].mean())
