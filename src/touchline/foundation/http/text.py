"""Types for text and JSON from outside: what no database could store never gets past the door."""

import math
import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

_DEEPEST = 24
"""MariaDB stores 31 levels; rooms may wrap what they are given into some of their own."""
_LARGEST_INTEGER = 1 << 63
_unclean = re.compile("[\x00\ud800-\udfff]").search


def clean(text: str) -> str:
    """Refuse NUL and lone surrogates: PostgreSQL stores neither, UTF-8 has no form for the second."""
    if _unclean(text):
        raise PydanticCustomError("text", "holds characters that cannot be stored")
    return text


def clean_json(value: Any) -> Any:
    """Refuse what JSON columns cannot hold: unclean text, numbers that are not finite or too large, too deep nesting."""
    waiting: list[tuple[Any, int]] = [(value, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > _DEEPEST:
            raise PydanticCustomError("json", "is nested too deeply")
        if isinstance(part, str):
            clean(part)
        elif isinstance(part, float) and not math.isfinite(part):
            raise PydanticCustomError("json", "holds a number that is not finite")
        elif isinstance(part, int) and abs(part) >= _LARGEST_INTEGER:
            raise PydanticCustomError("json", "holds a number that is too large")
        elif isinstance(part, dict):
            waiting += [(inner, depth + 1) for pair in part.items() for inner in pair]
        elif isinstance(part, list):
            waiting += [(inner, depth + 1) for inner in part]
    return value


Text = Annotated[str, AfterValidator(clean)]
"""Text as it was typed. Give it a `max_length` with Field."""

Line = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(clean)]
"""A name or other short text, without blanks around it."""

CleanJson = Annotated[Any, AfterValidator(clean_json)]
"""Any JSON value that can be stored."""

RefId = Annotated[str, Field(max_length=64), AfterValidator(clean)]
"""An id as a client sends it, in a path or a body; whether it names a row is for the room to find out."""
