"""Teams of an organisation: its own, its opponents, and the ones that all clubs share."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from touchline.features.identity import staff_queries
from touchline.features.identity import team_queries as queries
from touchline.features.identity.errors import NoOrganisationError, SharedTeamError, TeamNotFoundError
from touchline.features.identity.principal import Principal
from touchline.features.identity.teams import Team
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection


@dataclass(frozen=True)
class NewTeam:
    name: str
    primary_color: str | None
    secondary_color: str | None
    logo_url: str | None


@dataclass(frozen=True)
class TeamService:
    clock: Clock

    async def mine(self, db: Connection, by: Principal, *, limit: int, offset: int) -> tuple[list[Team], int]:
        """Accessible teams, the primary one first, and how many there are."""
        return await queries.accessible_teams(db, by, limit=limit, offset=offset)

    async def add(self, db: Connection, by: Principal, new: NewTeam) -> Team:
        """A team of the organisation; the first one becomes its owner's primary team."""
        if by.organisation_id is None:
            raise NoOrganisationError
        return await queries.insert_team(
            db,
            name=new.name,
            owner_id=by.organisation_id,
            is_primary=not await queries.has_team(db, by.organisation_id),
            now=self.clock.now(),
            primary_color=new.primary_color,
            secondary_color=new.secondary_color,
            logo_url=new.logo_url,
        )

    async def by_name(self, db: Connection, by: Principal, name: str) -> Team:
        """A team by its exact name in any case: the organisation's first, then shared ones.

        Raises:
            TeamNotFoundError: none that this person may see.
        """
        # Compared here: databases disagree about the lower case of letters outside ASCII.
        named = [(known.casefold(), team_id) for team_id, known in await queries.visible_names(db, by)]
        wanted = name.strip().casefold()
        # The rest of a path may end with the slash that every path may end with; a team named so comes first.
        for spelling in (wanted, wanted.removesuffix("/").strip()):
            for known, team_id in named:
                if known == spelling:
                    return await visible_team(db, by, team_id)
        raise TeamNotFoundError

    async def change(self, db: Connection, by: Principal, team_id: str, values: Mapping[str, Any]) -> Team:
        """Change a team of the account manager.

        Args:
            db: one transaction.
            by: the account manager.
            team_id: which.
            values: new `name`, `primary_color`, `secondary_color` and `logo_url` by name; what is left out stays.

        Raises:
            TeamNotFoundError: absent, or another organisation's.
            SharedTeamError: it belongs to nobody.
        """
        before = await own_team(db, by, team_id)
        if values:
            await queries.update_team(db, before.id, values)
        return replace(before, **values)

    async def delete(self, db: Connection, by: Principal, team_id: str) -> Team:
        """Delete a team of the account manager, with its squad, its staff and its dates.

        Accounts of its staff stay with the organisation, without a team. When the primary team goes, the oldest of
        the others takes its place; without any other, the next one that is added.

        Raises:
            TeamNotFoundError: absent, or another organisation's.
            SharedTeamError: it belongs to nobody.
            TeamInUseError: there are matches of it.
        """
        team = await own_team(db, by, team_id)
        await staff_queries.adopt_accounts(db, team.id, owner_id=by.user_id)
        await queries.delete_team(db, team.id)
        return team


async def visible_team(db: Connection, by: Principal, team_id: str) -> Team:
    """A team of the person's organisation, or a shared one.

    Raises:
        TeamNotFoundError: there is none of that id, or another organisation's.
    """
    team = await queries.visible_team(db, by, team_id)
    if team is None:
        raise TeamNotFoundError
    return team


async def own_team(db: Connection, by: Principal, team_id: str) -> Team:
    """A team that an account manager may change.

    Raises:
        TeamNotFoundError: absent, or another organisation's.
        SharedTeamError: it belongs to nobody.
    """
    team = await visible_team(db, by, team_id)
    if team.owner_id != by.user_id:
        raise SharedTeamError
    return team
