"""The doors of clips."""

from typing import Annotated

from fastapi import APIRouter, Depends

from touchline.features.identity.access import MayReadFootball, MayWriteOrAnalyse
from touchline.features.matches.clip_schemas import VideoSegmentChangesIn, VideoSegmentIn, VideoSegmentOut
from touchline.features.matches.clip_service import ClipService
from touchline.features.matches.fields import MatchFilter
from touchline.foundation.http.messages import DeletedOut
from touchline.foundation.http.paging import Page
from touchline.foundation.http.provide import Db, provided
from touchline.foundation.http.text import RefId

router = APIRouter(prefix="/api/video_segments", tags=["clips"])

Clips = Annotated[ClipService, Depends(provided(ClipService))]


@router.get("")
async def list_clips(
    by: MayReadFootball, db: Db, clips: Clips, page: Page, match_id: MatchFilter = None
) -> list[VideoSegmentOut]:
    """Clips of one match, or of all matches of the caller's teams, by start."""
    found, total = await clips.mine(db, by, match_id=match_id, limit=page.limit, offset=page.offset)
    page.report(total)
    return [VideoSegmentOut.of(clip) for clip in found]


@router.post("")
async def add_clip(body: VideoSegmentIn, by: MayWriteOrAnalyse, db: Db, clips: Clips) -> VideoSegmentOut:
    """Mark a stretch of a match's video; event and report, where named, are of the same match."""
    return VideoSegmentOut.of(await clips.add(db, by, body.to_new()))


@router.get("/{clip_id}")
async def clip(clip_id: RefId, by: MayReadFootball, db: Db, clips: Clips) -> VideoSegmentOut:
    """One clip of a match of the caller's teams."""
    return VideoSegmentOut.of(await clips.get(db, by, clip_id))


@router.put("/{clip_id}")
async def change_clip(
    clip_id: RefId, body: VideoSegmentChangesIn, by: MayWriteOrAnalyse, db: Db, clips: Clips
) -> VideoSegmentOut:
    """Change a clip; what is left out stays."""
    return VideoSegmentOut.of(await clips.change(db, by, clip_id, body.changes()))


@router.delete("/{clip_id}")
async def delete_clip(clip_id: RefId, by: MayWriteOrAnalyse, db: Db, clips: Clips) -> DeletedOut:
    """Remove a clip."""
    await clips.delete(db, by, clip_id)
    return DeletedOut(message="The clip was deleted.")
