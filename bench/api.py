"""How fast the doors answer: lists, details and notes at 16 connections, and `/health` while 64 people sign in."""

import asyncio
import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx2

from bench.api_server import EMAIL, PASSWORD
from bench.house import house  # noqa: F401 — makes the test helpers importable
from bench.rows import Row, at_least, at_most, figure
from databases import scratch_database
from journeys.processes import clean_environment, wait_for
from touchline.foundation.settings import with_async_driver

CONNECTIONS = 16
LOGINS = 64
LIST_RATE = 400
SECONDS, QUICK_SECONDS, WARM_UP_S = 8.0, 3.0, 1.0


def measure(work: Path, *, full: bool) -> list[Row]:
    seconds = SECONDS if full else QUICK_SECONDS
    rows = _on("SQLite", work / "sqlite", None, seconds)
    url = os.environ.get("TOUCHLINE_TEST_MARIADB_URL")
    if not url:
        return [*rows, figure("api", "on MariaDB", None, "", "TOUCHLINE_TEST_MARIADB_URL is not set")]
    with scratch_database(with_async_driver(url)) as scratch:
        return rows + _on("MariaDB", work / "mariadb", scratch, seconds)


def _on(kind: str, work: Path, url: str | None, seconds: float) -> list[Row]:
    work.mkdir()
    with _server(work, url) as found:
        classic, analysis, match_id = found["Classic API"], found["Analysis API"], found["Match"]
        token = httpx2.post(f"{classic}/api/token", data={"username": EMAIL, "password": PASSWORD}).json()
        head = {"Authorization": f"Bearer {token['access_token']}", "Content-Type": "application/json; charset=UTF-8"}
        note = json.dumps({"content": "They press our left side.", "note_type": "tactical", "video_timestamp": 12.5})
        calls = {
            "list of 25 players": (_request("GET", f"{classic}/api/players", head), LIST_RATE),
            "list of 20 matches": (_request("GET", f"{classic}/api/matches", head), LIST_RATE),
            "history of 200 runs": (_request("GET", f"{analysis}/api/analysis_history", head), LIST_RATE),
            "match details": (_request("GET", f"{classic}/api/matches/{match_id}/details", head), None),
            "a new note": (_request("POST", f"{classic}/api/matches/{match_id}/notes", head, note), None),
        }
        rows = []
        for name, (request, gate) in calls.items():
            rate, p99 = asyncio.run(_load(request, seconds))
            label, words = f"{name}, {kind}", f"{CONNECTIONS} connections"
            rows.append(
                at_least("api", label, rate, gate, "req/s", words)
                if gate
                else figure("api", label, rate, "req/s", words)
            )
            rows.append(at_most("api", f"{label}, p99", p99, 150, "ms", words))
        login = urlencode({"username": EMAIL, "password": PASSWORD})
        form = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
        p99 = asyncio.run(
            _beside(_request("POST", f"{classic}/api/token", form, login), _request("GET", f"{classic}/health", {}))
        )
        rows.append(at_most("api", f"GET /health, {kind}, p99", p99, 50, "ms", f"{LOGINS} logins in flight"))
        return rows


@contextlib.contextmanager
def _server(work: Path, url: str | None) -> Iterator[dict[str, str]]:
    log = work / "server.log"
    command = [sys.executable, "-m", "bench.api_server", str(work / "data"), *([url] if url else [])]
    with log.open("wb") as sink:
        server = subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT, env=clean_environment())
    try:
        yield wait_for("the server", lambda: _addresses(log, server), limit_s=60)
    finally:
        server.terminate()
        server.wait(20)


def _addresses(log: Path, server: "subprocess.Popen[bytes]") -> dict[str, str] | None:
    text = log.read_text()
    if server.poll() is not None:
        raise RuntimeError(f"the server ended: {text[-2000:]}")
    found = dict(re.findall(r"^(Classic API|Analysis API|Match)\s+(\S+)$", text, flags=re.MULTILINE))
    return found if len(found) == 3 else None


Request = tuple[str, int, bytes]


def _request(method: str, url: str, headers: dict[str, str], body: str = "") -> Request:
    """Host, port and the bytes of a request that keeps its connection."""
    address = urlsplit(url)
    lines = [f"{method} {address.path} HTTP/1.1", f"Host: {address.netloc}", f"Content-Length: {len(body.encode())}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    assert address.hostname is not None
    assert address.port is not None
    return address.hostname, address.port, "\r\n".join([*lines, "", body]).encode()


async def _load(request: Request, seconds: float) -> tuple[float, float | None]:
    """Requests a second and p99 in milliseconds with every connection always waiting for one answer."""
    took: list[float] = []
    begin = time.perf_counter() + WARM_UP_S
    end = begin + seconds

    async def one() -> None:
        async with _connection(request) as ask:
            while (started := time.perf_counter()) < end:
                await ask()
                if started >= begin:
                    took.append((time.perf_counter() - started) * 1000)

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return len(took) / seconds, _p99(took)


async def _beside(load: Request, probe: Request) -> float | None:
    """p99 of a request in milliseconds while others keep the server busy."""
    took: list[float] = []
    is_over = False

    async def press() -> None:
        async with _connection(load) as ask:
            while not is_over:
                await ask()

    pressing = [asyncio.create_task(press()) for _ in range(LOGINS)]
    await asyncio.sleep(WARM_UP_S)
    async with _connection(probe) as ask:
        for _ in range(300):
            started = time.perf_counter()
            await ask()
            took.append((time.perf_counter() - started) * 1000)
            await asyncio.sleep(0.01)
    is_over = True
    await asyncio.gather(*pressing)
    return _p99(took)


@contextlib.asynccontextmanager
async def _connection(request: Request) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    host, port, sent = request
    reader, writer = await asyncio.open_connection(host, port, limit=1 << 21)

    async def ask() -> None:
        writer.write(sent)
        head = await reader.readuntil(b"\r\n\r\n")
        found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        body = await reader.readexactly(int(found[1])) if found else b""
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{sent[:60]!r} was answered {head[:40]!r} {body[:200]!r}")

    try:
        yield ask
    finally:
        writer.close()


def _p99(values: list[float]) -> float | None:
    return statistics.quantiles(values, n=100)[-1] if len(values) >= 100 else None
