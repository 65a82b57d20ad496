"""A match on one page: the match, both lineups, what happened, and the numbers of players and teams."""

from collections.abc import Sequence
from dataclasses import dataclass

from touchline.features import club, matches
from touchline.features.club import Formation
from touchline.features.identity import Principal
from touchline.features.matches import Match, MatchEvent
from touchline.features.performance import details_queries, queries
from touchline.features.performance.queries import Row
from touchline.features.performance.rules import both_sides, formation_of, starters_first
from touchline.foundation.db import Connection


@dataclass(frozen=True)
class Lineup:
    """One side. formation: that of its starters, None when they have none; players: starters first."""

    team_id: str
    team_name: str
    formation: Formation | None
    players: Sequence[Row]


@dataclass(frozen=True)
class MatchDetails:
    """team_statistics holds exactly one row per side, home then away."""

    match: Match
    home: Lineup
    away: Lineup
    events: Sequence[MatchEvent]
    player_statistics: Sequence[Row]
    team_statistics: Sequence[Row]


async def match_details(db: Connection, by: Principal, match_id: str) -> MatchDetails:
    """Everything that is stored about a match, in at most six statements.

    Raises:
        MatchNotFoundError: absent or out of scope.
    """
    match = await matches.visible_match(db, by, match_id)
    rows = await details_queries.lineup_rows(db, match.id)
    chosen = {team_id: formation_of(row for row in rows if row["team_id"] == team_id) for team_id in match.sides}
    formations = await club.formations_by_id(db, filter(None, chosen.values()))

    def lineup(team_id: str, team_name: str) -> Lineup:
        return Lineup(
            team_id=team_id,
            team_name=team_name,
            formation=formations.get(chosen[team_id] or ""),
            players=starters_first(row for row in rows if row["team_id"] == team_id),
        )

    return MatchDetails(
        match=match,
        home=lineup(match.home_team_id, match.home_team_name),
        away=lineup(match.away_team_id, match.away_team_name),
        events=await matches.events_of(db, match.id),
        player_statistics=await details_queries.player_rows(db, match.id),
        team_statistics=both_sides(await queries.team_rows(db, match.id, match.sides), match, queries.TEAM_FIGURES),
    )
