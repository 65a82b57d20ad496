"""YOLOX: (1, N, 5 + C), one row for every cell at strides 8, 16 and 32.

A row holds the box's middle and size, how likely anything is there, and how likely which class (both already 0..1).
Exports differ: with `decode_in_inference` the middle and size are input pixels; without it the middle is an offset in
cells and the size a logarithm. Which one it is shows in an empty picture: decoded middles lie near their cells.

Source: Ge et al. 2021, arXiv:2107.08430; `tools/export_onnx.py` of Megvii-BaseDetection/YOLOX.
"""

from dataclasses import dataclass

import numpy as np

from touchline.engine.stages.detect.layouts import grid
from touchline.engine.stages.detect.layouts.port import Candidates, Least, Overlap, Seen, chosen, corners, only
from touchline.engine.stages.detect.picture import InputForm
from touchline.engine.types import FloatArray
from touchline.engine.weights import Classes

_STRIDES = (8, 16, 32)
_BOX_AND_OBJECT = 5
_FORM = InputForm(pad=114.0)
_OVERLAP = Overlap(iou=0.5, contained=1.0)


@dataclass(frozen=True, slots=True)
class Yolox:
    """See the module; `is_decoded` tells which export it is."""

    classes: int | None
    is_decoded: bool
    name: str = "yolox"
    form: InputForm = _FORM
    overlap: Overlap | None = _OVERLAP
    has_ball_size: bool = True

    @staticmethod
    def recognise(seen: Seen) -> "Yolox | None":
        rows = only(seen.outputs, rank=3)
        if rows is None or rows.shape[0] != grid.count(seen.width, seen.height, _STRIDES):
            return None
        classes = rows.shape[1] - _BOX_AND_OBJECT
        return Yolox(classes, _is_decoded(rows[:, :2], seen)) if classes >= 1 else None

    def read(self, seen: Seen, *, classes: Classes, least: Least) -> Candidates:
        rows = only(seen.outputs, rank=3)
        assert rows is not None
        scores = rows[:, 4:5] * rows[:, _BOX_AND_OBJECT:]
        is_worth = scores.max(axis=1) >= min(least.person, least.ball)
        centres, sizes = rows[is_worth, :2], rows[is_worth, 2:4]
        if not self.is_decoded:
            places, strides = grid.cells(seen.width, seen.height, _STRIDES)
            step = strides[is_worth, None]
            # A logarithm beyond any picture is a damaged row; it must not overflow.
            centres, sizes = (centres + places[is_worth]) * step, np.exp(np.minimum(sizes, 10.0)) * step
        return chosen(corners(centres, sizes), scores[is_worth], seen=seen, classes=classes, least=least)


def _is_decoded(centres: FloatArray, seen: Seen) -> bool:
    places, strides = grid.cells(seen.width, seen.height, _STRIDES)
    middles = (places + 0.5) * strides[:, None]
    return bool(np.median(np.abs(centres - middles)) < np.median(np.abs(centres)))
