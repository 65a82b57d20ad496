"""Is it alive, is it ready: for people, process managers and load balancers."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter
from sqlalchemy import text
from starlette.responses import JSONResponse

from touchline.foundation.db import Database
from touchline.foundation.http.requirement import Public
from touchline.foundation.logs import get_logger

log = get_logger(__name__)

Check = Callable[[], Awaitable[str]]
"""Answers `up`, `down` or `unknown`."""

_PATIENCE_S = 3


def health_router(service_name: str, database: Database | None, checks: Mapping[str, Check]) -> APIRouter:
    """`/health`: the process answers. `/ready`: its database does too; further checks are shown, not decisive."""
    router = APIRouter(tags=["health"])

    @router.get("/health")
    async def health(_: Public) -> dict[str, str]:
        return {"status": "ok", "service": service_name}

    @router.get("/ready")
    async def ready(_: Public) -> JSONResponse:
        states: dict[str, Any] = {"database": await _state_of(lambda: _database_state(database))}
        for name, check in checks.items():
            states[name] = await _state_of(check)
        is_ready = states["database"] == "up"
        return JSONResponse(
            {"status": "ok" if is_ready else "unavailable", **states}, status_code=200 if is_ready else 503
        )

    if service_name == "analysis":
        # The older client's name for it; it never says where the engine runs.
        @router.get("/healthz")
        async def healthz(_: Public) -> dict[str, str]:
            engine = await _state_of(checks["engine"]) if "engine" in checks else "unknown"
            return {"status": "ok", "service": "analysis-backend", "tracking_engine": engine}

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
