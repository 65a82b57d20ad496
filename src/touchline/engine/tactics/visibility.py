"""Which team metrics a frame may feed: players leave the picture because of where they are.

A head count alone lies when a camera crops along the pitch, so every test also asks how far the picture reaches.
Tests and limits: tactics specification §3.
"""

from dataclasses import dataclass

import numpy as np

from touchline.engine.tactics.span import BoolArray
from touchline.engine.types import FloatArray, IntArray
from touchline.football.pitch import PitchSize

OUTFIELD_PLAYERS = 10
REACH_M = 8.0
LINE_PLAYERS = 6
SHAPE_PLAYERS = 7
EDGE_M = 1.0  # how near to a line the picture must reach to count as reaching it
_STEP_M = 2.0


@dataclass(frozen=True)
class Reach:
    """How far the picture reaches, per frame, in the frame of a team; NaN where it shows nothing.

    along (G, Y, 2): lowest and highest x' seen at each y' sample; across (G, X, 2): lowest and highest y' at each x'.
    """

    along: FloatArray
    across: FloatArray
    pitch: PitchSize


@dataclass(frozen=True)
class FrameValidity:
    """(G,) each: which metrics a frame may feed, the outfield players seen and the share n / N."""

    line: BoolArray
    width: BoolArray
    length: BoolArray
    shape: BoolArray
    players: IntArray

    @property
    def usable(self) -> BoolArray:
        return np.asarray(self.line | self.width | self.shape, bool)


def reach_of(polygons: tuple[FloatArray, ...], index: IntArray, pitch: PitchSize) -> Reach | None:
    """Slice the visible polygons once each and lay the answer out per frame, frame P.

    Args:
        polygons: each (K, 2) metres.
        index: (G,) polygon of each frame, -1 for none.
        pitch: size of the pitch.

    Returns:
        None when no frame has a polygon (imported positions).
    """
    if not polygons or (index < 0).all():
        return None
    x_at, y_at = _samples(pitch.length_m), _samples(pitch.width_m)
    along = np.full((len(polygons) + 1, len(y_at), 2), np.nan)
    across = np.full((len(polygons) + 1, len(x_at), 2), np.nan)
    for row in np.unique(index[index >= 0]):
        along[row] = _slice(polygons[row][:, ::-1], y_at)
        across[row] = _slice(polygons[row], x_at)
    return Reach(along[index], across[index], pitch)  # index -1 is the row of NaN at the end


def turned(reach: Reach, *, attacks_right: bool) -> Reach:
    """The same reach in the frame of a team: a half-turn when it attacks x = 0."""
    if attacks_right:
        return reach
    pitch = reach.pitch
    return Reach(
        pitch.length_m - reach.along[:, ::-1, ::-1],
        pitch.width_m - reach.across[:, ::-1, ::-1],
        pitch,
    )


def frame_validity(
    outfield: FloatArray, *, keeper_seen: BoolArray, reach: Reach | None, on_pitch: int = OUTFIELD_PLAYERS
) -> FrameValidity:
    """Test every frame of one team.

    Args:
        outfield: (G, M, 2) metres, frame T, NaN padding; the keeper is not among them.
        keeper_seen: (G,) whether the team's own keeper is in the picture.
        reach: in the frame of the same team, or None without polygons.
        on_pitch: outfield players that the team has.
    """
    seen = np.isfinite(outfield[..., 0])
    players = seen.sum(axis=1)
    nearly_all = players >= on_pitch - 1
    if reach is None or outfield.shape[1] == 0:
        return FrameValidity(players >= 8, players >= 7, players >= 9, players >= 8, players)
    back, front = _reaches_beyond(outfield, seen, reach)
    line = (players >= LINE_PLAYERS) & (keeper_seen | back)
    return FrameValidity(
        line=line,
        width=((players >= SHAPE_PLAYERS) & _spans_width(outfield, seen, reach)) | nearly_all,
        length=(line & front) | nearly_all,
        shape=((players >= SHAPE_PLAYERS) & (back | keeper_seen | front)) | nearly_all,
        players=players,
    )


def _reaches_beyond(outfield: FloatArray, seen: BoolArray, reach: Reach) -> tuple[BoolArray, BoolArray]:
    """Whether the picture reaches 8 m, or to the goal line, behind the deepest and beyond the most advanced player."""
    frames = np.arange(len(outfield))
    x = outfield[..., 0]
    deepest = np.where(seen, x, np.inf).argmin(axis=1)
    foremost = np.where(seen, x, -np.inf).argmax(axis=1)

    def row(player: IntArray) -> IntArray:
        y = np.nan_to_num(outfield[frames, player, 1])
        return np.asarray(np.clip((y // _STEP_M).astype(np.int64), 0, reach.along.shape[1] - 1))

    with np.errstate(invalid="ignore"):
        low = reach.along[frames, row(deepest), 0]
        high = reach.along[frames, row(foremost), 1]
        back = low <= np.maximum(x[frames, deepest] - REACH_M, EDGE_M)
        front = high >= np.minimum(x[frames, foremost] + REACH_M, reach.pitch.length_m - EDGE_M)
    return back, front


def _spans_width(outfield: FloatArray, seen: BoolArray, reach: Reach) -> BoolArray:
    """Whether both touchlines are in the picture all along the team's x range."""
    x_at = _samples(reach.pitch.length_m)
    low = np.where(seen, outfield[..., 0], np.inf).min(axis=1)
    high = np.where(seen, outfield[..., 0], -np.inf).max(axis=1)
    inside = (x_at >= low[:, None] - _STEP_M / 2) & (x_at <= high[:, None] + _STEP_M / 2)
    with np.errstate(invalid="ignore"):
        both = (reach.across[..., 0] <= EDGE_M) & (reach.across[..., 1] >= reach.pitch.width_m - EDGE_M)
    return np.asarray((both | ~inside).all(axis=1) & inside.any(axis=1), bool)


def _samples(extent_m: float) -> FloatArray:
    count = max(int(extent_m // _STEP_M), 1)
    return (np.arange(count) + 0.5) * (extent_m / count)


def _slice(polygon: FloatArray, at: FloatArray) -> FloatArray:
    """Lowest and highest second coordinate where a polygon crosses first coordinate = at; (S, 2)."""
    a0, b0 = polygon[:, 0], polygon[:, 1]
    a1, b1 = np.roll(a0, -1), np.roll(b0, -1)
    crosses = (np.minimum(a0, a1) <= at[:, None]) & (at[:, None] <= np.maximum(a0, a1)) & (a0 != a1)
    width = np.where(a0 == a1, 1.0, a1 - a0)
    value = b0 + (at[:, None] - a0) / width * (b1 - b0)
    low = np.where(crosses, value, np.inf).min(axis=1)
    high = np.where(crosses, value, -np.inf).max(axis=1)
    missing = ~crosses.any(axis=1)
    return np.column_stack([np.where(missing, np.nan, low), np.where(missing, np.nan, high)])
