"""Each update of an engine becomes rows and facts: one transaction, fenced by the attempt, told only after its commit."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from touchline.features.analysis import lifecycle
from touchline.features.analysis import lifecycle_queries as queries
from touchline.features.analysis.events import match_channel, run_channel
from touchline.features.analysis.rooms_above import Reactions, RunRef
from touchline.features.analysis.segment_intake import MalformedSegmentError, segment_message, segment_row
from touchline.football.updates import AlertRaised, Progress, SegmentDone, Update
from touchline.foundation.announce import Announcer, Unit
from touchline.foundation.events import Event, fact
from touchline.foundation.ids import new_id
from touchline.foundation.logs import get_logger

log = get_logger(__name__)

RETRY_AFTER_S = (0.2, 1.0, 3.0, 10.0)
"""A window or the end of a run is too dear to lose to a database that hiccups: pauses before it is tried again."""


WRITE_EVERY = timedelta(seconds=1)
"""How often progress is written; what falls between two writes is replaced by what comes next."""


class Recorder:
    """Writes what one attempt at a run reports.

    `record` raises `LostRunError` when the attempt no longer holds the run; anything else that goes wrong with one
    update is logged and costs that update only.
    """

    def __init__(self, announcer: Announcer, reactions: Reactions, run: RunRef) -> None:
        self._announcer = announcer
        self._reactions = reactions
        self._run = run
        self._written_at: datetime | None = None
        self._written_status: str | None = None
        self._waiting: Progress | None = None
        self._has_segment = False
        self.skipped = 0

    async def record(self, update: Update) -> None:
        """Keep one update.

        Raises:
            LostRunError: the attempt no longer holds the run.
        """
        try:
            match update:
                case Progress():
                    await self._progress(update)
                case SegmentDone():
                    await self._segment(update)
                case AlertRaised():
                    await self._alert(update)
                case _:
                    raise TypeError(f"{type(update).__name__} is not the recorder's")
        except lifecycle.LostRunError:
            raise
        except MalformedSegmentError as error:
            self._skip("segment.skipped", reason=str(error))
        except Exception:  # noqa: BLE001 — one bad packet never fails a run, it is logged
            self._skip("packet.skipped", packet=type(update).__name__, exc_info=True)

    async def flush(self) -> None:
        """Write the progress that waits for its turn."""
        if self._waiting is not None:
            await self._write_progress(self._waiting)

    async def tracked_video(self, place: Callable[[], Awaitable[str]], *, frames: int) -> None:
        """Note the tracked video; `place` gives it its final name while every other attempt is kept out."""
        async with self._announcer.unit() as unit:
            await lifecycle.hold(unit.db, self._run, now=self._now())
            path = await place()
            await lifecycle.note_tracked_video(unit.db, self._run, path=path, frames=frames, now=self._now())

    # --- progress

    async def _progress(self, update: Progress) -> None:
        due = self._written_at is None or self._now() - self._written_at >= WRITE_EVERY
        if due or update.status != self._written_status:
            await self._write_progress(update)
        else:
            self._waiting = update

    async def _write_progress(self, update: Progress) -> None:
        self._waiting = None
        self._written_at, self._written_status = self._now(), update.status
        async with self._announcer.unit() as unit:
            body = await lifecycle.advance(
                unit.db,
                self._run,
                status=update.status,
                progress=update.progress,
                message=update.message,
                stats=update.live_stats,
                now=self._now(),
            )
        await self._announcer.pass_on(self._on_both("progress", body))

    # --- windows

    async def _segment(self, update: SegmentDone) -> None:
        row = segment_row(update, self._run, segment_id=new_id(), now=self._now())
        await persistently(self._announcer, lambda unit: self._store_segment(unit, row))
        self._has_segment = True

    async def _store_segment(self, unit: Unit, row: dict[str, Any]) -> None:
        await lifecycle.hold(unit.db, self._run, now=self._now())
        known = await queries.segment_id(unit.db, self._run.id, row["segment_index"])
        if known is None:
            await queries.insert_segment(unit.db, row)
            unit.tell(self._on_both("segment", segment_message(row), key=row["id"]))
        else:
            # Listeners have it, or get it from the fact of its first storing; a repeat would break their lists.
            await queries.replace_segment(unit.db, known, row)
        unit.tell(
            await self._reactions.segment_stored(
                unit.db,
                self._run,
                {**row, "id": known or row["id"]},
                is_first=not self._has_segment,
                is_new=known is None,
            )
        )

    # --- alerts

    async def _alert(self, update: AlertRaised) -> None:
        try:
            await persistently(self._announcer, lambda unit: self._store_alert(unit, update))
        except lifecycle.LostRunError:
            raise
        except Exception:  # noqa: BLE001 — rule 4.3: what cannot be stored is logged and still told once
            self._skip("alert.not_stored", alert_id=update.alert_id, exc_info=True)
            await self._announcer.pass_on(self._reactions.unstored_alert(self._run, update, now=self._now()))

    async def _store_alert(self, unit: Unit, update: AlertRaised) -> None:
        await lifecycle.hold(unit.db, self._run, now=self._now())
        unit.tell(await self._reactions.alert_raised(unit.db, self._run, update, now=self._now()))

    # --- shared

    def _on_both(self, kind: str, payload: dict[str, Any], *, key: str = "") -> list[Event]:
        """The same fact for the listeners of the run and of its match."""
        return [
            fact(channel, kind, payload, key=key)
            for channel in (run_channel(self._run.id), match_channel(self._run.match_id))
        ]

    def _skip(self, event: str, **fields: Any) -> None:
        self.skipped += 1
        log.warning(event, run_id=self._run.id, attempt=self._run.attempt, **fields)

    def _now(self) -> datetime:
        return self._announcer.clock.now()


async def persistently(announcer: Announcer, write: Callable[[Unit], Awaitable[None]]) -> None:
    """One transaction, repeated when somebody inserted the same row first or the database was away for a moment."""
    for pause_s in (0.0, *RETRY_AFTER_S):
        try:
            async with announcer.unit() as unit:
                await write(unit)
            return
        except queries.TRANSIENT_ERRORS as error:
            log.warning("record.repeated", error=str(error))
        await asyncio.sleep(pause_s)
    async with announcer.unit() as unit:
        await write(unit)
