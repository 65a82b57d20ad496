"""Laying colour over a picture: masks with soft edges, and small layers that bring their own coverage."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

# What OpenCV returns is typed as an array of any number; the element types are told here in words.
Picture = NDArray[Any]
"""uint8."""
Floats32 = NDArray[Any]
"""float32."""
Roi = tuple[int, int, int, int]
"""x0, y0, x1, y1 in whole pixels, the ends not included."""

_SHIFT = 4
_FAR_PX = 16_000


def meet(roi: Roi, size_px: int) -> Roi | None:
    """The part of a rectangle that lies in the picture, or None."""
    x0, y0, x1, y1 = max(roi[0], 0), max(roi[1], 0), min(roi[2], size_px), min(roi[3], size_px)
    return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None


def bounds(points: ArrayLike, size_px: int, margin_px: float = 1) -> Roi | None:
    """The rectangle in the picture around (N, 2) pixels, or None if they miss it."""
    at = np.asarray(points, float)
    if len(at) == 0:
        return None
    low = np.clip(np.floor(at.min(axis=0) - margin_px), -_FAR_PX, _FAR_PX)
    high = np.clip(np.ceil(at.max(axis=0) + margin_px), -_FAR_PX, _FAR_PX)
    return meet((int(low[0]), int(low[1]), int(high[0]), int(high[1])), size_px)


def fill(
    mask: Picture, polygon: ArrayLike, value: int = 255, *, offset: tuple[float, float] = (0, 0), zoom: float = 1.0
) -> None:
    """Fill a polygon (N, 2) of pixels into a mask with smooth edges; `offset` is taken off first, then `zoom` applied."""
    at = (np.asarray(polygon, float) - offset) * zoom - 0.5  # OpenCV counts from the middle of a pixel
    at = np.clip(at, -_FAR_PX, _FAR_PX)
    cv2.fillPoly(mask, [np.round(at * (1 << _SHIFT)).astype(np.int32)], value, cv2.LINE_AA, _SHIFT)


def stroke(mask: Picture, line: ArrayLike, thickness_px: float, value: int = 255, *, closed: bool = False) -> None:
    """Draw a polyline (N, 2) of pixels; under 1 px thick it is drawn fainter."""
    thick = max(1, round(thickness_px))
    faint = int(value * min(1.0, max(thickness_px, 0.15)))
    at = np.clip(np.asarray(line, float) - 0.5, -_FAR_PX, _FAR_PX)
    cv2.polylines(mask, [np.round(at * (1 << _SHIFT)).astype(np.int32)], closed, faint, thick, cv2.LINE_AA, _SHIFT)


def mask_of(polygon: ArrayLike, size_px: int) -> tuple[Picture, Roi] | None:
    """Coverage 0..255 of a polygon over its rectangle of the picture, or None if it misses it."""
    roi = bounds(polygon, size_px)
    if roi is None:
        return None
    mask = np.zeros((roi[3] - roi[1], roi[2] - roi[0]), np.uint8)
    fill(mask, polygon, offset=(roi[0], roi[1]))
    return mask, roi


def tint(image: Picture, mask: Picture | Floats32, roi: Roi, colour: ArrayLike) -> None:
    """Lay a colour (BGR, or a picture of the mask's size) over the picture where the mask (0..255 or 0..1) covers it."""
    x0, y0, x1, y1 = roi
    at = np.flatnonzero(mask)
    if len(at) == 0:
        return
    over = np.asarray(colour)
    if len(at) * 3 < mask.size:  # few pixels: only those are touched
        rows, columns = np.divmod(at, x1 - x0)
        share = mask.reshape(-1).take(at).astype(np.float32)
        flat = image.reshape(-1, 3)
        where = (rows + y0) * image.shape[1] + columns + x0
        under = flat.take(where, axis=0)
        paint = over if over.ndim == 1 else over.reshape(-1, 3).take(at, axis=0)
    else:
        share = mask.astype(np.float32)
        under, paint = image[y0:y1, x0:x1], over
    if mask.dtype == np.uint8:
        share *= np.float32(1 / 255)
    mixed = cv2.convertScaleAbs(under + (paint.astype(np.float32) - under) * share[..., None])
    if under.ndim == 2:
        flat[where] = mixed
    else:
        image[y0:y1, x0:x1] = mixed


def cover(image: Picture, mask: Picture, roi: Roi, picture: Picture) -> None:
    """Lay a picture of the mask's size over the canvas; quick where the mask (0..255) is mostly all or nothing."""
    x0, y0, x1, y1 = roi
    tint(image, np.where(mask == 255, 0, mask).astype(np.uint8), roi, picture)
    cv2.copyTo(picture, cv2.threshold(mask, 254, 255, cv2.THRESH_BINARY)[1], image[y0:y1, x0:x1])


def shade(image: Picture, factor: Floats32, roi: Roi) -> None:
    """Darken or brighten the picture in the rectangle by (h, w) factors of at least 0; 1 costs nothing."""
    x0, y0, x1, _ = roi
    rows, columns = np.divmod(np.flatnonzero(factor != 1), x1 - x0)
    if len(rows) == 0:
        return
    where = (rows + y0) * image.shape[1] + columns + x0
    flat = image.reshape(-1, 3)
    flat[where] = cv2.convertScaleAbs(flat.take(where, axis=0) * factor[rows, columns][:, None])


def lay(image: Picture, layer: Floats32, left: int, top: int) -> Roi | None:
    """Lay a layer (h, w, 4), BGR 0..255 already multiplied by its coverage 0..1, over the picture; returns where."""
    height, width = layer.shape[:2]
    roi = meet((left, top, left + width, top + height), image.shape[0])
    if roi is None:
        return None
    x0, y0, x1, y1 = roi
    part = layer[y0 - top : y1 - top, x0 - left : x1 - left]
    under = image[y0:y1, x0:x1]
    image[y0:y1, x0:x1] = cv2.convertScaleAbs(under * (1 - part[..., 3:]) + part[..., :3])
    return roi
