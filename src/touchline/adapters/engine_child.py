"""TrackingEngine as an own child process behind a private socket, so that a native crash never reaches the APIs.

The child speaks the same gRPC as a distant engine. It is spawned, never forked; it steps back behind the APIs in
priority, is started again with growing pauses when it dies, and ends when this process does, however that happens.
"""

import asyncio
import logging
import os
import shutil
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from pathlib import Path

from touchline.adapters.engine_grpc import GrpcEngine
from touchline.features.analysis.ports import EngineUnavailableError
from touchline.football.updates import AnalysisRequest, FoundBox, Update

_log = logging.getLogger(__name__)
_SOCKET_PATH_LIMIT = 107  # bytes, sun_path of Linux without its end mark; macOS has 103
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0
_SOUND_S = 60.0  # a child that lived so long was sound; its end starts with a short pause again
_GOODBYE_S, _TERMINATE_S = 10.0, 5.0
_ENVIRONMENT = {
    "GRPC_VERBOSITY": "ERROR",
    # A still of a few kilobytes can claim to be gigabytes of pixels.
    "OPENCV_IO_MAX_IMAGE_PIXELS": str(100 << 20),
}


class EngineChild:
    """An engine process of our own.

    Args:
        command: how to start it; `--socket PATH --parent-pipe 0 --nice N` is appended. Standard input is the pipe
            that tells the child that its parent is gone.
        idle_s: a stream without any packet for so long has failed.
        nice: how far the child steps back behind this process.
        ready_s: how long a request waits for the child to come up.
    """

    def __init__(self, command: Sequence[str], *, idle_s: float = 300.0, nice: int = 10, ready_s: float = 60.0) -> None:
        self._command, self._nice, self._ready_s = tuple(command), nice, ready_s
        self._folder = _private_folder()
        self._socket = self._folder / "e.sock"
        self._engine = GrpcEngine(f"unix:{self._socket}", idle_s=idle_s)
        self._closing = asyncio.Event()
        self._supervisor: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the child, None while there is none."""
        return None if self._process is None else self._process.pid

    async def start(self) -> None:
        """Start the child; returns at once, requests wait until it serves."""
        if self._supervisor is None:
            self._supervisor = asyncio.create_task(self._supervise(), name="engine-child")

    async def wait_ready(self) -> bool:
        """Wait until the child serves, at most `ready_s`."""
        return await self._engine.wait_ready(self._ready_s)

    async def analyse(self, request: AnalysisRequest) -> AsyncGenerator[Update]:
        """See `TrackingEngine.analyse`."""
        await self._must_serve()
        async with aclosing(self._engine.analyse(request)) as updates:
            async for update in updates:
                yield update

    async def detect(self, picture: bytes) -> list[FoundBox]:
        """See `TrackingEngine.detect`."""
        await self._must_serve()
        return await self._engine.detect(picture)

    async def health(self) -> str:
        """`up` while the child serves, else `down`."""
        return await self._engine.health()

    async def close(self) -> None:
        """Cancel what runs, let the child clean up and go; nothing is left behind."""
        self._closing.set()
        await self._engine.close()
        if self._supervisor is not None:
            await self._supervisor
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _must_serve(self) -> None:
        if self._closing.is_set() or not await self.wait_ready():
            raise EngineUnavailableError("Tracking engine unavailable")

    async def _supervise(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while not self._closing.is_set():
            started_s = time.monotonic()
            status = await self._live_once()
            if self._closing.is_set():
                return
            if time.monotonic() - started_s >= _SOUND_S:
                pause_s = _FIRST_PAUSE_S
            _log.error("engine_child.died status=%s starts_again_in_s=%g", status, pause_s)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._closing.wait()
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    async def _live_once(self) -> int | str:
        """Start a child and stay with it until it ends or this engine is closed; how it ended."""
        self._socket.unlink(missing_ok=True)
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                "--socket",
                str(self._socket),
                "--parent-pipe",
                "0",
                "--nice",
                str(self._nice),
                stdin=asyncio.subprocess.PIPE,
                env={**_ENVIRONMENT, **os.environ},
            )
        except OSError as error:
            return f"not started: {error}"
        self._process = process
        _log.info("engine_child.started pid=%d", process.pid)
        ended = asyncio.ensure_future(process.wait())
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait({ended, closing}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                await _part_with(process)
            return await ended
        finally:
            closing.cancel()
            if process.returncode is None:  # this task was cancelled
                process.kill()
            self._process = None


async def _part_with(process: asyncio.subprocess.Process) -> None:
    """Close the pipe, which is a request to end; then insist."""
    assert process.stdin is not None
    process.stdin.close()
    for limit_s, insist in ((_GOODBYE_S, process.terminate), (_TERMINATE_S, process.kill)):
        try:
            async with asyncio.timeout(limit_s):
                await process.wait()
                return
        except TimeoutError:
            _log.warning("engine_child.does_not_end pid=%d", process.pid)
            with suppress(ProcessLookupError):
                insist()


def _private_folder() -> Path:
    """A new folder that only this user may enter, with a path short enough for a socket in it."""
    folder = Path(tempfile.mkdtemp(prefix="touchline-"))
    if len(bytes(folder / "e.sock")) >= _SOCKET_PATH_LIMIT:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="touchline-", dir="/tmp"))  # the folder itself is 0700
    return folder
