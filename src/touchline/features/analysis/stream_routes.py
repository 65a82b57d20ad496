"""The doors to live windows, the same on both apps. Scope is checked before a stream opens, and only then."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header

from touchline.features.analysis.scope import readable_run, resolve_match_scope
from touchline.features.analysis.stream import EventStream, SegmentStreams
from touchline.features.identity.access import SseReader
from touchline.foundation.http.provide import Db, provided

stream_router = APIRouter(tags=["segments"])

Streams = Annotated[SegmentStreams, Depends(provided(SegmentStreams))]
LastEventId = Annotated[str | None, Header(alias="Last-Event-ID", description="Replay only what came after it.")]


@stream_router.get("/api/analysis/{analysis_id}/segments/stream", response_class=EventStream, status_code=200)
async def run_segments(
    analysis_id: str, by: SseReader, db: Db, streams: Streams, last_event_id: LastEventId = None
) -> EventStream:
    """Windows of a run as they are closed, those already closed first; the stream ends with the run."""
    await readable_run(db, by, analysis_id)
    return streams.of_run(analysis_id, last_event_id=last_event_id)


@stream_router.get("/api/matches/{match_id}/segments/stream", response_class=EventStream, status_code=200)
async def match_segments(
    match_id: str, by: SseReader, db: Db, streams: Streams, last_event_id: LastEventId = None
) -> EventStream:
    """Windows of a match's newest run, then of any run of the match; the stream ends with the active run."""
    await resolve_match_scope(db, by, match_id)
    return streams.of_match(match_id, last_event_id=last_event_id)
