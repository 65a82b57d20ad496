"""The queue wakes, the row decides: a port for durable jobs with a known key as a no-op.

A job carries only the id of its row. Delivery is at least once; handlers fence themselves by the row's attempt.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import ClassVar, Protocol

from touchline.foundation.errors import Kind, TouchlineError
from touchline.foundation.logs import get_logger

log = get_logger(__name__)

Handler = Callable[[str], Awaitable[None]]
"""Carries out one job; the argument is the id of its row."""

Periodic = tuple[timedelta, Callable[[], Awaitable[None]]]
"""How often, and what; runs in exactly one worker at a time where the queue can tell."""


def periodic(every: timedelta, name: str, work: Callable[[], Awaitable[object]]) -> Periodic:
    """A periodic job that is logged when it fails and comes again at its next turn."""

    async def run() -> None:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 — housekeeping goes on, whatever one turn met
            log.warning("upkeep.failed", job=name, error=str(error))

    return every, run


class QueueUnavailableError(TouchlineError):
    """The queue cannot be reached."""

    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    code = "jobs.queue_unavailable"
    text = "The work queue is not available just now; the work is noted and starts as soon as it is back."


class JobQueue(Protocol):
    """Hands jobs to workers."""

    async def add(self, job: str, row_id: str) -> None:
        """Queue `job` for a row under the key `job:row_id`; a key that is queued or running is a no-op.

        Raises:
            QueueUnavailableError: the queue cannot be reached. The row still says what is to be done, so whoever
                sweeps the rows adds it again.
        """
        ...

    async def serve(self, handlers: Mapping[str, Handler], *, concurrency: int) -> None:
        """Take jobs until cancelled; at most `concurrency` at a time. A handler that raises is logged and dropped.

        Cancelling cancels the handlers and gives their jobs back, so that another worker takes them at once.
        """
        ...

    async def close(self) -> None: ...
