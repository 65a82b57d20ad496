"""How routes of this room read a request: its body as an upload, the address that absolute links start with."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from touchline.features.analysis.errors import BrokenUploadError
from touchline.features.analysis.links import link_base
from touchline.features.analysis.overview import RunOverview
from touchline.features.analysis.service import RunService
from touchline.features.analysis.upload import Upload
from touchline.foundation.http.frame import lift_body_limit
from touchline.foundation.http.provide import provided
from touchline.foundation.settings import Settings

Runs = Annotated[RunService, Depends(provided(RunService))]
Overview = Annotated[RunOverview, Depends(provided(RunOverview))]


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
"""The body of the request, not read yet."""


@dataclass(frozen=True)
class LinkBase:
    """What comes before `/api` in absolute links."""

    address: str


def _base(request: Request, settings: Annotated[Settings, Depends(provided(Settings))]) -> LinkBase:
    return LinkBase(link_base(settings.public_analysis_base_url, str(request.base_url)))


Base = Annotated[LinkBase, Depends(_base)]
