"""The door of team logos."""

from typing import Annotated

from fastapi import APIRouter, Depends

from touchline.features.identity.access import AccountManager
from touchline.features.identity.logo_service import LogoService
from touchline.features.identity.schemas import TeamOut
from touchline.foundation.http.provide import provided
from touchline.foundation.http.text import RefId
from touchline.foundation.http.upload import PICTURE_FORM, Body

router = APIRouter(prefix="/api/teams", tags=["teams"])


@router.post("/{team_id}/upload_logo", openapi_extra=PICTURE_FORM)
async def upload_logo(
    team_id: RefId, body: Body, by: AccountManager, logos: Annotated[LogoService, Depends(provided(LogoService))]
) -> TeamOut:
    """Give a team of the caller a logo: JPEG, PNG, WebP or GIF; the one before is removed."""
    return TeamOut.of(await logos.hang(by, team_id, body))
