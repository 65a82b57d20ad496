"""YOLOv8 and YOLO11: (1, 4 + C, N), one column for every cell at strides 8, 16 and 32.

A column holds the box's middle and size in input pixels and how likely it is which class. Exports of their makers
carry their class names and licence (AGPL-3.0) as notes in the file.

Source: the export format page of docs.ultralytics.com.
"""

from dataclasses import dataclass

from touchline.engine.stages.detect.layouts import grid
from touchline.engine.stages.detect.layouts.port import Candidates, Least, Overlap, Seen, chosen, corners, only
from touchline.engine.stages.detect.picture import InputForm
from touchline.engine.weights import Classes

_STRIDES = (8, 16, 32)
_FORM = InputForm(order="RGB", scale=1.0, place="centre", pad=114.0)
_OVERLAP = Overlap(iou=0.5, contained=1.0)


@dataclass(frozen=True, slots=True)
class Yolov8:
    """See the module."""

    classes: int | None
    name: str = "yolov8"
    form: InputForm = _FORM
    overlap: Overlap | None = _OVERLAP
    has_ball_size: bool = True

    @staticmethod
    def recognise(seen: Seen) -> "Yolov8 | None":
        columns = only(seen.outputs, rank=3)
        if columns is None or columns.shape[1] != grid.count(seen.width, seen.height, _STRIDES):
            return None
        classes = columns.shape[0] - 4
        return Yolov8(classes) if classes >= 1 else None

    def read(self, seen: Seen, *, classes: Classes, least: Least) -> Candidates:
        columns = only(seen.outputs, rank=3)
        assert columns is not None
        rows = columns[:, columns[4:].max(axis=0) >= min(least.person, least.ball)].T
        return chosen(corners(rows[:, :2], rows[:, 2:4]), rows[:, 4:], seen=seen, classes=classes, least=least)
