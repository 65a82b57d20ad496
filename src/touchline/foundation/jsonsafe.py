"""Values from outside made fit for every database's JSON and text: finite numbers, no NUL, no lone surrogates."""

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any


def safe_text(text: str) -> str:
    """Text that every database and every wire accepts."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text.encode("utf-8", "replace").decode("utf-8")


def json_safe(value: object) -> Any:
    """A value as JSON can hold it; NaN and infinities, which mean "not measured", become null.

    Raises:
        TypeError: something that has no place in JSON.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, Mapping):
        return {safe_text(str(key)): json_safe(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, bytes | bytearray):
        return [json_safe(item) for item in value]
    plain = getattr(value, "item", None)  # a number of an array library
    if callable(plain):
        return json_safe(plain())
    raise TypeError(f"{type(value).__name__} has no place in JSON")
