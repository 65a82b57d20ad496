"""Which players a question is about. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from touchline.features.assistant.router import normalise

MOST_PLAYERS = 5
_LEAST_LETTERS_OF_A_WORD = 4
_NUMBER = re.compile(r"(?:#|\b(?:number|jersey|no)\b\.?)\s*(\d{1,3})(?!\d)", re.IGNORECASE)


@dataclass(frozen=True)
class SquadPlayer:
    """A player of an accessible team."""

    id: str
    name: str
    jersey_number: int | None
    team_name: str


def occurs(name: str, question: str) -> bool:
    """Whether a question holds a name, in any case, as whole words."""
    words = normalise(name)
    return bool(words) and f" {words} " in f" {normalise(question)} "


def named_players(question: str, squad: Sequence[SquadPlayer]) -> list[SquadPlayer]:
    """Players whose full name stands in the question; without any, those of whose name a longer word does."""
    return _by_full_name(question, squad) or _by_word(question, squad)


def asked_players(question: str, squad: Sequence[SquadPlayer]) -> list[SquadPlayer]:
    """Players by full name or shirt number, else by a word of a name; for a question about players at large the first
    two. At most five, in the order of the squad.
    """
    numbers = {int(found) for found in _NUMBER.findall(question)}
    full = {player.id for player in _by_full_name(question, squad)}
    found = [player for player in squad if player.id in full or player.jersey_number in numbers]
    if not found:
        found = _by_word(question, squad)
    if not found and any(word in normalise(question) for word in ("player", "doing")):
        found = list(squad[:2])
    return found[:MOST_PLAYERS]


def _by_full_name(question: str, squad: Sequence[SquadPlayer]) -> list[SquadPlayer]:
    return [player for player in squad if occurs(player.name, question)]


def _by_word(question: str, squad: Sequence[SquadPlayer]) -> list[SquadPlayer]:
    words = {word for word in normalise(question).split() if _letters(word) >= _LEAST_LETTERS_OF_A_WORD}
    return [player for player in squad if words.intersection(normalise(player.name).split())]


def _letters(word: str) -> int:
    return sum(letter.isalpha() for letter in word)
