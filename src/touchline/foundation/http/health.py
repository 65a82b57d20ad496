"""Is it alive, is it ready: for people, process managers and load balancers."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy import text

from touchline.foundation.db import Database
from touchline.foundation.http.requirement import Public
from touchline.foundation.logs import get_logger

log = get_logger(__name__)

Check = Callable[[], Awaitable[str]]
"""Answers `up`, `down` or `unknown`."""

State = Literal["up", "down", "unknown"]

_PATIENCE_S = 3


class Health(BaseModel):
    status: Literal["ok"] = "ok"
    service: Literal["classic", "analysis"]


class Readiness(BaseModel):
    """Whether the parts that it stands on answer; only the database decides."""

    status: Literal["ok", "unavailable"]
    database: State
    engine: State | None = None


class EngineHealth(BaseModel):
    status: Literal["ok"] = "ok"
    service: Literal["analysis-backend"] = "analysis-backend"
    tracking_engine: State


_NOT_READY: dict[int | str, dict[str, Any]] = {503: {"model": Readiness, "description": "The database is away."}}


def health_router(service_name: str, database: Database | None, checks: Mapping[str, Check]) -> APIRouter:
    """`/health`: the process answers. `/ready`: its database does too; further checks are shown, not decisive."""
    router = APIRouter(tags=["health"])

    @router.get("/health")
    async def health(_: Public) -> Health:
        """The process answers."""
        return Health.model_validate({"service": service_name})

    @router.get("/ready", response_model_exclude_none=True, responses=_NOT_READY)
    async def ready(response: Response, _: Public) -> Readiness:
        """Whether requests can be served: the database answers too."""
        states = {name: await _state_of(check) for name, check in checks.items()}
        states["database"] = await _state_of(lambda: _database_state(database))
        is_ready = states["database"] == "up"
        response.status_code = 200 if is_ready else 503
        return Readiness.model_validate({"status": "ok" if is_ready else "unavailable", **states})

    if service_name == "analysis":
        # The older client's name for it; it never says where the engine runs.
        @router.get("/healthz")
        async def healthz(_: Public) -> EngineHealth:
            """The process answers, and whether it reaches the tracking engine."""
            engine = await _state_of(checks["engine"]) if "engine" in checks else "unknown"
            return EngineHealth.model_validate({"tracking_engine": engine})

    return router


async def _database_state(database: Database | None) -> str:
    if database is None:
        return "unknown"
    async with database.begin() as db:
        await db.execute(text("SELECT 1"))
    return "up"


async def _state_of(check: Check) -> str:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return await check()
    except Exception as error:  # noqa: BLE001 — any failure of a check is its answer
        log.warning("ready.check_failed", error=type(error).__name__)
        return "down"
