"""What runs, segments, links and tracking profiles look like over HTTP."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from touchline.features.analysis.profiles import Profile
from touchline.features.analysis.queries import RunRow
from touchline.features.analysis.rules import live_stats, run_outputs
from touchline.foundation.http.text import Line, RefId, Text, clean_json
from touchline.foundation.http.times import InstantOut

# --- runs


class RunAccepted(BaseModel):
    """An upload became a run."""

    status: str = "accepted"
    message: str
    match_id: str
    analysis_id: str
    video_path: str = Field(examples=["temp_uploads/0198f0a2-5c1e-7a31-8f7e-2f6f0c1f7a10_1.mp4"])

    @classmethod
    def of(cls, run: RunRow) -> "RunAccepted":
        return cls(
            message=run["message"] or "",
            match_id=run["match_id"],
            analysis_id=run["id"],
            video_path=run["input_video_path"],
        )


Outputs = Annotated[
    dict[str, Any],
    Field(
        description="Paths of what the run made, and counters; a key without a value is omitted, never null.",
        examples=[
            {
                "tracking_video_path": "outputs/analysis_0198f0a2-5c1e-7a31-8f7e-2f6f0c1f7a10_20260502_140211/"
                "tracking_output.mp4",
                "input_video_path": "temp_uploads/0198f0a2-5c1e-7a31-8f7e-2f6f0c1f7a10_1.mp4",
                "total_frames": 140,
                "segments_count": 3,
            }
        ],
    ),
]
State = Annotated[str, Field(description="PENDING, QUEUED, PROCESSING, COMPLETED or FAILED.", examples=["PROCESSING"])]
Share = Annotated[float, Field(ge=0, le=1, examples=[0.35])]


class RunRead(BaseModel):
    """A run as status and history show it. A key of `outputs` without a value is omitted."""

    analysis_id: str
    match_id: str | None
    input_video_name: str | None
    status: State
    progress: Share
    message: str
    outputs: Outputs
    input_video_path: str | None
    submitted_at: InstantOut | None
    completed_at: InstantOut | None
    is_cancelled: bool
    part: str
    retry_of: str | None
    team_a_id: str | None
    team_b_id: str | None
    tracking_video_path: str | None = None  # only once the video can be streamed


def run_fields(run: RunRow, *, segments_count: int | None = None) -> dict[str, Any]:
    """The fields of `RunRead`; what is not known yet is left out."""
    outputs = run_outputs(run, segments_count)
    shown: dict[str, Any] = {
        "analysis_id": run["id"],
        "match_id": run["match_id"],
        "input_video_name": run["input_video_name"],
        "status": run["status"],
        "progress": run["progress"],
        "message": run["message"] or "",
        "outputs": outputs,
        "input_video_path": run["input_video_path"],
        "submitted_at": run["submitted_at"],
        "completed_at": run["completed_at"],
        "is_cancelled": run["is_cancelled"],
        "part": run["part"],
        "retry_of": run["retry_of"],
        "team_a_id": run["team_a_id"],
        "team_b_id": run["team_b_id"],
    }
    if "tracking_video_path" in outputs:
        shown["tracking_video_path"] = outputs["tracking_video_path"]
    return shown


def written_run(run: RunRow, segments_count: int, links: Mapping[str, str]) -> bytes:
    """A run of the history as JSON: `RunRead` with its segments counted and its videos linked."""
    fields = run_fields(run, segments_count=segments_count)
    fields["outputs"] |= links
    return RunRead(**fields).model_dump_json(exclude_unset=True).encode()


class RunStatus(RunRead):
    """A run with the latest telemetry by track id."""

    live_stats: dict[str, dict[str, Any]]

    @classmethod
    def of(cls, run: RunRow) -> "RunStatus":
        return cls(**run_fields(run), live_stats=live_stats(run["live_stats"]))


class JobStatus(BaseModel):
    """A run by the name that the classic API gave it."""

    job_id: str
    status: State
    progress: Share
    message: str
    outputs: Outputs

    @classmethod
    def of(cls, run: RunRow) -> "JobStatus":
        return cls(
            job_id=run["id"],
            status=run["status"],
            progress=run["progress"],
            message=run["message"] or "",
            outputs=run_outputs(run),
        )


class MatchJob(JobStatus):
    match_id: str

    @classmethod
    def of(cls, run: RunRow) -> "MatchJob":
        return cls(**JobStatus.of(run).model_dump(), match_id=run["match_id"])


class NoAnalysis(BaseModel):
    status: str = "NO_ANALYSIS"
    message: str = "This match has not been analysed yet."


class JobAccepted(BaseModel):
    job_id: str
    match_id: str
    status: str
    message: str


class Cancelled(BaseModel):
    status: str = "cancelled"
    analysis_id: str


class RetryStarted(BaseModel):
    status: str = "retry_started"
    analysis_id: str
    original_id: str
    match_id: str
    video_path: str


class StaleMarked(BaseModel):
    status: str = "ok"
    message: str
    marked: int


class Message(BaseModel):
    message: str


class RunTeams(BaseModel):
    """Which teams A and B of a run are."""

    team_a_id: RefId
    team_b_id: RefId


class RunTeamsRead(BaseModel):
    analysis_id: str
    team_a_id: str
    team_b_id: str


class Links(BaseModel):
    """Signed absolute addresses by output key."""

    links: dict[str, str]
    expires_at: InstantOut


# --- stills


class FoundThing(BaseModel):
    box: tuple[float, float, float, float] = Field(description="x, y, width, height in picture pixels")
    label: str
    confidence: float
    color: tuple[int, int, int] = Field(description="blue, green, red")


class Detections(BaseModel):
    filename: str
    detections: list[FoundThing]


# --- segments


class SegmentRead(BaseModel):
    """One window of a run."""

    id: str
    analysis_id: str
    match_id: str | None
    segment_index: int = Field(ge=0)
    start_sec: float = Field(description="Seconds of the video.", examples=[60.0])
    end_sec: float = Field(examples=[120.0])
    video_start_sec: float = Field(description="Where to seek to in the video.", examples=[60.0])
    analysis_json: dict[str, Any] = Field(
        description=(
            "What was measured: `team_a` and `team_b` (objects, empty when unknown), `team_a_tags` and `team_b_tags`,"
            " `tactical_narrative`, `possession_team_a_pct`, `possession_team_b_pct`, and what else the engine says."
        ),
        examples=[
            {
                "team_a": {"defensive_line": 34.2, "width": 41.0, "compactness": 13.1, "avg_speed": 2.6},
                "team_b": {},
                "team_a_tags": [{"tag": "BALANCED LINE", "description": "34 m, norm 32; within the usual range"}],
                "team_b_tags": [],
                "tactical_narrative": "No structural problem detected.",
            }
        ],
    )
    recommendation: str | None = Field(description="Null below the threshold of advice.")
    severity_score: float = Field(ge=0, le=1, description="Risk, higher is worse.", examples=[0.21])
    severity_label: Literal["LOW", "MEDIUM", "HIGH", "CRITICAL"]
    status: Literal["PENDING", "PROCESSING", "COMPLETED", "FAILED", "EMPTY"]
    created_at: str = Field(examples=["2026-05-02T14:03:20.250000Z"])


class RunSegments(BaseModel):
    """count: how many segments this answer holds; `X-Total-Count` says how many there are."""

    analysis_id: str
    segments: list[SegmentRead]
    count: int


class MatchSegments(BaseModel):
    """count: how many segments this answer holds; `X-Total-Count` says how many there are."""

    match_id: str
    segments: list[SegmentRead]
    count: int


class RunSegmentsDeleted(BaseModel):
    analysis_id: str
    deleted: int


class MatchSegmentsDeleted(BaseModel):
    match_id: str
    deleted: int


# --- tracking profiles

_Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]


class Point(BaseModel):
    """A pixel of the source picture (u, v) and the pitch point (x, y) in metres that it shows."""

    u: _Number
    v: _Number
    x: _Number
    y: _Number


class ZonePoint(BaseModel):
    x: _Number
    y: _Number


class Zone(BaseModel):
    """A polygon in fractions 0..1 of the picture; applied from three points on."""

    label: Annotated[Line, Field(max_length=64)]
    points: Annotated[list[ZonePoint], Field(max_length=200)]


def _or_empty(value: object) -> object:
    return [] if value is None else value


class CameraIn(BaseModel):
    """One camera; ids that a client sends are ignored."""

    label: Annotated[Line, Field(max_length=64)] = ""
    video_source: Annotated[Text, Field(max_length=255)] = ""
    sync_offset_ms: Annotated[int, Field(ge=-600_000, le=600_000), BeforeValidator(lambda v: 0 if v is None else v)] = 0
    calibration: Annotated[list[Point], Field(max_length=200), BeforeValidator(_or_empty)] = []
    roi: Annotated[list[Zone], Field(max_length=32), BeforeValidator(_or_empty)] = []
    picture_width: Annotated[int, Field(ge=1, le=16_384, examples=[1920])] | None = None
    picture_height: Annotated[int, Field(ge=1, le=16_384, examples=[1080])] | None = None

    def row(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "video_source": self.video_source,
            "sync_offset_ms": self.sync_offset_ms,
            "calibration_json": [point.model_dump() for point in self.calibration],
            "roi_json": [zone.model_dump() for zone in self.roi],
            "picture_width": self.picture_width,
            "picture_height": self.picture_height,
        }


class ProfileIn(BaseModel):
    """A tracking profile to keep. Fewer than four points, or points on one line, are kept but not used."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "Stand, left",
                "match_id": None,
                "cameras": [
                    {
                        "label": "main",
                        "video_source": "gallery",
                        "calibration": [
                            {"u": 112, "v": 640, "x": 0, "y": 0},
                            {"u": 1780, "v": 655, "x": 105, "y": 0},
                            {"u": 1310, "v": 240, "x": 105, "y": 68},
                            {"u": 520, "v": 236, "x": 0, "y": 68},
                        ],
                    }
                ],
            }
        }
    )

    name: Annotated[Line, Field(min_length=1, max_length=255, examples=["Stand, left"])]
    match_id: RefId | None = None
    engine_settings: Annotated[
        dict[str, Any], AfterValidator(clean_json), BeforeValidator(lambda v: {} if v is None else v)
    ] = {}
    is_active: Annotated[bool, BeforeValidator(lambda v: True if v is None else v)] = True
    cameras: Annotated[list[CameraIn], Field(max_length=8), BeforeValidator(_or_empty)] = []


class CameraRead(BaseModel):
    id: str
    profile_id: str
    label: str
    video_source: str
    sync_offset_ms: int
    calibration: list[Point]
    roi: list[Zone]
    picture_width: int | None
    picture_height: int | None
    order_index: int


class ProfileRead(BaseModel):
    id: str
    match_id: str | None
    name: str
    engine_settings: dict[str, Any]
    is_active: bool
    cameras: list[CameraRead]
    created_at: InstantOut

    @classmethod
    def of(cls, profile: Profile) -> "ProfileRead":
        row = profile.row
        return cls(
            id=row["id"],
            match_id=row["match_id"],
            name=row["name"],
            engine_settings=row["engine_settings"],
            is_active=row["is_active"],
            cameras=[_camera(camera) for camera in profile.cameras],
            created_at=row["created_at"],
        )


def _camera(row: Mapping[Any, Any]) -> CameraRead:
    return CameraRead(
        id=row["id"],
        profile_id=row["profile_id"],
        label=row["label"],
        video_source=row["video_source"],
        sync_offset_ms=row["sync_offset_ms"],
        calibration=row["calibration_json"],
        roi=row["roi_json"],
        picture_width=row["picture_width"],
        picture_height=row["picture_height"],
        order_index=row["order_index"],
    )
