"""Values that flow through the pipeline. Boxes are source pixels (upright picture), positions are metres in frame P."""

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
FloatArray = NDArray[np.floating]
IntArray = NDArray[np.integer]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What the container says and what decoding confirmed.

    `duration_s` is None when neither container nor stream tells; `width` and `height` are those of the upright
    picture; `rotation_deg` has already been applied to every frame.
    """

    width: int
    height: int
    fps: float
    duration_s: float | None
    rotation_deg: int = 0
    codec: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """One sampled picture. `index` counts analysed frames, `source_index` decoded ones, both from 0.

    `time_s` is the presentation time in seconds from the video's first frame.
    `image` is (H, W, 3) uint8 BGR, upright.
    """

    index: int
    source_index: int
    time_s: float
    image: Image


@dataclass(frozen=True, slots=True)
class Detections:
    """Persons and ball candidates of one frame.

    boxes: (N, 4) float32 x1, y1, x2, y2 source pixels; scores: (N,) 0..1; `ball_boxes`, `ball_scores` likewise.
    `other_boxes`, `other_scores`: people beside the pitch or outside the user's zones (bench, assistants, crowd), whom
    the gate took out of `boxes`; they are never followed or counted as players. Empty before the gate.
    """

    boxes: FloatArray
    scores: FloatArray
    ball_boxes: FloatArray
    ball_scores: FloatArray
    other_boxes: FloatArray = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    other_scores: FloatArray = field(default_factory=lambda: np.zeros(0, np.float32))

    @staticmethod
    def empty() -> "Detections":
        return Detections(
            np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros((0, 4), np.float32), np.zeros(0, np.float32)
        )


LEAST_PLAYER_PX = 36.0
"""Height of the median player at a detector's input from which on it finds most of them."""


@dataclass(frozen=True, slots=True)
class SizeOfPeople:
    """How large a detector sees people.

    source_px, input_px: height of the median player in the picture and at the network's input; scale: of the look;
    work: pixels of the input, as a share of the profile's usual number.
    """

    source_px: float
    input_px: float
    scale: float
    work: float

    @property
    def is_short(self) -> bool:
        """Whether players are smaller at the input than a detector needs, though the look is as large as it may be."""
        return self.input_px < LEAST_PLAYER_PX - 0.5


@dataclass(frozen=True, slots=True)
class Tracks:
    """Persons of one frame with lasting ids.

    ids: (N,) int32 from 1; boxes: (N, 4) float32 source pixels; scores: (N,) detector score.
    Only tracks that were detected in this frame are listed: a gap stays a gap.
    """

    ids: IntArray
    boxes: FloatArray
    scores: FloatArray


@dataclass(frozen=True, slots=True)
class Calibration:
    """Picture to pitch for a camera that does not move (or one moment of one that does).

    homography: (3, 3) maps undistorted source pixels to metres in frame P.
    k1: one-term radial distortion about `centre_px`, in units of 1 / `scale_px`**2 (0 = none):
        undistorted = centre + (distorted - centre) * (1 + k1 * r**2), r = |distorted - centre| / scale.
    residual_m: root mean square of the fitted points in metres; residual_px the same in pixels.
    """

    homography: FloatArray
    residual_m: float
    residual_px: float
    points: int
    k1: float = 0.0
    centre_px: tuple[float, float] = (0.0, 0.0)
    scale_px: float = 1.0

    def to_pitch(self, points_px: FloatArray) -> FloatArray:
        """Map source pixels (N, 2) to metres (N, 2), frame P; NaN for points at or above the horizon."""
        centre = np.asarray(self.centre_px)
        offset = np.asarray(points_px, np.float64).reshape(-1, 2) - centre
        r2 = (offset**2).sum(axis=1, keepdims=True) / self.scale_px**2
        flat = centre + offset * (1 + self.k1 * r2)
        mapped = np.column_stack([flat, np.ones(len(flat))]) @ self.homography.T
        sign = np.sign(self.homography[2] @ np.array([centre[0], centre[1] * 2, 1.0]))
        depth = mapped[:, 2:3] * (sign or 1.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            out = mapped[:, :2] / mapped[:, 2:3]
        return np.where(depth > 1e-9, out, np.nan)


@dataclass(frozen=True, slots=True)
class CameraStep:
    """How the camera moved since the previous analysed frame.

    affine: (2, 3) maps source pixels of the previous picture to this one (identity while the camera stands).
    """

    affine: FloatArray
    is_moving: bool


class BallState(IntEnum):
    """How a frame's ball came about; BRIDGED lies between two sightings at most half a second apart."""

    UNKNOWN = 0
    SEEN = 1
    BRIDGED = 2


class BallReason(IntEnum):
    """Why a frame's ball is unknown or, when it was seen, why it has no place on the ground; `words` says it."""

    NONE = 0
    NOT_FOUND = 1
    NO_PATH = 2
    HIDDEN = 3
    OUT_OF_PICTURE = 4
    IN_THE_AIR = 5
    NOT_PLACED = 6
    NOT_RECORDED = 7
    BESIDE_THE_PITCH = 8

    @property
    def words(self) -> str:
        return _BALL_REASONS[self]


_BALL_REASONS = {
    BallReason.NONE: "",
    BallReason.NOT_FOUND: "nothing was found that looks like a ball",
    BallReason.NO_PATH: "nothing that was found moves as a ball does",
    BallReason.HIDDEN: "hidden among people",
    BallReason.OUT_OF_PICTURE: "left the picture",
    BallReason.IN_THE_AIR: "the path does not fit the ground",
    BallReason.NOT_PLACED: "the picture is not placed on the pitch",
    BallReason.NOT_RECORDED: "not recorded by the version that wrote this",
    BallReason.BESIDE_THE_PITCH: "beside the pitch",
}


@dataclass(frozen=True, slots=True)
class BallFound:
    """Where the ball was in one analysed frame.

    box (4,) source pixels, NaN when unknown; score of the detector, NaN unless seen; position (2,) metres, frame P,
    NaN unless the path lies on the ground of a placed picture; on_ground is False where the height is unknown.
    """

    frame_index: int
    box: FloatArray
    score: float
    state: BallState = BallState.UNKNOWN
    position: FloatArray = field(default_factory=lambda: np.full(2, np.nan, np.float32))
    on_ground: bool = False
    reason: BallReason = BallReason.NOT_FOUND


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything known about one analysed frame once stages have run; what tactics and rendering read.

    track_ids (N,) int32; boxes (N, 4) float32 source pixels; scores (N,);
    teams (N,) int8 of TeamCode; roles (N,) int8 of Role;
    positions (N, 2) float32 metres, frame P, NaN when not calibrated or outside the picture's ground;
    ball_box (4,) source pixels, NaN when unknown; ball_score 0..1, NaN unless the ball was seen in this very frame;
    ball_position (2,) metres, NaN unless the ball is known to be on the ground; ball_state, ball_on_ground (False:
    height unknown) and ball_reason (why unknown or not placed) as in `BallFound`;
    visible (K, 2) metres: polygon of the pitch that the camera sees, None when not calibrated.
    """

    frame_index: int
    source_index: int
    time_s: float
    track_ids: IntArray
    boxes: FloatArray
    scores: FloatArray
    teams: IntArray
    roles: IntArray
    positions: FloatArray
    ball_box: FloatArray = field(default_factory=lambda: np.full(4, np.nan, np.float32))
    ball_score: float = float("nan")
    ball_position: FloatArray = field(default_factory=lambda: np.full(2, np.nan, np.float32))
    ball_state: BallState = BallState.UNKNOWN
    ball_on_ground: bool = False
    ball_reason: BallReason = BallReason.NOT_RECORDED
    visible: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of a window with how well it was seen. `value` None means not measured, and `reason` says why.

    n: frames, players or events behind the value; coverage: share 0..1 of the window's time behind it;
    q: trust 0..1; low, high: 90 % interval of the value over the window's five-second blocks, None when unknown.
    """

    value: float | None
    n: int = 0
    coverage: float = 0.0
    q: float = 0.0
    low: float | None = None
    high: float | None = None
    reason: str | None = None

    @staticmethod
    def missing(reason: str, *, n: int = 0, coverage: float = 0.0) -> "Metric":
        """A number that could not be measured, with what was reached and why it is not enough."""
        return Metric(None, n=n, coverage=coverage, reason=reason)
