"""The ball: what a closer look finds on labelled frames, and what the path makes of the synthetic match.

Recall on whole pictures is measured with the people (`bench.vision_people`).
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce
from operator import add
from pathlib import Path

import numpy as np

from bench.vision_ball_path import LEVEL, BallScore, MadeUp, analysed, made_up
from bench.vision_figures import ENGINE, SYNTHETIC, Figure, Gate, missing, on_real
from bench.vision_frames import FOLDER, LabelledFrame, footage, labelled_frames, matches_of
from bench.vision_measures import Finds, Floats, at_threshold, ceiling, interval, recall_at_false
from bench.vision_models import BALL_POINT, SHIPPED, Subject, open_subject
from bench.vision_people import BALL_FALSE, ball_hits
from touchline.engine.stages.detect.detector import second_look

LOOK, DETECTED, MADE_UP = "closer look", "synthetic L1, 10 a second", "synthetic L1, made-up candidates"
RECALL, WITHIN, FALSE = "recall at ≤ .5 false a look", "visible time within 2 m", "false seconds a minute"
OFFSET_PX = 64.0
# Other enlargements of the same crops: what they would find tells whether the engine's own is the right one.
SCALES = (1.0, 1.5)
# Scenes on which nothing was tried out while the path was made.
SEEDS, SECONDS = (101, 102, 103), 40.0
_SEED = 20_261_124
_NO_FOOTAGE = "TOUCHLINE_TEST_FOOTAGE names no folder with footage/players"


def ball_figures(subjects: Sequence[Subject] = ()) -> list[Figure]:
    """All figures: closer looks of the given detectors (none: the shipped one), and the path."""
    folder = footage()
    frames = [] if folder is None else labelled_frames(folder / FOLDER)
    subjects = subjects or [open_subject(None, name=SHIPPED)]
    looks = [figure for subject in subjects for figure in look_figures(subject, frames)]
    with tempfile.TemporaryDirectory(prefix="touchline-ball-") as work:
        detected = reduce(add, (analysed(seed, SECONDS, Path(work)) for seed in SEEDS))
    invented = reduce(add, (made_up(seed, SECONDS, MadeUp()) for seed in SEEDS))
    return [*looks, *path_figures(detected, DETECTED, is_gated=True), *path_figures(invented, MADE_UP, is_gated=False)]


def look_figures(subject: Subject, frames: Sequence[LabelledFrame]) -> list[Figure]:
    """Recall of one detector in crops around labelled balls; the gate is that of the shipped one."""
    if not frames:
        return [missing("ball", RECALL, LOOK, subject.name, _NO_FOOTAGE)]
    finds = look_finds(subject, frames)
    words, count = on_real(len(frames)), f"{int(finds.frames.sum())} looks"
    value = recall_at_false(finds, per_frame=BALL_FALSE)
    low, high = interval(finds, lambda of, weights: recall_at_false(of, weights, per_frame=BALL_FALSE)) or (None, None)
    gate = Gate(0.85) if subject.name == SHIPPED else None
    precision, recall = at_threshold(finds, BALL_POINT)
    others = [(scale, look_finds(subject, frames, scale=scale)) for scale in SCALES]
    return [
        Figure("ball", RECALL, LOOK, subject.name, value, words, note=count, low=low, high=high, gate=gate),
        Figure("ball", "ceiling: recall of all candidates", LOOK, subject.name, ceiling(finds), words, note=count),
        Figure("ball", "recall at the operating point", LOOK, subject.name, recall, words, note=count),
        Figure("ball", "precision at the operating point", LOOK, subject.name, precision, words, note=count),
        *(
            Figure(
                "ball", RECALL, f"{LOOK} at {scale:g}×", subject.name, recall_at_false(of, per_frame=BALL_FALSE), words
            )
            for scale, of in others
        ),
    ]


def look_finds(subject: Subject, frames: Sequence[LabelledFrame], *, scale: float | None = None) -> Finds:
    """Candidates in one look for each labelled ball, its middle moved by up to 64 px either way, always the same.

    `scale` enlarges the engine's crop by another factor than the engine does.
    """
    parts, of_frame = [], []
    for frame, match in zip(frames, matches_of(frames), strict=True):
        if len(frame.balls) == 0:
            continue
        image = frame.image()
        for centre in look_places(frame):
            look = second_look(image, (float(centre[0]), float(centre[1])))
            look = look if scale is None else replace(look, scale=scale)
            found = subject.detector.search(image, look)
            labels = frame.balls[_inside(frame.balls, np.array([look.x0, look.y0, look.x1, look.y1], float))]
            hits = ball_hits(found.ball_boxes, found.ball_scores, labels)
            parts.append((found.ball_scores, hits, len(labels)))
            of_frame.append(match)
    return Finds.pooled(parts, of_frame)


def look_places(frame: LabelledFrame) -> Floats:
    """(M, 2) where a path that is off by up to 64 px either way would look for the labelled balls of a frame."""
    rng = np.random.default_rng([_SEED, *frame.name.encode()])
    middles = (frame.balls[:, :2] + frame.balls[:, 2:]) / 2
    return np.asarray(middles + rng.uniform(-OFFSET_PX, OFFSET_PX, middles.shape))


def path_figures(score: BallScore, setting: str, *, is_gated: bool) -> list[Figure]:
    """What the path reached in one setting."""
    note = f"level {LEVEL}, {score.visible} visible frames of {score.frames}, {score.seconds:.0f} s"
    return [_path_figure(*row, setting, note, is_gated) for row in _path_rows(score)]


def _path_rows(score: BallScore) -> Iterator[tuple[str, float | None, str, Gate | None]]:
    yield WITHIN, score.within_share, "", Gate(0.75)
    yield FALSE, score.false_s_per_minute, "s", Gate(3.0, is_least=False)
    yield "visible time drawn within 10 px", score.drawn_share, "", None
    yield "flights called so", score.flights_share, "", None
    yield "longest time without it", score.blind_s, "s", None


def _path_figure(
    measure: str, value: float | None, unit: str, gate: Gate | None, setting: str, note: str, is_gated: bool
) -> Figure:
    if value is None:
        return missing("ball", measure, setting, ENGINE, f"nothing to measure it on; {note}", unit=unit)
    return Figure("ball", measure, setting, ENGINE, value, SYNTHETIC, unit, note, gate=gate if is_gated else None)


def _inside(boxes: Floats, part: Floats) -> Floats:
    """(N,) whether the middles of boxes lie in a part of the picture."""
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    return np.asarray(((middles >= part[:2]) & (middles < part[2:])).all(axis=1))
