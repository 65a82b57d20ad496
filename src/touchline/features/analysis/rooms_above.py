"""What rooms above this one do about a run: they are told inside the transaction of the change and may add facts to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from touchline.football.updates import AlertRaised
from touchline.foundation.db import Connection
from touchline.foundation.events import Event


@dataclass(frozen=True)
class RunRef:
    """One attempt at a run, as far as anything written for it needs to know."""

    id: str
    match_id: str
    is_adhoc: bool
    part: str
    attempt: int
    submitted_at: datetime


class Reactions(Protocol):
    """Everything here may be repeated: a second attempt tells the same story again."""

    async def run_claimed(self, db: Connection, run: RunRef) -> None:
        """A worker starts on the run."""
        ...

    async def segment_stored(
        self, db: Connection, run: RunRef, segment: dict[str, Any], *, is_first: bool, is_new: bool
    ) -> list[Event]:
        """A window is in the rows.

        is_first: the first one of this attempt; is_new: no attempt had stored a window of this index before.
        """
        ...

    async def alert_raised(self, db: Connection, run: RunRef, alert: AlertRaised, *, now: datetime) -> list[Event]:
        """Keep an alert; the answer is what listeners are told, nothing when it is to stay hidden."""
        ...

    def unstored_alert(self, run: RunRef, alert: AlertRaised, *, now: datetime) -> list[Event]:
        """What listeners are told when an alert could not be kept (rule 4.3)."""
        ...

    async def run_ended(self, db: Connection, run: RunRef, *, now: datetime) -> None:
        """The attempt wrote its end; what lower attempts left behind goes."""
        ...


class NoReactions:
    """No room above is interested."""

    async def run_claimed(self, db: Connection, run: RunRef) -> None:
        return None

    async def segment_stored(
        self, db: Connection, run: RunRef, segment: dict[str, Any], *, is_first: bool, is_new: bool
    ) -> list[Event]:
        return []

    async def alert_raised(self, db: Connection, run: RunRef, alert: AlertRaised, *, now: datetime) -> list[Event]:
        return []

    def unstored_alert(self, run: RunRef, alert: AlertRaised, *, now: datetime) -> list[Event]:
        return []

    async def run_ended(self, db: Connection, run: RunRef, *, now: datetime) -> None:
        return None
