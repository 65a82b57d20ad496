"""From raw positions to smooth motion at 10 Hz: gate, jump cut, calibration glitch, gap fill, smooth, derive, cap.

The order matters; every limit names its row in the tactics specification §2.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from touchline.engine.tactics.smoothing import rts_smooth, savgol_smooth
from touchline.engine.tactics.span import BoolArray, RawSpan
from touchline.engine.types import FloatArray, IntArray
from touchline.football.pitch import PitchSize

GRID_HZ = 10.0
GRID_SLACK_S = 0.1  # a grid point this far beyond the first or last frame holds that frame's state
GATE_MARGIN_M = 3.0
JUMP_SPEED_MPS = 12.0  # human limit with room for noise; beyond it the track is cut, never bridged
FILL_SPEED_MPS = 9.0
SPEED_GAP_S = 1.0  # longest unseen time that may carry a speed
SHAPE_GAP_S = 3.0  # longest unseen time that may carry a position
MIN_SPEED_PIECE_S = 1.5
MAX_SPEED_MPS = 10.5
MIN_RATE_HZ = 4.75  # below five frames per second only shape is measured; the margin absorbs frame-time jitter
GLITCH_SHIFT_M = 1.0
GLITCH_PLAYERS = 5
GLITCH_SHARE = 0.6
GLITCH_SPREAD_COS = float(np.cos(np.radians(30)))
DEFAULT_NOISE_M = 0.3
NOISE_LIMITS_M = (0.05, 1.0)
BLOCK_PIECES = 24  # pieces smoothed at once: a minute of broken tracks has hundreds, and each costs scratch space


@dataclass(frozen=True)
class Motion:
    """Smooth motion on an even 10 Hz grid, frame P; columns as in the raw span.

    times_s (G,); positions (G, P, 2) metres, NaN where unseen for more than 3 s; velocities (G, P, 2) m/s, NaN
    where unseen for more than 1 s, in pieces under 1.5 s, or faster than a human; filled (G, P) positions that
    bridge more than 1 s; noise_m (P,) white noise per track; pieces: unbroken stretches over all tracks.
    """

    times_s: FloatArray
    positions: FloatArray
    velocities: FloatArray
    filled: BoolArray
    noise_m: FloatArray
    pieces: int
    rate_hz: float

    @property
    def carries_speed(self) -> bool:
        return self.rate_hz >= MIN_RATE_HZ


@dataclass(frozen=True, slots=True)
class Piece:
    """An unbroken stretch of a track: rows (N,) of the frames that saw it, places (N, 2) in metres."""

    rows: IntArray
    places: FloatArray


def smooth_motion(
    raw: RawSpan, pitch: PitchSize, *, grid_s: FloatArray, calibration_error_m: float = 0.0, correlation_s: float = 0.0
) -> Motion:
    """Clean and smooth every track of a span and sample it on a grid.

    Args:
        raw: frames as seen.
        pitch: size of the pitch in metres.
        grid_s: (G,) times to sample, ascending.
        calibration_error_m: error of the mapping, added to the noise in quadrature.
        correlation_s: time over which errors stay alike; 0 = white.
    """
    rate_hz = frame_rate_hz(raw.times_s)
    tracks = len(raw.ids)
    shape = (len(grid_s), tracks, 2)
    empty = Motion(
        grid_s, np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape[:2], bool), np.zeros(tracks), 0, rate_hz
    )
    if tracks == 0 or len(raw.times_s) < 2 or len(grid_s) == 0:
        return empty
    gated = gate(raw.positions, pitch)
    gated[common_mode_frames(gated)] = np.nan
    noise = noise_per_track(raw.times_s, gated)
    pieces, owner = cut_into_pieces(raw.times_s, gated, noise)
    if len(owner) == 0:
        return empty
    variance = noise[owner] ** 2 * (1 + 2 * correlation_s * rate_hz) + calibration_error_m**2 * 0.25
    motion = replace(empty, noise_m=noise, pieces=len(owner))
    for start in range(0, len(owner), BLOCK_PIECES):
        block = slice(start, start + BLOCK_PIECES)
        columns = _columns(pieces[block], len(raw.times_s))
        states = rts_smooth(raw.times_s, columns, variance[block])
        if not np.isfinite(states[0]).all():
            states = savgol_smooth(raw.times_s, _interpolated(raw.times_s, columns))
        _sample(raw.times_s, states, columns, owner[block], motion)
    return motion


def frame_rate_hz(times_s: FloatArray) -> float:
    """Frames per second by the median spacing; 0 for fewer than two frames."""
    if len(times_s) < 2:
        return 0.0
    spacing = float(np.median(np.diff(times_s)))
    return 1.0 / spacing if spacing > 0 else 0.0


def gate(positions: FloatArray, pitch: PitchSize) -> FloatArray:
    """Drop points more than 3 m outside the lines: bench, ball boys, stands. (..., 2) in, a copy out."""
    x, y = positions[..., 0], positions[..., 1]
    margin = GATE_MARGIN_M
    with np.errstate(invalid="ignore"):
        inside = (x >= -margin) & (x <= pitch.length_m + margin) & (y >= -margin) & (y <= pitch.width_m + margin)
    return np.where(inside[..., None], positions, np.nan)


def common_mode_frames(positions: FloatArray) -> BoolArray:
    """Frames in which the whole picture jumps for a moment: a calibration glitch, not a run.

    The jump is measured against each player's own course, so that a joint counter-attack is not taken for one.

    Args:
        positions: (T, P, 2) metres.

    Returns:
        (T,) true where at least five players, or 60 % of those seen, are thrown more than 1 m the same way.
    """
    frames = len(positions)
    glitch = np.zeros(frames, bool)
    if frames < 3:
        return glitch
    # A one-frame excursion: away from the mean of both neighbours.
    off = positions[1:-1] - (positions[:-2] + positions[2:]) / 2
    size = np.hypot(off[..., 0], off[..., 1])
    with np.errstate(invalid="ignore"):
        thrown = size > GLITCH_SHIFT_M
    count = thrown.sum(axis=1)
    seen = np.isfinite(size).sum(axis=1)
    unit = np.where(thrown[..., None], off / np.where(thrown, size, 1.0)[..., None], 0.0).sum(axis=1)
    alignment = np.hypot(unit[:, 0], unit[:, 1]) / np.maximum(count, 1)
    enough = ((count >= GLITCH_PLAYERS) | (count >= GLITCH_SHARE * seen)) & (count >= 2)
    glitch[1:-1] = enough & (alignment > GLITCH_SPREAD_COS)
    # The neighbours of a glitch look thrown the other way, by half as much; only the peak is dropped.
    strength = np.zeros(frames)
    strength[1:-1] = np.where(glitch[1:-1], np.where(thrown, size, 0.0).sum(axis=1) / np.maximum(count, 1), 0.0)
    before = np.concatenate([[0.0], strength[:-1]])
    after = np.concatenate([strength[1:], [0.0]])
    return np.asarray(glitch & (strength >= before) & (strength > after), bool)


def noise_per_track(times_s: FloatArray, positions: FloatArray) -> FloatArray:
    """White noise of each track from second differences of slow motion, 1.4826 · MAD / √6.

    Tracks with few samples get the median of the others, or 0.3 m when there are none.

    Returns:
        (P,) metres per axis, between 0.05 and 1.0.
    """
    tracks = positions.shape[1]
    estimate = np.full(tracks, np.nan)
    if len(times_s) >= 3:
        second = positions[:-2] - 2 * positions[1:-1] + positions[2:]
        span = (times_s[2:] - times_s[:-2])[:, None, None]
        speed = np.linalg.norm((positions[2:] - positions[:-2]) / span, axis=-1)
        with np.errstate(invalid="ignore"):
            second = np.where((speed < 3.0)[..., None], second, np.nan)
        for track in range(tracks):
            values = second[:, track].ravel()
            values = values[np.isfinite(values)]
            if len(values) >= 30:
                estimate[track] = 1.4826 * np.median(np.abs(values - np.median(values))) / np.sqrt(6)
    known = estimate[np.isfinite(estimate)]
    pooled = float(np.median(known)) if len(known) else DEFAULT_NOISE_M
    return np.clip(np.where(np.isfinite(estimate), estimate, pooled), *NOISE_LIMITS_M)


def cut_into_pieces(times_s: FloatArray, positions: FloatArray, noise_m: FloatArray) -> tuple[list[Piece], IntArray]:
    """Cut tracks where they jump or were unseen too long; what remains may be bridged.

    Args:
        times_s: (T,).
        positions: (T, P, 2) metres, NaN where unseen.
        noise_m: (P,) noise per track, a margin for the jump test.

    Returns:
        the K pieces and their owners (K,), the track of each.
    """
    close_s = max(0.2, 1.5 / max(frame_rate_hz(times_s), 1e-6)) + 1e-3
    pieces: list[Piece] = []
    owner: list[int] = []
    for track in range(positions.shape[1]):
        rows = np.flatnonzero(np.isfinite(positions[:, track, 0]))
        if len(rows) == 0:
            continue
        gap_s = np.diff(times_s[rows])
        step_m = np.linalg.norm(np.diff(positions[rows, track], axis=0), axis=1)
        limit = np.where(gap_s <= close_s, JUMP_SPEED_MPS, FILL_SPEED_MPS) * gap_s + 3 * noise_m[track]
        breaks = np.flatnonzero((step_m > limit) | (gap_s > SHAPE_GAP_S)) + 1
        for part in np.split(rows, breaks):
            pieces.append(Piece(part, positions[part, track]))
            owner.append(track)
    return pieces, np.array(owner, np.int64)


def _columns(pieces: Sequence[Piece], frames: int) -> FloatArray:
    """(T, K, 2) metres, one column per piece, NaN outside it."""
    columns = np.full((frames, len(pieces), 2), np.nan)
    for column, piece in enumerate(pieces):
        columns[piece.rows, column] = piece.places
    return columns


def _sample(
    times_s: FloatArray, states: tuple[FloatArray, FloatArray], measured: FloatArray, owner: IntArray, into: Motion
) -> None:
    """Cubic interpolation of smoothed pieces on the grid, masked and capped, written into their tracks' columns."""
    grid_s = into.times_s
    left = np.clip(np.searchsorted(times_s, grid_s, side="right") - 1, 0, len(times_s) - 2)
    position, velocity = _hermite(times_s, grid_s, left, states)
    seen = np.isfinite(measured[..., 0])
    rows = np.arange(len(times_s))[:, None]
    last_seen = np.maximum.accumulate(np.where(seen, rows, -1), axis=0)
    next_seen = np.minimum.accumulate(np.where(seen, rows, len(times_s))[::-1], axis=0)[::-1]
    on_left = np.abs(grid_s - times_s[left]) < 1e-6
    # On a frame the gap is judged on its own sighting, between frames on both neighbours.
    before = last_seen[left]
    after = np.where(on_left[:, None], next_seen[left], next_seen[left + 1])
    near = (grid_s >= times_s[0] - GRID_SLACK_S) & (grid_s <= times_s[-1] + GRID_SLACK_S)
    inside = (before >= 0) & (after < len(times_s)) & near[:, None]
    gap_s = times_s[np.minimum(after, len(times_s) - 1)] - times_s[np.maximum(before, 0)]
    lasting = (times_s[last_seen[-1]] - times_s[next_seen[0]]) >= MIN_SPEED_PIECE_S - 1e-6
    fast = np.hypot(velocity[..., 0], velocity[..., 1])
    has_speed = inside & (gap_s <= SPEED_GAP_S + 1e-6) & lasting & (fast <= MAX_SPEED_MPS)
    for piece, track in enumerate(owner):
        where = inside[:, piece]
        into.positions[where, track] = position[where, piece]
        into.filled[where, track] = gap_s[where, piece] > SPEED_GAP_S
        moving = has_speed[:, piece]
        into.velocities[moving, track] = velocity[moving, piece]


def _hermite(
    times_s: FloatArray, grid_s: FloatArray, left: IntArray, states: tuple[FloatArray, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    position, velocity = states
    width = (times_s[left + 1] - times_s[left])[:, None, None]
    u = np.clip((grid_s - times_s[left])[:, None, None] / width, 0.0, 1.0)
    x0, x1 = position[left], position[left + 1]
    m0, m1 = velocity[left] * width, velocity[left + 1] * width
    u2, u3 = u * u, u * u * u
    at = (2 * u3 - 3 * u2 + 1) * x0 + (u3 - 2 * u2 + u) * m0 + (3 * u2 - 2 * u3) * x1 + (u3 - u2) * m1
    return at, (1 - u) * velocity[left] + u * velocity[left + 1]


def _interpolated(times_s: FloatArray, measured: FloatArray) -> FloatArray:
    out = np.empty_like(measured)
    for column in range(measured.shape[1]):
        known = np.isfinite(measured[:, column, 0])
        for axis in range(2):
            out[:, column, axis] = np.interp(times_s, times_s[known], measured[known, column, axis])
    return out
