"""Boxes that say the same thing twice, within one detector's list."""

import numpy as np

from touchline.engine.stages.detect.layouts import Overlap
from touchline.engine.types import FloatArray

# More than this many are noise; comparing each with each must not fill the memory.
_MOST_COMPARED = 2000


def suppress(boxes: FloatArray, overlap: Overlap | None) -> FloatArray:
    """Boxes (N, 5) with score, strongest first, without those that overlap a stronger one.

    Args:
        boxes: x0, y0, x1, y1, score; at most the 2,000 strongest are kept.
        overlap: what counts as the same; None keeps all.
    """
    if len(boxes) == 0:
        return boxes.reshape(0, 5)
    boxes = boxes[np.argsort(-boxes[:, 4], kind="stable")][:_MOST_COMPARED]
    area = areas(boxes)
    keep = area > 0
    if overlap is None:
        return boxes[keep]
    shared = intersections(boxes, boxes)
    union = area[:, None] + area[None, :] - shared
    smaller = np.minimum(area[:, None], area[None, :])
    clash = (shared > overlap.iou * union) | (shared > overlap.contained * smaller)
    for index in range(len(boxes)):
        if keep[index]:
            keep[index + 1 :] &= ~clash[index, index + 1 :]
    return boxes[keep]


def areas(boxes: FloatArray) -> FloatArray:
    """(N,) square pixels of boxes (N, 4 or more); 0 for those turned inside out."""
    return np.asarray(np.clip(boxes[:, 2] - boxes[:, 0], 0, None) * np.clip(boxes[:, 3] - boxes[:, 1], 0, None))


def intersections(one: FloatArray, other: FloatArray) -> FloatArray:
    """(N, M) square pixels that each box of one list shares with each of another."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:4], other[None, :, 2:4])
    return np.asarray(np.prod(np.clip(high - low, 0, None), axis=2))
