"""The doors to live windows, the same on both apps. Scope is checked before a stream opens, and while it is open."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header

from touchline.features.analysis.scope import readable_run, resolve_match_scope
from touchline.features.analysis.stream import EventStream, SegmentStreams, StillMay
from touchline.features.identity.access import SseReader
from touchline.features.identity.authenticator import Authenticator
from touchline.features.identity.principal import Principal
from touchline.foundation.db import Connection, Database
from touchline.foundation.errors import TouchlineError
from touchline.foundation.http.provide import Db, provided

stream_router = APIRouter(tags=["segments"])

_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One `data:` line of JSON for each window, then `event: done`.",
        "content": {
            "text/event-stream": {
                "schema": {"type": "string"},
                "example": 'id: 0\ndata: {"type":"segment","segment_index":0,"status":"SEGMENT_DONE"}\n\n',
            }
        },
    }
}

Streams = Annotated[SegmentStreams, Depends(provided(SegmentStreams))]
LastEventId = Annotated[str | None, Header(alias="Last-Event-ID", description="Replay only what came after it.")]

InScope = Callable[[Connection, Principal], Awaitable[object]]


class _Rights:
    """Asks again whether somebody may listen: a stream may last as long as a match."""

    def __init__(
        self,
        database: Annotated[Database, Depends(provided(Database))],
        people: Annotated[Authenticator, Depends(provided(Authenticator))],
    ) -> None:
        self._database = database
        self._people = people

    def of(self, by: Principal, in_scope: InScope) -> StillMay:
        async def ask() -> bool:
            try:
                now = await self._people.principal_for_user(by.user_id, token_version=by.token_version)
                async with self._database.begin() as db:
                    await in_scope(db, now)
            except TouchlineError:
                return False
            return True

        return ask


Rights = Annotated[_Rights, Depends()]


@stream_router.get(
    "/api/analysis/{analysis_id}/segments/stream", response_class=EventStream, status_code=200, responses=_EVENTS
)
async def stream_analysis_segments(
    analysis_id: str, by: SseReader, db: Db, streams: Streams, rights: Rights, last_event_id: LastEventId = None
) -> EventStream:
    """Windows of a run as they are closed, those already closed first; the stream ends with the run."""
    await readable_run(db, by, analysis_id)
    still_may = rights.of(by, lambda db, now: readable_run(db, now, analysis_id))
    return streams.of_run(analysis_id, still_may=still_may, last_event_id=last_event_id)


@stream_router.get(
    "/api/matches/{match_id}/segments/stream", response_class=EventStream, status_code=200, responses=_EVENTS
)
async def stream_match_segments(
    match_id: str, by: SseReader, db: Db, streams: Streams, rights: Rights, last_event_id: LastEventId = None
) -> EventStream:
    """Windows of a match's newest run, then of any run of the match; the stream ends with the active run."""
    await resolve_match_scope(db, by, match_id)
    still_may = rights.of(by, lambda db, now: resolve_match_scope(db, now, match_id))
    return streams.of_match(match_id, still_may=still_may, last_event_id=last_event_id)
