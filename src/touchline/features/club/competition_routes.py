"""The doors of competitions, which the paths call events."""

from typing import Annotated

from fastapi import APIRouter, Depends

from touchline.features.club.competition_schemas import CompetitionIn, CompetitionOut
from touchline.features.club.competition_service import CompetitionService, visible_competition
from touchline.features.identity.access import MayReadFootball, MayWriteFootball
from touchline.foundation.http.messages import DeletedOut
from touchline.foundation.http.openapi import refusals
from touchline.foundation.http.paging import Page
from touchline.foundation.http.provide import Db, provided
from touchline.foundation.http.text import RefId

router = APIRouter(prefix="/api/events", tags=["competitions"])

Competitions = Annotated[CompetitionService, Depends(provided(CompetitionService))]


@router.get("")
async def list_competitions(
    by: MayReadFootball, db: Db, competitions: Competitions, page: Page
) -> list[CompetitionOut]:
    """Competitions that all clubs share and those of the caller's organisation, by name."""
    found, total = await competitions.visible(db, by, limit=page.limit, offset=page.offset)
    page.report(total)
    return [CompetitionOut.of(competition) for competition in found]


@router.post("", responses=refusals({400: "The caller belongs to no club."}))
async def add_competition(
    body: CompetitionIn, by: MayWriteFootball, db: Db, competitions: Competitions
) -> CompetitionOut:
    """Add a competition to the caller's organisation; its name must be new there, in whatever case."""
    return CompetitionOut.of(await competitions.add(db, by, body.name))


@router.get("/{competition_id}")
async def competition(competition_id: RefId, by: MayReadFootball, db: Db) -> CompetitionOut:
    """One competition."""
    return CompetitionOut.of(await visible_competition(db, by, competition_id))


@router.put("/{competition_id}")
async def change_competition(
    competition_id: RefId, body: CompetitionIn, by: MayWriteFootball, db: Db, competitions: Competitions
) -> CompetitionOut:
    """Rename a competition of the caller's organisation; shared ones cannot be changed."""
    return CompetitionOut.of(await competitions.rename(db, by, competition_id, body.name))


@router.delete("/{competition_id}")
async def delete_competition(
    competition_id: RefId, by: MayWriteFootball, db: Db, competitions: Competitions
) -> DeletedOut:
    """Remove a competition of the caller's organisation; its matches stay, without a competition."""
    await competitions.delete(db, by, competition_id)
    return DeletedOut(message="The competition was deleted.")
