"""Whether a model's text may be sent: it may word facts, it may not add any. Pure."""

import re

from touchline.football.numerals import invented

LONGEST = 8000
_LINK_OR_HTML = re.compile(r"://|\]\(|\]\[|<\s*[a-z!/]|www\.", re.IGNORECASE)


def is_faithful(text: str, *, facts: str, fence: str) -> bool:
    """No numeral that is not in the facts, no link (facts have none), no part of the prompt's own frame."""
    if not text or len(text) > LONGEST or fence in text or "## INSTRUCTIONS" in text:
        return False
    return not _LINK_OR_HTML.search(text) and not invented(text, facts)
