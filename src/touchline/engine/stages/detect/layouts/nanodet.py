"""NanoDet: (1, N, C + 4·B), one row for every cell, finest stride first.

A row holds how likely it is which class (already 0..1) and, for the distances from the cell's middle to the left, top,
right and bottom, B bins each: the distance is the mean of 0..B-1 under the bins' softmax, times the stride. NanoDet
has strides 8, 16 and 32 and measures from `x·s + (s-1)/2`; NanoDet-Plus has 64 too and measures from `x·s`.

Source: RangiLyu/nanodet, `nanodet_plus_head.py` and `gfl_head.py`; bins after Li et al. 2020, arXiv:2006.04388.
"""

from dataclasses import dataclass

import numpy as np

from touchline.engine.stages.detect.layouts import grid
from touchline.engine.stages.detect.layouts.port import Candidates, Least, Overlap, Seen, chosen, only
from touchline.engine.stages.detect.picture import InputForm
from touchline.engine.types import FloatArray
from touchline.engine.weights import Classes

_PLAIN, _PLUS = (8, 16, 32), (8, 16, 32, 64)
_USUAL_BINS = 8
# Classes and bins by width of a row; other widths are taken for YOLOX unless a description says otherwise.
_WIDTHS = {classes + 4 * bins: (classes, bins) for classes in (1, 2, 80) for bins in (8, 11, 17)}
# The makers' own exports leave these to whoever feeds them; a two-class export with 11 bins has them inside.
_MEAN, _STD = (103.53, 116.28, 123.675), (57.375, 57.12, 58.395)
_BAKED_WIDTH = 2 + 4 * 11
_OVERLAP = Overlap(iou=0.5, contained=1.0)


@dataclass(frozen=True, slots=True)
class Nanodet:
    """See the module."""

    classes: int | None
    bins: int
    strides: tuple[int, ...]
    form: InputForm
    name: str = "nanodet"
    overlap: Overlap | None = _OVERLAP
    has_ball_size: bool = True

    @staticmethod
    def recognise(seen: Seen) -> "Nanodet | None":
        rows = only(seen.outputs, rank=3)
        return Nanodet.named(seen) if rows is not None and rows.shape[1] in _WIDTHS else None

    @staticmethod
    def named(seen: Seen) -> "Nanodet | None":
        """As a description says that it is one; then other numbers of classes may stand beside 8 bins."""
        rows = only(seen.outputs, rank=3)
        counts = {grid.count(seen.width, seen.height, strides): strides for strides in (_PLAIN, _PLUS)}
        if rows is None or rows.shape[0] not in counts:
            return None
        classes, bins = _WIDTHS.get(rows.shape[1], (rows.shape[1] - 4 * _USUAL_BINS, _USUAL_BINS))
        form = InputForm() if rows.shape[1] == _BAKED_WIDTH else InputForm(mean=_MEAN, std=_STD)
        return Nanodet(classes, bins, counts[rows.shape[0]], form) if classes >= 1 else None

    def read(self, seen: Seen, *, classes: Classes, least: Least) -> Candidates:
        rows = only(seen.outputs, rank=3)
        assert rows is not None
        assert self.classes is not None
        scores = rows[:, : self.classes]
        is_worth = scores.max(axis=1) >= min(least.person, least.ball)
        places, strides = grid.cells(seen.width, seen.height, self.strides)
        step = strides[is_worth, None]
        middles = places[is_worth] * step + (0.0 if self.strides == _PLUS else (step - 1) / 2)
        reach = _distances(rows[is_worth, self.classes :].reshape(-1, 4, self.bins)) * step
        boxes = np.concatenate([middles - reach[:, :2], middles + reach[:, 2:]], axis=1)
        return chosen(boxes, scores[is_worth], seen=seen, classes=classes, least=least)


def _distances(bins: FloatArray) -> FloatArray:
    """(N, 4) distances in strides from the bins' logits (N, 4, B)."""
    weights = np.exp(bins - bins.max(axis=2, keepdims=True))
    return np.asarray(weights @ np.arange(bins.shape[2], dtype=np.float32) / weights.sum(axis=2))
