"""What stays where it is: spots, line crossings and lamps on the ground, captions in the picture.

The candidates of the last seconds are remembered three times: as they lay in their own picture, where the movement of
the camera has taken them since, and on the pitch.
"""

import numpy as np

from touchline.engine.stages.ball.ground import Ground
from touchline.engine.stages.ball.nodes import apart
from touchline.engine.types import BoolArray, CameraStep, FloatArray, IntArray

MEMORY_S = 8.0
_LOOK_EVERY_S = 0.19
# Found in this share of looks, over at least that long, at one place.
_SHARE, _LEAST_S, _CAPTION_S = 0.55, 4.0, 2.0
_RADIUS_M, _RADIUS_PX = 0.22, 2.0
# A picture that went on by this many radii while something stayed: it is drawn over the picture.
_CAPTION_TRAVEL = 6.0


class Stillness:
    """Tells which candidates lie where something was found most of the time lately."""

    def __init__(self) -> None:
        self._at_s = np.zeros(0)  # (L,) times of the remembered looks
        self._look = np.zeros(0, np.intp)  # (R,) look of every remembered candidate
        self._in_picture, self._now, self._metres = np.zeros((0, 2)), np.zeros((0, 2)), np.zeros((0, 2))

    def shift(self, step: CameraStep) -> None:
        """Move what is remembered with the picture."""
        self._now = self._now @ step.affine[:, :2].T + step.affine[:, 2]

    def judge(self, time_s: float, places: FloatArray, ground: Ground) -> tuple[FloatArray, BoolArray]:
        """Judge the candidates (N, 2) of a new frame by what was before them, then remember them.

        Returns:
            (N,) since when something has been there most of the time, seconds, inf where that is not so; (N,) whether
            it is drawn over the picture rather than lying on the ground.
        """
        since, caption = np.full(len(places), np.inf), np.zeros(len(places), bool)
        if len(self._look) and len(places):
            radius = np.maximum(_RADIUS_PX, _RADIUS_M * ground.scale)[:, None]
            there = self._by_look(self._apart(places, ground) < radius)
            since = self._since(there, time_s, least_s=_LEAST_S)
            stuck = apart(places, self._in_picture) < radius
            stays = self._since(self._by_look(stuck), time_s, least_s=_CAPTION_S)
            caption = np.isfinite(stays) & self._was_passed(stuck, radius[:, 0])
        self._remember(time_s, places, ground.metres)
        return since, caption

    def _apart(self, places: FloatArray, ground: Ground) -> FloatArray:
        """(N, R) pixels between candidates and remembered ones."""
        away_px = apart(places, self._now)
        # Where both are placed the pitch tells better than the following of the background.
        here, then = np.isfinite(ground.metres[:, 0]), np.isfinite(self._metres[:, 0])
        if here.any() and then.any():
            away = self._metres[then][None] - ground.metres[here][:, None]
            px = away @ ground.px_per_m[here].transpose(0, 2, 1)
            away_px[np.ix_(here, then)] = np.sqrt((px * px).sum(axis=-1))
        return away_px

    def _by_look(self, hits: BoolArray) -> BoolArray:
        """(L, N) whether each look found something where each candidate is, from hits (N, R)."""
        there = np.zeros((len(self._at_s), len(hits)), bool)
        looks, first = np.unique(self._look, return_index=True)
        there[looks] = np.logical_or.reduceat(hits, first, axis=1).T
        return there

    def _since(self, there: BoolArray, now_s: float, *, least_s: float) -> FloatArray:
        """(N,) time of the first look that found something, where most looks since then did; else inf."""
        first = np.argmax(there, axis=0)
        later = len(there) - first
        share = there.sum(axis=0) / later
        begun = self._at_s[first]
        stays = there.any(axis=0) & (share >= _SHARE) & (now_s - begun >= least_s)
        return np.where(stays, begun, np.inf)

    def _was_passed(self, stuck: BoolArray, radius: FloatArray) -> BoolArray:
        """(N,) whether the ground that lay under a place when it was first seen there is well away by now."""
        first: IntArray = np.argmax(stuck, axis=1)
        travel = np.hypot(*(self._now[first] - self._in_picture[first]).T)
        return np.asarray(stuck.any(axis=1) & (travel > _CAPTION_TRAVEL * radius))

    def _remember(self, time_s: float, places: FloatArray, metres: FloatArray) -> None:
        if len(self._at_s) and time_s - self._at_s[-1] < _LOOK_EVERY_S:
            return
        old = int(np.searchsorted(self._at_s, time_s - MEMORY_S))
        keep = self._look >= old
        self._at_s = np.append(self._at_s[old:], time_s)
        self._look = np.append(self._look[keep] - old, np.full(len(places), len(self._at_s) - 1))
        self._in_picture = np.concatenate([self._in_picture[keep], places])
        self._now = np.concatenate([self._now[keep], places])
        self._metres = np.concatenate([self._metres[keep], metres])
