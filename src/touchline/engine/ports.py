"""What the pipeline needs of its stages; one implementation per file under `stages/`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from touchline.engine.types import (
    BallFound,
    Calibration,
    CameraStep,
    Detections,
    FloatArray,
    Frame,
    Image,
    IntArray,
    SizeOfPeople,
    Tracks,
    VideoFacts,
)
from touchline.football.vocabulary import Side


class FrameSource(Protocol):
    """A video as sampled frames in time order; memory does not grow with its length."""

    @property
    def facts(self) -> VideoFacts: ...

    def frames(self) -> Iterator[Frame]: ...


class Detector(Protocol):
    """Persons and ball in one picture.

    `task` plans the work on the next picture and returns it, ready to run in any thread; `learn` takes what of its
    result counts, once the gate has parted players from other people. Both are called in the order of the pictures by
    one thread, so results do not depend on who finishes first.
    """

    @property
    def name(self) -> str: ...

    @property
    def people(self) -> SizeOfPeople | None:
        """How large it sees players; None while too few were seen."""

    def task(self, image: Image) -> Callable[[], Detections]: ...

    def learn(self, found: Detections) -> None: ...

    def focus(self, region: tuple[float, float, float, float] | None) -> None:
        """Tell where people may be seen (x0, y0, x1, y1 source pixels), so that no work goes elsewhere."""


class SecondLook(Protocol):
    """An enlarged look around a place where the ball should be: boxes (N, 4) source pixels, scores (N,)."""

    def ball_near(self, image: Image, centre_px: tuple[float, float]) -> tuple[FloatArray, FloatArray]: ...


class BallChooser(Protocol):
    """The ball among the candidates of successive frames; answers may come later, each frame once and in order.

    `places_to_look` tells where a closer look at a frame is worth its work, (x, y) source pixels, likeliest first; it
    is asked once a frame, before `add`.
    """

    def shift(self, step: CameraStep) -> None: ...

    def places_to_look(
        self,
        time_s: float,
        *,
        boxes: FloatArray,
        scores: FloatArray,
        people: FloatArray,
        picture_size: tuple[int, int],
        calibration: Calibration | None = None,
    ) -> list[tuple[float, float]]: ...

    def add(
        self,
        frame_index: int,
        time_s: float,
        *,
        boxes: FloatArray,
        scores: FloatArray,
        people: FloatArray,
        followed: Tracks | None = None,
        calibration: Calibration | None = None,
        picture_size: tuple[int, int] | None = None,
    ) -> list[BallFound]: ...

    def finish(self) -> list[BallFound]: ...


class PeopleGate(Protocol):
    """Who counts: parts the players from people beside the pitch (or outside the user's zones), who are kept apart as
    others, and drops balls that lie there. `shift` is called when the camera moved.
    """

    def shift(self, step: CameraStep) -> None: ...

    def keep(self, frame: Frame, detections: Detections, calibration: Calibration | None) -> Detections: ...

    def region_px(self, calibration: Calibration | None) -> tuple[float, float, float, float] | None:
        """Part of the picture (x0, y0, x1, y1 source pixels) in which anybody can be kept; None means all of it."""


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

    @property
    def kit_colors(self) -> Mapping[Side, tuple[int, int, int]]:
        """Kit colours as 8-bit BGR; empty while unknown."""

    @property
    def why_a(self) -> str:
        """Why the one kit is A; empty while unknown."""


class PitchCalibrator(Protocol):
    """Where the pitch lies in a picture; None when this picture cannot be placed, with `reason` telling why."""

    @property
    def reason(self) -> str | None: ...

    def camera_moved(self) -> None: ...

    def calibrate(self, frame: Frame) -> Calibration | None: ...


@dataclass(frozen=True)
class Stages:
    """One implementation of each stage, ready for one video."""

    detector: Detector
    second_look: SecondLook | None
    motion: CameraMotion
    calibrator: PitchCalibrator
    gate: PeopleGate
    tracker: Tracker
    teams: TeamClassifier
    ball: BallChooser
