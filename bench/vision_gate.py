"""Who counts as being on the pitch where no camera is calibrated: labelled people kept, others told apart.

Staff, benches and crowd are not labelled. A find counts as beside the pitch where its feet lie more than 40 px outside
the hull of the labelled feet; about a quarter of those stand on the green beside the lines, as assistants and coaches
do, and no colour tells them apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bench.vision_figures import ENGINE, Figure, Gate, missing, on_real
from bench.vision_frames import FOLDER, LabelledFrame, footage, is_near, labelled_frames
from bench.vision_models import PERSON_POINT, SETTINGS, Setting, Subject, open_subject, seen
from touchline.engine.stages.gate import PitchGate
from touchline.engine.types import Detections, Frame

KEPT, APART, BALLS = "labelled people kept", "finds beside the pitch told apart", "labelled balls kept"
_SETTING, _LEAST_KEPT = "by colour", Gate(0.995)
_NO_FOOTAGE = "TOUCHLINE_TEST_FOOTAGE names no folder of real footage"


@dataclass(frozen=True)
class GateCount:
    """Labelled people and balls, and finds beside the pitch: how many there are and how the gate takes them."""

    people: int = 0
    people_kept: int = 0
    balls: int = 0
    balls_kept: int = 0
    beside: int = 0
    beside_apart: int = 0

    def __add__(self, other: "GateCount") -> "GateCount":
        return GateCount(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    def figures(self, frames: int) -> list[Figure]:
        """A share without anything to count is not measured."""
        counted = [
            (KEPT, self.people_kept, self.people, _LEAST_KEPT),
            (APART, self.beside_apart, self.beside, None),
            (BALLS, self.balls_kept, self.balls, None),
        ]
        return [
            Figure("gate", name, _SETTING, ENGINE, part / of, on_real(frames), note=f"of {of}", gate=gate)
            if of
            else missing("gate", name, _SETTING, ENGINE, "there are none")
            for name, part, of, gate in counted
        ]


def gate_figures() -> list[Figure]:
    """All figures, with the shipped detector at the scale of the engine's rule."""
    folder = footage()
    frames = [] if folder is None else labelled_frames(folder / FOLDER)
    if not frames:
        return [missing("gate", name, _SETTING, ENGINE, _NO_FOOTAGE) for name in (KEPT, APART, BALLS)]
    return counted(open_subject(None), frames, SETTINGS[-1]).figures(len(frames))


def counted(subject: Subject, frames: Iterable[LabelledFrame], setting: Setting) -> GateCount:
    """Look at every frame and count how the gate takes what is labelled and what is found there."""
    total = GateCount()
    for frame in frames:
        image = frame.image()
        found, _ = seen(subject, image, setting)
        total += count(frame, Frame(0, 0, 0.0, image), found)
    return total


def count(labels: LabelledFrame, picture: Frame, found: Detections) -> GateCount:
    """One frame: the gate sees the finds, and is then asked about the labels too."""
    gate = PitchGate(picture_size=(picture.image.shape[1], picture.image.shape[0]))
    sure = _people(found.boxes[found.scores >= PERSON_POINT])
    apart = gate.keep(picture, sure, None).other_boxes
    labelled = replace(_people(labels.people), ball_boxes=labels.balls, ball_scores=np.ones(len(labels.balls)))
    kept = gate.keep(picture, labelled, None)
    return GateCount(
        people=len(labels.people),
        people_kept=len(kept.boxes),
        balls=len(labels.balls),
        balls_kept=len(kept.ball_boxes),
        beside=int((~is_near(sure.boxes, labels.people)).sum()),
        beside_apart=int((~is_near(apart, labels.people)).sum()),
    )


def _people(boxes: np.ndarray | Sequence[Sequence[float]]) -> Detections:
    boxes = np.asarray(boxes, float).reshape(-1, 4)
    return replace(Detections.empty(), boxes=boxes, scores=np.ones(len(boxes)))
