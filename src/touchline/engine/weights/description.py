"""Reading a model's description strictly: a misspelt entry would silently change what a model sees."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from touchline.engine.errors import ModelMismatchError
from touchline.engine.weights.facts import Classes, Figure, HeightRange, InputNotes, Training

T = TypeVar("T")

_ORDERS, _PLACES = ("BGR", "RGB"), ("top-left", "centre", "stretch")
_LARGEST_PX = 4096


class Description:
    """One JSON object whose entries are taken one by one; what is left over at the end is an error.

    Every method raises ModelMismatchError with the place of the entry and what it must be.
    """

    def __init__(self, raw: object, where: str) -> None:
        """Args:
        raw: decoded JSON.
        where: how errors name it.
        """
        if not isinstance(raw, Mapping):
            raise ModelMismatchError(f"{where} must be an object.")
        self._left, self._where = dict(raw), where

    def wrong(self, key: str, must: str) -> ModelMismatchError:
        return ModelMismatchError(f"{self._where}: “{key}” must be {must}.")

    def take(self, key: str, read: Callable[[Any], T | None], must: str) -> T | None:
        """The entry as `read` turns it, None where it is absent; `read` answers None to what it refuses."""
        if key not in self._left:
            return None
        value = read(self._left.pop(key))
        if value is None:
            raise self.wrong(key, must)
        return value

    def need(self, key: str, read: Callable[[Any], T | None], must: str) -> T:
        value = self.take(key, read, must)
        if value is None:
            raise ModelMismatchError(f"{self._where}: “{key}” is missing; it must be {must}.")
        return value

    def text(self, key: str) -> str | None:
        return self.take(key, _text, "a text")

    def part(self, key: str) -> "Description | None":
        """An object inside this one."""
        return Description(self._left.pop(key), f"{self._where}: “{key}”") if key in self._left else None

    def parts(self, key: str) -> "Sequence[Description]":
        """A list of objects inside this one."""
        listed = self.take(key, lambda raw: raw if isinstance(raw, list) else None, "a list") or []
        return [Description(one, f"{self._where}: “{key}”[{number}]") for number, one in enumerate(listed)]

    def finish(self, *known: str) -> None:
        """Refuse what is left over."""
        if self._left:
            raise ModelMismatchError(
                f"{self._where}: “{min(self._left)}” is not known; entries are {', '.join(known)}."
            )


def read_classes(raw: Description) -> Classes:
    person = raw.need("person", _places, "the index of a class, or a list of such, from 0")
    # A null says that there is no ball class, which an absent entry says too.
    ball = raw.take("ball", lambda value: -1 if value is None else _whole(value, 0), "the index of a class, or null")
    raw.finish("person", "ball")
    if ball in person:
        raise raw.wrong("ball", "another class than those of people")
    return Classes(person, None if ball is None or ball < 0 else ball)


def read_input(raw: Description) -> InputNotes:
    notes = InputNotes(
        order=raw.take("order", lambda value: value if value in _ORDERS else None, "BGR or RGB"),
        scale=raw.take("scale", lambda value: float(value) if value in (1, 255) else None, "255 or 1"),
        mean=raw.take("mean", _three, "three numbers"),
        std=raw.take("std", lambda value: _three(value, above=0.0), "three numbers above 0"),
        place=raw.take("place", lambda value: value if value in _PLACES else None, " or ".join(_PLACES)),
        pad=raw.take("pad", lambda value: _number(value, 0, 255), "a number from 0 to 255"),
        multiple=raw.take("multiple", lambda value: _whole(value, 1, 256), "a whole number from 1 to 256"),
        size=raw.take("size", _size, f"width and height in pixels, each from 32 to {_LARGEST_PX}"),
    )
    raw.finish("order", "scale", "mean", "std", "place", "pad", "multiple", "size")
    return notes


def read_operating_points(raw: Description) -> tuple[float, float | None]:
    must = "a raw score between 0 and 1"
    person = raw.need("person", lambda value: _number(value, 0.001, 0.999), must)
    ball = raw.take("ball", lambda value: _number(value, 0.001, 0.999), must)
    raw.finish("person", "ball")
    return person, ball


def read_heights(raw: Description) -> HeightRange:
    least, good, most = (
        raw.need(key, lambda value: _number(value, 1, _LARGEST_PX), "a height in pixels")
        for key in ("least", "good", "most")
    )
    raw.finish("least", "good", "most")
    if not least <= good <= most:
        raise raw.wrong("good", "between “least” and “most”")
    return HeightRange(least, good, most)


def read_training(raw: Description) -> Training:
    training = Training(
        commit=raw.need("commit", _commit, "the commit that trained it, 7 to 40 hexadecimal digits"),
        seeds=raw.need("seeds", _seeds, "a list of whole numbers"),
        scenes=raw.need("scenes", lambda value: _whole(value, 0), "the number of scenes seen"),
        configuration=raw.need(
            "configuration", lambda value: value if isinstance(value, Mapping) else None, "an object"
        ),
    )
    raw.finish("commit", "seeds", "scenes", "configuration")
    return training


def read_figure(raw: Description) -> Figure:
    name = raw.need("name", _text, "a text")
    value = raw.need("value", lambda one: math.nan if one is None else _number(one), "a number, or null: not measured")
    unit = raw.take("unit", lambda one: one if isinstance(one, str) else None, "a text, empty for a pure number") or ""
    words = raw.need("words", _text, "a text that says on what it was measured")
    raw.finish("name", "value", "unit", "words")
    is_measured = not math.isnan(value)
    if not words.startswith("measured on " if is_measured else "not measured"):
        raise raw.wrong("words", "“measured on …” beside a number and “not measured …” beside null")
    return Figure(name, value if is_measured else None, unit, words)


def read_whole(value: object) -> int | None:
    """A whole number of something, else None."""
    return _whole(value, 0)


def _text(value: object) -> str | None:
    return value.strip() if isinstance(value, str) and value.strip() else None


def _number(value: object, least: float = -math.inf, most: float = math.inf) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if is_number and least <= value <= most else None  # type: ignore[arg-type,operator]  # narrowed by is_number


def _whole(value: object, least: int, most: int | None = None) -> int | None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return value if is_whole and least <= value and (most is None or value <= most) else None  # type: ignore[return-value,operator]  # narrowed by is_whole


def _all(values: object, read: Callable[[Any], T | None]) -> tuple[T, ...] | None:
    if not isinstance(values, list):
        return None
    found = [read(value) for value in values]
    kept = tuple(value for value in found if value is not None)
    return kept if len(kept) == len(found) else None


def _places(value: object) -> tuple[int, ...] | None:
    places = _all(value if isinstance(value, list) else [value], lambda one: _whole(one, 0))
    return places if places and len(set(places)) == len(places) else None


def _seeds(value: object) -> tuple[int, ...] | None:
    return _all(value, lambda one: _whole(one, 0))


def _three(value: object, above: float = -math.inf) -> tuple[float, float, float] | None:
    numbers = _all(value, _number)
    if numbers is None or len(numbers) != 3 or min(numbers) <= above:
        return None
    return numbers[0], numbers[1], numbers[2]


def _size(value: object) -> tuple[int, int] | None:
    sides = _all(value, lambda one: _whole(one, 32, _LARGEST_PX))
    return (sides[0], sides[1]) if sides is not None and len(sides) == 2 else None


def _commit(value: object) -> str | None:
    return value if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{7,40}", value) else None
