"""Small finished analyses to draw: a short film and stored positions with known people in it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np

from touchline.engine.decode import read_facts
from touchline.engine.positions import PositionsReader, PositionsWriter
from touchline.engine.render.job import RenderJob
from touchline.engine.types import Calibration, Observation
from touchline.football.pitch import STANDARD_PITCH
from touchline.football.updates import SegmentDone
from touchline.football.vocabulary import Role, Side, TeamCode

FILM = (320, 180)
RED, BLUE = (40, 40, 200), (190, 70, 30)
# A picture that looks straight down on the whole pitch: metres = pixels * scale - 2.
SCALE = 109 / FILM[0]
LOOKING_DOWN = Calibration(
    homography=np.array([[SCALE, 0, -2.0], [0, 72 / FILM[1], -2.0], [0, 0, 1.0]]),
    residual_m=0.1,
    residual_px=0.3,
    points=4,
    centre_px=(FILM[0] / 2, FILM[1] / 2),
)


def film(path: Path, *, seconds: float = 2.0, fps: int = 25, size: tuple[int, int] = FILM) -> Path:
    """A green film whose brightness counts its frames."""
    path.parent.mkdir(parents=True, exist_ok=True)
    even = size[0] - size[0] % 2, size[1] - size[1] % 2
    with av.open(str(path), "w") as container:
        is_even = even == size
        stream = container.add_stream("libx264" if is_even else "libx264rgb", rate=fps)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p" if is_even else "rgb24"
        stream.options = {"preset": "ultrafast", "threads": "1"}
        for index in range(round(seconds * fps)):
            image = np.empty((size[1], size[0], 3), np.uint8)
            image[:] = (50, 90 + index % 40, 60)
            for packet in stream.encode(av.VideoFrame.from_ndarray(image, "bgr24")):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return path


def sighting(
    time_s: float, people: Mapping[int, tuple[float, float]], *, ball: tuple[float, float] | None = None, metres=True
) -> Observation:
    """One analysed frame of the straight-down camera: track id -> (x, y) metres."""
    ids = sorted(people)
    positions = np.array([people[key] for key in ids], np.float32).reshape(-1, 2)
    feet = (positions + 2) / (SCALE, 72 / FILM[1])
    boxes = np.column_stack([feet[:, 0] - 3, feet[:, 1] - 16, feet[:, 0] + 3, feet[:, 1]])
    more = {}
    if ball is not None:
        u, v = (np.array(ball) + 2) / (SCALE, 72 / FILM[1])
        more = {
            "ball_box": np.array([u - 2, v - 4, u + 2, v]),
            "ball_score": 0.8,
            "ball_position": np.array(ball if metres else (np.nan, np.nan)),
        }
    return Observation(
        frame_index=0,
        source_index=0,
        time_s=time_s,
        track_ids=np.array(ids, np.int32),
        boxes=boxes,
        scores=np.full(len(ids), 0.9),
        teams=np.zeros(len(ids), np.int8),
        roles=np.zeros(len(ids), np.int8),
        positions=positions if metres else np.full_like(positions, np.nan),
        **more,
    )


def store(
    folder: Path,
    sightings: Sequence[Observation],
    *,
    rate_hz: float = 5.0,
    labels: Mapping[int, tuple[int, int]] | None = None,
) -> Path:
    """Write positions; labels: track id -> (team, role), team A players unless given."""
    writer = PositionsWriter(folder)
    known = sorted({int(key) for seen in sightings for key in seen.track_ids})
    final = [(labels or {}).get(key, (TeamCode.A, Role.PLAYER)) for key in known]
    for seen in sightings:
        writer.add(seen)
    teams, roles = (np.array([label[part] for label in final], np.int8) for part in (0, 1))
    writer.close(rate_hz=rate_hz, labels=(np.array(known, np.int32), teams, roles))
    return folder


def reader(folder: Path, sightings: Sequence[Observation], **options: Any) -> PositionsReader:
    return PositionsReader(store(folder, sightings, **options))


# Ids 1..11 are team A with its keeper 1 at the left goal, 12..22 team B with its keeper 12 at the right one,
# 23 the referee.
ELEVENS = {
    **dict.fromkeys(range(2, 12), (TeamCode.A, Role.PLAYER)),
    **dict.fromkeys(range(13, 23), (TeamCode.B, Role.PLAYER)),
    1: (TeamCode.A, Role.KEEPER),
    12: (TeamCode.B, Role.KEEPER),
    23: (TeamCode.UNKNOWN, Role.REFEREE),
}


def elevens(time_s: float) -> dict[int, tuple[float, float]]:
    """Both teams at a time: the blocks drift up the pitch, one metre a second."""
    drift = time_s
    people = {1: (4.0, 34.0), 12: (101.0, 34.0), 23: (50.0, 30.0)}
    for number in range(10):
        row, column = divmod(number, 4)
        people[2 + number] = (25.0 + 10 * row + drift, 12.0 + 14 * column)
        people[13 + number] = (80.0 - 10 * row + drift, 14.0 + 13 * column)
    return people


def match(folder: Path, *, seconds: float = 2.0, metres: bool = True) -> Path:
    times = np.arange(0, seconds - 1e-6, 0.2)
    frames = [sighting(float(at), elevens(float(at)), ball=(52.0 + at, 34.0), metres=metres) for at in times]
    return store(folder, frames, labels=ELEVENS)


def segment(index: int = 0, start_s: float = 0.0, end_s: float = 10.0, **analysis: Any) -> SegmentDone:
    return SegmentDone(index, start_s, end_s, start_s, {"team_a": {}, "team_b": {}, **analysis}, None, 0.0, "LOW")


MEASURED = {
    "team_a": {
        "defensive_line": 34.2,
        "width": 41.4,
        "compactness": 13.1,
        "severity_score": 22.0,
        "severity_label": "LOW",
    },
    "team_b": {
        "defensive_line": 47.0,
        "width": 38.9,
        "compactness": 12.0,
        "severity_score": 61.0,
        "severity_label": "HIGH",
    },
    "possession_team_a_pct": 56.2,
    "possession_team_b_pct": 43.8,
    "illustrative": True,
}


def job(folder: Path, *, seconds: float = 2.0, size: tuple[int, int] = FILM, **changes: Any) -> RenderJob:
    """A job on a fresh film and match under `folder`, in metres unless `calibration=None` is given."""
    video = film(folder / "match.mp4", seconds=seconds, size=size)
    calibration = changes.pop("calibration", LOOKING_DOWN)
    asked = {
        "video": video,
        "positions": match(folder / "positions", seconds=seconds, metres=calibration is not None),
        "out": folder / "run",
        "facts": read_facts(video),
        "calibration": calibration,
        "pitch": STANDARD_PITCH,
        "segments": (segment(**MEASURED),),
        "team_colors": {Side.A: RED, Side.B: BLUE},
        "team_names": {Side.A: "Reds", Side.B: "Blues"},
        "attacks_right_a": True if calibration is not None else None,
    }
    return RenderJob(**{**asked, **changes})
