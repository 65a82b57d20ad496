"""Pure rules of a match on one page: whose rows are whose, and in which formation a side began."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from touchline.features.matches import Match

Row = Mapping[Any, Any]


def home_first(rows: Iterable[Row], match: Match) -> list[Row]:
    """Rows of the two sides, the home team's before the other's."""
    return sorted(rows, key=lambda row: row["team_id"] != match.home_team_id)


def both_sides(rows: Iterable[Row], match: Match, columns: Iterable[str]) -> list[Row]:
    """Exactly one row of team statistics per side, home then away.

    A side without a stored row gets one whose figures are all null, with an id that names match and team: clients look
    both up without asking whether they are there.
    """
    stored = {row["team_id"]: row for row in rows}
    return [
        stored.get(team_id) or _unmeasured(match.id, team_id, columns)
        for team_id in (match.home_team_id, match.away_team_id)
    ]


def formation_of(lineup: Iterable[Row]) -> str | None:
    """The formation that most starters of a side were given; None when no starter has one."""
    counted = Counter(row["formation_id"] for row in lineup if row["is_starting"] and row["formation_id"] is not None)
    return min(counted, key=lambda formation: (-counted[formation], formation), default=None)


def starters_first(lineup: Iterable[Row]) -> list[Row]:
    """A side's players: starters first, then by shirt number, those without one last."""
    return sorted(
        lineup,
        key=lambda row: (
            not row["is_starting"],
            row["jersey_number"] is None,
            row["jersey_number"] or 0,
            row["name"],
            row["player_id"],
        ),
    )


def _unmeasured(match_id: str, team_id: str, columns: Iterable[str]) -> Row:
    figures = dict.fromkeys(columns)
    return {**figures, "id": f"{match_id}:{team_id}", "match_id": match_id, "team_id": team_id}
