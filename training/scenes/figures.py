"""People in the picture: a sprite coloured, lit, brought to its size and place, and the box that it fills."""

from dataclasses import dataclass

import cv2
import numpy as np

from training.people.sprite import Part, Sprite
from training.scenes.camera import Camera, Floats
from training.scenes.ground import Light
from training.scenes.kits import Outfit
from training.scenes.paint import Floats32, Picture, meet

COVERED = 0.35
"""A row or column belongs to a box when one of its pixels is covered by at least this share."""

_STEP = 4  # normals are looked up in steps of 4/127
_SIDE = 256 // _STEP
_OPEN = np.linspace(0.35, 1.0, 256, dtype=np.float32)
"""How much light reaches a surface of each openness."""


@dataclass(frozen=True)
class Figure:
    """Somebody drawn and not yet laid down: BGR and coverage (h, w, 4) at whole pixels `left`, `top`, the box
    x0, y0, x1, y1 around all of him, in the picture or not, and what his coverage adds up to in pixels."""

    layer: Floats32
    left: int
    top: int
    box: tuple[float, float, float, float]
    area: float


def light_table(light: Light, camera: Camera, rng: np.random.Generator) -> Floats32:
    """How bright a surface is for each normal: (64, 64, 3) over y and x of normals in the camera's frame, by colour.

    Rows and columns stand for a normal's bytes without sign, over 4: first 0..1, then -1..0.
    """
    line = np.roll(np.arange(_SIDE, dtype=np.float32) * _STEP + _STEP / 2 - 128, _SIDE // 2) / 127
    x, y = np.meshgrid(line, line)
    z = np.sqrt(np.maximum(0, 1 - x * x - y * y))
    right, down, ahead = camera.axes
    sky = np.array([right[2], -down[2], -ahead[2]])
    ambient = 1 - 0.5 * light.hard
    table = ambient * (0.82 + 0.25 * (x * sky[0] + y * sky[1] + z * sky[2]))[..., None] * np.ones(3)
    warm = np.array([0.92, 1.0, 1.04]) if light.hard > 0.5 else np.ones(3)
    total = sum(strength for _, _, strength in light.suns)
    for turn, length, strength in light.suns:
        to_sun = np.array([-np.cos(turn), -np.sin(turn), 1 / max(length, 0.3)])
        to_sun /= np.linalg.norm(to_sun)
        way = np.array([to_sun @ right, -(to_sun @ down), -(to_sun @ ahead)])
        share = np.maximum(0, x * way[0] + y * way[1] + z * way[2]) * strength / total
        table += (1.1 * light.hard + 0.15) * share[..., None] * warm
    return np.asarray(table * rng.uniform(0.85, 1.15), np.float32)


def _sampled(sprite: Sprite, zoom: float) -> tuple[Picture, Floats]:
    """Alpha at about `zoom` (at most 1), and the zoom along x and y that whole pixels make of it."""
    height, width = sprite.alpha.shape
    if zoom >= 1:
        return np.asarray(sprite.alpha), np.ones(2)
    tall, wide = max(2, round(height * zoom)), max(2, round(width * zoom))
    alpha = cv2.resize(np.asarray(sprite.alpha), (wide, tall), interpolation=cv2.INTER_AREA)
    return alpha, np.array([wide / width, tall / height])


def _coloured(sprite: Sprite, shape: tuple[int, ...], outfit: Outfit, table: Floats32) -> Floats32:
    """BGR (h, w, 3) of the sprite dressed and lit, whatever its coverage, at that height and width."""

    def at_size(column: Picture) -> Picture:
        if column.shape[:2] == shape:
            return np.asarray(column)
        return np.asarray(cv2.resize(column, (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST_EXACT))

    part = at_size(sprite.part).ravel()
    colour = outfit.palette.take(part, axis=0)
    at = np.flatnonzero(part == Part.SHIRT)
    if len(at):
        place = at_size(sprite.v).ravel().take(at).astype(np.intp) * 256 + at_size(sprite.u).ravel().take(at)
        shirt = outfit.shirt
        # A shirt of one colour is a view of one pixel, which cannot be read as a flat row.
        cloth = shirt[:1, 0] if shirt.strides[0] == 0 else shirt.reshape(-1, 3).take(place, axis=0)
        if outfit.number is not None:
            share = outfit.number.reshape(-1).take(place).astype(np.float32)[:, None] * np.float32(1 / 255)
            cloth = cloth + (np.asarray(outfit.ink, np.float32) - cloth) * share
        colour[at] = cloth
    normal = (at_size(sprite.normal.view(np.uint8)) >> 2).reshape(-1, 2).astype(np.intp)
    light = table.reshape(-1, 3).take(normal[:, 1] * _SIDE + normal[:, 0], axis=0)
    colour *= light
    colour *= (_OPEN.take(at_size(sprite.occlusion).ravel()))[:, None]
    return colour.reshape(*shape, 3)


def figure(
    sprite: Sprite,
    outfit: Outfit,
    table: Floats32,
    foot_px: tuple[float, float],
    px_per_m: float,
    *,
    lean_rad: float = 0.0,
    bright: float = 1.0,
    streak_px: tuple[float, float] = (0.0, 0.0),
    taller: float = 1.0,
) -> Figure:
    """The sprite dressed, lit and placed with its foot point at `foot_px`, at this scale.

    `lean_rad` turns it clockwise, `streak_px` is how far it moves while the shutter is open, `taller` stretches it
    upwards.
    """
    scale = px_per_m / sprite.meta.px_per_m
    # Small figures are coloured at twice their size and reduced; large ones lose nothing by being coloured at theirs.
    double = scale < 0.75 and px_per_m < 34
    alpha, zoom = _sampled(sprite, min(1.0, scale * (2 if double else 1.15)))
    cover = alpha.astype(np.float32) * np.float32(1 / 255)
    layer = np.empty((*cover.shape, 4), np.float32)
    np.multiply(
        _coloured(sprite, cover.shape, outfit, table), (cover * np.float32(bright))[..., None], out=layer[..., :3]
    )
    layer[..., 3] = cover
    cos, sin = np.cos(lean_rad), np.sin(lean_rad)
    turn = np.array([[cos, -sin], [sin, cos]]) * scale @ np.diag([1 / zoom[0], taller / zoom[1]])
    foot = np.array([sprite.meta.foot_x * zoom[0], sprite.meta.foot_y * zoom[1]])
    # Pixels of the layer to pixels of the picture, both counted from the pixel's corner.
    move = np.asarray(foot_px) - turn @ foot
    corners = (
        np.array([[0, 0], [cover.shape[1], 0], [cover.shape[1], cover.shape[0]], [0, cover.shape[0]]]) @ turn.T + move
    )
    spread = np.abs(streak_px)
    low, high = np.floor(corners.min(axis=0) - spread - 1), np.ceil(corners.max(axis=0) + spread + 1)
    left, top = int(low[0]), int(low[1])
    wide, tall = (high - low).astype(int)
    times = 2 if double else 1
    matrix = np.column_stack([turn, move - low]) * times
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    drawn = cv2.warpAffine(layer, matrix, (int(wide) * times, int(tall) * times), flags=cv2.INTER_LINEAR)
    if double:
        drawn = cv2.resize(drawn, (int(wide), int(tall)), interpolation=cv2.INTER_AREA)
    if max(spread) > 0.6:
        drawn = smear(drawn, streak_px)
    coverage = drawn[..., 3]
    return Figure(drawn, left, top, tight_box(coverage, left, top), float(coverage.sum()))


def smear(layer: Floats32, streak_px: tuple[float, float]) -> Floats32:
    """A layer as it is exposed while it moves by this many pixels."""
    reach = int(np.ceil(max(abs(streak_px[0]), abs(streak_px[1])))) | 1
    kernel = np.zeros((reach + 2, reach + 2), np.float32)
    middle = (reach + 1) / 2
    for share in np.linspace(-0.5, 0.5, reach * 2 + 1):
        x, y = middle + share * streak_px[0], middle + share * streak_px[1]
        kernel[round(y), round(x)] += 1
    return np.asarray(cv2.filter2D(layer, -1, kernel / kernel.sum(), borderType=cv2.BORDER_CONSTANT))


def tight_box(coverage: Floats32, left: int, top: int) -> tuple[float, float, float, float]:
    """The box around coverage (h, w) in 0..1, to a fraction of a pixel: a border row that is half covered counts half.

    Empty (x1 = x0, y1 = y0) where no pixel is covered by `COVERED`.
    """
    x0, x1 = _span(coverage.max(axis=0))
    y0, y1 = _span(coverage.max(axis=1))
    return left + x0, top + y0, left + x1, top + y1


def _span(line: Floats32) -> tuple[float, float]:
    inside = np.flatnonzero(line >= COVERED)
    if len(inside) == 0:
        return 0.0, 0.0
    first, last = int(inside[0]), int(inside[-1])
    start, end = first + 1 - float(line[first]), last + float(line[last])
    return (start, end) if end - start >= 0.2 else (float(first), float(last + 1))


def cast_shadow(
    darkness: Floats32,
    sprite: Sprite,
    camera: Camera,
    foot_px: Floats,
    slopes: Floats,
    px_per_m: float,
    light: Light,
) -> None:
    """Multiply the shadows that this person throws on the grass into `darkness` (S, S), 1 where light falls.

    `slopes` (2, 2) are the pixels that a metre along x and y of the pitch takes at the foot, one column each.
    """
    scale = px_per_m / sprite.meta.px_per_m
    alpha, zoom = _sampled(sprite, min(1.0, scale))
    px_m = sprite.meta.px_per_m * zoom
    upright = px_m[1] * max(0.3, np.cos(np.radians(sprite.meta.elevation_deg)))
    right = camera.axes[0][:2] / np.linalg.norm(camera.axes[0][:2])
    corners = np.array([[0, 0], [alpha.shape[1], 0], [alpha.shape[1], alpha.shape[0]], [0, alpha.shape[0]]], float)
    base = np.array([sprite.meta.foot_x * zoom[0], sprite.meta.foot_y * zoom[1]])
    for turn, length, strength in light.suns:
        fall = length * np.array([np.cos(turn), np.sin(turn)])
        inner = slopes @ np.column_stack([right / px_m[0], -fall / upright])
        move = foot_px - inner @ base
        at = corners @ inner.T + move
        low, high = np.floor(at.min(axis=0)) - 2, np.ceil(at.max(axis=0)) + 2
        roi = meet((int(low[0]), int(low[1]), int(high[0]), int(high[1])), darkness.shape[0])
        if roi is None or abs(np.linalg.det(inner)) < 1e-3:
            continue
        matrix = np.column_stack([inner, move - roi[:2]])
        matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
        drawn = cv2.warpAffine(alpha, matrix, (roi[2] - roi[0], roi[3] - roi[1]), flags=cv2.INTER_LINEAR)
        soft = 0.4 + (1 - light.hard) * 0.05 * px_per_m
        drawn = cv2.GaussianBlur(drawn, (0, 0), soft)
        darkness[roi[1] : roi[3], roi[0] : roi[2]] *= 1 - drawn.astype(np.float32) * np.float32(strength / 255)
