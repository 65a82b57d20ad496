"""Finished rows (1, N, 6): corners in input pixels, score and class.

YOLOv10, YOLO26 and exports of others with the suppression inside.

Source: the end-to-end detection page of docs.ultralytics.com.
"""

from dataclasses import dataclass

from touchline.engine.stages.detect.layouts import grid
from touchline.engine.stages.detect.layouts.port import Candidates, Least, Overlap, Seen, labelled, only
from touchline.engine.stages.detect.picture import InputForm
from touchline.engine.weights import Classes

_DENSE_STRIDES = (8, 16, 32)
_FORM = InputForm(order="RGB", scale=1.0, place="centre", pad=114.0)


@dataclass(frozen=True, slots=True)
class EndToEnd:
    """See the module."""

    name: str = "end-to-end"
    form: InputForm = _FORM
    classes: int | None = None
    overlap: Overlap | None = None
    has_ball_size: bool = True

    @staticmethod
    def recognise(seen: Seen) -> "EndToEnd | None":
        rows = only(seen.outputs, rank=3)
        if rows is None or rows.shape[1] != 6:
            return None
        # As many rows as cells is YOLOX with one class.
        return None if rows.shape[0] == grid.count(seen.width, seen.height, _DENSE_STRIDES) else EndToEnd()

    def read(self, seen: Seen, *, classes: Classes, least: Least) -> Candidates:
        rows = only(seen.outputs, rank=3)
        assert rows is not None
        return labelled(rows[:, :4], rows[:, 5].round(), rows[:, 4], seen=seen, classes=classes, least=least)
