"""What a layout is: the way in which a family of networks writes down what it found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from touchline.engine.stages.detect.picture import InputForm
from touchline.engine.types import FloatArray
from touchline.engine.weights import Classes

Outputs = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a network answered to one input.

    outputs: arrays by name, a batch of one each; width, height: of the input in pixels.
    inside: x0, y0, x1, y1 input pixels that the picture covers; beside it is padding.
    """

    outputs: Outputs
    width: int
    height: int
    inside: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Least:
    """Raw scores under which nothing is listed."""

    person: float
    ball: float


@dataclass(frozen=True, slots=True)
class Candidates:
    """People (N, 5) and balls (M, 5): box x0, y0, x1, y1 in input pixels and raw score 0..1."""

    people: FloatArray
    balls: FloatArray


@dataclass(frozen=True, slots=True)
class Overlap:
    """Which of two overlapping boxes is the same person seen twice: IoU, or share of the smaller box covered."""

    iou: float
    contained: float


class Layout(Protocol):
    """One family's outputs, read as boxes.

    `form` is what the family's networks are fed with unless a description says otherwise; `overlap` is None where
    they list everybody once; `classes` counts the classes they tell apart, None where the outputs do not show it;
    `has_ball_size` is False where a ball's box is only a place (its corners coincide).
    """

    @property
    def name(self) -> str: ...

    @property
    def form(self) -> InputForm: ...

    @property
    def classes(self) -> int | None: ...

    @property
    def overlap(self) -> Overlap | None: ...

    @property
    def has_ball_size(self) -> bool: ...

    def read(self, seen: Seen, *, classes: Classes, least: Least) -> Candidates: ...


def chosen(boxes: FloatArray, scores: FloatArray, *, seen: Seen, classes: Classes, least: Least) -> Candidates:
    """People and balls among boxes that carry a score for every class.

    Args:
        boxes: (N, 4) input pixels.
        scores: (N, C) raw, 0..1.
        seen: boxes whose middle lies beside the picture are dropped.
        classes: which columns are people and the ball.
        least: scores under which a box is dropped.
    """
    person = scores[:, list(classes.person)].max(axis=1)
    ball = np.zeros(len(scores), scores.dtype) if classes.ball is None else scores[:, classes.ball]
    x0, y0, x1, y1 = seen.inside
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    is_inside = ((middle >= (x0, y0)) & (middle <= (x1, y1))).all(axis=1)
    is_person = is_inside & (person >= least.person)
    # What looks more like a person than like a ball is one.
    is_ball = is_inside & (ball >= least.ball) & (ball > person)
    return Candidates(
        np.column_stack([boxes[is_person], person[is_person]]), np.column_stack([boxes[is_ball], ball[is_ball]])
    )


def labelled(
    boxes: FloatArray, labels: NDArray[Any], scores: FloatArray, *, seen: Seen, classes: Classes, least: Least
) -> Candidates:
    """People and balls among boxes (N, 4) that carry one label (N,) and one raw score (N,) each."""
    is_person = np.isin(labels, classes.person)
    is_ball = np.zeros(len(labels), bool) if classes.ball is None else labels == classes.ball
    columns = np.column_stack([scores * is_person, scores * is_ball])
    places = Classes((0,), None if classes.ball is None else 1)
    return chosen(boxes, columns, seen=seen, classes=places, least=least)


def corners(centres: FloatArray, sizes: FloatArray) -> FloatArray:
    """Boxes (N, 4) x0, y0, x1, y1 from centres (N, 2) and sizes (N, 2)."""
    return np.concatenate([centres - sizes / 2, centres + sizes / 2], axis=1)


def only(outputs: Outputs, *, rank: int) -> NDArray[Any] | None:
    """The one output of a network that has one, if it has that rank; without its batch axis."""
    if len(outputs) != 1:
        return None
    (value,) = outputs.values()
    return value[0] if value.ndim == rank and value.shape[0] == 1 else None
