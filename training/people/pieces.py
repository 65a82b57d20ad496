"""Pieces of a person's surface: what clothes, skin, hair and things in the hand are all made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from training.people.body import BodyModel, FloatArray, RestBody
from training.people.regions import BoolArray, Membership, Regions, membership, regions
from training.people.sprite import Part


@dataclass(frozen=True)
class Piece:
    """A surface of a person at rest: N vertices, T triangles, J bones."""

    vertices: FloatArray  # (N, 3) metres
    weights: FloatArray  # (N, J)
    triangles: NDArray[np.int32]  # (T, 3)
    part: NDArray[np.uint8]  # (T,)
    beyond: NDArray[np.uint8]  # (T,) part where `edge` is above 0: a seam that does not follow the triangles
    edge: FloatArray  # (T, 3) at the corners
    around: FloatArray  # (T, 3) radians around trunk or limb at the corners, 0 at the front
    v: FloatArray  # (T, 3) 0 at the upper edge of the garment, 1 at its hem


@dataclass(frozen=True, eq=False)
class Surface:
    """One surface of the model with what does not change from body to body."""

    model: BodyModel
    name: str

    @cached_property
    def vertices(self) -> NDArray[np.int32]:
        used: NDArray[np.int32] = np.unique(self.model.surfaces[self.name])
        return used

    @cached_property
    def triangles(self) -> NDArray[np.int32]:
        return np.searchsorted(self.vertices, self.model.surfaces[self.name]).astype(np.int32)

    @cached_property
    def weights(self) -> FloatArray:
        return self.model.weights[self.vertices]

    @cached_property
    def edges(self) -> NDArray[np.int32]:
        """(E, 2) neighbouring vertices, each pair in both directions."""
        pairs = np.concatenate([self.triangles[:, [0, 1]], self.triangles[:, [1, 2]], self.triangles[:, [2, 0]]])
        found: NDArray[np.int32] = np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
        return found

    @cached_property
    def members(self) -> Membership:
        return membership(self.model, self.vertices)

    def regions(self, body: RestBody) -> Regions:
        return regions(self.model, body, self.vertices, self.members)


def vertex_normals(points: FloatArray, triangles: NDArray[np.int32]) -> FloatArray:
    """(V, 3) unit normals, those of the triangles around a vertex weighted by their areas."""
    a, b, c = (points[triangles[:, k]] for k in range(3))
    across = np.cross(b - a, c - a)
    total = np.zeros_like(points)
    for axis in range(3):
        for corner in range(3):
            total[:, axis] += np.bincount(triangles[:, corner], weights=across[:, axis], minlength=len(points))
    unit: FloatArray = total / np.maximum(np.sqrt(np.einsum("va,va->v", total, total)), 1e-12)[:, None]
    return unit


def relaxed(values: FloatArray, edges: NDArray[np.int32], share: FloatArray, *, rounds: int) -> FloatArray:
    """Values of vertices drawn towards the mean of their neighbours, each round by a share of its own, (N,) 0..1."""
    count = np.maximum(np.bincount(edges[:, 0], minlength=len(values)), 1)[:, None]
    chosen = edges[share[edges[:, 0]] > 0]
    for _ in range(rounds):
        total = np.zeros_like(values)
        for column in range(values.shape[1]):
            total[:, column] = np.bincount(chosen[:, 0], weights=values[chosen[:, 1], column], minlength=len(values))
        values = np.where(share[:, None] > 0, values + share[:, None] * (total / count - values), values)
    return values


def piece_of(
    surface: Surface,
    points: FloatArray,
    keep: BoolArray,
    part: NDArray[np.int_],
    *,
    around: FloatArray,
    v: FloatArray,
    beyond: NDArray[np.int_] | None = None,
    edge: FloatArray | None = None,
    weights: FloatArray | None = None,
) -> Piece:
    """The kept triangles of a surface; `around` and `v` are given for its vertices or for its triangles' corners."""
    triangles = surface.triangles[keep]
    return Piece(
        vertices=points.astype(np.float32),
        weights=surface.weights if weights is None else weights,
        triangles=triangles,
        part=part[keep].astype(np.uint8),
        beyond=(part if beyond is None else beyond)[keep].astype(np.uint8),
        edge=np.full((len(triangles), 3), -1, np.float32) if edge is None else edge[keep].astype(np.float32),
        around=(around[triangles] if around.ndim == 1 else around[keep]).astype(np.float32),
        v=np.clip(v[triangles] if v.ndim == 1 else v[keep], 0, 1).astype(np.float32),
    )


def on_bone(model: BodyModel, points: FloatArray, triangles: NDArray[np.int32], bone: str, part: Part) -> Piece:
    """A stiff piece that moves with one bone."""
    weights = np.zeros((len(points), len(model.bones)), np.float32)
    weights[:, model.bone_index[bone]] = 1
    count = len(triangles)
    return Piece(
        vertices=points.astype(np.float32),
        weights=weights,
        triangles=triangles,
        part=np.full(count, part, np.uint8),
        beyond=np.full(count, part, np.uint8),
        edge=np.full((count, 3), -1, np.float32),
        around=np.zeros((count, 3), np.float32),
        v=np.zeros((count, 3), np.float32),
    )


def grid(rows: int, columns: int) -> NDArray[np.int32]:
    """Triangles of a grid of rows times columns vertices."""
    first = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)[None, :]).ravel()
    return np.concatenate(
        [
            np.stack([first, first + 1, first + columns], axis=1),
            np.stack([first + 1, first + columns + 1, first + columns], axis=1),
        ]
    ).astype(np.int32)


def smooth(share: FloatArray) -> FloatArray:
    """0 below 0, 1 above 1, an s-curve between."""
    t = np.clip(share, 0, 1)
    curve: FloatArray = t * t * (3 - 2 * t)
    return curve
