"""Labelled real frames: reading them, and which finds on them may be judged.

The pictures belong to others and stay where TOUCHLINE_TEST_FOOTAGE points; only numbers leave them.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from bench.vision_measures import Bools, Floats, Ints
from touchline.engine.types import Image

FOLDER = "footage/players"
_BALL = 0
ROLES = {1: "keepers", 2: "outfield players", 3: "referees"}
# Staff, benches and crowd are not labelled, so what is found well away from the labelled people is not judged.
_NEAR_PX = 40.0
_CROWDED = 0.5


@dataclass(frozen=True)
class LabelledFrame:
    """One picture with its labels: people (N, 4) and balls (M, 4) in source pixels.

    match: the prefix of the name; frames of one match resemble each other. roles: (N,) keys of `ROLES`.
    """

    name: str
    match: str
    path: Path
    people: Floats
    balls: Floats
    roles: Ints = field(default_factory=lambda: np.zeros(0, int))

    def image(self) -> Image:
        """The picture, (H, W, 3) BGR.

        Raises:
            ValueError: the file cannot be decoded.
        """
        picture = cv2.imread(str(self.path), cv2.IMREAD_COLOR)
        if picture is None:
            raise ValueError(f"The picture {self.path.name} cannot be decoded; fetch the labelled frames anew.")
        return np.asarray(picture, np.uint8)


def footage() -> Path | None:
    """The folder of real footage, None where TOUCHLINE_TEST_FOOTAGE is not set or names no folder."""
    named = os.environ.get("TOUCHLINE_TEST_FOOTAGE")
    return Path(named) if named and Path(named).is_dir() else None


def labelled_frames(folder: Path) -> list[LabelledFrame]:
    """All frames of a folder with `images/` and `labels/` (YOLO text: class and centre, width, height as shares).

    Raises:
        ValueError: a picture without a label file, or a label line that is not of that form.
    """
    return [_labelled(path, folder / "labels" / f"{path.stem}.txt") for path in sorted(folder.glob("images/*.jpg"))]


def fingerprint(folder: Path) -> str:
    """SHA-256 over names and contents of all pictures and labels, so that a figure can be traced to its frames."""
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("images/*"), *folder.glob("labels/*")]):
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def feet(boxes: Floats) -> Floats:
    """Middle of the lower edge, (N, 2)."""
    return np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]])


def is_near(boxes: Floats, people: Floats) -> Bools:
    """(N,) whether the feet of boxes lie inside, or at most 40 px outside, the hull of the labelled people's feet.

    Where nobody is labelled, everything counts as near: an empty frame has no place for finds.
    """
    if len(people) == 0:
        return np.ones(len(boxes), bool)
    hull = cv2.convexHull(feet(people).astype(np.float32))
    return np.array(
        [
            cv2.pointPolygonTest(hull, (float(x), float(y)), measureDist=True) >= -_NEAR_PX
            for x, y in feet(np.asarray(boxes, float).reshape(-1, 4))
        ],
        bool,
    )


def is_crowded(people: Floats) -> Bools:
    """(N,) whether the gap between a person's box and the next one is under half its own width.

    The gap is that between the nearest edges, 0 where boxes overlap.
    """
    if len(people) < 2:
        return np.zeros(len(people), bool)
    apart = np.maximum(people[:, None, :2] - people[None, :, 2:], people[None, :, :2] - people[:, None, 2:])
    gaps = np.linalg.norm(np.clip(apart, 0, None), axis=2)
    np.fill_diagonal(gaps, np.inf)
    return np.asarray(gaps.min(axis=1) < _CROWDED * (people[:, 2] - people[:, 0]))


def matches_of(frames: Sequence[LabelledFrame]) -> list[int]:
    """The index of every frame's match, in order of the names."""
    names = sorted({frame.match for frame in frames})
    return [names.index(frame.match) for frame in frames]


def _labelled(path: Path, labels: Path) -> LabelledFrame:
    if not labels.is_file():
        raise ValueError(f"The picture {path.name} has no labels: {labels} is missing.")
    try:
        rows = np.array([line.split() for line in labels.read_text("utf-8").splitlines() if line.strip()], float)
        rows = rows.reshape(-1, 5)
    except ValueError as error:
        raise ValueError(f"{labels} does not hold lines of class, x, y, width, height.") from error
    height, width = _size(path)
    middles, sides = rows[:, 1:3] * (width, height), rows[:, 3:5] * (width, height)
    boxes = np.concatenate([middles - sides / 2, middles + sides / 2], axis=1)
    is_person = np.isin(rows[:, 0], list(ROLES))
    return LabelledFrame(
        path.stem,
        path.stem.split("_")[0],
        path,
        people=boxes[is_person],
        balls=boxes[rows[:, 0] == _BALL],
        roles=rows[is_person, 0].astype(int),
    )


def _size(path: Path) -> tuple[int, int]:
    from PIL import Image as Pictures  # reads the head of the file only; decoding 270 pictures for it takes seconds

    with Pictures.open(path) as picture:
        return picture.height, picture.width
