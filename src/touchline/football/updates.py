"""What the platform asks of an engine, and what an engine says while it works.

The same frozen dataclasses travel in process and, through `protocol.codec`, over gRPC, so neither wing
imports the other. Field meanings and wire numbers: `proto/analysis.proto`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True)
class CalibrationPoint:
    """One pitch point seen in the picture: (u, v) source pixels after rotation, (x, y) metres, pitch frame."""

    u: float
    v: float
    x: float
    y: float


@dataclass(frozen=True)
class RoiZone:
    """A polygon in fractions 0..1 of the picture; fewer than three points are ignored."""

    label: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Camera:
    """A camera of a tracking profile, as far as an engine needs it."""

    label: str = ""
    sync_offset_ms: int = 0
    calibration: tuple[CalibrationPoint, ...] = ()
    roi: tuple[RoiZone, ...] = ()
    picture_width: int | None = None
    picture_height: int | None = None


@dataclass(frozen=True)
class AnalysisOptions:
    """Options beside the fixed request fields; None leaves the choice to the engine's profile."""

    analysis_fps: float | None = None
    profile: str = "balanced"
    language: str = "en"
    attacks_right_a: bool | None = None
    part: str = "whole"
    home_color: str | None = None
    away_color: str | None = None
    home_name: str | None = None
    away_name: str | None = None
    start_s: float = 0.0
    end_s: float | None = None
    render: bool = True
    pitch_length_m: float | None = None
    pitch_width_m: float | None = None


@dataclass(frozen=True)
class AnalysisRequest:
    """One video to analyse. `run_id` travels as `match_id` on the wire, where it is an opaque correlation id."""

    video_path: str
    run_id: str
    output_dir: str = ""
    frame_limit: int = 0
    skip_json: bool = False
    confidence_threshold: float = 0.5
    ball_confidence: float = 0.3
    max_lost_frames: int = 15
    enable_reid: bool = False
    target_team: str = "Both"
    camera_count: int = 1
    camera_type: str = "TV"
    second_video_path: str = ""
    sync_offset_ms: int = 0
    segment_seconds: float = 0.0
    calibration: tuple[CalibrationPoint, ...] = ()
    roi: tuple[RoiZone, ...] = ()
    cameras: tuple[Camera, ...] = ()
    options: AnalysisOptions = field(default_factory=AnalysisOptions)


@dataclass(frozen=True)
class Progress:
    """Work goes on. `live_stats`: track id -> {"distance": metres, ...}, or None when nothing is known."""

    progress: float
    message: str
    live_stats: Mapping[str, Json] | None = None
    status: str = "PROCESSING"


@dataclass(frozen=True)
class SegmentDone:
    """One closed window; `analysis` is the `analysis_json` of the contract."""

    index: int
    start_s: float
    end_s: float
    video_start_s: float
    analysis: Json
    recommendation: str | None
    severity_score: float
    severity_label: str
    status: str = "COMPLETED"


@dataclass(frozen=True)
class AlertRaised:
    """A new or changed tactical alert; the same `alert_id` replaces the earlier state.

    `context` holds players, ball, zone, tags, outlier, analysis and whatever explains the alert later.
    """

    alert_id: str
    timestamp: str
    severity_score: float
    severity_label: str
    category: str
    decision_type: str
    status: str
    action: str
    review_countdown: int
    category_trigger_count: int
    decision_id: str | None = None
    match_time: float | None = None
    trigger_metric: str | None = None
    recommended_action: str | None = None
    context: Json = field(default_factory=dict)


@dataclass(frozen=True)
class AnalysisResult:
    """What a run left behind; paths are POSIX and relative to the output root, empty = absent."""

    run_id: str
    total_frames: int = 0
    players_tracked: int = 0
    tracking_video_path: str = ""
    tracking_json_path: str = ""
    backline_video_path: str = ""
    heatmap_video_path: str = ""
    possession_analysis_path: str = ""
    animation_video_path: str = ""
    tactical_advisory_path: str = ""
    statistics_path: str = ""
    positions_path: str = ""
    processing_time_s: float = 0.0
    fps: float = 0.0
    error_message: str = ""


@dataclass(frozen=True)
class TrackingVideoReady:
    """The tracked video can be watched while the rest is still being made."""

    tracking_video_path: str
    total_frames: int


@dataclass(frozen=True)
class Finished:
    """The run is complete; nothing follows."""

    result: AnalysisResult
    message: str = ""


@dataclass(frozen=True)
class Failed:
    """The run cannot go on; `message` is a sentence for the coach. Nothing follows."""

    message: str
    result: AnalysisResult | None = None


Update = Progress | SegmentDone | AlertRaised | TrackingVideoReady | Finished | Failed


@dataclass(frozen=True)
class FoundBox:
    """One detection of a still: x, y, w, h in picture pixels; colour is that of the drawn box, BGR."""

    box: tuple[float, float, float, float]
    label: str
    confidence: float
    color: tuple[int, int, int]
