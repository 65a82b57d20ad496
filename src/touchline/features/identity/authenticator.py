"""From a token to the person behind it, read fresh from the database each time."""

from dataclasses import dataclass

from touchline.features.identity import account_queries
from touchline.features.identity.accounts import Account
from touchline.features.identity.errors import InactiveUserError, NotSignedInError
from touchline.features.identity.principal import Principal
from touchline.features.identity.tokens import Tokens
from touchline.foundation.db import Database


@dataclass(frozen=True)
class Authenticator:
    """Knows who is asking. Each answer is one short transaction of its own, so that no stream holds one open."""

    database: Database
    tokens: Tokens

    async def principal_for_token(self, token: str) -> Principal:
        """The person behind an access token.

        Raises:
            NotSignedInError: the token does not count (any more).
            InactiveUserError: the account is disabled.
        """
        bearer = self.tokens.read(token)
        return await self.principal_for_user(bearer.user_id, token_version=bearer.token_version)

    async def principal_for_user(self, user_id: str, *, token_version: int | None = None) -> Principal:
        """The person behind an account; with a version, only if nothing voided it since.

        Raises:
            NotSignedInError: no such account, or its tokens were voided.
            InactiveUserError: the account is disabled.
        """
        account = await self.account(user_id)
        if account is None or account.is_deleted:
            raise NotSignedInError
        if not account.is_active:
            raise InactiveUserError
        if token_version is not None and token_version != account.principal.token_version:
            raise NotSignedInError
        return account.principal

    async def account(self, user_id: str) -> Account | None:
        async with self.database.begin() as db:
            return await account_queries.account(db, user_id)
