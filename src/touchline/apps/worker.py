"""The worker: takes runs from the queue and keeps the house tidy until it is told to stop."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from touchline.apps.wiring import House
from touchline.features.analysis.jobs import RunJob
from touchline.features.analysis.starting import RUN_JOB
from touchline.foundation.logs import get_logger

log = get_logger(__name__)


async def work(house: House, stop: asyncio.Event, *, is_only_worker: bool) -> None:
    """Serve jobs and periodic work until `stop`; then give running jobs back and return.

    Args:
        house: wired and open.
        stop: set when it is time to go.
        is_only_worker: at the start every active run is queued anew, since nobody else can be at it.
    """
    await house.upkeep.requeue(everything=is_only_worker)
    tasks = [asyncio.create_task(_repeat(*job), name="periodic") for job in house.periodic]
    tasks.append(asyncio.create_task(_serve(house, house.run_job), name="jobs"))
    stopping = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stopping}:
            task.result()
    finally:
        stopping.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.gather(stopping, *tasks, return_exceptions=True)


async def _serve(house: House, job: RunJob) -> None:
    await house.queue.serve({RUN_JOB: job}, concurrency=house.settings.max_concurrent_runs)


async def _repeat(every: timedelta, call: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(every.total_seconds())
        await call()
