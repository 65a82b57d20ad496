"""Facts told in the right order: written with the change, carried after the commit, marked once they went out.

What dies between two of these steps loses nothing: the row stays pending and the relay sends it (`relay`).
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection, Database
from touchline.foundation.events import Event, EventBus, mark_published, pending, record, release, trim
from touchline.foundation.logs import get_logger

log = get_logger(__name__)

RELAY_AFTER = timedelta(seconds=2)
"""A fact that is still pending after this has lost its publisher."""


@dataclass
class Unit:
    """One transaction and the facts that go with it."""

    db: Connection
    events: list[Event] = field(default_factory=list)

    def tell(self, events: Iterable[Event]) -> None:
        """Facts to record in this transaction and to publish once it has committed."""
        self.events.extend(events)


@dataclass(frozen=True)
class Announcer:
    """Opens transactions whose facts reach the listeners after the commit, and never without it."""

    database: Database
    bus: EventBus
    clock: Clock

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        """One transaction; nothing is told when the block raises."""
        async with self.database.begin() as db:
            unit = Unit(db)
            yield unit
            ids = await record(db, unit.events, now=self.clock.now())
        if unit.events:
            await self._publish(ids, unit.events)

    async def pass_on(self, events: Iterable[Event]) -> None:
        """Carry facts that need no row because the next one replaces them (progress); a bus that is away is logged."""
        try:
            await self.bus.publish(events)
        except Exception as error:  # noqa: BLE001 — whatever a bus raises, the work that speaks must go on
            log.warning("events.not_carried", error=str(error))

    async def relay(self) -> int:
        """Publish facts whose publisher died between its commit and its bus; returns how many."""
        async with self.database.begin() as db:
            late = await pending(db, older_than=self.clock.now() - RELAY_AFTER)
        if late:
            await self._publish([row_id for row_id, _ in late], [event for _, event in late])
        return len(late)

    async def release(self, facts: Iterable[tuple[int, Event]]) -> int:
        """Publish facts that were held back, as they now read; returns how many had not gone yet."""
        now = self.clock.now()
        async with self.database.begin() as db:
            mine = [(row_id, event) for row_id, event in facts if await release(db, row_id, event.data, now=now)]
        if mine:
            await self._publish([row_id for row_id, _ in mine], [event for _, event in mine])
        return len(mine)

    async def trim(self) -> int:
        """Forget facts that every listener has long had; returns how many."""
        async with self.database.begin() as db:
            return await trim(db, now=self.clock.now())

    async def _publish(self, ids: list[int], events: list[Event]) -> None:
        try:
            await self.bus.publish(events)
            async with self.database.begin() as db:
                await mark_published(db, ids)
        except Exception as error:  # noqa: BLE001 — the change is committed; the relay repeats what listeners missed
            log.warning("events.left_to_relay", facts=len(ids), error=str(error))
