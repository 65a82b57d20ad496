"""What a typed place, address or document must look like. Pure."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

LARGEST_REPORT_BYTES = 256 * 1024
"""A list shows whole documents: 500 of them must still fit into an answer."""

_NUMBER = r"\s*([-+]?\d+(?:\.\d+)?(?:[eE](?:\+?\d{1,2}|-\d{1,3}))?)\s*"
_POINT = re.compile(f"{_NUMBER},{_NUMBER}", re.ASCII)


def point(text: str) -> tuple[float, float] | None:
    """Both numbers of `x,y`, None when a text is something else. Texts of up to 50 characters give finite numbers."""
    found = _POINT.fullmatch(text)
    return None if found is None else (float(found[1]), float(found[2]))


def is_place_in_formation(text: str) -> bool:
    """Whether a text is `x,y` in fractions of the pitch, 0 to 1."""
    place = point(text)
    return place is not None and all(0 <= part <= 1 for part in place)


def is_video_address(text: str) -> bool:
    """Whether a text is a web address, or a path on this server; never another scheme or another server in disguise."""
    if any((character.isspace() and character != " ") or not character.isprintable() for character in text):
        return False
    if text.lower().startswith(("http://", "https://")):
        return " " not in text and _host(text) is not None
    first, *_ = text.split("/")
    return not text.startswith("//") and "\\" not in text and ":" not in first and ".." not in text.split("/")


def is_report_small_enough(data: Mapping[str, Any]) -> bool:
    """Whether a document stays under the limit, as JSON in UTF-8."""
    return len(json.dumps(data, ensure_ascii=False).encode()) <= LARGEST_REPORT_BYTES


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
