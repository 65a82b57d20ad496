"""Balls, and the small bright things that are none: marks on the grass, litter, cones, lamps, corner flags."""

from functools import cache

import cv2
import numpy as np

from training.scenes.camera import Camera
from training.scenes.figures import Figure, smear, tight_box
from training.scenes.paint import Floats32, Picture, Roi, bounds, fill, stroke, tint

RADIUS_M = 0.11
LEAST_PX = 2.4
"""A ball of a smaller diameter is not drawn: nobody could tell it."""

_SIZE = 96
_COUNT = 64
_GOLDEN = (1 + 5**0.5) / 2
# The twelve corners of an icosahedron: where the classic ball has its dark panels.
_PANELS = np.array(
    [p for a in (-1, 1) for b in (-_GOLDEN, _GOLDEN) for p in ((0, a, b), (a, b, 0), (b, 0, a))]
) / np.hypot(1, _GOLDEN)


@cache
def _skin(number: int) -> tuple[Floats32, Floats32]:
    """Colour (96, 96, 3) and coverage (96, 96) of one ball, seen from one side and evenly lit."""
    rng = np.random.default_rng([301, number])
    line = (np.arange(_SIZE) + 0.5) / _SIZE * 2 - 1
    x, y = np.meshgrid(line, line)
    z = np.sqrt(np.maximum(0, 1 - x * x - y * y))
    axes, _ = np.linalg.qr(rng.standard_normal((3, 3)))
    at = np.stack([x, y, z], axis=-1) @ axes
    base = np.array([240, 242, 243.0]) * rng.uniform(0.88, 1.02)
    draw = rng.random()
    if draw > 0.93:
        base = np.full(3, rng.uniform(120, 190))  # worn
    elif draw > 0.78:
        base = np.array([(60, 230, 240), (30, 130, 250), (190, 110, 250), (110, 240, 200)][int(rng.integers(4))], float)
    ink = np.array(
        [(25, 25, 28), (25, 25, 28), (150, 50, 30), (40, 40, 200), (60, 120, 40), (160, 150, 150)][
            int(rng.integers(6))
        ],
        float,
    )
    style = rng.random()
    if style < 0.45:
        dark = (at @ _PANELS.T).max(axis=-1) > np.cos(rng.uniform(0.24, 0.38))
    elif style < 0.8:
        wave = np.sin(at[..., 0] * rng.uniform(2, 6) + np.sin(at[..., 1] * rng.uniform(2, 5)) * 2)
        dark = np.abs(wave) < rng.uniform(0.08, 0.3)
    else:
        dark = np.zeros_like(x, bool)
    colour = np.where(dark[..., None], ink, base)
    cover = np.clip((1 - np.hypot(x, y)) * _SIZE / 2 + 0.5, 0, 1)
    return cv2.GaussianBlur(colour.astype(np.float32), (0, 0), 1.0), cover.astype(np.float32)


def ball(
    middle_px: tuple[float, float],
    diameter_px: float,
    table: Floats32,
    rng: np.random.Generator,
    *,
    bright: float = 1.0,
    streak_px: tuple[float, float] = (0.0, 0.0),
) -> Figure:
    """A ball lit by the scene's light, ready to be laid down."""
    colour, cover = _skin(int(rng.integers(_COUNT)))
    half = table.shape[0] // 2
    upright = np.roll(table, (half, half), (0, 1))[::-1]  # the table begins at 0 and its rows go up
    light = cv2.resize(upright, (_SIZE, _SIZE), interpolation=cv2.INTER_LINEAR)
    full = np.dstack([colour * light * (cover * np.float32(bright))[..., None], cover])
    times = 4 if diameter_px < 24 else 1
    reach = int(np.ceil(diameter_px / 2 + max(abs(streak_px[0]), abs(streak_px[1])) / 2)) + 2
    left, top = int(np.floor(middle_px[0])) - reach, int(np.floor(middle_px[1])) - reach
    side = 2 * reach + 1
    scale = diameter_px * times / _SIZE
    if scale < 0.5:
        small = max(2, round(_SIZE * scale * 2))
        full = cv2.resize(full, (small, small), interpolation=cv2.INTER_AREA)
        scale = diameter_px * times / small
    half = full.shape[0] / 2
    move = np.array([(middle_px[0] - left) * times, (middle_px[1] - top) * times]) - half * scale
    matrix = np.array([[scale, 0, move[0]], [0, scale, move[1]]])
    matrix[:, 2] += scale * 0.5 - 0.5
    drawn = cv2.warpAffine(full, matrix, (side * times, side * times), flags=cv2.INTER_LINEAR)
    if times > 1:
        drawn = cv2.resize(drawn, (side, side), interpolation=cv2.INTER_AREA)
    radius = diameter_px / 2
    box = (middle_px[0] - radius, middle_px[1] - radius, middle_px[0] + radius, middle_px[1] + radius)
    if max(abs(streak_px[0]), abs(streak_px[1])) > 0.6:
        drawn = smear(drawn, streak_px)
        seen = tight_box(drawn[..., 3], left, top)
        # A long streak is faint everywhere: then the box is where the ball is half way.
        if seen[2] - seen[0] > radius and seen[3] - seen[1] > radius:
            box = seen
    return Figure(drawn, left, top, box, float(drawn[..., 3].sum()))


def shade_under(
    darkness: Floats32, middle_px: tuple[float, float], diameter_px: float, flat: float, strong: float
) -> None:
    """The soft shadow of a ball on the grass, multiplied into `darkness` (S, S); `flat` is its height over its width."""
    wide, high = diameter_px * 0.55, max(0.5, diameter_px * 0.55 * flat)
    ring = np.stack([np.cos(_ROUND) * wide + middle_px[0], np.sin(_ROUND) * high + middle_px[1]], axis=1)
    roi = bounds(ring, darkness.shape[0], 2)
    if roi is None:
        return
    mask = np.zeros((roi[3] - roi[1], roi[2] - roi[0]), np.uint8)
    fill(mask, ring, offset=(roi[0], roi[1]))
    soft = cv2.GaussianBlur(mask, (0, 0), max(0.5, diameter_px * 0.1))
    darkness[roi[1] : roi[3], roi[0] : roi[2]] *= 1 - soft.astype(np.float32) * np.float32(strong / 255)


_ROUND = np.linspace(0, 2 * np.pi, 20, endpoint=False)
_RING = np.stack([np.cos(_ROUND), np.sin(_ROUND)], axis=1)
_BRIGHT = np.array([(30, 120, 250), (40, 230, 240), (60, 60, 230), (235, 235, 235), (220, 160, 60)], float)


def litter(image: Picture, camera: Camera, spots: np.ndarray, rng: np.random.Generator) -> None:
    """Lay flat bright or dark things on the grass at (N, 2) metres: marks of paint, paper, cones, bottles, divots."""
    size = camera.size_px
    middles = camera.project(np.column_stack([spots, np.zeros(len(spots))]))
    scales = camera.px_per_m(np.column_stack([spots, np.zeros(len(spots))]))
    flat = np.sin(camera.depression(np.append(spots.mean(axis=0), 0)))
    for middle, scale in zip(middles, scales, strict=True):
        if not np.all(np.isfinite(middle)):
            continue
        draw, high = rng.random(), flat
        colour = np.full(3, rng.uniform(170, 250))
        if draw < 0.45:  # a mark of paint: flatter than a ball
            ring = _RING * rng.uniform(0.05, 0.13)
        elif draw < 0.6:  # paper, tape, a bottle that lies about
            ring, high = _RING[::4] * rng.uniform(0.04, 0.11, (5, 1)), rng.uniform(0.4, 1)
            colour = colour if rng.random() < 0.6 else rng.uniform(90, 250, 3)
        elif draw < 0.8:  # a cone or a bottle
            colour = _BRIGHT[int(rng.integers(len(_BRIGHT)))]
            tall, wide = rng.uniform(0.06, 0.35), rng.uniform(0.04, 0.12)
            ring, high = np.array([[-wide, 0], [-0.02, -tall], [0.02, -tall], [wide, 0]]), 1.0
        else:  # a divot or a worn patch
            ring = _RING * rng.uniform(0.06, 0.28)
            colour = image[tuple(middle[::-1].astype(int).clip(0, size - 1))] * rng.uniform(0.5, 0.85)
        _paint(image, ring * scale * (1, high) + middle, colour, size)


def _paint(image: Picture, ring: np.ndarray, colour: np.ndarray, size: int) -> None:
    roi = bounds(ring, size)
    if roi is None:
        return
    mask = np.zeros((roi[3] - roi[1], roi[2] - roi[0]), np.uint8)
    fill(mask, ring, offset=(roi[0], roi[1]))
    tint(image, mask, roi, colour)


def corner_flag(image: Picture, camera: Camera, x: float, y: float, rng: np.random.Generator) -> None:
    """A corner flag of Law 1 at that place on the pitch."""
    foot, top, low = camera.project([(x, y, 0), (x, y, 1.55), (x, y, 1.15)])
    scale = float(camera.px_per_m((x, y, 0.8)))
    if not np.all(np.isfinite([*foot, *top])):
        return
    tip = (top + low) / 2 + (rng.choice([-1, 1]) * 0.45 * scale, rng.normal(0, 0.05) * scale)
    roi = bounds(np.array([foot, top, tip]), camera.size_px, 2)
    if roi is None:
        return
    mask = np.zeros((roi[3] - roi[1], roi[2] - roi[0]), np.uint8)
    stroke(mask, np.array([foot, top]) - roi[:2], 0.04 * scale)
    tint(image, mask, roi, (210, 225, 230))
    _paint(
        image,
        np.array([top, low, tip]),
        np.array([(40, 60, 230), (40, 220, 240), (230, 230, 230), (200, 90, 30)][int(rng.integers(4))], float),
        camera.size_px,
    )


def lamps(image: Picture, rng: np.random.Generator, mask: Picture, roi: Roi) -> None:
    """Bright round lamps with a glow where a mask over `roi` is set: floodlights, headlights, flashes in the crowd."""
    radius, in_a_row = rng.uniform(0.8, 5), rng.random() < 0.5
    start = np.array([rng.uniform(roi[0], roi[2]), rng.uniform(roi[1], roi[3])])
    step = np.array([radius * rng.uniform(2, 4), rng.normal(0, 1)])
    reach = int(radius * 4) + 2
    for number in range(int(rng.integers(1, 9))):
        x, y = start + number * step if in_a_row else (rng.uniform(roi[0], roi[2]), rng.uniform(roi[1], roi[3]))
        if not (roi[0] <= x < roi[2] and roi[1] <= y < roi[3]) or not mask[int(y) - roi[1], int(x) - roi[0]]:
            continue
        near = bounds(np.array([(x - reach, y - reach), (x + reach, y + reach)]), image.shape[0], 0)
        if near is None:
            continue
        yy, xx = np.mgrid[near[1] : near[3], near[0] : near[2]].astype(np.float32)
        away = np.hypot(xx + 0.5 - np.float32(x), yy + 0.5 - np.float32(y))
        glow = np.clip(radius - away + 0.5, 0, 1) + 0.35 * np.exp(-((away / np.float32(radius * 1.8)) ** 2))
        tint(image, np.clip(glow, 0, 1).astype(np.float32), near, (245, 250, 252))
