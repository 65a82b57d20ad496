"""What people may read about runs: one, all, the latest of a match, their segments and their links. Writes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from touchline.features.analysis import queries
from touchline.features.analysis.errors import MatchNotFoundError, RunNotFoundError
from touchline.features.analysis.links import MediaLinks, link
from touchline.features.analysis.queries import RunRow
from touchline.features.analysis.rules import run_outputs, segment_body, shown_runs
from touchline.features.analysis.scope import readable_run, resolve_match_scope
from touchline.features.identity.principal import Principal
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection
from touchline.foundation.ids import is_id


@dataclass(frozen=True)
class LinkSheet:
    """Signed addresses by output key, all good until the same instant."""

    links: dict[str, str]
    expires_at: datetime


@dataclass(frozen=True)
class RunOverview:
    """Reads runs in the caller's scope."""

    clock: Clock
    links: MediaLinks

    async def run(self, db: Connection, by: Principal, run_id: str) -> RunRow:
        """One run; a single statement.

        Raises:
            RunNotFoundError: absent or out of scope.
        """
        return await readable_run(db, by, run_id)

    async def latest_of_match(self, db: Connection, by: Principal, match_id: str) -> RunRow | None:
        """A match's newest run, None when it has none.

        Raises:
            MatchNotFoundError: not in scope.
        """
        if not is_id(match_id):
            raise MatchNotFoundError
        is_visible, run = await queries.latest_run_of_match(db, by, match_id)
        if is_visible:
            return run
        await resolve_match_scope(db, by, match_id)
        return await queries.latest_adhoc_run(db, by, match_id)

    async def segments(
        self, db: Connection, by: Principal, run_id: str, *, limit: int, offset: int
    ) -> tuple[list[dict[str, Any]], int]:
        """A run's segments by index, and how many there are on all pages.

        Raises:
            RunNotFoundError: absent or out of scope.
        """
        await readable_run(db, by, run_id)
        rows, total = await queries.segments_of(db, [run_id], limit=limit, offset=offset)
        return [segment_body(row) for row in rows], total

    async def match_segments(
        self,
        db: Connection,
        by: Principal,
        match_id: str,
        *,
        run_id: str | None,
        every_run: bool,
        limit: int,
        offset: int,
    ) -> tuple[list[dict[str, Any]], int]:
        """A match's segments by part, then index: of the newest runs, of one run, or of every run.

        The second value is how many there are on all pages.

        Raises:
            MatchNotFoundError: the match is not in scope.
            RunNotFoundError: `run_id` names no run of this match that is in scope.
        """
        await resolve_match_scope(db, by, match_id)
        if run_id is not None:
            run = await readable_run(db, by, run_id)
            if run["match_id"] != match_id:
                raise RunNotFoundError
            wanted = [run_id]
        else:
            found = await queries.runs_with_segments(db, by, match_id)
            wanted = [each for each, _ in found] if every_run else shown_runs(found)
        rows, total = await queries.segments_of(db, wanted, limit=limit, offset=offset)
        return [segment_body(row) for row in rows], total

    # --- links

    def sheet(self, by: Principal, run: RunRow, *, base: str) -> LinkSheet:
        """Links to everything that a run has to show."""
        expires_at = self._expiry()
        links = {
            key: self._link(by, path, base=base, expires_at=expires_at)
            for key, path in run_outputs(run).items()
            if key.endswith("_path") and isinstance(path, str)
        }
        return LinkSheet(links, expires_at)

    def video_links(self, by: Principal, run: RunRow, *, base: str, expires_at: datetime) -> dict[str, str]:
        """`output_video` and `original_video`, which the client opens without headers."""
        paths = {
            "output_video": run_outputs(run).get("tracking_video_path"),
            "original_video": run["input_video_path"],
        }
        return {key: self._link(by, path, base=base, expires_at=expires_at) for key, path in paths.items() if path}

    def _expiry(self) -> datetime:
        return self.clock.now().replace(microsecond=0) + timedelta(seconds=self.links.ttl_s)

    def _link(self, by: Principal, path: str, *, base: str, expires_at: datetime) -> str:
        token = self.links.token(user_id=by.user_id, token_version=by.token_version, path=path, expires_at=expires_at)
        return link(base, path=path, token=token)
