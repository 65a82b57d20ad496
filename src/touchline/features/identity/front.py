"""What other rooms may ask about teams and organisations."""

from collections.abc import Iterable, Mapping

from touchline.features.identity import account_queries, team_queries
from touchline.features.identity.principal import Principal
from touchline.features.identity.teams import Team
from touchline.foundation.db import Connection


async def teams_by_id(db: Connection, team_ids: Iterable[str]) -> Mapping[str, Team]:
    """Teams by id, whoever they belong to: check what the caller may see first."""
    return await team_queries.teams_by_id(db, team_ids)


async def team_names(db: Connection, team_ids: Iterable[str]) -> Mapping[str, str]:
    """Names by team id; ids without a team are left out."""
    return {team.id: team.name for team in (await team_queries.teams_by_id(db, team_ids)).values()}


async def is_same_organisation(db: Connection, by: Principal, user_id: str) -> bool:
    """Whether another account belongs to the organisation of this person."""
    if user_id == by.user_id:
        return True
    account = await account_queries.account(db, user_id)
    if account is None or by.organisation_id is None:
        return False
    return account.principal.organisation_id == by.organisation_id
