"""Whose boots look like a ball: what goes with somebody's feet for seconds is most likely part of him."""

from collections import deque

import numpy as np

from touchline.engine.stages.ball.nodes import NOBODY
from touchline.engine.types import BoolArray, FloatArray, IntArray, Tracks

_MEMORY_S, _LOOK_EVERY_S = 8.0, 0.19
# On somebody's boots in this share of looks, over at least that long.
_SHARE, _LEAST_S = 0.45, 2.5
# Around the middle of a person's lower edge, in heights of the person.
_ASIDE, _ABOVE, _BELOW = 0.45, 0.4, 0.15
# Everybody who is not followed; tracks count from 1.
_ANYBODY = 0
_SAME_BOX_PX = 1.0


class Boots:
    """Remembers on whose boots candidates lay lately."""

    def __init__(self) -> None:
        self._seen: dict[int, deque[tuple[float, bool]]] = {}
        self._looked_s = -np.inf

    def judge(
        self, time_s: float, places: FloatArray, people: FloatArray, followed: Tracks | None
    ) -> tuple[IntArray, FloatArray]:
        """Judge the candidates (N, 2) of a new frame by what was before them, then remember them.

        Args:
            time_s: of the frame.
            places: middles of the candidates, source pixels.
            people: (M, 4) boxes.
            followed: those of them who are followed; None where nobody is.

        Returns:
            (N,) on whose boots each lies, NOBODY for none; (N,) since when something has been on these boots most of
            the time, seconds, inf where that is not so or the person is not followed.
        """
        on_boots = _on_boots(places, people)
        numbers = _numbers(people, followed)
        body, since = np.full(len(places), NOBODY), np.full(len(places), np.inf)
        if len(people):
            is_on = np.asarray(on_boots.any(axis=1))
            body[is_on] = numbers[np.argmax(on_boots[is_on], axis=1)]
        for row in np.flatnonzero((body != NOBODY) & (body != _ANYBODY)):
            since[row] = self._since(int(body[row]), time_s)
        known = numbers != _ANYBODY
        self._remember(time_s, numbers[known], np.asarray(on_boots.any(axis=0))[known])
        return body, since

    def _since(self, body: int, now_s: float) -> float:
        """When something was first found on these boots, if most looks since then found something; else inf."""
        looks = self._seen.get(body, deque())
        first = next((row for row, (_, found) in enumerate(looks) if found), None)
        if first is None or now_s - looks[first][0] < _LEAST_S:
            return float(np.inf)
        later = [found for _, found in looks][first:]
        return looks[first][0] if sum(later) >= _SHARE * len(later) else float(np.inf)

    def _remember(self, time_s: float, numbers: IntArray, found: BoolArray) -> None:
        if time_s - self._looked_s < _LOOK_EVERY_S:
            return
        self._looked_s = time_s
        for body, has in zip(numbers.tolist(), found.tolist(), strict=True):
            self._seen.setdefault(int(body), deque()).append((time_s, bool(has)))
        for body in list(self._seen):
            looks = self._seen[body]
            while looks and looks[0][0] < time_s - _MEMORY_S:
                looks.popleft()
            if not looks:
                del self._seen[body]


def _numbers(people: FloatArray, followed: Tracks | None) -> IntArray:
    """(M,) lasting numbers of people, by their boxes; ANYBODY for those who are not followed."""
    numbers = np.full(len(people), _ANYBODY, np.int64)
    if followed is not None and len(people) and len(followed.ids):
        apart = np.abs(np.asarray(people, float)[:, None] - np.asarray(followed.boxes, float)[None]).max(axis=2)
        nearest = np.argmin(apart, axis=1)
        same = apart[np.arange(len(people)), nearest] < _SAME_BOX_PX
        numbers[same] = np.asarray(followed.ids)[nearest[same]]
    return numbers


def _on_boots(places: FloatArray, people: FloatArray) -> BoolArray:
    """(N, M) whether candidates lie on people's boots."""
    people = np.asarray(people, float).reshape(-1, 4)
    tall = np.maximum(people[:, 3] - people[:, 1], 1e-6)
    aside = (places[:, :1] - (people[:, 0] + people[:, 2]) / 2) / tall
    below = (places[:, 1:] - people[:, 3]) / tall
    return np.asarray((np.abs(aside) < _ASIDE) & (below > -_ABOVE) & (below < _BELOW))
