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


class Named:
    """The names in a question, in any case, as whole words."""

    def __init__(self, question: str) -> None:
        self._text = f" {normalise(question)} "
        self._long_words = {word for word in self._text.split() if _letters(word) >= _LEAST_LETTERS_OF_A_WORD}

    def has(self, name: str) -> bool:
        """Whether the whole name stands in it; a name without letters and digits never does."""
        words = normalise(name)
        return bool(words) and f" {words} " in self._text

    def has_word_of(self, name: str) -> bool:
        """Whether a longer word of the name does."""
        return not self._long_words.isdisjoint(normalise(name).split())

    def speaks_of_players(self) -> bool:
        return "player" in self._text or "doing" in self._text


def named_players(question: str, squad: Sequence[SquadPlayer]) -> list[SquadPlayer]:
    """Players whose full name stands in the question; without any, those of whose name a longer word does."""
    named = Named(question)
    full = [player for player in squad if named.has(player.name)]
    return full or [player for player in squad if named.has_word_of(player.name)]


def asked_players(question: str, squad: Sequence[SquadPlayer]) -> list[SquadPlayer]:
    """Players by full name or shirt number, else by a word of a name; for a question about players at large the first
    two. At most five, in the order of the squad.
    """
    named = Named(question)
    numbers = {int(found) for found in _NUMBER.findall(question)}
    found = [player for player in squad if player.jersey_number in numbers or named.has(player.name)]
    if not found:
        found = [player for player in squad if named.has_word_of(player.name)]
    if not found and named.speaks_of_players():
        found = list(squad[:2])
    return found[:MOST_PLAYERS]


def _letters(word: str) -> int:
    return sum(letter.isalpha() for letter in word)
