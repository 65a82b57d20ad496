"""Sign-in with a Google account: whom Google vouches for, and which account of ours that is."""

import secrets
from dataclasses import dataclass

from touchline.features.identity import account_queries
from touchline.features.identity import google_queries as queries
from touchline.features.identity.accounts import Account
from touchline.features.identity.errors import (
    AccountDisabledError,
    GoogleNotSetUpError,
    GoogleRefusedError,
    GoogleUnreachableError,
    NoGoogleTokenError,
)
from touchline.features.identity.first_team import give_first_team
from touchline.features.identity.google import GoogleIdentity, key_id_of, read_id_token, read_token_info
from touchline.features.identity.google_queries import KnownAccount, RowMovedError
from touchline.features.identity.passwords import Passwords
from touchline.features.identity.ports import Google, GoogleAwayError
from touchline.features.identity.throttle import FAILED_SIGN_INS_OF_ADDRESS, Throttle
from touchline.features.identity.tokens import Tokens
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection, Database
from touchline.foundation.logs import get_logger

log = get_logger(__name__)

_LOOKS = 4  # at an account that other requests change meanwhile


@dataclass(frozen=True)
class GoogleSignIn:
    """audiences: our client ids at Google; empty where Google sign-in is not set up."""

    database: Database
    clock: Clock
    passwords: Passwords
    tokens: Tokens
    throttle: Throttle
    google: Google
    audiences: frozenset[str]

    async def sign_in(self, *, id_token: str | None, access_token: str | None, address: str) -> str:
        """Check what Google says and return an access token of ours.

        The ID token counts where there is one: it is signed for us. An access token is only asked about without it.

        Raises:
            GoogleNotSetUpError: there is no client id.
            NoGoogleTokenError: neither token was sent.
            GoogleRefusedError: the token is not good, or the account belongs to another Google account.
            GoogleUnreachableError: Google could not be asked.
            AccountDisabledError: as the message says.
            TooManyAttemptsError: too many bad tokens came from this address.
        """
        if not self.audiences:
            raise GoogleNotSetUpError
        if not id_token and not access_token:
            raise NoGoogleTokenError
        await self.throttle.check(FAILED_SIGN_INS_OF_ADDRESS, address)
        try:
            who = await self._by_id_token(id_token) if id_token else await self._by_access_token(access_token or "")
            return self.tokens.issue(await self._account(who))
        except GoogleRefusedError:
            await self.throttle.count(FAILED_SIGN_INS_OF_ADDRESS, address)
            raise
        except GoogleAwayError as error:
            log.warning("google.unreachable", reason=str(error))
            raise GoogleUnreachableError from error

    async def _by_id_token(self, id_token: str) -> GoogleIdentity:
        key = await self.google.key(key_id_of(id_token))
        if key is None:
            raise GoogleRefusedError
        return read_id_token(id_token, key, audiences=self.audiences, now=self.clock.now())

    async def _by_access_token(self, access_token: str) -> GoogleIdentity:
        info = await self.google.token_info(access_token)
        if info is None:
            raise GoogleRefusedError
        return read_token_info(info, audiences=self.audiences, now=self.clock.now())

    async def _account(self, who: GoogleIdentity) -> Account:
        for _ in range(_LOOKS):
            async with self.database.begin() as db:
                known = await queries.known_account(db, who)
            # A secret that nobody knows; hashed before the transaction, because it takes long.
            secret = await self.passwords.hashed(secrets.token_urlsafe(32)) if _is_new(known) else None
            try:
                async with self.database.begin() as db:
                    return await self._entered(db, who, secret)
            except RowMovedError:
                log.info("google.account_moved")
        raise GoogleRefusedError

    async def _entered(self, db: Connection, who: GoogleIdentity, secret: str | None) -> Account:
        now = self.clock.now()
        known = await queries.known_account(db, who)
        if known is None:
            user_id = await queries.insert_google_owner(db, who, password_hash=_needed(secret), now=now)
            await give_first_team(db, user_id, full_name=who.full_name, email=who.email, now=now)
        elif known.google_sub not in (None, who.subject):
            raise GoogleRefusedError
        elif not known.email_verified:
            user_id, full_name = known.user_id, who.full_name or known.full_name
            await queries.confirm_pending(db, user_id, who, full_name=full_name, password_hash=_needed(secret), now=now)
            if known.is_owner:
                await give_first_team(db, user_id, full_name=full_name, email=known.email, now=now)
        elif not known.is_active:
            raise AccountDisabledError
        else:
            user_id = known.user_id
            await queries.note_google_login(db, user_id, who, now)
        account = await account_queries.account(db, user_id)
        if account is None:
            raise RowMovedError
        return account


def _is_new(known: KnownAccount | None) -> bool:
    return known is None or not known.email_verified


def _needed(secret: str | None) -> str:
    if secret is None:  # the account was there and verified a moment ago
        raise RowMovedError
    return secret
