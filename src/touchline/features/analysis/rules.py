"""Pure rules of runs: states, progress, where a run's files lie, and how rows read on the wire."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from touchline.foundation.clock import wire_instant
from touchline.foundation.ids import is_id

ACTIVE = ("PENDING", "QUEUED", "PROCESSING")
TERMINAL = ("COMPLETED", "FAILED")
PARTS = ("whole", "first", "second")

WAITING = "Waiting for a worker."
CANCELLED = "Cancelled by the user."
STALE = "The analysis stopped making progress and was ended. Try it again."

UPLOADS = "temp_uploads"
OUTPUTS = "outputs"

VIDEO_EXTENSIONS = (".mp4", ".mov", ".mkv", ".avi", ".webm", ".m4v")

PATH_KEYS: Mapping[str, str] = {
    "tracking_video_path": "tracking_output.mp4",
    "tracking_json_path": "tracking_results.json",
    "backline_video_path": "analytics/backline_analysis.mp4",
    "heatmap_video_path": "heatmaps/heatmap_analysis.mp4",
    "possession_analysis_path": "analytics/possession_analysis_results.json",
    "animation_video_path": "analytics/tracking_animation.mp4",
    "tactical_advisory_path": "analytics/tactical_advisory.json",
}
"""`outputs` key -> file in the run's folder (rule 6.4)."""

VIDEO_KEYS = ("tracking_video_path", "backline_video_path", "heatmap_video_path", "animation_video_path")

_STATUSES = {
    "QUEUED": "QUEUED",
    "PENDING": "QUEUED",
    "PROCESSING": "PROCESSING",
    "STREAMING": "PROCESSING",
    "RECEIVING": "PROCESSING",
    "COMPLETED": "COMPLETED",
    "DONE": "COMPLETED",
    "FAILED": "FAILED",
    "ERROR": "FAILED",
}


def normalised_status(text: str | None) -> str:
    """What an engine's status word means for a run (rule 6.2); unknown and empty words mean that work goes on."""
    return _STATUSES.get((text or "").strip().upper(), "PROCESSING")


def is_terminal(status: str) -> bool:
    return status in TERMINAL


def advanced(current: float, reported: float) -> float:
    """Progress after a report: 0..1 and never less than before (rule 6.1)."""
    return max(current, min(max(reported, 0.0), 1.0))


# --- files


def upload_path(run_id: str, number: int, extension: str) -> str:
    """Where the n-th video of a run is stored; `extension` with its dot."""
    return f"{UPLOADS}/{run_id}_{number}{extension}"


def output_folder(run_id: str, submitted_at: datetime) -> str:
    """A run's folder; the stamp is that of its submission, so that every attempt finds the same name."""
    return f"{OUTPUTS}/analysis_{run_id}_{submitted_at:%Y%m%d_%H%M%S}"


def preview_key(video_key: str) -> str:
    """`tracking_video_path` -> `tracking_video_preview_path`."""
    return f"{video_key.removesuffix('_path')}_preview_path"


_OWNED = re.compile(
    r"temp_uploads/(?P<upload>[0-9a-f-]{36})_[12]\.[a-z0-9]{2,4}$"
    r"|outputs/analysis_(?P<output>[0-9a-f-]{36})_[0-9]{8}_[0-9]{6}/(?P<inside>.+)$"
)


def run_id_of(path: str) -> str | None:
    """The run that a path on the wire belongs to, None when it names no file that may be served.

    Files in the making (`.part`, `.attempt-N`) and the stored positions are internal.
    """
    found = _OWNED.fullmatch(path)
    if found is None:
        return None
    inside = found["inside"]
    if inside is not None:
        parts = inside.split("/")
        if any(part.startswith(".") for part in parts) or parts[-1].endswith(".part") or parts[0] == "positions":
            return None
    run_id = str(found["upload"] or found["output"])
    return run_id if is_id(run_id) else None


def owning_folder(path: str) -> str:
    """Folder that a served file must lie in once links are resolved: the uploads, or its run's own."""
    parts = PurePosixPath(path).parts
    return parts[0] if parts[0] == UPLOADS else "/".join(parts[:2])


_JOINERS = "\u200c\u200d"  # letters of several scripts need them; other invisible characters can turn a name around


def display_name(name: str | None, *, fallback: str = "video") -> str:
    """A client's file name as display text: base name, no control characters, 255 characters at most (rule 6.5)."""
    base = re.split(r"[/\\]", name or "")[-1]
    shown = "".join(c for c in base if c in _JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    shown = shown.strip()[:255]
    return shown if shown.strip(". ") else fallback


_FAMILIES = {
    "mp4": (".mp4", ".m4v", ".mov"),
    "mov": (".mov", ".mp4", ".m4v"),
    "mkv": (".mkv", ".webm"),
    "webm": (".webm", ".mkv"),
    "avi": (".avi",),
}


def stored_extension(name: str | None, container: str) -> str:
    """The client's extension when it fits the sniffed container, else the container's own."""
    family = _FAMILIES.get(container, (".mp4",))
    extension = PurePosixPath((name or "").replace("\\", "/")).suffix.lower()
    return extension if extension in family else family[0]


# --- rows on the wire


_INTERNAL_KEYS = ("positions_path",)


def present(outputs: Mapping[str, Any] | None) -> dict[str, Any]:
    """`outputs` as clients may see them: without internal keys and keys that have no value."""
    return {
        key: value
        for key, value in (outputs or {}).items()
        if key not in _INTERNAL_KEYS and value is not None and value != ""
    }


def run_outputs(run: Mapping[str, Any], segments_count: int | None = None) -> dict[str, Any]:
    """Everything a run has to show so far: the recorded keys, the input, the tracked video as soon as it plays."""
    outputs = present(run["outputs"])
    if run["input_video_path"]:
        outputs["input_video_path"] = run["input_video_path"]
    if run["tracking_video_path"]:
        outputs.setdefault("tracking_video_path", run["tracking_video_path"])
    if segments_count is not None:
        outputs["segments_count"] = segments_count
    return outputs


def live_stats(stored: object) -> dict[str, dict[str, Any]]:
    """Telemetry by track id; the client casts every value to a map, so scalars are left out."""
    if not isinstance(stored, Mapping):
        return {}
    return {str(track): dict(value) for track, value in stored.items() if isinstance(value, Mapping)}


def segment_body(row: Mapping[str, Any]) -> dict[str, Any]:
    """A stored segment as the contract shows it; both teams and both tag lists always exist (rule 7.3)."""
    analysis = dict(row["analysis_json"] or {})
    for team in ("team_a", "team_b"):
        if not isinstance(analysis.get(team), Mapping):
            analysis[team] = {}
        if not isinstance(analysis.get(f"{team}_tags"), list):
            analysis[f"{team}_tags"] = []
    return {
        "id": row["id"],
        "analysis_id": row["analysis_id"],
        "match_id": row["match_id"],
        "segment_index": row["segment_index"],
        "start_sec": row["start_sec"],
        "end_sec": row["end_sec"],
        "video_start_sec": row["video_start_sec"],
        "analysis_json": analysis,
        "recommendation": row["recommendation"],
        "severity_score": float(row["severity_score"]),
        "severity_label": row["severity_label"],
        "status": row["status"],
        "created_at": wire_instant(row["created_at"]),
    }


def shown_runs(runs_newest_first: Iterable[tuple[str, str]]) -> list[str]:
    """Which runs stand for a match: the newest of each part; a newer `whole` replaces both halves.

    Args:
        runs_newest_first: (run id, part) of the runs that have segments.

    Returns:
        Run ids in the order whole, first, second.
    """
    chosen: dict[str, str] = {}
    for run_id, part in runs_newest_first:
        if "whole" in chosen:
            break
        chosen.setdefault(part, run_id)
    return [chosen[part] for part in PARTS if part in chosen]
