"""Pure rules of alerts: what an engine's packet becomes, how it reads on the wire, and when one is hidden (rules 4.1-4.5)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from typing import Any

from touchline.features.analysis.rooms_above import RunRef
from touchline.features.analysis.segment_intake import clean_tags
from touchline.football.updates import AlertRaised
from touchline.football.vocabulary import AlertStatus, Severity
from touchline.foundation.clock import wire_instant
from touchline.foundation.jsonsafe import json_safe, safe_text

SILENT_AFTER_DISMISSAL = 2
"""How many new alerts of a dismissed type stay hidden (rule 4.4)."""

PITCH_M = {"x": 105.0, "y": 68.0}

CONTEXT_FIELDS = (
    "players",
    "ball",
    "zone",
    "team_a_tags",
    "team_b_tags",
    "tactical_outlier",
    "analysis",
    "flow_analysis",
)
"""Parts of the context that stand beside the other fields on the wire; the rest stays together as `context`."""


def match_seconds(value: object) -> float | None:
    """Seconds of a match time: a number, `SS`, `MM:SS`, or a span of which the beginning counts (rule 4.2)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if isfinite(value) else None
    if not isinstance(value, str):
        return None
    minutes, colon, seconds = value.partition("-")[0].strip().rpartition(":")
    try:
        total = (60 * float(minutes) if colon else 0.0) + float(seconds)
    except ValueError:
        return None
    return total if isfinite(total) else None


def alert_label(label: object, score: float) -> str:
    """Label on an alert; MEDIUM is spelt MODERATE, a missing one follows the score."""
    word = label.strip().upper() if isinstance(label, str) else ""
    word = "MODERATE" if word == "MEDIUM" else word
    if word in Severity.__members__:
        return word
    cuts = ((0.80, Severity.CRITICAL), (0.60, Severity.HIGH), (0.40, Severity.MODERATE))
    return next((str(name) for cut, name in cuts if score >= cut), str(Severity.LOW))


def alert_row(alert: AlertRaised, run: RunRef, *, row_id: str, now: datetime) -> dict[str, Any] | None:
    """The row of an alert, None when it names no id and so cannot be told from others."""
    alert_id = _short(_text(alert.alert_id))
    if not alert_id:
        return None
    timestamp = _text(alert.timestamp)[:64]
    score = _clamped(alert.severity_score)
    action = _text(alert.action)
    given = match_seconds(alert.match_time) if alert.match_time is not None else None
    status = _text(alert.status).strip().upper()
    return {
        "id": row_id,
        "match_id": run.match_id,
        "run_id": run.id,
        "alert_id": alert_id,
        "decision_id": _short(_text(alert.decision_id)) or alert_id,
        "timestamp": timestamp,
        "match_time": given if given is not None else match_seconds(timestamp),
        "severity_score": score,
        "severity_label": alert_label(alert.severity_label, score),
        "category": _text(alert.category)[:64],
        "decision_type": _text(alert.decision_type).strip()[:128] or "NONE",
        "trigger_metric": _text(alert.trigger_metric) or None,
        "recommended_action": _text(alert.recommended_action) or action or None,
        "status": status if status in AlertStatus.__members__ else str(AlertStatus.ACTIVE),
        "action": action,
        "review_countdown": _whole(alert.review_countdown),
        "category_trigger_count": _whole(alert.category_trigger_count),
        "suppressed": False,
        "superseded": False,
        "attempt": run.attempt,
        "context": _context(alert.context),
        "created_at": now,
    }


def alert_message(row: Mapping[str, Any], feedback: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An alert on the wire (realtime 4), for sockets and lists alike.

    feedback: the reader's own decision on it (`action` and what became of it), None without one.
    """
    action = None if feedback is None else feedback["action"]
    context = dict(row["context"] or {})
    beside = {name: context.pop(name, None) for name in CONTEXT_FIELDS}
    return {
        "alert_id": row["alert_id"],
        "decision_id": row["decision_id"] or row["alert_id"],
        "match_id": row["match_id"],
        "timestamp": row["timestamp"],
        "match_time": row["match_time"],
        "severity_score": row["severity_score"],
        "severity_label": row["severity_label"],
        "category": row["category"],
        "decision_type": row["decision_type"],
        "trigger_metric": row["trigger_metric"],
        "recommended_action": row["recommended_action"],
        "status": row["status"],
        "action": row["action"],
        "review_countdown": row["review_countdown"],
        "category_trigger_count": row["category_trigger_count"],
        "feedback": {"ACCEPT": "accepted", "DISMISS": "dismissed"}.get(action or "", "none"),
        "feedback_action": action,
        "decision_effective": _bit(feedback, "decision_effective"),
        "decision_failed": _bit(feedback, "decision_failed"),
        "escalation_after_dismiss": _bit(feedback, "escalation_after_dismiss"),
        "created_at": wire_instant(row["created_at"]),
        **beside,
        "context": context,
    }


# --- fields


def _text(value: object) -> str:
    return safe_text(value) if isinstance(value, str) else ""


def _short(text: str) -> str:
    """An id that fits its column; a longer one keeps its beginning and stays different from its likes."""
    text = text.strip()
    return text if len(text) <= 64 else f"{text[:31]}-{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return float(value)


def _clamped(score: object) -> float:
    return min(max(_number(score) or 0.0, 0.0), 1.0)


def _whole(value: object) -> int:
    number = _number(value) or 0.0
    return round(min(max(number, -(2**31)), 2**31 - 1))


def _bit(feedback: Mapping[str, Any] | None, name: str) -> int | None:
    """0, 1 or null: the client knows no booleans here."""
    value = None if feedback is None else feedback[name]
    return None if value is None else int(value)


# --- context


def _context(given: object) -> dict[str, Any]:
    """What explains an alert, as far as it fits its form; unknown keys are kept."""
    context: dict[str, Any] = json_safe(given) if isinstance(given, Mapping) else {}
    for name, form in _FORMS.items():
        if name in context:
            fitting = form(context.pop(name))
            if fitting is not None:
                context[name] = fitting
    return context


def _place(value: object, axis: str) -> float | None:
    number = _number(value)
    return None if number is None else min(max(number, 0.0), PITCH_M[axis])


def _ball(value: object) -> dict[str, float] | None:
    if not isinstance(value, Mapping):
        return None
    x, y = _place(value.get("x"), "x"), _place(value.get("y"), "y")
    return None if x is None or y is None else {"x": x, "y": y}


def _players(value: object) -> list[dict[str, Any]] | None:
    if not isinstance(value, list):
        return None
    kept = []
    for player in value:
        position, number = _ball(player), _number(player.get("id")) if isinstance(player, Mapping) else None
        if position is not None and number is not None and player.get("team") in ("A", "B"):
            kept.append({"id": round(number), **position, "team": player["team"]})
    return kept


def _zone(value: object) -> dict[str, float] | None:
    if not isinstance(value, Mapping):
        return None
    sides = {name: _place(value.get(name), name[0]) for name in ("x_min", "x_max", "y_min", "y_max")}
    found = {name: side for name, side in sides.items() if side is not None}
    return found if len(found) == len(sides) else None


def _outlier(value: object) -> dict[str, Any] | None:
    if not isinstance(value, Mapping) or value.get("player_id") is None or not isinstance(value.get("reason"), str):
        return None
    return dict(value)


def _analysis(value: object) -> dict[str, Any] | None:
    if not isinstance(value, Mapping):
        return None
    # The screens open both team objects without asking.
    return {**value, **{team: _object(value.get(team)) or {} for team in ("team_a", "team_b")}}


def _object(value: object) -> dict[str, Any] | None:
    return dict(value) if isinstance(value, Mapping) else None


def _some_tags(value: object) -> list[dict[str, Any]] | None:
    return clean_tags(value) if isinstance(value, list) else None


_FORMS = {
    "players": _players,
    "ball": _ball,
    "zone": _zone,
    "team_a_tags": _some_tags,
    "team_b_tags": _some_tags,
    "tactical_outlier": _outlier,
    "analysis": _analysis,
    "flow_analysis": _object,
}
