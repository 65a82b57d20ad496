"""A figure of `make bench-vision`: what was measured, of whom, on what, and the gate it has to pass."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

SYNTHETIC = "measured on synthetic"
NOT_MEASURED = "not measured"
COUNTED = "counted in the file"
# The column of everything that no single detector answers for (the gate, the path of the ball).
ENGINE = "engine"


def on_real(frames: int) -> str:
    return f"measured on {frames} real frames"


@dataclass(frozen=True)
class Gate:
    """A limit that the shipped detector, or the engine with it, has to keep."""

    limit: float
    is_least: bool = True

    def __str__(self) -> str:
        return f"{'≥' if self.is_least else '≤'} {self.limit:g}"

    def passes(self, value: float) -> bool:
        return value >= self.limit if self.is_least else value <= self.limit


@dataclass(frozen=True)
class Figure:
    """One figure about one subject. `value` None means not measured, and `note` says why.

    part, measure, setting: what the figure is about, e.g. people · AP50 near · 1280 × 736.
    words: on what it was measured; low, high: 95 % interval, None where none was estimated.
    """

    part: str
    measure: str
    setting: str
    subject: str
    value: float | None
    words: str
    unit: str = ""
    note: str = ""
    low: float | None = None
    high: float | None = None
    gate: Gate | None = None

    @property
    def passed(self) -> bool | None:
        return None if self.gate is None or self.value is None else self.gate.passes(self.value)

    @property
    def verdict(self) -> str:
        """met, MISSED, or empty where no gate stands or nothing was measured."""
        return {True: "met", False: "MISSED", None: ""}[self.passed]


def missing(part: str, measure: str, setting: str, subject: str, why: str, *, unit: str = "") -> Figure:
    return Figure(part, measure, setting, subject, None, NOT_MEASURED, unit, why)


# part, measure, setting of every gate of the detector and of the ball; the sources are the aims of the project.
GATES: dict[tuple[str, str, str], Gate] = {
    ("people", "AP50 near", "1280"): Gate(0.90),
    ("people", "AP50 near", "scale rule"): Gate(0.92),
    ("people", "recall at precision .95, near", "1280"): Gate(0.87),
    ("people", "mean IoU of matched boxes", "1280"): Gate(0.78),
    ("people", "mean IoU, drawn free people of 24–48 px", "drawn"): Gate(0.78),
    ("people", "recall, drawn hard set", "drawn"): Gate(0.90),
    ("people", "precision, drawn hard set", "drawn"): Gate(0.90),
    ("ball", "recall at ≤ .5 false a frame", "scale rule"): Gate(0.55),
    ("speed", "ONNX Runtime, one thread", "1280"): Gate(100, is_least=False),
    ("speed", "OpenVINO, one thread", "1280"): Gate(50, is_least=False),
    ("size", "model file", ""): Gate(4.0, is_least=False),
}


def with_gates(figures: Iterable[Figure], *, subject: str) -> list[Figure]:
    """The same figures, those of the shipped detector with the gates that they have to pass."""
    return [
        replace(figure, gate=figure.gate or GATES.get((figure.part, figure.measure, figure.setting)))
        if figure.subject == subject
        else figure
        for figure in figures
    ]


@dataclass(frozen=True)
class Line:
    """All figures of one measure in one setting, by subject."""

    part: str
    measure: str
    setting: str
    unit: str
    by_subject: dict[str, Figure]

    @property
    def gated(self) -> Figure | None:
        return next((figure for figure in self.by_subject.values() if figure.gate is not None), None)

    @property
    def words(self) -> str:
        """On what it was measured, with the notes that hold for all; a line without any value says why."""
        measured = [figure for figure in self.by_subject.values() if figure.value is not None]
        notes = list(dict.fromkeys(figure.note for figure in self.by_subject.values() if figure.note))
        if not measured:
            return f"{NOT_MEASURED}: {'; '.join(notes)}" if notes else NOT_MEASURED
        words = "; ".join(dict.fromkeys(figure.words for figure in measured))
        of_measured = {figure.note for figure in measured}
        return f"{words} ({of_measured.pop()})" if len(of_measured) == 1 and "" not in of_measured else words


def lines(figures: Sequence[Figure]) -> list[Line]:
    """Figures side by side, in the order in which their lines first appear."""
    found: dict[tuple[str, str, str], Line] = {}
    for figure in figures:
        key = (figure.part, figure.measure, figure.setting)
        line = found.setdefault(key, Line(*key, figure.unit, {}))
        line.by_subject[figure.subject] = figure
    return list(found.values())


def shown(figure: Figure | None) -> str:
    """The value with its interval as a table shows it; a dash where nothing was measured."""
    if figure is None or figure.value is None:
        return "–"
    text = number(figure.value, figure.unit)
    if figure.low is None or figure.high is None:
        return text
    return f"{text} [{number(figure.low, figure.unit)}–{number(figure.high, figure.unit)}]"


def number(value: float, unit: str) -> str:
    """Shares with three places (.856), other figures with as many as they carry."""
    if unit == "":
        return f"{value:.3f}".removeprefix("0") if value < 1 else f"{value:.3f}"
    if value >= 1000 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"
