"""A judged window as the contract's segment: `analysis_json`, recommendation, severity on the wire."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from touchline.engine.alerting.actions import Situation, action_key, action_params
from touchline.engine.alerting.narrative import Balance, Sentence, TeamView, narrate, tell
from touchline.engine.alerting.severity import ComponentRisk, describe, segment_label, severity_label
from touchline.engine.alerting.tags import tags_of
from touchline.engine.types import Metric
from touchline.football.texts import text
from touchline.football.updates import SegmentDone
from touchline.football.vocabulary import SegmentStatus, Severity, Side

ADVICE_FROM = 0.35
SECOND_ADVICE_SHARE = 0.25
# Keys of the contract's team object, with the decimals that are worth printing.
_TEAM_KEYS: Mapping[str, int] = {
    "defensive_line": 2,
    "width": 2,
    "compactness": 2,
    "avg_speed": 3,
    "verticality": 3,
    "uniformity": 3,
}


@dataclass(frozen=True)
class WindowStory:
    """Everything a segment tells besides what the two teams did.

    focus: the coach's team, None when unknown or both; facts: further JSON entries of `analysis_json`;
    quality: further entries of its `quality`.
    """

    index: int
    start_s: float
    end_s: float
    language: str
    focus: Side | None
    balance: Balance
    facts: Mapping[str, Any]
    quality: Mapping[str, Any]


def segment_of(story: WindowStory, views: Mapping[Side, TeamView]) -> SegmentDone:
    """Build the segment; metrics that were not measured are left out and explained under `quality`."""
    scores = {side: view.severity.score for side, view in views.items()}
    judged = [side for side in _judged_sides(story.focus) if scores[side] is not None]
    worst = max(judged, key=lambda side: scores[side] or 0.0, default=None)
    score = None if worst is None else scores[worst]
    advice = [] if worst is None else recommend(views[worst])
    sentences = narrate(list(views.values()), story.balance)
    analysis = _analysis(story, views, sentences, advice)
    analysis["quality"]["severity"] = _severity_record(views, worst)
    return SegmentDone(
        index=story.index,
        start_s=round(story.start_s, 3),
        end_s=round(story.end_s, 3),
        video_start_s=round(story.start_s, 3),
        analysis=analysis,
        recommendation=tell(advice, story.language) or None,
        severity_score=0.0 if score is None else round(score, 4),
        severity_label=Severity.LOW.value if score is None else segment_label(severity_label(score)),
        status=SegmentStatus.EMPTY.value if score is None else SegmentStatus.COMPLETED.value,
    )


def recommend(view: TeamView) -> list[Sentence]:
    """Advice of the strongest component, and of a second one that weighs nearly as much; none below the threshold."""
    severity = view.severity
    if severity.score is None or severity.score < ADVICE_FROM:
        return []
    ranked = sorted((part for part in severity.components if part.r > 0), key=lambda part: -part.share)
    situation = Situation(view.window, severity, view.norms, context=0.0)
    chosen: list[ComponentRisk] = ranked[:1]
    # Two components may ask for the same thing; saying it once is enough.
    chosen += [part for part in ranked[1:] if part.share >= SECOND_ADVICE_SHARE and part.action != ranked[0].action][:1]
    return [Sentence(action_key(part.action), action_params(part.action, situation)) for part in chosen]


def metric_record(metric: Metric) -> dict[str, float | int | str | None]:
    """A metric with its quality as plain JSON."""
    return {
        "value": plain(metric.value),
        "n": int(metric.n),
        "coverage": plain(metric.coverage),
        "q": plain(metric.q),
        "low": plain(metric.low),
        "high": plain(metric.high),
        "reason": metric.reason,
    }


def plain(value: float | None, decimals: int = 4) -> float | None:
    """A rounded Python number; None for what is missing or not finite."""
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), decimals)


def _judged_sides(focus: Side | None) -> tuple[Side, ...]:
    return tuple(Side) if focus is None else (focus,)


def _analysis(
    story: WindowStory, views: Mapping[Side, TeamView], sentences: Sequence[Sentence], advice: Sequence[Sentence]
) -> dict[str, Any]:
    analysis: dict[str, Any] = {}
    texts: dict[str, Any] = {"narrative": _keys(sentences), "recommendation": _keys(advice)}
    quality: dict[str, Any] = {}
    risk: dict[str, Any] = {}
    for side, view in views.items():
        team = f"team_{side.value.lower()}"
        tags = tags_of(view.window, view.severity, view.norms)
        analysis[team] = _team_object(view)
        analysis[f"{team}_tags"] = [tag.on_wire(story.language) for tag in tags]
        texts[f"{team}_tags"] = [{"tag": tag.tag, "key": tag.text_key, "params": dict(tag.params)} for tag in tags]
        quality[team] = {name: metric_record(metric) for name, metric in view.window.metrics.items()}
        risk[team] = describe(view.severity)
    analysis["tactical_narrative"] = tell(sentences, story.language)
    for side, share in ((Side.A, story.balance.share_a), (Side.B, story.balance.share_b)):
        if share is not None:
            analysis[f"possession_team_{side.value.lower()}_pct"] = plain(share, 1)
    analysis["possession_known_pct"] = plain(100 * story.balance.known, 1)
    analysis["quality"] = quality | dict(story.quality)
    analysis["risk"] = risk
    analysis["text"] = texts
    return analysis | dict(story.facts)


def _team_object(view: TeamView) -> dict[str, Any]:
    window = view.window
    team: dict[str, Any] = {}
    for key, decimals in _TEAM_KEYS.items():
        value = plain(window.value(key), decimals)
        if value is not None:
            team[key] = value
    actions = window.value("pressing_intensity")
    if actions is not None:
        team["pressing_intensity"] = round(actions)
    if view.severity.score is not None and view.severity.label is not None:
        team["severity_score"] = round(100 * view.severity.score, 1)
        team["severity_label"] = segment_label(view.severity.label)
    return team


def _severity_record(views: Mapping[Side, TeamView], worst: Side | None) -> dict[str, Any]:
    teams = {
        f"team_{side.value.lower()}": {
            "value": plain(view.severity.score),
            "n": len(view.severity.components),
            "q": plain(view.window.quality),
            "reason": view.severity.reason,
        }
        for side, view in views.items()
    }
    if worst is not None:
        return {**teams[f"team_{worst.value.lower()}"], **teams}
    reason = next((view.severity.reason for view in views.values() if view.severity.reason), "seen too briefly")
    return {"value": None, "n": 0, "q": 0.0, "reason": reason, **teams}


def _keys(sentences: Sequence[Sentence]) -> list[dict[str, Any]]:
    return [{"key": part.text_key, "params": dict(part.params)} for part in sentences]


def text_of(part: Sentence, language: str) -> str:
    """One sentence in a language; it must be complete."""
    return text(part.text_key, part.params, language=language)
