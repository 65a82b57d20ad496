"""Clips of the matches of an organisation's teams."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from touchline.features.identity import Principal
from touchline.features.matches import clip_queries as queries
from touchline.features.matches.clip import Clip, NewClip
from touchline.features.matches.errors import (
    ClipEndsTooEarlyError,
    ClipNotFoundError,
    MatchEventNotFoundError,
    ReportNotFoundError,
)
from touchline.features.matches.service import same_match, visible_match
from touchline.foundation.db import Connection

Cut = TypeVar("Cut", NewClip, Clip)


@dataclass(frozen=True)
class ClipService:
    """Keeps clips; every one is reached through its match."""

    async def mine(
        self, db: Connection, by: Principal, *, match_id: str | None, limit: int, offset: int
    ) -> tuple[list[Clip], int]:
        """Clips by start, of one match or of all that this person sees, and how many there are."""
        return await queries.accessible_clips(db, by, match_id=match_id, limit=limit, offset=offset)

    async def get(self, db: Connection, by: Principal, clip_id: str) -> Clip:
        """One clip.

        Raises:
            ClipNotFoundError: absent or out of scope.
        """
        clip = await queries.accessible_clip(db, by, clip_id)
        if clip is None:
            raise ClipNotFoundError
        return clip

    async def add(self, db: Connection, by: Principal, new: NewClip) -> Clip:
        """Store a clip.

        Raises:
            MatchNotFoundError: absent or out of scope.
            MatchEventNotFoundError, ReportNotFoundError: the match has no such event or report.
            ClipEndsTooEarlyError: it ends before or where it starts.
        """
        match = await visible_match(db, by, new.match_id)
        clip_id = await queries.insert_clip(db, await self._checked(db, replace(new, match_id=match.id)))
        return await self.get(db, by, clip_id)

    async def change(self, db: Connection, by: Principal, clip_id: str, changes: Mapping[str, Any]) -> Clip:
        """Write the fields that were sent; the others stay.

        Raises:
            ClipNotFoundError: absent or out of scope; other errors as `add`.
            OtherMatchError: the match would change.
        """
        clip = await self.get(db, by, clip_id)
        match = await same_match(db, by, clip.match_id, changes)
        after = await self._checked(db, replace(clip, **{**changes, "match_id": match.id}))
        if changes and not await queries.update_clip(db, after, changes):
            raise ClipNotFoundError
        return after

    async def delete(self, db: Connection, by: Principal, clip_id: str) -> None:
        """Remove a clip.

        Raises:
            ClipNotFoundError: absent or out of scope.
        """
        clip = await self.get(db, by, clip_id)
        if not await queries.delete_clip(db, clip.id):
            raise ClipNotFoundError

    async def _checked(self, db: Connection, clip: Cut) -> Cut:
        if clip.end_time_sec <= clip.start_time_sec:
            raise ClipEndsTooEarlyError
        if clip.event_id is not None:
            event_id = await queries.event_of_match(db, clip.match_id, clip.event_id)
            if event_id is None:
                raise MatchEventNotFoundError
            clip = replace(clip, event_id=event_id)
        if clip.analysis_report_id is not None:
            report_id = await queries.report_of_match(db, clip.match_id, clip.analysis_report_id)
            if report_id is None:
                raise ReportNotFoundError
            clip = replace(clip, analysis_report_id=report_id)
        return clip
