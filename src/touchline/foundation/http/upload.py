"""How a route takes an upload: the body not read yet, and how the documentation describes its form."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from touchline.foundation.http.frame import lift_body_limit
from touchline.foundation.upload import Upload
from touchline.foundation.upload_errors import BrokenUploadError


def _upload(request: Request) -> Upload:
    lift_body_limit(request.scope)
    length = request.headers.get("content-length", "")
    return Upload(
        content_type=request.headers.get("content-type", ""),
        content_length=int(length) if length.isascii() and length.isdecimal() else None,
        blocks=_blocks(request),
    )


async def _blocks(request: Request) -> AsyncIterator[bytes]:
    try:
        async for block in request.stream():
            yield block
    except ClientDisconnect as error:
        raise BrokenUploadError from error


Body = Annotated[Upload, Depends(_upload)]
"""The body of the request, not read yet; whoever reads it limits it."""


def form_of(properties: dict[str, Any], *, required: list[str]) -> dict[str, Any]:
    """A multipart form for `openapi_extra=` of a route that reads its body by itself."""
    schema = {"type": "object", "required": required, "properties": properties}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


PICTURE_FORM = form_of(
    {"file": {"type": "string", "format": "binary", "description": "The picture; its kind is read from its bytes."}},
    required=["file"],
)
"""A form with one picture in the part `file`."""
