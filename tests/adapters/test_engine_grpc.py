"""What the gRPC adapter does with engines that are old, slow, broken or gone."""

import asyncio
import ipaddress
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from contracts import scripted
from contracts.waiting import until
from touchline.adapters.engine_grpc import GrpcEngine
from touchline.engine.server import serve
from touchline.features.analysis.ports import EngineUnavailableError
from touchline.football.updates import AlertRaised, AnalysisRequest, AnalysisResult, Failed, Finished, SegmentDone
from touchline.protocol import analysis_pb2 as pb
from touchline.protocol.analysis_pb2_grpc import add_AnalysisServiceServicer_to_server

pytestmark = pytest.mark.anyio

Script = Callable[[pb.AnalysisRequest, grpc.aio.ServicerContext], Awaitable[None]]
REQUEST = AnalysisRequest("a.mp4", "run-1")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class OtherEngine:
    """An engine of somebody else: speaks the numbers of the proto file and nothing more."""

    def __init__(self) -> None:
        self.calls = 0
        self.script: Script | None = None

    async def AnalyzeVideo(self, request, context):  # noqa: N802 - the name of the method in the proto file
        self.calls += 1
        await self.script(request, context)

    async def Detect(self, request, context):  # noqa: N802 - the name of the method in the proto file
        await context.abort(grpc.StatusCode.INTERNAL, "a stack trace")


@pytest.fixture
async def other() -> AsyncIterator[OtherEngine]:
    made = OtherEngine()
    server = grpc.aio.server()
    add_AnalysisServiceServicer_to_server(made, server)
    made.port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    yield made
    await server.stop(None)


@pytest.fixture
async def engine(other: OtherEngine) -> AsyncIterator[GrpcEngine]:
    made = GrpcEngine(f"127.0.0.1:{other.port}", idle_s=5)
    yield made
    await made.close()


async def collected(engine: GrpcEngine) -> list:
    async with asyncio.timeout(20):
        return [update async for update in engine.analyse(REQUEST)]


async def test_an_engine_that_fills_only_the_oldest_fields_works(other: OtherEngine, engine: GrpcEngine):
    async def script(request, context):
        await context.write(pb.AnalysisResponse(match_id=request.match_id, status="STREAMING", progress=0.5))
        segment = {"segment_index": 0, "start_sec": 0, "end_sec": 60, "analysis": {}, "team_a_tags": []}
        await context.write(pb.AnalysisResponse(status="SEGMENT_DONE", message=json.dumps(segment)))
        await context.write(pb.AnalysisResponse(status="ALERT", alert=pb.TacticalAlert(alert_id="a")))
        result = pb.AnalysisResult(match_id=request.match_id, tracking_video_path="v.mp4", fps=25)
        await context.write(pb.AnalysisResponse(match_id=request.match_id, status="COMPLETED", result=result))

    other.script = script
    progress, segment, alert, finished = await collected(engine)
    assert progress.progress == 0.5
    assert isinstance(segment, SegmentDone)
    assert isinstance(alert, AlertRaised)
    assert finished == Finished(AnalysisResult("run-1", tracking_video_path="v.mp4", fps=25))


async def test_packets_that_cannot_be_read_are_skipped(
    other: OtherEngine, engine: GrpcEngine, caplog: pytest.LogCaptureFixture
):
    async def script(request, context):
        await context.write(pb.AnalysisResponse(status="SEGMENT_DONE", message="{"))
        await context.write(pb.AnalysisResponse(status="ALERT"))
        await context.write(pb.AnalysisResponse(status="FAILED", message="Too dark."))

    other.script = script
    assert await collected(engine) == [Failed("Too dark.")]
    assert sum("packet_skipped" in record.getMessage() for record in caplog.records) == 2


async def test_an_engine_that_hangs_up_without_an_end_is_told(other: OtherEngine, engine: GrpcEngine):
    async def script(request, context):
        await context.write(pb.AnalysisResponse(status="PROCESSING"))

    other.script = script
    with pytest.raises(EngineUnavailableError, match="broke off"):
        await collected(engine)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (grpc.StatusCode.RESOURCE_EXHAUSTED, "Tracking engine is overloaded"),
        (grpc.StatusCode.PERMISSION_DENIED, "Tracking engine may not read this video"),
        (grpc.StatusCode.ABORTED, "Another request took over this analysis"),
        (grpc.StatusCode.INTERNAL, "Tracking engine failed"),
        (grpc.StatusCode.UNKNOWN, "Tracking engine failed"),
    ],
)
async def test_status_codes_become_short_texts(other: OtherEngine, engine: GrpcEngine, code, text: str):
    async def script(request, context):
        await context.abort(code, "a stack trace of another program")

    other.script = script
    with pytest.raises(EngineUnavailableError) as caught:
        await collected(engine)
    assert str(caught.value) == text
    assert other.calls == 1


async def test_an_unavailable_answer_before_the_first_packet_is_tried_again_once(
    other: OtherEngine, engine: GrpcEngine
):
    async def script(request, context):
        if other.calls == 1:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "restarting")
        await context.write(pb.AnalysisResponse(status="DONE"))

    other.script = script
    [finished] = await collected(engine)
    assert isinstance(finished, Finished)
    assert other.calls == 2


async def test_it_is_not_tried_a_third_time(other: OtherEngine, engine: GrpcEngine):
    async def script(request, context):
        await context.abort(grpc.StatusCode.UNAVAILABLE, "down")

    other.script = script
    with pytest.raises(EngineUnavailableError, match=r"^Tracking engine unavailable$"):
        await collected(engine)
    assert other.calls == 2


async def test_after_the_first_packet_nothing_is_tried_again(other: OtherEngine, engine: GrpcEngine):
    async def script(request, context):
        await context.write(pb.AnalysisResponse(status="PROCESSING"))
        await context.abort(grpc.StatusCode.UNAVAILABLE, "down")

    other.script = script
    with pytest.raises(EngineUnavailableError, match="unavailable"):
        await collected(engine)
    assert other.calls == 1


async def test_a_silent_engine_is_given_up_and_told_to_stop(other: OtherEngine):
    stopped = asyncio.Event()

    async def script(request, context):
        await context.write(pb.AnalysisResponse(status="PROCESSING"))
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    other.script = script
    engine = GrpcEngine(f"127.0.0.1:{other.port}", idle_s=0.2)
    with pytest.raises(EngineUnavailableError, match="silent"):
        await collected(engine)
    await until(stopped.is_set)
    await engine.close()


async def test_a_finished_engine_is_not_told_to_stop(other: OtherEngine, engine: GrpcEngine):
    ends = []

    async def script(request, context):
        await context.write(pb.AnalysisResponse(status="COMPLETED"))
        try:
            await asyncio.sleep(0)
            await asyncio.to_thread(lambda: None)
            ends.append("by itself")
        except asyncio.CancelledError:
            ends.append("cancelled")
            raise

    other.script = script
    await collected(engine)
    assert ends == ["by itself"]


async def test_closing_the_adapter_ends_its_streams(other: OtherEngine, engine: GrpcEngine):
    stopped = asyncio.Event()

    async def script(request, context):
        await context.write(pb.AnalysisResponse(status="PROCESSING"))
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    other.script = script
    updates = engine.analyse(REQUEST)
    await anext(updates)
    waiting = asyncio.ensure_future(anext(updates))
    await engine.close()
    with pytest.raises(EngineUnavailableError):
        await waiting
    await until(stopped.is_set)


async def test_nobody_at_the_address_is_unavailable():
    holder = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = holder.sockets[0].getsockname()[1]
    holder.close()
    await holder.wait_closed()
    engine = GrpcEngine(f"127.0.0.1:{port}", reconnect_s=0.3)
    with pytest.raises(EngineUnavailableError, match=r"^Tracking engine unavailable$"):
        await collected(engine)
    with pytest.raises(EngineUnavailableError):
        await engine.detect(b"a picture")
    assert await engine.health() == "down"
    await engine.close()


async def test_an_engine_without_health_checks_is_unknown(engine: GrpcEngine):
    assert await engine.health() == "unknown"


async def test_a_still_that_the_engine_cannot_handle_is_an_engine_failure(engine: GrpcEngine):
    with pytest.raises(EngineUnavailableError, match=r"^Tracking engine failed$"):
        await engine.detect(b"a picture")


async def test_an_engine_behind_tls_is_reached_with_its_authority_only(tmp_path: Path):
    certificate, key = _own_authority(tmp_path)
    listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    server = asyncio.create_task(
        serve(
            "127.0.0.1:0",
            stop=stop,
            output_root=tmp_path,
            analyse=scripted.analyse,
            tls=(certificate, key),
            on_listening=listening.set_result,
        )
    )
    address = f"127.0.0.1:{await listening}"
    trusting, plain = GrpcEngine(address, tls_ca=certificate), GrpcEngine(address)
    assert await trusting.health() == "up"
    assert await plain.health() == "down"
    await trusting.close()
    await plain.close()
    stop.set()
    await server


def _own_authority(folder: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "engine")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "engine.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "engine.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "engine.pem", folder / "engine.key"
