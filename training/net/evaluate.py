"""How the network in training does on the development frames: a quick look while it learns, not the report.

Measures and boxes are those of `make bench-vision` and of the engine; only the network is still a module.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from bench.vision_frames import LabelledFrame
from bench.vision_measures import average_precision, recall_at_false, recall_at_precision
from bench.vision_models import FLOOR, Setting, Subject
from bench.vision_people import BALL_FALSE, ball_finds, judge, mean_iou, people_finds
from touchline.engine.stages.detect.detector import NetworkDetector
from touchline.engine.weights import ModelFile
from training.net.model import Net, Shipped


@dataclass(frozen=True)
class Sight:
    """Figures on the development frames, None where nothing is there to measure them on; as in the benchmark."""

    ap50_near: float | None
    ap50_all: float | None
    recall_at_95: float | None
    mean_iou: float | None
    ball_recall: float | None


def look_at(net: Net, frames: Sequence[LabelledFrame], *, width: int = 1280) -> Sight:
    """Measure a network on labelled frames, scaled to a width in pixels."""
    judgements = judge(Subject("in training", in_training(net, floor=FLOOR), ()), frames, Setting(str(width), width))
    near = people_finds(judgements, near=True)
    return Sight(
        ap50_near=average_precision(near),
        ap50_all=average_precision(people_finds(judgements, near=False)),
        recall_at_95=recall_at_precision(near, precision=0.95),
        mean_iou=mean_iou(judgements),
        ball_recall=recall_at_false(ball_finds(judgements), per_frame=BALL_FALSE),
    )


def in_training(net: Net, *, floor: float) -> NetworkDetector:
    """A network that is still a module as the engine's detector; its operating points are not measured yet."""
    unmeasured = ModelFile(Path("in-training.onnx"), "in training", sha256="", origin="in training")
    return NetworkDetector(_InTraining(net), unmeasured, floor=floor)


class _InTraining:
    """The engine's door to a network, with PyTorch behind it."""

    name = "torch"

    def __init__(self, net: Net) -> None:
        self._shipped = Shipped(net).eval()

    def __call__(self, blob: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        with torch.inference_mode():
            heat, sides = self._shipped(torch.from_numpy(blob).contiguous(memory_format=torch.channels_last))
        return {"hm": heat.numpy(), "wh": sides.numpy()}
