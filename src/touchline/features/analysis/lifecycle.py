"""The fenced life of a run: who works on it is counted, and only the last one who started may write (rules 6.1, 6.3).

Every function runs inside the caller's transaction. A write that finds the run taken over, cancelled, ended or gone
raises `LostRunError`; whoever gets it stops and writes nothing more.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from touchline.features.analysis import lifecycle_queries as queries
from touchline.features.analysis.events import done_facts
from touchline.features.analysis.options import with_notes
from touchline.features.analysis.rooms_above import Reactions, RunRef
from touchline.features.analysis.rules import live_stats, normalised_status
from touchline.foundation.db import Connection
from touchline.foundation.events import Event
from touchline.foundation.jsonsafe import json_safe, safe_text

SUBMITTED = "Sent to the tracking engine."
SUBMITTED_PROGRESS = 0.05
MOST_WHILE_ACTIVE = 0.99
"""Only a completed run stands at 1."""

LONGEST_MESSAGE = 1000


class LostRunError(Exception):
    """Another worker holds the run, or it was cancelled, ended or deleted meanwhile."""

    def __init__(self, run: RunRef) -> None:
        self.run = run
        super().__init__(f"attempt {run.attempt} no longer holds run {run.id}")


async def claim(
    db: Connection, run_id: str, *, worker_id: str, reactions: Reactions, now: datetime
) -> tuple[RunRef, queries.Row] | None:
    """Start an attempt at a run, also at one that somebody else works on: redelivery means that he is believed dead.

    Returns:
        The attempt and the run's row, None when the run has ended or is gone.
    """
    if not await queries.take(db, run_id, worker_id=worker_id, progress=SUBMITTED_PROGRESS, message=SUBMITTED, now=now):
        return None
    row = await queries.run_row(db, run_id)
    assert row is not None
    run = RunRef(
        id=row["id"],
        match_id=row["match_id"],
        is_adhoc=bool(row["is_adhoc"]),
        part=row["part"],
        attempt=row["attempt"],
        submitted_at=row["submitted_at"],
    )
    await reactions.run_claimed(db, run)
    return run, row


async def hold(db: Connection, run: RunRef, *, now: datetime) -> None:
    """A sign of life that also keeps every other attempt out until this transaction ends.

    Raises:
        LostRunError: somebody else holds the run.
    """
    await _write(db, run, {"updated_at": now})


async def advance(
    db: Connection,
    run: RunRef,
    *,
    status: str,
    progress: float,
    message: str,
    stats: Mapping[str, Any] | None,
    now: datetime,
) -> dict[str, Any]:
    """Move status and progress forward, and say what was written as the body of a progress message.

    Raises:
        LostRunError: somebody else holds the run.
    """
    word = normalised_status(status)
    values = queries.forward(
        status="QUEUED" if word == "QUEUED" else "PROCESSING", progress=min(max(progress, 0.0), MOST_WHILE_ACTIVE)
    )
    values["updated_at"] = now
    text = tidy(message)
    if text:
        values["message"] = text
    if stats is not None:
        values["live_stats"] = json_safe(live_stats(stats))
    await _write(db, run, values)
    row = await queries.run_end(db, run.id)
    assert row is not None
    return {
        "type": "progress",
        "analysis_id": run.id,
        "status": row["status"],
        "progress": round(float(row["progress"]), 4),
        "message": row["message"] or "",
    }


async def note_tracked_video(db: Connection, run: RunRef, *, path: str, frames: int, now: datetime) -> None:
    """The tracked video can be watched from now on.

    Raises:
        LostRunError: somebody else holds the run.
    """
    await hold(db, run, now=now)
    row = await queries.run_row(db, run.id)
    assert row is not None
    outputs = {**(row["outputs"] or {}), "tracking_video_path": path}
    if frames > 0:
        outputs["total_frames"] = frames
    await _write(db, run, {"tracking_video_path": path, "outputs": outputs})


async def complete(
    db: Connection,
    run: RunRef,
    *,
    outputs: Mapping[str, Any],
    message: str,
    options: Mapping[str, Any],
    is_a_home: bool,
    reactions: Reactions,
    now: datetime,
) -> list[Event]:
    """End a run well; the answer is what to tell its listeners.

    `is_a_home`: whether the engine knows that its team A is the home club of the run's match.

    Raises:
        LostRunError: somebody else holds the run.
    """
    await hold(db, run, now=now)
    await queries.drop_lower_attempts(db, run.id, run.attempt)
    kept = {**outputs, "segments_count": await queries.count_segments(db, run.id)}
    await reactions.run_ended(db, run, now=now)
    if is_a_home and options.get("home_team_id") and options.get("away_team_id"):
        await queries.fill_teams(db, run.id, team_a_id=options["home_team_id"], team_b_id=options["away_team_id"])
    await _write(
        db,
        run,
        {
            "status": "COMPLETED",
            "progress": 1,
            "message": with_notes(tidy(message) or "Analysis complete.", options),
            "outputs": json_safe(kept),
            "tracking_video_path": kept.get("tracking_video_path"),
            "updated_at": now,
            "completed_at": now,
        },
    )
    return done_facts(run_id=run.id, match_id=run.match_id, status="COMPLETED")


async def fail(db: Connection, run: RunRef, *, message: str, reactions: Reactions, now: datetime) -> list[Event]:
    """End a run badly, with a sentence for the coach; the answer is what to tell its listeners.

    Raises:
        LostRunError: somebody else holds the run.
    """
    await hold(db, run, now=now)
    await queries.drop_lower_attempts(db, run.id, run.attempt)
    await reactions.run_ended(db, run, now=now)
    await _write(db, run, {"status": "FAILED", "message": tidy(message), "updated_at": now, "completed_at": now})
    return done_facts(run_id=run.id, match_id=run.match_id, status="FAILED", reason="error")


def tidy(message: str) -> str:
    """A message as the row keeps it: one paragraph of bounded length."""
    return " ".join(safe_text(message).split())[:LONGEST_MESSAGE]


async def _write(db: Connection, run: RunRef, values: Mapping[str, Any]) -> None:
    if not await queries.write(db, run.id, run.attempt, values):
        raise LostRunError(run)
