"""Rules, board and wire form together: windows in, alerts out."""

import json

import pytest

from team_windows import NORMAL, window
from touchline.engine.alerting.actions import Situation
from touchline.engine.alerting.alert import AlertFrame, alert_of, clock
from touchline.engine.alerting.board import AlertBoard, WindowMark
from touchline.engine.alerting.norms import TeamNorms
from touchline.engine.alerting.reference import REFERENCE_SETS
from touchline.engine.alerting.rules import RULES, read
from touchline.engine.alerting.severity import assess
from touchline.football.texts import keys
from touchline.football.vocabulary import Side

BROADCAST = REFERENCE_SETS["pro-men-broadcast-v1"]
FULL_VIEW = REFERENCE_SETS["pro-men-fullview-v1"]
DEEP = {"defensive_line_oop": 18.0}
FRAME = AlertFrame(
    run_id="run-7",
    language="en",
    window_s=60.0,
    illustrative=False,
    analysis={"team_a_tags": [], "team_b_tags": [], "tactical_narrative": "Story.", "team_a": {}, "team_b": {}},
    reference_set="pro-men-broadcast-v1",
    engine_version="1",
)


def situation(values, *, side=Side.A, reference=BROADCAST, norms=None, **facts):
    team = window({**NORMAL, **values}, side=side, **facts)
    norms = norms or TeamNorms(reference)
    severity = assess(team, norms, min_components=4, min_usable_s=9.0)
    return Situation(team, severity, norms, context=severity.risk("threat"))


class Match:
    """Feeds windows to a board and keeps what it says."""

    def __init__(self):
        self.board, self.index, self.pictures = AlertBoard(), 0, []

    def play(self, a=None, b=None, **facts):
        mark = WindowMark(self.index, 60.0 * self.index, 60.0 * self.index + 60)
        self.index += 1
        sides = {Side.A: situation(a or {}, **facts), Side.B: situation(b or {}, side=Side.B, **facts)}
        states = self.board.step(mark, sides, self.picture)
        return [alert_of(state, FRAME) for state in states]

    def picture(self, side, rule):
        self.pictures.append((side, rule.code))
        return {"players": [{"id": self.index, "x": 1.0, "y": 2.0, "team": side.value}]}


@pytest.mark.parametrize(
    ("code", "enters", "stays", "leaves"),
    [
        ("D1", {"defensive_line_oop": 21}, {"defensive_line_oop": 25}, {"defensive_line_oop": 28}),
        (
            "D2",
            {"defensive_line_oop": 52, "pressing_rate": 15},
            {"defensive_line_oop": 48, "pressing_rate": 15},
            {"defensive_line_oop": 45, "pressing_rate": 15},
        ),
        ("C1", {"compactness_oop": 14.5}, {"compactness_oop": 13.5}, {"compactness_oop": 12.9, "gap_def_mid": 9}),
        ("C1", {"gap_def_mid": 13.5}, {"gap_def_mid": 12}, {"gap_def_mid": 10.5, "compactness_oop": 12}),
        ("C2", {"length_oop": 28}, {"length_oop": 26}, {"length_oop": 24}),
        ("W1", {"width_oop": 40}, {"width_oop": 38}, {"width_oop": 36}),
        ("W2", {"width_ip": 33}, {"width_ip": 36}, {"width_ip": 39}),
        ("P1", {"pressing_rate": 10}, {"pressing_rate": 14}, {"pressing_rate": 17}),
        ("S1", {"siege_s": 13}, {"siege_s": 9}, {"siege_s": 5}),
    ],
)
def test_every_rule_enters_stays_and_leaves_at_its_levels(code, enters, stays, leaves):
    rule = next(rule for rule in RULES if rule.code == code)
    found = [read(rule, situation(values)) for values in (enters, stays, leaves)]
    assert [reading.entered for reading in found] == [True, False, False]
    assert [reading.left for reading in found] == [False, False, True]
    assert all(reading.is_valid for reading in found)


@pytest.mark.parametrize(
    ("code", "values", "facts"),
    [
        ("D1", {"defensive_line_oop": 15, "siege_s": 30}, {"ball_deep_share": 0.9}),
        ("W2", {"width_ip": 30}, {"ip_s": 15.0}),
        ("P1", {"pressing_rate": 5}, {"ball_deep_share": 0.8}),
    ],
)
def test_guards_keep_a_rule_quiet_when_something_else_is_the_story(code, values, facts):
    rule = next(rule for rule in RULES if rule.code == code)
    assert not read(rule, situation(values, **facts)).entered


def test_what_was_not_measured_or_poorly_seen_is_not_judged():
    rule = next(rule for rule in RULES if rule.code == "D1")
    unmeasured = Situation(
        window({}),
        assess(window({}), TeamNorms(BROADCAST), min_components=4, min_usable_s=9),
        TeamNorms(BROADCAST),
        0.0,
    )
    assert not read(rule, unmeasured).is_valid
    assert not read(rule, situation(DEEP, quality=0.4)).is_valid


def test_a_planned_deep_line_raises_nothing():
    norms = TeamNorms(BROADCAST)
    for _ in range(20):
        norms.add(window(DEEP).metrics)
    rule = next(rule for rule in RULES if rule.code == "D1")
    assert read(rule, situation(DEEP)).entered
    assert not read(rule, situation(DEEP, norms=norms)).entered


def test_full_view_has_its_own_levels():
    rule = next(rule for rule in RULES if rule.code == "W1")
    assert not read(rule, situation({"width_oop": 42}, reference=FULL_VIEW)).entered
    assert read(rule, situation({"width_oop": 44}, reference=FULL_VIEW)).entered


def test_an_alert_needs_two_of_three_windows_and_keeps_its_id_until_it_ends():
    match = Match()
    assert match.play(a=DEEP) == []
    (raised,) = match.play(a=DEEP)
    assert raised.alert_id == raised.decision_id == "run-7-A-D1-1"
    assert (raised.status, raised.review_countdown, raised.category_trigger_count) == ("ACTIVE", 180, 1)
    assert (raised.timestamp, raised.match_time) == ("01:00-02:00", 60.0)
    (again,) = match.play(a=DEEP)
    assert (again.alert_id, again.review_countdown, again.timestamp) == (raised.alert_id, 120, "01:00-02:00")
    assert again.severity_score > raised.severity_score
    (calmer,) = match.play()
    (over,) = match.play()
    assert [calmer.status, over.status] == ["MONITORING", "RESOLVED"]
    assert calmer.action == over.action == again.action
    assert match.play() == []


def test_the_next_alert_of_the_type_has_the_next_number():
    match = Match()
    for _ in range(2):
        match.play(a=DEEP)
    for _ in range(5):
        match.play()
    match.play(a=DEEP)
    (second,) = match.play(a=DEEP)
    assert second.alert_id == "run-7-A-D1-2"
    assert second.category_trigger_count == 2


def test_both_teams_have_triggers_of_their_own():
    match = Match()
    match.play(a=DEEP, b=DEEP)
    raised = match.play(a=DEEP, b=DEEP)
    assert {alert.alert_id for alert in raised} == {"run-7-A-D1-1", "run-7-B-D1-1"}
    assert {alert.context["focus_team"] for alert in raised} == {"A", "B"}
    assert sorted(alert.category_trigger_count for alert in raised) == [1, 2]


def test_an_alert_says_the_number_the_norm_and_one_action():
    match = Match()
    match.play(a={"width_oop": 42})
    (raised,) = match.play(a={"width_oop": 43})
    assert raised.category == "WIDTH"
    assert raised.decision_type == "Over-stretched without ball"
    assert raised.trigger_metric == "Width without the ball 43 m (norm 35, 2 windows, 80% seen)"
    assert raised.action == raised.recommended_action
    assert raised.action.startswith("Team A: width 43 m without the ball (norm 35).")


def test_an_alert_carries_everything_that_explains_it():
    match = Match()
    match.play(a=DEEP)
    (raised,) = match.play(a={"defensive_line_oop": 16.0})
    context = raised.context
    assert context["code"] == "D1"
    assert context["windows"] == [0, 1]
    assert context["Q"] == 0.8
    assert context["components"]["deep_line"]["value"] == 16.0
    assert [entry["state"] for entry in context["state_log"]] == ["ACTIVE"]
    assert context["text_key"] == "action.D1"
    assert context["text_params"]["us"] == "@team.A"
    assert context["analysis"]["tactical_narrative"] == "Story."
    assert context["players"] == [{"id": 2, "x": 1.0, "y": 2.0, "team": "A"}]  # the worse of the two windows
    assert context["illustrative"] is False
    json.dumps(context, allow_nan=False)


def test_siege_speaks_for_the_deep_line_of_the_same_cause():
    match = Match()
    both = {"defensive_line_oop": 18, "siege_s": 20}
    match.play(a=both)
    (raised,) = match.play(a=both)
    assert raised.context["code"] == "S1"
    assert raised.context["merged"] == ["D1"]
    later = match.play(a={"defensive_line_oop": 18, "siege_s": 3})  # the siege is over, the line is still deep
    assert {(alert.context["code"], alert.status) for alert in later} == {("D1", "ACTIVE"), ("S1", "MONITORING")}


def test_a_visible_alert_is_not_silenced_by_a_later_one():
    match = Match()
    match.play(a=DEEP)
    match.play(a=DEEP)
    match.play(a={"defensive_line_oop": 18, "siege_s": 20})
    raised = match.play(a={"defensive_line_oop": 18, "siege_s": 20})
    assert {alert.context["code"] for alert in raised} == {"D1", "S1"}


def test_unseen_for_five_windows_is_said_once():
    match = Match()
    match.play(a=DEEP)
    match.play(a=DEEP)
    said = [match.play(a=DEEP, quality=0.2) for _ in range(6)]
    assert [len(alerts) for alerts in said] == [0, 0, 0, 0, 1, 0]
    (blind,) = said[4]
    assert blind.status == "MONITORING"
    assert blind.trigger_metric == "Line height without the ball not seen since 01:00"


def test_half_time_leaves_an_alert_watched():
    match = Match()
    match.play(a=DEEP)
    match.play(a=DEEP)
    match.board.half_time()
    (after,) = match.play()
    assert after.status == "MONITORING"


def test_pictures_are_taken_only_when_something_is_entered():
    match = Match()
    match.play()
    assert match.pictures == []
    match.play(b=DEEP)
    assert match.pictures == [(Side.B, "D1")]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_words_and_levels(rule):
    assert {rule.text_key, f"headline.{rule.code}"} <= keys()
    assert all(condition.level in BROADCAST.levels for condition in rule.conditions)
    assert all(f"metric.{condition.metric}" in keys() for condition in rule.conditions)
    assert 0 < rule.weight <= 1


@pytest.mark.parametrize(("seconds", "written"), [(0, "00:00"), (75.9, "01:15"), (6000, "100:00")])
def test_video_time_is_minutes_and_seconds(seconds, written):
    assert clock(seconds) == written
