"""The colours a person wears, shirt and shorts, with the grass around left out."""

import cv2
import numpy as np

from touchline.engine.types import BoolArray, FloatArray, Image

# Grids in fractions of the box, away from its loose edges; ground: strips beside the body down to the feet.
_CHEST_ROWS, _CHEST_COLUMNS = np.linspace(0.20, 0.45, 8), np.linspace(0.32, 0.68, 6)
_SHORTS_ROWS, _SHORTS_COLUMNS = np.linspace(0.52, 0.66, 5), np.linspace(0.32, 0.68, 6)
_GROUND_ROWS = np.linspace(0.35, 1.0, 10)
_GROUND_COLUMNS = np.array([-0.45, -0.3, -0.15, 1.15, 1.3, 1.45])
# A pixel this near to the ground's colour is ground (CIE Lab units: hue and chroma, lightness).
_GROUND_AB, _GROUND_L = 9.0, 20.0
# Below this share of chest pixels unlike the ground nothing is known apart from the ground: a shirt of that colour.
_LEAST_SHARE = 0.2
_HIDDEN_CHEST = 0.2


def worn_colors(image: Image, boxes: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean colours of shirt and shorts of each person.

    Args:
        image: (H, W, 3) BGR.
        boxes: (N, 4) source pixels.

    Returns:
        colors: (N, 6) CIE Lab (L 0..100) of chest and shorts.
        trust: (N,) 0..1, the share of chest samples that differ from the ground; 0.1 where the chest could not be
            told from the ground and all of it was taken; 0 behind somebody else, whose shirt would be seen instead.
    """
    if len(boxes) == 0:
        return np.zeros((0, 6), np.float32), np.zeros(0, np.float32)
    ground = np.median(_sample(image, boxes, _GROUND_ROWS, _GROUND_COLUMNS), axis=1)
    chest, share = _worn(_sample(image, boxes, _CHEST_ROWS, _CHEST_COLUMNS), ground)
    shorts, _ = _worn(_sample(image, boxes, _SHORTS_ROWS, _SHORTS_COLUMNS), ground)
    trust = np.where(share >= _LEAST_SHARE, share, 0.1) * (_covered(boxes) < _HIDDEN_CHEST)
    return np.hstack([chest, shorts]), trust.astype(np.float32)


def lab_to_bgr(lab: FloatArray) -> tuple[int, int, int]:
    """One CIE Lab colour as 8-bit BGR."""
    pixel = cv2.cvtColor(np.asarray(lab, np.float32).reshape(1, 1, 3), cv2.COLOR_LAB2BGR)[0, 0]
    blue, green, red = (int(np.clip(round(float(value) * 255), 0, 255)) for value in pixel)
    return blue, green, red


def bgr_to_lab(bgr: tuple[int, int, int]) -> FloatArray:
    """One 8-bit BGR colour as CIE Lab (3,)."""
    pixel = (np.asarray(bgr, np.float32) / 255).reshape(1, 1, 3)
    return np.asarray(cv2.cvtColor(pixel, cv2.COLOR_BGR2LAB)[0, 0])


def _sample(image: Image, boxes: FloatArray, rows: FloatArray, columns: FloatArray) -> FloatArray:
    """(N, rows * columns, 3) Lab colours at fractions of each box, nearest pixel."""
    height, width = image.shape[:2]
    x0, y0, x1, y1 = np.asarray(boxes, np.float32).T
    y = np.clip(y0[:, None] + rows * (y1 - y0)[:, None], 0, height - 1).astype(np.intp)
    x = np.clip(x0[:, None] + columns * (x1 - x0)[:, None], 0, width - 1).astype(np.intp)
    pixels = image[y[:, :, None], x[:, None, :]].reshape(len(boxes), -1, 3)
    return np.asarray(cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_BGR2LAB))


def _worn(samples: FloatArray, ground: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean (N, 3) of the samples (N, K, 3) that are not ground, and their share (N,); all when hardly any differ."""
    is_worn = ~_is_like(samples, ground[:, None, :])
    share = is_worn.mean(axis=1)
    weight = np.where((share >= _LEAST_SHARE)[:, None], is_worn, True).astype(np.float32)
    return (samples * weight[:, :, None]).sum(axis=1) / weight.sum(axis=1, keepdims=True), share


def _is_like(colors: FloatArray, ground: FloatArray) -> BoolArray:
    apart = colors - ground
    return np.asarray((np.hypot(apart[..., 1], apart[..., 2]) < _GROUND_AB) & (np.abs(apart[..., 0]) < _GROUND_L))


def _covered(boxes: FloatArray) -> FloatArray:
    """(N,) share of each chest (upper half of the box) behind somebody who stands nearer (lower feet)."""
    if len(boxes) < 2:
        return np.zeros(len(boxes))
    chest = boxes.copy()
    chest[:, 3] = (boxes[:, 1] + boxes[:, 3]) / 2
    low = np.maximum(chest[:, None, :2], boxes[None, :, :2])
    high = np.minimum(chest[:, None, 2:4], boxes[None, :, 2:4])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    shared[boxes[:, None, 3] >= boxes[None, :, 3]] = 0.0
    return np.asarray(shared.max(axis=1) / np.maximum(np.prod(chest[:, 2:4] - chest[:, :2], axis=1), 1e-9))
