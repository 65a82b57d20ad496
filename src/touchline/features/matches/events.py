"""Facts about matches that higher rooms react to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MatchDeleted:
    """A match is gone. What is keyed by its id without a foreign key goes in the same transaction."""

    match_id: str


@dataclass(frozen=True)
class TeamsLeftMatch:
    """A match got other sides. A room that keeps something of these teams in it may refuse with an error of its own."""

    match_id: str
    team_ids: frozenset[str]
