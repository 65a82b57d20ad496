"""Advice for the advisory file: one entry per alert when it rises, and a last one for the whole run."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from touchline.engine.alerting.narrative import Sentence, TeamView
from touchline.engine.alerting.segment import ADVICE_FROM, recommend, text_of
from touchline.engine.alerting.words import team_key
from touchline.football.texts import text
from touchline.football.updates import AlertRaised
from touchline.football.vocabulary import Side


def alert_advisory(alert: AlertRaised, component: str, language: str) -> dict[str, Any]:
    """The contract's advisory object for an alert. `component` names the risk that its advice would lower."""
    impact = text("advisory.impact", {"component": f"@component.{component}"}, language=language)
    issue = {"code": alert.context["code"], "team": alert.context["focus_team"], "metric": alert.trigger_metric}
    return _advisory(
        analysis=f"{alert.context['headline']}: {alert.trigger_metric}",
        recommendation=alert.action,
        confidence=float(alert.context["Q"]),
        impact=impact,
        issues=[issue],
    )


class RunAdvice:
    """Remembers which risks came up in a run and sums them up at its end."""

    def __init__(self) -> None:
        self._hits: Counter[tuple[Side, str]] = Counter()
        self._latest: dict[tuple[Side, str], Sentence] = {}
        self._qualities: list[float] = []
        self._judged = 0

    def add(self, views: Mapping[Side, TeamView]) -> None:
        """Take one judged window."""
        for side, view in views.items():
            severity = view.severity
            if severity.score is None:
                continue
            self._judged += 1
            self._qualities.append(view.window.quality)
            if severity.score >= ADVICE_FROM and severity.strongest is not None:
                key = (side, severity.strongest.name)
                self._hits[key] += 1
                self._latest[key] = recommend(view)[0]

    def conclude(self, *, windows: int, language: str) -> dict[str, Any]:
        """The last advisory: the risk that came up most, or that there was none, or that too little was seen."""
        confidence = sum(self._qualities) / len(self._qualities) if self._qualities else 0.0
        if not self._hits:
            key = "advisory.calm" if self._judged else "advisory.unseen"
            return _advisory(
                analysis=text(key, {"windows": windows}, language=language),
                recommendation=text("advisory.keep", language=language),
                confidence=confidence,
                impact=text("advisory.no_impact", language=language),
                issues=[],
            )
        (side, component), hits = self._hits.most_common(1)[0]
        named = f"@component.{component}"
        params = {"windows": windows, "team": team_key(side), "component": named, "hits": hits}
        return _advisory(
            analysis=text("advisory.match", params, language=language),
            recommendation=text_of(self._latest[side, component], language),
            confidence=confidence,
            impact=text("advisory.impact", {"component": named}, language=language),
            issues=[
                {"team": team.value, "component": name, "windows": count}
                for (team, name), count in self._hits.most_common()
            ],
        )


def _advisory(
    *, analysis: str, recommendation: str, confidence: float, impact: str, issues: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "advisor_output": {
            "analysis": analysis,
            "recommendation": recommendation,
            "confidence": round(confidence, 3),
            "impact": impact,
        },
        "decision_metrics": {"detected_issues": issues},
    }
