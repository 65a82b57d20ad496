import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Self

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from contracts import scripted
from contracts.waiting import until
from touchline.engine.errors import ModelMismatchError
from touchline.engine.server import AddressUnavailableError, Runs, serve
from touchline.engine.server.paths import PathRefusedError, admitted
from touchline.football.updates import AnalysisRequest, AnalysisResult, Finished, Progress, SegmentDone, Update
from touchline.protocol import analysis_pb2 as pb
from touchline.protocol.analysis_pb2_grpc import AnalysisServiceStub

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Serving:
    """A server in the background, with a channel to it."""

    def __init__(self, root: Path, **options) -> None:
        self.root, self.options = root, options
        self.stop = asyncio.Event()

    async def __aenter__(self) -> Self:
        listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        options = {"analyse": scripted.analyse, "detect": scripted.detect, **self.options}
        self.task = asyncio.create_task(
            serve("127.0.0.1:0", stop=self.stop, output_root=self.root, on_listening=listening.set_result, **options)
        )
        self.channel = grpc.aio.insecure_channel(f"127.0.0.1:{await listening}")
        self.stub = AnalysisServiceStub(self.channel)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.channel.close()
        self.stop.set()
        await self.task


@pytest.fixture
async def serving(tmp_path: Path) -> AsyncIterator[Serving]:
    async with Serving(tmp_path) as made:
        yield made


async def refusal(call) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        if hasattr(call, "read"):
            await call.read()
        else:
            await call
    return caught.value


async def test_packets_carry_the_run_and_end_with_completed(serving: Serving):
    packets = [p async for p in serving.stub.AnalyzeVideo(pb.AnalysisRequest(video_path="steady.mp4", match_id="r"))]
    assert {packet.match_id for packet in packets} == {"r"}
    assert [packet.status for packet in packets] == [
        "PROCESSING",
        "SEGMENT_DONE",
        "ALERT",
        "SEGMENT_DONE",
        "TRACKING_VIDEO_READY",
        "COMPLETED",
    ]


async def test_a_malformed_request_is_an_invalid_argument(serving: Serving):
    call = serving.stub.AnalyzeVideo(pb.AnalysisRequest(video_path="steady.mp4", calibration_json="{"))
    error = await refusal(call)
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "calibration_json" in error.details()


@pytest.mark.parametrize("path", ["../secret.mp4", "/etc/passwd", "", "a\0b.mp4"])
async def test_a_video_outside_the_served_folders_is_refused(serving: Serving, path: str):
    error = await refusal(serving.stub.AnalyzeVideo(pb.AnalysisRequest(video_path=path)))
    assert error.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_the_service_and_the_whole_process_are_healthy(serving: Serving):
    health = health_pb2_grpc.HealthStub(serving.channel)
    for service in ("", "analysis.AnalysisService"):
        answer = await health.Check(health_pb2.HealthCheckRequest(service=service))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING


async def test_hanging_up_stops_the_run(serving: Serving):
    output = scripted.partial(serving.root, "r")
    call = serving.stub.AnalyzeVideo(pb.AnalysisRequest(video_path="endless.mp4", match_id="r"))
    assert (await call.read()).status == "SEGMENT_DONE"
    call.cancel()
    await until(lambda: not output.exists(), limit_s=2)


async def test_a_caller_that_vanishes_stops_the_run(serving: Serving):
    output = scripted.partial(serving.root, "r")
    call = serving.stub.AnalyzeVideo(pb.AnalysisRequest(video_path="endless.mp4", match_id="r"))
    await call.read()
    await serving.channel.close()
    await until(lambda: not output.exists(), limit_s=2)


async def test_a_stopping_engine_cleans_up_its_runs(tmp_path: Path):
    output = scripted.partial(tmp_path, "r")
    async with Serving(tmp_path) as serving:
        call = serving.stub.AnalyzeVideo(pb.AnalysisRequest(video_path="endless.mp4", match_id="r"))
        await call.read()
        assert output.exists()
        serving.stop.set()
        await serving.task
        assert not output.exists()


async def test_an_update_that_cannot_travel_is_skipped(tmp_path: Path):
    def analyse(request: AnalysisRequest, **_: object) -> Iterator[Update]:
        yield SegmentDone(0, 0, 1, 0, {"broken": object()}, None, 0, "LOW")
        yield Finished(AnalysisResult(request.run_id))

    async with Serving(tmp_path, analyse=analyse) as serving:
        call = serving.stub.AnalyzeVideo(pb.AnalysisRequest(video_path="a.mp4", match_id="r"))
        assert [packet.status async for packet in call] == ["COMPLETED"]


async def test_a_picture_that_cannot_be_decoded_is_an_invalid_argument(serving: Serving):
    error = await refusal(serving.stub.Detect(pb.DetectRequest(picture=b"noise")))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_a_detector_that_cannot_work_is_a_failed_precondition(tmp_path: Path):
    def detect(picture: bytes):
        raise ModelMismatchError("The model file is damaged; install Touchline again.")

    async with Serving(tmp_path, detect=detect) as serving:
        error = await refusal(serving.stub.Detect(pb.DetectRequest()))
        assert error.code() is grpc.StatusCode.FAILED_PRECONDITION
        assert "install" in error.details()


async def test_an_engine_without_a_detector_says_so(tmp_path: Path):
    async with Serving(tmp_path, detect=None) as serving:
        assert (await refusal(serving.stub.Detect(pb.DetectRequest()))).code() is grpc.StatusCode.UNIMPLEMENTED


async def test_a_still_of_ten_mebibytes_fits(tmp_path: Path):
    async with Serving(tmp_path, detect=lambda _: []) as serving:
        assert not (await serving.stub.Detect(pb.DetectRequest(picture=bytes(10 << 20)))).boxes


async def test_a_taken_address_is_told(tmp_path: Path):
    holder = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = holder.sockets[0].getsockname()[1]
    with pytest.raises(AddressUnavailableError, match=str(port)):
        await serve(f"127.0.0.1:{port}", output_root=tmp_path, analyse=scripted.analyse)
    holder.close()


async def test_frequent_progress_is_thinned_and_nothing_else_is(tmp_path: Path):
    def analyse(request: AnalysisRequest, **_: object) -> Iterator[Update]:
        for n in range(2000):
            yield Progress(n / 2000, "On it")
            if n % 100 == 0:
                yield scripted.a_segment(n // 100)
        yield Finished(AnalysisResult(request.run_id))

    runs = Runs(analyse, output_root=tmp_path, threads=1, detector_path=None, max_runs=1)
    updates = [update async for update in runs.stream(AnalysisRequest("a.mp4", "r"))]
    assert [u.index for u in updates if isinstance(u, SegmentDone)] == list(range(20))
    assert sum(isinstance(u, Progress) for u in updates) < 20


async def test_the_newest_progress_gets_through_even_when_the_engine_then_pauses(tmp_path: Path):
    heard = threading.Event()

    def analyse(request: AnalysisRequest, **_: object) -> Iterator[Update]:
        yield Progress(0.1, "Reading")
        yield Progress(0.2, "Still reading")
        yield Progress(0.3, "Drawing")
        assert heard.wait(10)
        yield Finished(AnalysisResult(request.run_id))

    runs = Runs(analyse, output_root=tmp_path, threads=1, detector_path=None, max_runs=1)
    messages = []
    async for update in runs.stream(AnalysisRequest("a.mp4", "r")):
        if isinstance(update, Progress):
            messages.append(update.message)
        if messages[-1] == "Drawing":
            heard.set()
    assert messages == ["Reading", "Drawing"]


async def test_a_finished_iterator_is_heard_out_and_not_closed(tmp_path: Path):
    ends: list[str] = []

    def analyse(request: AnalysisRequest, **_: object) -> Iterator[Update]:
        try:
            yield Finished(AnalysisResult(request.run_id))
            ends.append("by itself")
        except GeneratorExit:
            ends.append("closed")
            raise

    runs = Runs(analyse, output_root=tmp_path, threads=1, detector_path=None, max_runs=1)
    assert len([update async for update in runs.stream(AnalysisRequest("a.mp4", "r"))]) == 1
    assert ends == ["by itself"]


def test_relative_paths_are_meant_below_the_output_root(tmp_path: Path):
    request = admitted(AnalysisRequest("temp_uploads/a.mp4", "r", second_video_path="b.mp4"), output_root=tmp_path)
    assert request.video_path == str(tmp_path / "temp_uploads/a.mp4")
    assert request.second_video_path == str(tmp_path / "b.mp4")


def test_absolute_paths_must_lie_below_an_allowed_folder(tmp_path: Path):
    root, uploads = tmp_path / "root", tmp_path / "uploads"
    asked = AnalysisRequest(str(uploads / "a.mp4"), "r")
    with pytest.raises(PathRefusedError):
        admitted(asked, output_root=root)
    assert admitted(asked, output_root=root, allowed_roots=[uploads]).video_path == str(uploads / "a.mp4")
    assert admitted(AnalysisRequest(str(root / "a.mp4"), "r"), output_root=root).video_path == str(root / "a.mp4")


def test_links_are_followed_before_a_path_is_judged(tmp_path: Path):
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    with pytest.raises(PathRefusedError):
        admitted(AnalysisRequest("link/secret.mp4", "r"), output_root=root)


def test_outputs_never_leave_the_output_root(tmp_path: Path):
    with pytest.raises(PathRefusedError, match="output_dir"):
        admitted(
            AnalysisRequest("a.mp4", "r", output_dir="../elsewhere"),
            output_root=tmp_path / "root",
            allowed_roots=[tmp_path],
        )
