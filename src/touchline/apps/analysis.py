"""The analysis API: which rooms open on it."""

from fastapi import FastAPI

from touchline.apps.http import application
from touchline.apps.wiring import House
from touchline.features.analysis.routes import analysis_router
from touchline.features.analysis.stream_routes import stream_router

ROUTERS = (analysis_router, stream_router)

DESCRIPTION = "Match videos of a football club: upload, analysis, results."


def create_app(house: House | None = None) -> FastAPI:
    """The analysis application of a wired house, or of one wired from the environment: see `apps.http.application`."""
    return application(
        house, title="Touchline analysis", description=DESCRIPTION, service_name="analysis", routers=ROUTERS
    )
