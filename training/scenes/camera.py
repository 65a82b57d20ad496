"""Where the camera stands and how the pitch falls into the picture: one 3x4 matrix, and a slight bend of the lens.

Frames of reference: the pitch in metres (x along the touchline, y across, z up, origin in the corner that is left and
near for an unturned pitch) and the picture in pixels (x right, y down, the middle of the first pixel at 0.5).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[Any]
"""float64."""

ADULT_M = 1.78
"""The standing adult whose height in pixels sets the scale."""

_NEAR_M = 0.5


@dataclass(frozen=True)
class Camera:
    """A pinhole before the pitch, with one radial term.

    `matrix` (3, 4) takes homogeneous pitch metres to homogeneous pixels, its third row giving the distance along the
    optical axis in metres. The rows of `axes` (3, 3) are the camera's right, down and ahead in the pitch's frame,
    `position` (3,) is where it stands, `middle_px` where its axis meets the picture.
    """

    matrix: Floats
    axes: Floats
    position: Floats
    focal_px: float
    middle_px: tuple[float, float]
    bend: float
    size_px: int

    def project(self, points: ArrayLike) -> Floats:
        """(…, 3) metres to (…, 2) pixels; NaN for points that are not before the camera."""
        at = np.asarray(points, float)
        seen = at @ self.matrix[:, :3].T + self.matrix[:, 3]
        ahead = seen[..., 2]
        with np.errstate(divide="ignore", invalid="ignore"):
            flat = seen[..., :2] / np.where(ahead > _NEAR_M, ahead, np.nan)[..., None]
        if self.bend == 0:
            return flat
        out = flat - self.middle_px
        square = np.sum(out * out, axis=-1, keepdims=True) / self.focal_px**2
        # Far outside the picture the term would fold the plane over; nothing there is drawn.
        return np.asarray(np.asarray(self.middle_px) + out * (1 + np.clip(self.bend * square, -0.2, 0.2)))

    def px_per_m(self, points: ArrayLike) -> Floats:
        """Scale at (…, 3) metres, (…) pixels a metre square to the line of sight; NaN behind the camera."""
        at = np.asarray(points, float)
        ahead = at @ self.matrix[2, :3] + self.matrix[2, 3]
        return np.where(ahead > _NEAR_M, self.focal_px / np.maximum(ahead, _NEAR_M), np.nan)

    def depth(self, points: ArrayLike) -> Floats:
        """Distance of (…, 3) metres along the optical axis, (…) metres; negative behind the camera."""
        return np.asarray(np.asarray(points, float) @ self.matrix[2, :3] + self.matrix[2, 3])

    def depression(self, point: ArrayLike) -> float:
        """Angle in radians by which the line of sight to this point falls below the horizontal."""
        away = self.position - np.asarray(point, float)
        return float(np.arctan2(away[2], np.hypot(away[0], away[1])))

    def plane(self, origin: ArrayLike, along: ArrayLike, up: ArrayLike) -> Floats:
        """Homography (3, 3) from (s, t) on a plane, its point being origin + s along + t up, to pixels (lens unbent)."""
        columns = [np.append(np.asarray(along, float), 0), np.append(np.asarray(up, float), 0)]
        return np.asarray(self.matrix @ np.stack([*columns, np.append(np.asarray(origin, float), 1)], axis=1))

    @cached_property
    def _to_ground(self) -> Floats:
        return np.linalg.inv(self.matrix[:, [0, 1, 3]])

    def ground(self, pixels: ArrayLike) -> Floats:
        """(…, 2) pixels to (…, 2) metres on the grass (lens unbent); NaN at and above the horizon."""
        at = np.asarray(pixels, float)
        seen = at @ self._to_ground[:, :2].T + self._to_ground[:, 2]
        # The third coordinate is the inverse of the distance, positive before the camera.
        inverse = seen[..., 2]
        return seen[..., :2] / np.where(inverse > 1e-5, inverse, np.nan)[..., None]

    def ground_grid(self, cells: int) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """x, y in metres and distance along the axis in metres, each (cells, cells) over the picture; far values at and
        above the horizon."""
        step = self.size_px / cells
        line = (np.arange(cells, dtype=np.float32) + 0.5) * step
        h = self._to_ground.astype(np.float32)
        inverse = (h[2, 0] * line + h[2, 2])[None] + (h[2, 1] * line)[:, None]
        far = 1.0 / np.maximum(inverse, np.float32(1e-4))
        x = ((h[0, 0] * line + h[0, 2])[None] + (h[0, 1] * line)[:, None]) * far
        y = ((h[1, 0] * line + h[1, 2])[None] + (h[1, 1] * line)[:, None]) * far
        return x, y, far

    def outline(self, polygon: ArrayLike, *, bent: bool = True) -> Floats:
        """Pixels (K, 2) of a flat polygon (N, 3) in metres, cut where it passes the camera; (0, 2) if all is behind."""
        at = np.asarray(polygon, float)
        ahead = self.depth(at) - _NEAR_M * 1.01
        kept = []
        for i in range(len(at)):
            j = (i + 1) % len(at)
            if ahead[i] >= 0:
                kept.append(at[i])
            if (ahead[i] >= 0) != (ahead[j] >= 0):
                share = ahead[i] / (ahead[i] - ahead[j])
                kept.append(at[i] + share * (at[j] - at[i]))
        if len(kept) < 3:
            return np.zeros((0, 2))
        if bent:
            return np.asarray(self.project(kept))
        seen = np.asarray(kept) @ self.matrix[:, :3].T + self.matrix[:, 3]
        return np.asarray(seen[:, :2] / seen[:, 2:])


@dataclass(frozen=True)
class Aim:
    """What is known of a camera before the pitch is laid under it.

    A standing adult at `anchor_px` is `height_px` tall and is seen from `elevation_rad` above the horizontal;
    `principal_px` is where the optical axis meets the picture (outside, for a cut of a larger frame).
    """

    size_px: int
    height_px: float
    elevation_rad: float
    distance_m: float
    anchor_px: tuple[float, float]
    principal_px: tuple[float, float]
    roll_rad: float
    bend: float

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return self.px_per_m * self.distance_m

    @property
    def px_per_m(self) -> float:
        """Scale at the anchor."""
        # A standing body is as tall as its height foreshortened, and a little of its depth.
        return self.height_px / float(ADULT_M * np.cos(self.elevation_rad) + 0.3 * np.sin(self.elevation_rad))

    def over(self, spot: tuple[float, float], heading_rad: float) -> Camera:
        """The camera above a pitch whose `spot` (metres) lies at the anchor; its x axis is turned by `heading_rad`
        anticlockwise from the picture's right."""
        cos_roll, sin_roll = np.cos(self.roll_rad), np.sin(self.roll_rad)
        turn = np.array([[cos_roll, -sin_roll], [sin_roll, cos_roll]])
        focal = self.focal_px
        right, down = turn.T @ (np.subtract(self.anchor_px, self.principal_px) / focal)
        tilt = self.elevation_rad - np.arctan(down)
        sin, cos = np.sin(tilt), np.cos(tilt)
        # The camera's axes in a frame that stands on the grass below it: x right, y ahead, z up.
        axes = np.array([[1, 0, 0], [0, -sin, -cos], [0, cos, -sin]])
        height = self.distance_m * (down * cos + sin)
        anchor = np.array([self.distance_m * right, self.distance_m * (cos - down * sin)])
        inner = np.array([[focal * turn[0, 0], focal * turn[0, 1], self.principal_px[0]],
                          [focal * turn[1, 0], focal * turn[1, 1], self.principal_px[1]],
                          [0, 0, 1]])  # fmt: skip
        c, s = np.cos(heading_rad), np.sin(heading_rad)
        laid = np.eye(4)
        laid[:2, :2] = [[c, -s], [s, c]]
        laid[:2, 3] = anchor - laid[:2, :2] @ np.asarray(spot)
        laid[2, 3] = -height
        position = np.append(laid[:2, :2].T @ -laid[:2, 3], height)
        return Camera(
            matrix=inner @ axes @ laid[:3],
            axes=axes @ laid[:3, :3],
            position=position,
            focal_px=focal,
            middle_px=self.principal_px,
            bend=self.bend,
            size_px=self.size_px,
        )
