"""Centre heat maps, the project's own layout.

`hm` (1, 2, H/4, W/4): how likely a person, or a ball, has its middle in a cell; `wh` (1, 4, H/4, W/4): distances from
the cell's middle to the left, top, right and bottom of the box in input pixels. People and balls are the peaks of 3×3
cells. The distances around a ball are those of the person who plays it, so a ball is only a place.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from touchline.engine.stages.detect.layouts.port import Candidates, Least, Overlap, Seen
from touchline.engine.stages.detect.network import FloatMaps
from touchline.engine.stages.detect.picture import InputForm
from touchline.engine.types import FloatArray, IntArray
from touchline.engine.weights import Classes

_STRIDE = 4
_FORM = InputForm()
_OVERLAP = Overlap(iou=0.5, contained=0.8)


@dataclass(frozen=True, slots=True)
class CentreHeatmap:
    """See the module."""

    name: str = "centre-heatmap"
    form: InputForm = _FORM
    classes: int | None = 2
    overlap: Overlap | None = _OVERLAP
    has_ball_size: bool = False

    @staticmethod
    def recognise(seen: Seen) -> "CentreHeatmap | None":
        if not {"hm", "wh"} <= set(seen.outputs):
            return None
        maps = (seen.height // _STRIDE, seen.width // _STRIDE)
        is_it = seen.outputs["hm"].shape == (1, 2, *maps) and seen.outputs["wh"].shape == (1, 4, *maps)
        return CentreHeatmap() if is_it else None

    def read(self, seen: Seen, *, classes: Classes, least: Least) -> Candidates:
        rows = -(-seen.inside[3] // _STRIDE)
        columns = -(-seen.inside[2] // _STRIDE)
        heat, distances = (seen.outputs[name][0][:, :rows, :columns] for name in ("hm", "wh"))
        person = heat[list(classes.person)].max(axis=0)
        people = _peaks(person, least=least.person)
        boxes = _boxes(*people, distances, person)
        return Candidates(
            np.column_stack([boxes, person[people]]), _balls(heat, person, ball=classes.ball, least=least.ball)
        )


def _balls(heat: FloatMaps, person: FloatMaps, *, ball: int | None, least: float) -> FloatArray:
    if ball is None:
        return np.zeros((0, 5), np.float32)
    rows, columns = _peaks(heat[ball], least=least)
    # What looks more like a person than like a ball is one.
    is_ball = heat[ball, rows, columns] > person[rows, columns]
    rows, columns = rows[is_ball], columns[is_ball]
    centres = _centres(rows, columns, heat[ball])
    return np.column_stack([centres, centres, heat[ball, rows, columns]])


def _peaks(heat: FloatMaps, *, least: float) -> tuple[IntArray, IntArray]:
    """Rows and columns of the local maxima of a heat map (H, W)."""
    heat = np.ascontiguousarray(heat)
    top = cv2.dilate(heat, np.ones((3, 3), np.uint8))
    rows, columns = np.nonzero((heat >= least) & (heat >= top))
    return rows, columns


def _boxes(rows: IntArray, columns: IntArray, distances: FloatMaps, heat: FloatMaps) -> FloatMaps:
    """Boxes (N, 4) in input pixels at the peaks: what the 3x3 cells there say, each as much as it is sure.

    Every cell near a middle tells all four sides, and their errors differ, so the mean fits better than the peak's
    answer alone.
    """
    around = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    sure = np.pad(heat, 1)
    told = np.pad(distances, ((0, 0), (1, 1), (1, 1)))
    boxes, weights = np.zeros((len(rows), 4)), np.zeros((len(rows), 1))
    for dy, dx in around:
        weight = sure[rows + 1 + dy, columns + 1 + dx][:, None]
        left, up, right, down = told[:, rows + 1 + dy, columns + 1 + dx]
        x, y = (columns + dx + 0.5) * _STRIDE, (rows + dy + 0.5) * _STRIDE
        boxes += weight * np.column_stack([x - left, y - up, x + right, y + down])
        weights += weight
    return np.asarray(boxes / np.maximum(weights, 1e-9), np.float32)


def _centres(rows: IntArray, columns: IntArray, heat: FloatMaps) -> FloatArray:
    """Peaks (N, 2) x, y in input pixels, moved within their cell by the heat of the neighbours."""
    padded = np.pad(heat, 1)
    shifts = [(dx, dy) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    weights = np.array([padded[rows + 1 + dy, columns + 1 + dx] for dx, dy in shifts]) ** 2
    moved = (np.array(shifts, float).T @ weights / np.maximum(weights.sum(axis=0), 1e-9)).T
    return np.asarray((np.column_stack([columns, rows]) + moved) * _STRIDE + _STRIDE / 2)
