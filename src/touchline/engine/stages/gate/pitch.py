"""Who counts: people on the pitch and inside the user's zones; benches, photographers and stands do not.

People beside the pitch are kept apart, not dropped: staff and assistants are of use to later work, never as players.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from touchline.engine.stages.gate.turf import Turf
from touchline.engine.types import BoolArray, Calibration, CameraStep, Detections, FloatArray, Frame
from touchline.football.pitch import STANDARD_PITCH, PitchSize
from touchline.football.updates import RoiZone

# `tactics.md` 2.1: beyond this nobody plays. A ball in the air is projected behind its place, so it has more room.
_MARGIN_M, _BALL_MARGIN_M = 3.0, 12.0
# On the contract's scale: the model's own operating point.
_CERTAIN = 0.5


class PitchGate:
    """PeopleGate port: metres where the pitch is placed, else the grass as colours show it.

    Up to 3 m beside the lines people count, so an assistant referee at the touchline stays a person on the pitch.
    """

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
        self._turf = Turf()

    def shift(self, step: CameraStep) -> None:
        """The camera moved."""
        if step.is_moving:
            self._turf.forget()

    def keep(self, frame: Frame, detections: Detections, calibration: Calibration | None) -> Detections:
        people = self._in_zones(_feet(detections.boxes))
        balls = self._in_zones(_middles(detections.ball_boxes))
        if calibration is not None:
            people &= self._on_pitch(_feet(detections.boxes), calibration, _MARGIN_M)
            balls &= self._on_pitch(_middles(detections.ball_boxes), calibration, _BALL_MARGIN_M)
        else:
            self._turf.look(frame, detections.boxes[detections.scores >= _CERTAIN])
            people &= self._turf.holds(detections.boxes)
            balls &= self._turf.holds_ball(detections.ball_boxes)
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


def _feet(boxes: FloatArray) -> FloatArray:
    return np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]])


def _middles(boxes: FloatArray) -> FloatArray:
    return np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2])
