"""What may be known of a model: where it comes from, what it may be used for, what it eats and how good it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

UNKNOWN_LICENCE = "unknown"
# What the contract's default confidences mean for a model of which nothing was measured.
UNMEASURED_PERSON, UNMEASURED_BALL = 0.5, 0.3


@dataclass(frozen=True, slots=True)
class Classes:
    """Which classes of a network are people (several: players, keepers, referees) and which one is the ball.

    `ball` is None for a network that knows no ball.
    """

    person: tuple[int, ...]
    ball: int | None


@dataclass(frozen=True, slots=True)
class InputNotes:
    """How a network wants its picture, as far as its description says; None leaves it to the layout.

    order: BGR or RGB.
    scale: what a white pixel becomes, 255 or 1, before `mean` is taken away and `std` divides (both per channel, in
        that order and on that scale).
    place: where the picture lies in a larger input: top-left or centre; or stretch, which fills the input and ignores
        the picture's shape.
    pad: value 0..255 of the pixels beside the picture.
    multiple: width and height of the input are multiples of this many pixels.
    size: width and height of the input where the network takes only one.
    """

    order: str | None = None
    scale: float | None = None
    mean: tuple[float, float, float] | None = None
    std: tuple[float, float, float] | None = None
    place: str | None = None
    pad: float | None = None
    multiple: int | None = None
    size: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class HeightRange:
    """Heights of people at the network's input in pixels: found at all, found well, found at most."""

    least: float
    good: float
    most: float


@dataclass(frozen=True, slots=True)
class Training:
    """How a model of the project's own came about, so that it can be made again.

    commit: of the repository; seeds: of the scenes, one for each piece; configuration: what the training command was
    given; scenes: drawn scenes seen.
    """

    commit: str
    seeds: tuple[int, ...]
    scenes: int
    configuration: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `words` say on what it was measured; `value` is None where it was not, and words say why."""

    name: str
    value: float | None
    unit: str
    words: str


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One checked model and what is known of it.

    person_threshold, ball_threshold: raw scores at the operating points that the contract's default confidences mean.
    layout: name of the layout of its outputs; None: to be recognised.
    classes, input: None and empty notes leave it to the layout.
    height_px: None where nobody measured it.
    parameters: None where nobody counted them.
    is_shipped: whether the package holds it.
    """

    path: Path
    name: str
    sha256: str
    origin: str
    licence: str = UNKNOWN_LICENCE
    version: str = ""
    trained_on: str = ""
    layout: str | None = None
    classes: Classes | None = None
    input: InputNotes = InputNotes()
    person_threshold: float = UNMEASURED_PERSON
    ball_threshold: float = UNMEASURED_BALL
    height_px: HeightRange | None = None
    parameters: int | None = None
    training: Training | None = None
    figures: tuple[Figure, ...] = field(default=())
    is_shipped: bool = False
