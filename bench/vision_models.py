"""The detectors under test, and looking at many pictures with them."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from touchline.engine.settings import EngineSettings
from touchline.engine.stages.detect import open_detector, open_fused
from touchline.engine.stages.detect.looks import Look
from touchline.engine.stills import PictureSearch, search_still
from touchline.engine.types import Detections, Image
from touchline.engine.weights import load_model

SHIPPED = "shipped"
# Scores on the contract's scale: the model's operating points, and the weakest finds that are looked at here.
PERSON_POINT, BALL_POINT = 0.5, 0.3
FLOOR = 0.05


@dataclass(frozen=True)
class Subject:
    """A detector with its column's name. `files` are its model files."""

    name: str
    detector: PictureSearch
    files: tuple[Path, ...]


@dataclass(frozen=True)
class Setting:
    """How large pictures are seen: `width_px` of the input, None: as the scale rule of the engine chooses."""

    name: str
    width_px: int | None


SETTINGS = (Setting("1280", 1280), Setting("1920", 1920), Setting("scale rule", None))


def open_subject(
    path: Path | None,
    *,
    name: str | None = None,
    backend: str = "onnxruntime",
    calls: int | None = None,
    floor: float | None = FLOOR,
) -> Subject:
    """A detector by path, None for the shipped one.

    Args:
        path: an ONNX file of any layout that the engine reads.
        name: of its column; None: the file's own.
        backend: onnxruntime or openvino.
        calls: how many pictures it will be asked for at the same time; None: one for every core.
        floor: lowest score that is listed; None: what an analysis lists.

    Raises:
        ModelMismatchError: missing, changed, or of a layout that this version does not read.
    """
    model = load_model(path)
    detector = open_detector(path, backend=backend, calls=calls or threads(), floor=floor)
    return Subject(name or model.path.stem, detector, (model.path,))


def open_pair(first: Path | None, second: Path, *, name: str) -> Subject:
    """Two detectors as one, as the engine fuses them."""
    detector = open_fused(first, second, backend="onnxruntime", calls=threads(), floor=FLOOR)
    return Subject(name, detector, (load_model(first).path, second))


def threads() -> int:
    return os.cpu_count() or 1


def whole(image: Image, width_px: int) -> Look:
    """A look at the whole picture, as wide as given at the input."""
    height, width = image.shape[:2]
    return Look(0, 0, width, height, width_px / width)


def seen(subject: Subject, image: Image, setting: Setting) -> tuple[Detections, float]:
    """What a detector finds, and the scale at which it looked; the scale rule is the engine's for one picture."""
    if setting.width_px is not None:
        look = whole(image, setting.width_px)
        return subject.detector.search(image, look), look.scale
    usual = EngineSettings()
    still = search_still(subject.detector, image, budget_px=float(usual.input_width * usual.input_height))
    return still.found, still.look.scale


def looked_at(subject: Subject, images: Iterable[Image], setting: Setting) -> Iterator[tuple[Detections, float]]:
    """Finds and scale for every picture, in order; as many at a time as there are cores, so memory stays small."""
    with ThreadPoolExecutor(threads()) as pool:
        waiting = []
        for image in images:
            waiting.append(pool.submit(seen, subject, image, setting))
            if len(waiting) > threads():
                yield waiting.pop(0).result()
        for work in waiting:
            yield work.result()


def checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def megabytes(files: Sequence[Path]) -> float:
    return sum(path.stat().st_size for path in files) / 1e6
