"""Update ⇄ AnalysisResponse, and the boxes of a still picture."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from touchline.football.updates import (
    AlertRaised,
    AnalysisResult,
    Failed,
    Finished,
    FoundBox,
    Progress,
    SegmentDone,
    TrackingVideoReady,
    Update,
)
from touchline.football.vocabulary import SegmentStatus
from touchline.protocol import analysis_pb2 as pb
from touchline.protocol.values import (
    MalformedPacketError,
    as_float,
    as_int,
    fraction,
    from_float32,
    json_text,
    mapping,
    maybe_float,
    maybe_text,
    parsed,
    wire_text,
)

_WAITING = frozenset({"PENDING", "QUEUED"})
_COMPLETED = frozenset({"COMPLETED", "DONE"})
_FAILED = frozenset({"FAILED", "ERROR"})
_SEGMENT_STATUSES = frozenset(status.value for status in SegmentStatus)
_NO_REASON = "The tracking engine gave up without a reason."

# Names in AnalysisResult whose dataclass fields are called the same.
_RESULT_FIELDS = (
    "total_frames",
    "players_tracked",
    "tracking_video_path",
    "tracking_json_path",
    "backline_video_path",
    "heatmap_video_path",
    "possession_analysis_path",
    "animation_video_path",
    "tactical_advisory_path",
    "statistics_path",
    "positions_path",
    "fps",
    "error_message",
)
_ALERT_FIELDS = tuple(field.name for field in pb.TacticalAlert.DESCRIPTOR.fields)
_ALERT_EXTRAS = ("decision_id", "match_time", "trigger_metric", "recommended_action")
_SEGMENT_KEYS = frozenset(
    {
        "segment_index",
        "start_sec",
        "end_sec",
        "video_start_sec",
        "analysis",
        "analysis_json",
        "recommendation",
        "severity_score",
        "severity_label",
        "status",
        "match_id",
        "analysis_id",
    }
)


def update_to_message(update: Update, *, run_id: str) -> pb.AnalysisResponse:
    """Encode what an engine says about the run `run_id`."""
    message = pb.AnalysisResponse(match_id=wire_text(run_id))
    match update:
        case Progress():
            message.status = update.status
            message.progress = update.progress
            message.message = _progress_text(update)
        case SegmentDone():
            message.status = "SEGMENT_DONE"
            message.message = _segment_json(update)
        case AlertRaised():
            message.status = "ALERT"
            message.alert.CopyFrom(_alert_message(update))
            message.message = _alert_json(update)
        case TrackingVideoReady():
            message.status = "TRACKING_VIDEO_READY"
            message.result.match_id = message.match_id
            message.result.tracking_video_path = wire_text(update.tracking_video_path)
            message.result.total_frames = update.total_frames
        case Finished():
            message.status, message.progress = "COMPLETED", 1.0
            message.message = wire_text(update.message)
            message.result.CopyFrom(_result_message(update.result))
        case Failed():
            message.status = "FAILED"
            message.message = wire_text(update.message)
            if update.result is not None:
                message.result.CopyFrom(_result_message(update.result))
    return message


def update_from_message(message: pb.AnalysisResponse) -> Update:
    """Decode one packet of an engine.

    Segments without a severity label carry an empty one; the recorder knows the rule for it.

    Raises:
        MalformedPacketError: it announces something (a segment, an alert, a video) and does not hold it.
    """
    status = message.status.strip().upper()
    if status == "SEGMENT_DONE":
        return _segment_from(message.message)
    if status == "ALERT":
        return _alert_from(message)
    if status == "TRACKING_VIDEO_READY":
        if not message.result.tracking_video_path:
            raise MalformedPacketError("TRACKING_VIDEO_READY: result.tracking_video_path is empty.")
        return TrackingVideoReady(message.result.tracking_video_path, message.result.total_frames)
    if status in _COMPLETED:
        return Finished(_result_from(message), message.message)
    if status in _FAILED:
        result = _result_from(message) if message.HasField("result") else None
        told = (result.error_message if result else "") or message.message
        return Failed(told or _NO_REASON, result)
    return _progress_from(message, "QUEUED" if status in _WAITING else "PROCESSING")


def boxes_to_message(boxes: Iterable[FoundBox]) -> pb.DetectResponse:
    """Encode the detections of a still."""
    return pb.DetectResponse(boxes=[_box_message(box) for box in boxes])


def boxes_from_message(message: pb.DetectResponse) -> list[FoundBox]:
    """Decode the detections of a still."""
    return [
        FoundBox(
            box=(from_float32(b.x), from_float32(b.y), from_float32(b.width), from_float32(b.height)),
            label=b.label,
            confidence=fraction(from_float32(b.confidence)),
            color=(min(b.blue, 255), min(b.green, 255), min(b.red, 255)),
        )
        for b in message.boxes
    ]


def _box_message(found: FoundBox) -> pb.DetectedBox:
    x, y, width, height = found.box
    blue, green, red = found.color
    return pb.DetectedBox(
        x=x,
        y=y,
        width=width,
        height=height,
        label=found.label,
        confidence=found.confidence,
        blue=blue,
        green=green,
        red=red,
    )


def _progress_text(update: Progress) -> str:
    if update.live_stats is None and _with_live_stats(update.message) is None:
        return wire_text(update.message)
    return json_text({"message": update.message, "live_stats": update.live_stats})


def _progress_from(message: pb.AnalysisResponse, status: str) -> Progress:
    told, live_stats = message.message, None
    record = _with_live_stats(message.message)
    if record is not None:
        told, live_stats = maybe_text(record.get("message")) or "", record["live_stats"]
    return Progress(fraction(from_float32(message.progress)), told, live_stats, status)


def _with_live_stats(source: str) -> dict[str, Any] | None:
    """The JSON object in a progress text when it holds `live_stats` (an object of objects, or null), else None."""
    if not source.lstrip().startswith("{"):
        return None
    try:
        record = json.loads(source)
    except (ValueError, RecursionError):
        return None  # a text that happens to start with a brace
    if not isinstance(record, dict) or "live_stats" not in record:
        return None
    stats = record["live_stats"]
    is_table = isinstance(stats, dict) and all(isinstance(row, dict) for row in stats.values())
    return record if stats is None or is_table else None


def _segment_json(update: SegmentDone) -> str:
    return json_text(
        {
            "segment_index": update.index,
            "start_sec": update.start_s,
            "end_sec": update.end_s,
            "video_start_sec": update.video_start_s,
            "analysis": update.analysis,
            "recommendation": update.recommendation,
            "severity_score": update.severity_score,
            "severity_label": update.severity_label,
            "status": update.status,
        }
    )


def _segment_from(source: str) -> SegmentDone:
    record = mapping(parsed(source, "SEGMENT_DONE: message"), "SEGMENT_DONE: message")
    index = as_int(record.get("segment_index"), "SEGMENT_DONE: segment_index")
    if index < 0:
        raise MalformedPacketError(f"SEGMENT_DONE: segment_index must not be negative, not {index}.")
    start_s, end_s, video_start_s = (
        as_float(0 if record.get(key) is None else record[key], f"SEGMENT_DONE: {key}")
        for key in ("start_sec", "end_sec", "video_start_sec")
    )
    if end_s < start_s:
        raise MalformedPacketError(
            f"SEGMENT_DONE: segment {index} ends ({end_s:g} s) before it starts ({start_s:g} s)."
        )
    said = record.get("analysis", record.get("analysis_json"))
    analysis = {} if said is None else mapping(said, "SEGMENT_DONE: analysis")
    for key in record.keys() - _SEGMENT_KEYS:  # tags at the top level, and whatever a newer engine adds
        analysis.setdefault(key, record[key])
    return SegmentDone(
        index=index,
        start_s=start_s,
        end_s=end_s,
        video_start_s=video_start_s,
        analysis=analysis,
        recommendation=maybe_text(record.get("recommendation")),
        severity_score=fraction(maybe_float(record.get("severity_score")) or 0.0),
        severity_label=maybe_text(record.get("severity_label")) or "",
        status=_segment_status(record.get("status")),
    )


def _segment_status(value: object) -> str:
    said = (maybe_text(value) or "").strip().upper()
    return said if said in _SEGMENT_STATUSES else SegmentStatus.COMPLETED.value


def _alert_message(update: AlertRaised) -> pb.TacticalAlert:
    return pb.TacticalAlert(
        alert_id=wire_text(update.alert_id),
        timestamp=wire_text(update.timestamp),
        severity_score=update.severity_score,
        severity_label=update.severity_label,
        category=wire_text(update.category),
        decision_type=wire_text(update.decision_type),
        status=update.status,
        action=wire_text(update.action),
        review_countdown=update.review_countdown,
        category_trigger_count=update.category_trigger_count,
    )


def _alert_json(update: AlertRaised) -> str:
    extras = {name: value for name in _ALERT_EXTRAS if (value := getattr(update, name)) is not None}
    # The field is single precision; the exact value rides along.
    return json_text({**update.context, **extras, "severity_score": update.severity_score})


def _alert_from(message: pb.AnalysisResponse) -> AlertRaised:
    record = _alert_record(message.message)
    alert = message.alert if message.HasField("alert") else _alert_from_json(record)
    if not alert.alert_id:
        raise MalformedPacketError("ALERT: alert_id is missing.")
    exact = maybe_float(record.get("severity_score"))
    return AlertRaised(
        alert_id=alert.alert_id,
        timestamp=alert.timestamp,
        severity_score=fraction(from_float32(alert.severity_score) if exact is None else exact),
        severity_label=alert.severity_label,
        category=alert.category,
        decision_type=alert.decision_type,
        status=alert.status or "ACTIVE",
        action=alert.action,
        review_countdown=alert.review_countdown,
        category_trigger_count=alert.category_trigger_count,
        decision_id=maybe_text(record.get("decision_id")),
        match_time=_match_time_s(record.get("match_time")),
        trigger_metric=maybe_text(record.get("trigger_metric")),
        recommended_action=maybe_text(record.get("recommended_action")),
        context={key: value for key, value in record.items() if key not in _ALERT_EXTRAS and key not in _ALERT_FIELDS},
    )


def _alert_record(source: str) -> dict[str, Any]:
    """The JSON beside an alert; an older engine sends nothing, or a sentence, which is kept."""
    if not source.strip():
        return {}
    try:
        return mapping(parsed(source, "ALERT: message"), "ALERT: message")
    except MalformedPacketError:
        return {"message": source}


def _alert_from_json(record: Mapping[str, Any]) -> pb.TacticalAlert:
    """An alert whose fields came in the JSON instead of the message."""
    alert = pb.TacticalAlert()
    for field in pb.TacticalAlert.DESCRIPTOR.fields:
        value = record.get(field.name)
        if field.cpp_type == field.CPPTYPE_STRING:
            setattr(alert, field.name, wire_text(maybe_text(value) or ""))
        elif field.cpp_type == field.CPPTYPE_INT32:
            setattr(alert, field.name, min(2**31 - 1, max(0, int(maybe_float(value) or 0))))
        else:
            setattr(alert, field.name, maybe_float(value) or 0.0)
    return alert


def _match_time_s(value: object) -> float | None:
    """Seconds from a number or a clock text (`MM:SS`, of a span its start); None when it is neither."""
    seconds = maybe_float(value)
    if seconds is not None or not isinstance(value, str):
        return seconds
    minutes, colon, rest = value.partition("-")[0].strip().partition(":")
    if colon and minutes.isdecimal() and rest.isdecimal():
        return 60.0 * int(minutes) + int(rest)
    return maybe_float(minutes)


def _result_message(result: AnalysisResult) -> pb.AnalysisResult:
    message = pb.AnalysisResult(match_id=wire_text(result.run_id), processing_time_seconds=result.processing_time_s)
    for name in _RESULT_FIELDS:
        value = getattr(result, name)
        setattr(message, name, wire_text(value) if isinstance(value, str) else value)
    return message


def _result_from(message: pb.AnalysisResponse) -> AnalysisResult:
    result = message.result
    return AnalysisResult(
        run_id=result.match_id or message.match_id,
        processing_time_s=maybe_float(result.processing_time_seconds) or 0.0,
        **{name: getattr(result, name) for name in _RESULT_FIELDS},
    )
