"""Which way the teams attack, per period: user, kick-off, keepers, centroids; the first that is decisive wins.

Rules: tactics specification §1, and for short clips: centroids from 10 s on when they differ by 3 m, at half trust.
"""

from dataclasses import dataclass, field

import numpy as np

from touchline.engine.tactics.ball import BallMotion, long_runs
from touchline.engine.tactics.keepers import keeper_side_samples
from touchline.engine.tactics.play import Play
from touchline.engine.tactics.preprocess import GRID_HZ
from touchline.engine.types import FloatArray
from touchline.football.pitch import PitchSize
from touchline.football.vocabulary import TeamCode

KICK_OFF_RADIUS_M = 3.0
KICK_OFF_BALL_MPS = 1.0
KICK_OFF_PLAYERS = 8
KICK_OFF_OWN_HALF = 0.8
KICK_OFF_S = 0.5
KEEPER_S = 5.0
CENTROID_S = 120.0
CENTROID_M = 1.0
CENTROID_SHORT_S = 10.0
CENTROID_SHORT_M = 3.0
SHORT_TRUST = 0.5
_CENTROID_PLAYERS = 4
_BREAK_S = 240.0
_SAMPLE_EVERY = int(GRID_HZ)  # one sample a second is plenty for medians over minutes


@dataclass(frozen=True)
class Direction:
    """attacks_right_a: whether team A attacks x = length in frame P; None when nothing is decisive or cues disagree."""

    attacks_right_a: bool | None
    source: str | None
    trust: float = 1.0

    def attacks_right(self, team: int) -> bool | None:
        """The same for either team."""
        if self.attacks_right_a is None:
            return None
        return self.attacks_right_a if team == TeamCode.A else not self.attacks_right_a


UNKNOWN_DIRECTION = Direction(None, None, 0.0)


@dataclass(frozen=True)
class DirectionEvidence:
    """What one window says: kick-off answer or None, keeper places per team, centroid differences A - B, one a second."""

    kick_off: bool | None
    keeper_x: tuple[FloatArray, FloatArray]
    centroid_dx: FloatArray
    quiet_s: float


def evidence_of(play: Play, rows: slice) -> DirectionEvidence:
    """Cues for the direction of play in some rows of a stretch of play."""
    positions, teams, roles, pitch = play.motion.positions[rows], play.teams, play.roles, play.scene.pitch
    ball = BallMotion(play.ball.positions[rows], play.ball.velocities[rows])
    x = [positions[:, teams == team, 0] for team in (TeamCode.A, TeamCode.B)]
    counts = [np.isfinite(values).sum(axis=1) for values in x]
    enough = (counts[0] >= _CENTROID_PLAYERS) & (counts[1] >= _CENTROID_PLAYERS)
    means = [np.where(np.isfinite(v), v, 0.0).sum(axis=1) / np.maximum(c, 1) for v, c in zip(x, counts, strict=True)]
    difference = (means[0] - means[1])[enough]
    return DirectionEvidence(
        kick_off=_kick_off(x, ball, pitch),
        keeper_x=(
            keeper_side_samples(TeamCode.A, positions, teams, roles, pitch)[::_SAMPLE_EVERY],
            keeper_side_samples(TeamCode.B, positions, teams, roles, pitch)[::_SAMPLE_EVERY],
        ),
        centroid_dx=difference[::_SAMPLE_EVERY],
        quiet_s=float((~enough).sum() / GRID_HZ),
    )


@dataclass
class DirectionFinder:
    """Gathers cues window by window and answers with the first decisive one of the period."""

    pitch: PitchSize
    user: bool | None = None
    _kick_off: bool | None = None
    _keepers: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))
    _centroids: list[float] = field(default_factory=list)
    _previous: Direction | None = None
    _quiet_s: float = 0.0
    period: int = 1

    def add(self, evidence: DirectionEvidence) -> bool:
        """Take the cues of one more window.

        Returns:
            whether a new period began: play resumed after at least four minutes without any.
        """
        began = False
        if len(evidence.centroid_dx) == 0:
            self._quiet_s += evidence.quiet_s
        else:
            began = self._quiet_s >= _BREAK_S
            self._quiet_s = 0.0
        if began:
            self._start_period()
        if self._kick_off is None:
            self._kick_off = evidence.kick_off
        for kept, new in zip(self._keepers, evidence.keeper_x, strict=True):
            kept.extend(new.tolist())
        self._centroids.extend(evidence.centroid_dx.tolist())
        return began

    def decide(self) -> Direction:
        """The direction of the current period as far as it is known."""
        if self._previous is not None and self._previous.attacks_right_a is not None:
            return self._mirrored(self._previous)
        if self.user is not None:
            return Direction(self.user, "user")
        if self._kick_off is not None:
            return Direction(self._kick_off, "kick_off")
        keepers = self._by_keepers()
        if keepers is not None:
            return keepers
        return self._by_centroids()

    def _start_period(self) -> None:
        self._previous = self.decide()
        self._kick_off = None
        self._keepers, self._centroids = ([], []), []
        self.period += 1

    def _mirrored(self, before: Direction) -> Direction:
        """Teams change ends; new cues that contradict it leave the direction open until a person confirms."""
        expected = not before.attacks_right_a
        cue = self._by_keepers()
        answers = {self._kick_off, cue.attacks_right_a if cue else None} - {None}
        if answers and answers != {expected}:
            return UNKNOWN_DIRECTION
        return Direction(expected, before.source, before.trust)

    def _by_keepers(self) -> Direction | None:
        sides = [self._side(samples) for samples in self._keepers]
        # Team B's answer, turned, must agree with team A's.
        answers = {side if team == 0 else not side for team, side in enumerate(sides) if side is not None}
        if not answers:
            return None
        return Direction(answers.pop(), "keepers") if len(answers) == 1 else UNKNOWN_DIRECTION

    def _side(self, keeper_x: list[float]) -> bool | None:
        if len(keeper_x) * _SAMPLE_EVERY / GRID_HZ < KEEPER_S:
            return None
        middle = float(np.median(keeper_x))
        if abs(middle - self.pitch.length_m / 2) < self.pitch.length_m / 6:
            return None
        return middle < self.pitch.length_m / 2

    def _by_centroids(self) -> Direction:
        seconds = len(self._centroids) * _SAMPLE_EVERY / GRID_HZ
        if seconds < CENTROID_SHORT_S:
            return UNKNOWN_DIRECTION
        middle = float(np.median(self._centroids))
        # Defending teams sit goal-side: the team with the smaller x guards x = 0 and attacks the other end.
        if seconds >= CENTROID_S and abs(middle) >= CENTROID_M:
            return Direction(middle < 0, "centroid")
        if abs(middle) >= CENTROID_SHORT_M:
            return Direction(middle < 0, "centroid_short", SHORT_TRUST)
        return UNKNOWN_DIRECTION


def _kick_off(x: list[FloatArray], ball: BallMotion, pitch: PitchSize) -> bool | None:
    """Ball at rest on the centre spot, both teams in opposite halves; None when no such moment is seen."""
    centre_x, centre_y = pitch.centre_m
    with np.errstate(invalid="ignore"):
        spot = np.hypot(ball.positions[:, 0] - centre_x, ball.positions[:, 1] - centre_y) < KICK_OFF_RADIUS_M
        still = np.hypot(ball.velocities[:, 0], ball.velocities[:, 1]) < KICK_OFF_BALL_MPS
        left = [(values < centre_x + 1).sum(axis=1) for values in x]
        right = [(values > centre_x - 1).sum(axis=1) for values in x]
    seen = [np.isfinite(values).sum(axis=1) for values in x]
    ready = spot & still & (seen[0] + seen[1] >= KICK_OFF_PLAYERS) & (np.minimum(seen[0], seen[1]) >= 3)
    a_left = (left[0] >= KICK_OFF_OWN_HALF * seen[0]) & (right[1] >= KICK_OFF_OWN_HALF * seen[1])
    a_right = (right[0] >= KICK_OFF_OWN_HALF * seen[0]) & (left[1] >= KICK_OFF_OWN_HALF * seen[1])
    for answer, side in ((True, a_left & ~a_right), (False, a_right & ~a_left)):
        if long_runs(ready & side, KICK_OFF_S).any():
            return answer
    return None
