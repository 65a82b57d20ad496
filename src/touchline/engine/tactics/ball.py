"""The ball on the 10 Hz grid: jumps cut, short gaps bridged, velocity, and whether it is in play."""

from dataclasses import dataclass

import numpy as np

from touchline.engine.tactics.preprocess import GRID_HZ, frame_rate_hz
from touchline.engine.tactics.span import BoolArray
from touchline.engine.types import FloatArray, IntArray
from touchline.football.pitch import PitchSize

JUMP_SPEED_MPS = 45.0
FILL_GAP_S = 0.5
FILL_COS = float(np.cos(np.radians(30)))
CONTROL_RADIUS_M = 2.5
GATE_MARGIN_M = 6.0  # the ball leaves the pitch further than players do
OUT_MARGIN_M = 0.5
OUT_S = 0.3
STILL_S = 4.0
STILL_BALL_MPS = 0.5
STILL_PLAYERS_MPS = 1.6
# Below this share of frames with a ball nobody can tell dead play from an undetected ball.
MIN_COVERAGE_TO_JUDGE = 0.2


@dataclass(frozen=True)
class BallMotion:
    """positions (G, 2) metres, frame P, NaN where unseen; velocities (G, 2) m/s, NaN where unknown."""

    positions: FloatArray
    velocities: FloatArray

    @property
    def seen(self) -> BoolArray:
        """(G,) whether the ball has a position."""
        return np.isfinite(self.positions[:, 0])


def ball_motion(
    times_s: FloatArray, ball: FloatArray, players: FloatArray, *, grid_s: FloatArray, pitch: PitchSize
) -> BallMotion:
    """Clean the ball's sightings and sample them on the grid.

    A gap of up to 0.5 s is bridged when the ball is controlled at both ends or keeps its direction within 30°.

    Args:
        times_s: (T,).
        ball: (T, 2) metres, frame P, NaN where unseen.
        players: (T, P, 2) metres, frame P.
        grid_s: (G,).
        pitch: size of the pitch.
    """
    unseen = BallMotion(np.full((len(grid_s), 2), np.nan), np.full((len(grid_s), 2), np.nan))
    low = np.full(2, -GATE_MARGIN_M)
    high = np.array([pitch.length_m, pitch.width_m]) + GATE_MARGIN_M
    with np.errstate(invalid="ignore"):
        inside = ((ball >= low) & (ball <= high)).all(axis=1)
    rows = _plausible(times_s, ball, np.flatnonzero(inside))
    if len(rows) == 0 or len(grid_s) == 0:
        return unseen
    at_s, at = times_s[rows], ball[rows]
    bridge = _bridged(at_s, at, _controlled(at, players[rows]), rate_hz=frame_rate_hz(times_s))
    left = np.searchsorted(at_s, grid_s + 1e-6, side="right") - 1
    exact = (left >= 0) & (np.abs(grid_s - at_s[np.maximum(left, 0)]) <= 0.5 / GRID_HZ + 1e-6)
    right = np.clip(left + 1, 0, len(rows) - 1)
    between = (left >= 0) & (left < len(rows) - 1)
    between[between] = bridge[left[between]]
    base = np.maximum(left, 0)
    width = np.where(between, at_s[right] - at_s[base], 1.0)
    share = np.where(between, (grid_s - at_s[base]) / width, 0.0)[:, None]
    positions = np.where((between | exact)[:, None], at[base] * (1 - share) + at[right] * share, np.nan)
    return BallMotion(positions, _velocity(positions))


def in_play(ball: BallMotion, player_speed_mps: FloatArray, pitch: PitchSize) -> BoolArray:
    """Frames of live play.

    Dead: the ball more than 0.5 m outside the lines for 0.3 s, or lost or below 0.5 m/s for 4 s while players walk
    (mean below 1.6 m/s). Where the ball was hardly seen at all, every frame counts as live.

    Args:
        ball: on the grid.
        player_speed_mps: (G,) mean speed of visible players, NaN where unknown.
        pitch: size of the pitch.

    Returns:
        (G,) true where the ball is in play.
    """
    frames = len(ball.positions)
    if frames == 0 or ball.seen.mean() < MIN_COVERAGE_TO_JUDGE:
        return np.ones(frames, bool)
    x, y = ball.positions[:, 0], ball.positions[:, 1]
    with np.errstate(invalid="ignore"):
        out = (x < -OUT_MARGIN_M) | (x > pitch.length_m + OUT_MARGIN_M)
        out |= (y < -OUT_MARGIN_M) | (y > pitch.width_m + OUT_MARGIN_M)
        slow = np.hypot(ball.velocities[:, 0], ball.velocities[:, 1]) < STILL_BALL_MPS
        walking = player_speed_mps < STILL_PLAYERS_MPS
    # A ball that vanishes beside the line has most likely crossed it.
    still = (slow | ~ball.seen) & walking
    dead = long_runs(out, OUT_S) | long_runs(still, STILL_S)
    return ~dead


def long_runs(flags: BoolArray, seconds: float, *, rate_hz: float = GRID_HZ) -> BoolArray:
    """Keep only runs of true that last at least so long; (G,) in and out."""
    starts, stops = runs(flags)
    out = np.zeros(len(flags), bool)
    for start, stop in zip(starts, stops, strict=True):
        if stop - start >= seconds * rate_hz - 1e-6:
            out[start:stop] = True
    return out


def runs(flags: BoolArray) -> tuple[IntArray, IntArray]:
    """Starts and ends (exclusive) of the runs of true."""
    edges = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


def _plausible(times_s: FloatArray, ball: FloatArray, rows: IntArray) -> IntArray:
    """Drop single sightings that no ball could reach from both neighbours."""
    if len(rows) < 3:
        return rows
    gap_s = np.diff(times_s[rows])
    leap = np.linalg.norm(np.diff(ball[rows], axis=0), axis=1) > JUMP_SPEED_MPS * gap_s + 1.0
    alone = np.zeros(len(rows), bool)
    alone[1:-1] = leap[:-1] & leap[1:]
    alone[0], alone[-1] = leap[0] and not leap[1], leap[-1] and not leap[-2]
    return rows[~alone]


def _bridged(at_s: FloatArray, at: FloatArray, controlled: BoolArray, *, rate_hz: float) -> BoolArray:
    """Whether the stretch after each sighting may be interpolated, (R - 1,)."""
    if len(at_s) < 2:
        return np.zeros(0, bool)
    gap_s = np.diff(at_s)
    step = np.diff(at, axis=0)
    possible = np.linalg.norm(step, axis=1) <= JUMP_SPEED_MPS * gap_s + 1.0
    short = gap_s <= 1.5 / max(rate_hz, 1e-6)
    before = np.vstack([np.full((1, 2), np.nan), step[:-1]])
    after = np.vstack([step[1:], np.full((1, 2), np.nan)])
    norm = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        straight = (before * after).sum(axis=1) / norm > FILL_COS
    held = controlled[:-1] & controlled[1:]
    return np.asarray(possible & (short | ((gap_s <= FILL_GAP_S + 1e-6) & (held | straight))), bool)


def _controlled(at: FloatArray, players: FloatArray) -> BoolArray:
    if players.shape[1] == 0:
        return np.zeros(len(at), bool)
    distance = np.linalg.norm(players - at[:, None], axis=-1)
    return np.asarray(np.fmin.reduce(distance, axis=1, initial=np.inf) < CONTROL_RADIUS_M, bool)


def _velocity(positions: FloatArray) -> FloatArray:
    """Central difference over 0.4 s, 0.2 s where that is all there is."""
    velocity = np.full_like(positions, np.nan)
    for reach in (1, 2):
        if len(positions) > 2 * reach:
            wide = (positions[2 * reach :] - positions[: -2 * reach]) * GRID_HZ / (2 * reach)
            inner = velocity[reach:-reach]
            velocity[reach:-reach] = np.where(np.isfinite(wide), wide, inner)
    return velocity
