"""The blocking iterator of a run, driven in a thread and read from the event loop.

One run id, one worker: a newer request closes the older one, waits until it has cleaned up, then starts. At most
`max_runs` work at a time; others are told that they wait.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from touchline.engine.errors import EngineError
from touchline.engine.server.handover import HandOver
from touchline.football.updates import AnalysisRequest, Failed, Finished, FoundBox, Progress, Update

_log = logging.getLogger(__name__)
_BROKE = "The analysis stopped because of an internal error; the engine's log has the details."
_WAITING = "Waiting for a free place in the tracking engine"
_REMIND_S = 30.0
_CLEAN_UP_S = 15.0

Detect = Callable[[bytes], Sequence[FoundBox]]
"""Persons and ball in one encoded picture; raises ValueError when it cannot be decoded."""


class Analyse(Protocol):
    """The engine's work: updates of one run, ending with Finished or Failed.

    Closing the iterator must stop the work and delete partial outputs. It can only be closed between two updates,
    so an implementation yields at least once per analysed frame.
    """

    def __call__(
        self, request: AnalysisRequest, *, output_root: Path, threads: int, detector_path: str | None
    ) -> Iterator[Update]: ...


class SupersededError(Exception):
    """A newer request for the same run took over."""


class Runs:
    """Every run of one engine process; belongs to one event loop."""

    def __init__(
        self, analyse: Analyse, *, output_root: Path, threads: int, detector_path: str | None, max_runs: int
    ) -> None:
        self._analyse = analyse
        self._output_root, self._threads, self._detector_path = output_root, threads, detector_path
        self._free_slots = max_runs
        self._queue: deque[_Run] = deque()
        self._newest: dict[str, _Run] = {}
        self._working: set[_Run] = set()

    async def stream(self, request: AnalysisRequest) -> AsyncGenerator[Update]:
        """Yield the updates of one run; closing the generator stops it and waits for its clean-up.

        Raises:
            SupersededError: a newer request for this run took over.
        """
        run = _Run(request.run_id)
        older = self._newest.get(request.run_id)
        self._newest[request.run_id] = run
        try:
            if older is not None:
                older.is_superseded = True
                older.close()
                await older.wait_ended()
            self._queue.append(run)
            self._serve_queue()
            while not run.has_slot and not run.is_closed:
                # Told again now and then, because a silent engine is taken for dead.
                yield Progress(0.0, _WAITING, status="QUEUED")
                await run.wait_nudged(_REMIND_S)
            if run.has_slot and not run.is_closed:
                self._start(run, request)
            while (update := await run.hand_over.get()) is not None:
                yield update
            if run.is_superseded:
                raise SupersededError
        finally:
            run.close()
            if run not in self._working:
                self._forget(run)
            await run.wait_ended()

    async def close(self) -> None:
        """Stop every run and wait for their clean-up."""
        runs = {*self._working, *self._newest.values()}
        for run in runs:
            run.close()
        for run in runs:
            await run.wait_ended()

    def _serve_queue(self) -> None:
        while self._free_slots > 0 and self._queue:
            self._free_slots -= 1
            self._queue.popleft().take_slot()

    def _start(self, run: "_Run", request: AnalysisRequest) -> None:
        loop = asyncio.get_running_loop()
        worker = threading.Thread(target=self._work, args=(run, request, loop), name=f"run-{run.run_id}", daemon=True)
        worker.start()
        self._working.add(run)

    def _work(self, run: "_Run", request: AnalysisRequest, loop: asyncio.AbstractEventLoop) -> None:
        """The worker thread, from the first frame to the last clean-up."""
        try:
            last = self._drive(run.hand_over, request)
        except EngineError as error:
            _log.warning("engine.run_failed run_id=%s code=%s reason=%s", run.run_id, error.code, error)
            last = Failed(str(error))
        except Exception:  # noqa: BLE001 - the worker loop: whatever broke is logged with the run, told without details
            _log.exception("engine.run_broke run_id=%s", run.run_id)
            last = Failed(_BROKE)
        if last is not None:
            run.hand_over.put(last)
        run.hand_over.end()
        with suppress(RuntimeError):  # the loop has closed: nobody keeps count any more
            loop.call_soon_threadsafe(self._forget, run)

    def _drive(self, hand_over: HandOver, request: AnalysisRequest) -> Failed | None:
        """Run the iterator to its end, or until nobody listens; what it forgot to say comes back."""
        updates = self._analyse(
            request, output_root=self._output_root, threads=self._threads, detector_path=self._detector_path
        )
        try:
            for update in updates:
                if not hand_over.put(update):
                    _log.info("engine.run_cancelled run_id=%s", request.run_id)
                    return None
                if isinstance(update, Finished | Failed):
                    # Let it end by itself: closing it here would look like a cancellation and delete its outputs.
                    for _ in updates:
                        pass
                    return None
        finally:
            close = getattr(updates, "close", None)
            if close is not None:
                close()
        _log.error("engine.run_without_end run_id=%s", request.run_id)
        return Failed(_BROKE)

    def _forget(self, run: "_Run") -> None:
        self._working.discard(run)
        if self._newest.get(run.run_id) is run:
            del self._newest[run.run_id]
        if run in self._queue:
            self._queue.remove(run)
        if run.has_slot:
            run.has_slot = False
            self._free_slots += 1
        run.ended.set()
        self._serve_queue()


class _Run:
    """One request's run, as the event loop sees it."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.hand_over = HandOver()
        self.ended = asyncio.Event()
        self.has_slot = False
        self.is_superseded = False
        self._nudged = asyncio.Event()

    @property
    def is_closed(self) -> bool:
        return self.hand_over.is_closed

    def take_slot(self) -> None:
        self.has_slot = True
        self._nudged.set()

    def close(self) -> None:
        """Ask the worker to stop; it does with its next update."""
        self.hand_over.close()
        self._nudged.set()

    async def wait_nudged(self, limit_s: float) -> None:
        """Wait for a slot or the end, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await self._nudged.wait()

    async def wait_ended(self) -> None:
        """Wait until the worker thread has cleaned up; one that hangs in native code is left behind."""
        try:
            async with asyncio.timeout(_CLEAN_UP_S):
                await self.ended.wait()
        except TimeoutError:
            _log.error("engine.run_hangs run_id=%s waited_s=%g", self.run_id, _CLEAN_UP_S)
