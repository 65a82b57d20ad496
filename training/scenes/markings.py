"""The lines of a football pitch, and those that other sports left on the same ground."""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from training.scenes.camera import Camera, Floats
from training.scenes.paint import Floats32, Picture, fill, tint

_CLOSE_PX = 2_000
_ZOOM = 2


@dataclass(frozen=True)
class Pitch:
    """A field's size in metres; `share` scales the areas of smaller fields (1 = Law 1)."""

    length_m: float
    width_m: float
    share: float
    goal_width_m: float
    goal_height_m: float
    line_m: float


@dataclass(frozen=True)
class Paint:
    """How the lines look: colour (BGR), opacity, how worn (0..1), blur in pixels, and the other sports' lines."""

    colour: tuple[float, float, float]
    opacity: float
    worn: float
    blur_px: float
    other: tuple[tuple[float, float, float], ...]
    spot_only: bool = False


def choose_pitch(rng: np.random.Generator, *, small: bool) -> Pitch:
    """One of forty full fields, or one of forty of the small-sided game."""
    return _field(int(rng.integers(40)) + (40 if small else 0))


@cache
def _field(number: int) -> Pitch:
    rng = np.random.default_rng([501, number])
    if number < 40:
        return Pitch(rng.uniform(98, 106), rng.uniform(62, 70), 1.0, 7.32, 2.44, rng.uniform(0.10, 0.13))
    share = rng.uniform(0.45, 0.75)
    width, height = ((5.0, 2.0), (3.66, 1.83), (6.4, 2.13), (3.0, 2.0))[rng.integers(4)]
    return Pitch(105 * share, 68 * share, share, width, height, rng.uniform(0.07, 0.12))


def _arc(x: float, y: float, radius: float, start: float, end: float) -> Floats:
    angle = np.linspace(start, end, max(8, int(abs(end - start) * 8)))
    return np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], axis=1)


def _straight(x0: float, y0: float, x1: float, y1: float) -> Floats:
    steps = max(2, int(np.hypot(x1 - x0, y1 - y0) / 4))
    share = np.linspace(0, 1, steps)[:, None]
    return np.asarray(np.array([x0, y0]) + share * np.array([x1 - x0, y1 - y0]))


def lines(pitch: Pitch) -> list[Floats]:
    """Every line of Law 1 as points (N, 2) along its middle, in metres."""
    length, width, share = pitch.length_m, pitch.width_m, pitch.share
    middle = width / 2
    out = [
        _straight(0, 0, length, 0),
        _straight(0, width, length, width),
        _straight(length / 2, 0, length / 2, width),
        _arc(length / 2, middle, 9.15 * share, 0, 2 * np.pi),
    ]
    for goal_x, inward in ((0.0, 1.0), (length, -1.0)):
        out.append(_straight(goal_x, 0, goal_x, width))
        for depth, half in ((16.5 * share, 20.16 * share), (5.5 * share, 9.16 * share)):
            x = goal_x + inward * depth
            out += [
                _straight(goal_x, middle - half, x, middle - half),
                _straight(x, middle - half, x, middle + half),
                _straight(x, middle + half, goal_x, middle + half),
            ]
        open_angle = np.arccos(5.5 / 9.15)
        turn = 0 if inward > 0 else np.pi
        out.append(_arc(goal_x + inward * 11 * share, middle, 9.15 * share, turn - open_angle, turn + open_angle))
        for y, up in ((0.0, 1.0), (width, -1.0)):
            start = np.arctan2(up, inward) - np.pi / 4
            out.append(_arc(goal_x, y, 1.0, start, start + np.pi / 2))
    return out


def spots(pitch: Pitch) -> Floats:
    """The kick-off mark and the two penalty marks, (3, 2) metres."""
    middle, mark = pitch.width_m / 2, 11 * pitch.share
    return np.array([[pitch.length_m / 2, middle], [mark, middle], [pitch.length_m - mark, middle]])


def foreign_lines(rng: np.random.Generator, pitch: Pitch) -> list[Floats]:
    """Boxes, circles and lines of another game somewhere on the ground."""
    out = []
    for _ in range(rng.integers(2, 5)):
        x, y = rng.uniform(0, pitch.length_m), rng.uniform(0, pitch.width_m)
        wide, high = rng.uniform(8, 45), rng.uniform(6, 35)
        corners = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high), (x, y)]
        if rng.random() < 0.25:
            out.append(_arc(x, y, rng.uniform(2, 8), 0, 2 * np.pi))
        else:
            out += [_straight(*corners[i], *corners[i + 1]) for i in range(4)]
    return out


@dataclass(frozen=True)
class _Edges:
    """Both edges (2, N, 3) of lines as painted, in metres, and where each line begins among the N points."""

    points: Floats
    starts: tuple[int, ...]


def _edges(middles: list[Floats], line_m: float) -> _Edges:
    points = np.concatenate(middles)
    sides = []
    for line in middles:
        along = np.gradient(line, axis=0)
        sides.append(np.stack([-along[:, 1], along[:, 0]], axis=1) / np.hypot(along[:, 0], along[:, 1])[:, None])
    normals = np.concatenate(sides) * (line_m / 2)
    flat = np.zeros((2, len(points), 3))
    flat[0, :, :2], flat[1, :, :2] = points + normals, points - normals
    return _Edges(flat, (0, *np.cumsum([len(line) for line in middles]).tolist()))


@cache
def _field_edges(pitch: Pitch) -> _Edges:
    return _edges(lines(pitch), pitch.line_m)


def _coverage(camera: Camera, edges: _Edges, round_marks: Floats, mark_m: float) -> Picture | None:
    """Coverage (S, S) of lines at twice the scale reduced, or None where nothing is in the picture."""
    size = camera.size_px
    rings = []
    if len(edges.starts) > 1:
        left, right = camera.project(edges.points)
        near = np.all(np.isfinite(left) & (np.abs(left - size / 2) < size + _CLOSE_PX), axis=1)
        for start, stop in pairwise(edges.starts):
            for a, b in _runs(near[start:stop]):
                rings.append(np.concatenate([left[start + a : start + b], right[start + a : start + b][::-1]]))
    angle = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    disc = np.stack([np.cos(angle), np.sin(angle), np.zeros(16)], axis=1) * mark_m
    marks = camera.project(np.pad(round_marks, ((0, 0), (0, 1)))[:, None] + disc)
    rings += [ring for ring in marks if np.all(np.isfinite(ring))]
    mask: Picture | None = None
    for ring in rings:
        if np.all(ring.max(axis=0) > 0) and np.all(ring.min(axis=0) < size):
            mask = np.zeros((size * _ZOOM, size * _ZOOM), np.uint8) if mask is None else mask
            fill(mask, ring, zoom=_ZOOM)
    return None if mask is None else cv2.resize(mask, (size, size), interpolation=cv2.INTER_AREA)


def _runs(near: NDArray[np.bool_]) -> list[tuple[int, int]]:
    if not near.any():
        return []
    edges = np.flatnonzero(np.diff(np.concatenate([[False], near, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 1]


def draw_lines(
    image: Picture,
    camera: Camera,
    pitch: Pitch,
    paint: Paint,
    rng: np.random.Generator,
    wear: Floats32,
) -> None:
    """Paint the pitch's lines over the ground; `wear` (S, S) in 0..1 says where they are worn most."""
    size = camera.size_px
    for colour in paint.other:
        other = _coverage(camera, _edges(foreign_lines(rng, pitch), rng.uniform(0.05, 0.1)), np.zeros((0, 2)), 0)
        if other is not None:
            tint(image, other.astype(np.float32) * np.float32(rng.uniform(0.3, 0.8) / 255), (0, 0, size, size), colour)
    edges = _Edges(np.zeros((2, 0, 3)), (0,)) if paint.spot_only else _field_edges(pitch)
    mask = _coverage(camera, edges, spots(pitch), 0.12 + pitch.line_m * 0.4)
    if mask is None:
        return
    if paint.blur_px > 0.2:
        mask = cv2.GaussianBlur(mask, (0, 0), paint.blur_px)
    rows = np.flatnonzero(mask.any(axis=1))
    if len(rows) == 0:
        return
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    share = mask[top:bottom].astype(np.float32) * (paint.opacity / 255 * (1 - paint.worn * wear[top:bottom]))
    tint(image, share, (0, top, size, bottom), paint.colour)
