"""What a question can be about, and the words that tell: a table that is widened line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Intent(StrEnum):
    """In the order in which they are tried; the last takes what no other took."""

    ANALYTICAL_QUERY = "analytical_query"
    PLAYER_STATS = "player_stats"
    TACTICAL_QUESTION = "tactical_question"
    MATCH_STATS = "match_stats"
    TEAM_STATISTICS = "team_statistics"
    GENERAL_QUESTION = "general_question"


class AnalysisKind(StrEnum):
    """The analyses that are computed from rows and never left to a model."""

    BEST_PRESSING_FORMATION = "best_pressing_formation"
    TOP_IMPROVERS = "top_improvers"
    HIGHEST_AVERAGE_RATING = "highest_average_rating"


@dataclass(frozen=True)
class Analysis:
    """matches: for ratings, how many of a player's last matches count; other kinds have a window of their own."""

    kind: AnalysisKind
    matches: int = 5


@dataclass(frozen=True)
class Route:
    """analysis is given exactly for analytical questions."""

    intent: Intent
    analysis: Analysis | None = None


KEYWORDS: Mapping[Intent, tuple[str, ...]] = {
    Intent.ANALYTICAL_QUERY: (
        *("improve", "trend", "compare", "highest", "average", "increase", "decrease", "over", "last", "best", "top"),
    ),
    Intent.PLAYER_STATS: ("player", "players", "jersey", "position", "rating", "stat", "stats"),
    Intent.TACTICAL_QUESTION: ("formation", "tactics", "tactical", "press", "pressing", "block", "strategy", "style"),
    Intent.MATCH_STATS: ("match", "matches", "game", "games", "result", "score", "opponent", "vs"),
    Intent.TEAM_STATISTICS: ("team", "history", "summary", "overview"),
}
"""Words of each intent, lower case, letters only; another language adds its own to the same lines."""
