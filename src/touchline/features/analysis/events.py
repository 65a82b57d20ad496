"""Facts of the analysis room, and the channels that they travel on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from touchline.foundation.db import Connection
from touchline.foundation.events import Event, fact


def run_channel(run_id: str) -> str:
    return f"run:{run_id}"


def match_channel(match_id: str) -> str:
    return f"match:{match_id}"


def done_facts(*, run_id: str, match_id: str, status: str, reason: str | None = None) -> list[Event]:
    """The end of a run, for the listeners of the run and of its match.

    reason: `cancelled`, `stale` or `error`; None for a completed run.
    """
    payload = {"type": "done", "status": status, "analysis_id": run_id}
    if reason is not None:
        payload["reason"] = reason
    return [
        fact(channel, "done", payload, key=f"done:{run_id}")
        for channel in (run_channel(run_id), match_channel(match_id))
    ]


def cancel_fact(run_id: str) -> Event:
    """Tells whichever worker runs this to stop; no listener's business."""
    return fact(run_channel(run_id), "cancel", {"analysis_id": run_id}, key=f"cancel:{run_id}")


@dataclass(frozen=True)
class RunDeleted:
    """A run's row goes; rooms above remove what they keep about it, in the same transaction.

    is_last_of_adhoc: the ad-hoc match id names nothing any more once this run is gone.
    """

    run_id: str
    match_id: str
    is_last_of_adhoc: bool


RunDeletedReaction = Callable[[Connection, RunDeleted], Awaitable[None]]
