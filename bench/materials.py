"""What is measured on, and processes measured from outside."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import av

from touchline.engine.synthetic import demo_clip, demo_profile


@dataclass(frozen=True)
class Material:
    """A video with its calibration file and what to call it in a note."""

    video: Path
    points: Path
    name: str
    seconds: float


def duration_s(video: Path) -> float:
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        if stream.duration is not None and stream.time_base is not None:
            return float(stream.duration * stream.time_base)
        return float((container.duration or 0) / av.time_base)


def synthetic(work: Path) -> Material:
    """The clip that ships with the package."""
    points = work / "demo-points.json"
    points.write_text(json.dumps(demo_profile()["points"]), encoding="utf-8")
    clip = demo_clip()
    return Material(clip, points, "synthetic demo clip", duration_s(clip))


def tactical(work: Path) -> Material | None:
    """The real clip of a fixed tactical camera, where TOUCHLINE_TEST_FOOTAGE has it."""
    folder = os.environ.get("TOUCHLINE_TEST_FOOTAGE")
    if not folder:
        return None
    video = Path(folder) / "footage/fixed-tactical.mp4"
    if not video.is_file():
        return None
    points = work / "tactical-points.json"
    points.write_text(json.dumps([dict(zip("xyuv", row, strict=True)) for row in _TACTICAL]), encoding="utf-8")
    return Material(video, points, "real clip, fixed tactical camera, 720p", duration_s(video))


# Metres and pixels of fourteen pitch points, as the footage's own notes give them.
_TACTICAL = (
    (16.5, 13.84, 295, 501), (16.5, 54.16, 1052, 496), (5.5, 24.84, 486, 671), (5.5, 43.16, 873, 665),
    (11, 34, 682, 575), (52.5, 0, 205, 136), (52.5, 68, 1133, 148), (52.5, 34, 682, 145), (61.65, 34, 680, 83),
    (43.35, 34, 681, 214), (52.5, 24.85, 556, 141), (52.5, 43.15, 806, 146), (16.5, 26.69, 545, 497),
    (16.5, 41.31, 816, 495),
)  # fmt: skip


@dataclass(frozen=True)
class Finished:
    seconds: float
    peak_rss_bytes: int
    status: int
    output: str


def run(*arguments: str, log: Path) -> Finished:
    """Run `touchline …` to its end and measure the whole process: wall seconds and peak resident memory."""
    started = time.monotonic()
    with log.open("wb") as sink:
        popen = subprocess.Popen([sys.executable, "-m", "touchline", *arguments], stdout=sink, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(popen.pid, 0)
        popen.returncode = os.waitstatus_to_exitcode(status)
    # ru_maxrss is in KiB on Linux and in bytes on macOS.
    scale = 1 if sys.platform == "darwin" else 1024
    output = log.read_text(encoding="utf-8", errors="replace")
    return Finished(time.monotonic() - started, usage.ru_maxrss * scale, popen.returncode, output)
