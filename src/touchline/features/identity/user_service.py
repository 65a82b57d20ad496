"""Accounts of an organisation, kept by its account manager.

Hashing and mailing take long, so these functions open short transactions of their own around them.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from touchline.features.identity import user_queries as queries
from touchline.features.identity.codes import Codes
from touchline.features.identity.errors import AccountExistsError, AccountNotFoundError, OwnAccountError
from touchline.features.identity.passwords import Passwords, check_strength
from touchline.features.identity.principal import Principal
from touchline.features.identity.rules import CodeKind, normal_email
from touchline.features.identity.throttle import FAILED_SIGN_INS_OF_ACCOUNT, Throttle
from touchline.features.identity.users import NewUser, User, UserChange
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection, Database


@dataclass(frozen=True)
class UserService:
    """What an account manager does with the accounts of his organisation; he is its owner."""

    database: Database
    clock: Clock
    passwords: Passwords
    codes: Codes
    throttle: Throttle

    async def all(self, db: Connection, by: Principal, *, limit: int, offset: int) -> tuple[list[User], int]:
        """Accounts of the organisation, the oldest first, and how many there are."""
        return await queries.organisation_users(db, by, limit=limit, offset=offset)

    async def one(self, db: Connection, by: Principal, user_id: str) -> User:
        """One account of the organisation.

        Raises:
            AccountNotFoundError: absent, deleted, or another organisation's.
        """
        user = await queries.organisation_user(db, by, user_id)
        if user is None:
            raise AccountNotFoundError
        return user

    async def add(self, by: Principal, new: NewUser) -> User:
        """A staff account without a team; `staff` gives it one.

        Raises:
            AccountExistsError: the address has an account already, in this club or another.
            InvalidEmailError, WeakPasswordError: as the messages say.
        """
        email = normal_email(new.email)
        password_hash = await self._hashed(new.password)
        async with self.database.begin() as db:
            user_id = await queries.insert_staff_account(
                db,
                email=email,
                password_hash=password_hash,
                full_name=new.full_name or None,
                is_active=new.is_active,
                created_by=by.user_id,
                now=self.clock.now(),
            )
            return await self.one(db, by, user_id)

    async def change(self, by: Principal, user_id: str, change: UserChange) -> User:
        """Change an account; a new password and a deactivation void its tokens.

        The manager vouches for addresses of his staff. His own new address must prove itself with a mailed code before
        the next sign-in, so that nobody takes an address that is not his.

        Raises:
            AccountNotFoundError: absent, deleted, or another organisation's.
            AccountExistsError: the new address belongs to another account.
            OwnAccountError: he would disable himself.
            MailFailedError, TooManyCodesError: his own new address could not be sent a code.
            InvalidEmailError, WeakPasswordError: as the messages say.
        """
        email = normal_email(change.email)
        is_own = user_id == by.user_id
        if is_own and change.is_active is False:
            raise OwnAccountError(act="disable")
        async with self.database.begin() as db:
            before = await self.one(db, by, user_id)
            if email != before.email and await queries.is_email_taken(db, email):
                raise AccountExistsError
        values = _new_values(change)
        if change.password is not None:
            values["password_hash"] = await self._hashed(change.password)
        if email != before.email:
            if is_own:
                await self.codes.send(user_id, email, CodeKind.VERIFICATION)
            values |= _new_address(email, is_proven=not is_own)
        return await self._store(by, before, values)

    async def delete(self, db: Connection, by: Principal, user_id: str) -> None:
        """Delete an account: nobody signs in with it, its address is free again. What it wrote stays, with its author.

        Its staff member stays on the team, without an account.

        Raises:
            OwnAccountError: it is his own.
            AccountNotFoundError: absent, deleted, or another organisation's.
        """
        if user_id == by.user_id:
            raise OwnAccountError(act="delete")
        user = await self.one(db, by, user_id)
        name = user.full_name or await queries.staff_name(db, user_id) or user.email.partition("@")[0]
        await queries.detach(db, user_id)
        values = {
            **queries.CODES_CLOSED,
            "email": f"deleted:{user_id}",  # unique, and no address: nobody can register or sign in with it
            "password_hash": "",
            "google_sub": None,
            "full_name": name,
            "is_active": False,
            "created_by": by.user_id,
            "deleted_at": self.clock.now(),
        }
        await queries.update_user(db, user_id, values, voids_tokens=True)

    async def _hashed(self, password: str | None) -> str:
        if password is None:
            return await self.passwords.hashed(secrets.token_urlsafe(32))
        check_strength(password)
        return await self.passwords.hashed(password)

    async def _store(self, by: Principal, before: User, values: dict[str, Any]) -> User:
        voids_tokens = "password_hash" in values or values.get("is_active") is False
        async with self.database.begin() as db:
            if values:
                await queries.update_user(db, before.id, values, voids_tokens=voids_tokens)
            if "email" in values:
                await queries.rename_contact(db, before.id, before=before.email, after=values["email"])
            after = await self.one(db, by, before.id)
        if "password_hash" in values:
            await self.throttle.forget(FAILED_SIGN_INS_OF_ACCOUNT, after.email)
        return after


def _new_values(change: UserChange) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if change.full_name is not None:
        values["full_name"] = change.full_name or None
    if change.is_active is not None:
        values["is_active"] = change.is_active
    return values


def _new_address(email: str, *, is_proven: bool) -> dict[str, Any]:
    """A new address ends what the former one could do: its reset code and its Google sign-in."""
    if is_proven:
        return {**queries.CODES_CLOSED, "email": email, "google_sub": None}
    return {
        "email": email,
        "google_sub": None,
        "email_verified": False,
        "password_reset_code": None,
        "password_reset_expires_at": None,
    }
