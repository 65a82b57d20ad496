"""RT-DETR, D-FINE, DEIM, RF-DETR as they are trained: a few hundred queries, a box and a score for every class each.

Boxes (1, Q, 4) are middles and sizes as shares of the input's width and height; scores (1, Q, C) are logits or
probabilities. The outputs are named `dets` and `labels` (RF-DETR), `pred_boxes` and `logits` (Transformers) or
otherwise, or both stand in one output (1, Q, 4 + C) of probabilities (Ultralytics). Queries are one to an object, so
nothing is suppressed.

Source: Zhao et al. 2023, arXiv:2304.08069; the ONNX page of rfdetr.roboflow.com (names go before shapes: with three
classes both outputs have four columns).
"""

from dataclasses import dataclass

import numpy as np

from touchline.engine.stages.detect.layouts import grid
from touchline.engine.stages.detect.layouts.port import Candidates, Least, Outputs, Overlap, Seen, chosen, corners, only
from touchline.engine.stages.detect.picture import InputForm
from touchline.engine.weights import Classes

_BOX_NAMES, _SCORE_NAMES = ("dets", "pred_boxes", "boxes"), ("labels", "logits", "pred_logits", "scores")
_FORM = InputForm(order="RGB", scale=1.0)
# 91 columns are COCO's sparse categories, which is RF-DETR; it alone is fed with ImageNet's mean and deviation.
_SPARSE_COCO = 91
_IMAGENET = InputForm(order="RGB", scale=1.0, mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
_DENSE_STRIDES = (8, 16, 32)
# Dense detectors of unknown layouts have thousands of rows.
_MOST_QUERIES, _MOST_CLASSES = 2000, 1000


@dataclass(frozen=True, slots=True)
class Detr:
    """Queries with a score for every class; `boxes` and `scores` name the outputs, which may be the same one."""

    classes: int | None
    boxes: str
    scores: str
    is_logit: bool
    form: InputForm = _FORM
    name: str = "detr"
    overlap: Overlap | None = None
    has_ball_size: bool = True

    @staticmethod
    def recognise(seen: Seen) -> "Detr | None":
        joined = only(seen.outputs, rank=3)
        if joined is not None:
            (name,) = seen.outputs
            queries, classes = joined.shape[0], joined.shape[1] - 4
            # As many rows or columns as cells is a dense detector, and six columns are finished rows.
            is_other = grid.count(seen.width, seen.height, _DENSE_STRIDES) in joined.shape or classes < 3
            is_it = not is_other and queries <= _MOST_QUERIES and classes <= _MOST_CLASSES
            return Detr(classes, name, name, is_logit=False) if is_it else None
        pair = _pair(seen.outputs)
        if pair is None:
            return None
        boxes, scores = pair
        values = seen.outputs[scores]
        classes = int(values.shape[2])
        form = _IMAGENET if classes == _SPARSE_COCO else _FORM
        return Detr(classes, boxes, scores, is_logit=bool(values.min() < 0 or values.max() > 1), form=form)

    def read(self, seen: Seen, *, classes: Classes, least: Least) -> Candidates:
        scores = seen.outputs[self.scores][0]
        scores = scores[:, 4:] if self.scores == self.boxes else scores
        if self.is_logit:
            scores = 1 / (1 + np.exp(-np.clip(scores, -60, 60)))
        shares = seen.outputs[self.boxes][0][:, :4]
        boxes = corners(shares[:, :2], shares[:, 2:]) * np.array([seen.width, seen.height] * 2, np.float32)
        return chosen(boxes, scores, seen=seen, classes=classes, least=least)


def _pair(outputs: Outputs) -> tuple[str, str] | None:
    """Names of the outputs with boxes and with scores; by name where it tells, by shape where it does not."""
    queries = {name: value for name, value in outputs.items() if value.ndim == 3 and value.shape[0] == 1}
    boxes = [name for name in queries if name in _BOX_NAMES] or [
        name for name, value in queries.items() if value.shape[2] == 4 and name not in _SCORE_NAMES
    ]
    if len(boxes) != 1 or queries[boxes[0]].shape[2] != 4:
        return None
    rest = {name: value for name, value in queries.items() if name != boxes[0]}
    scores = [name for name in rest if name in _SCORE_NAMES] or list(rest)
    if len(scores) != 1 or rest[scores[0]].shape[1] != queries[boxes[0]].shape[1]:
        return None
    return boxes[0], scores[0]
