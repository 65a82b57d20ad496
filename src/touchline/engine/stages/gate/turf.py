"""Where grass is seen in a picture, for whom no camera is calibrated: a mask found by colour, once a second.

What is green and of one kind belongs to the field; gaps up to a fifth of the picture's width are closed, so that worn
goalmouths and players leave no holes. Under a quarter of the picture green (grey, brown or snowed pitches, close-ups)
nothing is told apart by colour, nor when many stand on bare ground beside the green: then it holds everybody.
"""

from collections import deque

import cv2
import numpy as np
from numpy.typing import NDArray

from touchline.engine.types import BoolArray, FloatArray, Frame, Image

_WIDTH = 320
_EVERY_S = 1.0
_LEAST_COVERAGE = 0.25
# Green to yellow-green in OpenCV's hue (0..179), neither grey nor black.
_GREEN_LOW, _GREEN_HIGH = (28, 45, 35), (92, 255, 255)
# A worn strip may part a pitch: pieces of at least this share of the picture, of the largest one's colour, belong to it.
_PIECE, _SAME_LIGHT, _SAME_HUE = 0.03, 45.0, 12.0
_GAP = 61
# Looks that are added up while the camera stands, so that a player close to it uncovers no hole.
_LOOKS, _SAME_VIEW = 5, 0.5
# How far from the grass feet may be: in heights of the person, and between these in pixels of the small picture.
_MARGIN, _LEAST_MARGIN, _MOST_MARGIN = 0.4, 3.0, 6.0
# A ball in the air is seen against what lies behind the pitch.
_BALL_MARGIN = 40.0
# Beside the feet: as much grass as this means standing on it.
_BESIDE = 0.3
# People beside the green may stand on bare turf. So many, and such a share of both: then colour is no guide.
_BARE_LEAST, _BARE_SHARE = 4, 0.25
# Ground of one colour: how much it varies for its brightness (0..255), and how far two places of it differ.
_PLAIN, _ONE_COLOR = 0.15, 30.0

Mask = NDArray[np.uint8]


class Turf:
    """Tells who stands on the grass. Feed it pictures with `look`; it looks once a second of video."""

    def __init__(self) -> None:
        self._looked_s = -np.inf
        self._scale = 1.0
        self._looks: deque[Mask] = deque(maxlen=_LOOKS)
        self._mask: Mask | None = None
        self._away: FloatArray | None = None

    @property
    def coverage(self) -> float | None:
        """Share of the picture that is field; None while colour tells nothing."""
        return None if self._mask is None else float(self._mask.mean())

    def forget(self) -> None:
        """The camera moves: what was seen before lies elsewhere now."""
        self._looks.clear()

    def look(self, frame: Frame, people: FloatArray) -> None:
        """Find the grass anew when the last look is old.

        Args:
            frame: the picture.
            people: (N, 4) boxes of people seen for certain, source pixels.
        """
        if 0 <= frame.time_s - self._looked_s < _EVERY_S:
            return
        self._looked_s = frame.time_s
        self._scale = _WIDTH / frame.image.shape[1]
        self._remember(_green(frame.image, self._scale))
        mask = _closed(np.maximum.reduce(list(self._looks)))
        self._mask, self._away = mask, np.asarray(cv2.distanceTransform(1 - mask, cv2.DIST_L2, 5), np.float32)
        if mask.mean() < _LEAST_COVERAGE or self._is_bare(frame.image, people):
            self._mask, self._away = None, None

    def holds(self, boxes: FloatArray) -> BoolArray:
        """(N,) whether people (N, 4) stand on the grass or close beside it."""
        if self._away is None or len(boxes) == 0:
            return np.ones(len(boxes), bool)
        tall = (boxes[:, 3] - boxes[:, 1]) * self._scale
        margin = np.clip(_MARGIN * tall, _LEAST_MARGIN, _MOST_MARGIN)
        feet = np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]])
        return np.asarray((self._distance(feet) <= margin) | self._has_grass_beside(boxes))

    def holds_ball(self, boxes: FloatArray) -> BoolArray:
        """(N,) whether balls (N, 4) are over the grass or, as balls in the air, not far above it."""
        middles = np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2])
        if self._away is None or len(boxes) == 0:
            return np.ones(len(boxes), bool)
        return np.asarray(self._distance(middles) <= _BALL_MARGIN)

    def _distance(self, places: FloatArray) -> FloatArray:
        """(N,) pixels of the small picture from places (N, 2) in source pixels to the grass."""
        assert self._away is not None
        tall, wide = self._away.shape
        small = (np.asarray(places, float) * self._scale).astype(np.intp)
        return self._away[np.clip(small[:, 1], 0, tall - 1), np.clip(small[:, 0], 0, wide - 1)]

    def _has_grass_beside(self, boxes: FloatArray) -> BoolArray:
        """(N,) whether there is grass left or right of the feet; a player close to the camera hides his own place."""
        assert self._mask is not None
        return np.array(
            [(part.mean() if (part := _beside(self._mask, box)).size else 0) >= _BESIDE for box in boxes * self._scale],
            bool,
        )

    def _remember(self, green: Mask) -> None:
        if self._looks:
            known = np.maximum.reduce(list(self._looks))
            shared, either = float((known & green).sum()), float((known | green).sum())
            # Where most of the green lies elsewhere, the camera shows something else.
            if green.shape != known.shape or (green.any() and shared < _SAME_VIEW * either):
                self._looks.clear()
        self._looks.append(green)

    def _is_bare(self, image: Image, people: FloatArray) -> bool:
        """Whether so many stand beside the green, on plain ground of one colour, that it may be the pitch as well."""
        inside = self.holds(people)
        grounds = [_beside(image, box) for box in people[~inside]]
        colors = np.array([np.median(ground, axis=0) for ground in grounds if _is_plain(ground)]).reshape(-1, 3)
        apart = np.linalg.norm(colors[:, None] - colors[None], axis=2)
        alike = int((apart < _ONE_COLOR).sum(axis=1).max(initial=0))
        return alike >= max(_BARE_LEAST, _BARE_SHARE * (int(inside.sum()) + alike))


def _green(image: Image, scale: float) -> Mask:
    """(H, 320) 1 where the field is green: the largest green piece and others of its kind."""
    size = (_WIDTH, max(16, round(image.shape[0] * scale)))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    green = cv2.inRange(cv2.cvtColor(small, cv2.COLOR_BGR2HSV), np.array(_GREEN_LOW), np.array(_GREEN_HIGH))
    green = cv2.morphologyEx(green, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(green)
    field = np.zeros(green.shape, np.uint8)
    if count < 2:
        return field
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB).astype(np.float32)
    largest, *others = 1 + np.argsort(-stats[1:, cv2.CC_STAT_AREA])
    field[labels == largest] = 1
    kind, away = np.median(lab[field > 0], axis=0), cv2.distanceTransform(1 - field, cv2.DIST_L2, 5)
    for piece in others:
        if stats[piece, cv2.CC_STAT_AREA] < _PIECE * green.size:
            break
        inside = labels == piece
        light, *hue = np.median(lab[inside], axis=0) - kind
        if abs(light) < _SAME_LIGHT and np.hypot(*hue) < _SAME_HUE and away[inside].min() < _GAP:
            field[inside] = 1
    return field


def _closed(mask: Mask) -> Mask:
    """The mask with its gaps closed; beyond the border of the picture goes on what is seen at it."""
    room, reach = _GAP, _GAP // 2
    wide = cv2.copyMakeBorder(mask, room, room, room, room, cv2.BORDER_REPLICATE)
    # By distances: the same as growing and shrinking by a disc, in a tenth of the time.
    grown = (cv2.distanceTransform(1 - wide, cv2.DIST_L2, 5) <= reach).astype(np.uint8)
    closed = cv2.distanceTransform(grown, cv2.DIST_L2, 5) > reach
    return np.asarray(closed[room:-room, room:-room] | (mask > 0), np.uint8)


def _beside(picture: Image, box: FloatArray) -> Image:
    """The pixels left and right of a person's feet, as many as fit into the picture: (K, ...)."""
    x0, y0, x1, y1 = (float(value) for value in box)
    wide, tall = x1 - x0, y1 - y0
    top, bottom = max(0, round(y1 - 0.1 * tall)), max(1, round(y1 + 0.1 * tall))
    top = min(top, picture.shape[0] - 1)
    rows = picture[top : max(bottom, top + 1)]
    left = rows[:, max(0, round(x0 - wide)) : max(0, round(x0))]
    right = rows[:, min(picture.shape[1], round(x1)) : max(0, round(x1 + wide))]
    return np.concatenate([left.reshape(-1, *picture.shape[2:]), right.reshape(-1, *picture.shape[2:])])


def _is_plain(ground: Image) -> bool:
    """Whether pixels (K, 3) are of one colour, as turf, snow and asphalt are and rows of seats are not."""
    return len(ground) > 0 and float(ground.std(axis=0).mean()) < _PLAIN * float(ground.mean())
