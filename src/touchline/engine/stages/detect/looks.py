"""Which part of a picture to look at, and how large, so that people are big enough for the network.

The scale rule: the median player is at least 36 px tall at the network's input. Within the profile's usual work (the
pixels of its input size) a look is as large as it can be, but not larger than makes the median player 64 px tall.
Where that leaves players under 36 px the look is enlarged until they have them, up to 1.5 times the source picture
and up to 2.25 times the profile's usual work (1.5 times along each side). A part smaller than the picture pays for an
enlargement of its own. Where even that is not enough, `SizeOfPeople.is_short` says so.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from touchline.engine.types import LEAST_PLAYER_PX, FloatArray, SizeOfPeople

# Above this median height in the network's input a larger input finds no more people, it only costs time.
_ENOUGH_PX = 64.0
LARGEST_SCALE, _SMALLEST_SCALE = 1.5, 0.2
# Of the profile's usual work, in pixels of the input.
MOST_WORK = 2.25
_MEMORY = 600
_LEAST_SAMPLES = 12
# People are measured after this many pictures, once more when the new scale has shown the smaller ones, then watched.
# Several pictures are searched ahead of what has been learned, so a new scale shows only after some more of them.
_FIRST, _AGAIN, _WATCH_EVERY = 3, 15, 25
# A zoom, unlike a moment with other people in view: this much taller or smaller, seen twice in a row.
_CHANGED, _TIMES = 1.2, 2


@dataclass(frozen=True, slots=True)
class Look:
    """A rectangle of the picture (source pixels) and the scale at which the network sees it."""

    x0: int
    y0: int
    x1: int
    y1: int
    scale: float

    @property
    def input_px(self) -> float:
        """Pixels that the network sees: what the look costs."""
        return (self.x1 - self.x0) * (self.y1 - self.y0) * self.scale**2


@dataclass(frozen=True, slots=True)
class HeightLine:
    """How tall a person is in the picture by the row of the feet."""

    row: float
    tall: float
    slope: float
    least: float
    most: float

    def height_px(self, rows: FloatArray) -> FloatArray:
        """Expected height at foot rows (K,)."""
        return np.asarray(np.clip(self.tall + self.slope * (np.asarray(rows, float) - self.row), self.least, self.most))


class HeightModel:
    """Learns the line from the people seen lately."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, float]] = deque(maxlen=_MEMORY)
        self._line: HeightLine | None = None

    def learn(self, boxes: FloatArray) -> None:
        """Add confident person boxes (N, 4)."""
        self._samples.extend((float(box[3]), float(box[3] - box[1])) for box in boxes)
        self._line = None

    @property
    def line(self) -> HeightLine | None:
        """The line as known now; None while too little was seen."""
        if self._line is None and len(self._samples) >= _LEAST_SAMPLES:
            samples = np.array(self._samples)
            # A line through the medians of the upper and lower half (Tukey's resistant line, first step).
            middle = np.median(samples[:, 0])
            upper, lower = samples[samples[:, 0] <= middle], samples[samples[:, 0] > middle]
            row, tall = np.median(upper, axis=0)
            slope = 0.0
            if len(lower):
                row_below, tall_below = np.median(lower, axis=0)
                slope = max(0.0, (tall_below - tall) / (row_below - row)) if row_below - row >= 10 else 0.0
            least, most = np.quantile(samples[:, 1], [0.02, 0.98])
            self._line = HeightLine(float(row), float(tall), float(slope), float(least), float(most))
        return self._line


class Looks:
    """Chooses the look of every picture of one video, and knows how tall people are in it.

    Call `next_look` and `learn` in the order of the pictures. People are measured on the first pictures that were
    learned from and the scale then stays, until people are taller or smaller for good (a zoom).
    """

    def __init__(self, budget_px: float, *, scale: float | None = None) -> None:
        """Args:
        budget_px: the profile's usual work: input pixels of a picture.
        scale: a scale to keep whatever the people's size; None follows the rule.
        """
        self._budget_px, self._scale = budget_px, scale
        self._heights = HeightModel()
        self._recent: deque[FloatArray] = deque(maxlen=_WATCH_EVERY)
        self._pictures = 0
        self._median_px: float | None = None
        self._is_searching = False
        self._changes: list[float] = []
        self._region: tuple[float, float, float, float] | None = None
        self._size: tuple[int, int] | None = None
        self._look: Look | None = None
        self._is_due = True

    @property
    def line(self) -> HeightLine | None:
        """How tall people are by the row of their feet; None while too little was seen."""
        return self._heights.line

    @property
    def look(self) -> Look | None:
        """The look at the latest picture; None before the first."""
        return self._look

    @property
    def people(self) -> SizeOfPeople | None:
        """How large the median player is in the source and at the input; None while too little was seen."""
        if self._look is None or self._median_px is None:
            return None
        look = self._look
        return SizeOfPeople(self._median_px, self._median_px * look.scale, look.scale, look.input_px / self._budget_px)

    def focus(self, region: tuple[float, float, float, float] | None) -> None:
        """Tell where people may be seen (x0, y0, x1, y1 source pixels); None means everywhere."""
        if region != self._region:
            self._region, self._is_due = region, True

    def next_look(self, size: tuple[int, int]) -> Look:
        """The look for the next picture, whose width and height in pixels are given."""
        if self._look is None or self._is_due or size != self._size:
            self._size, self._is_due = size, False
            self._look = choose_look(
                size=size,
                region=self._region,
                budget_px=self._budget_px,
                # Nobody to measure: the smallest people that the rule can serve may be there, unseen.
                median_px=1.0 if self._is_searching else self._median_px,
            )
            if self._scale is not None:
                look = self._look
                self._look = Look(look.x0, look.y0, look.x1, look.y1, self._scale)
        return self._look

    def learn(self, boxes: FloatArray) -> None:
        """Take the players (N, 4) that were seen for certain in the next picture: confident boxes on the pitch."""
        self._heights.learn(boxes)
        self._recent.append(np.asarray(boxes[:, 3] - boxes[:, 1], float))
        self._pictures += 1
        if self._pictures == _FIRST:
            self._measure(self._median())
        elif self._pictures == _AGAIN:
            self._measure(self._median(last=_AGAIN // 2))
        elif self._pictures > _AGAIN and (self._pictures - _AGAIN) % _WATCH_EVERY == 0:
            self._watch(self._median())

    def _median(self, *, last: int = _WATCH_EVERY) -> float | None:
        heights = np.concatenate(list(self._recent)[-last:])
        return float(np.median(heights)) if len(heights) >= _LEAST_SAMPLES else None

    def _measure(self, median_px: float | None) -> None:
        is_searching = median_px is None and self._median_px is None and self._pictures == _FIRST
        if is_searching != self._is_searching or (median_px is not None and median_px != self._median_px):
            self._is_due = True
        self._is_searching = is_searching
        self._median_px = median_px if median_px is not None else self._median_px
        self._changes = []

    def _watch(self, median_px: float | None) -> None:
        if median_px is None:
            return
        if self._median_px is None:
            self._measure(median_px)
            return
        change = median_px / self._median_px
        if 1 / _CHANGED < change < _CHANGED:
            self._changes = []
            return
        self._changes = [*(one for one in self._changes if (one > 1) == (change > 1)), change]
        if len(self._changes) >= _TIMES:
            self._measure(median_px)


def choose_look(
    *,
    size: tuple[int, int],
    region: tuple[float, float, float, float] | None,
    budget_px: float,
    median_px: float | None,
) -> Look:
    """The part of the picture that matters, as large as the work allows and people need (the rule above).

    Args:
        size: width and height of the picture in pixels.
        region: x0, y0, x1, y1 in source pixels where people may be seen; None means everywhere.
        budget_px: usual number of input pixels; the rule may take up to `MOST_WORK` times as many for small people.
        median_px: height of the median player in source pixels, None while unknown.
    """
    width, height = size
    x0, y0, x1, y1 = region or (0.0, 0.0, float(width), float(height))
    x0, y0 = int(max(0.0, x0)), int(max(0.0, y0))
    x1, y1 = int(np.ceil(min(float(width), x1))), int(np.ceil(min(float(height), y1)))
    if x1 - x0 < 64 or y1 - y0 < 64:
        x0, y0, x1, y1 = 0, 0, width, height
    affordable = float(np.sqrt(budget_px / ((x1 - x0) * (y1 - y0))))
    if median_px is None:
        scale = min(1.0, affordable)
    else:
        needed, enough = LEAST_PLAYER_PX / median_px, _ENOUGH_PX / median_px
        scale = min(max(needed, min(affordable, enough)), LARGEST_SCALE, affordable * float(np.sqrt(MOST_WORK)))
        # A little larger than the source gains nothing and costs a resampling.
        scale = 1.0 if needed <= 1.0 < scale < 1.1 else scale
    return Look(x0, y0, x1, y1, max(scale, _SMALLEST_SCALE))
