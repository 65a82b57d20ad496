"""EventBus over one Redis stream: every process reads it once and fans out to its own listeners.

The reader remembers the last event it saw, so a lost connection loses nothing. When Redis itself has forgotten
events, listeners are ended; they come back and replay from the rows, which are the truth.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from touchline.foundation.events import BusUnavailableError, Event, Fanout, QueueSubscription

_log = logging.getLogger(__name__)
_BLOCK_MS = 2_000  # below the client's socket time-out, which would cut a longer wait
_SOCKET_S, _CONNECT_S = 5.0, 3.0
_PUBLISH_LIMIT_S, _SUBSCRIBE_LIMIT_S = 5.0, 5.0
_BATCH = 500
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 2.0
_START = "0-0"


class RedisBus:
    """Events of one installation.

    Args:
        url: address of Redis.
        prefix: of the stream's name; buses of different prefixes do not meet.
        keep: about how many events the stream holds for readers that were cut off.
    """

    def __init__(self, url: str, *, prefix: str = "touchline", keep: int = 10_000) -> None:
        self._stream, self._keep = f"{prefix}:events", keep
        self._writer = _client(url)
        self._source = _client(url)
        self._fanout = Fanout()
        self._seen: str | None = None
        self._is_listening = asyncio.Event()
        self._reader: asyncio.Task[None] | None = None
        self._closed = False

    async def publish(self, events: Iterable[Event]) -> None:
        """See `EventBus.publish`; one round trip however many events."""
        pipeline = self._writer.pipeline(transaction=False)
        for event in events:
            fields: dict[Any, Any] = {"c": event.channel, "t": event.kind, "k": event.key, "d": event.data}
            pipeline.xadd(self._stream, fields, maxlen=self._keep, approximate=True)
        if not len(pipeline):
            return
        if self._closed:
            raise BusUnavailableError
        try:
            async with asyncio.timeout(_PUBLISH_LIMIT_S):
                await pipeline.execute()
        except (RedisError, OSError, TimeoutError) as error:
            _log.warning("bus.not_published reason=%r", error)
            raise BusUnavailableError from error

    @asynccontextmanager
    async def subscribe(self, *channels: str, backlog: int = 1000) -> AsyncIterator[QueueSubscription]:
        """See `EventBus.subscribe`; every event published from now on arrives."""
        if self._closed:
            raise BusUnavailableError
        if self._reader is None:
            self._reader = asyncio.create_task(self._read(), name="bus-reader")
        try:
            async with asyncio.timeout(_SUBSCRIBE_LIMIT_S):
                await self._is_listening.wait()
        except TimeoutError as error:
            raise BusUnavailableError from error
        async with self._fanout.subscribe(*channels, backlog=backlog) as subscription:
            yield subscription

    def end_listeners(self) -> None:
        """See `EventBus.end_listeners`."""
        self._fanout.overrun_all()

    async def close(self) -> None:
        """Stop reading and let the connections go."""
        self._closed = True
        while self._reader is not None and not self._reader.done():
            # Asked again, because the client's own time-outs can swallow a request that meets an answer.
            self._reader.cancel()
            await asyncio.wait({self._reader}, timeout=0.1)
        await self._source.aclose()
        await self._writer.aclose()

    async def _read(self) -> None:
        """Fan out what the stream says, through every outage, until closed."""
        pause_s = _FIRST_PAUSE_S
        while not self._closed:
            try:
                self._seen = await self._start_position()
                self._is_listening.set()
                while not self._closed:
                    await self._read_once()
                    pause_s = _FIRST_PAUSE_S
            except (RedisError, OSError) as error:
                _log.warning("bus.reader_cut_off reason=%r again_in_s=%g", error, pause_s)
            except Exception:  # noqa: BLE001 - the loop that all live updates hang on must not end
                _log.exception("bus.reader_broke again_in_s=%g", pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    async def _read_once(self) -> None:
        answer: Any = await self._source.xread({self._stream: self._seen or _START}, count=_BATCH, block=_BLOCK_MS)
        for _, entries in answer or ():
            for entry_id, fields in entries:
                self._seen = entry_id
                self._fanout.deliver(Event(fields["c"], fields["t"], fields["k"], fields["d"]))

    async def _start_position(self) -> str:
        """Where to read on: at the newest event the first time, after the last seen one from then on."""
        try:
            stream: Any = await self._source.xinfo_stream(self._stream)
            newest = str(stream["last-generated-id"])
        except ResponseError:  # no such stream yet, or no more
            stream, newest = {}, _START
        if self._seen is None:
            return newest
        oldest = stream.get("first-entry")
        was_forgotten = _order(newest) < _order(self._seen)
        was_trimmed = bool(oldest) and stream["length"] >= self._keep and _order(oldest[0]) > _order(self._seen)
        if was_forgotten or was_trimmed:
            _log.warning("bus.events_lost seen=%s newest=%s", self._seen, newest)
            self._fanout.overrun_all()
        return _START if was_forgotten else self._seen


def _client(url: str) -> Redis:
    return Redis.from_url(
        url,
        decode_responses=True,
        protocol=2,  # one shape of answers, whatever the server speaks
        socket_timeout=_SOCKET_S,
        socket_connect_timeout=_CONNECT_S,
        retry=Retry(NoBackoff(), 1),  # one quiet second try on a stale connection; longer outages are handled here
    )


def _order(entry_id: str) -> tuple[int, int]:
    milliseconds, _, sequence = entry_id.partition("-")
    return int(milliseconds), int(sequence or 0)
