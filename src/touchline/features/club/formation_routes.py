"""The doors of formations."""

from typing import Annotated

from fastapi import APIRouter, Depends

from touchline.features.club.formation_schemas import FormationChangesIn, FormationIn, FormationOut
from touchline.features.club.formation_service import FormationService, visible_formation
from touchline.features.identity.access import MayReadFootball, MayWriteFootball
from touchline.foundation.http.messages import DeletedOut
from touchline.foundation.http.paging import Page
from touchline.foundation.http.provide import Db, provided
from touchline.foundation.http.text import RefId

router = APIRouter(prefix="/api/formations", tags=["formations"])

Formations = Annotated[FormationService, Depends(provided(FormationService))]


@router.get("")
async def list_formations(by: MayReadFootball, db: Db, formations: Formations, page: Page) -> list[FormationOut]:
    """Formations that all clubs share, then those of the caller's organisation, each by name."""
    found, total = await formations.visible(db, by, limit=page.limit, offset=page.offset)
    page.report(total)
    return [FormationOut.of(formation) for formation in found]


@router.post("")
async def add_formation(body: FormationIn, by: MayWriteFootball, db: Db, formations: Formations) -> FormationOut:
    """Add a formation of the caller's own; his whole organisation sees it."""
    return FormationOut.of(await formations.add(db, by, body.values()))


@router.get("/{formation_id}")
async def formation(formation_id: RefId, by: MayReadFootball, db: Db) -> FormationOut:
    """One formation."""
    return FormationOut.of(await visible_formation(db, by, formation_id))


@router.put("/{formation_id}")
async def change_formation(
    formation_id: RefId, body: FormationChangesIn, by: MayWriteFootball, db: Db, formations: Formations
) -> FormationOut:
    """Change a formation that the caller made, or manages; what is left out stays as it is."""
    return FormationOut.of(await formations.change(db, by, formation_id, body.values()))


@router.delete("/{formation_id}")
async def delete_formation(formation_id: RefId, by: MayWriteFootball, db: Db, formations: Formations) -> DeletedOut:
    """Remove a formation that the caller made, or manages; line-ups that used it stay."""
    await formations.delete(db, by, formation_id)
    return DeletedOut(message="The formation was deleted.")
