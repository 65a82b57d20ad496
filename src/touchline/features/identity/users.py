"""An account as the account manager of its organisation sees and changes it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class UserType(StrEnum):
    """Owners manage an organisation, staff belong to one."""

    OWNER = "owner"
    STAFF = "staff"


@dataclass(frozen=True)
class User:
    """last_login: None for somebody who never signed in."""

    id: str
    email: str
    full_name: str | None
    user_type: UserType
    is_active: bool
    created_at: datetime
    last_login: datetime | None


@dataclass(frozen=True)
class NewUser:
    """password: None for an account whose holder chooses one by mail (forgotten password)."""

    email: str
    full_name: str | None
    password: str | None
    is_active: bool


@dataclass(frozen=True)
class UserChange:
    """What an account is to become; None keeps what is there.

    full_name: the name to store, "" to take it away.
    """

    email: str
    full_name: str | None
    password: str | None
    is_active: bool | None
