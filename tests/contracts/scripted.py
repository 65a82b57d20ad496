"""An engine that does what the name of its video says, for tests of everything around an engine.

Run as a program it serves like `touchline engine`.
"""

import argparse
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from touchline.engine.errors import VideoUnreadableError
from touchline.engine.server import engine_main
from touchline.football.updates import (
    AlertRaised,
    AnalysisRequest,
    AnalysisResult,
    Finished,
    FoundBox,
    Progress,
    SegmentDone,
    TrackingVideoReady,
    Update,
)

BOXES = [
    FoundBox((10.0, 20.0, 30.5, 80.0), "person", 0.9, (255, 0, 0)),
    FoundBox((1, 2, 3, 3), "ball", 0.4, (0, 255, 0)),
]


def a_segment(index: int) -> SegmentDone:
    return SegmentDone(
        index,
        index * 10.0,
        index * 10.0 + 10,
        index * 10.0,
        {"team_a": {"width": 40.5}, "team_b": {}},
        None,
        0.25,
        "LOW",
    )


def an_alert(alert_id: str = "a-1") -> AlertRaised:
    return AlertRaised(
        alert_id,
        "00:10",
        0.7,
        "HIGH",
        "DEFENCE",
        "D1",
        "ACTIVE",
        "Step up",
        2,
        1,
        decision_id="d-1",
        match_time=10.0,
        context={"zone": {"x_min": 0, "x_max": 20, "y_min": 0, "y_max": 68}},
    )


def steady(run_id: str) -> list[Update]:
    return [
        Progress(0.1, "Reading the video", {"7": {"distance": 12.5}}),
        a_segment(0),
        an_alert(),
        a_segment(1),
        TrackingVideoReady(f"outputs/{run_id}/tracking_output.mp4", 250),
        Finished(
            AnalysisResult(run_id, total_frames=250, fps=25.0, positions_path=f"outputs/{run_id}/positions"), "Done"
        ),
    ]


def partial(output_root: Path, run_id: str) -> Path:
    """The unfinished output of an endless run; exists exactly while the run is alive."""
    return output_root / f"{run_id}.partial"


def analyse(
    request: AnalysisRequest, *, output_root: Path, threads: int, detector_path: str | None
) -> Iterator[Update]:
    match Path(request.video_path).stem:
        case "steady":
            yield from steady(request.run_id)
        case "endless":
            yield from _endless(partial(output_root, request.run_id))
        case "refused":
            raise VideoUnreadableError("The video holds no picture; please choose another file.")
        case "bug":
            raise ZeroDivisionError("secret detail")
        case "unfinished":
            yield a_segment(0)
        case "many":
            yield from (a_segment(n) for n in range(500))
            yield Finished(AnalysisResult(request.run_id))
        case "silent":
            yield a_segment(0)
            threading.Event().wait(3)
        case "crash":
            yield a_segment(0)
            os._exit(11)
        case name:
            raise AssertionError(name)


def _endless(output: Path) -> Iterator[Update]:
    if output.exists():
        raise AssertionError("two workers on one run")
    output.touch()
    pause = threading.Event()
    try:
        yield a_segment(0)
        while True:
            pause.wait(0.02)
            yield Progress(0.5, "On it")
    finally:
        output.unlink()


def detect(picture: bytes) -> Sequence[FoundBox]:
    if picture != b"a picture":
        raise ValueError("The picture cannot be decoded.")
    return BOXES


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", required=True)
    parser.add_argument("--parent-pipe", type=int)
    parser.add_argument("--nice", type=int, default=0)
    parser.add_argument("--root", type=Path, required=True)
    asked = parser.parse_args()
    engine_main(
        f"unix:{asked.socket}",
        output_root=asked.root,
        analyse=analyse,
        detect=detect,
        nice=asked.nice,
        parent_pipe=asked.parent_pipe,
    )


if __name__ == "__main__":
    main()
