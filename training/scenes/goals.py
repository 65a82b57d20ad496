"""Goals with their nets, before and behind the keeper, and smaller goals that stand about."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from training.scenes.camera import Camera
from training.scenes.paint import Picture, bounds, stroke, tint
from training.scenes.textures import Texture, stand_up, texture

_NET_PX_PER_M = 80
_HEIGHT_PX, _LENGTH_PX = 195, 800


@dataclass(frozen=True)
class Goal:
    """A goal whose mouth's middle stands at `x`, `y` and opens towards `facing` (radians from the pitch's x axis)."""

    x: float
    y: float
    facing: float
    width_m: float
    height_m: float
    depth_m: float
    top_depth_m: float
    net: int
    frame: tuple[float, float, float]
    post_m: float


def choose_goal(rng: np.random.Generator, x: float, y: float, facing: float, width_m: float, height_m: float) -> Goal:
    """A goal of that size, with some net and some frame."""
    deep = rng.uniform(1.0, 2.4) * min(1, height_m / 2)
    top = rng.choice([0.0, 0.3, 1.0]) * deep
    tone = rng.uniform(205, 250)
    frame = (tone, tone, tone) if rng.random() < 0.9 else (60.0, 70.0, 210.0)
    return Goal(x, y, facing, width_m, height_m, deep, top, int(rng.integers(8)), frame, rng.uniform(0.08, 0.12))


@lru_cache(maxsize=8)
def _net(number: int) -> Texture:
    rng = np.random.default_rng([302, number])
    canvas = np.zeros((_HEIGHT_PX, _LENGTH_PX, 4), np.uint8)
    tone = np.full(3, rng.uniform(200, 250)) if rng.random() < 0.75 else rng.uniform(20, 220, 3)
    canvas[..., :3] = tone
    step = int(rng.integers(7, 13))
    strong = int(rng.uniform(90, 255))
    ink = (*map(float, tone), strong)
    if rng.random() < 0.6:
        canvas[:, ::step, 3] = strong
        canvas[::step, :, 3] = strong
    else:
        for x in range(-_HEIGHT_PX, _LENGTH_PX + _HEIGHT_PX, step):
            cv2.line(canvas, (x, 0), (x + _HEIGHT_PX, _HEIGHT_PX), ink, 1)
            cv2.line(canvas, (x, 0), (x - _HEIGHT_PX, _HEIGHT_PX), ink, 1)
    if rng.random() < 0.2:
        canvas[:, (np.arange(_LENGTH_PX) // 60) % 2 == 0, :3] = rng.uniform(0, 255, 3)
    return texture(canvas, _NET_PX_PER_M)


def _panels(goal: Goal) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, float]]:
    """Origin, unit vector along, vector up (its length the panel's height) and length along, of each side of the net."""
    out = -np.array([np.cos(goal.facing), np.sin(goal.facing), 0.0])
    side = np.array([-np.sin(goal.facing), np.cos(goal.facing), 0.0])
    left = np.array([goal.x, goal.y, 0]) - side * goal.width_m / 2
    right = left + side * goal.width_m
    high = np.array([0, 0, goal.height_m])
    slope = high - out * (goal.depth_m - goal.top_depth_m)
    yield left + out * goal.depth_m, side, slope, goal.width_m
    if goal.top_depth_m > 0.05:
        yield left + high, side, out * goal.top_depth_m, goal.width_m
    for corner in (left, right):
        yield corner, out, high, (goal.depth_m + goal.top_depth_m) / 2


def net_panels(goal: Goal, camera: Camera) -> list[tuple[float, tuple[np.ndarray, np.ndarray, np.ndarray, float]]]:
    """Each side of the net with its distance from the camera in metres."""
    return [(float(camera.depth(o + a * n / 2 + u / 2)), (o, a, u, n)) for o, a, u, n in _panels(goal)]


def is_near(goal: Goal, camera: Camera) -> bool:
    """Whether any of it may be in the picture."""
    middle = (goal.x, goal.y, goal.height_m / 2)
    at, reach = camera.project(middle), (goal.width_m + goal.depth_m) * float(camera.px_per_m(middle))
    return bool(np.all(np.isfinite(at)) and np.all(at > -reach) and np.all(at < camera.size_px + reach))


def draw_panel(
    image: Picture, camera: Camera, goal: Goal, panel: tuple[np.ndarray, np.ndarray, np.ndarray, float], light: float
) -> None:
    """Draw one side of the net over what is there."""
    origin, along, up, length = panel
    rise = float(np.linalg.norm(up))
    sheet = _net(goal.net)
    stand_up(image, camera, sheet, origin, along, up / rise, (0, length), light=light, stretch=rise / sheet.height_m)


def draw_frame(image: Picture, camera: Camera, goal: Goal, light: float) -> None:
    """Draw posts, bar and the stanchions at the back."""
    side = np.array([-np.sin(goal.facing), np.cos(goal.facing), 0.0]) * goal.width_m / 2
    out = -np.array([np.cos(goal.facing), np.sin(goal.facing), 0.0])
    middle, high = np.array([goal.x, goal.y, 0.0]), np.array([0, 0, goal.height_m])
    front = camera.project([middle - side, middle - side + high, middle + side + high, middle + side])
    scale = float(camera.px_per_m(middle + high / 2))
    if not np.all(np.isfinite(front)):
        return
    back = []
    for way in (-1, 1):
        foot, top = middle + way * side + out * goal.depth_m, middle + way * side + high
        back.append(camera.project([top, top + out * goal.top_depth_m, foot]))
    for line, thick, share in [(b, goal.post_m * 0.4, 0.7) for b in back if np.all(np.isfinite(b))] + [
        (front, goal.post_m, 1.0)
    ]:
        roi = bounds(line, image.shape[0], goal.post_m * scale + 2)
        if roi is None:
            continue
        mask = np.zeros((roi[3] - roi[1], roi[2] - roi[0]), np.uint8)
        stroke(mask, line - np.array(roi[:2]), thick * scale)
        tint(image, mask, roi, np.asarray(goal.frame) * light * share)
