"""Staff of an organisation's teams, and the accounts that come and go with them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from touchline.features.identity import staff_queries as queries
from touchline.features.identity import user_queries
from touchline.features.identity.errors import (
    AccountExistsError,
    AccountInUseError,
    AccountNotFoundError,
    EmailTakenError,
    NoStaffAccountError,
    NotYourTeamError,
    StaffNotFoundError,
    TeamNotFoundError,
)
from touchline.features.identity.passwords import Passwords, check_strength
from touchline.features.identity.principal import Principal
from touchline.features.identity.rules import normal_email
from touchline.features.identity.staff import NewStaffMember, StaffAccount, StaffMember
from touchline.features.identity.team_service import own_team
from touchline.features.identity.throttle import FAILED_SIGN_INS_OF_ACCOUNT, Throttle
from touchline.features.identity.users import UserType
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection, Database


@dataclass(frozen=True)
class StaffService:
    """Members are kept by the account manager, who owns their teams; everybody sees those of his teams."""

    database: Database
    clock: Clock
    passwords: Passwords
    throttle: Throttle

    async def all(self, db: Connection, by: Principal, *, limit: int, offset: int) -> tuple[list[StaffMember], int]:
        """Staff of accessible teams by name, and how many there are."""
        return await queries.accessible_staff(db, by, limit=limit, offset=offset)

    async def one(self, db: Connection, by: Principal, staff_id: str) -> StaffMember:
        """A staff member of an accessible team.

        Raises:
            StaffNotFoundError: absent or out of scope.
        """
        member = await queries.accessible_member(db, by, staff_id)
        if member is None:
            raise StaffNotFoundError
        return member

    async def add(self, db: Connection, by: Principal, new: NewStaffMember) -> StaffMember:
        """A staff member, without an account or with one that the organisation has already.

        Raises:
            TeamNotFoundError, SharedTeamError: the team is none of his.
            AccountNotFoundError: the account is none of his organisation's.
            NoStaffAccountError, AccountInUseError: the account cannot be given away.
        """
        await own_team(db, by, new.team_id)
        if new.user_id is not None:
            await self._check_free(db, by, new.user_id)
        return await queries.insert_member(db, _with_normal_email(new))

    async def _check_free(self, db: Connection, by: Principal, user_id: str) -> None:
        user = await user_queries.organisation_user(db, by, user_id)
        if user is None:
            raise AccountNotFoundError
        if user.user_type is UserType.OWNER:
            raise NoStaffAccountError
        if await queries.has_member(db, user_id):
            raise AccountInUseError

    async def add_with_account(self, by: Principal, new: NewStaffMember, account: StaffAccount) -> StaffMember:
        """A staff member with an account that can sign in at once.

        An address that a former member of this organisation left behind is enabled again with the new password.

        Raises:
            NotYourTeamError: the team is none of his.
            EmailTakenError: the address has an account, in this club or another.
            InvalidEmailError, WeakPasswordError: as the messages say.
        """
        email = normal_email(account.email)
        check_strength(account.password)
        async with self.database.begin() as db:  # before the hash is made, which takes long
            await self._check_provisioning(db, by, new.team_id, email)
        password_hash = await self.passwords.hashed(account.password)
        async with self.database.begin() as db:
            user_id = await self._account(db, by, email=email, password_hash=password_hash, name=new.name)
            try:
                member = await queries.insert_member(db, replace(new, email=email, user_id=user_id))
            except TeamNotFoundError as error:
                raise NotYourTeamError from error
            except AccountInUseError as error:
                raise EmailTakenError from error
        await self.throttle.forget(FAILED_SIGN_INS_OF_ACCOUNT, email)
        return member

    async def _check_provisioning(self, db: Connection, by: Principal, team_id: str, email: str) -> None:
        if team_id not in by.team_ids:
            raise NotYourTeamError
        if await queries.dormant_account(db, by.user_id, email) is None and await user_queries.is_email_taken(
            db, email
        ):
            raise EmailTakenError

    async def _account(self, db: Connection, by: Principal, *, email: str, password_hash: str, name: str) -> str:
        dormant = await queries.dormant_account(db, by.user_id, email)
        if dormant is None:
            try:
                return await user_queries.insert_staff_account(
                    db,
                    email=email,
                    password_hash=password_hash,
                    full_name=name,
                    is_active=True,
                    created_by=by.user_id,
                    now=self.clock.now(),
                )
            except AccountExistsError as error:
                raise EmailTakenError from error
        is_awake = await queries.wake_account(
            db, dormant, owner_id=by.user_id, password_hash=password_hash, full_name=name
        )
        if not is_awake:
            raise EmailTakenError
        return dormant

    async def change(self, db: Connection, by: Principal, staff_id: str, values: Mapping[str, Any]) -> StaffMember:
        """Change a staff member; a new role and a new team count from the next request of his account on.

        Args:
            db: one transaction.
            by: the account manager.
            staff_id: whom.
            values: new `team_id`, `name`, `role` and `email` by name; what is left out stays.

        Raises:
            StaffNotFoundError: absent or out of scope.
            TeamNotFoundError, SharedTeamError: the new team is none of his.
            InvalidEmailError: as the message says.
        """
        before = await self.one(db, by, staff_id)
        if values.get("team_id", before.team_id) != before.team_id:
            await own_team(db, by, values["team_id"])
        if values.get("email", before.email) != before.email and values["email"] is not None:
            values = {**values, "email": normal_email(values["email"])}
        if values:
            await queries.update_member(db, before.id, values)
        return replace(before, **values)

    async def delete(self, db: Connection, by: Principal, staff_id: str) -> None:
        """Remove a staff member: his account is disabled and its tokens are void; what he wrote stays.

        Raises:
            StaffNotFoundError: absent or out of scope.
        """
        member = await self.one(db, by, staff_id)
        await queries.delete_member(db, member.id)
        if member.user_id is not None:
            await user_queries.disable_staff_account(db, member.user_id, owner_id=by.user_id, full_name=member.name)


def _with_normal_email(new: NewStaffMember) -> NewStaffMember:
    return replace(new, email=normal_email(new.email)) if new.email else replace(new, email=None)
