"""The classic API: which rooms open on it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from touchline.apps.wiring import House, opened, wire
from touchline.features.alerts.routes import alerts_router
from touchline.features.analysis.routes import classic_router
from touchline.features.analysis.stream_routes import stream_router
from touchline.features.identity import routes as identity
from touchline.features.identity import team_routes
from touchline.features.identity.policy import check_policy
from touchline.features.matches import routes as matches
from touchline.foundation.http.app import Lifespan
from touchline.foundation.http.app import create_app as http_app
from touchline.foundation.settings import Settings

ROUTERS = (identity.router, team_routes.router, matches.router, classic_router, stream_router, alerts_router)


def create_app(house: House | None = None) -> FastAPI:
    """The application of a wired house; raises when a route has no rule in the policy table.

    Without a house it wires one from the environment and opens it with the server: `uvicorn --factory`. Nothing tells
    where that server listens, so settings that are honoured on loopback only are not.
    """
    if house is not None:
        return _app(house)
    wired = wire(Settings(), is_loopback=False)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with opened(wired, engine=False):
            yield

    return _app(wired, lifespan)


def _app(house: House, lifespan: Lifespan | None = None) -> FastAPI:
    return http_app(
        title="Touchline",
        service_name="classic",
        routers=ROUTERS,
        services=house.services,
        settings=house.settings,
        lifespan=lifespan,
        policy=check_policy,
        checks={"engine": house.engine.health},
    )
