"""What the engine is asked for: the fields of an upload, over a profile's settings, over the defaults; stored with the run.

The stored form is flat JSON; a retry copies it whole and the worker turns it into the engine's request.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from math import isfinite
from typing import Any

from touchline.features.analysis.rules import output_folder
from touchline.football.updates import AnalysisOptions, AnalysisRequest, CalibrationPoint, Camera, RoiZone
from touchline.foundation.upload_errors import BadFieldError

SECOND_CAMERA_NOTE = "The second camera's video is stored, but it is not used yet."
UNUSABLE_CALIBRATION_NOTE = (
    "The tracking profile's calibration needs at least four points that do not lie on one line, "
    "so nothing is measured in metres."
)

Points = list[dict[str, float]]


@dataclass(frozen=True)
class RunOptions:
    """Every option of a run. `profile` is the engine's, `profile_id` the tracking profile's row."""

    frame_limit: int = 0
    skip_json: bool = False
    confidence_threshold: float = 0.5
    ball_confidence: float = 0.3
    max_lost_frames: int = 15
    enable_reid: bool = False
    target_team: str = "Both"
    camera_count: int = 1
    camera_type: str = "TV"
    part: str = "whole"
    segment_seconds: float | None = None
    analysis_fps: float | None = None
    language: str = "en"
    attacks: str | None = None
    profile: str = "balanced"
    profile_id: str | None = None
    calibration: Points = field(default_factory=list)
    roi: list[dict[str, Any]] = field(default_factory=list)
    cameras: list[dict[str, Any]] = field(default_factory=list)
    sync_offset_ms: int = 0
    home_team_id: str | None = None
    away_team_id: str | None = None
    home_name: str | None = None
    away_name: str | None = None
    home_color: str | None = None
    away_color: str | None = None
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "RunOptions":
        """Options of a stored run; keys that a later version added or dropped do no harm."""
        known = {f.name for f in fields(cls)}
        return cls(**{key: value for key, value in stored.items() if key in known})


# --- reading the fields of a form


def _whole(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
            raise ValueError(f"must be a whole number from {low} to {high}")
        try:
            number = int(value) if isinstance(value, int | float) else int(str(value).strip())
        except (ValueError, OverflowError) as error:
            raise ValueError(f"must be a whole number from {low} to {high}") from error
        if not low <= number <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return number

    return read


def _number(low: float, high: float) -> Callable[[object], float]:
    def read(value: object) -> float:
        wish = f"must be a number from {low:g} to {high:g}"
        if isinstance(value, bool):
            raise ValueError(wish)  # noqa: TRY004 — every refusal here is about the value of a field
        try:
            number = float(value) if isinstance(value, int | float) else float(str(value).strip())
        except (ValueError, OverflowError) as error:
            raise ValueError(wish) from error
        if not (isfinite(number) and low <= number <= high):
            raise ValueError(wish)
        return number

    return read


_BOOLEANS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    try:
        return _BOOLEANS[str(value).strip().lower()]
    except KeyError as error:
        raise ValueError("must be true or false") from error


def _one_of(*words: str, synonyms: Mapping[str, str] | None = None) -> Callable[[object], str]:
    spellings = {word.lower(): word for word in words} | {k.lower(): v for k, v in (synonyms or {}).items()}

    def read(value: object) -> str:
        try:
            return spellings[str(value).strip().lower()]
        except KeyError as error:
            raise ValueError(f"must be one of {', '.join(words)}") from error

    return read


_READERS: Mapping[str, Callable[[object], Any]] = {
    "frame_limit": _whole(0, 2**31 - 1),
    "skip_json": _boolean,
    "confidence_threshold": _number(0, 1),
    "ball_confidence": _number(0, 1),
    "max_lost_frames": _whole(0, 10_000),
    "enable_reid": _boolean,
    "target_team": _one_of("Both", "Team A", "Team B"),
    "camera_count": _whole(1, 2),
    "camera_type": _one_of("Fixed", "TV", synonyms={"Fixed Camera": "Fixed", "TV Camera": "TV"}),
    "part": _one_of("whole", "first", "second"),
    "segment_seconds": _number(5, 600),
    "analysis_fps": _number(0.5, 60),
    "language": _one_of("en", "fr", "ar"),
    "attacks": _one_of("A=right", "A=left"),
    "profile": _one_of("fast", "balanced", "accurate"),
}


def read_fields(form: Mapping[str, str]) -> dict[str, Any]:
    """The options that an upload names. Unknown fields are ignored; an empty field counts as not sent.

    Raises:
        BadFieldError: a value is out of its range.
    """
    read: dict[str, Any] = {}
    for name, reader in _READERS.items():
        text = form.get(name, "")
        if not text.strip():
            continue
        try:
            read[name] = reader(text)
        except ValueError as error:
            raise BadFieldError(field=name, reason=str(error)) from error
    return read


def read_settings(engine_settings: Mapping[str, Any]) -> dict[str, Any]:
    """The options that a profile names (rule 10.4); what does not fit is left out, a profile never stops an upload."""
    read: dict[str, Any] = {}
    for name, reader in _READERS.items():
        value = engine_settings.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        try:
            read[name] = reader(value)
        except ValueError:
            continue
    # How many videos there are and which half they show is the upload's business alone.
    read.pop("camera_count", None)
    read.pop("part", None)
    return read


# --- a profile's cameras


def usable_calibration(points: Points) -> bool:
    """At least four points that span an area both in the picture and on the pitch; anything less fits no homography."""
    return len(points) >= 4 and all(_spans_area([(p[a], p[b]) for p in points]) for a, b in (("u", "v"), ("x", "y")))


def _spans_area(points: list[tuple[float, float]]) -> bool:
    (x0, y0) = points[0]
    far = max(points, key=lambda p: (p[0] - x0) ** 2 + (p[1] - y0) ** 2)
    length2 = (far[0] - x0) ** 2 + (far[1] - y0) ** 2
    if length2 == 0:
        return False
    # Off the line by at least a thousandth of its length.
    return any(abs((far[0] - x0) * (y - y0) - (far[1] - y0) * (x - x0)) > 1e-3 * length2 for x, y in points)


def with_profile(
    explicit: Mapping[str, Any],
    profile: Mapping[str, Any] | None,
    *,
    club_language: str = "en",
    has_second_video: bool = False,
) -> RunOptions:
    """The club's defaults, then the profile's settings, then what the upload said; cameras as rule 10.3."""
    settings = {} if profile is None else read_settings(profile["engine_settings"] or {})
    options = RunOptions(**{"language": club_language, **settings, **explicit})
    if profile is None:
        return options
    cameras: list[dict[str, Any]] = profile["cameras"]
    options = replace(options, profile_id=profile["id"])
    if not cameras:
        return options
    first = cameras[0]
    usable = usable_calibration(first["calibration"])
    kept = [
        {**camera, "calibration": camera["calibration"] if usable_calibration(camera["calibration"]) else []}
        for camera in cameras
    ]
    with_second = has_second_video and len(cameras) > 1
    notes = [] if usable or not first["calibration"] else [UNUSABLE_CALIBRATION_NOTE]
    return replace(
        options,
        calibration=kept[0]["calibration"],
        roi=first["roi"],
        # The first camera always travels: its picture size tells how its points are scaled.
        cameras=kept if with_second else kept[:1],
        sync_offset_ms=cameras[1]["sync_offset_ms"] if with_second else 0,
        notes=[*options.notes, *notes],
    )


def with_notes(message: str, options: Mapping[str, Any]) -> str:
    """A run's message followed by what a coach should know about its input, unless an engine said it already."""
    return " ".join([message, *(note for note in options.get("notes", []) if note not in message)]).strip()


# --- for the engine


def engine_request(run: Mapping[str, Any], *, video: str, second_video: str = "") -> AnalysisRequest:
    """The engine's request for a stored run; the paths are such as the engine can open."""
    options = RunOptions.from_json(run["options"])
    submitted_at: datetime = run["submitted_at"]
    return AnalysisRequest(
        video_path=video,
        run_id=run["id"],
        output_dir=output_folder(run["id"], submitted_at),
        frame_limit=options.frame_limit,
        skip_json=options.skip_json,
        confidence_threshold=options.confidence_threshold,
        ball_confidence=options.ball_confidence,
        max_lost_frames=options.max_lost_frames,
        enable_reid=options.enable_reid,
        target_team=options.target_team,
        camera_count=options.camera_count,
        camera_type=options.camera_type,
        second_video_path=second_video,
        sync_offset_ms=options.sync_offset_ms,
        segment_seconds=options.segment_seconds or 0.0,
        calibration=_calibration(options.calibration),
        roi=_roi(options.roi),
        cameras=tuple(_camera(camera) for camera in options.cameras),
        options=AnalysisOptions(
            analysis_fps=options.analysis_fps,
            profile=options.profile,
            language=options.language,
            attacks_right_a=None if options.attacks is None else options.attacks == "A=right",
            part=options.part,
            home_color=options.home_color,
            away_color=options.away_color,
            home_name=options.home_name,
            away_name=options.away_name,
        ),
    )


def _calibration(points: Points) -> tuple[CalibrationPoint, ...]:
    return tuple(CalibrationPoint(u=p["u"], v=p["v"], x=p["x"], y=p["y"]) for p in points)


def _roi(zones: list[dict[str, Any]]) -> tuple[RoiZone, ...]:
    return tuple(RoiZone(zone["label"], tuple((p["x"], p["y"]) for p in zone["points"])) for zone in zones)


def _camera(camera: Mapping[str, Any]) -> Camera:
    return Camera(
        label=camera["label"],
        sync_offset_ms=camera["sync_offset_ms"],
        calibration=_calibration(camera["calibration"]),
        roi=_roi(camera["roi"]),
        picture_width=camera.get("picture_width"),
        picture_height=camera.get("picture_height"),
    )
