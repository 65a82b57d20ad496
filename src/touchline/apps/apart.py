"""The parts of the scale-out set-up as processes of their own: one API, or a worker."""

import asyncio
import signal
from typing import Any

import uvloop

from touchline.apps import analysis, classic
from touchline.apps.serving import end_listeners, http_server, run_together
from touchline.apps.sockets import Listener, listen
from touchline.apps.up import is_loopback
from touchline.apps.wiring import House, opened, require_scale_out, wire
from touchline.apps.worker import work
from touchline.foundation.logs import get_logger
from touchline.foundation.settings import Settings

log = get_logger(__name__)

APPS = {"classic": (classic.create_app, 8000), "analysis": (analysis.create_app, 8001)}


def serve_one(name: str, settings: Settings, *, host: str, port: int | None) -> None:
    """Serve one API until SIGINT or SIGTERM.

    Raises:
        NotScalableError: without a shared database and Redis.
        PortTakenError: the given port is in use.
    """
    require_scale_out(settings, f"`touchline serve {name}`")
    make, default = APPS[name]
    door = listen(host, port, default=default, flag="--port")
    uvloop.run(_serve_one(make, settings, door))


async def _serve_one(make: Any, settings: Settings, door: Listener) -> None:
    async with opened(wire(settings, is_loopback=is_loopback(door.host)), engine=False) as wired:

        async def announce() -> None:
            log.info("serving", address=door.url)

        await run_together(
            [(http_server(make(wired)), door)],
            beside=[lambda stop: end_listeners(wired, stop)],
            when_ready=announce,
        )


def serve_worker(settings: Settings) -> None:
    """Take jobs until SIGINT or SIGTERM.

    Raises:
        NotScalableError: without a shared database and Redis.
    """
    require_scale_out(settings, "`touchline worker`")
    uvloop.run(_serve_worker(settings))


async def _serve_worker(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with opened(wire(settings)) as wired:
        await _work(wired, stop)


async def _work(wired: House, stop: asyncio.Event) -> None:
    log.info("worker.started", concurrency=wired.settings.max_concurrent_runs)
    await work(wired, stop, is_only_worker=False)
