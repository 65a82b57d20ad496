"""What became of a decision, by the contract's own examples (rules 5)."""

from datetime import UTC, datetime, timedelta

import pytest

from touchline.features.alerts.effectiveness import Action, Happened, is_due, judge, metrics, observed_after

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("action", "before", "after", "effective", "failed", "escalated"),
    [
        ("ACCEPT", 0.80, [0.50, 0.60], True, False, False),
        ("ACCEPT", 0.50, [0.45, 0.45], False, False, False),
        ("ACCEPT", 0.40, [0.50, 0.60], False, True, False),
        ("DISMISS", 0.60, [0.70, 0.90], False, True, True),
        ("DISMISS", 0.60, [0.60, 0.60, 0.60], True, False, False),
        ("ACCEPT", 0.50, [0.40], True, False, False),  # exactly a fifth less
        ("ACCEPT", 0.0, [0.0, 0.0], False, False, False),
        ("ACCEPT", 0.0, [0.1, 0.0], False, True, False),
    ],
)
def test_the_examples_of_the_rules(action, before, after, effective, failed, escalated):
    found = judge(Action(action), before, after)
    assert (found.effective, found.failed, found.escalated) == (effective, failed, escalated)
    assert found.mean == pytest.approx(sum(after) / len(after))
    assert found.windows == len(after)


def _alert(match_time, severity, *, minute=0) -> Happened:
    return Happened(match_time, NOW + timedelta(minutes=minute), severity)


def test_the_first_three_later_alerts_by_match_time_are_observed():
    alerts = [_alert(900, 0.9), _alert(700, 0.7), _alert(720, 0.5), _alert(None, 0.1), _alert(800, 0.8), _alert(950, 0)]
    assert observed_after(720, NOW, alerts) == [0.8, 0.9, 0.0]


def test_without_a_match_time_the_order_of_creation_counts():
    alerts = [_alert(900, 0.9, minute=-1), _alert(None, 0.2), *(_alert(100, m / 10, minute=m) for m in (1, 2, 3, 4))]
    assert observed_after(None, NOW, alerts) == [0.1, 0.2, 0.3]


@pytest.mark.parametrize(
    ("count", "waited_s", "is_over", "known", "due"),
    [
        (0, 900, True, None, False),
        (1, 29, False, None, False),
        (1, 30, False, None, True),
        (1, 0, True, None, True),
        (1, 900, True, 1, False),
        (2, 0, False, None, True),
        (2, 0, False, 1, True),
        (3, 0, False, 2, False),
    ],
)
def test_when_a_decision_is_judged(count, waited_s, is_over, known, due):
    decided_at = NOW - timedelta(seconds=waited_s)
    assert is_due(count, decided_at=decided_at, now=NOW, is_over=is_over, known=known) is due


def test_rates_are_shares_of_all_decisions_and_escalation_of_dismissed_ones():
    rows = [
        {"decision_type": "b", "total": 1, "accepted": 0, "dismissed": 1, "effective": 0, "escalated": 1},
        {"decision_type": "c", "total": 4, "accepted": 3, "dismissed": 1, "effective": 1, "escalated": 0},
        {"decision_type": "a", "total": 1, "accepted": 1, "dismissed": 0, "effective": 0, "escalated": 0},
    ]
    found = metrics(rows)
    assert [kind for kind, _ in found.by_decision_type] == ["c", "a", "b"]
    assert vars(found.summary) == {
        "total_feedbacks": 6,
        "acceptance_rate": pytest.approx(4 / 6),
        "dismissal_rate": pytest.approx(2 / 6),
        "effectiveness_rate": pytest.approx(1 / 6),
        "escalation_after_dismiss_rate": pytest.approx(1 / 2),
    }
    assert vars(dict(found.by_decision_type)["a"])["escalation_after_dismiss_rate"] == 0
    assert set(vars(metrics([]).summary).values()) == {0}
