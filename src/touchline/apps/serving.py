"""HTTP servers under one hand: one signal handler for everything that runs on the loop."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

import uvicorn

from touchline.apps.sockets import Listener
from touchline.apps.wiring import House

GRACE_S = 5


class Server(uvicorn.Server):
    """A server that leaves the signals to `run_together`: two servers on one loop would both grab them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def http_server(app: Any, *, log_level: str = "warning") -> Server:
    """A server for an application; open streams end after a short grace when it stops."""
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level=log_level,
        access_log=False,
        timeout_graceful_shutdown=GRACE_S,
        server_header=False,
        ws_max_size=4096 * 4,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        lifespan="on",
    )
    return Server(config)


async def run_together(
    servers: Sequence[tuple[Server, Listener]],
    *,
    beside: Sequence[Callable[[asyncio.Event], Awaitable[None]]] = (),
    when_ready: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, or until one part ends; then stop all parts.

    Args:
        servers: with their bound sockets.
        beside: other parts of the process; each gets an event that is set when it is time to stop.
        when_ready: called once all servers accept requests.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    parts = [asyncio.create_task(server.serve(sockets=[listener.socket])) for server, listener in servers]
    parts += [asyncio.create_task(_part(part, stop)) for part in beside]
    watchers = [
        asyncio.create_task(_when_started([server for server, _ in servers], when_ready)),
        asyncio.create_task(stop.wait()),
    ]
    try:
        await asyncio.wait([*parts, watchers[1]], return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop.set()
        for watcher in watchers:
            watcher.cancel()
        for server, _ in servers:
            server.should_exit = True
        # Open streams and running jobs have had their grace then; nothing may keep the process from ending.
        _, late = await asyncio.wait(parts, timeout=2 * GRACE_S)
        for part in late:
            part.cancel()
        ended = await asyncio.gather(*parts, return_exceptions=True)
        await asyncio.gather(*watchers, return_exceptions=True)
    for problem in ended:
        if isinstance(problem, BaseException) and not isinstance(problem, asyncio.CancelledError):
            raise problem


async def end_listeners(house: House, stop: asyncio.Event) -> None:
    """Say goodbye to open streams as soon as it is time to stop; they would hold the servers for their whole grace."""
    await stop.wait()
    house.bus.end_listeners()


async def _when_started(servers: Sequence[Server], call: Callable[[], Awaitable[None]] | None) -> None:
    # uvicorn tells of its start by a flag only.
    while not all(server.started for server in servers):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    _spare_the_collector()
    if call is not None:
        await call()


def _spare_the_collector() -> None:
    """Leave what was built at the start out of garbage collection, and look for garbage less often.

    A full collection walks through every route, model and statement: about 150 ms, every few hundred lists.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


async def _part(part: Callable[[asyncio.Event], Awaitable[None]], stop: asyncio.Event) -> None:
    await part(stop)
