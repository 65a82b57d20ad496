"""Matches and what hangs on one: events, lineups, clips, stored reports."""

from touchline.features.matches.build import services
from touchline.features.matches.errors import MatchNotFoundError
from touchline.features.matches.events import MatchDeleted
from touchline.features.matches.match import Match, MatchStatus
from touchline.features.matches.service import MatchService, match_access, visible_match

__all__ = [
    "Match",
    "MatchDeleted",
    "MatchNotFoundError",
    "MatchService",
    "MatchStatus",
    "match_access",
    "services",
    "visible_match",
]
