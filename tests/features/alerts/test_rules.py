"""What an engine's alert becomes, and how it reads on the wire (rules 4.1, 4.2; realtime 4)."""

from datetime import UTC, datetime

import pytest

from run_world import an_alert
from touchline.features.alerts.rules import alert_label, alert_message, alert_row, match_seconds
from touchline.features.analysis.rooms_above import RunRef

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
RUN = RunRef(id="run", match_id="match", is_adhoc=False, part="whole", attempt=2, submitted_at=NOW)


def _row(alert) -> dict:
    row = alert_row(alert, RUN, row_id="row", now=NOW)
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("15:00", 900),
        ("12:30-13:00", 750),
        ("x", None),
        ("", None),
        (90, 90),
        (12.5, 12.5),
        ("75", 75),
        ("95:10", 5710),
        (" 01:05 - 02:00", 65),
        ("1:2:3", None),
        (None, None),
        (True, None),
        (float("nan"), None),
        ("nan", None),
    ],
)
def test_match_time(given, seconds):
    assert match_seconds(given) == seconds


@pytest.mark.parametrize(
    ("label", "score", "stored"),
    [
        ("medium", 0.0, "MODERATE"),
        ("Critical", 0.0, "CRITICAL"),
        ("", 0.80, "CRITICAL"),
        (None, 0.60, "HIGH"),
        (None, 0.40, "MODERATE"),
        (None, 0.39, "LOW"),
        ("SEVERE", 0.61, "HIGH"),
    ],
)
def test_labels_of_alerts(label, score, stored):
    assert alert_label(label, score) == stored


def test_an_alert_with_everything_keeps_everything():
    row = _row(an_alert("a1", decision_id="d1", trigger_metric="gap 15 m", recommended_action="Step up."))
    assert row == {
        "id": "row",
        "match_id": "match",
        "run_id": "run",
        "alert_id": "a1",
        "decision_id": "d1",
        "timestamp": "12:00-13:00",
        "match_time": 720.0,
        "severity_score": 0.5,
        "severity_label": "MODERATE",
        "category": "COMPACTNESS",
        "decision_type": "Block disconnected",
        "trigger_metric": "gap 15 m",
        "recommended_action": "Step up.",
        "status": "ACTIVE",
        "action": "Close the gap.",
        "review_countdown": 180,
        "category_trigger_count": 1,
        "suppressed": False,
        "superseded": False,
        "attempt": 2,
        "context": {},
        "created_at": NOW,
    }


def test_an_alert_with_nothing_but_an_id_gets_every_required_field():
    bare = an_alert(
        "a1",
        timestamp=None,
        severity_score=None,
        severity_label=None,
        category=None,
        decision_type="",
        status=None,
        action=None,
        review_countdown=None,
        category_trigger_count=None,
        match_time=None,
        context=None,
    )
    message = alert_message(_row(bare))
    assert message == {
        "alert_id": "a1",
        "decision_id": "a1",
        "match_id": "match",
        "timestamp": "",
        "match_time": None,
        "severity_score": 0.0,
        "severity_label": "LOW",
        "category": "",
        "decision_type": "NONE",
        "trigger_metric": None,
        "recommended_action": None,
        "status": "ACTIVE",
        "action": "",
        "review_countdown": 0,
        "category_trigger_count": 0,
        "feedback": "none",
        "feedback_action": None,
        "decision_effective": None,
        "decision_failed": None,
        "escalation_after_dismiss": None,
        "created_at": "2026-11-24T09:00:00.000000Z",
        "players": None,
        "ball": None,
        "zone": None,
        "team_a_tags": None,
        "team_b_tags": None,
        "tactical_outlier": None,
        "analysis": None,
        "flow_analysis": None,
        "context": {},
    }


@pytest.mark.parametrize("alert_id", ["", "   ", None])
def test_an_alert_without_an_id_is_dropped(alert_id):
    assert alert_row(an_alert(alert_id), RUN, row_id="row", now=NOW) is None


@pytest.mark.parametrize(
    ("changes", "field", "stored"),
    [
        ({"severity_score": 1.7}, "severity_score", 1.0),
        ({"severity_score": -1}, "severity_score", 0.0),
        ({"severity_score": float("nan")}, "severity_score", 0.0),
        ({"match_time": None, "timestamp": "12:30-13:00"}, "match_time", 750),
        ({"match_time": None, "timestamp": "soon"}, "match_time", None),
        ({"match_time": 5.0, "timestamp": "12:30"}, "match_time", 5.0),
        ({"recommended_action": None}, "recommended_action", "Close the gap."),
        ({"status": "escalated"}, "status", "ESCALATED"),
        ({"status": "thinking"}, "status", "ACTIVE"),
        ({"review_countdown": 59.6}, "review_countdown", 60),
        ({"category": "C" * 90}, "category", "C" * 64),
        ({"action": "a\x00b"}, "action", "ab"),
    ],
)
def test_single_fields(changes, field, stored):
    assert _row(an_alert("a1", **changes))[field] == stored


def test_ids_longer_than_their_column_stay_different():
    one, other = (_row(an_alert("x" * 100 + end))["alert_id"] for end in "ab")
    assert len(one) == len(other) == 64
    assert one != other
    assert one == _row(an_alert("x" * 100 + "a"))["alert_id"]


def test_context_that_fits_stands_beside_the_other_fields_and_the_rest_stays_together():
    given = {
        "players": [
            {"id": 7.0, "x": 110, "y": -2, "team": "A"},
            {"id": "nine", "x": 1, "y": 1, "team": "A"},
            {"id": 4, "x": 1, "y": 1, "team": "C"},
        ],
        "ball": {"x": 52.5, "y": 34},
        "zone": {"x_min": 0, "x_max": 30, "y_min": 10, "y_max": 58},
        "team_a_tags": [{"tag": "HIGH PRESS"}],
        "team_b_tags": None,
        "tactical_outlier": {"player_id": "T12", "reason": "7 m deeper than his place"},
        "analysis": {"tactical_narrative": "Open.", "team_a": None},
        "match_clock": "57:10",
        "illustrative": True,
    }
    message = alert_message(_row(an_alert("a1", context=given)))
    assert message["players"] == [{"id": 7, "x": 105.0, "y": 0.0, "team": "A"}]
    assert message["ball"] == {"x": 52.5, "y": 34.0}
    assert message["zone"] == {"x_min": 0.0, "x_max": 30.0, "y_min": 10.0, "y_max": 58.0}
    assert message["team_a_tags"] == [{"tag": "HIGH PRESS", "description": ""}]
    assert message["team_b_tags"] is None
    assert message["tactical_outlier"] == {"player_id": "T12", "reason": "7 m deeper than his place"}
    assert message["analysis"] == {"tactical_narrative": "Open.", "team_a": {}, "team_b": {}}
    assert message["context"] == {"match_clock": "57:10", "illustrative": True}


@pytest.mark.parametrize(
    "broken",
    [
        {"players": "many"},
        {"ball": {"x": 1}},
        {"zone": {"x_min": 0}},
        {"tactical_outlier": {"player_id": 4}},
        {"analysis": "text"},
        {"flow_analysis": 3},
        {"team_a_tags": "HIGH PRESS"},
    ],
)
def test_context_that_does_not_fit_is_left_out(broken):
    (name,) = broken
    assert alert_message(_row(an_alert("a1", context=broken)))[name] is None


def test_decisions_read_as_bits_never_as_booleans():
    decision = {
        "action": "DISMISS",
        "decision_effective": False,
        "decision_failed": True,
        "escalation_after_dismiss": None,
    }
    message = alert_message(_row(an_alert()), decision)
    assert (message["feedback"], message["feedback_action"]) == ("dismissed", "DISMISS")
    bits = [message[name] for name in ("decision_effective", "decision_failed", "escalation_after_dismiss")]
    assert bits == [0, 1, None]
    assert not any(isinstance(bit, bool) for bit in bits)
