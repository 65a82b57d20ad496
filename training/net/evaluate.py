"""How the network in training does on the development frames: a quick look while it learns, not the report.

`make bench-vision` measures the exported model through the engine's doors.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from bench.vision_frames import LabelledFrame, is_near
from bench.vision_measures import Finds, average_precision, iou, matched, recall_at_false, recall_at_precision
from training.net.model import Shipped
from training.net.sizes import MULTIPLE, STRIDE

Floats = NDArray[np.floating]

_LEAST = 0.05
_MOST = 150
_OVERLAP, _CONTAINED = 0.5, 0.8
_HIT_PX = 10.0


@dataclass(frozen=True)
class Look:
    """Figures on the development frames; boxes fit with IoU 0.5, `near` as in the benchmark."""

    ap50_near: float
    ap50_all: float
    recall_at_95: float
    mean_iou: float
    ball_recall: float


def look_at(net: nn.Module, frames: Sequence[LabelledFrame], *, width: int = 1280) -> Look:
    """Measure a network on labelled frames, scaled to a width in pixels."""
    people, near, balls, fits = [], [], [], []
    shipped = Shipped(net).eval()  # type: ignore[arg-type]
    for frame in frames:
        boxes, scores, places, sure = _found(shipped, frame.image(), width)
        likeness = iou(boxes, frame.people)
        label_of = matched(likeness, scores, least=0.5)
        hits = label_of >= 0
        fits.append(likeness[hits, label_of[hits]])
        counts = hits | is_near(boxes, frame.people)
        people.append((scores, hits, len(frame.people)))
        near.append((scores[counts], hits[counts], len(frame.people)))
        balls.append((sure, _ball_hits(places, sure, frame.balls), len(frame.balls)))
    clusters = [0] * len(frames)
    near_finds = Finds.pooled(near, clusters)
    return Look(
        ap50_near=average_precision(near_finds) or 0.0,
        ap50_all=average_precision(Finds.pooled(people, clusters)) or 0.0,
        recall_at_95=recall_at_precision(near_finds, precision=0.95) or 0.0,
        mean_iou=float(np.concatenate(fits).mean()) if fits else float("nan"),
        ball_recall=recall_at_false(Finds.pooled(balls, clusters), per_frame=0.5) or 0.0,
    )


def _found(shipped: nn.Module, image: NDArray[np.uint8], width: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Boxes (N, 4) with scores, and places of balls (M, 2) with scores, in source pixels."""
    scale = width / image.shape[1]
    small = cv2.resize(image, (width, round(image.shape[0] * scale)), interpolation=cv2.INTER_AREA)
    below = -small.shape[0] % MULTIPLE
    picture = torch.from_numpy(np.ascontiguousarray(small.transpose(2, 0, 1))).float()[None]
    picture = functional.pad(picture, (0, -width % MULTIPLE, 0, below))
    with torch.inference_mode():
        heat, sides = shipped(picture.to(memory_format=torch.channels_last))
        top = functional.max_pool2d(heat, 3, 1, 1)
    heat_map, is_peak = heat[0].numpy(), (heat == top)[0].numpy() & (heat[0].numpy() >= _LEAST)
    rows, columns = np.nonzero(is_peak[0])
    boxes = _boxes(heat[0, 0], sides[0])[:, rows, columns].T / scale
    boxes, scores = _without_doubles(boxes, heat_map[0, rows, columns])
    rows, columns = np.nonzero(is_peak[1] & (heat_map[1] > heat_map[0]))
    places = (np.column_stack([columns, rows]) + 0.5) * STRIDE / scale
    return boxes, scores, places, heat_map[1, rows, columns]


def _boxes(heat: Tensor, sides: Tensor) -> Floats:
    """(4, h, w) input pixels: for each cell what the cells around it say, each as much as it is sure."""
    rows, columns = heat.shape
    y = (torch.arange(rows)[:, None] + 0.5) * STRIDE
    x = (torch.arange(columns)[None, :] + 0.5) * STRIDE
    told = torch.stack([x - sides[0], y - sides[1], x + sides[2], y + sides[3]])
    around = torch.ones(1, 1, 3, 3)
    weights = functional.conv2d(heat[None, None], around, padding=1)[0]
    return np.asarray((functional.conv2d((told * heat)[:, None], around, padding=1)[:, 0] / weights).numpy())


def _without_doubles(boxes: Floats, scores: Floats) -> tuple[Floats, Floats]:
    order = np.argsort(-scores, kind="stable")[:400]
    boxes, scores = boxes[order], scores[order]
    kept: list[int] = []
    likeness = iou(boxes, boxes)
    area = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), axis=1)
    for index in range(len(boxes)):
        if len(kept) == _MOST:
            break
        if kept:
            shared = likeness[index, kept] * (area[index] + area[kept]) / (1 + likeness[index, kept])
            covered = shared / np.maximum(np.minimum(area[index], area[kept]), 1e-6)
            if (likeness[index, kept] > _OVERLAP).any() or (covered > _CONTAINED).any():
                continue
        kept.append(index)
    return boxes[kept], scores[kept]


def _ball_hits(places: Floats, scores: Floats, balls: Floats) -> NDArray[np.bool_]:
    """(M,) whether a place lies within max(10 px, one diameter) of a ball that no stronger one has taken."""
    middles = (balls[:, :2] + balls[:, 2:]) / 2
    reach = np.maximum(_HIT_PX, (balls[:, 2:] - balls[:, :2]).mean(axis=1))
    apart = np.linalg.norm(places[:, None] - middles[None], axis=2) / reach[None]
    return matched(-apart, scores, least=-1.0) >= 0
