"""An HTTP application of a wired house; the two differ by a name and a list of routers."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from touchline.apps.tags import TAGS
from touchline.apps.wiring import House, opened, wire
from touchline.features.identity.policy import check_policy
from touchline.foundation.http.app import Lifespan
from touchline.foundation.http.app import create_app as http_app
from touchline.foundation.settings import Settings


def application(
    house: House | None, *, title: str, description: str, service_name: str, routers: Iterable[APIRouter]
) -> FastAPI:
    """Build an application; raises when a route has no rule in the policy table.

    Without a house it wires one from the environment and opens it with the server: `uvicorn --factory`. Nothing tells
    where that server listens, so settings that are honoured on loopback only are not.
    """
    if house is not None:
        return _app(house, None, title, description, service_name, routers)
    wired = wire(Settings(), is_loopback=False)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with opened(wired, engine=False):
            yield

    return _app(wired, lifespan, title, description, service_name, routers)


def _app(
    house: House,
    lifespan: Lifespan | None,
    title: str,
    description: str,
    service_name: str,
    routers: Iterable[APIRouter],
) -> FastAPI:
    return http_app(
        title=title,
        description=description,
        tags=TAGS,
        service_name=service_name,
        routers=routers,
        services=house.services,
        settings=house.settings,
        lifespan=lifespan,
        policy=check_policy,
        checks={"engine": house.engine.health},
    )
