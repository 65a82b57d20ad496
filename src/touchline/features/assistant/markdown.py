"""Text from rows inside of Markdown: one line, and without a meaning of its own."""

import re

_SPECIAL = re.compile(r"([\\`*\[\]<>])")


def plain(text: str) -> str:
    """A name as one line, special characters of Markdown escaped."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def bold(text: str) -> str:
    return f"**{plain(text)}**"
