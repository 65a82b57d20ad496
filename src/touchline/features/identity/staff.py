"""A member of a team's staff, with or without an account."""

from dataclasses import dataclass
from enum import StrEnum

from touchline.features.identity.roles import permission_level


class StaffRole(StrEnum):
    """What somebody does for a team; it decides what his account may do."""

    HEAD_COACH = "head_coach"
    ASSISTANT_COACH = "assistant_coach"
    PHYSIO = "physio"
    ANALYST = "analyst"
    PLAYER = "player"


class PermissionLevel(StrEnum):
    """The older word for what somebody may do; it follows from the role and is never stored."""

    FULL_ACCESS = "full_access"
    VIEW_ONLY = "view_only"
    NOTES_ONLY = "notes_only"


@dataclass(frozen=True)
class StaffMember:
    """user_id: his account, if he has one. email: where he is reached, not necessarily his account's address."""

    id: str
    team_id: str
    user_id: str | None
    name: str
    role: StaffRole | None
    email: str | None

    @property
    def level(self) -> PermissionLevel:
        return PermissionLevel(permission_level(self.role))


@dataclass(frozen=True)
class NewStaffMember:
    """user_id: an account of the organisation that belongs to no staff member yet."""

    team_id: str
    name: str
    role: StaffRole | None
    email: str | None
    user_id: str | None = None


@dataclass(frozen=True)
class StaffAccount:
    """What the account of a new staff member signs in with."""

    email: str
    password: str
