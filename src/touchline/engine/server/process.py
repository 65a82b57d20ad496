"""One engine process: listen, answer health checks, stop in good order."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Required, TypedDict, Unpack, cast

import grpc
from grpc_health.v1 import health_pb2_grpc
from grpc_health.v1.health import aio as health  # type: ignore[attr-defined]  # its stubs leave the asyncio half out
from grpc_health.v1.health_pb2 import HealthCheckResponse

from touchline.engine.errors import EngineError
from touchline.engine.server.runs import Analyse, Detect, Runs
from touchline.engine.server.service import AnalysisService
from touchline.protocol.analysis_pb2_grpc import AnalysisServiceServicer, add_AnalysisServiceServicer_to_server

_log = logging.getLogger(__name__)
SERVICE = "analysis.AnalysisService"
MAX_MESSAGE_BYTES = 16 << 20  # a still of 10 MiB, or a very talkative segment
_GRACE_S = 1.0
_PATIENCE_S = 20.0

_OPTIONS = (
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    # Callers ping every 30 s through silence (a long render, a full queue); that is not abuse.
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.http2.max_ping_strikes", 0),
    # And a caller whose machine vanished is noticed, so that its run stops.
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.so_reuseport", 0),  # a taken port is an error, not a silent share
)


class AddressUnavailableError(EngineError):
    """The engine cannot listen where it was told to."""

    code = "engine.address_unavailable"


class Serving(TypedDict, total=False):
    """How an engine serves, whichever way it is started.

    output_root: folder that relative paths in requests and all paths in results are relative to.
    analyse: the engine's work, `touchline.engine.run.analyse`.
    detect: persons and ball in a still; None leaves the method out.
    threads: threads of one run.
    detector_path: a detector other than the one that ships.
    max_runs: analyses at a time; others wait and say so.
    allowed_roots: folders besides the output root that absolute video paths may lead to.
    tls: certificate chain and private key (PEM files); None serves plain text.
    on_listening: called with the port once requests are accepted.
    """

    output_root: Required[Path]
    analyse: Required[Analyse]
    detect: Detect | None
    threads: int
    detector_path: str | Path | None
    max_runs: int
    allowed_roots: Sequence[Path]
    tls: tuple[Path, Path] | None
    on_listening: Callable[[int], None] | None


async def serve(address: str, *, stop: asyncio.Event | None = None, **serving: Unpack[Serving]) -> None:
    """Serve until `stop` is set or the task is cancelled; running analyses are then stopped and cleaned up.

    Args:
        address: `host:port` (port 0 picks one) or `unix:/path`.
        stop: set it to end.
        **serving: see `Serving`.

    Raises:
        AddressUnavailableError: the address is taken or makes no sense.
    """
    output_root, detector_path = serving["output_root"], serving.get("detector_path")
    runs = Runs(
        serving["analyse"],
        output_root=output_root,
        threads=serving.get("threads", 1),
        detector_path=str(detector_path) if detector_path else None,
        max_runs=serving.get("max_runs", 2),
    )
    service = AnalysisService(
        runs,
        detect=serving.get("detect"),
        output_root=output_root,
        allowed_roots=serving.get("allowed_roots", ()),
    )
    server = grpc.aio.server(options=_OPTIONS)
    add_AnalysisServiceServicer_to_server(cast("AnalysisServiceServicer", service), server)
    states = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(states, server)
    port = _listen(server, address, serving.get("tls"))
    await server.start()
    for name in ("", SERVICE):
        await states.set(name, HealthCheckResponse.SERVING)
    _log.info("engine.listening address=%s port=%d", address, port)
    try:
        on_listening = serving.get("on_listening")
        if on_listening is not None:
            on_listening(port)
        await (stop or asyncio.Event()).wait()
    finally:
        await states.enter_graceful_shutdown()
        await server.stop(_GRACE_S)
        await runs.close()
        _log.info("engine.stopped address=%s", address)


def engine_main(address: str, *, nice: int = 0, parent_pipe: int | None = None, **serving: Unpack[Serving]) -> None:
    """Serve as a process of its own, until SIGTERM, Ctrl-C, or the end of the parent.

    Args:
        address: as for `serve`.
        nice: how far to step back behind other processes (0..19).
        parent_pipe: a file descriptor (0: standard input) that the parent keeps open; when it closes, however the
            parent went, this process ends too. Ctrl-C is then the parent's business.
        **serving: see `Serving`.

    Raises:
        AddressUnavailableError: the address is taken or makes no sense.
    """
    if nice and hasattr(os, "nice"):
        os.nice(nice)

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, stop.set)
        if parent_pipe is None:
            loop.add_signal_handler(signal.SIGINT, stop.set)
        else:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            _end_with_parent(parent_pipe, loop, stop)
        await serve(address, stop=stop, **serving)

    asyncio.run(main())


def _listen(server: grpc.aio.Server, address: str, tls: tuple[Path, Path] | None) -> int:
    try:
        if tls is None:
            return server.add_insecure_port(address)
        certificate, key = (path.read_bytes() for path in tls)
        return server.add_secure_port(address, grpc.ssl_server_credentials([(key, certificate)]))
    except RuntimeError as error:
        raise AddressUnavailableError(
            f"The engine cannot listen on {address}: the address is taken or not of this machine."
        ) from error


def _end_with_parent(pipe: int, loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Set `stop` when the parent's end of the pipe closes; a thread, so that a busy loop cannot miss it."""

    def watch() -> None:
        while os.read(pipe, 64):
            pass
        _log.info("engine.parent_gone")
        # A run that hangs in native code must not outlive the parent.
        deadline = threading.Timer(_PATIENCE_S, os._exit, args=(1,))
        deadline.daemon = True
        deadline.start()
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch, name="parent-pipe", daemon=True).start()
