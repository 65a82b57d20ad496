"""An account as this room sees it: the person for others, and what only sign-in needs to know."""

from dataclasses import dataclass
from datetime import datetime

from touchline.features.identity.principal import Principal
from touchline.features.identity.roles import CLAIMS, permission_level


@dataclass(frozen=True)
class Account:
    """One account with its place in an organisation, read in one query."""

    principal: Principal
    is_active: bool
    is_deleted: bool
    email_verified: bool
    created_at: datetime
    last_login: datetime | None
    staff_id: str | None
    staff_team_id: str | None
    staff_role: str | None

    def claims(self) -> dict[str, object]:
        """What the token tells the client about its user; for display, the server never trusts it."""
        person = self.principal
        claims: dict[str, object] = {
            "sub": person.email,
            "uid": person.user_id,
            "ver": person.token_version,
            "user_type": person.user_type,
            "app_role": person.role.value,
            "app_permissions": [permission.value for permission in CLAIMS[person.role]],
        }
        if self.staff_id is not None:
            claims |= {
                "staff_id": self.staff_id,
                "team_id": self.staff_team_id,
                "permission_level": permission_level(self.staff_role),
            }
            if self.staff_role is not None:
                claims["role"] = self.staff_role
        return claims


@dataclass(frozen=True)
class Credentials:
    """What an account proves itself with."""

    user_id: str
    email: str
    full_name: str | None
    password_hash: str
    is_active: bool
    email_verified: bool


@dataclass(frozen=True)
class OpenCode:
    """The code that an account was last sent for one purpose."""

    user_id: str
    code_hash: str | None
    expires_at: datetime | None
    attempts: int
