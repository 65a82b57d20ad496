"""The job behind a run: claim it, follow the engine, record what it says, name its files, end it once.

Delivery is at least once; the attempt in the row decides who may write. A job that lost its run stops without a word.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from touchline.features.analysis import lifecycle
from touchline.features.analysis import lifecycle_queries as queries
from touchline.features.analysis.events import run_channel
from touchline.features.analysis.lifecycle import LostRunError
from touchline.features.analysis.ports import EngineUnavailableError, TrackingEngine, VideoTools
from touchline.features.analysis.postprocess import make_viewable, preview_name
from touchline.features.analysis.recorder import Recorder, persistently
from touchline.features.analysis.request import UploadMissingError, request_for
from touchline.features.analysis.rooms_above import Reactions, RunRef
from touchline.features.analysis.rules import VIDEO_KEYS, preview_key
from touchline.features.analysis.run_files import AttemptFiles
from touchline.football.updates import Failed, Finished, Progress, TrackingVideoReady, Update
from touchline.foundation.announce import Announcer, Unit
from touchline.foundation.events import Subscription
from touchline.foundation.logs import get_logger
from touchline.foundation.storage import MediaStore

log = get_logger(__name__)

BROKE_OFF = "The tracking engine stopped before the analysis was complete. Try it again."
UNEXPECTED = "The analysis stopped because of an internal error. Try it again; the log of the server says more."
FAILED_WITHOUT_WORDS = "The analysis failed."
PREPARING = "Preparing the videos for viewing."

LAST_WORDS_S = 10.0
"""How long an engine may take to close its stream after its last word, or to stop when told to."""


@dataclass(frozen=True)
class RunJob:
    """Carries out one run; call it with the run's id.

    worker_id: the process, at most 64 characters. check_every_s: how soon a cancellation is noticed when the bus is away.
    """

    announcer: Announcer
    store: MediaStore
    engine: TrackingEngine
    video: VideoTools
    reactions: Reactions
    worker_id: str
    check_every_s: float = 2.0

    async def __call__(self, run_id: str) -> None:
        async with self.announcer.unit() as unit:
            claimed = await lifecycle.claim(
                unit.db,
                run_id,
                worker_id=self.worker_id[:64],
                reactions=self.reactions,
                now=self.announcer.clock.now(),
            )
        if claimed is None:
            log.info("run.nothing_to_do", run_id=run_id)
            return
        run, row = claimed
        log.info("run.started", run_id=run.id, attempt=run.attempt, worker_id=self.worker_id)
        recorder = Recorder(self.announcer, self.reactions, run)
        attempt = _Attempt(self, run, row, recorder, AttemptFiles(self.store, run))
        await attempt.carry_out()


@dataclass
class _Attempt:
    """One attempt at a run, from the claim to its end or its loss."""

    job: RunJob
    run: RunRef
    row: queries.Row
    recorder: Recorder
    files: AttemptFiles
    is_ending: bool = False
    """The last write is on its way: it succeeds or finds the run lost by itself, and is not to be interrupted."""

    async def carry_out(self) -> None:
        work = asyncio.create_task(self._work(), name=f"run {self.run.id}")
        watch = asyncio.create_task(self._until_lost(), name=f"watch {self.run.id}")
        try:
            await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
            if self.is_ending:
                await asyncio.wait({work})
        finally:
            # Also when the worker shuts down: the engine is told to stop, the row stays active and is taken up again.
            for task in (work, watch):
                task.cancel()
            await asyncio.wait({work, watch})
        await self._say_how_it_went(work, watch)

    async def _say_how_it_went(self, work: asyncio.Task[None], watch: asyncio.Task[None]) -> None:
        if not watch.cancelled() and watch.exception() is not None:
            log.error("run.watch_failed", run_id=self.run.id, exc_info=watch.exception())
        if work.cancelled() or isinstance(work.exception(), LostRunError):
            log.info("run.lost", run_id=self.run.id, attempt=self.run.attempt)
            await self._leave_nothing()
            return
        work.result()

    # --- the work

    async def _work(self) -> None:
        try:
            request = await asyncio.to_thread(request_for, self.row, self.run, self.job.store)
            end = await self._follow(_Stream(self.job.engine.analyse(request)))
            if isinstance(end, Finished):
                await self._complete(end)
            else:
                reported = end.result.error_message if end.result is not None else ""
                await self._fail(reported or end.message or FAILED_WITHOUT_WORDS)
        except LostRunError:
            raise
        except (EngineUnavailableError, UploadMissingError) as error:
            await self._fail(str(error))
        except Exception:
            log.exception("run.broke", run_id=self.run.id, attempt=self.run.attempt)
            await self._fail(UNEXPECTED)

    async def _follow(self, stream: "_Stream") -> Finished | Failed:
        """Record updates until the engine says that it is done."""
        try:
            async for update in stream.updates:
                if isinstance(update, Finished | Failed):
                    await stream.hear_out(self.run)
                    return update
                await self._take_in(update)
        finally:
            await stream.close()
        return Failed(BROKE_OFF)

    async def _take_in(self, update: Update) -> None:
        if not isinstance(update, TrackingVideoReady):
            await self.recorder.record(update)
            return
        try:
            await self.recorder.tracked_video(
                lambda: self._place_tracked_video(update.tracking_video_path), frames=update.total_frames
            )
        except LostRunError:
            raise
        except Exception:
            log.warning("packet.skipped", run_id=self.run.id, packet="TrackingVideoReady", exc_info=True)

    async def _place_tracked_video(self, reported: str) -> str:
        path = await asyncio.to_thread(self.files.place, "tracking_video_path", reported)
        if path is None:
            raise FileNotFoundError(reported)
        return path

    # --- the end

    async def _complete(self, end: Finished) -> None:
        await self.recorder.flush()
        previews = await self._make_viewable(end)
        self.is_ending = True
        await persistently(self.job.announcer, lambda unit: self._write_completion(unit, end, previews))
        log.info("run.completed", run_id=self.run.id, attempt=self.run.attempt, skipped=self.recorder.skipped)

    async def _write_completion(self, unit: Unit, end: Finished, previews: Mapping[str, str]) -> None:
        await lifecycle.hold(unit.db, self.run, now=self._now())
        outputs = await asyncio.to_thread(self.files.place_all, end.result)
        await asyncio.to_thread(self.files.drop_attempts)  # before anybody reads that the run has ended
        outputs.update({key: path for key, path in previews.items() if key.replace("_preview", "") in outputs})
        unit.tell(
            await lifecycle.complete(
                unit.db,
                self.run,
                outputs=outputs,
                message=end.message,
                options=self.row["options"] or {},
                is_a_home=await asyncio.to_thread(self.files.is_a_home, outputs),
                reactions=self.job.reactions,
                now=self._now(),
            )
        )

    async def _make_viewable(self, end: Finished) -> dict[str, str]:
        """Previews by their `outputs` key; the files still lie in the attempt's folder."""
        found = {key: await asyncio.to_thread(self.files.current, key, getattr(end.result, key)) for key in VIDEO_KEYS}
        videos = {key: path for key, path in found.items() if path is not None}
        made = await make_viewable(
            self.job.video,
            videos,
            folder=self.files.local(self.files.attempt_folder),
            before_each=lambda: self.recorder.record(Progress(progress=1.0, message=PREPARING)),
        )
        return {preview_key(key): f"{self.files.folder}/{preview_name(key)}" for key in made}

    async def _fail(self, message: str) -> None:
        self.is_ending = True
        await persistently(self.job.announcer, lambda unit: self._write_failure(unit, message))
        log.info("run.failed", run_id=self.run.id, attempt=self.run.attempt, message=message)

    async def _write_failure(self, unit: Unit, message: str) -> None:
        await lifecycle.hold(unit.db, self.run, now=self._now())
        await asyncio.to_thread(self.files.drop_attempts)
        unit.tell(
            await lifecycle.fail(unit.db, self.run, message=message, reactions=self.job.reactions, now=self._now())
        )

    def _now(self) -> datetime:
        return self.job.announcer.clock.now()

    # --- the watch

    async def _until_lost(self) -> None:
        """Return once the run is no longer this attempt's: cancelled, ended, deleted or taken over."""
        try:
            async with self.job.announcer.bus.subscribe(run_channel(self.run.id)) as facts:
                await self._listen(facts)
        except Exception as error:  # noqa: BLE001 — a bus that is away makes a cancellation slower, nothing worse
            log.warning("run.watch_by_polling", run_id=self.run.id, error=str(error))
            await self._listen(None)

    async def _listen(self, facts: Subscription | None) -> None:
        loop = asyncio.get_running_loop()
        check_at = loop.time() + self.job.check_every_s
        while True:
            wait_s = max(check_at - loop.time(), 0.0)
            if facts is None:
                await asyncio.sleep(wait_s)
                event = None
            else:
                event = await facts.get(timeout_s=wait_s)
            if event is not None and event.kind not in ("cancel", "done"):
                continue
            check_at = loop.time() + self.job.check_every_s
            if not await self._is_mine():
                return
            with suppress(LostRunError):
                await self.recorder.flush()

    async def _is_mine(self) -> bool:
        try:
            async with self.job.announcer.database.begin() as db:
                return await queries.is_mine(db, self.run.id, self.run.attempt)
        except queries.TRANSIENT_ERRORS as error:
            log.warning("run.watch_could_not_look", run_id=self.run.id, error=str(error))
            return True

    async def _leave_nothing(self) -> None:
        """Remove what this attempt made; all of the run's outputs when it was cancelled or deleted."""
        async with self.job.announcer.database.begin() as db:
            row = await queries.run_row(db, self.run.id)
        if row is None or row["is_cancelled"]:
            await asyncio.to_thread(self.files.drop_everything)
        else:
            await asyncio.to_thread(self.files.drop_own)


class _Stream:
    """An engine's stream that is always closed, and heard out after its last word."""

    def __init__(self, updates: AsyncIterator[Update]) -> None:
        self.updates = updates

    async def hear_out(self, run: RunRef) -> None:
        """Let the engine end by itself: closing a stream means "cancel", and nothing of a finished run is to be undone."""
        try:
            async with asyncio.timeout(LAST_WORDS_S):
                async for update in self.updates:
                    log.warning("packet.after_the_end", run_id=run.id, packet=type(update).__name__)
        except Exception as error:  # noqa: BLE001 — the run is complete, whatever the stream does now
            log.warning("engine.did_not_close", run_id=run.id, error=str(error))

    async def close(self) -> None:
        closing = getattr(self.updates, "aclose", None)
        if closing is None:
            return
        try:
            async with asyncio.timeout(LAST_WORDS_S):
                await closing()
        except (TimeoutError, EngineUnavailableError, RuntimeError) as error:
            log.warning("engine.did_not_close", error=str(error))
