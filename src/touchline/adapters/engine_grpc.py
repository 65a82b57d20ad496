"""TrackingEngine over gRPC: any engine that speaks `proto/analysis.proto`, near or far."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from touchline.features.analysis.ports import EngineUnavailableError
from touchline.football.updates import AnalysisRequest, Failed, Finished, FoundBox, Update
from touchline.protocol import analysis_pb2 as pb
from touchline.protocol.analysis_pb2_grpc import AnalysisServiceStub
from touchline.protocol.codec import (
    MalformedPacketError,
    boxes_from_message,
    request_to_message,
    update_from_message,
)

if TYPE_CHECKING:
    from touchline.protocol.analysis_pb2_grpc import AnalysisServiceAsyncStub

_log = logging.getLogger(__name__)
_UNAVAILABLE = "Tracking engine unavailable"
_TEXTS = {
    grpc.StatusCode.UNAVAILABLE: _UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED: "Tracking engine did not answer in time",
    grpc.StatusCode.CANCELLED: "Tracking engine broke off the analysis",
    grpc.StatusCode.ABORTED: "Another request took over this analysis",
    grpc.StatusCode.RESOURCE_EXHAUSTED: "Tracking engine is overloaded",
    grpc.StatusCode.INVALID_ARGUMENT: "Tracking engine refused the request",
    grpc.StatusCode.PERMISSION_DENIED: "Tracking engine may not read this video",
    grpc.StatusCode.NOT_FOUND: "Tracking engine cannot find this video",
    grpc.StatusCode.UNAUTHENTICATED: "Tracking engine refused the connection",
    grpc.StatusCode.UNIMPLEMENTED: "Tracking engine does not support this",
}
_FAILED = "Tracking engine failed"

_MAX_MESSAGE_BYTES = 16 << 20
_HEALTH_S = 2.0
_ASK_AGAIN_S = 0.1
_STILL_S = 60.0
_LAST_WORDS_S = 5.0
_OPTIONS = (
    ("grpc.max_receive_message_length", _MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", _MAX_MESSAGE_BYTES),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2_000),
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.enable_http_proxy", 0),  # an engine is on the same machine or network
)


class GrpcEngine:
    """One channel to one engine; it reconnects by itself.

    Args:
        address: `host:port` or `unix:/path`.
        idle_s: a stream without any packet for so long has failed.
        tls_ca: certificate authority (PEM file) of an engine behind TLS; None talks plain text.
        reconnect_s: how long a call that found nobody waits for the engine before its one second try.
    """

    def __init__(
        self, address: str, *, idle_s: float = 300.0, tls_ca: Path | None = None, reconnect_s: float = 5.0
    ) -> None:
        self._address, self._idle_s, self._tls_ca, self._reconnect_s = address, idle_s, tls_ca, reconnect_s
        self._channel: grpc.aio.Channel | None = None
        self._closed = False

    async def analyse(self, request: AnalysisRequest) -> AsyncGenerator[Update]:
        """See `TrackingEngine.analyse`; packets that cannot be read are logged and skipped."""
        message = request_to_message(request)
        call, packet = await self._first_packet(message)
        try:
            while packet is not None:
                update = _readable(packet, run_id=request.run_id)
                if update is not None:
                    yield update
                    if isinstance(update, Finished | Failed):
                        await self._hear_out(call)
                        return
                packet = await self._next_packet(call)
        finally:
            call.cancel()
        _log.error("engine_grpc.broke_off run_id=%s address=%s", request.run_id, self._address)
        raise EngineUnavailableError("Tracking engine broke off the analysis")

    async def detect(self, picture: bytes) -> list[FoundBox]:
        """See `TrackingEngine.detect`."""
        try:
            return boxes_from_message(await self._stub().Detect(pb.DetectRequest(picture=picture), timeout=_STILL_S))
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.INVALID_ARGUMENT:
                raise ValueError(error.details() or "The picture cannot be decoded.") from error
            raise self._translated(error) from error

    async def health(self) -> str:
        """`up`, `down`, or `unknown` for an engine that answers but knows no health checks."""
        return await self._health(_HEALTH_S, wait_for_ready=False)

    async def wait_ready(self, limit_s: float) -> bool:
        """Wait until the engine serves, at most so long; False when it does not."""
        deadline_s = time.monotonic() + limit_s
        while not self._closed and (left_s := deadline_s - time.monotonic()) > 0:
            # A connection that dies under the question answers at once that nobody is there: ask again.
            if await self._health(left_s, wait_for_ready=True) != "down":
                return True
            await asyncio.sleep(_ASK_AGAIN_S)
        return False

    async def close(self) -> None:
        """Cancel what runs and let the connection go."""
        self._closed = True
        if self._channel is not None:
            await self._channel.close(None)

    async def _first_packet(
        self, message: pb.AnalysisRequest
    ) -> tuple["grpc.aio.UnaryStreamCall[pb.AnalysisRequest, pb.AnalysisResponse]", pb.AnalysisResponse | None]:
        """Start the call; nothing has come back yet, so one unavailable answer may be tried again unseen."""
        for last_try in (False, True):
            call = self._stub().AnalyzeVideo(message)
            try:
                return call, await self._next_packet(call)
            except _UnavailableError:
                if last_try or not await self.wait_ready(self._reconnect_s):
                    raise
                _log.info("engine_grpc.tried_again run_id=%s address=%s", message.match_id, self._address)
            except BaseException:
                call.cancel()
                raise
        raise AssertionError  # the second try returned or raised

    async def _next_packet(
        self, call: "grpc.aio.UnaryStreamCall[pb.AnalysisRequest, pb.AnalysisResponse]"
    ) -> pb.AnalysisResponse | None:
        """The next packet, None at the end of the stream."""
        try:
            async with asyncio.timeout(self._idle_s):
                packet = await call.read()
        except TimeoutError as error:
            _log.error("engine_grpc.silent address=%s idle_s=%g", self._address, self._idle_s)
            raise EngineUnavailableError(f"Tracking engine was silent for {self._idle_s:g} seconds") from error
        except grpc.aio.AioRpcError as error:
            raise self._translated(error) from error
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            # Nobody cancelled this task: the channel was closed under the call.
            raise EngineUnavailableError(_UNAVAILABLE) from None
        return packet if isinstance(packet, pb.AnalysisResponse) else None

    async def _hear_out(self, call: "grpc.aio.UnaryStreamCall[pb.AnalysisRequest, pb.AnalysisResponse]") -> None:
        """Let the engine end by itself after its last word: hanging up on it would mean "cancel"."""
        with suppress(TimeoutError, EngineUnavailableError):
            async with asyncio.timeout(_LAST_WORDS_S):
                while await self._next_packet(call) is not None:
                    pass

    async def _health(self, limit_s: float, *, wait_for_ready: bool) -> str:
        try:
            stub = health_pb2_grpc.HealthStub(self._connected())
            answer = await stub.Check(
                health_pb2.HealthCheckRequest(service=""), timeout=limit_s, wait_for_ready=wait_for_ready
            )
        except EngineUnavailableError:
            return "down"
        except grpc.aio.AioRpcError as error:
            return "unknown" if error.code() is grpc.StatusCode.UNIMPLEMENTED else "down"
        return "up" if answer.status == health_pb2.HealthCheckResponse.SERVING else "down"

    def _stub(self) -> "AnalysisServiceAsyncStub":
        return AnalysisServiceStub(self._connected())

    def _connected(self) -> grpc.aio.Channel:
        """The channel, made on first use because it belongs to the running event loop."""
        if self._closed:
            raise EngineUnavailableError(_UNAVAILABLE)
        if self._channel is None:
            if self._tls_ca is None:
                self._channel = grpc.aio.insecure_channel(self._address, options=_OPTIONS)
            else:
                credentials = grpc.ssl_channel_credentials(root_certificates=self._tls_ca.read_bytes())
                self._channel = grpc.aio.secure_channel(self._address, credentials, options=_OPTIONS)
        return self._channel

    def _translated(self, error: grpc.aio.AioRpcError) -> EngineUnavailableError:
        code = error.code()
        _log.warning("engine_grpc.failed address=%s code=%s details=%s", self._address, code.name, error.details())
        kind = _UnavailableError if code is grpc.StatusCode.UNAVAILABLE else EngineUnavailableError
        return kind(_TEXTS.get(code, _FAILED))


class _UnavailableError(EngineUnavailableError):
    """Nobody answered, as opposed to an engine that answered with a refusal."""


def _readable(packet: pb.AnalysisResponse, *, run_id: str) -> Update | None:
    try:
        return update_from_message(packet)
    except MalformedPacketError as error:
        _log.warning("engine_grpc.packet_skipped run_id=%s status=%s reason=%s", run_id, packet.status, error)
        return None
