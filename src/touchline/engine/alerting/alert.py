"""An alert as the wire carries it, with everything needed to explain and recompute it later."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from touchline.engine.alerting.actions import action_params
from touchline.engine.alerting.board import AlertState
from touchline.engine.alerting.severity import describe, severity_label
from touchline.engine.alerting.words import quantity, usual_quantity
from touchline.football.texts import text
from touchline.football.updates import AlertRaised, Json


@dataclass(frozen=True)
class AlertFrame:
    """What is the same for all alerts of a window: the run, its language, the window's segment and versions."""

    run_id: str
    language: str
    window_s: float
    illustrative: bool
    analysis: Json
    reference_set: str
    engine_version: str


def alert_of(alert: AlertState, frame: AlertFrame) -> AlertRaised:
    """Say an alert in the run's language; key and parameters travel along for other readers."""
    code = alert.rule.code
    alert_id = f"{frame.run_id}-{alert.side.value}-{code}-{alert.number}"
    params = action_params(code, alert.situation)
    action = text(alert.rule.text_key, params, language=frame.language)
    trigger_key, trigger_params = _trigger_words(alert)
    start_s, end_s = alert.fired_span_s
    words = {
        "text_key": alert.rule.text_key,
        "text_params": params,
        "trigger_key": trigger_key,
        "trigger_params": trigger_params,
        "headline": text(f"headline.{code}", language=frame.language),
    }
    return AlertRaised(
        alert_id=alert_id,
        decision_id=alert_id,
        timestamp=f"{clock(start_s)}-{clock(end_s)}",
        match_time=round(start_s, 3),
        severity_score=alert.score,
        severity_label=severity_label(alert.score).value,
        category=alert.rule.category,
        decision_type=alert.rule.decision_type,
        status=alert.status.value,
        action=action,
        recommended_action=action,
        trigger_metric=text(trigger_key, trigger_params, language=frame.language),
        review_countdown=round(alert.countdown * frame.window_s),
        category_trigger_count=alert.category_count,
        context=_context(alert, frame) | words,
    )


def clock(seconds: float) -> str:
    """Video seconds as MM:SS; minutes may pass 99."""
    whole = int(seconds)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def _trigger_words(alert: AlertState) -> tuple[str, dict[str, Any]]:
    if alert.is_blind:
        return "alert.not_seen", {"metric": f"@metric.{alert.metric}", "since": clock(alert.seen_s)}
    situation = alert.situation
    params = {
        **quantity(alert.metric, alert.value),
        "usual": usual_quantity(alert.metric, situation.norms.norm(alert.metric)),
        "windows": len(alert.windows),
        "cov": round(100 * situation.window.seen_share, 1),
    }
    return "alert.trigger", params


def _context(alert: AlertState, frame: AlertFrame) -> dict[str, Any]:
    analysis: Mapping[str, Any] = frame.analysis
    window = alert.situation.window
    return {
        **alert.snapshot,
        "team_a_tags": analysis["team_a_tags"],
        "team_b_tags": analysis["team_b_tags"],
        "analysis": {key: analysis[key] for key in ("tactical_narrative", "team_a", "team_b")},
        "code": alert.rule.code,
        "focus_team": alert.side.value,
        "reference_set": frame.reference_set,
        "engine_version": frame.engine_version,
        "components": describe(alert.situation.severity),
        "windows": list(alert.windows),
        "Q": round(window.quality, 4),
        "state_log": [dict(entry) for entry in alert.state_log],
        "merged": list(alert.merged),
        "suppressed_by": None,
        "illustrative": frame.illustrative,
    }
