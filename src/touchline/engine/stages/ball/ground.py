"""How large a metre is around places of one picture: from its calibration, or from the people that stand there."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from touchline.engine.types import BoolArray, Calibration, FloatArray

BALL_RADIUS_M = 0.11
PERSON_M = 1.8
_MEMORY = 150
_USUAL_HEIGHT_PX = 40.0
_LEAST_SPREAD_PX = 5.0  # of the rows on which people stand, to tell a slope
# A camera flatter than this over the ground makes depth worthless: nothing is gained by believing the formula.
_FLATTEST = 0.02


@dataclass(frozen=True)
class Ground:
    """The ground under N places of one picture.

    metres: (N, 2) frame P where a ball drawn there touches the ground; NaN where the picture is not placed.
    px_per_m: (N, 2, 2) how the picture shifts per metre on the ground; NaN likewise.
    scale: (N,) pixels of a metre that faces the camera.
    lift: (N, 2) metres by which the point on the ground moves for every metre that the ball is higher; NaN likewise.
    """

    metres: FloatArray
    px_per_m: FloatArray
    scale: FloatArray
    lift: FloatArray


class BodyHeights:
    """How tall people stand in the picture by the row of their feet, from those seen lately."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque(maxlen=_MEMORY)
        self._row, self._tall, self._slope = 0.0, _USUAL_HEIGHT_PX, 0.0
        self._least, self._most = _USUAL_HEIGHT_PX, _USUAL_HEIGHT_PX

    def learn(self, people: FloatArray) -> None:
        """Add the people (M, 4) of the next picture."""
        if len(people) == 0:
            return
        self._seen.extend((float(box[3]), float(box[3] - box[1])) for box in people)
        rows, tall = np.array(self._seen).T
        spread = float(rows.var())
        cover = float(((rows - rows.mean()) * (tall - tall.mean())).mean())
        self._slope = max(0.0, cover / spread) if spread > _LEAST_SPREAD_PX**2 else 0.0
        ordered = np.sort(tall)
        low, middle, high = (ordered[round(share * (len(ordered) - 1))] for share in (0.05, 0.5, 0.95))
        self._row, self._tall = float(np.median(rows)), float(middle)
        self._least, self._most = max(float(low), 1.0), max(float(high), 1.0)

    def height_px(self, rows: FloatArray) -> FloatArray:
        """Expected height in pixels of a person whose feet stand at rows (N,)."""
        expected = self._tall + self._slope * (np.asarray(rows, float) - self._row)
        return np.asarray(np.clip(expected, self._least, self._most))


def placed(places: FloatArray, calibration: Calibration) -> Ground:
    """The ground under the middles of balls (N, 2), source pixels, of a placed picture; NaN above the horizon."""
    places = np.asarray(places, float).reshape(-1, 2)
    count = len(places)
    around = (places + np.array([(0, 0), (1, 0), (0, 1)], float)[:, None]).reshape(-1, 2)
    here, right, below = np.split(calibration.to_pitch(around), 3)
    m_per_px = np.stack([right - here, below - here], axis=2)
    known: BoolArray = np.asarray(np.isfinite(m_per_px).all(axis=(1, 2)))
    px_per_m = np.full((count, 2, 2), np.nan)
    known[known] = np.abs(np.linalg.det(m_per_px[known])) > 1e-12
    px_per_m[known] = np.linalg.inv(m_per_px[known])
    scale, lift = np.full(count, np.nan), np.full((count, 2), np.nan)
    if known.any():
        # What faces the camera keeps its size, what leads away from it is shortened by the sine of the elevation.
        sizes = np.linalg.svd(px_per_m[known], compute_uv=False)
        flatness = np.clip(sizes[:, 1] / sizes[:, 0], _FLATTEST, 1.0)
        scale[known] = sizes[:, 0]
        rise_px = sizes[:, 0] * np.sqrt(1 - flatness**2)
        lift[known] = -m_per_px[known][:, :, 1] * rise_px[:, None]
    metres = np.where(known[:, None], here - BALL_RADIUS_M * lift, np.nan)
    return Ground(metres, px_per_m, scale, lift)


def unplaced(places: FloatArray, heights: BodyHeights) -> Ground:
    """The ground under balls (N, 2) of a picture that is not placed: only its scale is known, from people's heights."""
    places = np.asarray(places, float).reshape(-1, 2)
    count = len(places)
    nowhere = np.full((count, 2), np.nan)
    scale = heights.height_px(places[:, 1]) / PERSON_M
    return Ground(nowhere, np.full((count, 2, 2), np.nan), scale, nowhere.copy())
