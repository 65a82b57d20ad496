"""Errors carry a kind, a stable code and a sentence for a person; doors translate kinds, nobody else knows statuses."""

from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """What sort of thing went wrong, independent of any door."""

    INVALID = "invalid"  # the request breaks a business rule
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"  # not an accepted media type
    UNPROCESSABLE = "unprocessable"
    TOO_MANY = "too_many"
    UPSTREAM = "upstream"  # another service answered badly
    UNAVAILABLE = "unavailable"
    NO_SPACE = "no_space"


class TouchlineError(Exception):
    """Base of the platform's errors. Subclasses set `kind`, `code` and `text`; fields fill the text.

    `retry_after_s` travels as a Retry-After header where a door has one.
    """

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "touchline.error"
    text: ClassVar[str] = "The request could not be carried out."

    def __init__(self, *, retry_after_s: int | None = None, **fields: object) -> None:
        self.fields = fields
        self.retry_after_s = retry_after_s
        super().__init__(self.text.format(**fields))
