"""Does the camera move? Corners of the background are followed from picture to picture.

A fixed camera is compared with a reference picture, so nothing adds up over a match; only when that comparison says
"moved" is the step from the previous picture measured. Score graphics stand still while a camera pans and players
move while it stands, so regions of the picture vote, not corners.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from touchline.engine.types import CameraStep, FloatArray, Frame, Image

_WIDTH = 480
_COLUMNS, _ROWS, _PER_CELL = 8, 5, 4
_LK = {"winSize": (17, 17), "maxLevel": 3}
# In pixels of the small picture: standing still, and the drift from the start that a calibration survives.
_STILL_PX, _DRIFT_SHARE = 0.6, 0.01
_LEAST_CORNERS, _LEAST_CELLS = 10, 4
# Share of the moving corners that must follow one movement of the picture.
_TOGETHER = 0.5
_REFRESH_EVERY = 15
# A corner followed there and back must come home to within this.
_HOME_PX = 0.4
_IDENTITY = np.hstack([np.eye(2), np.zeros((2, 1))])

SmallImage = NDArray[np.uint8]


class BackgroundMotion:
    """Motion of the camera between analysed frames, and whether it left its first position."""

    def __init__(self) -> None:
        self._scale = 1.0
        self._reference: SmallImage | None = None
        self._corners = np.zeros((0, 1, 2), np.float32)
        self._previous: SmallImage | None = None
        self._age = 0
        self._moving_in_a_row = 0
        self._drift_px, self._travel_px = np.zeros(2), np.zeros(2)
        self.has_moved = False

    def update(self, frame: Frame, boxes: FloatArray) -> CameraStep:
        """Compare with what was seen before.

        Args:
            frame: the next analysed frame.
            boxes: (N, 4) people in the previous frame, left out of the comparison.
        """
        small = self._small(frame.image)
        previous, self._previous = self._previous, small
        if previous is None:
            self._refer(small, boxes)
            return CameraStep(_IDENTITY, is_moving=False)
        self._age += 1
        starts, shifts = _follow(self._reference, small, self._corners)
        cells = _cells(starts, small.shape[0])
        still = _is_still(shifts, cells)
        if still is None:
            # Too little texture to tell (plain grass): nothing speaks for a movement.
            self._refer(small, boxes)
            return CameraStep(_IDENTITY, is_moving=False)
        if still:
            self._moving_in_a_row, self._travel_px = 0, np.zeros(2)
            if self._age >= _REFRESH_EVERY:
                self._creep(shifts)
                self._refer(small, boxes)
            return CameraStep(_IDENTITY, is_moving=False)
        self._creep(shifts)
        step = self._step(previous, small, boxes)
        if step is None:
            # Waving crowds and flicker: much moves, but not together.
            self._refer(small, boxes)
            return CameraStep(_IDENTITY, is_moving=False)
        # One lone step is a flicker; two that add up are a camera that goes somewhere.
        centre = np.array([frame.image.shape[1] / 2, frame.image.shape[0] / 2, 1.0])
        self._travel_px += (step @ centre - centre[:2]) * self._scale
        self._moving_in_a_row += 1
        if self._moving_in_a_row >= 2 and np.hypot(*self._travel_px) > _DRIFT_SHARE * _WIDTH:
            self.has_moved = True
        self._refer(small, boxes)
        return CameraStep(step, is_moving=True)

    def _creep(self, shifts: FloatArray) -> None:
        """Add up what the background shifted against the reference, when it did so together."""
        middle = np.median(shifts, axis=0)
        together = np.hypot(*(shifts - middle).T) < _STILL_PX
        if together.mean() < _TOGETHER:
            return
        self._drift_px += shifts[together].mean(axis=0)
        if np.hypot(*self._drift_px) > _DRIFT_SHARE * _WIDTH:
            self.has_moved = True

    def _small(self, image: Image) -> SmallImage:
        self._scale = _WIDTH / image.shape[1]
        size = (_WIDTH, max(32, round(image.shape[0] * self._scale)))
        # Every second pixel of a large picture first: shrinking is what costs most here.
        step = 2 if image.shape[1] >= 2 * _WIDTH else 1
        shrunk = cv2.resize(np.ascontiguousarray(image[::step, ::step]), size, interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.cvtColor(shrunk, cv2.COLOR_BGR2GRAY), np.uint8)

    def _refer(self, small: SmallImage, boxes: FloatArray) -> None:
        self._reference, self._age = small, 0
        self._corners = self._find_corners(small, boxes)

    def _find_corners(self, small: SmallImage, boxes: FloatArray) -> NDArray[np.float32]:
        """Good corners (N, 1, 2), at most a few in every cell, none on people."""
        mask = np.full(small.shape, 255, np.uint8)
        for x0, y0, x1, y1 in (boxes * self._scale).astype(int):
            mask[max(0, y0 - 2) : y1 + 3, max(0, x0 - 2) : x1 + 3] = 0
        found = cv2.goodFeaturesToTrack(small, maxCorners=400, qualityLevel=0.005, minDistance=6, mask=mask)
        if found is None or len(found) == 0:
            return np.zeros((0, 1, 2), np.float32)
        cells = _cells(found[:, 0].astype(float), small.shape[0])
        # Corners come strongest first: rank each within its cell.
        rank = np.array([(cells[:index] == cell).sum() for index, cell in enumerate(cells)])
        return np.asarray(found[rank < _PER_CELL], np.float32)

    def _step(self, before: SmallImage, after: SmallImage, boxes: FloatArray) -> FloatArray | None:
        """(2, 3) map of source pixels from the previous picture to this one; None when nothing moves together."""
        corners = self._find_corners(before, boxes)
        starts, shifts = _follow(before, after, corners)
        moves = np.hypot(*shifts.T) > _STILL_PX
        starts, shifts = starts[moves], shifts[moves]
        if len(starts) < _LEAST_CORNERS:
            return None
        cv2.setRNGSeed(5)
        affine, inliers = cv2.estimateAffinePartial2D(
            starts, starts + shifts, method=cv2.RANSAC, ransacReprojThreshold=1.5
        )
        if affine is None or not 0.7 < np.hypot(affine[0, 0], affine[1, 0]) < 1.4:
            return None
        together = inliers[:, 0] == 1
        cells = _cells(starts[together], before.shape[0])
        if together.mean() < _TOGETHER or len(np.unique(cells)) < _LEAST_CELLS:
            return None
        return np.asarray(np.hstack([affine[:, :2], affine[:, 2:] / self._scale]))


def _follow(
    before: SmallImage | None, after: SmallImage, corners: NDArray[np.float32]
) -> tuple[FloatArray, FloatArray]:
    """Places (K, 2) of the corners that were found again, and their shifts (K, 2).

    A corner counts only when following it back leads home: noise on plain grass does not.
    """
    if before is None or len(corners) == 0:
        return np.zeros((0, 2)), np.zeros((0, 2))
    found, status, _ = cv2.calcOpticalFlowPyrLK(before, after, corners, None, **_LK)  # type: ignore[call-overload]  # None lets OpenCV allocate the result
    back, status_back, _ = cv2.calcOpticalFlowPyrLK(after, before, found, None, **_LK)  # type: ignore[call-overload]  # the same
    home = np.hypot(*(back - corners)[:, 0].T) < _HOME_PX
    good = (status[:, 0] == 1) & (status_back[:, 0] == 1) & home
    return corners[good, 0].astype(float), (found - corners)[good, 0].astype(float)


def _is_still(shifts: FloatArray, cells: NDArray[np.intp]) -> bool | None:
    """Whether most regions of the picture stand still; None when too little can be followed."""
    if len(shifts) < _LEAST_CORNERS:
        return None
    is_still = np.hypot(*shifts.T) < _STILL_PX
    votes = [is_still[cells == cell].mean() >= 0.5 for cell in np.unique(cells)]
    return None if len(votes) < _LEAST_CELLS else bool(np.mean(votes) >= 0.5)


def _cells(points: FloatArray, height: int) -> NDArray[np.intp]:
    column = np.clip(points[:, 0] * _COLUMNS / _WIDTH, 0, _COLUMNS - 1).astype(np.intp)
    row = np.clip(points[:, 1] * _ROWS / height, 0, _ROWS - 1).astype(np.intp)
    return np.asarray(row * _COLUMNS + column)
