"""What a detector costs: milliseconds a picture on one thread, weights and file size."""

import importlib.metadata
import importlib.util
import platform
import time
from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np

from bench.vision_figures import COUNTED, SYNTHETIC, Figure, missing
from bench.vision_models import Subject, megabytes, open_subject, whole
from touchline.engine.stages.detect.onnx_file import read_onnx
from touchline.engine.synthetic import demo_clip
from touchline.engine.types import Image

_BACKENDS = {"onnxruntime": "ONNX Runtime, one thread", "openvino": "OpenVINO, one thread"}
_SETTING = "1280"
_WARM_UP, _TIMES = 5, 40


def figures(subject: Subject) -> list[Figure]:
    """Time of a 1280×720 picture (input 1280×736) with each backend, weights and size of one model file.

    The time is that of a whole search: preparing the picture, the network, reading its answer.
    """
    path = subject.files[0]
    image = picture()
    return [
        *(_time(subject.name, path, backend, name, image) for backend, name in _BACKENDS.items()),
        Figure("size", "weights", "", subject.name, read_onnx(path).parameters, COUNTED, "parameters"),
        Figure("size", "model file", "", subject.name, megabytes([path]), COUNTED, "MB"),
    ]


def picture() -> Image:
    """The first frame of the demo clip as (720, 1280, 3) BGR: every copy of the project has it."""
    with av.open(str(demo_clip())) as container:
        frame = next(container.decode(video=0)).to_ndarray(format="bgr24")
    return np.asarray(cv2.resize(frame, (1280, 720), interpolation=cv2.INTER_AREA), np.uint8)


def median_ms(work: Callable[[], object], *, times: int = _TIMES) -> float:
    """Median wall milliseconds of some work after a warm-up."""
    for _ in range(_WARM_UP):
        work()
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        spent.append(time.perf_counter() - started)
    return float(np.median(spent) * 1000)


def _time(subject: str, path: Path, backend: str, name: str, image: Image) -> Figure:
    if importlib.util.find_spec(backend) is None:
        return missing("speed", name, _SETTING, subject, f"{backend} is not installed", unit="ms")
    detector = open_subject(path, backend=backend, calls=1, floor=None).detector
    look = whole(image, image.shape[1])
    value = median_ms(lambda: detector.search(image, look))
    note = f"{platform.machine()}, {backend} {importlib.metadata.version(backend)}, median of {_TIMES}"
    return Figure("speed", name, _SETTING, subject, value, SYNTHETIC, "ms", note)
