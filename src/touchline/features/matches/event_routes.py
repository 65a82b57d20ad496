"""The doors of match events."""

from typing import Annotated

from fastapi import APIRouter, Depends

from touchline.features.identity.access import MayReadFootball, MayWriteFootball
from touchline.features.matches.event_schemas import MatchEventChangesIn, MatchEventIn, MatchEventOut
from touchline.features.matches.event_service import MatchEventService
from touchline.features.matches.fields import MatchFilter
from touchline.foundation.http.messages import DeletedOut
from touchline.foundation.http.paging import Page
from touchline.foundation.http.provide import Db, provided
from touchline.foundation.http.text import RefId

router = APIRouter(prefix="/api/match_events", tags=["match events"])

MatchEvents = Annotated[MatchEventService, Depends(provided(MatchEventService))]


@router.get("")
async def list_match_events(
    by: MayReadFootball, db: Db, match_events: MatchEvents, page: Page, match_id: MatchFilter = None
) -> list[MatchEventOut]:
    """Events of one match, or of all matches of the caller's teams, by minute."""
    found, total = await match_events.mine(db, by, match_id=match_id, limit=page.limit, offset=page.offset)
    page.report(total)
    return [MatchEventOut.of(event) for event in found]


@router.post("")
async def add_match_event(body: MatchEventIn, by: MayWriteFootball, db: Db, match_events: MatchEvents) -> MatchEventOut:
    """Add an event; its player is one of a side of the match or of the caller's teams."""
    return MatchEventOut.of(await match_events.add(db, by, body.to_new()))


@router.get("/{event_id}")
async def match_event(event_id: RefId, by: MayReadFootball, db: Db, match_events: MatchEvents) -> MatchEventOut:
    """One event of a match of the caller's teams."""
    return MatchEventOut.of(await match_events.get(db, by, event_id))


@router.put("/{event_id}")
async def change_match_event(
    event_id: RefId, body: MatchEventChangesIn, by: MayWriteFootball, db: Db, match_events: MatchEvents
) -> MatchEventOut:
    """Change an event; what is left out stays."""
    return MatchEventOut.of(await match_events.change(db, by, event_id, body.changes()))


@router.delete("/{event_id}")
async def delete_match_event(event_id: RefId, by: MayWriteFootball, db: Db, match_events: MatchEvents) -> DeletedOut:
    """Remove an event; clips of it stay."""
    await match_events.delete(db, by, event_id)
    return DeletedOut(message="The event was deleted.")
