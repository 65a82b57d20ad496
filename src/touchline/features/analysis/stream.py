"""Live windows of a run or a match as Server-Sent Events: subscribe first, replay second, each window once (realtime 1).

No database connection is held while a stream is idle, and none is needed to keep one open.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from touchline.features.analysis.listeners import Frames, Listener, ListenerOfMatch, ListenerOfRun
from touchline.foundation.db import Database
from touchline.foundation.events import BusUnavailableError, Event, EventBus, ListenerTooSlowError
from touchline.foundation.logs import get_logger

log = get_logger(__name__)

KEEPALIVE = b": keepalive\n\n"
LOOK_EVERY_S = 2.0
"""How often the rows are read while the bus is away."""
STUCK_AFTER_S = 60.0
"""A client that takes nothing for so long is gone, whatever its connection says."""

StillMay = Callable[[], Awaitable[bool]]
"""Whether the listener may go on listening: his account stands and the run or match is in his scope."""

Hear = Callable[[float], Awaitable[Event | None]]
"""The next fact, or None when the time passed without one."""


class EventStream(StreamingResponse):
    """A response whose source is closed as soon as the client goes, sticks, or the server stops."""

    def __init__(self, frames: Frames) -> None:
        super().__init__(
            frames,
            # Named in full, so that no character set is added: streams of events are UTF-8 by definition.
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
        )
        self._frames = frames

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(STUCK_AFTER_S):
                await send(message)

        async with aclosing(self._frames):
            try:
                await super().__call__(scope, receive, send_in_time)
            except TimeoutError:
                log.info("stream.client_stuck")


@dataclass(frozen=True)
class SegmentStreams:
    """Opens streams; who may listen is decided before, and asked again now and then.

    backlog: undelivered messages after which a listener is dropped; it comes back and gets a replay.
    check_every_s: how often a listener's right is looked at again, at the latest with the next keep-alive.
    """

    database: Database
    bus: EventBus
    backlog: int = 1000
    keepalive_s: float = 15.0
    check_every_s: float = 40.0

    def of_run(self, run_id: str, *, still_may: StillMay, last_event_id: str | None = None) -> EventStream:
        """Windows of one run until it ends."""
        return EventStream(self._frames(ListenerOfRun(self.database, run_id, last_event_id), still_may))

    def of_match(self, match_id: str, *, still_may: StillMay, last_event_id: str | None = None) -> EventStream:
        """Windows of the newest run of a match, then of any, until the last active run of the match ends."""
        return EventStream(self._frames(ListenerOfMatch(self.database, match_id, last_event_id), still_may))

    async def _frames(self, listener: Listener, still_may: StillMay) -> Frames:
        try:
            async with (
                self.bus.subscribe(listener.channel, backlog=self.backlog) as facts,
                aclosing(self._follow(listener, facts.get, still_may)) as frames,
            ):
                async for frame in frames:
                    yield frame
        except ListenerTooSlowError:
            log.info("stream.ended_early", channel=listener.channel)
        except BusUnavailableError:
            log.warning("stream.by_looking", channel=listener.channel)
            async with aclosing(self._follow(listener, _nothing_heard, still_may)) as frames:
                async for frame in frames:
                    yield frame

    async def _follow(self, listener: Listener, hear: Hear, still_may: StillMay) -> Frames:
        loop = asyncio.get_running_loop()
        async with aclosing(listener.replay()) as stored:
            async for frame in stored:
                yield frame
        sent_at = checked_at = loop.time()
        while not listener.has_ended:
            event = await hear(max(sent_at + self.keepalive_s - loop.time(), 0.0))
            if event is not None:
                frames = await listener.frames_of(event)
            else:
                # Silence is also the moment to notice what a bus may have lost.
                frames = [frame async for frame in listener.catch_up()]
                if not frames and loop.time() >= sent_at + self.keepalive_s:
                    frames = [KEEPALIVE]
            for frame in frames:
                yield frame
                sent_at = loop.time()
            if not listener.has_ended and loop.time() >= checked_at + self.check_every_s:
                checked_at = loop.time()
                if not await still_may():
                    log.info("stream.right_lost", channel=listener.channel)
                    return


async def _nothing_heard(timeout_s: float) -> None:
    """Stands for a bus that is away: the rows are looked at until the client comes back."""
    await asyncio.sleep(min(LOOK_EVERY_S, timeout_s))
