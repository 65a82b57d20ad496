"""Accounts of the demo club: an owner and four of his staff, each with a password made just now."""

import secrets
from dataclasses import dataclass
from typing import ClassVar

from touchline.apps.demo_club.desk import Desk
from touchline.features.identity import AppRole, Principal, account_queries, staff_queries, user_queries
from touchline.features.identity.errors import EmailTakenError
from touchline.features.identity.staff import NewStaffMember, StaffRole
from touchline.foundation.errors import Kind, TouchlineError

_DOMAIN = "demo.example"
_OWNER = ("Margaret Holloway", f"owner@{_DOMAIN}")
_STAFF = (
    (AppRole.COACH, StaffRole.HEAD_COACH, "Stefan Brandt", f"head.coach@{_DOMAIN}"),
    (AppRole.ASSISTANT_COACH, StaffRole.ASSISTANT_COACH, "Amina Saidi", f"assistant.coach@{_DOMAIN}"),
    (AppRole.ANALYST, StaffRole.ANALYST, "Priya Raman", f"analyst@{_DOMAIN}"),
    (AppRole.PLAYER, StaffRole.PLAYER, "Elias Nordmark", f"player@{_DOMAIN}"),
)
_SAYABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


class DemoClubExistsError(TouchlineError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "demo.exists"
    text = (
        "The demo club is here already: {email} has an account. Its passwords were shown when it was made; to get"
        " another one, name another data folder or database."
    )


@dataclass(frozen=True)
class Login:
    """How somebody of the demo club signs in; the password is kept nowhere but here."""

    role: AppRole
    name: str
    email: str
    password: str


@dataclass(frozen=True)
class People:
    """Everybody by role, and how each signs in."""

    by_role: dict[AppRole, Principal]
    logins: tuple[Login, ...]

    @property
    def owner(self) -> Principal:
        return self.by_role[AppRole.ACCOUNT_MANAGER]


async def write_people(desk: Desk) -> People:
    """Make the accounts; the owner's first team comes with his.

    Raises:
        DemoClubExistsError: one of the addresses has an account.
    """
    login, owner = await _owner(desk)
    by_role, logins = {login.role: owner}, [login]
    for role, staff_role, name, email in _STAFF:
        login = Login(role, name, email, _password())
        by_role[role] = await _member(desk, owner, staff_role, login)
        logins.append(login)
    return People(by_role, tuple(logins))


async def _owner(desk: Desk) -> tuple[Login, Principal]:
    name, email = _OWNER
    login = Login(AppRole.ACCOUNT_MANAGER, name, email, _password())
    try:
        user_id = await desk.house.identity.create_owner(desk.db, email=email, password=login.password, full_name=name)
    except EmailTakenError as error:
        raise DemoClubExistsError(email=email) from error
    return login, await _person(desk, user_id)


async def _member(desk: Desk, owner: Principal, staff_role: StaffRole, login: Login) -> Principal:
    if await user_queries.is_email_taken(desk.db, login.email):
        raise DemoClubExistsError(email=login.email)
    user_id = await user_queries.insert_staff_account(
        desk.db,
        email=login.email,
        password_hash=await desk.house.identity.passwords.hashed(login.password),
        full_name=login.name,
        is_active=True,
        created_by=owner.user_id,
        now=desk.now,
    )
    assert owner.primary_team_id is not None
    member = NewStaffMember(
        team_id=owner.primary_team_id, name=login.name, role=staff_role, email=login.email, user_id=user_id
    )
    await staff_queries.insert_member(desk.db, member)
    return await _person(desk, user_id)


async def _person(desk: Desk, user_id: str) -> Principal:
    account = await account_queries.account(desk.db, user_id)
    assert account is not None
    return account.principal


def _password() -> str:
    """Three times four characters, nearly sixty bits, easy to read out."""
    return "-".join("".join(secrets.choice(_SAYABLE) for _ in range(4)) for _ in range(3))
