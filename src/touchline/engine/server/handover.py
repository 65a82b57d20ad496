"""From the worker thread of a run to the event loop, one update at a time, never more than a few waiting."""

import asyncio
import threading
import time
from collections import deque
from contextlib import suppress

from touchline.football.updates import Progress, Update

_PROGRESS_EVERY_S = 0.25


class HandOver:
    """A bounded queue between one worker thread and one listener on the event loop.

    A full queue makes the worker wait. Progress is thinned to a few packets a second: the worker may report every
    frame, which is also how often it notices that nobody listens any more.
    """

    def __init__(self, *, limit: int = 64) -> None:
        self._loop = asyncio.get_running_loop()
        self._changed = threading.Condition()
        self._waiting: deque[Update] = deque()
        self._limit = limit
        self._closed = False
        self._ended = False
        self._arrived = asyncio.Event()
        self._next_progress_s = 0.0

    def put(self, update: Update) -> bool:
        """Hand an update over (worker thread); False: nobody listens, stop working."""
        with self._changed:
            if self._is_too_soon(update):
                return not self._closed
            self._changed.wait_for(lambda: self._closed or len(self._waiting) < self._limit)
            if self._closed:
                return False
            self._waiting.append(update)
        self._wake()
        return True

    def end(self) -> None:
        """Say that nothing follows (worker thread)."""
        with self._changed:
            self._ended = True
        self._wake()

    async def get(self) -> Update | None:
        """The next update, None after the last one."""
        while True:
            self._arrived.clear()
            with self._changed:
                if self._waiting:
                    update = self._waiting.popleft()
                    self._changed.notify()
                    return update
                if self._ended or self._closed:
                    return None
            await self._arrived.wait()

    def close(self) -> None:
        """Stop listening; the worker learns it with its next update."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()
        self._arrived.set()

    @property
    def is_closed(self) -> bool:
        return self._closed

    def _is_too_soon(self, update: Update) -> bool:
        if not isinstance(update, Progress):
            return False
        now_s = time.monotonic()
        if now_s < self._next_progress_s:
            return True
        self._next_progress_s = now_s + _PROGRESS_EVERY_S
        return False

    def _wake(self) -> None:
        with suppress(RuntimeError):  # the loop has closed: nobody listens any more
            self._loop.call_soon_threadsafe(self._arrived.set)
