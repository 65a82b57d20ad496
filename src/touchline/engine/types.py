"""Values that flow through the pipeline. Boxes are source pixels (upright picture), positions are metres in frame P."""

from dataclasses import dataclass, field

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
    """

    boxes: FloatArray
    scores: FloatArray
    ball_boxes: FloatArray
    ball_scores: FloatArray

    @staticmethod
    def empty() -> "Detections":
        return Detections(
            np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros((0, 4), np.float32), np.zeros(0, np.float32)
        )


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


@dataclass(frozen=True, slots=True)
class BallFound:
    """Where the ball was in one analysed frame: box (4,) source pixels and score; both NaN when it was not seen."""

    frame_index: int
    box: FloatArray
    score: float


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything known about one analysed frame once stages have run; what tactics and rendering read.

    track_ids (N,) int32; boxes (N, 4) float32 source pixels; scores (N,);
    teams (N,) int8 of TeamCode; roles (N,) int8 of Role;
    positions (N, 2) float32 metres, frame P, NaN when not calibrated or outside the picture's ground;
    ball_box (4,) source pixels, NaN when unseen; ball_score 0..1 or NaN; ball_position (2,) metres or NaN;
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
