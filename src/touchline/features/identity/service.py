"""Accounts: registration with a mailed code, sign-in, forgotten passwords, owners made by an administrator.

Hashing and mailing take long, so these functions open short transactions of their own around them.
"""

from dataclasses import dataclass

from touchline.features.identity import account_queries as queries
from touchline.features.identity.accounts import Account, Credentials
from touchline.features.identity.codes import Codes
from touchline.features.identity.errors import (
    AccountDisabledError,
    EmailTakenError,
    MailFailedError,
    NothingToVerifyError,
    NotVerifiedError,
    TooManyCodesError,
    UnknownAccountError,
    WrongCodeError,
    WrongPasswordError,
)
from touchline.features.identity.first_team import give_first_team
from touchline.features.identity.passwords import Passwords, check_strength
from touchline.features.identity.rules import CodeKind, normal_email
from touchline.features.identity.throttle import (
    CODE_ATTEMPTS_OF_ADDRESS,
    CODE_REQUESTS_OF_ADDRESS,
    FAILED_SIGN_INS_OF_ACCOUNT,
    FAILED_SIGN_INS_OF_ADDRESS,
    REGISTRATIONS_OF_ADDRESS,
    Throttle,
)
from touchline.features.identity.tokens import Tokens
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection, Database
from touchline.foundation.logs import get_logger

log = get_logger(__name__)


@dataclass(frozen=True)
class IdentityService:
    """What a person does with his account before and while he is signed in."""

    database: Database
    clock: Clock
    passwords: Passwords
    tokens: Tokens
    codes: Codes
    throttle: Throttle

    async def sign_in(self, email: str, password: str, *, address: str) -> str:
        """Check a password and return an access token."""
        normal = email.strip().lower()
        await self._check_sign_ins(normal, address)
        async with self.database.begin() as db:
            found = await queries.credentials(db, normal)
        # Hashed for unknown accounts too, so that the time tells nothing.
        is_right = await self.passwords.matches(password, found.password_hash if found else None)
        # Again: of many guesses at once, all came in before the first was counted, and the right one may be among them.
        await self._check_sign_ins(normal, address)
        if found is None or not is_right:
            await self.throttle.count(FAILED_SIGN_INS_OF_ADDRESS, address)
            await self.throttle.count(FAILED_SIGN_INS_OF_ACCOUNT, normal)
            raise UnknownAccountError if found is None else WrongPasswordError
        if not found.email_verified:
            raise NotVerifiedError
        if not found.is_active:
            raise AccountDisabledError
        await self.throttle.forget(FAILED_SIGN_INS_OF_ACCOUNT, normal)
        async with self.database.begin() as db:
            await queries.note_login(db, found.user_id, self.clock.now())
            return self.tokens.issue(await _existing(db, found.user_id))

    async def _check_sign_ins(self, email: str, address: str) -> None:
        await self.throttle.check(FAILED_SIGN_INS_OF_ADDRESS, address)
        await self.throttle.check(FAILED_SIGN_INS_OF_ACCOUNT, email)

    async def register(self, email: str, password: str, *, full_name: str | None, address: str) -> tuple[str, str]:
        """Start a registration; returns the stored address and a sentence. A pending one only gets a new code."""
        normal = normal_email(email)
        check_strength(password)
        self.codes.require_mail()
        await self.throttle.use(REGISTRATIONS_OF_ADDRESS, address)
        async with self.database.begin() as db:
            known = await queries.credentials(db, normal)
        if known is not None:
            return await self._register_again(known)
        password_hash = await self.passwords.hashed(password)
        async with self.database.begin() as db:
            user_id = await queries.insert_owner(
                db,
                email=normal,
                password_hash=password_hash,
                full_name=full_name or None,
                is_verified=False,
                now=self.clock.now(),
            )
        try:
            await self.codes.send(user_id, normal, CodeKind.VERIFICATION)
        except MailFailedError:
            async with self.database.begin() as db:
                await queries.delete_pending(db, user_id)
            raise
        return normal, "We mailed you a code; enter it to activate your account."

    async def _register_again(self, known: Credentials) -> tuple[str, str]:
        if known.email_verified:
            raise EmailTakenError
        await self.codes.send(known.user_id, known.email, CodeKind.VERIFICATION)
        return known.email, "A new code is on its way."

    async def resend(self, email: str, *, address: str) -> tuple[str, str]:
        """Mail a new verification code to a pending account."""
        await self.throttle.use(CODE_REQUESTS_OF_ADDRESS, address)
        async with self.database.begin() as db:
            known = await queries.credentials(db, email.strip().lower())
        if known is None or known.email_verified:
            raise NothingToVerifyError
        await self.codes.send(known.user_id, known.email, CodeKind.VERIFICATION)
        return known.email, "A new code is on its way."

    async def verify(self, email: str, code: str, *, address: str) -> str:
        """Activate a pending account with its code, give its owner a team, and return an access token."""
        await self.throttle.use(CODE_ATTEMPTS_OF_ADDRESS, address)
        async with self.database.begin() as db:
            account = await self._activated(db, email.strip().lower(), code)
        # Raised outside, so that the attempt was committed.
        if account is None:
            raise WrongCodeError
        return self.tokens.issue(account)

    async def _activated(self, db: Connection, email: str, code: str) -> Account | None:
        known = await queries.credentials(db, email)
        if known is None or known.email_verified:
            return None
        opened = await self.codes.take(db, known.user_id, CodeKind.VERIFICATION, code)
        if opened is None or opened.code_hash is None:
            return None
        now = self.clock.now()
        if not await queries.activate(db, known.user_id, used_code=opened.code_hash, now=now):
            return None
        await give_first_team(db, known.user_id, full_name=known.full_name, email=known.email, now=now)
        return await _existing(db, known.user_id)

    async def forgot(self, email: str, *, address: str) -> None:
        """Mail a reset code to an active, verified account; says nothing about whether there is one."""
        await self.throttle.use(CODE_REQUESTS_OF_ADDRESS, address)
        async with self.database.begin() as db:
            known = await queries.credentials(db, email.strip().lower())
        if known is None or not known.is_active or not known.email_verified:
            return
        try:
            await self.codes.send(known.user_id, known.email, CodeKind.RESET)
        except (MailFailedError, TooManyCodesError) as error:
            log.warning("identity.reset_code_not_sent", user_id=known.user_id, reason=error.code)

    async def reset(self, email: str, code: str, new_password: str, *, address: str) -> None:
        """Set a new password with a mailed code; all tokens of the account become void."""
        check_strength(new_password)
        normal = email.strip().lower()
        await self.throttle.use(CODE_ATTEMPTS_OF_ADDRESS, address)
        password_hash = await self.passwords.hashed(new_password)
        async with self.database.begin() as db:
            is_changed = await self._changed(db, normal, code, password_hash)
        if not is_changed:
            raise WrongCodeError
        await self.throttle.forget(FAILED_SIGN_INS_OF_ACCOUNT, normal)

    async def _changed(self, db: Connection, email: str, code: str, password_hash: str) -> bool:
        known = await queries.credentials(db, email)
        if known is None or not known.is_active or not known.email_verified:
            return False
        opened = await self.codes.take(db, known.user_id, CodeKind.RESET, code)
        if opened is None or opened.code_hash is None:
            return False
        return await queries.change_password(db, known.user_id, used_code=opened.code_hash, password_hash=password_hash)

    async def create_owner(self, db: Connection, *, email: str, password: str, full_name: str | None = None) -> str:
        """An owner's account, verified at once, with its first team; returns its id.

        Raises:
            EmailTakenError: the address has an account already.
            InvalidEmailError, WeakPasswordError: as the messages say.
        """
        normal = normal_email(email)
        check_strength(password)
        if await queries.credentials(db, normal) is not None:
            raise EmailTakenError
        now = self.clock.now()
        user_id = await queries.insert_owner(
            db,
            email=normal,
            password_hash=await self.passwords.hashed(password),
            full_name=(full_name or "").strip() or None,
            is_verified=True,
            now=now,
        )
        await give_first_team(db, user_id, full_name=full_name, email=normal, now=now)
        return user_id


async def _existing(db: Connection, user_id: str) -> Account:
    account = await queries.account(db, user_id)
    if account is None:
        raise UnknownAccountError
    return account
