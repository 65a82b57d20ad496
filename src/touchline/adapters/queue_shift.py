"""The jobs of one worker while it serves a docket: what happens to them at the end of the shift and in an outage.

docket's own loop, when it loses the broker, waits for everything in hand before it connects again, without renewing
leases. With runs of an hour that would stop a worker for an hour and hand its runs to another one meanwhile. So a
job that outlives the loop is looked after here: its lease is renewed and its end is reported as soon as that works.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from docket import CurrentExecution, Docket, Execution, Worker
from docket.dependencies import AdmissionBlocked
from redis.exceptions import RedisError

from touchline.foundation.jobs import Handler

_log = logging.getLogger(__name__)
_EXECUTION = CurrentExecution()
_REPORT_TRIES, _REPORT_PAUSE_S = 60, 1.0


class Shift:
    """The handlers at work during one `serve`.

    Args:
        docket: where the jobs come from.
        worker: whose loop runs them.
        concurrency: most handlers at a time, those the loop has lost sight of included.
        renew_every_s: how often such a one's lease is renewed.
    """

    def __init__(self, docket: Docket, worker: Worker, *, concurrency: int, renew_every_s: float) -> None:
        self._docket, self._worker, self._renew_every_s = docket, worker, renew_every_s
        self._places = asyncio.Semaphore(concurrency)
        self._over = asyncio.Event()
        self._on_their_own: dict[str, asyncio.Task[None]] = {}
        self._carers: set[asyncio.Task[None]] = set()

    def guarded(self, job: str, handler: Handler) -> Callable[..., Awaitable[None]]:
        """The handler as docket calls it: failures are logged, an end of the shift gives the job back."""

        async def run(row_id: str, execution: Execution = _EXECUTION) -> None:
            if self._over.is_set():
                raise _given_back(execution)
            # Known already: delivered again while it went on by itself.
            work = self._on_their_own.pop(execution.key, None) or asyncio.create_task(
                self._carried_out(job, handler, row_id), name=execution.key
            )
            await self._accompanied(work, execution)

        return run

    def end(self) -> None:
        """Cancel what is at work and give it back."""
        self._over.set()

    async def wait_settled(self) -> None:
        """Wait until the end of every job is reported, or given up on."""
        if self._carers:
            await asyncio.wait(self._carers)

    async def _carried_out(self, job: str, handler: Handler, row_id: str) -> None:
        try:
            async with self._places:
                await handler(row_id)
        except Exception:  # noqa: BLE001 - the worker loop: one broken job must not stop the others
            _log.exception("jobs.failed job=%s row_id=%s", job, row_id)

    async def _accompanied(self, work: asyncio.Task[None], execution: Execution) -> None:
        """Wait for a job within docket's task of it."""
        # The only sign that docket's loop has stopped; docket is pinned to one minor version for it.
        session = self._worker._processing_session  # noqa: SLF001
        stops = [
            asyncio.ensure_future(event.wait()) for event in (self._over, *([session.stopping] if session else []))
        ]
        try:
            await asyncio.wait({work, *stops}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            await _cancelled(work)
            raise
        finally:
            for stop in stops:
                stop.cancel()
        if work.done():
            return
        if self._over.is_set():
            if await _cancelled(work):
                raise _given_back(execution)
            return
        _log.warning("jobs.on_its_own key=%s", execution.key)
        self._on_their_own[execution.key] = work
        carer = asyncio.create_task(self._looked_after(work, execution))
        self._carers.add(carer)
        carer.add_done_callback(self._carers.discard)
        raise asyncio.CancelledError  # leaves the job in the queue as taken

    async def _looked_after(self, work: asyncio.Task[None], execution: Execution) -> None:
        over = asyncio.ensure_future(self._over.wait())
        while not work.done() and not over.done():
            await asyncio.wait({work, over}, timeout=self._renew_every_s, return_when=asyncio.FIRST_COMPLETED)
            if self._on_their_own.get(execution.key) is not work:
                over.cancel()
                return  # docket's loop has it again
            await self._renewed(execution)
        over.cancel()
        was_given_back = await _cancelled(work)
        self._on_their_own.pop(execution.key, None)
        await self._reported(execution, is_done=not was_given_back)

    async def _renewed(self, execution: Execution) -> None:
        try:
            async with self._docket.redis() as redis:
                await redis.xclaim(
                    name=self._docket.stream_key,
                    groupname=self._docket.worker_group_name,
                    consumername=self._worker.name,
                    min_idle_time=0,
                    message_ids=[execution.message_id or b""],
                    idle=0,
                    justid=True,
                )
        except (RedisError, OSError) as error:
            _log.debug("jobs.not_renewed key=%s reason=%r", execution.key, error)

    async def _reported(self, execution: Execution, *, is_done: bool) -> None:
        """Tell the broker how it went; unheard, the job is delivered again and finds its row done."""
        for _ in range(_REPORT_TRIES):
            try:
                if is_done:
                    await execution.mark_as_completed()
                else:
                    execution.when = datetime.now(UTC)
                    await execution.schedule(reschedule_message=execution.message_id)
                return
            except (RedisError, OSError) as error:
                _log.debug("jobs.not_reported key=%s reason=%r", execution.key, error)
                if self._over.is_set():
                    break
                await asyncio.sleep(_REPORT_PAUSE_S)
        _log.warning("jobs.end_not_reported key=%s", execution.key)


def _given_back(execution: Execution) -> AdmissionBlocked:
    """Docket's word for: not now, put it back in the queue."""
    return AdmissionBlocked(execution, "the end of this worker's shift")


async def _cancelled(work: asyncio.Task[None]) -> bool:
    """Cancel a job and wait; False when it had ended, or ended all the same."""
    work.cancel()
    await asyncio.wait({work})
    return work.cancelled()
