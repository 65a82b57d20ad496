"""Tactical memory: what an analysis found is kept, and recalled when the same subject is asked about again. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from touchline.features.assistant.analytics import Finding, Result
from touchline.features.assistant.intents import Analysis, AnalysisKind

RECALLED = 10
FORGOTTEN_AFTER = timedelta(days=90)
_LEAST_FOR_CONSISTENCY = 3


@dataclass(frozen=True)
class Insight:
    """One finding as it is kept for a person."""

    user_id: str
    insight_type: str
    subject_type: str
    subject_id: str
    metric_name: str
    metric_value: float
    window_definition: str
    match_range: str
    data_points_count: int

    @property
    def insight_hash(self) -> str:
        """The same for the same person, subject, metric and matches: such an insight is kept once."""
        names = ("user_id", "subject_type", "subject_id", "metric_name", "window_definition", "match_range")
        identity = json.dumps({name: getattr(self, name) for name in names}, sort_keys=True)
        return hashlib.sha256(identity.encode()).hexdigest()


@dataclass(frozen=True)
class Remembered:
    """An insight as it comes back."""

    at: datetime
    value: float
    window: str | None


@dataclass(frozen=True)
class _Kind:
    insight_type: str
    subject_type: str
    metric_name: str


_KINDS: Mapping[AnalysisKind, _Kind] = {
    AnalysisKind.TOP_IMPROVERS: _Kind("trend", "player", "sprint_intensity_trend"),
    AnalysisKind.HIGHEST_AVERAGE_RATING: _Kind("rating", "player", "average_rating"),
    AnalysisKind.BEST_PRESSING_FORMATION: _Kind("formation_analysis", "formation", "average_pressures"),
}


def metric(analysis: Analysis) -> str:
    return _KINDS[analysis.kind].metric_name


def insights(result: Result, user_id: str) -> list[Insight]:
    """One insight for each finding."""
    kind = _KINDS[result.analysis.kind]
    return [
        Insight(
            user_id=user_id,
            insight_type=kind.insight_type,
            subject_type=kind.subject_type,
            subject_id=finding.subject_id,
            metric_name=kind.metric_name,
            metric_value=float(finding.value),
            window_definition=_window(result.analysis.kind, finding),
            match_range=f"{finding.days[0].isoformat()} to {finding.days[1].isoformat()}",
            data_points_count=finding.points,
        )
        for finding in result.findings
    ]


def memory_text(recalled: Sequence[Remembered]) -> str:
    """The block for a model's context, newest first; empty without any."""
    if not recalled:
        return ""
    lines = [f"## TACTICAL_MEMORY (window: {recalled[0].window or 'unknown'})", "---"]
    return "\n".join([*lines, *(_dated(one) for one in recalled)])


def earlier_text(recalled: Sequence[Remembered]) -> str:
    """The same for a reader."""
    return "\n".join(["Earlier results:", "", *(f"- {_dated(one)}" for one in recalled)]) if recalled else ""


def consistency_text(analysis: Analysis, recalled: Sequence[Remembered]) -> str:
    """How often the trend was positive; only for improvers and at least three insights, else empty."""
    if analysis.kind is not AnalysisKind.TOP_IMPROVERS or len(recalled) < _LEAST_FOR_CONSISTENCY:
        return ""
    positive, total = sum(one.value > 0 for one in recalled), len(recalled)
    return f"Positive in {positive} of {total} earlier results ({round(Fraction(100 * positive, total))}%)."


def _window(kind: AnalysisKind, finding: Finding) -> str:
    return {
        AnalysisKind.TOP_IMPROVERS: "last_5_vs_prev_5",
        AnalysisKind.HIGHEST_AVERAGE_RATING: f"last_{finding.points}_matches",
        AnalysisKind.BEST_PRESSING_FORMATION: "all_time_average",
    }[kind]


def _dated(one: Remembered) -> str:
    return f"{one.at.date().isoformat()}: {one.value:+.2f}"
