"""Builds both HTTP applications; they differ by a list of routers."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel
from starlette.middleware.cors import CORSMiddleware

from touchline.foundation.db import Database
from touchline.foundation.http.errors import add_error_handlers
from touchline.foundation.http.frame import RequestFrame
from touchline.foundation.http.health import Check, health_router
from touchline.foundation.http.openapi import describe, operation_id
from touchline.foundation.http.requirement import Public
from touchline.foundation.settings import Settings

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[Any]]

_HEADERS_IN = ["Authorization", "Content-Type", "Accept", "Cache-Control", "Range", "Last-Event-ID"]
_HEADERS_OUT = ["Content-Range", "Accept-Ranges", "Content-Length", "X-Total-Count"]


def create_app(
    *,
    title: str,
    service_name: str,
    routers: Iterable[APIRouter],
    services: Mapping[Any, object],
    settings: Settings,
    description: str = "",
    tags: Mapping[str, str] | None = None,
    lifespan: Lifespan | None = None,
    policy: Callable[[FastAPI], None] | None = None,
    checks: Mapping[str, Check] | None = None,
) -> FastAPI:
    """An application of these routers.

    Args:
        title: shown in the documentation.
        service_name: `classic` or `analysis`, shown by `/health`.
        routers: the rooms that open on this street.
        services: wired objects by type; handlers reach them with `provided`.
        settings: CORS and documentation.
        description: what the app is for, shown in the documentation.
        tags: what its groups of routes are about, by name.
        lifespan: opened with the server, closed with it.
        policy: looks at the finished app and raises when a route has no rule; it stops the start.
        checks: further answers of `/ready` by name.

    Raises:
        OperationIdError: two routes would have one name in the documentation.
    """
    app = FastAPI(
        title=title,
        version=version("touchline"),
        description=description,
        generate_unique_id_function=operation_id,
        lifespan=lifespan,
        docs_url="/docs" if settings.docs_enabled else None,
        redoc_url=None,
        openapi_url="/openapi.json" if settings.docs_enabled else None,
        # The mobile client names the type of its bodies; curl and scripts often do not.
        strict_content_type=False,
    )
    app.state.services = services
    add_error_handlers(app)
    app.add_middleware(RequestFrame)
    _allow_origins(app, settings.cors_allow_origins)
    database = services.get(Database)
    app.include_router(health_router(service_name, database if isinstance(database, Database) else None, checks or {}))
    if service_name == "classic":
        app.include_router(_front_page(title))
    for router in routers:
        app.include_router(router)
    if policy is not None:
        policy(app)
    describe(app, tags=tags or {})
    return app


class Greeting(BaseModel):
    message: str


def _allow_origins(app: FastAPI, configured: str) -> None:
    origins = [origin.strip() for origin in configured.split(",") if origin.strip()]
    app.add_middleware(
        CORSMiddleware,
        allow_origins=origins or ["*"],
        allow_credentials=bool(origins),
        allow_methods=["*"],
        allow_headers=_HEADERS_IN,
        expose_headers=_HEADERS_OUT,
    )


def _front_page(title: str) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/")
    async def front_page(_: Public) -> Greeting:
        """A word that the server is there."""
        return Greeting(message=f"{title} is running.")

    return router
