"""Two detectors as one: where both see somebody he is surer, where only one does he is less sure.

Both look at the same part at the same scale. Two boxes of people mean the same person from an IoU of 0.5 on, two balls
the same ball where their middles are at most one diameter apart; each box has one partner at most, the best first. On
the contract's scale, of scores a and b: both 1 - (1-a)(1-b), one alone 0.85 of its score; the common box is the mean
of both, weighted by their scores.

Source: noisy-or of independent detectors; boxes after Solovyev et al. 2021, arXiv:1910.13302; 0.85 and its gain were
measured on labelled frames (AP50 .75 alone, .83 together, of a forerunner of the shipped model with NanoDet-g).
"""

import math
from pathlib import Path

import numpy as np

from touchline.engine.stages.detect.boxes import areas, intersections, suppress
from touchline.engine.stages.detect.detector import (
    MOST_BALLS,
    MOST_PEOPLE,
    Floors,
    NetworkDetector,
    lows_of,
    open_detector,
)
from touchline.engine.stages.detect.layouts import Overlap
from touchline.engine.stages.detect.looking import LookingDetector
from touchline.engine.stages.detect.looks import HeightLine, Look, Looks
from touchline.engine.stages.detect.scores import BALL_DEFAULT, PERSON_DEFAULT
from touchline.engine.types import Detections, FloatArray, Image

ALONE = 0.85
_SAME_PERSON_IOU = 0.5
# Each list was cleared by its own rule before; clearing the fused one of covered boxes too costs real people behind
# others: AP50 .930 without, .912 with it, measured on 90 real frames.
_OVERLAP = Overlap(iou=0.5, contained=1.0)
_SAME_BALL = Overlap(iou=0.5, contained=0.8)


class FusedDetector(LookingDetector):
    """Two detectors as one. Make it with `open_fused`, which lets both list what together may count."""

    def __init__(
        self,
        first: NetworkDetector,
        second: NetworkDetector,
        *,
        person_confidence: float = PERSON_DEFAULT,
        ball_confidence: float = BALL_DEFAULT,
        input_size: tuple[int, int] = (1280, 736),
        floor: float | Floors | None = None,
    ) -> None:
        """Args:
        first: one detector.
        second: of another family, or trained on other pictures: two of a kind share their errors.
        person_confidence: contract's value.
        ball_confidence: contract's value.
        input_size: width and height whose product is the usual work on every picture, for each of both.
        floor: as for `NetworkDetector`, of the fused scores.
        """
        super().__init__(Looks(float(input_size[0] * input_size[1])), person_confidence=person_confidence)
        self._first, self._second = first, second
        self._is_all = floor is not None
        self._lows = lows_of(person_confidence, ball_confidence, floor=floor)

    @property
    def name(self) -> str:
        return f"{self._first.name} with {self._second.name}"

    def search(self, image: Image, look: Look, *, heights: HeightLine | None = None) -> Detections:
        """See `LookingDetector`; the two searches follow each other in the same thread."""
        one, other = (detector.search(image, look, heights=heights) for detector in (self._first, self._second))
        people = suppress(fused_people(_rows(one.boxes, one.scores), _rows(other.boxes, other.scores)), _OVERLAP)
        balls = suppress(
            fused_balls(_rows(one.ball_boxes, one.ball_scores), _rows(other.ball_boxes, other.ball_scores)), _SAME_BALL
        )
        people, balls = people[people[:, 4] >= self._lows.person], balls[balls[:, 4] >= self._lows.ball]
        if not self._is_all:
            people, balls = people[:MOST_PEOPLE], balls[:MOST_BALLS]
        return Detections(people[:, :4], people[:, 4], balls[:, :4], balls[:, 4])

    def ball_near(self, image: Image, centre_px: tuple[float, float]) -> tuple[FloatArray, FloatArray]:
        """Both detectors' second look, fused. See `NetworkDetector.ball_near`."""
        # How tall people are is learned here, of both together.
        heights = self._looks.line
        one, other = (
            detector.balls_near(image, centre_px, heights=heights) for detector in (self._first, self._second)
        )
        balls = suppress(fused_balls(one, other), _SAME_BALL)
        balls = balls[balls[:, 4] >= self._lows.ball][:MOST_BALLS]
        return balls[:, :4], balls[:, 4]


def open_fused(
    first: str | Path | None,
    second: str | Path,
    *,
    backend: str = "auto",
    calls: int = 1,
    person_confidence: float = PERSON_DEFAULT,
    ball_confidence: float = BALL_DEFAULT,
    input_size: tuple[int, int] = (1280, 736),
    floor: float | Floors | None = None,
) -> FusedDetector:
    """Two model files as one detector; the arguments are those of `open_detector`.

    Raises:
        ModelMismatchError: as `open_detector`, of either file.
        SettingsInvalidError: as `open_detector`.
    """
    lows = lows_of(person_confidence, ball_confidence, floor=floor)
    listed = Floors(_for_one(lows.person), _for_one(lows.ball))
    one, other = (open_detector(path, backend=backend, calls=calls, floor=listed) for path in (first, second))
    return FusedDetector(
        one,
        other,
        person_confidence=person_confidence,
        ball_confidence=ball_confidence,
        input_size=input_size,
        floor=floor,
    )


def fused_people(one: FloatArray, other: FloatArray) -> FloatArray:
    """People (N, 5) of two lists (box and score on the contract's scale), fused."""
    shared = intersections(one, other)
    closeness = shared / np.maximum(areas(one)[:, None] + areas(other)[None, :] - shared, 1e-9)
    return _fused(one, other, closeness, least=_SAME_PERSON_IOU)


def fused_balls(one: FloatArray, other: FloatArray) -> FloatArray:
    """Balls (N, 5) of two lists, fused; balls are too small for their boxes' overlap to mean much."""
    middles, other_middles = (one[:, :2] + one[:, 2:4]) / 2, (other[:, :2] + other[:, 2:4]) / 2
    apart = np.linalg.norm(middles[:, None] - other_middles[None], axis=2)
    sides, other_sides = (one[:, 2:4] - one[:, :2]).max(axis=1), (other[:, 2:4] - other[:, :2]).max(axis=1)
    diameters = np.maximum(sides[:, None], other_sides[None])
    return _fused(one, other, 1 - apart / np.maximum(diameters, 1e-9), least=0.0)


def _fused(one: FloatArray, other: FloatArray, closeness: FloatArray, *, least: float) -> FloatArray:
    """Pair the closest first; `closeness` (N, M) from `least` on makes a pair."""
    rows, columns = np.nonzero(closeness >= least)
    order = np.argsort(-closeness[rows, columns], kind="stable")
    partner, is_taken = np.full(len(one), -1), np.zeros(len(other), bool)
    for row, column in zip(rows[order], columns[order], strict=True):
        if partner[row] < 0 and not is_taken[column]:
            partner[row], is_taken[column] = column, True
    paired = partner >= 0
    return np.concatenate(
        [_agreed(one[paired], other[partner[paired]]), _alone(one[~paired]), _alone(other[~is_taken])]
    ).astype(np.float32)


def _agreed(one: FloatArray, other: FloatArray) -> FloatArray:
    a, b = one[:, 4:], other[:, 4:]
    boxes = (one[:, :4] * a + other[:, :4] * b) / np.maximum(a + b, 1e-9)
    return np.concatenate([boxes, 1 - (1 - a) * (1 - b)], axis=1)


def _alone(boxes: FloatArray) -> FloatArray:
    return np.concatenate([boxes[:, :4], ALONE * boxes[:, 4:]], axis=1)


def _rows(boxes: FloatArray, scores: FloatArray) -> FloatArray:
    return np.column_stack([boxes, scores]).reshape(-1, 5)


def _for_one(low: float) -> float:
    """The lowest score that one of two must list so that no agreement of both from `low` on is missed."""
    return 1 - math.sqrt(1 - min(low, 1.0))
