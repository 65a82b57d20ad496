"""Decisions about runs that are there: cancel, delete, end the silent ones, say whose team is A."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import anyio

from touchline.features.analysis import queries
from touchline.features.analysis.errors import (
    EngineAwayError,
    MatchNotFoundError,
    NotAPictureError,
    NotYourRunError,
    RunEndedError,
    RunNotFoundError,
    TeamNotFoundError,
    TeamsUnfitError,
)
from touchline.features.analysis.events import RunDeleted, RunDeletedReaction, cancel_fact, done_facts
from touchline.features.analysis.options import with_notes
from touchline.features.analysis.ports import EngineUnavailableError, FoundBox, TrackingEngine
from touchline.features.analysis.queries import RunRow
from touchline.features.analysis.rules import CANCELLED, STALE, UPLOADS, is_terminal, output_folder
from touchline.features.analysis.scope import changeable_run, readable_run, resolve_match_scope
from touchline.features.analysis.starting import RunStarts
from touchline.features.identity.principal import Principal
from touchline.foundation.logs import get_logger
from touchline.foundation.pictures import stated_size
from touchline.foundation.upload import Upload, receive_file

log = get_logger(__name__)

_MAX_PIXELS = 40_000_000
_ABANDONED_PART = timedelta(hours=1)


@dataclass(frozen=True)
class Picture:
    """A still and what the engine found in it."""

    filename: str
    found: Sequence[FoundBox]


@dataclass(frozen=True)
class RunService(RunStarts):
    """What people may do with runs: start them (see `starting`), end them, name their teams, look at a still."""

    engine: TrackingEngine
    reactions: tuple[RunDeletedReaction, ...] = ()

    # --- change

    async def cancel(self, by: Principal, run_id: str) -> None:
        """End an active run; its upload stays, so that it can be tried again.

        Raises:
            RunNotFoundError, NotYourRunError: as `changeable_run`.
            RunEndedError: it had ended already.
        """
        async with self.announcer.unit() as unit:
            run = await changeable_run(unit.db, by, run_id)
            message = with_notes(CANCELLED, {})
            if not await queries.cancel_run(unit.db, run_id, message=message, now=self.clock.now()):
                raise RunEndedError
            unit.tell(_cancelled(run))
        await self._delete_outputs(run)

    async def delete(self, by: Principal, run_id: str) -> None:
        """Remove a run with its segments, outputs and, unless another run uses it, its upload; cancels it if active.

        Raises:
            RunNotFoundError, NotYourRunError: as `changeable_run`.
        """
        async with self.announcer.unit() as unit:
            run = await changeable_run(unit.db, by, run_id)
            if not await queries.delete_run(unit.db, run_id):
                raise RunNotFoundError
            uploads = [path for path in (run["input_video_path"], run["input_video_path_2"]) if path]
            used = await queries.uploads_in_use(unit.db, uploads)
            is_last = run["is_adhoc"] and not await queries.match_has_runs(unit.db, run["match_id"])
            gone = RunDeleted(run_id=run_id, match_id=run["match_id"], is_last_of_adhoc=is_last)
            for reaction in self.reactions:
                await reaction(unit.db, gone)
            if not is_terminal(run["status"]):
                unit.tell(_cancelled(run))
        await self._delete_outputs(run)
        for path in uploads:
            if path not in used:
                await anyio.to_thread.run_sync(self.media.delete, path)

    async def _delete_outputs(self, run: RunRow) -> None:
        await anyio.to_thread.run_sync(self.media.delete, output_folder(run["id"], run["submitted_at"]))

    async def name_teams(self, by: Principal, run_id: str, *, team_a_id: str, team_b_id: str) -> RunRow:
        """Say which teams A and B are; the last word over what the engine guessed.

        Raises:
            RunNotFoundError, MatchNotFoundError: absent or out of scope.
            TeamNotFoundError: a team that the caller cannot see.
            TeamsUnfitError: not the two teams of the run's match, or twice the same.
        """
        async with self.announcer.database.begin() as db:
            run = await readable_run(db, by, run_id)
            wanted = {team_a_id, team_b_id}
            if len(wanted) != 2:
                raise TeamsUnfitError
            if run["is_adhoc"]:
                if await queries.visible_teams(db, by, wanted) != wanted:
                    raise TeamNotFoundError
            else:
                match = await queries.match_with_teams(db, by, run["match_id"])
                if match is None:
                    raise MatchNotFoundError
                if {match["home_team_id"], match["away_team_id"]} != wanted:
                    raise TeamsUnfitError
            await queries.set_teams(db, run_id, team_a_id=team_a_id, team_b_id=team_b_id)
            return await readable_run(db, by, run_id)

    # --- segments

    async def delete_segments(self, by: Principal, run_id: str) -> int:
        """Remove a run's segments; returns how many there were.

        Raises:
            RunNotFoundError, NotYourRunError: as `changeable_run`.
        """
        async with self.announcer.database.begin() as db:
            await changeable_run(db, by, run_id)
            return await queries.delete_segments_of_runs(db, [run_id])

    async def delete_match_segments(self, by: Principal, match_id: str) -> int:
        """Remove the segments of a match's runs that the caller may change.

        Raises:
            MatchNotFoundError: not in scope.
            NotYourRunError: the match has runs, but none that the caller may change.
        """
        async with self.announcer.database.begin() as db:
            await resolve_match_scope(db, by, match_id)
            run_ids = await queries.changeable_runs_of_match(db, by, match_id)
            if not run_ids:
                if await queries.match_has_runs(db, match_id):
                    raise NotYourRunError
                return 0
            return await queries.delete_segments_of_runs(db, run_ids)

    # --- upkeep

    async def mark_stale(self, by: Principal | None = None) -> int:
        """End runs that stopped making progress, of the caller's organisation or of all; returns how many."""
        now = self.clock.now()
        before = now - self.policy.stale_after
        async with self.announcer.unit() as unit:
            silent = dict(await queries.silent_runs(unit.db, before=before, by=by))
            if not silent:
                return 0
            ended = await queries.fail_silent_runs(unit.db, list(silent), before=before, message=STALE, now=now)
            for run_id in sorted(ended):
                unit.tell(
                    [
                        cancel_fact(run_id),
                        *done_facts(run_id=run_id, match_id=silent[run_id], status="FAILED", reason="stale"),
                    ]
                )
        return len(ended)

    async def sweep_uploads(self) -> int:
        """Remove uploads that no run uses and that are old, and what broken uploads left; returns how many files."""
        now = self.clock.now()
        files = await anyio.to_thread.run_sync(self.media.files, UPLOADS)
        async with self.announcer.database.begin() as db:
            used = await queries.all_uploads_in_use(db)
        dead = [
            file.path
            for file in files
            if file.path not in used
            and now - file.modified_at > (_ABANDONED_PART if file.path.endswith(".part") else self.policy.retention)
        ]
        for path in dead:
            await anyio.to_thread.run_sync(self.media.delete, path)
        return len(dead)

    # --- stills

    async def detect(self, upload: Upload) -> Picture:
        """Persons and ball in one picture.

        Raises:
            BadFieldError: no picture was sent.
            UploadTooLargeError: larger than the limit.
            NotAPictureError: it cannot be read.
            EngineAwayError: the engine is not reachable.
        """
        sent = await receive_file(upload, max_bytes=self.policy.max_image_bytes, what="a picture")
        if not _is_readable_picture(sent.content):
            raise NotAPictureError
        try:
            return Picture(sent.filename, await self.engine.detect(sent.content))
        except ValueError as error:
            raise NotAPictureError from error
        except EngineUnavailableError as error:
            log.warning("detect.engine_unavailable", error=str(error))
            raise EngineAwayError from error


def _is_readable_picture(content: bytes) -> bool:
    """A small file may claim a size that fills the memory."""
    size = stated_size(content)
    return size is not None and 0 < size[0] * size[1] <= _MAX_PIXELS


def _cancelled(run: RunRow) -> list[Any]:
    return [
        cancel_fact(run["id"]),
        *done_facts(run_id=run["id"], match_id=run["match_id"], status="FAILED", reason="cancelled"),
    ]
