"""What a question is about: by the words in it, spelling mistakes forgiven. Pure, well under 5 ms."""

import re
import unicodedata

from touchline.features.assistant.intents import KEYWORDS, Analysis, AnalysisKind, Intent, Route

FIRST_TOKENS = 20
SIMILAR_ENOUGH = 85
LEAST_LETTERS = 5
"""Shorter words must be equal: `stop` is not `top`."""

_NEITHER_WORD_NOR_BLANK = re.compile(r"[^\w\s]")
_STEMS_OF_IMPROVEMENT = ("improv", "trend", "increas")
_WORDS_OF_RATING = frozenset({"highest", "average", "best", "top"})
_ONE_MATCH = ("last match", "last game", "previous match", "latest match")


def normalise(text: str) -> str:
    """Lower case, words separated by single blanks, nothing else."""
    lowered = unicodedata.normalize("NFC", text).lower()
    return " ".join(_NEITHER_WORD_NOR_BLANK.sub(" ", lowered).split())


def route(question: str) -> Route:
    """The first intent that a word of the question hits; an analytical one only when it names an analysis."""
    text = normalise(question)
    tokens = [token for token in text.split()[:FIRST_TOKENS] if token.isalpha()]
    for intent, keywords in KEYWORDS.items():
        if not any(hits(token, keyword) for token in tokens for keyword in keywords):
            continue
        if intent is not Intent.ANALYTICAL_QUERY:
            return Route(intent)
        analysis = _analysis(text, tokens)
        if analysis is not None:
            return Route(intent, analysis)
    return Route(Intent.GENERAL_QUESTION)


def hits(token: str, keyword: str) -> bool:
    """Equal, plural, or between two longer words similar enough."""
    if token in (keyword, f"{keyword}s"):
        return True
    shorter, both = min(len(token), len(keyword)), len(token) + len(keyword)
    if shorter < LEAST_LETTERS or 200 * shorter < SIMILAR_ENOUGH * both:  # could not be similar enough at best
        return False
    return similarity(token, keyword) >= SIMILAR_ENOUGH


def similarity(a: str, b: str) -> float:
    """Normalised insert/delete similarity, 0..100: 100 · 2 · LCS / (len a + len b); 100 for two empty words."""
    return 200 * _longest_common_subsequence(a, b) / (len(a) + len(b)) if a or b else 100.0


def _longest_common_subsequence(a: str, b: str) -> int:
    """Its length, by the bit-parallel recurrence of Hyyrö (2004): one addition for each letter of b."""
    places: dict[str, int] = {}
    for place, letter in enumerate(a):
        places[letter] = places.get(letter, 0) | 1 << place
    everywhere = (1 << len(a)) - 1
    unmatched = everywhere
    for letter in b:
        matched = unmatched & places.get(letter, 0)
        unmatched = (unmatched + matched | unmatched - matched) & everywhere
    return len(a) - unmatched.bit_count()


def _analysis(text: str, tokens: list[str]) -> Analysis | None:
    if "formation" in text and "press" in text:
        return Analysis(AnalysisKind.BEST_PRESSING_FORMATION)
    if any(token.startswith(_STEMS_OF_IMPROVEMENT) for token in tokens):
        return Analysis(AnalysisKind.TOP_IMPROVERS)
    if _WORDS_OF_RATING.intersection(tokens):
        return Analysis(AnalysisKind.HIGHEST_AVERAGE_RATING, matches=1 if any(one in text for one in _ONE_MATCH) else 5)
    return None
