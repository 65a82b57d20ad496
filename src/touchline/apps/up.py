"""`touchline up`: both APIs, the worker, the bus and the engine child in one process on a data folder."""

import asyncio
import contextlib
import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import uvloop

from touchline.apps import analysis, classic, migrate
from touchline.apps.lockfile import only_serving_process
from touchline.apps.serving import end_listeners, http_server, run_together
from touchline.apps.sockets import Listener, listen
from touchline.apps.wiring import opened, wire
from touchline.apps.worker import work
from touchline.foundation.settings import Settings


@dataclass(frozen=True)
class Addresses:
    """Where the two APIs listen."""

    classic: str
    analysis: str


Beside = Callable[[Addresses, asyncio.Event], Awaitable[None]]
Say = Callable[[str], None]


def serve_everything(
    settings: Settings,
    *,
    host: str,
    classic_port: int | None,
    analysis_port: int | None,
    say: Say = print,
    beside: Beside | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, or until `beside` returns.

    Args:
        settings: the data folder, made at the first start with keys and schema.
        host: address of both doors.
        classic_port: None takes 8000, or a free one when that is taken.
        analysis_port: None takes 8001, or a free one when that is taken.
        say: prints a line for the person at the console.
        beside: runs in the same process once both doors answer.

    Raises:
        PortTakenError, DataFolderBusyError: with a sentence that names the flag.
    """
    settings = _with_mail_folder(settings)
    with contextlib.ExitStack() as held:
        classic_door = listen(host, classic_port, default=8000, flag="--classic-port")
        held.enter_context(classic_door.socket)
        analysis_door = listen(host, analysis_port, default=8001, flag="--analysis-port")
        held.enter_context(analysis_door.socket)
        held.enter_context(only_serving_process(settings.data_dir))
        migrate.upgrade(settings.db_url)
        uvloop.run(_serve(settings, (classic_door, analysis_door), say=say, beside=beside))


async def _serve(settings: Settings, doors: tuple[Listener, Listener], *, say: Say, beside: Beside | None) -> None:
    classic_door, analysis_door = doors
    at = Addresses(classic_door.url, analysis_door.url)
    async with opened(wire(settings, is_loopback=is_loopback(classic_door.host))) as wired:
        parts: list[Callable[[asyncio.Event], Awaitable[None]]] = [
            lambda stop: work(wired, stop, is_only_worker=True),
            lambda stop: end_listeners(wired, stop),
        ]
        ready = asyncio.Event()
        if beside is not None:
            parts.append(lambda stop: _after(ready, beside, at, stop))

        async def announce() -> None:
            for door, name in ((classic_door, "Classic"), (analysis_door, "Analysis")):
                note = "  (the usual port is taken)" if door.is_replacement else ""
                say(f"{name} API  {door.url}{note}")
            say(f"Data folder  {settings.data_dir}")
            if settings.mail_dir is not None:
                say(f"Mails are written to  {settings.mail_dir}")
            ready.set()

        servers = [
            (http_server(classic.create_app(wired)), classic_door),
            (http_server(analysis.create_app(wired)), analysis_door),
        ]
        await run_together(servers, beside=parts, when_ready=announce)


async def _after(ready: asyncio.Event, beside: Beside, at: Addresses, stop: asyncio.Event) -> None:
    await ready.wait()
    await beside(at, stop)


def _with_mail_folder(settings: Settings) -> Settings:
    """Without a mail server each mail is written to the data folder, so that the first start needs nothing."""
    if settings.mail_dir is not None or settings.smtp_host:
        return settings
    return settings.model_copy(update={"mail_dir": settings.data_dir / "mail"})


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
