"""Whether a reworded text keeps to the numbers of its source: every numeral in it must stand in the facts."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

_JOINS = "-\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}:/\N{FRACTION SLASH}"
_SIMPLE = r"\d+(?:[.,]\d+)*"
_NUMERAL = re.compile(
    rf"(?P<sign>(?<![\w.,])[+\-\N{{MINUS SIGN}}])?(?P<body>{_SIMPLE}(?:[{_JOINS}]{_SIMPLE})*)(?P<percent>\s?%|\s?percent\b|\s?per cent\b)?",
    re.IGNORECASE,
)
_JOIN = re.compile(f"[{_JOINS}]")
_LIST_MARK = re.compile(r"^(?P<indent>[ \t]*)(?P<number>\d{1,2})[.)](?=\s)", re.MULTILINE)
_GROUPED = re.compile(r"\d{1,3}([.,]\d{3})+")
_SMALL = (
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_WORDS = {
    **{word: number for number, word in enumerate(_SMALL, 2)},
    **dict.fromkeys(("twice", "double"), 2),
    **dict.fromkeys(("thrice", "triple"), 3),
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "hundred": 100,
    "thousand": 1000,
    "million": 1_000_000,
}
_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)


class _Number(NamedTuple):
    """parts: more than one for 4-3-3, 2-1 or 2026-05-02."""

    parts: tuple[Decimal, ...]
    is_percent: bool


@dataclass(frozen=True)
class _Read:
    """A numeral as it may be meant: 1,234 is a decimal comma or a thousand. sign: as it is written, `+`, `-` or none."""

    token: str
    meanings: frozenset[_Number]
    sign: str


def invented(text: str, facts: str) -> list[str]:
    """Numerals of a text that do not stand in the facts; empty when it keeps to them.

    Digits of every script, a decimal point or comma and grouped thousands are read as the number that they mean.
    4-3-3, 2-1 and 2026-05-02 are one numeral each; their parts do not count as numbers. A per cent sign and a written
    minus must stand in the facts too. Numbers of a numbered list (1. 2. 3.) are none; number words in English are
    (not `one`).
    """
    signs = _signs_by_number(_plain(facts))
    plain = _without_list_marks(_plain(text))
    found = [read.token for read in _numerals(plain) if not any(_agrees(read, signs.get(m)) for m in read.meanings)]
    words = _WORD.findall(plain)
    return found + [word for word in words if _Number((Decimal(_WORDS[word.lower()]),), is_percent=False) not in signs]


def _signs_by_number(facts: str) -> dict[_Number, set[str]]:
    signs: dict[_Number, set[str]] = {}
    for read in _numerals(facts):
        for number in read.meanings:
            signs.setdefault(number, set()).add(read.sign)
    return signs


def _agrees(read: _Read, signs: set[str] | None) -> bool:
    if signs is None:
        return False
    return not read.sign or read.sign in signs or (read.sign == "+" and "" in signs)


def _numerals(text: str) -> Iterator[_Read]:
    for found in _NUMERAL.finditer(text):
        combined: list[tuple[Decimal, ...]] = [()]
        for part in _JOIN.split(found["body"]):
            combined = [(*head, value) for head in combined[:8] for value in _meanings(part)]
        is_percent = found["percent"] is not None
        sign = {"": "", "+": "+"}.get(found["sign"] or "", "-")
        yield _Read(found[0], frozenset(_Number(parts, is_percent) for parts in combined), sign)


def _meanings(part: str) -> list[Decimal]:
    """What digits with points and commas may mean."""
    readings = []
    if _GROUPED.fullmatch(part):
        readings.append(Decimal(part.replace(",", "").replace(".", "")))
    decimal = part.replace(",", ".")
    if decimal.count(".") <= 1:
        readings.append(Decimal(decimal))
    elif not readings:
        whole, _, fraction = decimal.rpartition(".")
        readings.append(Decimal(f"{whole.replace('.', '')}.{fraction}"))
    return readings


def _plain(text: str) -> str:
    """Digits of other scripts, superscripts and fractions as ASCII; Arabic separators and signs as ours."""
    folded = unicodedata.normalize("NFKC", text).translate({0x66B: ".", 0x66C: ",", 0x66A: "%"})
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in folded)


def _without_list_marks(text: str) -> str:
    """Drop 1. 2. 3. at the beginning of lines as long as they count up."""
    expected = 1

    def drop(mark: re.Match[str]) -> str:
        nonlocal expected
        number = int(mark["number"])
        if number not in (1, expected):
            return mark[0]
        expected = number + 1
        return mark["indent"]

    return _LIST_MARK.sub(drop, text)
