"""RT-DETR, D-FINE and DEIM as their makers deploy them.

`labels` (1, Q) whole numbers, `boxes` (1, Q, 4) corners and `scores` (1, Q). Such networks ask for a size beside the
picture (`orig_target_sizes`, width and height) and scale their boxes by it; they are told the input's own, so boxes
are input pixels.

Source: `export_onnx.py` and the post-processors of lyuwenyu/RT-DETR and Peterande/D-FINE.
"""

from dataclasses import dataclass

import numpy as np

from touchline.engine.stages.detect.layouts.port import Candidates, Least, Overlap, Seen, labelled
from touchline.engine.stages.detect.picture import InputForm
from touchline.engine.weights import Classes

_FORM = InputForm(order="RGB", scale=1.0)


@dataclass(frozen=True, slots=True)
class DetrDeployed:
    """See the module."""

    labels: str
    boxes: str
    scores: str
    name: str = "detr-deployed"
    form: InputForm = _FORM
    classes: int | None = None
    overlap: Overlap | None = None
    has_ball_size: bool = True

    @staticmethod
    def recognise(seen: Seen) -> "DetrDeployed | None":
        by_form: dict[str, list[str]] = {"labels": [], "boxes": [], "scores": []}
        for name, value in seen.outputs.items():
            if value.ndim == 3 and value.shape[2] == 4:
                by_form["boxes"].append(name)
            elif value.ndim == 2:
                by_form["labels" if np.issubdtype(value.dtype, np.integer) else "scores"].append(name)
        if any(len(names) != 1 for names in by_form.values()):
            return None
        labels, boxes, scores = (by_form[key][0] for key in ("labels", "boxes", "scores"))
        return DetrDeployed(labels, boxes, scores)

    def read(self, seen: Seen, *, classes: Classes, least: Least) -> Candidates:
        labels, scores = seen.outputs[self.labels][0], seen.outputs[self.scores][0]
        return labelled(seen.outputs[self.boxes][0], labels, scores, seen=seen, classes=classes, least=least)
