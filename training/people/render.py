"""Draws a figure from a camera far away: coverage, parts, normals, shade of hollows, cloth coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from training.people.body import FloatArray
from training.people.figure import Figure
from training.people.raster import NOTHING, Fragments, rasterise
from training.people.sprite import Int8Array, Part, Uint8Array

SAMPLES = 2  # along each side of a pixel
MARGIN_PX = 2
EDGE_M = 0.03  # a step in depth between neighbouring samples that is no slope of one surface
CLOTH = (
    Part.SHIRT,
    Part.SLEEVE_LEFT,
    Part.SLEEVE_RIGHT,
    Part.COLLAR,
    Part.SHORTS,
    Part.TROUSERS,
    Part.BIB,
    Part.COAT,
)
IS_CLOTH = np.isin(np.arange(len(Part)), CLOTH)


@dataclass(frozen=True)
class View:
    """Where the camera stands; its distance is so large that lines of sight are parallel."""

    heading_deg: float
    elevation_deg: float
    px_per_m: float


@dataclass(frozen=True)
class Picture:
    """A drawn figure, cropped; the fields as in `Sprite`, and points of the figure in its pixels."""

    alpha: Uint8Array
    part: Uint8Array
    normal: Int8Array
    occlusion: Uint8Array
    u: Uint8Array
    v: Uint8Array
    ground: tuple[float, float]
    head: tuple[float, float]
    hands: tuple[float, float]


def render(drawn: Figure, view: View) -> Picture:
    """The figure as that camera sees it."""
    turn = _camera(view)
    scale = view.px_per_m * SAMPLES
    seen = drawn.vertices @ turn.T  # x right, y up, z towards the camera
    corners = np.stack([seen[:, 0] * scale, -seen[:, 1] * scale, -seen[:, 2]], axis=1)
    is_drawn = np.zeros(len(corners), bool)
    is_drawn[drawn.triangles.ravel()] = True
    used = corners[is_drawn, :2]
    margin = (MARGIN_PX + 1) * SAMPLES
    origin = np.floor(used.min(axis=0) / SAMPLES) * SAMPLES - margin
    corners[:, :2] -= origin
    width, height = (int(np.ceil(side / SAMPLES) * SAMPLES) for side in used.max(axis=0) - origin + margin)
    fragments = rasterise(corners, drawn.triangles, height=height, width=width)
    samples = _shade(drawn, fragments, corners, drawn.normals @ turn.T, samples_per_m=scale)
    picture = _reduced(samples, fragments, view)
    rows, columns = (np.flatnonzero(picture["alpha"].any(axis=axis)) for axis in (1, 0))
    top, bottom = rows[0] - MARGIN_PX, rows[-1] + MARGIN_PX + 1
    left, right = columns[0] - MARGIN_PX, columns[-1] + MARGIN_PX + 1
    shift = origin / SAMPLES + (left, top)

    def at(point: FloatArray) -> tuple[float, float]:
        x, y, _ = turn @ point
        return float(x * view.px_per_m - shift[0]), float(-y * view.px_per_m - shift[1])

    cropped = {name: np.ascontiguousarray(image[top:bottom, left:right]) for name, image in picture.items()}
    return Picture(**cropped, ground=at(drawn.ground), head=at(drawn.head), hands=at(drawn.hands))


def _camera(view: View) -> FloatArray:
    """(3, 3) from the figure's frame to right, up, towards the camera, which stands at -y."""
    heading, elevation = np.radians(view.heading_deg), np.radians(view.elevation_deg)
    turn = np.array([[np.cos(heading), -np.sin(heading), 0], [np.sin(heading), np.cos(heading), 0], [0, 0, 1]])
    look = np.array(
        [
            [1, 0, 0],
            [0, np.sin(elevation), np.cos(elevation)],
            [0, -np.cos(elevation), np.sin(elevation)],
        ]
    )
    camera: FloatArray = (look @ turn).astype(np.float32)
    return camera


@dataclass(frozen=True)
class _Samples:
    """Values of the S samples that are covered."""

    part: NDArray[np.uint8]
    normal: FloatArray  # (S, 3)
    is_inside: NDArray[np.bool_]  # the inner side of cloth is seen
    u: NDArray[np.uint8]
    v: NDArray[np.uint8]


def _shade(
    drawn: Figure, fragments: Fragments, corners: FloatArray, normals: FloatArray, *, samples_per_m: float
) -> _Samples:
    covered = fragments.triangle != NOTHING
    triangle, weights = fragments.triangle[covered], fragments.weights[covered]
    vertices = drawn.triangles[triangle]
    normal = _blend(normals, vertices, weights)
    a, b, c = (corners[vertices[:, k], :2] for k in range(3))
    # pixels run down, so a triangle that faces the camera has a negative area here
    is_back = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) > (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    normal[is_back] *= -1
    is_beyond = _dot(weights, drawn.edge[triangle]) > 0
    part = np.where(is_beyond, drawn.beyond[triangle], drawn.part[triangle])
    is_cloth = IS_CLOTH[part]
    place = _blend(drawn.rest, vertices[is_cloth], weights[is_cloth])
    height = np.zeros(len(part), np.float32)
    height[is_cloth] = drawn.folds(place) * drawn.fold_m
    normal[:, :2] -= _slopes(_spread(height, covered), fragments.depth, samples_per_m)[covered]
    normal[:, 2] = np.maximum(normal[:, 2], 0.03)
    normal /= np.sqrt(_dot(normal, normal))[:, None]
    around = drawn.around[triangle]
    angle = np.arctan2(_dot(weights, np.sin(around)), _dot(weights, np.cos(around)))
    return _Samples(
        part=part,
        normal=normal,
        is_inside=is_back & is_cloth,
        u=(np.round(64 + angle / (2 * np.pi) * 256).astype(int) % 256).astype(np.uint8),
        v=np.round(_dot(weights, drawn.v[triangle]) * 255).astype(np.uint8),
    )


def _dot(a: FloatArray, b: FloatArray) -> FloatArray:
    """(S,) row by row; numpy's own sum over so short an axis takes several times as long."""
    dots: FloatArray = np.einsum("sk,sk->s", a, b)
    return dots


def _blend(values: FloatArray, vertices: NDArray[np.int32], weights: FloatArray) -> FloatArray:
    """(S, A) values of vertices between the corners of their triangles; (S, 3) vertices and weights."""
    blended = values[vertices[:, 0]] * weights[:, :1]
    blended += values[vertices[:, 1]] * weights[:, 1:2]
    blended += values[vertices[:, 2]] * weights[:, 2:]
    return blended


def _slopes(height: FloatArray, depth: FloatArray, samples_per_m: float) -> FloatArray:
    """(H, W, 2) slopes of the folds to the right and up; none across the edge of what lies before something else."""
    slopes = np.zeros((*height.shape, 2), np.float32)
    depth = np.where(np.isfinite(depth), depth, 1e3)
    rise = (height[:, 2:] - height[:, :-2]) * samples_per_m / 2
    same = np.abs(depth[:, 2:] - depth[:, :-2]) < EDGE_M
    slopes[:, 1:-1, 0] = np.where(same, rise, 0)
    rise = (height[:-2] - height[2:]) * samples_per_m / 2
    same = np.abs(depth[2:] - depth[:-2]) < EDGE_M
    slopes[1:-1, :, 1] = np.where(same, rise, 0)
    return np.clip(slopes, -0.7, 0.7)


def _reduced(samples: _Samples, fragments: Fragments, view: View) -> dict[str, NDArray[Any]]:
    """Samples to pixels: coverage and shade are means, the part is the most frequent, cloth follows the part."""
    covered = fragments.triangle != NOTHING
    count = np.add.reduce(_blocks(covered.astype(np.uint8)))
    part = _blocks(_spread(samples.part, covered))
    votes = np.stack([sum((one == other).astype(np.uint8) for other in part) * (one != Part.NONE) for one in part])
    winner = votes.argmax(axis=0)[None]

    def of_winner(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
        of_samples = np.stack(_blocks(_spread(values, covered)))
        chosen: NDArray[np.uint8] = np.take_along_axis(of_samples, winner, axis=0)[0]
        return chosen

    def mean(values: NDArray[np.generic]) -> FloatArray:
        total = np.add.reduce(_blocks(_spread(values.astype(np.float32), covered)))
        of_covered: FloatArray = total / np.maximum(count, 1)
        return of_covered

    x, y, z = (mean(samples.normal[:, axis]) for axis in range(3))
    length = np.maximum(np.sqrt(x * x + y * y + z * z), 1e-6)
    normal = np.stack([x / length, y / length], axis=2)
    light = _openness(mean(fragments.depth[covered]), count > 0, view.px_per_m) * (1 - 0.45 * mean(samples.is_inside))
    return {
        "alpha": np.round(count * (255 / SAMPLES**2)).astype(np.uint8),
        "part": of_winner(samples.part),
        "normal": np.round(normal * 127).astype(np.int8),
        "occlusion": np.round(light * 255).astype(np.uint8),
        "u": of_winner(samples.u),
        "v": of_winner(samples.v),
    }


def _openness(depth: FloatArray, covered: NDArray[np.bool_], px_per_m: float) -> FloatArray:
    """(h, w) 1 in the open, less where what is around lies nearer to the camera: folds, armpits, behind arms."""
    flat = np.where(covered, depth, 0).astype(np.float32)
    mask = covered.astype(np.float32)
    light = np.ones_like(flat)
    for reach_m, strength in ((0.03, 0.35), (0.1, 0.45)):
        side = 2 * max(round(reach_m * px_per_m), 1) + 1
        near, share = (_softened(image, side) for image in (flat, mask))
        gap = flat - near / np.maximum(share, 1e-3)
        # an arm far before the chest takes little light from it
        sunk = np.clip(gap / (1.2 * reach_m), 0, 1) / (1 + (gap / (3 * reach_m)) ** 2)
        light *= 1 - strength * sunk
    return light


def _softened(image: FloatArray, side: int) -> FloatArray:
    """Two box means, nearly a bell, at a cost that does not grow with their size; nothing beyond the border."""
    for _ in range(2):
        image = np.asarray(cv2.blur(image, (side, side), borderType=cv2.BORDER_CONSTANT))
    return image


def _spread(values: NDArray, covered: NDArray[np.bool_]) -> NDArray:  # type: ignore[type-arg]
    image = np.zeros(covered.shape, values.dtype)
    image[covered] = values
    return image


def _blocks(image: NDArray) -> list[NDArray]:  # type: ignore[type-arg]
    """The samples of all pixels, as one (h, w) image for each place within a pixel."""
    return [image[row::SAMPLES, column::SAMPLES] for row in range(SAMPLES) for column in range(SAMPLES)]
