"""What routes of this room need: its services, and the address that absolute links start with."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from touchline.features.analysis.history import RunHistory
from touchline.features.analysis.links import link_base
from touchline.features.analysis.overview import RunOverview
from touchline.features.analysis.service import RunService
from touchline.foundation.http.provide import provided
from touchline.foundation.settings import Settings

Runs = Annotated[RunService, Depends(provided(RunService))]
Overview = Annotated[RunOverview, Depends(provided(RunOverview))]
History = Annotated[RunHistory, Depends(provided(RunHistory))]


@dataclass(frozen=True)
class LinkBase:
    """What comes before `/api` in absolute links."""

    address: str


async def _base(request: Request, settings: Annotated[Settings, Depends(provided(Settings))]) -> LinkBase:
    return LinkBase(link_base(settings.public_analysis_base_url, str(request.base_url)))


Base = Annotated[LinkBase, Depends(_base)]
