"""Roles, permissions and the two matrices between them (rules 1.2, 2.1-2.3). Pure."""

from enum import StrEnum


class AppRole(StrEnum):
    """What an account is in its organisation, derived from user type and staff role on every request."""

    ACCOUNT_MANAGER = "account_manager"
    COACH = "coach"
    ASSISTANT_COACH = "assistant_coach"
    ANALYST = "analyst"
    PLAYER = "player"


class Permission(StrEnum):
    """The vocabulary of rights."""

    ACCOUNTS_READ = "accounts.read"
    ACCOUNTS_CREATE = "accounts.create"
    ACCOUNTS_UPDATE = "accounts.update"
    ACCOUNTS_DELETE = "accounts.delete"
    FOOTBALL_READ = "football.read"
    FOOTBALL_WRITE = "football.write"
    ANALYSIS_RUN = "analysis.run"
    NOTES_READ = "notes.read"
    NOTES_WRITE = "notes.write"


_P = Permission
CLAIMS: dict[AppRole, tuple[Permission, ...]] = {
    AppRole.ACCOUNT_MANAGER: (_P.ACCOUNTS_READ, _P.ACCOUNTS_CREATE, _P.ACCOUNTS_UPDATE, _P.ACCOUNTS_DELETE),
    AppRole.COACH: (_P.FOOTBALL_READ, _P.FOOTBALL_WRITE, _P.ANALYSIS_RUN, _P.NOTES_READ, _P.NOTES_WRITE),
    AppRole.ASSISTANT_COACH: (_P.FOOTBALL_READ, _P.FOOTBALL_WRITE, _P.ANALYSIS_RUN, _P.NOTES_READ),
    AppRole.ANALYST: (_P.FOOTBALL_READ, _P.ANALYSIS_RUN, _P.NOTES_READ, _P.NOTES_WRITE),
    AppRole.PLAYER: (_P.FOOTBALL_READ,),
}
"""`app_permissions` in the token, in this order."""

EFFECTIVE: dict[AppRole, frozenset[Permission]] = {
    **{role: frozenset(claims) for role, claims in CLAIMS.items()},
    AppRole.ACCOUNT_MANAGER: frozenset(Permission),
}
"""What the server enforces: an account manager holds every right inside his organisation."""

_STAFF_ROLES = {
    "head_coach": AppRole.COACH,
    "assistant_coach": AppRole.ASSISTANT_COACH,
    "analyst": AppRole.ANALYST,
}


def derive_role(user_type: str, staff_role: str | None) -> AppRole:
    """Role of an account: owners manage, staff by staff role, anything else is a player."""
    if user_type == "owner":
        return AppRole.ACCOUNT_MANAGER
    return _STAFF_ROLES.get(staff_role or "", AppRole.PLAYER)


def permission_level(staff_role: str | None) -> str:
    """Level for clients whose token has no `app_permissions`; a pure function of the staff role (rule 1.5)."""
    return {"head_coach": "full_access", "analyst": "notes_only"}.get(staff_role or "", "view_only")
