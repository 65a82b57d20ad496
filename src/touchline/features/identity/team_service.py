"""Teams of an organisation: its own, its opponents, and the ones that all clubs share."""

from dataclasses import dataclass

from touchline.features.identity import team_queries as queries
from touchline.features.identity.errors import NoOrganisationError, TeamNotFoundError
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
        wanted = name.strip().casefold()
        for team_id, known in await queries.visible_names(db, by):
            if known.casefold() == wanted:
                return await visible_team(db, by, team_id)
        raise TeamNotFoundError


async def visible_team(db: Connection, by: Principal, team_id: str) -> Team:
    """A team of the person's organisation, or a shared one.

    Raises:
        TeamNotFoundError: there is none of that id, or another organisation's.
    """
    team = await queries.visible_team(db, by, team_id)
    if team is None:
        raise TeamNotFoundError
    return team
