"""AnalysisRequest ⇄ message. Calibration, regions, cameras and options travel as JSON in text fields."""

from dataclasses import fields
from typing import Any

from touchline.football.updates import AnalysisOptions, AnalysisRequest, CalibrationPoint, Camera, RoiZone
from touchline.protocol import analysis_pb2 as pb
from touchline.protocol.values import (
    MalformedPacketError,
    array,
    as_bool,
    as_float,
    as_int,
    as_text,
    from_float32,
    json_text,
    mapping,
    maybe_float,
    parsed,
    wire_text,
)

_DEFAULT = AnalysisRequest(video_path="", run_id="")
_NO_OPTIONS = AnalysisOptions()
_CAMERA_TYPES = {"fixed": "Fixed", "fixed camera": "Fixed", "tv": "TV", "tv camera": "TV"}
_OPTION_NUMBERS = ("analysis_fps", "start_s", "end_s", "pitch_length_m", "pitch_width_m")
_OPTION_TEXTS = ("profile", "language", "part", "home_color", "away_color", "home_name", "away_name")


def request_to_message(request: AnalysisRequest) -> pb.AnalysisRequest:
    """Encode a request; what equals its default is left out of `options_json`."""
    return pb.AnalysisRequest(
        video_path=wire_text(request.video_path),
        match_id=wire_text(request.run_id),
        frame_limit=request.frame_limit,
        skip_json=request.skip_json,
        confidence_threshold=request.confidence_threshold,
        calibration_json=_json_or_empty([_point(p) for p in request.calibration]),
        roi_json=_json_or_empty([_zone(z) for z in request.roi]),
        ball_confidence=request.ball_confidence,
        max_lost_frames=request.max_lost_frames,
        enable_reid=request.enable_reid,
        target_team=request.target_team,
        camera_count=request.camera_count,
        camera_type=request.camera_type,
        second_video_path=wire_text(request.second_video_path),
        sync_offset_ms=request.sync_offset_ms,
        segment_seconds=request.segment_seconds,
        cameras_json=_json_or_empty([_camera(c) for c in request.cameras]),
        output_dir=wire_text(request.output_dir),
        options_json=_json_or_empty(_options(request.options)),
    )


def request_from_message(message: pb.AnalysisRequest) -> AnalysisRequest:
    """Decode a request; fields that an older platform leaves out take their defaults.

    Raises:
        MalformedPacketError: a JSON field cannot be read; the message names it.
    """
    said = message.HasField
    return AnalysisRequest(
        video_path=message.video_path,
        run_id=message.match_id,
        output_dir=message.output_dir,
        frame_limit=max(0, message.frame_limit),
        skip_json=message.skip_json,
        confidence_threshold=_threshold(
            message.confidence_threshold if said("confidence_threshold") else _DEFAULT.confidence_threshold
        ),
        ball_confidence=_threshold(message.ball_confidence if said("ball_confidence") else _DEFAULT.ball_confidence),
        max_lost_frames=message.max_lost_frames if said("max_lost_frames") else _DEFAULT.max_lost_frames,
        enable_reid=message.enable_reid,
        target_team=message.target_team or _DEFAULT.target_team,
        camera_count=message.camera_count or 1,
        camera_type=_camera_type(message.camera_type),
        second_video_path=message.second_video_path,
        sync_offset_ms=message.sync_offset_ms,
        segment_seconds=maybe_float(message.segment_seconds) or 0.0,
        calibration=_points_from(_array(message.calibration_json, "calibration_json"), "calibration_json"),
        roi=_zones_from(_array(message.roi_json, "roi_json"), "roi_json"),
        cameras=tuple(
            _camera_from(item, f"cameras_json[{place}]")
            for place, item in enumerate(_array(message.cameras_json, "cameras_json"))
        ),
        options=_options_from(message.options_json),
    )


def _json_or_empty(value: list[Any] | dict[str, Any]) -> str:
    return json_text(value) if value else ""


def _threshold(value: float) -> float:
    return min(1.0, max(0.0, from_float32(value)))


def _camera_type(value: str) -> str:
    kept = value.strip() or _DEFAULT.camera_type
    return _CAMERA_TYPES.get(kept.lower(), kept)


def _array(source: str, what: str) -> list[Any]:
    found = parsed(source, what) if source.strip() else None
    return [] if found is None else array(found, what)


def _point(point: CalibrationPoint) -> dict[str, float]:
    return {"u": point.u, "v": point.v, "x": point.x, "y": point.y}


def _points_from(items: list[Any], what: str) -> tuple[CalibrationPoint, ...]:
    points = []
    for place, item in enumerate(items):
        here = f"{what}[{place}]"
        record = mapping(item, here)
        points.append(CalibrationPoint(*(as_float(record.get(key), f"{here}.{key}") for key in "uvxy")))
    return tuple(points)


def _zone(zone: RoiZone) -> dict[str, Any]:
    return {"label": zone.label, "points": [{"x": x, "y": y} for x, y in zone.points]}


def _zones_from(items: list[Any], what: str) -> tuple[RoiZone, ...]:
    zones = []
    for place, item in enumerate(items):
        here = f"{what}[{place}]"
        record = mapping(item, here)
        corners = [
            mapping(corner, f"{here}.points[{n}]")
            for n, corner in enumerate(array(record.get("points", []), f"{here}.points"))
        ]
        zones.append(
            RoiZone(
                label=as_text(record.get("label") or "", f"{here}.label"),
                points=tuple(
                    (as_float(c.get("x"), f"{here}.points[{n}].x"), as_float(c.get("y"), f"{here}.points[{n}].y"))
                    for n, c in enumerate(corners)
                ),
            )
        )
    return tuple(zones)


def _camera(camera: Camera) -> dict[str, Any]:
    size = {"picture_width": camera.picture_width, "picture_height": camera.picture_height}
    return {
        "label": camera.label,
        "sync_offset_ms": camera.sync_offset_ms,
        "calibration": [_point(p) for p in camera.calibration],
        "roi": [_zone(z) for z in camera.roi],
        **{key: value for key, value in size.items() if value is not None},
    }


def _camera_from(item: object, what: str) -> Camera:
    record = mapping(item, what)
    width, height = (
        None if record.get(key) is None else as_int(record[key], f"{what}.{key}")
        for key in ("picture_width", "picture_height")
    )
    return Camera(
        label=as_text(record.get("label") or "", f"{what}.label"),
        sync_offset_ms=as_int(record.get("sync_offset_ms") or 0, f"{what}.sync_offset_ms"),
        calibration=_points_from(array(record.get("calibration") or [], f"{what}.calibration"), f"{what}.calibration"),
        roi=_zones_from(array(record.get("roi") or [], f"{what}.roi"), f"{what}.roi"),
        picture_width=width,
        picture_height=height,
    )


def _options(options: AnalysisOptions) -> dict[str, Any]:
    said = {
        field.name: value
        for field in fields(options)
        if (value := getattr(options, field.name)) != getattr(_NO_OPTIONS, field.name)
    }
    attacks_right_a = said.pop("attacks_right_a", None)
    if attacks_right_a is not None:
        said["attacks"] = "right" if attacks_right_a else "left"
    return said


def _options_from(source: str) -> AnalysisOptions:
    record = mapping(parsed(source, "options_json"), "options_json") if source.strip() else {}
    values: dict[str, Any] = {}
    for key, value in record.items():
        what = f"options_json.{key}"
        if value is None:
            continue  # null leaves the choice to the engine, like a missing key
        if key in _OPTION_NUMBERS:
            values[key] = as_float(value, what)
        elif key in _OPTION_TEXTS:
            values[key] = as_text(value, what)
        elif key == "render":
            values[key] = as_bool(value, what)
        elif key == "attacks":
            values["attacks_right_a"] = _attacks_right(value)
    return AnalysisOptions(**values)


def _attacks_right(value: object) -> bool:
    """Whether team A attacks the right goal; `right`, `left`, or `A=right` as on the command line."""
    direction = as_text(value, "options_json.attacks").strip().lower().removeprefix("a=")
    if direction not in ("right", "left"):
        raise MalformedPacketError(f"options_json.attacks must be “right” or “left”, not “{value}”.")
    return direction == "right"
