"""Advertising boards: printed, lit, or with nothing on them; also the cloth on dugout roofs."""

from functools import lru_cache

import cv2
import numpy as np

from training.scenes.glyphs import word, write
from training.scenes.paint import Picture
from training.scenes.textures import Texture, texture

COUNT = 24
"""Different rows of boards in one edition of the textures."""

_HEIGHT_PX, _LENGTH_PX = 64, 2560


def _colour(rng: np.random.Generator) -> np.ndarray:
    draw = rng.random()
    if draw < 0.25:
        return np.full(3, rng.uniform(200, 250))
    if draw < 0.42:
        return np.full(3, rng.uniform(8, 50))
    vivid = rng.uniform(0, 90, 3)
    vivid[rng.integers(3)] = rng.uniform(130, 250)
    if rng.random() < 0.35:
        vivid[rng.integers(3)] = rng.uniform(130, 250)
    return vivid


def _ink(ground: np.ndarray, rng: np.random.Generator) -> tuple[float, ...]:
    bright = float(ground @ (0.11, 0.59, 0.3))
    if rng.random() < 0.25:
        vivid = _colour(rng)
        if abs(float(vivid @ (0.11, 0.59, 0.3)) - bright) > 60:
            return tuple(vivid)
    return tuple(np.full(3, 240.0 if bright < 130 else 20.0))


def _logo(canvas: Picture, x: float, y: float, size: float, ink: tuple[float, ...], rng: np.random.Generator) -> float:
    """A mark of a few simple shapes; returns its width."""
    kind = int(rng.integers(5))
    middle = (int(x + size / 2), int(y + size / 2))
    if kind == 0:
        cv2.circle(canvas, middle, int(size * 0.45), ink, -1 if rng.random() < 0.5 else 3, cv2.LINE_AA)
    elif kind == 1:
        ring = np.array([[0, 1], [0.5, 0], [1, 1]]) * size + (x, y)
        cv2.fillPoly(canvas, [ring.astype(np.int32)], ink, cv2.LINE_AA)
    elif kind == 2:
        for i in range(4):
            cv2.circle(canvas, (int(x + size * (0.3 + 0.35 * i)), middle[1]), int(size * 0.28), ink, 3, cv2.LINE_AA)
        return size * 1.8
    elif kind == 3:
        for i in range(3):
            ring = np.array([[0.1 + 0.3 * i, 1], [0.3 + 0.3 * i, 1], [0.5 + 0.3 * i, 0], [0.3 + 0.3 * i, 0]]) * size + (
                x,
                y,
            )
            cv2.fillPoly(canvas, [ring.astype(np.int32)], ink, cv2.LINE_AA)
        return size * 1.3
    else:
        cv2.ellipse(
            canvas, middle, (int(size * 0.5), int(size * 0.25)), rng.uniform(0, 90), 0, 360, ink, -1, cv2.LINE_AA
        )
    return size * 1.1


def _panel(canvas: Picture, x0: int, x1: int, rng: np.random.Generator) -> None:
    ground = _colour(rng)
    canvas[:, x0:x1] = ground
    if rng.random() < 0.15:  # light that runs along the board
        share = np.linspace(0, 1, x1 - x0)[None, :, None]
        canvas[:, x0:x1] = ground + share * (_colour(rng) - ground)
    ink, text = _ink(ground, rng), word(rng)
    weight, slant = rng.uniform(0.1, 0.26), rng.choice([0, 0, 0.2])
    high = _HEIGHT_PX * rng.uniform(0.3, 0.68)
    top = (_HEIGHT_PX - high) / 2
    x = x0 + rng.uniform(5, 50)
    every = rng.uniform(10, 90)
    aspect = rng.uniform(0.45, 0.9)
    has_logo = rng.random() < 0.5
    room = high * aspect * 1.35 * len(text) + (high * 2 if has_logo else 0)
    shrink = min(1.0, (x1 - x - 8) / room)
    if shrink > 0.35:  # else the panel stays empty, as some are
        high, room = high * shrink, room * shrink * 0.99
        top = (_HEIGHT_PX - high) / 2
    while x + room < x1:
        if has_logo:
            x += _logo(canvas, x, top, high, ink, rng) + 8
        x = write(canvas, text, x, top, high, ink, weight=weight, aspect=aspect, slant=slant) + every
        if rng.random() < 0.3:
            break


@lru_cache(maxsize=COUNT * 2)
def board(edition: int, number: int) -> Texture:
    """A row of boards 1 m high of the edition, made when it is first needed."""
    rng = np.random.default_rng([202, edition, number])
    canvas = np.zeros((_HEIGHT_PX, _LENGTH_PX, 3), np.uint8)
    x, long = 0, rng.choice([200, 384, 640, 1280])
    while x < _LENGTH_PX:
        end = min(_LENGTH_PX, x + int(long * rng.uniform(0.8, 1.2)))
        _panel(canvas, x, end, rng)
        if rng.random() < 0.4:
            cv2.line(canvas, (end - 1, 0), (end - 1, _HEIGHT_PX), (90, 90, 90), 2)
        x = end
    if rng.random() < 0.5:
        edge = tuple(np.full(3, rng.uniform(20, 230)))
        cv2.rectangle(canvas, (0, 0), (_LENGTH_PX, int(rng.uniform(2, 6))), edge, -1)
    foot = rng.uniform(0.3, 1)
    canvas[-int(rng.uniform(2, 8)) :] = canvas[-1:] * foot * 0.5
    return texture(canvas, _HEIGHT_PX)


@lru_cache(maxsize=16)
def roof(edition: int, number: int) -> Texture:
    """Panes or cloth of a dugout's roof or back, 1.6 m wide, with frames between the panes."""
    rng = np.random.default_rng([203, edition, number])
    height, width = 104, 1280
    colour = _colour(rng)
    canvas = np.empty((height, width, 3), np.uint8)
    canvas[:] = colour
    canvas[: height // 2] = np.clip(colour * rng.uniform(0.8, 1.25), 0, 255)
    pane = int(rng.uniform(60, 130))
    frame = tuple(np.full(3, rng.uniform(30, 240)))
    ink, text = _ink(colour, rng), word(rng, 3, 6)
    for x in range(0, width, pane):
        cv2.line(canvas, (x, 0), (x, height), frame, 3)
        if rng.random() < 0.7:
            write(canvas, text, x + 10, height * 0.4, pane * 0.16, ink, weight=0.2)
    cv2.line(canvas, (0, height - 3), (width, height - 3), frame, 5)
    cv2.line(canvas, (0, 2), (width, 2), frame, 4)
    return texture(canvas, 64)
