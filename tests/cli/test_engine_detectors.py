"""`touchline engine` and `touchline analyse` ask the detectors that the environment or the options name."""

import shutil
import socket
import subprocess
import sys

import anyio
import pytest

from engine.stages import networks
from journeys.processes import clean_environment, touchline, wait_for
from touchline.adapters.engine_grpc import GrpcEngine
from touchline.engine.positions import PositionsReader
from touchline.engine.weights import MODELS_FOLDER
from touchline.football.updates import AnalysisOptions, AnalysisRequest, Failed, Finished

DEMO = MODELS_FOLDER.parent / "synthetic" / "data" / "demo.mp4"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def updates_of(folder, *, profile, **environment):
    """Two pictures of the demo through an engine process of its own."""
    port = free_port()
    (folder / "data").mkdir()
    shutil.copy(DEMO, folder / "data" / "demo.mp4")
    request = AnalysisRequest(
        video_path="demo.mp4", run_id="r1", frame_limit=2, options=AnalysisOptions(profile=profile, render=False)
    )

    async def ask(job):
        engine = GrpcEngine(f"127.0.0.1:{port}", idle_s=60)
        try:
            return await job(engine)
        finally:
            await engine.close()

    async def health(engine):
        return await engine.health() == "up" or None

    async def analyse(engine):
        return [update async for update in engine.analyse(request)]

    with touchline(
        "engine", "--port", str(port), "--data", "data", "--threads", "1", log=folder / "engine.log", **environment
    ):
        wait_for("the engine", lambda: anyio.run(ask, health), limit_s=60)
        return anyio.run(ask, analyse)


@pytest.mark.parametrize(("profile", "is_fused"), [("balanced", True), ("fast", False)])
def test_both_detectors_of_the_environment_are_asked_where_the_profile_has_the_time(profile, is_fused, tmp_path):
    first, second = networks.centre_heatmap(tmp_path / "one.onnx"), networks.yolov8(tmp_path / "two.onnx")
    updates = updates_of(
        tmp_path, profile=profile, TOUCHLINE_DETECTOR=str(first), TOUCHLINE_DETECTOR_SECOND=str(second)
    )
    assert isinstance(updates[-1], Finished)
    stored = PositionsReader(tmp_path / "data" / updates[-1].result.positions_path)
    assert stored.header["detector"].startswith("one (")
    assert ("two (" in stored.header["detector"]) is is_fused


def test_a_missing_second_detector_fails_the_run_with_a_sentence(tmp_path):
    updates = updates_of(tmp_path, profile="balanced", TOUCHLINE_DETECTOR_SECOND=str(tmp_path / "gone.onnx"))
    assert isinstance(updates[-1], Failed)
    assert "gone.onnx is missing" in updates[-1].message


def analysed(folder, *arguments, **environment):
    """The demo's first second by `touchline analyse`, and the name of the detector that it stored."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "touchline",
            "analyse",
            str(DEMO),
            "--out",
            "out",
            "--end",
            "1",
            "--no-render",
            *arguments,
        ],
        cwd=folder,
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    headers = list((folder / "out").rglob("header.json"))
    return done, PositionsReader(headers[0].parent).header["detector"] if headers else None


def test_an_analysis_on_the_console_asks_the_detectors_of_its_options_or_of_the_environment(tmp_path):
    one, two = networks.centre_heatmap(tmp_path / "one.onnx"), networks.yolov8(tmp_path / "two.onnx")
    done, detector = analysed(tmp_path, "--model", str(one), TOUCHLINE_DETECTOR_SECOND=str(two))
    assert done.returncode == 0, done.stderr
    assert detector.startswith("one (")
    assert "two (" in detector


def test_a_missing_detector_is_said_in_a_sentence(tmp_path):
    done, detector = analysed(tmp_path, TOUCHLINE_DETECTOR="gone.onnx")
    assert done.returncode == 1
    assert detector is None
    assert "gone.onnx is missing" in " ".join(done.stderr.split())
