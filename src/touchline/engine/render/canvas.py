"""Text, shapes and translucent layers on BGR pictures. No font file is needed: OpenCV carries the letters.

All sizes are pixels. Points may be fractions of a pixel; shapes are drawn with anti-aliasing at that precision.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import cv2
import numpy as np

from touchline.engine.render.job import Bgr
from touchline.engine.types import FloatArray, Image

REGULAR, SEMIBOLD, BOLD = 400, 560, 700
_SHIFT = 4  # OpenCV's fixed-point coordinates: sixteenths of a pixel
Rect = tuple[int, int, int, int]  # x, y, width, height
Point = tuple[float, float]


class Align(IntEnum):
    """Which end of the text stands at the given point."""

    LEFT = cv2.PUT_TEXT_ALIGN_LEFT
    CENTER = cv2.PUT_TEXT_ALIGN_CENTER
    RIGHT = cv2.PUT_TEXT_ALIGN_RIGHT


@cache
def _face() -> cv2.FontFace:
    return cv2.FontFace("sans")


def text(
    image: Image,
    words: str,
    at: Point,
    size: float,
    color: Bgr,
    *,
    weight: int = SEMIBOLD,
    align: Align = Align.LEFT,
) -> None:
    """Write one line; `at` is on the base line, `size` the height of the letters' em."""
    x, y = round(at[0]), round(at[1])
    if align is not Align.LEFT:
        # OpenCV's own alignment ignores the weight; measuring first puts every line where it belongs.
        shift = text_width(words, size, weight=weight)
        x -= round(shift / 2) if align is Align.CENTER else shift
    cv2.putText(image, words, (x, y), color, _face(), round(size), weight)


def text_width(words: str, size: float, *, weight: int = SEMIBOLD) -> int:
    """Width of one line in pixels."""
    return int(cv2.getTextSize((10_000, 1_000), words, (0, 100), _face(), round(size), weight)[2])


def shortened(words: str, width: float, size: float, *, weight: int = SEMIBOLD) -> str:
    """The text, cut with an ellipsis where it would be wider than `width`."""
    if text_width(words, size, weight=weight) <= width:
        return words
    while words and text_width(words + "…", size, weight=weight) > width:
        words = words[:-1].rstrip()
    return words + "…"


def wrapped(words: str, width: float, size: float, *, lines: int, weight: int = SEMIBOLD) -> list[str]:
    """The text in at most `lines` lines, broken at spaces; what does not fit ends in an ellipsis."""
    broken: list[str] = []
    line = ""
    rest = words.split()
    while rest:
        longer = f"{line} {rest[0]}".strip()
        if line and text_width(longer, size, weight=weight) > width:
            if len(broken) == lines - 1:
                return [*broken, shortened(" ".join([line, *rest]), width, size, weight=weight)]
            broken.append(line)
            line = ""
            continue
        line = longer
        rest.pop(0)
    return [*broken, shortened(line, width, size, weight=weight)] if line else broken


def rounded(image: Image, rect: Rect, color: Bgr, *, radius: int = 6) -> None:
    """A filled rectangle with round corners."""
    x, y, width, height = rect
    radius = max(0, min(radius, width // 2, height // 2))
    cv2.rectangle(image, (x + radius, y), (x + width - radius - 1, y + height - 1), color, -1)
    cv2.rectangle(image, (x, y + radius), (x + width - 1, y + height - radius - 1), color, -1)
    for cx in (x + radius, x + width - radius - 1):
        for cy in (y + radius, y + height - radius - 1):
            cv2.circle(image, (cx, cy), radius, color, -1, cv2.LINE_AA)


def dot(image: Image, at: Point, radius: float, color: Bgr) -> None:
    """A filled disc."""
    cv2.circle(image, fixed(at), round(radius * 2**_SHIFT), color, -1, cv2.LINE_AA, _SHIFT)


def ring(image: Image, at: Point, radius: float, color: Bgr, thickness: int = 2) -> None:
    """An open circle."""
    cv2.circle(image, fixed(at), round(radius * 2**_SHIFT), color, thickness, cv2.LINE_AA, _SHIFT)


def path(image: Image, points: FloatArray, color: Bgr, thickness: int = 1, *, closed: bool = False) -> None:
    """A line through (N, 2) points; fewer than two draw nothing."""
    if len(points) < 2:
        return
    corners = np.round(np.asarray(points, np.float64) * 2**_SHIFT).astype(np.int32)
    cv2.polylines(image, [corners.reshape(-1, 1, 2)], closed, color, thickness, cv2.LINE_AA, _SHIFT)


def filled(image: Image, points: FloatArray, color: Bgr) -> None:
    """A filled polygon of (N, 2) points; fewer than three draw nothing."""
    if len(points) < 3:
        return
    corners = np.round(np.asarray(points, np.float64) * 2**_SHIFT).astype(np.int32)
    cv2.fillPoly(image, [corners.reshape(-1, 1, 2)], color, cv2.LINE_AA, _SHIFT)


def arrow(image: Image, tail: Point, tip: Point, color: Bgr, *, thickness: int = 3, head: float = 9) -> None:
    """A straight arrow with a filled head of the given length."""
    start, end = np.asarray(tail, np.float64), np.asarray(tip, np.float64)
    along = (end - start) / max(float(np.linalg.norm(end - start)), 1e-6)
    across = np.array([-along[1], along[0]])
    base = end - along * head
    path(image, np.array([start, base]), color, thickness)
    filled(image, np.array([end, base + across * head * 0.6, base - across * head * 0.6]), color)


def rimmed_arrow(
    image: Image, tail: Point, tip: Point, colors: tuple[Bgr, Bgr], *, thickness: int = 3, head: float = 9
) -> None:
    """An arrow with a thin edge; colors: the arrow's and its edge's."""
    ink, rim = colors
    reach = 1.5 if tip[0] >= tail[0] else -1.5
    arrow(image, tail, (tip[0] + reach, tip[1]), rim, thickness=thickness + 2, head=head + 3)
    arrow(image, tail, tip, ink, thickness=thickness, head=head)


def fixed(at: Point) -> tuple[int, int]:
    """A point in OpenCV's fixed-point coordinates (shift 4)."""
    return round(at[0] * 2**_SHIFT), round(at[1] * 2**_SHIFT)


@dataclass(frozen=True, slots=True)
class Sprite:
    """A small picture with transparency, ready to be laid on others.

    color: (H, W, 3) uint8 BGR, already multiplied by its opacity; keep: (H, W, 3) uint8, what stays of the ground.
    """

    color: Image
    keep: Image

    @staticmethod
    def of(color: Image, opacity: Image) -> "Sprite":
        """From a BGR picture (H, W, 3) and its opacity (H, W), 0 clear to 255 solid."""
        alpha = np.repeat(opacity[:, :, None], 3, axis=2)
        return Sprite(
            np.asarray(cv2.multiply(color, alpha, scale=1 / 255), np.uint8), np.asarray(255 - alpha, np.uint8)
        )

    def onto(self, image: Image, x: int, y: int) -> None:
        """Lay the sprite on a picture with its top left corner at (x, y); what lies outside is cut off."""
        height, width = self.color.shape[:2]
        left, top = max(0, -x), max(0, -y)
        right, bottom = min(width, image.shape[1] - x), min(height, image.shape[0] - y)
        if right <= left or bottom <= top:
            return
        ground = image[y + top : y + bottom, x + left : x + right]
        kept = cv2.multiply(ground, self.keep[top:bottom, left:right], scale=1 / 255)
        ground[:] = cv2.add(kept, self.color[top:bottom, left:right])


def panel(width: int, height: int, color: Bgr, opacity: float, *, radius: int = 8) -> tuple[Image, Image]:
    """An empty translucent panel with round corners: its picture and its opacity, to be drawn on further."""
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = color
    mask = np.zeros((height, width, 3), np.uint8)
    rounded(mask, (0, 0, width, height), (255, 255, 255), radius=radius)
    return picture, np.round(mask[:, :, 0] * opacity).astype(np.uint8)
