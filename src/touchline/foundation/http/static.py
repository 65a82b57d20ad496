"""Pictures of teams and players for whoever knows their name: the mobile client asks for them without a token."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from starlette.responses import Response

from touchline.foundation.gallery import Gallery
from touchline.foundation.http.openapi import refusals
from touchline.foundation.http.provide import provided
from touchline.foundation.http.requirement import Public
from touchline.foundation.pictures import PictureKind

router = APIRouter(tags=["pictures"])

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    # A new picture gets a new name. Private: what is removed here is not to live on in a shared cache.
    "Cache-Control": "private, max-age=604800, immutable",
}
_BYTES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {kind.media_type: {"schema": {"type": "string", "format": "binary"}} for kind in PictureKind},
        "description": "The picture.",
    },
    304: {"description": "The picture that the caller has is still the one."},
    **refusals({404: "There is no such picture."}),
}


@router.head("/static/{path:path}", include_in_schema=False)
@router.get("/static/{path:path}", responses=_BYTES, response_class=Response)
async def picture(
    path: str,
    gallery: Annotated[Gallery, Depends(provided(Gallery))],
    _: Public,
    if_none_match: Annotated[str, Header(description="The `ETag` of the picture that the caller has.")] = "",
) -> Response:
    """A picture by the path in `logo_url` or `image_url`."""
    found = await gallery.find(f"static/{path}")
    tag = f'"{path.rpartition("/")[2]}"'
    headers = {**_HEADERS, "ETag": tag}
    if tag in {known.strip().removeprefix("W/") for known in if_none_match.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type=found.kind.media_type, headers=headers)
