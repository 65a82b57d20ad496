"""Access tokens: made at sign-in, checked on every request. RS256 only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry

from touchline.features.identity.accounts import Account
from touchline.features.identity.errors import CannotSignError, NotSignedInError
from touchline.features.identity.keys import ALGORITHM, KeyRing, Keys
from touchline.foundation.clock import Clock

ISSUER = "touchline"
AUDIENCE = "touchline"
_LONGEST_TOKEN = 8192
_MOST_REMEMBERED = 1024


@dataclass(frozen=True)
class Bearer:
    """What a valid token says that the server uses: an account and the version of it that signed in."""

    user_id: str
    token_version: int


@dataclass(frozen=True)
class Tokens:
    """Makes and checks tokens.

    Signatures that were found good are remembered as long as the keys stay the same; dates are judged every time.
    """

    keys: KeyRing
    clock: Clock
    life: timedelta
    _good: dict[str, tuple[Keys, Mapping[str, Any]]] = field(default_factory=dict, repr=False, compare=False)

    def issue(self, account: Account) -> str:
        """A token for an account.

        Raises:
            CannotSignError: this process only checks tokens.
        """
        keys = self.keys.keys()
        if keys.signing is None:
            raise CannotSignError
        now = int(self.clock.now().timestamp())
        claims: dict[str, Any] = {
            **account.claims(),
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + int(self.life.total_seconds()),
            "jti": uuid4().hex,
        }
        header = {"alg": ALGORITHM, "kid": keys.signing.thumbprint()}
        return jwt.encode(header, claims, keys.signing, algorithms=[ALGORITHM])

    def read(self, token: str) -> Bearer:
        """Whose token this is.

        Raises:
            NotSignedInError: forged, expired, of another algorithm or key, or without what we need.
        """
        if len(token) > _LONGEST_TOKEN:
            raise NotSignedInError
        registry = JWTClaimsRegistry(
            now=lambda: int(self.clock.now().timestamp()),
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
        )
        try:
            claims = self._claims(token)
            registry.validate(dict(claims))
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise NotSignedInError from error
        user_id, version = claims.get("uid"), claims.get("ver")
        if not isinstance(user_id, str) or not isinstance(version, int):
            raise NotSignedInError
        return Bearer(user_id=user_id, token_version=version)

    def _claims(self, token: str) -> Mapping[str, Any]:
        """What a token with a good signature claims; raises what the library raises for any other."""
        keys = self.keys.keys()
        known = self._good.get(token)
        if known is not None and known[0] is keys:
            return known[1]
        claims = jwt.decode(token, keys.key_set, algorithms=[ALGORITHM]).claims
        while len(self._good) >= _MOST_REMEMBERED:
            del self._good[next(iter(self._good))]
        self._good[token] = (keys, claims)
        return claims
