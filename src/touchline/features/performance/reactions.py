"""What this room has to say about others' facts."""

from touchline.features.matches import TeamsLeftMatch
from touchline.features.performance import queries
from touchline.features.performance.errors import TeamHasStatisticsError
from touchline.foundation.db import Connection


async def keep_teams_with_statistics(db: Connection, left: TeamsLeftMatch) -> None:
    """A match would hold numbers of a team that does not play in it.

    Raises:
        TeamHasStatisticsError: one of the teams has statistics there.
    """
    if await queries.has_team_row(db, left.match_id, left.team_ids):
        raise TeamHasStatisticsError
