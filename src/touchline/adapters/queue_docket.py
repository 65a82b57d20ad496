"""JobQueue over pydocket: `memory://` in one process, `redis://` for workers anywhere.

A worker renews the lease of what it runs; when it dies, another takes the job over after the lease. When it is
stopped in good order it gives its jobs back and nobody has to wait.
"""

import asyncio
import logging
import os
import socket
import uuid
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import timedelta

from docket import Docket, Worker
from redis.exceptions import RedisError

from touchline.adapters.queue_shift import Shift
from touchline.foundation.jobs import Handler, QueueUnavailableError

_log = logging.getLogger(__name__)
_ADD_LIMIT_S = 10.0
_RECONNECT = timedelta(seconds=1)


class DocketQueue:
    """Jobs of one installation.

    Args:
        url: `memory://NAME`, which forgets at exit, or a Redis address.
        lease_s: a worker that has not been heard of for so long is believed dead.
        name: prefix of all keys; queues of different names do not meet.
        worker: name of this worker, unique among those alive; None makes one up.
    """

    def __init__(self, url: str, *, lease_s: float, name: str = "touchline", worker: str | None = None) -> None:
        # At INFO it lists its tasks at every start and prints two lines a job.
        logging.getLogger("docket").setLevel(logging.WARNING)
        self._lease = timedelta(seconds=lease_s)
        self._worker = worker or f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        self._docket = Docket(name=f"{name}:jobs", url=url)
        self._opening = asyncio.Lock()
        self._opened: AsyncExitStack | None = None
        self._closed = False

    async def add(self, job: str, row_id: str) -> None:
        """See `JobQueue.add`."""
        docket = await self._open()
        if job not in docket.tasks:
            docket.register(_served_elsewhere, [job])
        try:
            async with asyncio.timeout(_ADD_LIMIT_S):
                await docket.add(job, key=f"{job}:{row_id}")(row_id)
        except (RedisError, OSError, TimeoutError) as error:
            _log.warning("jobs.not_added job=%s row_id=%s reason=%r", job, row_id, error)
            raise QueueUnavailableError from error

    async def serve(self, handlers: Mapping[str, Handler], *, concurrency: int) -> None:
        """See `JobQueue.serve`; an outage of the broker is waited out."""
        docket = await self._open()
        worker = Worker(
            docket,
            name=self._worker,
            concurrency=concurrency,
            redelivery_timeout=self._lease,
            reconnection_delay=_RECONNECT,
            schedule_automatic_tasks=False,
        )
        shift = Shift(docket, worker, concurrency=concurrency, renew_every_s=min(2.0, self._lease.total_seconds() / 4))
        for job, handler in handlers.items():
            docket.register(shift.guarded(job, handler), [job])
        working: asyncio.Task[None] | None = None
        try:
            # Leaving the worker's context lets its loop end in good order. Cancelling the loop instead would depend
            # on no time-out of the Redis client swallowing the request.
            async with worker:
                working = asyncio.create_task(worker.run_forever(), name="jobs")
                try:
                    await asyncio.wait({working})
                finally:
                    shift.end()
        finally:
            if working is not None:
                await asyncio.wait({working})
            await shift.wait_settled()
        working.result()  # a worker that stopped by itself has a reason

    async def close(self) -> None:
        """Let the connection go."""
        self._closed = True
        async with self._opening:
            if self._opened is not None:
                await self._opened.aclose()
                self._opened = None

    async def _open(self) -> Docket:
        async with self._opening:
            if self._closed:
                raise QueueUnavailableError
            if self._opened is None:
                stack = AsyncExitStack()
                try:
                    await stack.enter_async_context(self._docket)
                except (RedisError, OSError) as error:
                    raise QueueUnavailableError from error
                self._opened = stack
            return self._docket


async def _served_elsewhere(row_id: str) -> None:
    """Stands for a job that this process only hands out."""
    raise QueueUnavailableError
