"""Which bytes of a file a request asks for (RFC 9110 §14). Pure.

Several ranges at once are answered with the whole file, which the standard allows: players ask for one, and a
multipart answer would only serve to make many small reads expensive. A header that does not parse is ignored.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

_ONE_RANGE = re.compile(r"\s*bytes\s*=\s*(?P<first>\d*)\s*-\s*(?P<last>\d*)\s*", re.IGNORECASE | re.ASCII)


class UnsatisfiableError(Exception):
    """The range lies wholly outside the file."""


@dataclass(frozen=True)
class ByteRange:
    """From `start` up to, not including, `end`."""

    start: int
    end: int


def requested_range(header: str | None, size: int) -> ByteRange | None:
    """The one range that a header asks for, cut to the file; None when the whole file is to be sent.

    Raises:
        UnsatisfiableError: it begins behind the end, or is empty.
    """
    found = _ONE_RANGE.fullmatch(header) if header is not None else None
    if found is None or (not found["first"] and not found["last"]):
        return None
    if not found["first"]:
        wanted = _count(found["last"])
        if wanted == 0 or size == 0:
            raise UnsatisfiableError
        return ByteRange(max(size - wanted, 0), size)
    first = _count(found["first"])
    last = _count(found["last"]) if found["last"] else size - 1
    if found["last"] and last < first:
        return None  # not a valid range, so no range at all
    if first >= size:
        raise UnsatisfiableError
    return ByteRange(first, min(last + 1, size))


def _count(digits: str) -> int:
    """A number of bytes; absurdly long ones are only known to be large."""
    return int(digits[:20]) if len(digits) <= 20 else 1 << 64


def entity_tag(modified_ns: int, size: int) -> str:
    """A strong tag: another state of the file has another one."""
    return f'"{modified_ns:x}-{size:x}"'


def http_date(modified_s: float) -> str:
    return format_datetime(datetime.fromtimestamp(int(modified_s), UTC), usegmt=True)


def is_same_file(if_range: str, *, tag: str, modified: str) -> bool:
    """Whether an If-Range condition holds: the same strong tag, or exactly the same date."""
    return if_range.strip() in (tag, modified)


def is_unchanged(*, if_none_match: str | None, if_modified_since: str | None, tag: str, modified_s: float) -> bool:
    """Whether the client's copy is still good (304); a tag outranks a date."""
    if if_none_match is not None:
        tags = [given.strip().removeprefix("W/") for given in if_none_match.split(",")]
        return "*" in tags or tag in tags
    if if_modified_since is None:
        return False
    try:
        since = parsedate_to_datetime(if_modified_since)
    except ValueError:
        return False
    return since.tzinfo is not None and datetime.fromtimestamp(int(modified_s), UTC) <= since
