"""How often somebody may try to sign in, register or ask for a code, per account and per address."""

import hashlib
from dataclasses import dataclass

from touchline.features.identity.errors import TooManyAttemptsError, in_words
from touchline.features.identity.ports import Limiter


@dataclass(frozen=True)
class Rate:
    """At most `limit` within `per_s` seconds."""

    name: str
    limit: int
    per_s: int


FAILED_SIGN_INS_OF_ACCOUNT = Rate("sign-in-account", 10, 900)
FAILED_SIGN_INS_OF_ADDRESS = Rate("sign-in-address", 100, 900)
REGISTRATIONS_OF_ADDRESS = Rate("register-address", 60, 3600)
CODE_REQUESTS_OF_ADDRESS = Rate("code-address", 60, 3600)
CODE_ATTEMPTS_OF_ADDRESS = Rate("attempt-address", 100, 900)


@dataclass(frozen=True)
class Throttle:
    """Refuses whoever was too busy lately."""

    limiter: Limiter

    async def check(self, rate: Rate, who: str) -> None:
        """Let pass, counting nothing.

        Raises:
            TooManyAttemptsError: not yet again.
        """
        wait_s = await self.limiter.wait_s(_key(rate, who), limit=rate.limit, per_s=rate.per_s)
        if wait_s is not None:
            raise TooManyAttemptsError(wait=in_words(wait_s), retry_after_s=max(wait_s, 1))

    async def count(self, rate: Rate, who: str) -> None:
        """Count it, and refuse what is one too many of those that came at once.

        Raises:
            TooManyAttemptsError: it is.
        """
        if not await self.limiter.count(_key(rate, who), limit=rate.limit, per_s=rate.per_s):
            raise TooManyAttemptsError(wait=in_words(rate.per_s), retry_after_s=rate.per_s)

    async def use(self, rate: Rate, who: str) -> None:
        """Let pass and count it."""
        await self.check(rate, who)
        await self.count(rate, who)

    async def forget(self, rate: Rate, who: str) -> None:
        await self.limiter.forget(_key(rate, who), limit=rate.limit, per_s=rate.per_s)


def _key(rate: Rate, who: str) -> str:
    # Hashed: the shared store learns no addresses, and no sign in them can confuse its keys.
    return f"{rate.name}-{hashlib.sha256(who.encode()).hexdigest()[:32]}"
