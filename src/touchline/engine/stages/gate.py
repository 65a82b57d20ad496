"""Who counts: people on the pitch and inside the user's zones; benches, photographers and stands do not."""

from collections.abc import Sequence

import cv2
import numpy as np

from touchline.engine.types import BoolArray, Calibration, Detections, FloatArray, Frame, Image
from touchline.football.pitch import STANDARD_PITCH, PitchSize
from touchline.football.updates import RoiZone

# `tactics.md` 2.1: beyond this nobody plays. A ball in the air is projected behind its place, so it has more room.
_MARGIN_M, _BALL_MARGIN_M = 3.0, 12.0
_GRASS_WIDTH_PX = 320
_GRASS_EVERY_S = 1.0
_LEAST_GRASS = 0.25
# Green to yellow-green in OpenCV's hue (0..179), neither grey nor black.
_GRASS_LOW, _GRASS_HIGH = (28, 45, 35), (92, 255, 255)
_HULL_MARGIN = 0.02


class PitchGate:
    """PeopleGate port: metres where the pitch is placed, else the hull of what is green."""

    def __init__(
        self,
        *,
        picture_size: tuple[int, int],
        pitch: PitchSize = STANDARD_PITCH,
        zones: Sequence[RoiZone] = (),
    ) -> None:
        """Args:
        picture_size: width and height in pixels.
        pitch: its size.
        zones: polygons in fractions of the picture; those with fewer than three points are ignored.
        """
        self._pitch, self._size = pitch, picture_size
        self._zones = [
            (np.asarray(zone.points) * picture_size).astype(np.float32) for zone in zones if len(zone.points) >= 3
        ]
        self._hull = GrassHull()

    def keep(self, frame: Frame, detections: Detections, calibration: Calibration | None) -> Detections:
        people = self._in_zones(_feet(detections.boxes))
        balls = self._in_zones(_middles(detections.ball_boxes))
        if calibration is not None:
            people &= self._on_pitch(_feet(detections.boxes), calibration, _MARGIN_M)
            balls &= self._on_pitch(_middles(detections.ball_boxes), calibration, _BALL_MARGIN_M)
        else:
            self._hull.look(frame)
            people &= self._hull.holds(_feet(detections.boxes))
            balls &= self._hull.holds(_middles(detections.ball_boxes))
        return Detections(
            boxes=detections.boxes[people],
            scores=detections.scores[people],
            ball_boxes=detections.ball_boxes[balls],
            ball_scores=detections.ball_scores[balls],
            other_boxes=detections.boxes[~people],
            other_scores=detections.scores[~people],
        )

    def region_px(self, calibration: Calibration | None) -> tuple[float, float, float, float] | None:
        width, height = self._size
        columns, rows = np.meshgrid(np.linspace(0, width, 65), np.linspace(0, height, 65))
        places = np.column_stack([columns.ravel(), rows.ravel()])
        inside = self._in_zones(places)
        if calibration is not None:
            inside &= self._on_pitch(places, calibration, _BALL_MARGIN_M)
        if inside.all() or not inside.any():
            return None
        (x0, y0), (x1, y1) = places[inside].min(axis=0), places[inside].max(axis=0)
        # Feet stand in the region, heads above it.
        return (x0 - width / 32, y0 - height / 10, x1 + width / 32, y1 + height / 32)

    def _in_zones(self, places: FloatArray) -> BoolArray:
        if not self._zones:
            return np.ones(len(places), bool)
        return np.array(
            [
                any(cv2.pointPolygonTest(zone, (float(x), float(y)), measureDist=False) >= 0 for zone in self._zones)
                for x, y in places
            ],
            bool,
        )

    def _on_pitch(self, places: FloatArray, calibration: Calibration, margin_m: float) -> BoolArray:
        if len(places) == 0:
            return np.zeros(0, bool)
        metres = calibration.to_pitch(places)
        x, y = metres[:, 0], metres[:, 1]
        inside_x = (x >= -margin_m) & (x <= self._pitch.length_m + margin_m)
        return np.asarray(inside_x & (y >= -margin_m) & (y <= self._pitch.width_m + margin_m))


class GrassHull:
    """The convex hull of the largest green area, looked at once a second; with little green it holds everything."""

    def __init__(self) -> None:
        self._hull: FloatArray | None = None
        self._looked_s = -np.inf
        self._scale = 1.0

    def look(self, frame: Frame) -> None:
        """Find the hull anew when the last look is old."""
        if 0 <= frame.time_s - self._looked_s < _GRASS_EVERY_S:
            return
        self._looked_s = frame.time_s
        self._hull = self._find(frame.image)

    def holds(self, places: FloatArray) -> BoolArray:
        """(N,) whether places (N, 2) in source pixels lie on the grass, or a little beside it."""
        if self._hull is None:
            return np.ones(len(places), bool)
        margin = _HULL_MARGIN * _GRASS_WIDTH_PX
        hull = self._hull.astype(np.float32)
        return np.array(
            [
                cv2.pointPolygonTest(hull, (float(x * self._scale), float(y * self._scale)), measureDist=True)
                >= -margin
                for x, y in places
            ],
            bool,
        )

    def _find(self, image: Image) -> FloatArray | None:
        self._scale = _GRASS_WIDTH_PX / image.shape[1]
        size = (_GRASS_WIDTH_PX, max(16, round(image.shape[0] * self._scale)))
        small = cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2HSV)
        green = cv2.inRange(small, np.array(_GRASS_LOW), np.array(_GRASS_HIGH))
        green = cv2.morphologyEx(green, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(green)
        if count < 2:
            return None
        largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
        area = (labels == largest).astype(np.uint8)
        if area.mean() < _LEAST_GRASS:
            return None
        outlines, _ = cv2.findContours(area, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        return np.asarray(cv2.convexHull(np.concatenate(list(outlines)))[:, 0].astype(np.float32))


def _feet(boxes: FloatArray) -> FloatArray:
    return np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]])


def _middles(boxes: FloatArray) -> FloatArray:
    return np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2])
