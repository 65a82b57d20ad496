"""Metrics of one team that need the ball: pressing, transitions, siege, threat, entries and regains."""

from collections.abc import Mapping

import numpy as np

from touchline.engine.tactics.possession import Turnover
from touchline.engine.tactics.preprocess import GRID_HZ
from touchline.engine.tactics.pressing import pressing_of
from touchline.engine.tactics.quality import Minimums, Reason
from touchline.engine.tactics.span import BoolArray
from touchline.engine.tactics.team_frames import TeamFrames
from touchline.engine.tactics.threat import final_third_entries, threat_added
from touchline.engine.tactics.transitions import ball_forward_mps, retreat_mps
from touchline.engine.types import Metric

MIN_BALL_COVERAGE = 0.5
MIN_TRANSITIONS = 2
CONTROL_S = 7.0


def opponent_control(frames: TeamFrames) -> BoolArray:
    """(G,) live frames of the window in which an opponent is on the ball."""
    team = frames.play.control.team
    return np.asarray((team >= 0) & (team != frames.team) & frames.live, bool)


def pressing_metrics(frames: TeamFrames, minimums: Minimums) -> dict[str, Metric]:
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


def transition_metrics(frames: TeamFrames, minimums: Minimums, found: tuple[Turnover, ...]) -> dict[str, Metric]:
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


def threat_metrics(frames: TeamFrames, minimums: Minimums) -> dict[str, Metric]:
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


def entries(frames: TeamFrames, metrics: Mapping[str, Metric]) -> dict[str, int] | None:
    """Own entries into the final third by channel; None where threat could not be measured either."""
    if metrics["threat_for"].value is None:
        return None
    core = frames.play.core
    possession = np.where(frames.live[core], frames.play.possession[core], -1)
    return final_third_entries(possession, int(frames.team), frames.ball.positions[core], frames.play.scene.pitch)


def regain_zones(
    frames: TeamFrames, *, inside: tuple[Turnover, ...], metrics: Mapping[str, Metric]
) -> dict[str, int] | None:
    """Stable regains by third, zone_A the attacking one; None where regains could not be counted."""
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


def ball_deep_share(frames: TeamFrames) -> float | None:
    """Share of the opponent's ball time in the team's own third; None without ball or direction."""
    seen = frames.oop & frames.play.ball.seen
    if frames.attacks_right is None or not seen.any():
        return None
    return float((seen & _ball_in_own_third(frames)).sum() / seen.sum())
