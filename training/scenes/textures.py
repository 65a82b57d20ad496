"""Textures that stand or lie in the scene as planes: boards, stands, hedges. Each is kept in several sizes."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike

from training.scenes.camera import Camera, Floats
from training.scenes.paint import Picture, Roi, cover, mask_of

_LEAST_PX = 8


@dataclass(frozen=True)
class Texture:
    """A picture (h, w, 3 or 4) that repeats to both sides, at falling sizes; `px_per_m` is that of the first.

    Four channels are BGR and coverage. The lowest row lies at t = 0 of its plane.
    """

    levels: tuple[Picture, ...]
    px_per_m: float

    @property
    def height_m(self) -> float:
        """How far up the plane it reaches."""
        return float(self.levels[0].shape[0] / self.px_per_m)

    @property
    def length_m(self) -> float:
        """After how many metres along the plane it repeats."""
        return float(self.levels[0].shape[1] / self.px_per_m)


def texture(picture: Picture, px_per_m: float) -> Texture:
    """A texture with its smaller copies."""
    levels = [np.ascontiguousarray(picture)]
    while min(levels[-1].shape[:2]) >= _LEAST_PX * 2:
        height, width = levels[-1].shape[:2]
        levels.append(cv2.resize(levels[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA))
    return Texture(tuple(levels), px_per_m)


def stand_up(
    image: Picture,
    camera: Camera,
    sheet: Texture,
    origin: ArrayLike,
    along: ArrayLike,
    up: ArrayLike,
    reach: tuple[float, float],
    *,
    shift_m: float = 0.0,
    light: float = 1.0,
    stretch: float = 1.0,
) -> tuple[Picture, Roi] | None:
    """Draw a texture on the plane origin + s along + t up (`along`, `up` of unit length) for s within `reach` metres.

    `stretch` scales the texture's height, `light` its brightness. Returns the coverage (0..255) and where, or None if
    it is not in the picture.
    """
    start, side, rise = np.asarray(origin, float), np.asarray(along, float), np.asarray(up, float)
    height_m = sheet.height_m * stretch
    corners = [
        start + s * side + t * rise
        for s, t in ((reach[0], 0), (reach[1], 0), (reach[1], height_m), (reach[0], height_m))
    ]
    outline = camera.outline(corners)
    cut = mask_of(outline, camera.size_px)
    if cut is None:
        return None
    mask, roi = cut
    level = _level(sheet, camera, outline, start, side, rise, roi)
    picture = sheet.levels[level]
    scale_s = picture.shape[1] / sheet.length_m
    scale_t = picture.shape[0] / height_m
    to_plane: Floats = np.array([[1 / scale_s, 0, -shift_m], [0, -1 / scale_t, height_m], [0, 0, 1]])
    to_roi = np.array([[1, 0, -roi[0]], [0, 1, -roi[1]], [0, 0, 1.0]])
    homography = to_roi @ camera.plane(start, side, rise) @ to_plane
    size = (roi[2] - roi[0], roi[3] - roi[1])
    seen = cv2.warpPerspective(picture, homography, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    if seen.shape[2] == 4:
        mask = cv2.multiply(mask, cv2.extractChannel(seen, 3), scale=1 / 255)
        seen = cv2.cvtColor(seen, cv2.COLOR_BGRA2BGR)
    if light != 1:
        seen = cv2.convertScaleAbs(seen, alpha=light)
    cover(image, mask, roi, seen)
    return mask, roi


def _level(sheet: Texture, camera: Camera, outline: Floats, start: Floats, side: Floats, rise: Floats, roi: Roi) -> int:
    """The copy whose pixels are about as large as the picture's at the middle of what is seen."""
    middle = np.array([(roi[0] + roi[2]) / 2, (roi[1] + roi[3]) / 2, 1.0])
    back = np.linalg.inv(camera.plane(start, side, rise))
    s, t = (back @ middle)[:2] / (back @ middle)[2]
    scale = float(camera.px_per_m(start + s * side + t * rise))
    if not np.isfinite(scale):
        return len(sheet.levels) - 1
    # The plane is seen aslant: the finer of two sizes would flicker along it.
    return int(np.clip(np.round(np.log2(sheet.px_per_m / scale) + 0.2), 0, len(sheet.levels) - 1))
