"""Facts about matches that higher rooms react to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MatchDeleted:
    """A match is gone. What is keyed by its id without a foreign key goes in the same transaction."""

    match_id: str
