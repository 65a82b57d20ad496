"""A camera that does not move, with its exact projection: pinhole plus one-term radial distortion.

World frame: metres, pitch frame P with a height axis (x along, y across, z up). Camera frame: right, down, ahead.
"""

from dataclasses import dataclass

import numpy as np

from touchline.engine.types import Calibration, FloatArray
from touchline.football.pitch import STANDARD_PITCH, PitchSize


@dataclass(frozen=True)
class FixedCamera:
    """Where the camera stands and how it maps the world to pixels.

    K: (3, 3) intrinsics in pixels; R: (3, 3) world to camera rotation; C: (3,) position, metres.
    k1: as in `types.Calibration`: undistorted = centre + (distorted - centre) * (1 + k1 * r**2), with
    r = |distorted - centre| / scale_px. R has determinant -1: frame P seen from above is left-handed.
    """

    K: FloatArray
    R: FloatArray
    C: FloatArray
    k1: float
    size_px: tuple[int, int]

    @property
    def centre_px(self) -> FloatArray:
        return self.K[:2, 2]

    @property
    def scale_px(self) -> float:
        """Half the picture's diagonal."""
        return float(np.hypot(*self.size_px)) / 2

    def project(self, points_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """World points (N, 3) to source pixels (N, 2) and their distance ahead of the camera (N,), metres."""
        seen = (np.asarray(points_m, np.float64) - self.C) @ self.R.T
        with np.errstate(divide="ignore", invalid="ignore"):
            flat = seen @ self.K.T
            flat = np.where(seen[:, 2:] > 0.1, flat[:, :2] / flat[:, 2:], np.nan)
        return self._distorted(flat), seen[:, 2]

    def ground(self, points_px: FloatArray) -> FloatArray:
        """Source pixels (N, 2) to metres (N, 2) on the ground, frame P; NaN at or above the horizon."""
        offset = np.asarray(points_px, np.float64) - self.centre_px
        r2 = (offset**2).sum(axis=1, keepdims=True) / self.scale_px**2
        flat = offset * (1 + self.k1 * r2)
        rays = np.column_stack([flat / (self.K[0, 0], self.K[1, 1]), np.ones(len(flat))]) @ self.R
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = np.where(rays[:, 2] < -1e-6, -self.C[2] / rays[:, 2], np.nan)
        return np.asarray(self.C[:2] + rays[:, :2] * reach[:, None])

    def calibration(self) -> Calibration:
        """The exact calibration of this camera: what a person would reach who marked every point without error."""
        onto_picture = self.K @ np.column_stack([self.R[:, 0], self.R[:, 1], -self.R @ self.C])
        onto_pitch = np.linalg.inv(onto_picture)
        centre = (float(self.centre_px[0]), float(self.centre_px[1]))
        return Calibration(onto_pitch / onto_pitch[2, 2], 0.0, 0.0, 0, self.k1, centre, self.scale_px)

    def pixels_per_metre(self, ahead_m: FloatArray) -> FloatArray:
        """Scale of an object that faces the camera, by its distance ahead."""
        return np.asarray(self.K[0, 0] / ahead_m)

    def elevation_deg(self, points_m: FloatArray) -> FloatArray:
        """(N,) how steeply the camera looks down on ground points (N, 2)."""
        away = np.hypot(*(np.asarray(points_m) - self.C[:2]).T)
        return np.asarray(np.degrees(np.arctan2(self.C[2], away)))

    def _distorted(self, flat_px: FloatArray) -> FloatArray:
        """Invert the radial polynomial by fixed-point steps; converges for the gentle k1 used here."""
        target = flat_px - self.centre_px
        offset = target.copy()
        for _ in range(30 if self.k1 else 0):
            r2 = (offset**2).sum(axis=1, keepdims=True) / self.scale_px**2
            offset = target / (1 + self.k1 * r2)
        return self.centre_px + offset


def behind_goal_camera(
    size_px: tuple[int, int],
    *,
    k1: float = 0.0,
    pitch: PitchSize = STANDARD_PITCH,
    back_m: float = 120.0,
    height_m: float = 65.0,
    full_width_at_m: float = 14.0,
    margin_m: float = 2.0,
) -> FixedCamera:
    """A tactical camera high behind the left goal that sees the whole pitch through a long lens.

    Behind a goal the pitch's 68 m, not its 105 m, must fit the picture's width, so players come out half as tall
    again as from the side. The picture spans the pitch plus `margin_m` on either side at x = `full_width_at_m`.
    """
    width, height = size_px
    position = np.array((-back_m, pitch.width_m / 2, height_m))
    near, far = np.arctan2(height_m, back_m - 4.0), np.arctan2(height_m, back_m + pitch.length_m + 6.0)
    tilt = (near + far) / 2
    # right = +y, ahead = +x tilted down, down completes them
    rotation = np.array(
        (
            (0.0, 1.0, 0.0),
            (-np.sin(tilt), 0.0, -np.cos(tilt)),
            (np.cos(tilt), 0.0, -np.sin(tilt)),
        )
    )
    ahead = (np.array((full_width_at_m, pitch.width_m / 2, 0.0)) - position) @ rotation[2]
    focal = width * ahead / (pitch.width_m + 2 * margin_m)
    matrix = np.array(((focal, 0.0, width / 2), (0.0, focal, height / 2), (0.0, 0.0, 1.0)))
    return FixedCamera(matrix, rotation, position, k1, size_px)
