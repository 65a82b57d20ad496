"""Did a decision help, by the contract's fields (rules 5): pure, on the severities of the alerts that came after it.

The figures say what happened next, not what the decision caused: alerts rise on extreme windows and calm down by
themselves. Quiet windows without any later alert leave a decision unjudged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

MOST_OBSERVED = 3
ENOUGH_OBSERVED = 2
PATIENCE = timedelta(seconds=30)
"""After this a single observed alert is enough."""

EFFECTIVE_DROP = 0.20
"""An accepted alert helped when the severity fell by this share."""

_ROUNDING = 1e-9  # 0.5 and 0.4 are 20 % apart, whatever binary fractions make of it


class Action(StrEnum):
    """What somebody decided on an alert."""

    ACCEPT = "ACCEPT"
    DISMISS = "DISMISS"


@dataclass(frozen=True)
class Verdict:
    """What became of a decision.

    mean: severity of the observed alerts, 0..1; windows: how many they were.
    """

    effective: bool
    failed: bool
    escalated: bool
    mean: float
    windows: int


@dataclass(frozen=True)
class Happened:
    """An alert as an observation; match_time in video seconds."""

    match_time: float | None
    created_at: datetime
    severity: float


def judge(action: Action, severity: float, observed: Sequence[float]) -> Verdict:
    """The contract's formulas (rule 5.3).

    Args:
        action: what was decided.
        severity: of the alert when it was decided on, 0..1.
        observed: severities of the alerts that followed; at least one.
    """
    mean = sum(observed) / len(observed)
    rose = mean - severity > _ROUNDING
    if action is Action.DISMISS:
        return Verdict(effective=not rose, failed=rose, escalated=rose, mean=mean, windows=len(observed))
    fell = severity > 0 and (severity - mean) / severity >= EFFECTIVE_DROP - _ROUNDING
    return Verdict(effective=fell, failed=rose, escalated=False, mean=mean, windows=len(observed))


def observed_after(
    match_time: float | None, decided_at: datetime, alerts: Sequence[Happened], *, most: int = MOST_OBSERVED
) -> list[float]:
    """Severities of the first alerts after a decision (rule 5.1).

    Args:
        match_time: of the decision, in video seconds; without it the time at which alerts were created counts.
        decided_at: when the decision was recorded.
        alerts: of the same match, in the order of their creation.
        most: how many to take.
    """
    if match_time is None:
        return [alert.severity for alert in alerts if alert.created_at > decided_at][:most]
    later = [alert for alert in alerts if alert.match_time is not None and alert.match_time > match_time]
    return [alert.severity for alert in sorted(later, key=lambda alert: alert.match_time or 0.0)][:most]


def is_due(count: int, *, decided_at: datetime, now: datetime, is_over: bool, known: int | None) -> bool:
    """Whether a decision with so many observed alerts is to be judged now (rule 5.2).

    Args:
        count: observed alerts.
        decided_at: when the decision was recorded.
        now: the present.
        is_over: nothing analyses this match any more.
        known: windows of an earlier judgement; one of at least two stays.
    """
    if count <= (known or 0) or (known or 0) >= ENOUGH_OBSERVED:
        return False
    return count >= ENOUGH_OBSERVED or is_over or now - decided_at >= PATIENCE


# --- metrics


@dataclass(frozen=True)
class Rates:
    """Shares 0..1 of decisions, all 0 without any (rule 5.4)."""

    total_feedbacks: int
    acceptance_rate: float
    dismissal_rate: float
    effectiveness_rate: float
    escalation_after_dismiss_rate: float


@dataclass(frozen=True)
class Metrics:
    """What became of somebody's decisions: altogether and by type, the most frequent first."""

    summary: Rates
    by_decision_type: list[tuple[str, Rates]]


_COUNTS = ("total", "accepted", "dismissed", "effective", "escalated")


def metrics(counted: Sequence[Mapping[str, Any]]) -> Metrics:
    """Rates from counts by type: `decision_type` and the numbers of `total`, `accepted`, `dismissed` and so on."""
    kinds = sorted(counted, key=lambda row: (-row["total"], row["decision_type"]))
    altogether = {name: sum(row[name] for row in counted) for name in _COUNTS}
    return Metrics(_rates(altogether), [(row["decision_type"], _rates(row)) for row in kinds])


def _rates(count: Mapping[str, Any]) -> Rates:
    total = count["total"]
    return Rates(
        total_feedbacks=total,
        acceptance_rate=_share(count["accepted"], total),
        dismissal_rate=_share(count["dismissed"], total),
        effectiveness_rate=_share(count["effective"], total),
        escalation_after_dismiss_rate=_share(count["escalated"], count["dismissed"]),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
