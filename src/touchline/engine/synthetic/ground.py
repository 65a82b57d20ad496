"""The empty stadium as a fixed camera sees it: mown grass, lines of true width, boards, stands and goals.

Every pixel is averaged over a grid of sub-pixels whose place on the ground is exact, so lens distortion and the
thinness of far lines come out by themselves.
"""

import cv2
import numpy as np

from touchline.engine.synthetic.camera import FixedCamera
from touchline.engine.synthetic.glyphs import text_mask
from touchline.engine.types import BoolArray, FloatArray, Image
from touchline.football.pitch import (
    CIRCLE_RADIUS_M,
    GOAL_AREA_DEPTH_M,
    GOAL_AREA_WIDTH_M,
    GOAL_HEIGHT_M,
    GOAL_WIDTH_M,
    LINE_WIDTH_M,
    PENALTY_AREA_DEPTH_M,
    PENALTY_AREA_WIDTH_M,
    PENALTY_SPOT_M,
    PitchSize,
)

_SUB = 3  # sub-pixels a side
_STRIPE_M = 5.5
_BOARD_BACK_M, _BOARD_HEIGHT_M, _BOARD_LENGTH_M = 5.0, 0.9, 8.0
_GRASS_LIGHT, _GRASS_DARK = np.array((62.0, 138.0, 84.0), np.float32), np.array((52.0, 122.0, 72.0), np.float32)
_APRON, _LINE = np.array((58.0, 118.0, 74.0), np.float32), np.array((188.0, 205.0, 192.0), np.float32)
_PAINT_NEAR_FAR = (0.86, 0.68)
_BOARD_COLOURS = ((120, 60, 24), (48, 48, 52), (96, 84, 20))
_BOARD_TEXT, _BOARD_INK = "TOUCHLINE", 145
_NET_DEPTH_M = 2.0


def empty_stadium(camera: FixedCamera, *, pitch: PitchSize, rng: np.random.Generator) -> Image:
    """(H, W, 3) uint8 BGR picture of the ground without people, the far goal included.

    The near goal stands between camera and players: `near_goal_layer` goes over them.
    """
    width, height = camera.size_px
    grain = _grain(rng)
    picture = np.empty((height, width, 3), np.float32)
    strip = 20  # rows at a time: nine sub-pixels a pixel, a dozen arrays each
    for top in range(0, height, strip):
        rows = min(strip, height - top)
        picture[top : top + rows] = _ground_strip(camera, top=top, rows=rows, pitch=pitch, grain=grain)
    image: Image = np.clip(picture, 0, 255).astype(np.uint8)
    _draw_boards(image, camera, pitch)
    colour, alpha = _goal_layer(camera, goal_x=pitch.length_m, outward=1.0, pitch=pitch)
    return _over(image, colour, alpha)


def near_goal_layer(camera: FixedCamera, *, pitch: PitchSize) -> tuple[Image, Image]:
    """Colour (H, W, 3) and coverage (H, W, 1), uint8, of the goal at x = 0, seen from behind."""
    return _goal_layer(camera, goal_x=0.0, outward=-1.0, pitch=pitch)


def _ground_strip(camera: FixedCamera, *, top: int, rows: int, pitch: PitchSize, grain: FloatArray) -> FloatArray:
    width = camera.size_px[0]
    u = (np.arange(width * _SUB) + 0.5) / _SUB - 0.5
    v = top + (np.arange(rows * _SUB) + 0.5) / _SUB - 0.5
    pixels = np.stack(np.meshgrid(u, v), axis=-1).reshape(-1, 2)
    place = camera.ground(pixels).astype(np.float32)
    colours = _ground_colours(place[:, 0], place[:, 1], pitch=pitch, grain=grain)
    return np.asarray(colours.reshape(rows, _SUB, width, _SUB, 3).mean(axis=(1, 3)))


def _ground_colours(x: FloatArray, y: FloatArray, *, pitch: PitchSize, grain: FloatArray) -> FloatArray:
    x, y = np.nan_to_num(x, nan=1e4), np.nan_to_num(y, nan=1e4)
    lawn = (x > -4.0) & (x < pitch.length_m + 4.0) & (y > -4.0) & (y < pitch.width_m + 4.0)
    # cross stripes along the length, softened at their edges
    wave = np.clip(np.sin(np.pi * x / _STRIPE_M) * 6, -1, 1)[:, None] * 0.5 + 0.5
    colour = _GRASS_DARK + (_GRASS_LIGHT - _GRASS_DARK) * wave
    colour = np.where(lawn[:, None], colour, _APRON)
    colour *= _grain_at(grain, x, y)[:, None]
    on_line = _on_line(x, y, pitch)
    # grass hides more of the paint the flatter it is seen
    paint = np.interp(x[on_line], (0, pitch.length_m), _PAINT_NEAR_FAR).astype(np.float32)[:, None]
    colour[on_line] += paint * (_LINE - colour[on_line])
    outside = (y < -_BOARD_BACK_M) | (y > pitch.width_m + _BOARD_BACK_M) | (x > pitch.length_m + _BOARD_BACK_M + 1.0)
    colour[outside] = _stand_colours(x[outside], y[outside], pitch=pitch, grain=grain)
    return colour


def _stand_colours(x: FloatArray, y: FloatArray, *, pitch: PitchSize, grain: FloatArray) -> FloatArray:
    """Empty seats in soft rows; nothing in them that looks like a person."""
    distance = np.maximum.reduce((-y, y - pitch.width_m, x - pitch.length_m)) - _BOARD_BACK_M
    walkway = distance < 2.5
    row = np.sin(2 * np.pi * distance / 1.6) * 0.5 + 0.5
    seats = np.array((86.0, 70.0, 60.0), np.float32) * (0.82 + 0.18 * row)[:, None] * _grain_at(grain, x, y)[:, None]
    return np.where(walkway[:, None], np.array((92.0, 94.0, 98.0), np.float32), seats)


def _on_line(x: FloatArray, y: FloatArray, pitch: PitchSize) -> BoolArray:
    half, line = pitch.width_m / 2, LINE_WIDTH_M / 2
    inward = np.minimum(x, pitch.length_m - x)  # metres from the nearer goal line
    side = np.abs(y - half)
    inside = (inward > -line) & (side < half + line)
    on = inside & ((np.abs(inward) < line) | (np.abs(side - half) < line))
    on |= inside & (np.abs(x - pitch.length_m / 2) < line)
    for depth, width in ((PENALTY_AREA_DEPTH_M, PENALTY_AREA_WIDTH_M), (GOAL_AREA_DEPTH_M, GOAL_AREA_WIDTH_M)):
        edge = (np.abs(inward - depth) < line) & (side < width / 2 + line)
        flank = (np.abs(side - width / 2) < line) & (inward > 0) & (inward < depth)
        on |= inside & (edge | flank)
    to_centre = np.hypot(x - pitch.length_m / 2, side)
    to_spot = np.hypot(inward - PENALTY_SPOT_M, side)
    on |= inside & (np.abs(to_centre - CIRCLE_RADIUS_M) < line)
    on |= inside & (np.abs(to_spot - CIRCLE_RADIUS_M) < line) & (inward > PENALTY_AREA_DEPTH_M)
    corner = np.hypot(inward, side - half)
    on |= inside & (np.abs(corner - 1.0) < line)
    return np.asarray(on | (to_centre < 0.11) | (to_spot < 0.11), np.bool_)


def _grain(rng: np.random.Generator) -> FloatArray:
    """A tileable 256 x 256 texture about 1, with coarse patches and fine blades."""
    fine, coarse = (_soft_noise(rng, sigma) for sigma in (1.2, 9.0))
    return np.asarray(1 + 0.028 * fine + 0.025 * coarse, np.float32)


def _soft_noise(rng: np.random.Generator, sigma_px: float) -> FloatArray:
    margin = 32
    noise = np.pad(rng.normal(0, 1, (256, 256)).astype(np.float32), margin, mode="wrap")
    soft = cv2.GaussianBlur(noise, (0, 0), sigma_px)[margin:-margin, margin:-margin]
    return np.asarray(soft / soft.std(), np.float32)


def _grain_at(grain: FloatArray, x: FloatArray, y: FloatArray) -> FloatArray:
    return grain[np.floor(x * 6).astype(np.int64) % 256, np.floor(y * 6).astype(np.int64) % 256]


def _draw_boards(image: Image, camera: FixedCamera, pitch: PitchSize) -> None:
    far_x, sides = pitch.length_m + _BOARD_BACK_M + 1.0, (-_BOARD_BACK_M, pitch.width_m + _BOARD_BACK_M)
    runs = [((far_x, sides[0]), (far_x, sides[1]))]
    runs += [((far_x, y), (-6.0, y)) if y < 0 else ((-6.0, y), (far_x, y)) for y in sides]
    for run, (start, stop) in enumerate(runs):
        a, b = np.array(start), np.array(stop)
        count = round(float(np.linalg.norm(b - a)) / _BOARD_LENGTH_M)
        for board in range(count):
            left, right = a + (b - a) * board / count, a + (b - a) * (board + 1) / count
            _draw_board(image, camera, (left, right), _BOARD_COLOURS[(board + run) % len(_BOARD_COLOURS)])


def _draw_board(
    image: Image, camera: FixedCamera, ends: tuple[FloatArray, FloatArray], colour: tuple[int, int, int]
) -> None:
    corners = np.array([(*ends[0], _BOARD_HEIGHT_M), (*ends[1], _BOARD_HEIGHT_M), (*ends[1], 0), (*ends[0], 0)])
    placed, _ = camera.project(corners)
    height, width = image.shape[:2]
    if not np.isfinite(placed).all() or (placed < -200).any() or (placed > np.array((width, height)) + 200).any():
        return
    panel: FloatArray = np.full((64, 512, 3), colour, np.float32)
    text = text_mask(_BOARD_TEXT, height_px=48, stroke_px=5)[:, :400].astype(np.float32)[..., None] / 255
    panel[8:56, 56 : 56 + text.shape[1]] += text * (_BOARD_INK - panel[8:56, 56 : 56 + text.shape[1]])
    source = np.array(((0, 0), (512, 0), (512, 64), (0, 64)), np.float32)
    warp = cv2.getPerspectiveTransform(source, placed.astype(np.float32))
    scale = float(np.linalg.norm(placed[1] - placed[0])) / 512
    soft = cv2.GaussianBlur(panel, (0, 0), max(0.4, 0.45 / max(scale, 1e-3)))
    colour_layer = cv2.warpPerspective(soft, warp, (width, height))
    cover = cv2.warpPerspective(np.ones(panel.shape[:2], np.float32), warp, (width, height))[..., None]
    image[:] = np.clip(image * (1 - cover) + colour_layer * cover, 0, 255).astype(np.uint8)


def _goal_layer(camera: FixedCamera, *, goal_x: float, outward: float, pitch: PitchSize) -> tuple[Image, Image]:
    width, height = camera.size_px
    colour, alpha = np.full((height, width, 3), 240, np.uint8), np.zeros((height, width, 1), np.uint8)
    left, right = pitch.width_m / 2 - GOAL_WIDTH_M / 2, pitch.width_m / 2 + GOAL_WIDTH_M / 2
    back = goal_x + outward * _NET_DEPTH_M
    top_back = goal_x + outward * 0.9
    cords: list[tuple[FloatArray, FloatArray]] = []
    for y in np.linspace(left, right, 25):
        cords += [_cord((goal_x, y, GOAL_HEIGHT_M), (top_back, y, GOAL_HEIGHT_M))]
        cords += [_cord((top_back, y, GOAL_HEIGHT_M), (back, y, 0))]
    for share in np.linspace(0, 1, 9):
        x, z = top_back + (back - top_back) * share, GOAL_HEIGHT_M * (1 - share)
        cords += [_cord((x, left, z), (x, right, z)), _cord((goal_x, left, z), (x, left, z))]
        cords += [_cord((goal_x, right, z), (x, right, z))]
    _draw_cords(alpha, camera, cords, strength=70, thickness=1)
    bar = [_cord((goal_x, left, GOAL_HEIGHT_M), (goal_x, right, GOAL_HEIGHT_M))]
    posts = [_cord((goal_x, y, 0), (goal_x, y, GOAL_HEIGHT_M)) for y in (left, right)]
    _draw_cords(alpha, camera, bar + posts, strength=255, thickness=2)
    return colour, alpha


def _cord(start: tuple[float, float, float], stop: tuple[float, float, float]) -> tuple[FloatArray, FloatArray]:
    return np.array(start), np.array(stop)


def _draw_cords(
    alpha: Image, camera: FixedCamera, cords: list[tuple[FloatArray, FloatArray]], *, strength: int, thickness: int
) -> None:
    for ends in cords:
        placed, _ = camera.project(np.array(ends))
        line = np.round(placed * 16).astype(np.int32).reshape(-1, 1, 2)
        layer = alpha[..., 0]
        cv2.polylines(layer, [line], isClosed=False, color=strength, thickness=thickness, lineType=cv2.LINE_AA, shift=4)


def _over(image: Image, colour: Image, alpha: Image) -> Image:
    share = alpha.astype(np.float32) / 255
    return np.clip(image * (1 - share) + colour * share, 0, 255).astype(np.uint8)
