"""What the identity room needs of the outside world."""

from datetime import datetime
from typing import Protocol


class MailError(Exception):
    """A mail could not be handed over; `str(error)` says why, for the log."""


class Mailer(Protocol):
    """Sends plain text mail; gives up after 20 s."""

    async def send(self, to: str, subject: str, text: str) -> None:
        """Hand over one mail.

        Raises:
            MailError: it could not be handed over.
        """
        ...


class Limiter(Protocol):
    """Counts events per key in a moving window, for all processes that share its store."""

    async def wait_s(self, key: str, *, limit: int, per_s: int) -> int | None:
        """Seconds until `key` may go on, None when it may now. Counts nothing."""
        ...

    async def count(self, key: str, *, limit: int, per_s: int) -> None:
        """Note one event of `key`."""
        ...

    async def forget(self, key: str, *, limit: int, per_s: int) -> None:
        """Start over with `key`."""
        ...


class LinkHolder(Protocol):
    """Whom a signed media link was made for."""

    @property
    def user_id(self) -> str: ...

    @property
    def token_version(self) -> int: ...


class MediaLinkChecker(Protocol):
    """Checks the `media` parameter of file routes."""

    def check(self, token: str, path: str, *, now: datetime) -> LinkHolder:
        """Who holds this link to this path.

        Raises:
            TouchlineError: forged, expired, or of another path.
        """
        ...


class NoLimits:
    """The limiter of a load test on loopback: everybody may go on."""

    async def wait_s(self, key: str, *, limit: int, per_s: int) -> int | None:
        return None

    async def count(self, key: str, *, limit: int, per_s: int) -> None:
        return None

    async def forget(self, key: str, *, limit: int, per_s: int) -> None:
        return None
