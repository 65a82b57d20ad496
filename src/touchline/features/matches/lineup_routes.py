"""The doors of line-ups."""

from typing import Annotated

from fastapi import APIRouter, Depends

from touchline.features.identity.access import MayReadFootball, MayWriteFootball
from touchline.features.matches.fields import MatchFilter
from touchline.features.matches.lineup_schemas import MatchLineupChangesIn, MatchLineupIn, MatchLineupOut
from touchline.features.matches.lineup_service import LineupService
from touchline.foundation.http.messages import DeletedOut
from touchline.foundation.http.paging import Page
from touchline.foundation.http.provide import Db, provided
from touchline.foundation.http.text import RefId

router = APIRouter(prefix="/api/match_lineups", tags=["lineups"])

Lineups = Annotated[LineupService, Depends(provided(LineupService))]


@router.get("")
async def list_match_lineups(
    by: MayReadFootball, db: Db, match_lineups: Lineups, page: Page, match_id: MatchFilter = None
) -> list[MatchLineupOut]:
    """Line-ups of one match, or of all matches of the caller's teams: home before away, starters first, then by shirt."""
    found, total = await match_lineups.mine(db, by, match_id=match_id, limit=page.limit, offset=page.offset)
    page.report(total)
    return [MatchLineupOut.of(lineup) for lineup in found]


@router.post("")
async def add_match_lineup(body: MatchLineupIn, by: MayWriteFootball, db: Db, match_lineups: Lineups) -> MatchLineupOut:
    """Put a player into the line-up of a side; the place that he has there is written over."""
    return MatchLineupOut.of(await match_lineups.put(db, by, body.to_new()))


@router.get("/{lineup_id}")
async def match_lineup(lineup_id: RefId, by: MayReadFootball, db: Db, match_lineups: Lineups) -> MatchLineupOut:
    """One player's place in a line-up."""
    return MatchLineupOut.of(await match_lineups.get(db, by, lineup_id))


@router.put("/{lineup_id}")
async def change_match_lineup(
    lineup_id: RefId, body: MatchLineupChangesIn, by: MayWriteFootball, db: Db, match_lineups: Lineups
) -> MatchLineupOut:
    """Change a player's place; what is left out stays."""
    return MatchLineupOut.of(await match_lineups.change(db, by, lineup_id, body.changes()))


@router.delete("/{lineup_id}")
async def delete_match_lineup(lineup_id: RefId, by: MayWriteFootball, db: Db, match_lineups: Lineups) -> DeletedOut:
    """Take a player out of a line-up."""
    await match_lineups.delete(db, by, lineup_id)
    return DeletedOut(message="The player was taken out of the line-up.")
