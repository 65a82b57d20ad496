"""How well boxes fit labels: matching, precision and recall, and how far chance moves a figure.

Pure functions of arrays. Boxes are (N, 4) x0, y0, x1, y1 in source pixels. Definitions follow the usual ones of
detection benchmarks; where those leave a choice, the docstring states it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]
Bools = NDArray[np.bool_]

RESAMPLES = 2000
_SEED = 20_261_124


def iou(boxes: Floats, others: Floats) -> Floats:
    """Intersection over union of every box (N, 4) with every other (M, 4): (N, M), 0 where an area is empty."""
    boxes, others = np.asarray(boxes, float).reshape(-1, 4), np.asarray(others, float).reshape(-1, 4)
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    union = _area(boxes)[:, None] + _area(others)[None, :] - shared
    return np.asarray(np.divide(shared, union, out=np.zeros_like(shared), where=union > 0))


def matched(likeness: Floats, scores: Floats, *, least: float) -> Ints:
    """One label for each find, greedily by score: the strongest find takes the free label that it is most like.

    Args:
        likeness: (N, M) of finds and labels, larger is more alike.
        scores: (N,) of the finds; equal scores keep their order.
        least: likeness below which nothing matches.

    Returns:
        (N,) index of the label, -1 for a find without one.
    """
    label_of = np.full(len(scores), -1)
    free = np.ones(likeness.shape[1], bool)
    for find in np.argsort(-np.asarray(scores), kind="stable"):
        if not free.any():
            break
        label = int(np.argmax(np.where(free, likeness[find], -np.inf)))
        if likeness[find, label] >= least:
            label_of[find], free[label] = label, False
    return label_of


@dataclass(frozen=True)
class Finds:
    """The judged finds of many frames.

    scores, hits: (N,) of all finds that count; clusters: (N,) index of the match that each comes from.
    labels, frames: (C,) number of labels and of frames of every match.
    """

    scores: Floats
    hits: Bools
    clusters: Ints
    labels: Ints
    frames: Ints

    @staticmethod
    def pooled(parts: Sequence[tuple[Floats, Bools, int]], clusters: Sequence[int]) -> "Finds":
        """From each frame's scores (n,), hits (n,) and number of labels, with the match that it belongs to."""
        count = max(clusters, default=-1) + 1
        of_frame = np.asarray(clusters, int)
        return Finds(
            scores=np.concatenate([part[0] for part in parts]) if parts else np.zeros(0),
            hits=np.concatenate([part[1] for part in parts]).astype(bool) if parts else np.zeros(0, bool),
            clusters=np.repeat(of_frame, [len(part[0]) for part in parts]),
            labels=np.bincount(of_frame, weights=[part[2] for part in parts], minlength=count).astype(int),
            frames=np.bincount(of_frame, minlength=count),
        )


@dataclass(frozen=True)
class Curve:
    """Precision, recall and false finds a frame as the threshold falls: one value for each distinct score.

    thresholds, precision, recall, false_per_frame: (K,), thresholds falling. Without labels recall is NaN.
    """

    thresholds: Floats
    precision: Floats
    recall: Floats
    false_per_frame: Floats


def curve(finds: Finds, weights: Floats | None = None) -> Curve:
    """The curve of all finds; `weights` (C,) says how often each match counts (None: once)."""
    times = np.ones(len(finds.labels)) if weights is None else np.asarray(weights, float)
    order = np.argsort(-finds.scores, kind="stable")
    weight = times[finds.clusters[order]]
    right = np.cumsum(weight * finds.hits[order])
    all_ = np.cumsum(weight)
    # Finds of the same score come or go together, so only the last of them is a point of the curve.
    last = np.append(np.diff(finds.scores[order]) != 0, True)[: len(order)] & (all_ > 0)
    right, all_, labels, frames = right[last], all_[last], float(times @ finds.labels), float(times @ finds.frames)
    return Curve(
        thresholds=finds.scores[order][last],
        precision=right / all_,
        recall=right / labels if labels else np.full(len(right), np.nan),
        false_per_frame=(all_ - right) / frames if frames else np.full(len(right), np.nan),
    )


def average_precision(finds: Finds, weights: Floats | None = None) -> float | None:
    """Area under the precision-recall curve by all-point interpolation; None without labels.

    Precision at a recall is the best one at that recall or beyond (as in PASCAL VOC from 2010 on), summed over every
    step of recall, not over fixed recall points.
    """
    points = curve(finds, weights)
    if not _has_labels(finds, weights):
        return None
    best = np.maximum.accumulate(points.precision[::-1])[::-1]
    return float(np.sum(np.diff(points.recall, prepend=0.0) * best))


def recall_at_precision(finds: Finds, weights: Floats | None = None, *, precision: float) -> float | None:
    """The largest recall at any threshold whose precision is at least that; 0 if none is, None without labels."""
    points = curve(finds, weights)
    if not _has_labels(finds, weights):
        return None
    return float(np.max(points.recall[points.precision >= precision], initial=0.0))


def recall_at_false(finds: Finds, weights: Floats | None = None, *, per_frame: float) -> float | None:
    """The largest recall at any threshold with at most so many false finds a frame; None without labels."""
    points = curve(finds, weights)
    if not _has_labels(finds, weights):
        return None
    return float(np.max(points.recall[points.false_per_frame <= per_frame], initial=0.0))


def ceiling(finds: Finds, weights: Floats | None = None) -> float | None:
    """Recall when every find counts, however weak; None without labels."""
    return recall_at_false(finds, weights, per_frame=np.inf)


def at_threshold(finds: Finds, threshold: float) -> tuple[float | None, float | None]:
    """Precision and recall of the finds with at least that score; None where there is nothing to divide by."""
    kept = finds.scores >= threshold
    right, labels = int(finds.hits[kept].sum()), int(finds.labels.sum())
    return (right / int(kept.sum()) if kept.any() else None, right / labels if labels else None)


def interval(
    finds: Finds,
    measure: Callable[[Finds, Floats], float | None],
    *,
    resamples: int = RESAMPLES,
    confidence: float = 0.95,
) -> tuple[float, float] | None:
    """How far chance in the choice of matches moves a figure: percentile interval of a cluster bootstrap.

    Frames of one match resemble each other, so whole matches are drawn with replacement, as many as there are, with a
    fixed seed. None with fewer than two matches that hold labels.

    Source: Field & Welsh 2007, doi:10.1111/j.1467-9868.2007.00593.x
    """
    count = len(finds.labels)
    if np.count_nonzero(finds.labels) < 2:
        return None
    draws = np.random.default_rng(_SEED).multinomial(count, np.full(count, 1 / count), size=resamples)
    values = [value for draw in draws if (value := measure(finds, draw.astype(float))) is not None]
    tail = (1 - confidence) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)


def _has_labels(finds: Finds, weights: Floats | None) -> bool:
    return bool((finds.labels.sum() if weights is None else weights @ finds.labels) > 0)


def _area(boxes: Floats) -> Floats:
    return np.clip(boxes[:, 2] - boxes[:, 0], 0, None) * np.clip(boxes[:, 3] - boxes[:, 1], 0, None)
