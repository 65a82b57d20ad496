"""Reading and writing single values of a packet: JSON without NaN, numbers that are numbers, texts that are UTF-8."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any


class MalformedPacketError(ValueError):
    """A packet that cannot be meant; the message names the field and what is wrong with it."""


def wire_text(value: str) -> str:
    """Text as protobuf can carry it: lone surrogates (from broken file names) become question marks."""
    return value.encode("utf-8", "replace").decode("utf-8")


def json_text(value: object) -> str:
    """Compact JSON; numbers that are not finite become null, array scalars become plain numbers."""
    return wire_text(json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False))


def parsed(source: str, what: str) -> Any:
    """The value of a JSON text.

    Raises:
        MalformedPacketError: not JSON.
    """
    try:
        # NaN and Infinity are no JSON, though Python would read them.
        return json.loads(source, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise MalformedPacketError(f"{what} is not JSON ({error}).") from error


def mapping(value: object, what: str) -> dict[str, Any]:
    """A JSON object.

    Raises:
        MalformedPacketError: something else.
    """
    if not isinstance(value, Mapping):
        raise MalformedPacketError(f"{what} must be an object, not {_kind(value)}.")
    return dict(value)


def array(value: object, what: str) -> list[Any]:
    """A JSON array.

    Raises:
        MalformedPacketError: something else.
    """
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise MalformedPacketError(f"{what} must be an array, not {_kind(value)}.")
    return list(value)


def as_float(value: object, what: str) -> float:
    """A finite number, also one that was sent as text.

    Raises:
        MalformedPacketError: something else.
    """
    found = maybe_float(value)
    if found is None:
        raise MalformedPacketError(f"{what} must be a number, not {_kind(value)}.")
    return found


def maybe_float(value: object) -> float | None:
    """A finite number, also one that was sent as text; None when it is something else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def as_int(value: object, what: str) -> int:
    """A whole number.

    Raises:
        MalformedPacketError: something else.
    """
    found = as_float(value, what)
    if found != int(found):
        raise MalformedPacketError(f"{what} must be a whole number, not {found:g}.")
    return int(found)


def as_bool(value: object, what: str) -> bool:
    """True or false.

    Raises:
        MalformedPacketError: something else.
    """
    if not isinstance(value, bool):
        raise MalformedPacketError(f"{what} must be true or false, not {_kind(value)}.")
    return value


def as_text(value: object, what: str) -> str:
    """Text; numbers are printed.

    Raises:
        MalformedPacketError: something else.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise MalformedPacketError(f"{what} must be text, not {_kind(value)}.")


def maybe_text(value: object) -> str | None:
    """Text, or None when it is missing or something else."""
    return value if isinstance(value, str) else None


def from_float32(value: float, default: float = 0.0) -> float:
    """A single-precision number from the wire as the decimal that was meant: 0.35, not 0.3499999940395355."""
    return float(f"{value:.7g}") if math.isfinite(value) else default


def fraction(value: float) -> float:
    """A share, held within 0..1."""
    return min(1.0, max(0.0, value))


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):  # array scalars and arrays, without importing their library
        return _plain(value.tolist())
    return value


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return f"the text “{value[:40]}”"
    return {bool: "true or false", dict: "an object", list: "an array"}.get(type(value), f"{value!r:.40}")
