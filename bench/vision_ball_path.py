"""The path of the ball on the synthetic match, whose truth is known: with the real detector, and with made-up candidates.

The camera is the scene's own, so what is lost here is lost by the detector or by the path, not by a calibration.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from bench.vision_measures import Bools, Floats
from touchline.engine.catalogue import stages_for
from touchline.engine.decode import open_video
from touchline.engine.pipeline import Pipeline
from touchline.engine.settings import EngineSettings
from touchline.engine.stages.ball import BallPath
from touchline.engine.stages.calibrate import FixedCameraCalibrator
from touchline.engine.synthetic.encode import Mp4File
from touchline.engine.synthetic.painter import BALL_RADIUS_M
from touchline.engine.synthetic.synthesis import Scene, make_scene, painted_frames
from touchline.engine.types import BallFound, BallReason, BallState, Observation
from touchline.football.pitch import PENALTY_SPOT_M
from touchline.football.updates import AnalysisRequest

LEVEL, SCENE_FPS, FPS = "L1", 30, 10
NEAR_M, NEAR_PX = 2.0, 10.0
# Lower balls lie within 2 m of the place on the ground that the camera sees behind them.
GROUND_M = 0.5


@dataclass(frozen=True)
class BallTruth:
    """What is true of T frames: times_s (T,); places (T, 3) metres, frame P with height; pixels (T, 2) of the middle;
    visible (T,) whether any of the ball is to be seen."""

    times_s: Floats
    places: Floats
    pixels: Floats
    visible: Bools


@dataclass(frozen=True)
class BallScore:
    """Frames of answers against the truth; sums over scenes by `+`.

    right: visible frames placed within 2 m; wrong: frames whose ball is placed further away than that, or drawn more
    than 10 px away without a place; drawn: visible frames drawn within 10 px; flying: visible frames above 0.5 m;
    called_flying: those of them that were said to be in the air; called_wrongly: frames below 0.5 m said so too.
    """

    frames: int = 0
    seconds: float = 0.0
    visible: int = 0
    right: int = 0
    wrong: int = 0
    drawn: int = 0
    flying: int = 0
    called_flying: int = 0
    called_wrongly: int = 0
    blind_s: float = 0.0

    def __add__(self, other: "BallScore") -> "BallScore":
        summed = {one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)}
        return BallScore(**{**summed, "blind_s": max(self.blind_s, other.blind_s)})

    @property
    def within_share(self) -> float | None:
        return self.right / self.visible if self.visible else None

    @property
    def drawn_share(self) -> float | None:
        return self.drawn / self.visible if self.visible else None

    @property
    def flights_share(self) -> float | None:
        return self.called_flying / self.flying if self.flying else None

    @property
    def false_s_per_minute(self) -> float | None:
        return self.wrong / self.frames * 60 if self.frames else None


def score_of(found: Sequence[BallFound], truth: BallTruth) -> BallScore:
    """Judge answers of T frames; an answer counts wherever it was seen or bridged."""
    is_said = np.array([one.state is not BallState.UNKNOWN for one in found], bool)
    places = np.array([one.position for one in found], float).reshape(-1, 2)
    boxes = np.array([one.box for one in found], float).reshape(-1, 4)
    in_air = np.array([one.reason is BallReason.IN_THE_AIR for one in found], bool)
    with np.errstate(invalid="ignore"):
        off_m = np.linalg.norm(places - truth.places[:, :2], axis=1)
        off_px = np.linalg.norm((boxes[:, :2] + boxes[:, 2:]) / 2 - truth.pixels, axis=1)
        right = is_said & (off_m <= NEAR_M)
        drawn = is_said & (off_px <= NEAR_PX)
    has_place = np.isfinite(off_m)
    wrong = is_said & np.where(has_place, ~right, ~drawn)
    high = truth.places[:, 2] > GROUND_M
    return BallScore(
        frames=len(found),
        seconds=float(len(found) * np.median(np.diff(truth.times_s))) if len(found) > 1 else 0.0,
        visible=int(truth.visible.sum()),
        right=int((right & truth.visible).sum()),
        wrong=int(wrong.sum()),
        drawn=int((drawn & truth.visible).sum()),
        flying=int((high & truth.visible).sum()),
        called_flying=int((high & truth.visible & in_air & drawn).sum()),
        called_wrongly=int((in_air & ~high).sum()),
        blind_s=_longest_s(truth.times_s, truth.visible & ~drawn),
    )


def analysed(seed: int, seconds: float, work: Path, *, fps: int = FPS) -> BallScore:
    """The whole engine on a drawn and encoded scene: the shipped detector, its closer looks, and the path."""
    scene = make_scene("L1", seed, seconds, fps=SCENE_FPS)
    video, truth = _drawn(scene, work / f"ball-{seed}.mp4", fps=fps)
    settings = EngineSettings(analysis_fps=float(fps))
    source = open_video(video, analysis_fps=float(fps), threads=settings.threads)
    size = (source.facts.width, source.facts.height)
    stages = stages_for(settings, AnalysisRequest(str(video), "bench"), picture_size=size)
    stages = replace(stages, calibrator=FixedCameraCalibrator(scene.camera.calibration()))
    pipeline = Pipeline(source, stages, pitch=scene.pitch, threads=settings.threads)
    found = [_answer(seen) for seen in pipeline.observations() if seen is not None]
    return score_of(found, truth)


@dataclass(frozen=True)
class MadeUp:
    """How candidates are made from the truth.

    found: share of visible balls that are found; noise_px: standard deviation of their places; score: mean and
    standard deviation of their scores; boots: share of people with a candidate on their boots in a frame; stray:
    candidates anywhere in a frame, on average; spots: share of frames with a candidate on each spot of the pitch.
    """

    found: float = 0.8
    noise_px: float = 0.7
    score: tuple[float, float] = (0.42, 0.13)
    boots: float = 0.06
    stray: float = 1.5
    spots: float = 0.6


def made_up(seed: int, seconds: float, how: MadeUp, *, fps: int = FPS) -> BallScore:
    """The path alone, on candidates made from the truth; nothing is drawn, and no closer look is taken."""
    scene = make_scene("L1", seed, seconds, fps=SCENE_FPS)
    rng = np.random.default_rng([seed, 77])
    calibration, path = scene.camera.calibration(), BallPath(pitch=scene.pitch)
    rows = range(0, scene.frames, SCENE_FPS // fps)
    truth = _truth(scene, rows)
    found: list[BallFound] = []
    for index, row in enumerate(rows):
        people = _people(scene, row)
        places, scores = _candidates(scene, truth.pixels[index], bool(truth.visible[index]), people, how, rng)
        side = max(4.0, 0.15 * float(np.median(people[:, 3] - people[:, 1])))
        found += path.add(
            index,
            row / scene.fps,
            boxes=np.concatenate([places - side / 2, places + side / 2], axis=1),
            scores=scores,
            people=people,
            calibration=calibration,
            picture_size=scene.camera.size_px,
        )
    return score_of(found + path.finish(), truth)


def _drawn(scene: Scene, target: Path, *, fps: int) -> tuple[Path, BallTruth]:
    """Every n-th frame of a scene as a video of its own, and the truth of these frames."""
    every, visible = SCENE_FPS // fps, []
    with Mp4File(target, fps=fps, size_px=scene.camera.size_px, crf=scene.level.crf) as video:
        for painted in painted_frames(scene, every=every):
            video.add(painted.image)
            visible.append(painted.ball_visible > 0)
    truth = _truth(scene, range(0, scene.frames, every))
    return target, replace(truth, visible=np.array(visible, bool))


def _truth(scene: Scene, rows: range) -> BallTruth:
    """The truth of some frames; a ball inside the picture counts as visible."""
    places = scene.motion.ball[np.asarray(rows)]
    pixels, _ = scene.camera.project(places + np.array((0.0, 0.0, BALL_RADIUS_M)))
    inside = ((pixels >= 0) & (pixels < np.array(scene.camera.size_px))).all(axis=1)
    return BallTruth(np.asarray(rows) / scene.fps, places, pixels, inside)


def _people(scene: Scene, row: int) -> Floats:
    """(P, 4) boxes of everybody as if nobody hid anybody."""
    feet = np.column_stack([scene.motion.position[row], np.zeros(len(scene.looks))])
    tall = np.array([(0.0, 0.0, look.height_m) for look in scene.looks])
    low, ahead = scene.camera.project(feet)
    high, _ = scene.camera.project(feet + tall)
    half = 0.25 * scene.camera.pixels_per_metre(ahead)
    boxes = np.column_stack([low[:, 0] - half, high[:, 1], low[:, 0] + half, low[:, 1]])
    return np.asarray(boxes[np.isfinite(boxes).all(axis=1)])


def _candidates(
    scene: Scene, ball_px: Floats, is_visible: bool, people: Floats, how: MadeUp, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Middles (N, 2) and scores (N,) of one frame's candidates."""
    places, scores = [], []
    if rng.random() < how.found and is_visible:
        places.append(ball_px + rng.normal(0, how.noise_px, 2))
        scores.append(float(np.clip(rng.normal(*how.score), 0.15, 0.95)))
    for box in people[rng.random(len(people)) < how.boots]:
        places.append(np.array([(box[0] + box[2]) / 2, box[3] - 1]) + rng.normal(0, 2.0, 2))
        scores.append(float(rng.uniform(0.14, 0.40)))
    for _ in range(rng.poisson(how.stray)):
        places.append(rng.uniform(0, scene.camera.size_px))
        scores.append(float(rng.uniform(0.14, 0.35)))
    middle, length = scene.pitch.width_m / 2, scene.pitch.length_m
    spots = np.array([(x, middle, 0.0) for x in (PENALTY_SPOT_M, length / 2, length - PENALTY_SPOT_M)])
    for spot in scene.camera.project(spots)[0][rng.random(len(spots)) < how.spots]:
        places.append(spot + rng.normal(0, 0.4, 2))
        scores.append(float(rng.uniform(0.2, 0.4)))
    return np.array(places, float).reshape(-1, 2), np.array(scores, float)


def _answer(seen: Observation) -> BallFound:
    return BallFound(
        seen.frame_index,
        seen.ball_box,
        seen.ball_score,
        seen.ball_state,
        seen.ball_position,
        seen.ball_on_ground,
        seen.ball_reason,
    )


def _longest_s(times_s: Floats, flags: Bools) -> float:
    """The longest run of true, in seconds from its first frame to the one after its last."""
    edges = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    step = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 0.0
    return float((stops - starts).max(initial=0) * step)
