"""Numbers from outside: true and false are none, though JSON parsers take them for 1 and 0."""

from typing import Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError


def _no_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("number", "must be a number")
    return value


A_NUMBER = BeforeValidator(_no_truth)
"""For `Annotated[int, Field(ge=0, le=255), A_NUMBER]`; it stands last, so that the documentation shows the bounds."""
