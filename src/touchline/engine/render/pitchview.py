"""The pitch from above: a drawn ground, and the way from metres to its pixels."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from touchline.engine.render.canvas import Rect, path
from touchline.engine.render.colors import CHALK, GRASS, GRASS_DARK
from touchline.engine.types import FloatArray, Image
from touchline.football import pitch as law
from touchline.football.pitch import PitchSize

_STRIPES = 18
_FINE = 3  # the ground is drawn this much larger and shrunk once: clean thin lines


@dataclass(frozen=True)
class PitchView:
    """A pitch inside a rectangle: frame P, x to the right, y downwards, as the main camera sees it.

    margin_m: grass drawn around the lines.
    """

    pitch: PitchSize
    rect: Rect
    margin_m: float = 3.0

    @cached_property
    def pixels_per_m(self) -> float:
        _, _, width, height = self.rect
        spans = self.pitch.length_m + 2 * self.margin_m, self.pitch.width_m + 2 * self.margin_m
        return min(width / spans[0], height / spans[1])

    @cached_property
    def _origin(self) -> FloatArray:
        x, y, width, height = self.rect
        size = np.array([self.pitch.length_m, self.pitch.width_m]) * self.pixels_per_m
        return np.array([x + (width - size[0]) / 2, y + (height - size[1]) / 2])

    def to_px(self, points_m: FloatArray) -> FloatArray:
        """Metres (..., 2), frame P, to pixels (..., 2)."""
        return np.asarray(self._origin + np.asarray(points_m, np.float64) * self.pixels_per_m)

    def point(self, x_m: float, y_m: float) -> tuple[float, float]:
        """One place in pixels."""
        x, y = self.to_px(np.array([x_m, y_m])).tolist()
        return x, y

    def draw_ground(self, image: Image, *, stripes: bool = True) -> None:
        """Paint grass and lines into the rectangle."""
        x, y, width, height = self.rect
        fine = np.empty((height * _FINE, width * _FINE, 3), np.uint8)
        fine[:] = GRASS
        scale = self.pixels_per_m * _FINE
        corner = (self._origin - np.array([x, y])) * _FINE

        def at(points: FloatArray) -> FloatArray:
            return np.asarray(corner + np.asarray(points, np.float64) * scale)

        if stripes:
            for stripe in range(0, _STRIPES, 2):
                ends = at(np.array([[stripe, 0], [stripe + 1, 0]]) * self.pitch.length_m / _STRIPES)[:, 0]
                fine[:, round(ends[0]) : round(ends[1])] = GRASS_DARK
        thickness = max(2, round(0.2 * scale))
        for line in pitch_lines(self.pitch):
            path(fine, at(line), CHALK, thickness)
        image[y : y + height, x : x + width] = cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA)


def pitch_lines(size: PitchSize) -> list[FloatArray]:
    """The lines of the pitch as open paths, (N, 2) metres, frame P. Distances: Law 1 of the game."""
    length, width = size.length_m, size.width_m
    middle = width / 2
    lines = [
        _box(0, 0, length, width),
        np.array([[length / 2, 0], [length / 2, width]]),
        _arc((length / 2, middle), 0, 360),
        _arc((length / 2, middle), 0, 360, radius_m=0.25),
    ]
    # The penalty arc is the part of the circle round the spot that leaves the area.
    half_angle = float(np.degrees(np.arccos((law.PENALTY_AREA_DEPTH_M - law.PENALTY_SPOT_M) / law.CIRCLE_RADIUS_M)))
    for goal_x, inward in ((0.0, 1), (length, -1)):
        for depth, span in (
            (law.PENALTY_AREA_DEPTH_M, law.PENALTY_AREA_WIDTH_M),
            (law.GOAL_AREA_DEPTH_M, law.GOAL_AREA_WIDTH_M),
            (-1.6, law.GOAL_WIDTH_M),
        ):
            far_x = goal_x + inward * depth
            lines.append(_box(min(goal_x, far_x), middle - span / 2, max(goal_x, far_x), middle + span / 2))
        spot = (goal_x + inward * law.PENALTY_SPOT_M, middle)
        facing = 0 if inward > 0 else 180
        lines += [_arc(spot, facing - half_angle, facing + half_angle), _arc(spot, 0, 360, radius_m=0.2)]
    return lines


def _box(left: float, top: float, right: float, bottom: float) -> FloatArray:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]])


def _arc(
    centre: tuple[float, float], from_deg: float, to_deg: float, *, radius_m: float = law.CIRCLE_RADIUS_M
) -> FloatArray:
    angles = np.radians(np.linspace(from_deg, to_deg, 73))
    return np.asarray(centre) + radius_m * np.column_stack([np.cos(angles), np.sin(angles)])
