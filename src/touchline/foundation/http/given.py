"""Fields of a PUT that may be left out, which keeps what is stored, but never be null."""

from typing import Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError


def _not_null(value: Any) -> Any:
    if value is None:
        raise PydanticCustomError("null", "must not be null; leave it out to keep what is stored")
    return value


NEVER_NULL = BeforeValidator(_not_null)
"""For `Annotated[Line | None, NEVER_NULL] = None`: None then says that the field was left out."""
