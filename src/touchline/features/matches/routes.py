"""The doors of matches."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from touchline.features.identity.access import AccountManager, MayReadFootball, MayWriteClub, MayWriteOrAnalyse
from touchline.features.matches.match import MatchStatus
from touchline.features.matches.schemas import AnchorIn, AnchorOut, MatchChangesIn, MatchIn, MatchOut
from touchline.features.matches.service import MatchService, visible_match
from touchline.foundation.http.messages import DeletedOut
from touchline.foundation.http.paging import Page
from touchline.foundation.http.provide import Db, provided
from touchline.foundation.http.text import RefId

router = APIRouter(prefix="/api/matches", tags=["matches"])

Matches = Annotated[MatchService, Depends(provided(MatchService))]


@router.get("")
async def list_matches(
    by: MayReadFootball,
    db: Db,
    matches: Matches,
    page: Page,
    status: MatchStatus | None = None,
    event_id: Annotated[RefId | None, Query()] = None,
) -> list[MatchOut]:
    """Matches of the caller's teams, home or away, by date."""
    found, total = await matches.mine(db, by, status=status, event_id=event_id, limit=page.limit, offset=page.offset)
    page.report(total)
    return [MatchOut.of(match) for match in found]


@router.post("")
async def add_match(body: MatchIn, by: MayWriteClub, db: Db, matches: Matches) -> MatchOut:
    """Add a match; at least one side must be the caller's team."""
    return MatchOut.of(await matches.add(db, by, body.to_new()))


@router.get("/{match_id}")
async def match(match_id: RefId, by: MayReadFootball, db: Db) -> MatchOut:
    """One match of the caller's teams."""
    return MatchOut.of(await visible_match(db, by, match_id))


@router.put("/{match_id}")
async def change_match(match_id: RefId, body: MatchChangesIn, by: MayWriteClub, db: Db, matches: Matches) -> MatchOut:
    """Change a match; what is left out stays, and so does the anchor."""
    return MatchOut.of(await matches.change(db, by, match_id, body.changes()))


@router.delete("/{match_id}")
async def delete_match(match_id: RefId, by: MayWriteClub, db: Db, matches: Matches) -> DeletedOut:
    """Remove a match with everything that belongs to it."""
    await matches.delete(db, by, match_id)
    return DeletedOut(message="The match was deleted.")


@router.post("/{match_id}/video-anchor")
async def set_video_anchor(
    match_id: RefId,
    body: AnchorIn,
    by: MayWriteOrAnalyse,
    db: Db,
    matches: Matches,
    force: Annotated[bool, Query(description="Replace the anchor that is set; for account managers.")] = False,
) -> AnchorOut:
    """Say at which second of its video a match begins."""
    seconds = await matches.set_anchor(db, by, match_id, body.video_anchor_seconds, force=force)
    return AnchorOut(video_anchor_seconds=seconds)


@router.post("/{match_id}/video-anchor/reset")
async def reset_video_anchor(match_id: RefId, by: AccountManager, db: Db, matches: Matches) -> AnchorOut:
    """Forget at which second of its video a match begins."""
    await matches.reset_anchor(db, by, match_id)
    return AnchorOut(video_anchor_seconds=None)
