"""People on drawn scenes, whose boxes are known to the pixel: how tight boxes are, and what distractors cost.

Scenes are drawn by the training tree from a bank of rendered people, with a seed that no training uses. Where the
tree's requirements or the bank are missing the figures say so.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.vision_figures import SYNTHETIC, Figure, missing
from bench.vision_measures import Bools, Floats, Ints, iou, matched
from bench.vision_models import PERSON_POINT, Subject, whole
from touchline.engine.types import Image

SEED = 90_210
_LEAST_IOU = 0.5
_FREE_PX = (24.0, 48.0)
_MOSTLY = 0.5
_SETTING = "drawn"
# In a picture of 320 px seven of ten people above 120 px are cut by its border, which frames of matches do not do.
_SIDE_PX = {"free": 320, "hard": 640}
_TIGHTNESS = "mean IoU, drawn free people of 24–48 px"
_HARD_RECALL, _HARD_PRECISION = "recall, drawn hard set", "precision, drawn hard set"


@dataclass(frozen=True)
class DrawnScene:
    """A picture with the boxes of its people (N, 4) and the areas (K, 4) that are not judged, in its pixels."""

    image: Image
    people: Floats
    ignore: Floats


@dataclass(frozen=True)
class DrawnSet:
    """How scenes of a kind are drawn, from a bank of so many sprites with that checksum.

    Where none can be drawn `draw` is None and `why_not` tells why.
    """

    draw: Callable[[str, int], DrawnScene] | None
    sprites: int = 0
    checksum: str = ""
    why_not: str = ""

    def scenes(self, kind: str, count: int) -> Iterator[DrawnScene]:
        assert self.draw is not None
        return (self.draw(kind, index) for index in range(count))


def drawn_set(folder: Path | None) -> DrawnSet:
    """The scenes that a bank of rendered people gives.

    Raises:
        BankError: the folder holds no finished bank.
    """
    if folder is None:
        return DrawnSet(None, why_not="no bank of rendered people was given (--bank)")
    try:
        from training.people import bank as banks
        from training.scenes import draw_scene
    except ImportError as error:  # the training tree has requirements of its own
        return DrawnSet(None, why_not=f"the training requirements are not installed ({error.name} is missing)")
    bank = banks.open(folder)
    return DrawnSet(
        lambda kind, index: _plain(draw_scene(bank, SEED, index, kind=kind, size=_SIDE_PX[kind])),
        sprites=len(bank),
        checksum=bank.checksum,
    )


def figures(subject: Subject, scenes: DrawnSet, *, count: int) -> list[Figure]:
    """Tightness on free people, and precision and recall among distractors, at the operating point."""
    if scenes.draw is None:
        names = (_TIGHTNESS, _HARD_RECALL, _HARD_PRECISION)
        return [missing("people", name, _SETTING, subject.name, scenes.why_not) for name in names]
    free = [looked_at(subject, scene) for scene in scenes.scenes("free", count)]
    hard = [looked_at(subject, scene) for scene in scenes.scenes("hard", count)]
    values = [value for seen in free for value in seen.free_fits()]
    labels, hits, finds = (sum(seen.counts()[place] for seen in hard) for place in range(3))
    note = f"{count} scenes, seed {SEED}"

    def figure(name: str, value: float | None, why_not: str) -> Figure:
        if value is None:
            return missing("people", name, _SETTING, subject.name, why_not)
        return Figure("people", name, _SETTING, subject.name, value, SYNTHETIC, note=note)

    return [
        figure(_TIGHTNESS, float(np.mean(values)) if values else None, "no box fits anybody"),
        figure(_HARD_RECALL, hits / labels if labels else None, "nobody is drawn"),
        figure(_HARD_PRECISION, hits / finds if finds else None, "nothing is found"),
    ]


@dataclass(frozen=True)
class Look:
    """One scene as a detector saw it, at its operating point."""

    scene: DrawnScene
    boxes: Floats
    likeness: Floats
    label_of: Ints

    def free_fits(self) -> list[float]:
        """IoU of the boxes of matched people of 24 to 48 px."""
        tall_px = self.scene.people[:, 3] - self.scene.people[:, 1]
        return [
            float(self.likeness[find, label])
            for find, label in enumerate(self.label_of)
            if label >= 0 and _FREE_PX[0] <= tall_px[label] <= _FREE_PX[1]
        ]

    def counts(self) -> tuple[int, int, int]:
        """People to be found, those found, and boxes that count.

        A box without a label that lies mostly in an area that is not judged does not count.
        """
        hits = self.label_of >= 0
        counts = hits | ~lies_in(self.boxes, self.scene.ignore)
        return len(self.scene.people), int(hits.sum()), int(counts.sum())


def looked_at(subject: Subject, scene: DrawnScene) -> Look:
    found = subject.detector.search(scene.image, whole(scene.image, scene.image.shape[1]))
    sure = found.scores >= PERSON_POINT
    likeness = iou(found.boxes[sure], scene.people)
    return Look(scene, found.boxes[sure], likeness, matched(likeness, found.scores[sure], least=_LEAST_IOU))


def lies_in(boxes: Floats, areas: Floats) -> Bools:
    """(N,) whether more than half of a box lies in one of the areas (K, 4)."""
    if len(areas) == 0:
        return np.zeros(len(boxes), bool)
    shared = np.minimum(boxes[:, None, 2:], areas[None, :, 2:]) - np.maximum(boxes[:, None, :2], areas[None, :, :2])
    size = np.prod(np.clip(boxes[:, 2:] - boxes[:, :2], 1e-9, None), axis=1)
    return np.asarray((np.prod(np.clip(shared, 0, None), axis=2) > _MOSTLY * size[:, None]).any(axis=1))


def _plain(scene: Any) -> DrawnScene:
    return DrawnScene(scene.image, scene.people, scene.ignore)
