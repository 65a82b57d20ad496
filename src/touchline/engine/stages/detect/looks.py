"""Which part of a picture to look at, and how large, so that people are big enough for the network."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from touchline.engine.types import FloatArray

# Above this median height in the network's input a larger input finds no more people, it only costs time.
_ENOUGH_PX = 64.0
_LARGEST_SCALE, _SMALLEST_SCALE = 2.0, 0.2
_MEMORY = 600
_LEAST_SAMPLES = 12


@dataclass(frozen=True, slots=True)
class Look:
    """A rectangle of the picture (source pixels) and the scale at which the network sees it."""

    x0: int
    y0: int
    x1: int
    y1: int
    scale: float


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
    def median_px(self) -> float | None:
        """Median height of the people seen lately; None while too little was seen."""
        if len(self._samples) < _LEAST_SAMPLES:
            return None
        return float(np.median([tall for _, tall in self._samples]))

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


def choose_look(
    *,
    size: tuple[int, int],
    region: tuple[float, float, float, float] | None,
    budget_px: float,
    median_px: float | None,
) -> Look:
    """The part of the picture that matters, as large as the budget allows and people need.

    Args:
        size: width and height of the picture in pixels.
        region: x0, y0, x1, y1 in source pixels where people may be seen; None means everywhere.
        budget_px: largest number of input pixels.
        median_px: usual height of people in source pixels, None while unknown.
    """
    width, height = size
    x0, y0, x1, y1 = region or (0.0, 0.0, float(width), float(height))
    x0, y0 = int(max(0.0, x0)), int(max(0.0, y0))
    x1, y1 = int(np.ceil(min(float(width), x1))), int(np.ceil(min(float(height), y1)))
    if x1 - x0 < 64 or y1 - y0 < 64:
        x0, y0, x1, y1 = 0, 0, width, height
    affordable = float(np.sqrt(budget_px / ((x1 - x0) * (y1 - y0))))
    wanted = 1.0 if median_px is None else _ENOUGH_PX / median_px
    scale = float(np.clip(min(affordable, wanted), _SMALLEST_SCALE, _LARGEST_SCALE))
    # A little larger than the source gains nothing and costs a resampling.
    return Look(x0, y0, x1, y1, 1.0 if 1.0 < scale < 1.1 else scale)
