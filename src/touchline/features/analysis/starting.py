"""Starts runs: from an upload, from an earlier upload, or once more with the same videos and options."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import anyio

from touchline.features.analysis import queries
from touchline.features.analysis.errors import FileMissingError, NoVideoError, RunStillActiveError, UploadGoneError
from touchline.features.analysis.intake import Intake, Videos
from touchline.features.analysis.options import SECOND_CAMERA_NOTE, RunOptions, read_fields, with_notes, with_profile
from touchline.features.analysis.ports import VideoTools
from touchline.features.analysis.profiles import chosen_for_run
from touchline.features.analysis.queries import RunRow
from touchline.features.analysis.rules import UPLOADS, WAITING, is_terminal
from touchline.features.analysis.scope import MatchScope, changeable_run, readable_run, resolve_match_scope, run_behind
from touchline.features.analysis.upload import UploadLimits
from touchline.features.identity.principal import Principal
from touchline.foundation.announce import Announcer
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection
from touchline.foundation.errors import TouchlineError
from touchline.foundation.ids import new_id
from touchline.foundation.jobs import JobQueue
from touchline.foundation.logs import get_logger
from touchline.foundation.storage import MediaStore, checked_path
from touchline.foundation.upload import Upload
from touchline.foundation.upload_errors import BadFieldError

log = get_logger(__name__)

RUN_JOB = "analysis.run"


@dataclass(frozen=True)
class RunPolicy:
    """Values of the settings that decide about runs. retention: how long an unused upload stays."""

    limits: UploadLimits
    max_image_bytes: int = 10 << 20
    club_language: str = "en"
    stale_after: timedelta = timedelta(hours=2)
    retention: timedelta = timedelta(days=30)


@dataclass(frozen=True)
class RunStarts:
    """Runs come to be; uploads hold no transaction open."""

    announcer: Announcer
    media: MediaStore
    jobs: JobQueue
    clock: Clock
    video: VideoTools
    policy: RunPolicy

    async def start(self, by: Principal, upload: Upload, *, match_id: str | None = None, source: str) -> RunRow:
        """Store an upload's videos, insert the run, hand it to a worker.

        `match_id` is the path's; without it a field of that name counts. `source` is the route that created the run,
        `analyze_page` or `match`.

        Raises:
            MatchNotFoundError: the match is not in scope.
            NoVideoError: neither a file nor, from a match, an earlier upload is named.
            UploadTooLargeError, NoRoomError, NotAVideoError, EmptyVideoError, BrokenUploadError, BadFieldError:
                as `Intake.receive`; nothing is left behind.
        """
        run_id = new_id()

        async def early(fields: Mapping[str, str]) -> None:
            wanted = match_id or fields.get("match_id", "").strip()
            if wanted:
                async with self.announcer.database.begin() as db:
                    await resolve_match_scope(db, by, wanted)

        if match_id is not None:
            await early({})
        intake = Intake(self.media, self.video, self.policy.limits)
        videos = await intake.receive(upload, run_id=run_id, early=early)
        try:
            await videos.commit()
            run = await self._insert(by, videos, run_id=run_id, match_id=match_id, source=source)
        except BaseException:
            await self._discard(run_id, videos)
            raise
        await self._queue(run_id)
        return run

    async def _insert(self, by: Principal, videos: Videos, *, run_id: str, match_id: str | None, source: str) -> RunRow:
        explicit = read_fields(videos.fields)
        wanted = match_id or videos.fields.get("match_id", "").strip()
        now = self.clock.now()
        async with self.announcer.database.begin() as db:
            scope = (
                await resolve_match_scope(db, by, wanted) if wanted else MatchScope(match_id=new_id(), is_adhoc=True)
            )
            name, paths = await self._inputs(db, by, videos, may_name_upload=source == "match")
            profile = await chosen_for_run(db, match_id=scope.match_id, user_id=by.user_id, now=now)
            options = with_profile(
                explicit, profile, club_language=self.policy.club_language, has_second_video=paths[1] is not None
            )
            options = _with_match(options, scope, has_second_video=paths[1] is not None)
            await queries.insert_run(
                db,
                {
                    "id": run_id,
                    "match_id": scope.match_id,
                    "is_adhoc": scope.is_adhoc,
                    "source": source,
                    "input_video_name": name,
                    "input_video_path": paths[0],
                    "input_video_path_2": paths[1],
                    "status": "PENDING",
                    "progress": 0,
                    "message": with_notes(WAITING, options.to_json()),
                    "options": options.to_json(),
                    "outputs": {},
                    "submitted_at": now,
                    "updated_at": now,
                    "generated_by": by.user_id,
                    "team_id": by.primary_team_id,
                    "part": options.part,
                },
            )
            return await readable_run(db, by, run_id)

    async def _inputs(
        self, db: Connection, by: Principal, videos: Videos, *, may_name_upload: bool
    ) -> tuple[str, tuple[str, str | None]]:
        """Display name and paths of the videos: those just uploaded, else an earlier upload in the caller's scope."""
        if videos.first is not None:
            assert videos.first.path is not None
            return videos.first.name, (videos.first.path, videos.second.path if videos.second else None)
        named = videos.fields.get("video_path", "").strip()
        if not may_name_upload:
            raise BadFieldError(field="file", reason="a video is required")
        if not named:
            raise NoVideoError
        path = str(checked_path(named))
        earlier = await run_behind(db, by, path) if path.startswith(f"{UPLOADS}/") else None
        if earlier is None:
            raise FileMissingError
        if not await anyio.to_thread.run_sync(self.media.exists, path):
            raise UploadGoneError
        return earlier["input_video_name"], (path, None)

    async def _discard(self, run_id: str, videos: Videos) -> None:
        """Remove an upload whose run did not come to be (a commit may have gone through before the cancellation)."""
        with anyio.CancelScope(shield=True):
            async with self.announcer.database.begin() as db:
                if await queries.run_by_id(db, run_id) is not None:
                    return
            await videos.discard(self.media)

    async def _queue(self, run_id: str) -> None:
        try:
            await self.jobs.add(RUN_JOB, run_id)
        except TouchlineError as error:
            # The row is the truth: the workers' sweep adds what the queue did not take.
            log.warning("run.not_queued", run_id=run_id, error=str(error))

    async def retry(self, by: Principal, run_id: str) -> RunRow:
        """A new run of the same videos with the same options.

        Raises:
            RunNotFoundError, NotYourRunError: as `changeable_run`.
            RunStillActiveError: it has not ended.
            UploadGoneError: a video is not there any more.
        """
        new_run_id, now = new_id(), self.clock.now()
        async with self.announcer.database.begin() as db:
            old = await changeable_run(db, by, run_id)
            if not is_terminal(old["status"]):
                raise RunStillActiveError
            await queries.insert_retry(db, _again(old, new_run_id, by=by, now=now))
            # Looked up after the insert: from here on a delete of the old run waits, or has happened.
            for path in (old["input_video_path"], old["input_video_path_2"] or old["input_video_path"]):
                if path is None or not await anyio.to_thread.run_sync(self.media.exists, path):
                    raise UploadGoneError
            run = await readable_run(db, by, new_run_id)
        await self._queue(new_run_id)
        return run


def _with_match(options: RunOptions, scope: MatchScope, *, has_second_video: bool) -> RunOptions:
    notes = [*options.notes, SECOND_CAMERA_NOTE] if has_second_video else options.notes
    return replace(
        options,
        home_team_id=scope.home_team_id,
        away_team_id=scope.away_team_id,
        home_name=scope.home_name,
        away_name=scope.away_name,
        home_color=scope.home_color,
        away_color=scope.away_color,
        notes=notes,
    )


def _again(old: RunRow, run_id: str, *, by: Principal, now: Any) -> dict[str, Any]:
    """The row of another try at a run: the same match, videos and options."""
    copied = ("match_id", "is_adhoc", "source", "input_video_name", "input_video_path", "input_video_path_2")
    return {
        **{key: old[key] for key in (*copied, "options", "part", "team_id")},
        "id": run_id,
        "status": "PENDING",
        "progress": 0,
        "message": with_notes(WAITING, old["options"]),
        "outputs": {},
        "retry_of": old["id"],
        "submitted_at": now,
        "updated_at": now,
        "generated_by": by.user_id,
    }
