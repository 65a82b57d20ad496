"""Who somebody is and what he may do: accounts, staff, teams, roles, permissions, scope."""

from touchline.features.identity.authenticator import Authenticator
from touchline.features.identity.build import services
from touchline.features.identity.errors import NotAllowedError, TeamNotFoundError
from touchline.features.identity.front import is_same_organisation, team_names, teams_by_id
from touchline.features.identity.logo_queries import logos_in_use
from touchline.features.identity.membership import in_organisation
from touchline.features.identity.principal import Principal
from touchline.features.identity.roles import AppRole, Permission
from touchline.features.identity.service import IdentityService
from touchline.features.identity.team_service import visible_team
from touchline.features.identity.teams import Team

__all__ = [
    "AppRole",
    "Authenticator",
    "IdentityService",
    "NotAllowedError",
    "Permission",
    "Principal",
    "Team",
    "TeamNotFoundError",
    "in_organisation",
    "is_same_organisation",
    "logos_in_use",
    "services",
    "team_names",
    "teams_by_id",
    "visible_team",
]
