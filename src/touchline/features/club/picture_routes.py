"""The door of players' pictures."""

from typing import Annotated

from fastapi import APIRouter, Depends

from touchline.features.club.picture_service import PlayerPictureService
from touchline.features.club.schemas import PlayerOut
from touchline.features.identity.access import MayWriteClub
from touchline.foundation.http.provide import provided
from touchline.foundation.http.text import RefId
from touchline.foundation.http.upload import PICTURE_FORM, Body

router = APIRouter(prefix="/api/players", tags=["players"])


@router.post("/{player_id}/upload_image", openapi_extra=PICTURE_FORM)
async def upload_player_image(
    player_id: RefId,
    body: Body,
    by: MayWriteClub,
    pictures: Annotated[PlayerPictureService, Depends(provided(PlayerPictureService))],
) -> PlayerOut:
    """Give a player a picture: JPEG, PNG, WebP or GIF; the one before is removed."""
    return PlayerOut.of(await pictures.hang(by, player_id, body))
