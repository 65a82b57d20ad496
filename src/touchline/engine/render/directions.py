"""Which way the teams attack at any time: sides change at half-time, so the answer comes from the windows."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from touchline.football.updates import SegmentDone
from touchline.football.vocabulary import Side


class Directions:
    """Direction of play per window; a window without one goes on as the one before."""

    def __init__(self, segments: Sequence[SegmentDone], attacks_right_a: bool | None) -> None:
        """attacks_right_a: what holds where no window says anything."""
        self._starts_s: list[float] = []
        self._right_a: list[bool] = []
        self._otherwise = attacks_right_a
        for segment in sorted(segments, key=lambda one: one.start_s):
            right_a = _of(segment)
            if right_a is not None:
                self._starts_s.append(segment.start_s)
                self._right_a.append(right_a)

    @property
    def are_known(self) -> bool:
        """Whether there is an answer for every time of the run."""
        return bool(self._right_a) or self._otherwise is not None

    def attacks_right_a(self, time_s: float) -> bool | None:
        """Whether team A attacks x = length in frame P; None when nobody knows."""
        if not self._right_a:
            return self._otherwise
        # Before the first window that knows, its answer holds: it is the same period.
        return self._right_a[max(0, bisect_right(self._starts_s, time_s) - 1)]

    def attacks_right(self, side: Side, time_s: float) -> bool | None:
        """The same for either team."""
        right_a = self.attacks_right_a(time_s)
        return right_a if right_a is None or side is Side.A else not right_a


def _of(segment: SegmentDone) -> bool | None:
    """`analysis.direction` is {"team_a": "right" | "left", …}, or null."""
    told = segment.analysis.get("direction")
    word = told.get("team_a") if isinstance(told, Mapping) else None
    return {"right": True, "left": False}.get(str(word))
