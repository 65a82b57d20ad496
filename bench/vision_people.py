"""People and balls on labelled real frames: what a detector finds there, beside what is labelled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from bench.vision_figures import Figure, missing, on_real
from bench.vision_frames import ROLES, LabelledFrame, is_crowded, is_near, matches_of
from bench.vision_measures import (
    Bools,
    Finds,
    Floats,
    Ints,
    at_threshold,
    average_precision,
    ceiling,
    interval,
    iou,
    matched,
    recall_at_false,
    recall_at_precision,
)
from bench.vision_models import BALL_POINT, PERSON_POINT, Setting, Subject, looked_at
from touchline.engine.types import Detections

IOU_LEAST = 0.5
IOUS = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))
BALL_REACH_PX = 10.0
BALL_FALSE = 0.5
HEIGHTS = ((0, 16), (16, 32), (32, 64), (64, np.inf))


@dataclass(frozen=True)
class Judgement:
    """One frame with what was found on it.

    label_of (N,): the label that each find matches at IoU .5, or -1; likeness (N, M): IoU of finds and labels;
    near (N,): whether a find counts under the rule for unlabelled people (matched ones always do); scale: of the look.
    """

    frame: LabelledFrame
    found: Detections
    scale: float
    likeness: Floats
    label_of: Ints
    near: Bools

    @property
    def sure(self) -> Bools:
        """(N,) finds at or above the operating point."""
        return np.asarray(self.found.scores >= PERSON_POINT)

    def recalled(self) -> Bools:
        """(M,) labels that a find at the operating point matches."""
        return np.isin(np.arange(len(self.frame.people)), self.label_of[self.sure])

    def mistakes(self) -> tuple[int, int]:
        """People missed and false near finds at the operating point."""
        false = self.sure & (self.label_of < 0) & self.near
        return int((~self.recalled()).sum()), int(false.sum())


def judged(frame: LabelledFrame, found: Detections, scale: float) -> Judgement:
    likeness = iou(found.boxes, frame.people)
    label_of = matched(likeness, found.scores, least=IOU_LEAST)
    near = (label_of >= 0) | is_near(found.boxes, frame.people)
    return Judgement(frame, found, scale, likeness, label_of, near)


def judge(subject: Subject, frames: Sequence[LabelledFrame], setting: Setting) -> list[Judgement]:
    """Look at every frame and judge what was found."""
    seen = looked_at(subject, (frame.image() for frame in frames), setting)
    return [judged(frame, found, scale) for frame, (found, scale) in zip(frames, seen, strict=True)]


def people_finds(judgements: Sequence[Judgement], *, near: bool, least: float = IOU_LEAST) -> Finds:
    """Finds of people pooled over frames at one IoU; `near` leaves out unmatched ones away from labelled people."""
    parts = []
    for one in judgements:
        hits = (one.label_of if least == IOU_LEAST else matched(one.likeness, one.found.scores, least=least)) >= 0
        counts = hits | is_near(one.found.boxes, one.frame.people) if near else np.ones(len(hits), bool)
        parts.append((one.found.scores[counts], hits[counts], len(one.frame.people)))
    return Finds.pooled(parts, matches_of([one.frame for one in judgements]))


def ball_finds(judgements: Sequence[Judgement]) -> Finds:
    """Finds of balls: a hit has its middle within 10 px or one diameter (the larger) of a label's, source pixels."""
    parts = []
    for one in judgements:
        hits = ball_hits(one.found.ball_boxes, one.found.ball_scores, one.frame.balls)
        parts.append((one.found.ball_scores, hits, len(one.frame.balls)))
    return Finds.pooled(parts, matches_of([one.frame for one in judgements]))


def ball_hits(boxes: Floats, scores: Floats, labels: Floats) -> Bools:
    """(N,) which ball candidates hit a labelled ball, greedily by score; the diameter is the label's longer side."""
    reach_px = np.maximum(BALL_REACH_PX, (labels[:, 2:] - labels[:, :2]).max(axis=1, initial=0))
    apart_px = np.linalg.norm(_middles(boxes)[:, None] - _middles(labels)[None], axis=2)
    return np.asarray(matched(-apart_px / reach_px, scores, least=-1.0) >= 0)


def figures(judgements: Sequence[Judgement], subject: str, setting: str) -> list[Figure]:
    """Every figure of one detector in one setting."""
    words = on_real(len(judgements))
    near, all_ = people_finds(judgements, near=True), people_finds(judgements, near=False)
    balls = ball_finds(judgements)

    def headline(part: str, measure: str, finds: Finds, value_of: Callable[..., float | None]) -> Figure:
        low, high = interval(finds, value_of) or (None, None)
        return replace(plain(part, measure, value_of(finds)), low=low, high=high)

    def plain(part: str, measure: str, value: float | None, unit: str = "", note: str = "") -> Figure:
        if value is None:
            return missing(part, measure, setting, subject, note or "nothing there to measure it on", unit=unit)
        return Figure(part, measure, setting, subject, value, words, unit, note)

    precision, recall = at_threshold(near, PERSON_POINT)
    ball_precision, ball_recall = at_threshold(balls, BALL_POINT)
    over_ious = [average_precision(people_finds(judgements, near=True, least=least)) for least in IOUS]
    return [
        headline("people", "AP50 near", near, average_precision),
        headline("people", "AP50 all", all_, average_precision),
        plain("people", "mAP50:95 near", _mean(over_ious)),
        headline("people", "recall at precision .95, near", near, partial(recall_at_precision, precision=0.95)),
        plain("people", "recall at the operating point", recall),
        plain("people", "precision at the operating point, near", precision),
        plain("people", "mean IoU of matched boxes", mean_iou(judgements)),
        *(plain("people", name, value, note=note) for name, value, note in recall_by_class(judgements)),
        headline("ball", "recall at ≤ .5 false a frame", balls, partial(recall_at_false, per_frame=BALL_FALSE)),
        plain("ball", "ceiling: recall of all candidates", ceiling(balls)),
        plain("ball", "recall at the operating point", ball_recall),
        plain("ball", "precision at the operating point", ball_precision),
        plain("people", "median scale of the look", float(np.median([one.scale for one in judgements])), "×"),
    ]


def mean_iou(judgements: Sequence[Judgement]) -> float | None:
    """Mean IoU of the boxes that match a label at IoU .5 at the operating point; None if none does."""
    values = [
        one.likeness[find, one.label_of[find]]
        for one in judgements
        for find in np.nonzero(one.sure & (one.label_of >= 0))[0]
    ]
    return _mean(values)


def recall_by_class(judgements: Sequence[Judgement]) -> list[tuple[str, float | None, str]]:
    """Recall at the operating point by height at the network's input, by crowding and by role, each with its count of labels.

    A class without labels has no recall.
    """
    if not judgements:
        return []
    found = np.concatenate([one.recalled() for one in judgements])
    tall_px = np.concatenate([(one.frame.people[:, 3] - one.frame.people[:, 1]) * one.scale for one in judgements])
    crowded = np.concatenate([is_crowded(one.frame.people) for one in judgements])
    roles = np.concatenate([one.frame.roles for one in judgements])
    classes = [(_height_name(least, most), (tall_px >= least) & (tall_px < most)) for least, most in HEIGHTS]
    classes += [("recall, crowded", crowded), ("recall, not crowded", ~crowded)]
    classes += [(f"recall, {name}", roles == role) for role, name in ROLES.items()]
    return [
        (name, float(found[inside].mean()) if inside.any() else None, f"{int(inside.sum())} labels")
        for name, inside in classes
    ]


def _height_name(least: float, most: float) -> str:
    if least == 0:
        return f"recall, under {most:g} px at the input"
    return f"recall, {least:g} px and taller" if most == np.inf else f"recall, {least:g}–{most:g} px at the input"


def _middles(boxes: Floats) -> Floats:
    return np.asarray((boxes[:, :2] + boxes[:, 2:]) / 2)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None
