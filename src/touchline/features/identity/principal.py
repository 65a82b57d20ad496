"""The signed-in person as every other room sees him."""

from dataclasses import dataclass

from touchline.features.identity.roles import AppRole, Permission


@dataclass(frozen=True)
class Principal:
    """Read fresh from the database on every request.

    organisation_id: the owner's user id; None for staff whose owner is gone.
    team_ids: accessible teams, primary first (rules 3.1, 3.2); empty means empty lists, never an error.
    staff_role: as his staff row says; None without a row or a role.
    """

    user_id: str
    email: str
    full_name: str | None
    user_type: str
    role: AppRole
    permissions: frozenset[Permission]
    organisation_id: str | None
    team_ids: tuple[str, ...]
    primary_team_id: str | None
    token_version: int
    staff_role: str | None = None

    def can(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def is_account_manager(self) -> bool:
        return self.role is AppRole.ACCOUNT_MANAGER
