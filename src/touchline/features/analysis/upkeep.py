"""What a worker does besides its jobs: take up silent runs, send facts that lost their publisher, clear what died.

Everything here may run in several workers at once and may be repeated.
"""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from touchline.features.analysis import lifecycle_queries as queries
from touchline.features.analysis.rules import OUTPUTS
from touchline.features.analysis.run_files import leftover_attempts
from touchline.features.analysis.starting import RUN_JOB
from touchline.foundation.announce import Announcer
from touchline.foundation.errors import TouchlineError
from touchline.foundation.jobs import JobQueue, Periodic, periodic
from touchline.foundation.logs import get_logger
from touchline.foundation.storage import MediaStore

log = get_logger(__name__)

LEFTOVER_AFTER = timedelta(minutes=10)
"""A working folder is left alone this long after its last change, whatever the rows say."""


@dataclass(frozen=True)
class Upkeep:
    """The platform's housekeeping around runs.

    lease: of a worker on a run; a run that was silent for two of them is taken up by whoever comes first.
    """

    announcer: Announcer
    queue: JobQueue
    store: MediaStore
    lease: timedelta

    async def requeue(self, *, everything: bool = False) -> int:
        """Queue runs that nobody took or whose worker fell silent; a run that is queued already stays as it is.

        Args:
            everything: every active run, for the start of a set-up whose only worker this is.
        """
        before = None if everything else self.announcer.clock.now() - 2 * self.lease
        async with self.announcer.database.begin() as db:
            waiting = await queries.silent_runs(db, before=before)
        for added, run_id in enumerate(waiting):
            try:
                await self.queue.add(RUN_JOB, run_id)
            except TouchlineError as error:
                log.warning("requeue.queue_is_away", runs=len(waiting) - added, error=str(error))
                return added
        return len(waiting)

    async def relay(self) -> int:
        """Publish facts whose publisher died after its commit."""
        return await self.announcer.relay()

    async def trim(self) -> int:
        """Forget old facts."""
        return await self.announcer.trim()

    async def sweep_leftovers(self) -> int:
        """Remove working folders of attempts that no longer hold their run; returns how many."""
        outputs = self.store.local(OUTPUTS)
        found = await asyncio.to_thread(leftover_attempts, outputs)
        async with self.announcer.database.begin() as db:
            alive = await queries.attempts_of(db, {run_id for run_id, _, _ in found})
        dead = [folder for run_id, attempt, folder in found if alive.get(run_id) != attempt]
        oldest = time.time() - LEFTOVER_AFTER.total_seconds()  # the disk's clock, not the platform's
        swept = 0
        for folder in dead:
            if await asyncio.to_thread(_is_older, folder, oldest):
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
                swept += 1
        if swept:
            log.info("leftovers.swept", folders=swept)
        return swept


def _is_older(folder: Path, oldest: float) -> bool:
    return folder.is_dir() and folder.stat().st_mtime < oldest


def periodic_jobs(
    upkeep: Upkeep,
    *,
    mark_stale: Callable[[], Awaitable[object]],
    sweep_uploads: Callable[[], Awaitable[object]],
) -> list[Periodic]:
    """How often, and what; the worker runs them until it stops. One that fails is logged and tried again next time."""
    return [
        periodic(timedelta(seconds=2), "relay", upkeep.relay),
        periodic(timedelta(seconds=60), "requeue", upkeep.requeue),
        periodic(timedelta(seconds=60), "mark_stale", mark_stale),
        periodic(timedelta(minutes=10), "trim", upkeep.trim),
        periodic(timedelta(hours=1), "sweep_leftovers", upkeep.sweep_leftovers),
        periodic(timedelta(hours=6), "sweep_uploads", sweep_uploads),
    ]
