"""One frame: people and ball over the empty stadium, in painter's order, with the exact box and visible share of each.

The truth comes out of the same coverage masks that are painted, so a box is what can be seen, to the pixel.
"""

from dataclasses import dataclass
from math import atan2, pi

import cv2
import numpy as np

from touchline.engine.synthetic.camera import FixedCamera
from touchline.engine.synthetic.figures import (
    ELEVATION_STEP_DEG,
    FORM_SCALE,
    dress,
    form,
    heading_index,
)
from touchline.engine.synthetic.kits import Colour, Kit
from touchline.engine.synthetic.skeleton import BODY_HEIGHT_M, Gait
from touchline.engine.types import BoolArray, FloatArray, Image

BALL_RADIUS_M = 0.11
_FINE = 4  # sub-pixels a side when a figure is laid on the pixel grid
_SHADOW_STRENGTH = 0.45


@dataclass(frozen=True)
class Look:
    """What one person looks like all match long."""

    kit: Kit
    skin: Colour
    hair: Colour
    number: int
    height_m: float


@dataclass(frozen=True)
class Pose:
    """One person at one moment; `position` metres on the ground and `heading_rad` in frame P (0 = along x)."""

    position: tuple[float, float]
    heading_rad: float
    gait: Gait
    phase: int


@dataclass(frozen=True)
class PaintedFrame:
    """A frame and what is exactly true about it.

    image: (H, W, 3) uint8 BGR. boxes: (N, 4) x1, y1, x2, y2 pixels in the order of the poses, NaN when outside the
    picture; visibility: (N,) share 0..1 of the figure that nobody and no edge hides. ball_px: (2,) centre, NaN when
    outside; ball_radius_px; ball_visible: share 0..1.
    """

    image: Image
    boxes: FloatArray
    visibility: FloatArray
    ball_px: FloatArray
    ball_radius_px: float
    ball_visible: float


@dataclass(frozen=True)
class _Layer:
    """A painted thing on the pixel grid: premultiplied BGRA float 0..1 with its top-left pixel and nearness."""

    picture: FloatArray
    left: int
    top: int
    ahead_m: float


class FramePainter:
    """Paints frames of one scene; keeps no frame."""

    def __init__(
        self, *, camera: FixedCamera, stadium: Image, near_goal: tuple[Image, Image], looks: tuple[Look, ...]
    ) -> None:
        self._camera, self._stadium, self._looks = camera, stadium, looks
        colour, alpha = near_goal
        rows, columns = np.nonzero(alpha[..., 0])
        self._goal_window = np.s_[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        self._goal_alpha = alpha[self._goal_window].astype(np.float32) / 255
        self._goal_colour = colour[self._goal_window].astype(np.float32) * self._goal_alpha

    def paint(self, poses: list[Pose], ball_m: FloatArray) -> PaintedFrame:
        """One frame with people and the ball; `ball_m` is (3,) metres, frame P with height."""
        image = self._stadium.copy()
        feet = np.array([(*pose.position, 0.0) for pose in poses])
        placed, ahead = self._camera.project(feet)
        scales, steep = self._camera.pixels_per_metre(ahead), self._camera.elevation_deg(feet[:, :2])
        for index in range(len(poses)):
            _darken(image, placed[index], width_px=0.75 * scales[index], steep_deg=steep[index])
        figures = [
            self._figure(self._looks[index], pose, placed[index], scales[index], steep[index], ahead[index])
            for index, pose in enumerate(poses)
        ]
        ball = self._ball(image, ball_m)
        layers = [*figures, ball]
        for layer in sorted(layers, key=lambda each: -each.ahead_m):
            _blend(image, layer)
        window = image[self._goal_window]
        window[:] = (window * (1 - self._goal_alpha) + self._goal_colour).astype(np.uint8)
        visibility = _visible_shares(layers, image.shape[:2])
        boxes = np.array([_box(layer, image.shape[:2]) for layer in figures])
        ball_px, ball_radius = self._ball_place(ball_m)
        return PaintedFrame(image, boxes, visibility[:-1], ball_px, ball_radius, float(visibility[-1]))

    def _figure(
        self, look: Look, pose: Pose, foot_px: FloatArray, scale: float, steep_deg: float, ahead_m: float
    ) -> _Layer:
        step = np.array((np.cos(pose.heading_rad), np.sin(pose.heading_rad), 0.0))
        seen = self._camera.R @ step
        turn = atan2(float(step @ _level(self._camera.R[2])), float(seen[0])) % (2 * pi)
        seen_form = form(pose.gait, pose.phase, heading_index(turn), round(steep_deg / ELEVATION_STEP_DEG))
        picture = dress(seen_form, look.kit, skin=look.skin, hair=look.hair, number=look.number)
        size = scale * look.height_m / BODY_HEIGHT_M / FORM_SCALE
        return _laid(picture, foot_px, size=size, anchor_px=seen_form.foot_px, ahead_m=ahead_m)

    def _ball_place(self, ball_m: FloatArray) -> tuple[FloatArray, float]:
        placed, ahead = self._camera.project(ball_m[None] + (0, 0, BALL_RADIUS_M))
        return placed[0], float(BALL_RADIUS_M * self._camera.pixels_per_metre(ahead)[0])

    def _ball(self, image: Image, ball_m: FloatArray) -> _Layer:
        ground, ahead = self._camera.project(np.array([(ball_m[0], ball_m[1], 0.0)]))
        scale = float(self._camera.pixels_per_metre(ahead)[0])
        steep = float(self._camera.elevation_deg(ball_m[None, :2])[0])
        _darken(image, ground[0], width_px=0.30 * scale, steep_deg=steep)
        centre, radius = self._ball_place(ball_m)
        return _ball_layer(centre, radius, float(ahead[0]))


def _level(axis: FloatArray) -> FloatArray:
    flat = np.array((axis[0], axis[1], 0.0))
    return np.asarray(flat / np.linalg.norm(flat))


def _laid(
    picture: Image, foot_px: FloatArray, *, size: float, anchor_px: tuple[float, float], ahead_m: float
) -> _Layer:
    """Scale a form and lay its foot point on a place between pixels, each pixel averaged over its area."""
    height, width = picture.shape[:2]
    left = int(np.floor(foot_px[0] - anchor_px[0] * size)) - 1
    top = int(np.floor(foot_px[1] - anchor_px[1] * size)) - 1
    columns, rows = int(width * size) + 4, int(height * size) + 4
    # pixel i covers [i - .5, i + .5]; the fine grid's sample j lies at (j + .5) / _FINE - .5 pixels
    fine = size * _FINE
    shift = [
        (foot - corner + 0.5) * _FINE - 0.5 - anchor * fine
        for foot, corner, anchor in zip(foot_px, (left, top), anchor_px, strict=True)
    ]
    matrix = np.array(((fine, 0.0, shift[0]), (0.0, fine, shift[1])))
    wide = cv2.warpAffine(picture, matrix, (columns * _FINE, rows * _FINE), flags=cv2.INTER_LINEAR)
    small = cv2.resize(wide, (columns, rows), interpolation=cv2.INTER_AREA)
    return _Layer(small.astype(np.float32) / 255, left, top, ahead_m)


def _ball_layer(centre: FloatArray, radius: float, ahead_m: float) -> _Layer:
    reach = int(radius) + 3
    left, top = round(float(centre[0])) - reach, round(float(centre[1])) - reach
    side = 2 * reach + 1
    fine = 6
    grid = (np.arange(side * fine) + 0.5) / fine - 0.5
    dx, dy = (grid + left - centre[0]) / radius, (grid + top - centre[1]) / radius
    inside = (dx[None] ** 2 + dy[:, None] ** 2 < 1).astype(np.float32)
    bright = np.clip(0.93 - 0.22 * dy[:, None] - 0.10 * dx[None], 0, 1).astype(np.float32)
    picture = np.dstack([*[inside * bright] * 3, inside])
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    return _Layer(small.astype(np.float32), left, top, ahead_m)


def _darken(image: Image, foot_px: FloatArray, *, width_px: float, steep_deg: float) -> None:
    """A soft shadow on the ground under something."""
    across, down = width_px / 2, width_px / 2 * np.sin(np.radians(steep_deg))
    reach_x, reach_y = int(across * 1.6) + 2, int(down * 1.6) + 2
    left, top = round(float(foot_px[0])) - reach_x, round(float(foot_px[1])) - reach_y
    window, cut = _window(image.shape[:2], left=left, top=top, shape=(2 * reach_y + 1, 2 * reach_x + 1))
    if window is None:
        return
    dx = (np.arange(left, left + 2 * reach_x + 1) - foot_px[0]) / across
    dy = (np.arange(top, top + 2 * reach_y + 1) - foot_px[1]) / down
    dark = 1 - _SHADOW_STRENGTH * np.clip(1.4 - np.hypot(dx[None], dy[:, None]), 0, 1)
    image[window] = (image[window] * dark[cut][..., None]).astype(np.uint8)


def _blend(image: Image, layer: _Layer) -> None:
    window, cut = _window(image.shape[:2], left=layer.left, top=layer.top, shape=layer.picture.shape[:2])
    if window is None:
        return
    picture = layer.picture[cut]
    image[window] = np.clip(image[window] * (1 - picture[..., 3:]) + picture[..., :3] * 255, 0, 255).astype(np.uint8)


Window = tuple[slice, slice]


def _window(size: tuple[int, ...], *, left: int, top: int, shape: tuple[int, ...]) -> tuple[Window | None, Window]:
    """The part of a placed rectangle that lies in the picture: its slice of the picture and of itself."""
    x1, y1 = max(left, 0), max(top, 0)
    x2, y2 = min(left + shape[1], size[1]), min(top + shape[0], size[0])
    cut = np.s_[y1 - top : max(y2, y1) - top, x1 - left : max(x2, x1) - left]
    return (None, cut) if x2 <= x1 or y2 <= y1 else (np.s_[y1:y2, x1:x2], cut)


def _visible_shares(layers: list[_Layer], size: tuple[int, ...]) -> FloatArray:
    """For each layer the share of its pixels that nearer layers and the picture's edge leave to be seen."""
    taken: BoolArray = np.zeros(size, np.bool_)
    shares = np.zeros(len(layers))
    for index in sorted(range(len(layers)), key=lambda each: layers[each].ahead_m):
        layer = layers[index]
        solid = layer.picture[..., 3] > 0.5
        total = int(solid.sum())
        window, cut = _window(size, left=layer.left, top=layer.top, shape=solid.shape)
        if window is None or not total:
            continue
        shares[index] = float((solid[cut] & ~taken[window]).sum()) / total
        taken[window] |= solid[cut]
    return shares


def _box(layer: _Layer, size: tuple[int, ...]) -> FloatArray:
    """The figure's whole extent where it is at least half covered, clipped to the picture; NaN when outside."""
    rows, columns = np.nonzero(layer.picture[..., 3] > 0.5)
    if not len(rows):
        return np.full(4, np.nan)
    box = np.array((columns.min(), rows.min(), columns.max() + 1, rows.max() + 1), np.float64)
    box += np.array((layer.left, layer.top) * 2)
    box = np.clip(box, 0, np.array((size[1], size[0]) * 2))
    return box if box[2] > box[0] and box[3] > box[1] else np.full(4, np.nan)
