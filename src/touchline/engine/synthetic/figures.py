"""Figures seen from one side: labels, light and number placement of each pixel, and the same dressed in a kit.

A form is kit-free and rendered once per gait, phase, heading and camera height, then kept; dressing it is a table
look-up. Forms are seen by a distant camera (parallel rays), `FORM_SCALE` pixels a metre.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, radians, sin

import numpy as np

from touchline.engine.synthetic.glyphs import text_mask
from touchline.engine.synthetic.kits import Kit
from touchline.engine.synthetic.skeleton import Gait, Part, posed
from touchline.engine.types import BoolArray, FloatArray, Image, IntArray

FORM_SCALE = 48.0  # pixels a metre: at least twice what any camera here sees
HEADINGS = 24
ELEVATION_STEP_DEG = 5.0

_WIDTH_PX, _HEIGHT_PX = 84, 116
_FOOT_X_PX, _FOOT_Y_PX = 42.0, 100.0  # where the ground point under the hip lies while a form is made

# Light comes from the left behind the camera and high above (view frame: right, away, up).
_LIGHT = np.array((-0.42, -0.50, 0.76))
_NUMBER_HEIGHT_M, _NUMBER_CENTRE_Z_M = 0.30, 1.27


@dataclass(frozen=True)
class Form:
    """One view of a posed figure.

    parts: (H, W) uint8 of `Part`; light: (H, W) float32 0..1.2; number_u, number_v: (H, W) float32, where a pixel of
    the shirt falls on the number's square (0..1 inside, NaN elsewhere). foot_px: column and row of the ground point
    under the hip.
    """

    parts: Image
    light: FloatArray
    number_u: FloatArray
    number_v: FloatArray
    foot_px: tuple[float, float]


def heading_index(angle_rad: float) -> int:
    """The nearest of `HEADINGS` directions; 0 = to the picture's right, a quarter turn = away from the camera."""
    return round(angle_rad / (2 * pi) * HEADINGS) % HEADINGS


@lru_cache(maxsize=2048)
def form(gait: Gait, phase: int, heading: int, elevation_step: int) -> Form:
    """The figure in one pose, turned to one heading, seen from `elevation_step` * 5 degrees above."""
    body = posed(gait, phase)
    turn, elevation = 2 * pi * heading / HEADINGS, radians(elevation_step * ELEVATION_STEP_DEG)
    x, y, z = body.centres.T
    right, away = x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn)
    column = _FOOT_X_PX + right * FORM_SCALE
    row = _FOOT_Y_PX - (z * cos(elevation) + away * sin(elevation)) * FORM_SCALE
    nearness = (z * sin(elevation) - away * cos(elevation)) * FORM_SCALE

    depth, parts, normals = _nearest_surface(
        np.stack([column, row, nearness], axis=1), body.radii * FORM_SCALE, body.parts
    )
    light = _lit(normals, elevation)
    number_u, number_v = _number_place(parts, normals, depth, turn=turn, elevation=elevation)
    rows, columns = np.nonzero(parts)
    top, left = int(rows.min()) - 1, int(columns.min()) - 1
    cut = np.s_[top : rows.max() + 2, left : columns.max() + 2]
    foot_px = (_FOOT_X_PX - left, _FOOT_Y_PX - top)
    return Form(parts[cut].copy(), light[cut].copy(), number_u[cut].copy(), number_v[cut].copy(), foot_px)


def dress(seen: Form, kit: Kit, *, skin: tuple[int, int, int], hair: tuple[int, int, int], number: int) -> Image:
    """The form in colours: (H, W, 4) uint8 BGRA, alpha 0 or 255, colour premultiplied."""
    table = np.zeros((len(Part), 3), np.float32)
    table[Part.SKIN], table[Part.HAIR] = skin, hair
    table[Part.SHIRT], table[Part.SLEEVE], table[Part.SHORTS] = kit.shirt, kit.sleeve, kit.shorts
    table[Part.SOCKS], table[Part.BOOTS] = kit.socks, kit.boots
    colour = table[seen.parts]
    inside = _number_pixels(seen, number)
    colour[inside] = kit.number
    picture = np.empty((*seen.parts.shape, 4), np.uint8)
    picture[..., :3] = np.clip(colour * seen.light[..., None], 0, 255)
    picture[..., 3] = np.where(seen.parts > 0, 255, 0)
    return picture


def _nearest_surface(centres: FloatArray, radii: FloatArray, kinds: IntArray) -> tuple[FloatArray, Image, FloatArray]:
    """Depth (H, W), part (H, W) and unit normal (H, W, 3; right, up, to the camera) of the ball seen at each pixel.

    centres: (B, 3) column, row, nearness in pixels. Depth is -inf where nothing is.
    """
    reach = int(np.ceil(radii.max())) + 1
    offsets = np.arange(-reach, reach + 1)
    whole = np.floor(centres[:, :2]).astype(np.intp)
    columns, rows = whole[:, 0, None] + offsets, whole[:, 1, None] + offsets  # (B, S) each
    dx = ((columns - centres[:, :1]) / radii[:, None])[:, None, :] + np.zeros((1, len(offsets), 1))
    dy = ((rows - centres[:, 1:2]) / radii[:, None])[:, :, None] + np.zeros((1, 1, len(offsets)))
    rest = 1 - dx * dx - dy * dy
    ball, row_index, column_index = np.nonzero(rest > 0)
    bulge = np.sqrt(rest[ball, row_index, column_index])
    surface = centres[ball, 2] + bulge * radii[ball]
    order = np.argsort(surface, kind="stable")  # later, nearer values overwrite earlier ones
    ball, row_index, column_index = ball[order], row_index[order], column_index[order]
    pixel = rows[ball, row_index], columns[ball, column_index]
    depth = np.full((_HEIGHT_PX, _WIDTH_PX), -np.inf, np.float32)
    parts = np.zeros((_HEIGHT_PX, _WIDTH_PX), np.uint8)
    normals = np.zeros((_HEIGHT_PX, _WIDTH_PX, 3), np.float32)
    depth[pixel], parts[pixel] = surface[order], kinds[ball]
    sideways, downwards = dx[ball, row_index, column_index], dy[ball, row_index, column_index]
    normals[pixel] = np.stack([sideways, -downwards, bulge[order]], axis=1)
    return depth, parts, normals


def _lit(normals: FloatArray, elevation: float) -> FloatArray:
    right, away, up = _LIGHT / np.linalg.norm(_LIGHT)
    picture_up = up * cos(elevation) + away * sin(elevation)
    towards = up * sin(elevation) - away * cos(elevation)
    direct = np.clip(normals @ np.array((right, picture_up, towards), np.float32), 0, 1)
    return (0.50 + 0.62 * direct).astype(np.float32)


def _number_place(
    parts: Image, normals: FloatArray, depth: FloatArray, *, turn: float, elevation: float
) -> tuple[FloatArray, FloatArray]:
    """Where shirt pixels fall on the square number fields of chest and back."""
    rows, columns = np.mgrid[0:_HEIGHT_PX, 0:_WIDTH_PX].astype(np.float32)
    right = (columns - _FOOT_X_PX) / FORM_SCALE
    picture_up = (_FOOT_Y_PX - rows) / FORM_SCALE
    with np.errstate(invalid="ignore"):
        towards = np.where(np.isfinite(depth), depth / FORM_SCALE, 0.0)
        height = picture_up * cos(elevation) + towards * sin(elevation)
        away = picture_up * sin(elevation) - towards * cos(elevation)
    left_of_body = -right * sin(turn) + away * cos(turn)
    facing_away = normals[..., 1] * sin(elevation) - normals[..., 2] * cos(elevation)
    frontward = normals[..., 0] * cos(turn) + facing_away * sin(turn)
    shirt = (parts == Part.SHIRT) & (np.abs(frontward) > 0.45)
    # on the back the number reads from the body's left to its right, on the chest the other way round
    across = np.where(frontward < 0, -left_of_body, left_of_body)
    u = np.where(shirt, across / _NUMBER_HEIGHT_M + 0.5, np.nan)
    v = np.where(shirt, (_NUMBER_CENTRE_Z_M - height) / _NUMBER_HEIGHT_M + 0.5, np.nan)
    return u.astype(np.float32), v.astype(np.float32)


def _number_pixels(seen: Form, number: int) -> BoolArray:
    mask = _number_mask(number)
    with np.errstate(invalid="ignore"):
        inside = (seen.number_u > 0) & (seen.number_u < 1) & (seen.number_v > 0) & (seen.number_v < 1)
    hit = np.zeros(seen.parts.shape, np.bool_)
    size = len(mask)
    rows = (seen.number_v[inside] * size).astype(np.intp)
    columns = (seen.number_u[inside] * size).astype(np.intp)
    hit[inside] = mask[rows, columns]
    return hit


@lru_cache(maxsize=128)
def _number_mask(number: int) -> BoolArray:
    size = 64
    if number <= 0:
        return np.zeros((size, size), np.bool_)
    strokes = text_mask(str(number), height_px=size, stroke_px=9)
    field = np.zeros((size, size), np.uint8)
    width = min(size, strokes.shape[1])
    start = (size - width) // 2
    squeezed = (
        strokes if strokes.shape[1] <= size else strokes[:, np.linspace(0, strokes.shape[1] - 1, size).astype(int)]
    )
    field[:, start : start + width] = squeezed[:, :width]
    return field > 127
