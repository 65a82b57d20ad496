"""What the identity room needs of the outside world."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol


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

    async def count(self, key: str, *, limit: int, per_s: int) -> bool:
        """Note one event of `key`; whether it still lay within the limit, however many came at once."""
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


class GoogleAwayError(Exception):
    """Google could not be asked, or answered nothing sensible; `str(error)` says why, for the log."""


class Google(Protocol):
    """What Google knows about tokens that it made."""

    async def key(self, key_id: str) -> Mapping[str, Any] | None:
        """The public key of this id as a JSON Web Key; None when Google has none (any more).

        Raises:
            GoogleAwayError: its keys could not be read.
        """
        ...

    async def token_info(self, access_token: str) -> Mapping[str, Any] | None:
        """What Google says about an access token; None when it refuses it.

        Raises:
            GoogleAwayError: it could not be asked.
        """
        ...


class NoLimits:
    """The limiter of a load test on loopback: everybody may go on."""

    async def wait_s(self, key: str, *, limit: int, per_s: int) -> int | None:
        return None

    async def count(self, key: str, *, limit: int, per_s: int) -> bool:
        return True

    async def forget(self, key: str, *, limit: int, per_s: int) -> None:
        return None
