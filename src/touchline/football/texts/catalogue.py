"""From a key and parameters to a sentence in a reader's language.

A key has variants, fullest first; the first whose slots are all given is used, so a missing number shortens the
sentence and never leaves a hole. A slot is `{name}` for words or `{name:d}` for a number with d decimals. A word
that begins with @ is itself a key (`@team.A`) and is rendered in the same language; a number that brings its own
decimals is `{"number": 18.4, "decimals": 1}`. Key and parameters are plain JSON, so they can be stored and rendered
again later for another reader.
"""

from collections.abc import Mapping
from string import Formatter
from typing import Any

from touchline.football.texts.arabic import ARABIC
from touchline.football.texts.english import ENGLISH
from touchline.football.texts.french import FRENCH
from touchline.football.vocabulary import Language

_CATALOGUES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    Language.EN: ENGLISH,
    Language.FR: FRENCH,
    Language.AR: ARABIC,
}
_ARABIC_DIGITS = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")
_FORMATTER = Formatter()


class TextIncompleteError(LookupError):
    """A key is unknown, or none of its variants can do without the missing parameters."""


def sentence(key: str, params: Mapping[str, Any] | None = None, *, language: str = Language.EN) -> str | None:
    """The sentence, or None when every variant needs a parameter that is absent or None.

    Raises:
        TextIncompleteError: no such key.
    """
    given = {name: value for name, value in (params or {}).items() if value is not None}
    tongue = language if language in _CATALOGUES else Language.EN
    variants = _CATALOGUES[tongue].get(key)
    if variants is None:
        raise TextIncompleteError(f"No text has the key “{key}”.")
    for template in variants:
        if _names(template) <= given.keys():
            return _fill(template, given, tongue)
    return None


def text(key: str, params: Mapping[str, Any] | None = None, *, language: str = Language.EN) -> str:
    """The sentence, which must be complete.

    Raises:
        TextIncompleteError: no such key, or parameters are missing that no variant can do without.
    """
    found = sentence(key, params, language=language)
    if found is None:
        needed = ", ".join(sorted(_names(_CATALOGUES[Language.EN][key][-1])))
        raise TextIncompleteError(f"The text “{key}” needs at least {needed}.")
    return found


def keys(language: str = Language.EN) -> frozenset[str]:
    """All keys of a language."""
    return frozenset(_CATALOGUES[language])


def slots(key: str, language: str = Language.EN) -> tuple[frozenset[str], ...]:
    """Slot names of each variant of a key, fullest first."""
    return tuple(_names(template) for template in _CATALOGUES[language][key])


def format_number(value: float, *, decimals: int = 0, language: str = Language.EN) -> str:
    """A number as the language writes it; -0 is written as 0."""
    plain = f"{value:.{decimals}f}"
    if float(plain) == 0:
        plain = plain.lstrip("-")
    if language == Language.FR:
        return plain.replace(".", ",")
    if language == Language.AR:
        return plain.translate(_ARABIC_DIGITS)
    return plain


def _fill(template: str, given: Mapping[str, Any], language: str) -> str:
    parts: list[str] = []
    for literal, name, spec, _ in _FORMATTER.parse(template):
        parts.append(literal)
        if name is not None:
            parts.append(_word(given[name], spec or "", language))
    return "".join(parts)


def _word(value: Any, spec: str, language: str) -> str:
    if isinstance(value, Mapping):
        return format_number(float(value["number"]), decimals=int(value["decimals"]), language=language)
    if isinstance(value, str):
        return text(value[1:], language=language) if value.startswith("@") else value
    return format_number(float(value), decimals=int(spec or 0), language=language)


def _names(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in _FORMATTER.parse(template) if name)
