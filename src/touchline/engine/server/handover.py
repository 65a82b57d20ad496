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

    A full queue makes the worker wait. Progress is thinned to a few packets a second, the newest one wins: the
    worker may report every frame, which is also how often it notices that nobody listens any more.
    """

    def __init__(self, *, limit: int = 64) -> None:
        self._loop = asyncio.get_running_loop()
        self._changed = threading.Condition()
        self._waiting: deque[Update] = deque()
        self._limit = limit
        self._closed = False
        self._ended = False
        self._arrived = asyncio.Event()
        self._held: Progress | None = None
        self._next_progress_s = 0.0

    def put(self, update: Update) -> bool:
        """Hand an update over (worker thread); False: nobody listens, stop working."""
        with self._changed:
            if isinstance(update, Progress) and not self._is_due():
                self._held = update
            else:
                self._changed.wait_for(lambda: self._closed or len(self._waiting) < self._limit)
                self._waiting.append(update)
                if isinstance(update, Progress):
                    self._note_progress()
            if self._closed:
                return False
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
                update, pause_s = self._next()
                is_over = self._closed or self._ended
                self._changed.notify()
            if update is not None:
                return update
            if is_over:
                return None
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
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

    def _next(self) -> tuple[Update | None, float | None]:
        """What is due now, or how long to wait for the progress that is held back (None: until something comes)."""
        if self._closed:
            return None, None
        if self._waiting:
            return self._waiting.popleft(), None
        if self._held is None or self._ended:
            return None, None
        if not self._is_due():
            return None, self._next_progress_s - time.monotonic()
        held = self._held
        self._note_progress()
        return held, None

    def _is_due(self) -> bool:
        return time.monotonic() >= self._next_progress_s

    def _note_progress(self) -> None:
        self._held = None
        self._next_progress_s = time.monotonic() + _PROGRESS_EVERY_S

    def _wake(self) -> None:
        with suppress(RuntimeError):  # the loop has closed: nobody listens any more
            self._loop.call_soon_threadsafe(self._arrived.set)
