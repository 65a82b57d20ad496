"""Stands with small dense spectators, full or empty: what most often looks like players and is none."""

from functools import lru_cache

import cv2
import numpy as np

from training.scenes import noise
from training.scenes.glyphs import word, write
from training.scenes.paint import Picture
from training.scenes.textures import Texture, texture

PX_PER_M = 40
COUNT = 10
"""Different stands in one edition of the textures."""

_LENGTH_M, _ROW_M, _SEAT_M = 48, 0.62, 0.46
_SKIN = np.array(
    [[190, 200, 235], [160, 180, 225], [130, 155, 205], [90, 115, 165], [55, 75, 115], [35, 50, 80]], float
)


def _wardrobe(rng: np.random.Generator) -> np.ndarray:
    """Colours (K, 3) that this crowd wears: a club's colour or two among dark and pale everyday clothes."""
    everyday = [rng.uniform(12, 60) + rng.uniform(0, 22, 3) for _ in range(12)]
    everyday += [rng.uniform(110, 235) + rng.normal(0, 10, 3) for _ in range(5)]
    everyday += [0.45 * rng.uniform(20, 230, 3) + 0.45 * rng.uniform(40, 150) for _ in range(5)]
    club = [rng.uniform(0.6, 1) * rng.uniform(0, 240, 3) for _ in range(2)]
    club += [np.array([235, 235, 235.0]) if rng.random() < 0.5 else np.array([25, 25, 190.0])]
    share = rng.uniform(0, 0.6) if rng.random() < 0.8 else rng.uniform(0.6, 0.9)
    count = round(22 * share / max(1 - share, 0.1))
    return np.clip(np.array(everyday + [club[int(rng.integers(3))] for _ in range(count)]), 5, 250)


def _spectator(canvas: Picture, x: float, y: float, scale: float, rng: np.random.Generator, cloth: np.ndarray) -> None:
    """One person from the head to where the row in front begins; (x, y) the middle of the shoulders' base, pixels."""
    draw = rng.random(10)
    skin = _SKIN[int(draw[0] ** 1.5 * 6)] * (0.75 + 0.35 * draw[1])
    wide, tall = (0.23 + 0.05 * draw[2]) * scale, 0.62 * scale
    body = tuple(np.clip(cloth * (0.7 + 0.5 * draw[3]), 0, 255))
    head_y = y - tall - 0.12 * scale
    x0 = int(x * 16)
    cv2.ellipse(
        canvas,
        (x0, int((y - tall * 0.42) * 16)),
        (int(wide * 16), int(tall * 0.62 * 16)),
        0,
        0,
        360,
        body,
        -1,
        cv2.LINE_AA,
        4,
    )
    if draw[4] < 0.12:  # arms up
        for way in (-1, 1):
            elbow = (int((x + way * wide * 1.2) * 16), int((head_y + 0.1 * scale) * 16))
            hand = (int((x + way * wide * (0.6 + draw[5])) * 16), int((head_y - 0.32 * scale) * 16))
            cv2.line(
                canvas,
                (int((x + way * wide * 0.8) * 16), int((y - tall * 0.8) * 16)),
                elbow,
                body,
                max(1, int(scale * 0.1)),
                cv2.LINE_AA,
                4,
            )
            cv2.line(canvas, elbow, hand, tuple(skin), max(1, int(scale * 0.09)), cv2.LINE_AA, 4)
    elif draw[4] < 0.3:  # a scarf or an open collar
        other = tuple(np.clip(255 - cloth * draw[6], 0, 255))
        cv2.ellipse(
            canvas,
            (x0, int((y - tall * 0.85) * 16)),
            (int(wide * 9), int(0.1 * scale * 16)),
            0,
            0,
            360,
            other,
            -1,
            cv2.LINE_AA,
            4,
        )
    lean = (draw[7] - 0.5) * 0.1 * scale
    head = (int((x + lean) * 16), int(head_y * 16))
    cv2.ellipse(
        canvas, head, (int(0.095 * scale * 16), int(0.135 * scale * 16)), 0, 0, 360, tuple(skin), -1, cv2.LINE_AA, 4
    )
    if draw[8] < 0.85:  # hair or a cap
        top = tuple(np.array([30, 40, 55.0]) * (0.4 + 2.2 * draw[9] ** 2)) if draw[8] < 0.7 else body
        spot = (head[0], int((head_y - 0.045 * scale) * 16))
        cv2.ellipse(
            canvas, spot, (int(0.105 * scale * 16), int(0.105 * scale * 16)), 0, 180, 360, top, -1, cv2.LINE_AA, 4
        )


def _seats(canvas: Picture, y: float, colour: np.ndarray, rng: np.random.Generator) -> None:
    """A row of empty seats along the whole stand."""
    width = canvas.shape[1]
    step = _SEAT_M * PX_PER_M
    for i in range(int(width / step) + 1):
        light = rng.uniform(0.8, 1.15)
        x = i * step
        cv2.rectangle(
            canvas,
            (int(x + 2), int(y - 0.42 * PX_PER_M)),
            (int(x + step - 3), int(y - 0.1 * PX_PER_M)),
            tuple(np.clip(colour * light, 0, 255)),
            -1,
        )
        cv2.line(
            canvas,
            (int(x), int(y - 0.02 * PX_PER_M)),
            (int(x + step), int(y - 0.02 * PX_PER_M)),
            tuple(colour * 0.35),
            2,
        )


def _fascia(canvas: Picture, y0: int, y1: int, rng: np.random.Generator) -> None:
    """The front of an upper tier, with writing on it as often as not."""
    colour = rng.uniform(10, 240, 3)
    cv2.rectangle(canvas, (0, y0), (canvas.shape[1], y1), tuple(colour), -1)
    if rng.random() < 0.6:
        ink = tuple(np.where(colour > 120, 20, 235.0) + rng.normal(0, 12, 3))
        x, high = rng.uniform(0, 60), (y1 - y0) * 0.62
        while x < canvas.shape[1] - 120:
            x = write(
                canvas, word(rng), x, y0 + (y1 - y0) * 0.18, high, ink, weight=rng.uniform(0.12, 0.24)
            ) + rng.uniform(20, 160)


@lru_cache(maxsize=COUNT * 2)
def stand(edition: int, number: int) -> Texture:
    """A stand of the edition, made when it is first needed: rows from the front (below) to the back."""
    rng = np.random.default_rng([201, edition, number])
    rows = int(rng.integers(14, 36))
    height, width = int(rows * _ROW_M * PX_PER_M), _LENGTH_M * PX_PER_M
    concrete = np.full(3, rng.uniform(30, 130)) + rng.normal(0, 6, 3)
    canvas = np.empty((height, width, 3), np.uint8)
    canvas[:] = np.clip(concrete, 0, 255)
    seat = rng.uniform(20, 220, 3) * rng.uniform(0.5, 1)
    full = (rng.uniform(0.75, 1), rng.uniform(0.3, 0.75), rng.uniform(0, 0.3))[int(rng.choice(3, p=[0.6, 0.25, 0.15]))]
    clothes = _wardrobe(rng)
    standing = rng.random() < 0.3
    stair_every = rng.uniform(7, 16) * PX_PER_M
    stair_wide = rng.uniform(0.8, 1.4) * PX_PER_M
    patchy = noise.blotches(3)
    for row in range(rows - 1, -1, -1):
        y = height - row * _ROW_M * PX_PER_M
        cv2.line(canvas, (0, int(y)), (width, int(y)), tuple(concrete * 0.6), 3)
        if not standing:
            _seats(canvas, y, seat, rng)
        x = rng.uniform(0, _SEAT_M * PX_PER_M)
        while x < width:
            on_stair = (x % stair_every) < stair_wide
            local = full + 0.15 * float(patchy[(row * 9) % 512, int(x / 4) % 512])
            if not on_stair and rng.random() < local:
                rise = (0.05 + 0.25 * rng.random() ** 3 + (0.2 if standing else 0)) * PX_PER_M
                size = PX_PER_M * rng.uniform(0.76, 0.98)
                _spectator(
                    canvas, x + rng.normal(0, 2), y - rise * 0.5, size, rng, clothes[int(rng.integers(len(clothes)))]
                )
            x += _SEAT_M * PX_PER_M * (rng.uniform(0.75, 1.25) if standing else 1)
        for x in np.arange(0, width, stair_every):
            step = tuple(np.clip(concrete * (1.5 if row % 2 else 1.15), 0, 255))
            cv2.rectangle(canvas, (int(x), int(y - _ROW_M * PX_PER_M)), (int(x + stair_wide), int(y)), step, -1)
    for _ in range(int(rng.integers(0, 3))):
        y0 = int(rng.uniform(0.1, 0.8) * height)
        _fascia(canvas, y0, y0 + int(rng.uniform(0.6, 1.5) * PX_PER_M), rng)
    _hang_cloths(canvas, rng)
    # The upper rows lie under the roof.
    dark = np.linspace(rng.uniform(0.4, 1), 1, height, dtype=np.float32)[:, None, None]
    light = canvas * dark * np.float32(rng.uniform(0.55, 1.25))
    return texture(cv2.convertScaleAbs(light), PX_PER_M)


def _hang_cloths(canvas: Picture, rng: np.random.Generator) -> None:
    """Banners, flags and rails over the crowd."""
    height, width = canvas.shape[:2]
    for _ in range(int(rng.integers(0, 5))):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        wide, high = rng.uniform(1, 6) * PX_PER_M, rng.uniform(0.5, 1.6) * PX_PER_M
        colour = rng.uniform(0, 255, 3)
        cv2.rectangle(canvas, (int(x), int(y)), (int(x + wide), int(y + high)), tuple(colour), -1)
        write(canvas, word(rng), x + 6, y + high * 0.2, high * 0.6, tuple(np.where(colour > 120, 15, 240.0)))
    for _ in range(int(rng.integers(0, 12))):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        ring = (
            np.array([[0, 0], [1.1, rng.uniform(-0.3, 0.3)], [1.0, 0.7], [0.05, rng.uniform(0.5, 0.8)]])
            * PX_PER_M
            * rng.uniform(0.5, 1.3)
        )
        cv2.fillPoly(
            canvas, [np.round(np.add(ring, (x, y))).astype(np.int32)], tuple(rng.uniform(0, 255, 3)), cv2.LINE_AA
        )
    if rng.random() < 0.3:  # poles of a roof or of a net before the crowd
        tone = tuple(np.full(3, rng.uniform(20, 220)))
        for x in np.arange(rng.uniform(0, 200), width, rng.uniform(3, 12) * PX_PER_M):
            cv2.line(canvas, (int(x), 0), (int(x), height), tone, int(rng.integers(2, 8)))
    if rng.random() < 0.5:
        y = int(height - rng.uniform(0.5, 1.0) * PX_PER_M)
        rail = tuple(np.full(3, rng.uniform(40, 220)))
        cv2.line(canvas, (0, y), (width, y), rail, 3)
        for x in range(0, width, int(rng.uniform(0.1, 1.5) * PX_PER_M) + 3):
            cv2.line(canvas, (x, y), (x, height), rail, 2)
