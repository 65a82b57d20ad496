"""Which triangle is seen at which pixel: a z-buffer, filled by one loop compiled for the CPU.

The loop runs on one thread in a fixed order, so that the same triangles give the same bytes everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import warp as wp
from numpy.typing import NDArray

wp.config.quiet = True

NOTHING = -1


@dataclass(frozen=True)
class Fragments:
    """What is seen at each sample of a picture.

    `triangle` is (H, W), -1 where nothing is; `weights` (H, W, 3) are the shares of the triangle's corners;
    `depth` (H, W) metres away from the camera, +inf where nothing is.
    """

    triangle: NDArray[np.int32]
    weights: NDArray[np.float32]
    depth: NDArray[np.float32]


def rasterise(
    corners: NDArray[np.floating[Any]], triangles: NDArray[np.int32], *, height: int, width: int
) -> Fragments:
    """Draws triangles, both of their sides, the nearest one winning.

    Args:
        corners: (V, 3) x to the right and y down in samples, then depth in metres.
        triangles: (T, 3) numbers of corners.
        height: rows of samples.
        width: columns of samples.
    """
    triangle = np.full((height, width), NOTHING, np.int32)
    weights = np.zeros((height, width, 3), np.float32)
    depth = np.full((height, width), np.inf, np.float32)
    wp.launch(
        _fill,
        dim=1,  # one thread: the loop is inside, its order is fixed
        inputs=[
            _shared(np.ascontiguousarray(corners, np.float32), wp.vec3),
            _shared(np.ascontiguousarray(triangles, np.int32), wp.vec3i),
            _shared(triangle, wp.int32),
            _shared(weights, wp.vec3),
            _shared(depth, wp.float32),
            height,
            width,
        ],
        device="cpu",
    )
    return Fragments(triangle, weights, depth)


def _shared(array: NDArray[Any], kind: Any) -> Any:
    """The same memory as the kernel sees it, without a copy."""
    return wp.array(array, dtype=kind, device="cpu", copy=False)


@wp.kernel  # type: ignore[untyped-decorator]
def _fill(
    corners: wp.array(dtype=wp.vec3),  # type: ignore[valid-type]
    triangles: wp.array(dtype=wp.vec3i),  # type: ignore[valid-type]
    triangle: wp.array2d(dtype=wp.int32),  # type: ignore[valid-type]
    weights: wp.array2d(dtype=wp.vec3),  # type: ignore[valid-type]
    depth: wp.array2d(dtype=wp.float32),  # type: ignore[valid-type]
    height: wp.int32,
    width: wp.int32,
) -> None:
    for t in range(triangles.shape[0]):
        a = corners[triangles[t][0]]
        b = corners[triangles[t][1]]
        c = corners[triangles[t][2]]
        area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        if area != 0.0:
            # samples lie at whole numbers plus a half
            left = wp.max(wp.int32(wp.ceil(wp.min(wp.min(a[0], b[0]), c[0]) - 0.5)), 0)
            right = wp.min(wp.int32(wp.floor(wp.max(wp.max(a[0], b[0]), c[0]) - 0.5)), width - 1)
            top = wp.max(wp.int32(wp.ceil(wp.min(wp.min(a[1], b[1]), c[1]) - 0.5)), 0)
            bottom = wp.min(wp.int32(wp.floor(wp.max(wp.max(a[1], b[1]), c[1]) - 0.5)), height - 1)
            for row in range(top, bottom + 1):
                y = wp.float32(row) + 0.5
                for column in range(left, right + 1):
                    x = wp.float32(column) + 0.5
                    wa = ((b[0] - x) * (c[1] - y) - (b[1] - y) * (c[0] - x)) / area
                    wb = ((c[0] - x) * (a[1] - y) - (c[1] - y) * (a[0] - x)) / area
                    wc = 1.0 - wa - wb
                    if wa >= -1.0e-5 and wb >= -1.0e-5 and wc >= -1.0e-5:
                        z = wa * a[2] + wb * b[2] + wc * c[2]
                        if z < depth[row, column]:
                            depth[row, column] = z
                            triangle[row, column] = t
                            weights[row, column] = wp.vec3(wa, wb, wc)
