"""Facts for listeners: rows in an outbox, written in the transaction of the change, then carried by a bus.

The bus wakes and carries; the rows are the truth. A fact whose publisher died after its commit is still in the
outbox and is published by the relay. Listeners drop duplicates by `key`.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, delete, insert, select, update

from touchline.foundation.db import Connection, Instant, metadata
from touchline.foundation.errors import Kind, TouchlineError

outbox = Table(
    "event_outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("channel", String(80), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("key", String(160), nullable=False),
    Column("payload", Text().with_variant(Text(16_000_000), "mysql"), nullable=False),
    Column("published", Boolean, nullable=False, default=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_event_outbox_pending", "published", "created_at"),
)


@dataclass(frozen=True)
class Event:
    """One fact on a channel (`run:<id>`, `match:<id>`).

    kind: segment, flow_analysis, progress, alert, done, cancel …
    key: identity within the channel, for dropping duplicates; "" when repeats are harmless.
    data: the JSON text that a listener gets, encoded once and shared by all.
    """

    channel: str
    kind: str
    key: str
    data: str
    shared: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def encoded(self, name: str, make: Callable[["Event"], bytes]) -> bytes:
        """Bytes of this event in some framing, made once however many listeners ask."""
        if name not in self.shared:
            self.shared[name] = make(self)
        return bytes(self.shared[name])

    @property
    def payload(self) -> dict[str, Any]:
        """`data`, parsed once."""
        if "payload" not in self.shared:
            self.shared["payload"] = json.loads(self.data)
        return dict(self.shared["payload"])


def fact(channel: str, kind: str, payload: Mapping[str, Any], *, key: str = "") -> Event:
    """Make an event; the payload must be JSON without NaN."""
    data = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Event(channel=channel, kind=kind, key=key, data=data)


class Subscription(Protocol):
    """A listener's queue. Iterating yields events in order of arrival; `ListenerTooSlowError` ends one that lags."""

    def __aiter__(self) -> AsyncIterator[Event]: ...

    async def get(self, timeout_s: float | None = None) -> Event | None:
        """The next event, or None when `timeout_s` passed without one."""
        ...


class EventBus(Protocol):
    """Carries events to every subscriber of a channel in every process that shares the bus, within 2 s."""

    async def publish(self, events: Iterable[Event]) -> None:
        """Hand events to the bus, in order.

        Raises:
            BusUnavailableError: it cannot be reached; none, some or all of them may have gone out.
        """
        ...

    def subscribe(self, *channels: str, backlog: int = 1000) -> Any:
        """Asynchronous context manager that yields a `Subscription`; it is live once entered.

        Raises:
            BusUnavailableError: on entering, when the bus cannot be reached.
        """
        ...

    def end_listeners(self) -> None:
        """End every listener of this process, as one that lags: it is about to stop, and they come back elsewhere."""
        ...

    async def close(self) -> None: ...


class ListenerTooSlowError(Exception):
    """A listener fell more than its backlog behind, or its bus may have lost facts; it reconnects and replays."""


class BusUnavailableError(TouchlineError):
    """The bus cannot be reached. Facts stay in the outbox, from where the relay publishes them later."""

    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    code = "events.bus_unavailable"
    text = "Live updates are not available just now; please try again in a moment."


_WAKE = Event("", "", "", "{}")


class QueueSubscription:
    """A bounded queue that a bus feeds."""

    def __init__(self, backlog: int) -> None:
        self._queue: asyncio.Queue[Event] = asyncio.Queue(backlog)
        self._overrun = False

    def feed(self, event: Event) -> None:
        """Offer an event; a full queue marks the listener as too slow and drops what follows."""
        try:
            self._queue.put_nowait(event)
        except asyncio.QueueFull:
            self._overrun = True

    def overrun(self) -> None:
        """End this listener: what it missed is unknown, a replay finds it."""
        self._overrun = True
        if self._queue.empty():
            self._queue.put_nowait(_WAKE)

    async def get(self, timeout_s: float | None = None) -> Event | None:
        if self._overrun:
            raise ListenerTooSlowError
        try:
            async with asyncio.timeout(timeout_s):
                event = await self._queue.get()
        except TimeoutError:
            return None
        if event is _WAKE:
            raise ListenerTooSlowError
        return event

    async def __aiter__(self) -> AsyncIterator[Event]:
        while True:
            event = await self.get()
            if event is not None:
                yield event


class Fanout:
    """The queues of one process, by channel; both buses end here."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[QueueSubscription]] = {}

    def deliver(self, event: Event) -> None:
        for listener in tuple(self._listeners.get(event.channel, ())):
            listener.feed(event)

    @asynccontextmanager
    async def subscribe(self, *channels: str, backlog: int = 1000) -> AsyncIterator[QueueSubscription]:
        subscription = QueueSubscription(backlog)
        for channel in channels:
            self._listeners.setdefault(channel, set()).add(subscription)
        try:
            yield subscription
        finally:
            for channel in channels:
                listeners = self._listeners[channel]
                listeners.discard(subscription)
                if not listeners:
                    del self._listeners[channel]

    def overrun_all(self) -> None:
        """End every listener, because the bus may have lost facts."""
        for listener in {listener for group in self._listeners.values() for listener in group}:
            listener.overrun()

    @property
    def channels(self) -> frozenset[str]:
        return frozenset(self._listeners)


class InProcessBus:
    """The bus of a single serving process."""

    def __init__(self) -> None:
        self._fanout = Fanout()

    async def publish(self, events: Iterable[Event]) -> None:
        for event in events:
            self._fanout.deliver(event)

    def subscribe(self, *channels: str, backlog: int = 1000) -> Any:
        return self._fanout.subscribe(*channels, backlog=backlog)

    def end_listeners(self) -> None:
        self._fanout.overrun_all()

    async def close(self) -> None:
        return None


async def record(db: Connection, events: Iterable[Event], *, now: datetime) -> list[int]:
    """Write facts into the outbox inside the caller's transaction; returns their row ids in order."""
    ids: list[int] = []
    for event in events:
        result = await db.execute(
            insert(outbox).values(
                channel=event.channel,
                kind=event.kind,
                key=event.key,
                payload=event.data,
                published=False,
                created_at=now,
            )
        )
        key = result.inserted_primary_key
        assert key is not None
        ids.append(int(key[0]))
    return ids


async def mark_published(db: Connection, ids: Iterable[int]) -> None:
    """Note that these facts went out, so that the relay leaves them alone."""
    wanted = list(ids)
    if wanted:
        await db.execute(update(outbox).where(outbox.c.id.in_(wanted)).values(published=True))


async def pending(db: Connection, *, older_than: datetime, limit: int = 200) -> list[tuple[int, Event]]:
    """Facts whose publisher seems to have died, oldest first."""
    rows = await db.execute(
        select(outbox)
        .where(outbox.c.published.is_(False), outbox.c.created_at < older_than)
        .order_by(outbox.c.id)
        .limit(limit)
    )
    return [(row.id, Event(row.channel, row.kind, row.key, row.payload)) for row in rows]


async def held_back(db: Connection, kind: str, *, now: datetime, limit: int = 50) -> list[tuple[int, Event]]:
    """Facts of a kind that were recorded with a time to come: the relay sends them then, unless somebody does before."""
    rows = await db.execute(
        select(outbox)
        .where(outbox.c.published.is_(False), outbox.c.created_at > now, outbox.c.kind == kind)
        .order_by(outbox.c.id)
        .limit(limit)
    )
    return [(row.id, Event(row.channel, row.kind, row.key, row.payload)) for row in rows]


async def release(db: Connection, row_id: int, data: str, *, now: datetime) -> bool:
    """Let a fact that was held back go as it now reads; False when it has gone already."""
    result = await db.execute(
        update(outbox)
        .where(outbox.c.id == row_id, outbox.c.published.is_(False), outbox.c.created_at > now)
        .values(payload=data, created_at=now)
    )
    return bool(result.rowcount)


async def trim(db: Connection, *, now: datetime, keep: timedelta = timedelta(hours=1)) -> int:
    """Remove old facts; returns how many."""
    result = await db.execute(delete(outbox).where(outbox.c.created_at < now - keep))
    return int(result.rowcount)
