"""What the pipeline needs of its stages; one implementation per file under `stages/`."""

from collections.abc import Iterator
from typing import Protocol

from touchline.engine.types import (
    Calibration,
    CameraStep,
    Detections,
    FloatArray,
    Frame,
    Image,
    IntArray,
    Tracks,
    VideoFacts,
)


class FrameSource(Protocol):
    """A video as sampled frames in time order; memory does not grow with its length."""

    @property
    def facts(self) -> VideoFacts: ...

    def frames(self) -> Iterator[Frame]: ...


class Detector(Protocol):
    """Persons and ball in one picture."""

    @property
    def name(self) -> str: ...

    def detect(self, image: Image) -> Detections: ...


class SecondLook(Protocol):
    """An enlarged look around a place where the ball should be: boxes (N, 4) source pixels, scores (N,)."""

    def ball_near(self, image: Image, centre_px: tuple[float, float]) -> tuple[FloatArray, FloatArray]: ...


class CameraMotion(Protocol):
    """How the camera moves. `has_moved` turns true once it has left the position it started from."""

    @property
    def has_moved(self) -> bool: ...

    def update(self, frame: Frame, boxes: FloatArray) -> CameraStep: ...


class Tracker(Protocol):
    """Lasting ids for the persons of successive frames.

    `shift` is called before `update` when the camera moved: everything known moves with the picture.
    """

    def shift(self, step: CameraStep) -> None: ...

    def update(self, frame: Frame, detections: Detections) -> Tracks: ...


class TeamClassifier(Protocol):
    """Which kit each track wears, from its history so far.

    `observe` is called for every analysed frame. `labels` answers for any track seen so far:
    (teams, roles), int8 arrays of `TeamCode` and `Role` for the given ids. `is_fitted` turns true once, when the
    kits are known (after the first 20 s of play, or at the end of a shorter video); teams never swap after it.
    """

    @property
    def is_fitted(self) -> bool: ...

    def observe(self, frame: Frame, tracks: Tracks, calibration: Calibration | None) -> None: ...

    def fit(self) -> None: ...

    def labels(self, ids: IntArray) -> tuple[IntArray, IntArray]: ...


class PitchCalibrator(Protocol):
    """Where the pitch lies in a picture; None when this picture cannot be placed, with `reason` telling why."""

    @property
    def reason(self) -> str | None: ...

    def calibrate(self, frame: Frame) -> Calibration | None: ...
