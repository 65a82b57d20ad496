"""How late a window reaches 200 listeners of one run: the server is a process of its own, sockets are read raw."""

import asyncio
import json
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from bench.house import house  # noqa: F401 — makes the journeys importable
from bench.rows import Row, at_most
from journeys.processes import clean_environment, wait_for

LISTENERS = 200
EVENTS = 40
EVERY_S = 0.2


def measure(work: Path, *, full: bool) -> list[Row]:
    data, log = work / "data", work / "server.log"
    command = [sys.executable, "-m", "bench.stream_server", str(data), str(EVENTS), str(EVERY_S)]
    with log.open("wb") as sink:
        server = subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT, env=clean_environment())
    try:
        found = wait_for("the server", lambda: _addresses(log), limit_s=60)
        form = {"username": "coach@bench.example", "password": "long enough"}
        token = httpx2.post(f"{found['Classic API']}/api/token", data=form).json()["access_token"]
        delays = asyncio.run(_listen(found["Analysis API"], found["Run"], token, data / "go"))
    finally:
        server.terminate()
        server.wait(20)
    value = statistics.quantiles(delays, n=100)[-1] if len(delays) >= 100 else None
    note = f"{LISTENERS} listeners, {len(delays)} deliveries, engine's word → stored → read by the listener"
    return [at_most("streams", "window to listener, p99", value, 300, "ms", note)]


def _addresses(log: Path) -> dict[str, str] | None:
    found = dict(re.findall(r"^(Classic API|Analysis API|Run)\s+(\S+)$", log.read_text(), flags=re.MULTILINE))
    return found if len(found) == 3 else None


async def _listen(analysis: str, run_id: str, token: str, go: Path) -> list[float]:
    address = urlsplit(analysis)
    request = (
        f"GET /api/analysis/{run_id}/segments/stream HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Authorization: Bearer {token}\r\nAccept: text/event-stream\r\n\r\n"
    ).encode()
    opened = asyncio.Semaphore(50)
    waiting = LISTENERS
    all_listen = asyncio.Event()
    delays: list[float] = []

    async def one() -> None:
        nonlocal waiting
        async with opened:
            reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=1 << 20)
            writer.write(request)
            await reader.readuntil(b"\r\n\r\n")
            waiting -= 1
            if not waiting:
                all_listen.set()
        while line := await reader.readline():
            if line.startswith(b"data: "):
                message = json.loads(line[6:])
                if message["type"] == "segment":
                    delays.append((time.time() - message["analysis_json"]["sent_at"]) * 1000)
                elif message["type"] == "done":
                    break
        writer.close()

    listeners = [asyncio.create_task(one()) for _ in range(LISTENERS)]
    await asyncio.wait_for(all_listen.wait(), 60)
    await asyncio.to_thread(go.touch)
    await asyncio.wait_for(asyncio.gather(*listeners), EVENTS * EVERY_S + 60)
    return delays
