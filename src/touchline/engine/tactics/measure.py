"""All metrics of a window for both teams, each as a record that says how well it was seen."""

from collections.abc import Mapping
from dataclasses import dataclass

from touchline.engine.tactics.ball_metrics import (
    MIN_BALL_COVERAGE,
    ball_deep_share,
    entries,
    opponent_control,
    pressing_metrics,
    regain_zones,
    threat_metrics,
    transition_metrics,
)
from touchline.engine.tactics.direction import Direction
from touchline.engine.tactics.play import Play
from touchline.engine.tactics.possession import Turnover, turnovers
from touchline.engine.tactics.preprocess import GRID_HZ
from touchline.engine.tactics.quality import Minimums, QualityScore, Reason
from touchline.engine.tactics.shape_metrics import FrameValues, frame_values, shape_metrics
from touchline.engine.tactics.span import BoolArray
from touchline.engine.tactics.team_frames import TeamFrames, team_frames, team_quality
from touchline.engine.types import FloatArray, Metric
from touchline.football.pitch import to_team_frame
from touchline.football.vocabulary import TeamCode

TEAMS = (TeamCode.A, TeamCode.B)


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
    values = frame_values(frames)
    metrics = shape_metrics(values, frames, minimums)
    metrics |= pressing_metrics(frames, minimums)
    metrics |= transition_metrics(frames, minimums, found)
    metrics |= threat_metrics(frames, minimums)
    return TeamMeasures(
        metrics=metrics,
        frames=values,
        quality=team_quality(frames),
        usable_s=float(frames.usable.sum() / GRID_HZ),
        oop_s=float(frames.oop.sum() / GRID_HZ),
        ip_s=float(frames.ip.sum() / GRID_HZ),
        control_against_s=float(opponent_control(frames).sum() / GRID_HZ),
        ball_deep_share=ball_deep_share(frames),
        attacks_right=frames.attacks_right,
        oop=frames.oop,
        ip=frames.ip,
        ball=frames.ball.positions,
        entries=entries(frames, metrics),
        regain_zones=regain_zones(frames, inside=found, metrics=metrics),
    )


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
