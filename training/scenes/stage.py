"""The picture while it is painted from back to front, and how much of each person and ball can still be seen."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from training.scenes.figures import Figure
from training.scenes.paint import Floats32, Picture, Roi, lay, meet

Label = Literal["person", "ball"]


@dataclass
class Shown:
    """Something labelled: its whole box, its coverage as still seen over `roi`, and its coverage in all."""

    label: Label
    box: tuple[float, float, float, float]
    roi: Roi | None
    seen: Floats32
    area: float

    @property
    def share(self) -> float:
        """Share of its pixels that can be seen, 0..1."""
        return float(np.clip(self.seen.sum() / max(self.area, 1e-6), 0, 1))


@dataclass
class Stage:
    """The canvas (S, S, 3) and what has been put on it so far."""

    image: Picture
    shown: list[Shown] = field(default_factory=list)

    @property
    def size_px(self) -> int:
        """Side of the picture."""
        return int(self.image.shape[0])

    def put(self, figure: Figure, label: Label | None) -> None:
        """Lay a figure before everything else; without a label it only hides."""
        roi = lay(self.image, figure.layer, figure.left, figure.top)
        seen = np.zeros((0, 0), np.float32)
        if roi is not None:
            part = figure.layer[
                roi[1] - figure.top : roi[3] - figure.top, roi[0] - figure.left : roi[2] - figure.left, 3
            ]
            self.hide(part, roi)
            seen = part.copy()
        if label is not None:
            self.shown.append(Shown(label, figure.box, roi, seen, figure.area))

    def hide(self, cover: Floats32 | Picture, roi: Roi) -> None:
        """Take from all that was put so far what is now covered (h, w), 0..255 or 0..1, over `roi`."""
        share = cover * np.float32(1 / 255) if cover.dtype == np.uint8 else cover
        for other in self.shown:
            if other.roi is None:
                continue
            x0, y0 = max(roi[0], other.roi[0]), max(roi[1], other.roi[1])
            x1, y1 = min(roi[2], other.roi[2]), min(roi[3], other.roi[3])
            if x1 <= x0 or y1 <= y0:
                continue
            under = other.seen[y0 - other.roi[1] : y1 - other.roi[1], x0 - other.roi[0] : x1 - other.roi[0]]
            under *= 1 - share[y0 - roi[1] : y1 - roi[1], x0 - roi[0] : x1 - roi[0]]

    def covers(self, box: tuple[float, float, float, float]) -> bool:
        """Whether a box touches the picture at all."""
        return meet((int(box[0]), int(box[1]), int(np.ceil(box[2])), int(np.ceil(box[3]))), self.size_px) is not None
