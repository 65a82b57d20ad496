"""What an engine says about a window, made into a row that every screen can show (rules 7.1-7.3, realtime 3). Pure."""

from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from typing import Any

from touchline.features.analysis.rooms_above import RunRef
from touchline.features.analysis.rules import segment_body
from touchline.football.updates import SegmentDone
from touchline.football.vocabulary import SegmentStatus
from touchline.foundation.jsonsafe import json_safe, safe_text

LABELS = ("LOW", "MEDIUM", "HIGH", "CRITICAL")
TEAMS = ("team_a", "team_b")

TEAM_NUMBERS = (
    "severity_score",
    "defensive_line",
    "width",
    "compactness",
    "avg_speed",
    "pressing_intensity",
    "verticality",
    "uniformity",
)
"""Numbers of a team object; one that was not measured is left out, the screens have no place for null."""


class MalformedSegmentError(ValueError):
    """A window that cannot be kept: it is logged and skipped, and the run goes on."""


def segment_row(segment: SegmentDone, run: RunRef, *, segment_id: str, now: datetime) -> dict[str, Any]:
    """The row of a window.

    Raises:
        MalformedSegmentError: no index, an end before its start, or an analysis that is no object.
    """
    start_s = _seconds(segment.start_s)
    end_s = _seconds(segment.end_s)
    if end_s < start_s:
        raise MalformedSegmentError(f"ends at {end_s} s before it starts at {start_s} s")
    score = _clamped(segment.severity_score)
    text = segment.recommendation
    return {
        "id": segment_id,
        "analysis_id": run.id,
        "match_id": run.match_id,
        "segment_index": _index(segment.index),
        "start_sec": start_s,
        "end_sec": end_s,
        "video_start_sec": _seconds(segment.video_start_s),
        "analysis_json": completed_analysis(segment.analysis),
        "recommendation": safe_text(text) if isinstance(text, str) and text.strip() else None,
        "severity_score": score,
        "severity_label": segment_label(segment.severity_label, score),
        "status": _status(segment.status),
        "attempt": run.attempt,
        "created_at": now,
    }


def completed_analysis(analysis: object) -> dict[str, Any]:
    """`analysis_json` with both team objects and both tag lists; unknown keys are kept."""
    if not isinstance(analysis, Mapping):
        raise MalformedSegmentError("its analysis is not an object")
    kept: dict[str, Any] = json_safe(analysis)
    for team in TEAMS:
        kept[team] = _team(kept.get(team))
        kept[f"{team}_tags"] = clean_tags(kept.get(f"{team}_tags"))
        share = f"possession_{team}_pct"
        if share in kept and not _is_number(kept[share]):
            del kept[share]
    narrative = kept.get("tactical_narrative")
    if narrative is not None and not isinstance(narrative, str):
        kept["tactical_narrative"] = str(narrative)
    return kept


def segment_label(label: object, score: float) -> str:
    """Label on a segment; MODERATE is spelt MEDIUM, a missing one follows the score (rules 7.2, 4.1)."""
    word = label.strip().upper() if isinstance(label, str) else ""
    word = "MEDIUM" if word == "MODERATE" else word
    if word in LABELS:
        return word
    cuts = ((0.80, "CRITICAL"), (0.60, "HIGH"), (0.40, "MEDIUM"))
    return next((name for cut, name in cuts if score >= cut), "LOW")


def segment_message(row: Mapping[str, Any]) -> dict[str, Any]:
    """A stored window as streams send it (realtime 1.2)."""
    body = segment_body(row)
    del body["created_at"]
    return {"type": "segment", **body, "status": "SEGMENT_DONE", "segment_status": row["status"]}


def _index(index: object) -> int:
    if isinstance(index, float) and index.is_integer():
        index = int(index)
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < 2**31:
        raise MalformedSegmentError(f"{index!r} is no index")
    return index


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _seconds(value: object) -> float:
    if value is None:
        return 0.0
    if not isinstance(value, int | float) or not _is_number(value):
        raise MalformedSegmentError(f"{value!r} is no time in seconds")
    return float(value)


def _clamped(score: object) -> float:
    if not isinstance(score, int | float) or not _is_number(score):
        return 0.0
    return round(min(max(float(score), 0.0), 1.0), 4)  # as many places as the column keeps


def _status(status: object) -> str:
    word = status.strip().upper() if isinstance(status, str) else ""
    return word if word in SegmentStatus.__members__ else SegmentStatus.COMPLETED.value


def _team(team: object) -> dict[str, Any]:
    if not isinstance(team, Mapping):
        return {}
    kept = dict(team)
    for name in TEAM_NUMBERS:
        value = kept.get(name)
        if not isinstance(value, int | float) or not _is_number(value):
            kept.pop(name, None)
        else:
            kept[name] = max(value, 0)  # the evolution chart starts at zero
    if "pressing_intensity" in kept:
        kept["pressing_intensity"] = round(kept["pressing_intensity"])
    if kept.get("severity_label") is not None or "severity_score" in kept:
        kept["severity_label"] = segment_label(kept.get("severity_label"), kept.get("severity_score", 0.0) / 100)
    else:
        kept.pop("severity_label", None)
    return kept


def clean_tags(tags: object) -> list[dict[str, Any]]:
    """Tags as screens need them: both texts always there; what names no tag is left out."""
    if not isinstance(tags, list):
        return []
    kept: list[dict[str, Any]] = []
    for tag in tags:
        entry = {"tag": tag} if isinstance(tag, str) else tag
        if not isinstance(entry, Mapping) or not isinstance(entry.get("tag"), str) or not entry["tag"].strip():
            continue
        description = entry.get("description")
        kept.append({**entry, "description": description if isinstance(description, str) else ""})
    return kept
