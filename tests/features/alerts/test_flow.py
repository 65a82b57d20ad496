"""Who has the upper hand, worked out by hand (alert specification 9)."""

import pytest

from touchline.features.alerts import flow, flow_risk
from touchline.features.alerts.flow import Mean, Momentum, Window
from touchline.features.alerts.flow_message import FlowStory, Warned, flow_message
from touchline.football.vocabulary import Language, Side


def _windows(*ahead: dict, length_s: float = 60.0) -> list[Window]:
    return [Window(index, length_s, each) for index, each in enumerate(ahead)]


# --- comparing


def test_what_only_one_team_has_is_not_compared():
    terms = {
        "team_a": {"threat": 0.2, "territory": 60.0, "possession": None, "regains": 2},
        "team_b": {"threat": 0.05, "territory": 45.0, "possession": 40.0, "regains": None},
    }
    assert flow.ahead_of(terms) == {"threat": pytest.approx(0.15), "territory": 15.0}


@pytest.mark.parametrize("terms", [None, [], {}, {"team_a": 3}, {"team_a": {"threat": "0.2"}, "team_b": {"threat": 1}}])
def test_an_engine_without_terms_is_compared_by_the_ball_alone(terms):
    assert flow.ahead_of(terms, possession_a=61.5) == {"possession": 23.0}
    assert flow.ahead_of(terms) == {}


# --- scores


def test_the_first_windows_are_read_against_the_reference():
    (score,) = flow.scores(_windows({"threat": 0.16, "territory": 26.0, "possession": 49.0, "regains": 0.76}))
    assert score == pytest.approx(1.0)  # one standard deviation in everything
    (score,) = flow.scores(_windows({"threat": 0.32, "territory": -26.0}))
    assert score == pytest.approx((0.40 * 2 - 0.25 * 1) / 0.65)  # weights of what is missing are dealt out anew


def test_sums_of_short_windows_are_read_against_a_smaller_spread():
    (score,) = flow.scores(_windows({"threat": 0.08, "territory": 26.0}, length_s=15.0))
    assert score == pytest.approx(1.0)  # a quarter of the time, half the spread


def test_one_term_is_too_little():
    assert flow.scores(_windows({"possession": 49.0}, {})) == [None, None]


def test_from_the_sixth_window_on_the_match_itself_is_the_measure():
    territory, possession = [0, 10, 20, 30, 40, 80], [0, 0, 0, 0, 0, 60]
    windows = _windows(
        *({"territory": float(t), "possession": float(p)} for t, p in zip(territory, possession, strict=True))
    )
    scores = flow.scores(windows)
    assert scores[4] == pytest.approx(0.25 * (40 / 26) / 0.45)
    # territory: mean 30, sd sqrt(4000/5) = 28.28; possession: mean 10, sd sqrt(3000/5) = 24.49, half of 49 at least
    standing = 0.25 * (50 / 28.2843) + 0.20 * (50 / 24.5)
    assert scores[5] == pytest.approx(standing / 0.45, rel=1e-4)


# --- words


def test_the_mean_of_three_and_its_error():
    mean = flow.mean_of([0.5, 1.0, 1.5])
    assert mean is not None
    assert (mean.value, mean.error) == (1.0, pytest.approx(0.5 / 3**0.5))
    assert flow.mean_of([1.0, None, None]) is None


@pytest.mark.parametrize(
    ("now", "before", "word", "ahead"),
    [
        (None, None, Momentum.STABLE, None),
        (0.59, None, Momentum.STABLE, None),
        (0.6, None, Momentum.RISING, Side.A),
        (-1.2, None, Momentum.RISING, Side.B),
        (-1.21, None, Momentum.DOMINANT, Side.B),
        (0.7, -0.7, Momentum.SHIFTING, Side.A),
        (0.7, -0.5, Momentum.RISING, Side.A),
        (0.7, 0.7, Momentum.RISING, Side.A),
        (0.1, -0.9, Momentum.STABLE, None),
    ],
)
def test_momentum(now, before, word, ahead):
    score, earlier = (None if value is None else Mean(value, 0.3) for value in (now, before))
    assert flow.momentum(score, earlier) is word
    assert flow.leader(score) is ahead


@pytest.mark.parametrize(
    ("score", "quality", "expected"),
    [
        (Mean(0.2, 0.1), 0.9, 0.9 * 0.8),  # stable
        (Mean(1.0, 0.5), 0.99, 0.9545),  # two errors from nothing
        (Mean(1.0, 0.5), 0.7, 0.7),  # never surer than what was seen
        (Mean(1.0, 0.0), 0.8, 0.8),
        (Mean(1.0, 0.5), None, 0.0),
        (None, 0.9, 0.0),
    ],
)
def test_confidence(score, quality, expected):
    assert flow.confidence(score, quality) == pytest.approx(expected, abs=1e-4)


def test_the_clearest_change_is_told_and_one_within_its_error_is_not():
    before = _windows(*({"territory": t, "possession": p} for t, p in ((0.0, 0.0), (2.0, 40.0), (4.0, -40.0))))
    now = _windows(*({"territory": t, "possession": p} for t, p in ((-20.0, 20.0), (-18.0, 60.0), (-22.0, -20.0))))
    found = flow.change(now, before)
    assert found == flow.Change("territory", Side.B, 22.0)
    assert flow.change(before, before) is None
    assert flow.change(before, []) is None


# --- risk


def _risk(**components: dict) -> dict:
    return {"risk": {"team_a": components, "team_b": {"siege": {"r": 0.1, "w": 0.6, "value": 13}}}}


WIDE = {"r": 0.8, "w": 0.5, "metric": "width_oop", "value": 44.0, "norm": 35.0, "n": 6}
DEEP = {"r": 0.5, "w": 0.6, "metric": "defensive_line_oop", "value": 18.0, "norm": 31.0, "n": 6}


def test_components_are_averaged_over_the_windows_in_which_they_were_measured():
    a, b = flow_risk.team_risks([_risk(open_width=WIDE, deep_line=DEEP), _risk(open_width=WIDE | {"r": 0.4})])
    assert a.score == pytest.approx(1 - (1 - 0.3) * (1 - 0.3))
    assert (a.label, b.label) == ("MODERATE", "LOW")
    assert flow_risk.worst([a, b], None) is a
    assert flow_risk.worst([a, b], Side.B) is b


def test_advice_is_that_of_the_strongest_component():
    key, params = flow_risk.advice(flow_risk.team_risks([_risk(open_width=WIDE)] * 3)[0])
    assert (key, params) == ("action.W1", {"us": "@team.A", "width": 44.0, "norm": 35.0})
    key, params = flow_risk.advice(flow_risk.team_risks([_risk(deep_line=DEEP | {"r": 0.9})] * 3)[0])
    assert (key, params["delta"]) == ("action.D1", 10.0)
    assert flow_risk.advice(flow_risk.team_risks([_risk()])[0]) == ("advisory.keep", {})
    assert flow_risk.advice(None) == ("advisory.keep", {})


@pytest.mark.parametrize(
    "odd", [{}, {"risk": []}, {"risk": {"team_a": [1]}}, {"risk": {"team_a": {"siege": {"r": "x"}}}}]
)
def test_windows_without_risk_are_not_judged(odd):
    assert flow_risk.team_risks([odd]) == []


# --- the message


def _story(windows: list[Window], analyses: list[dict], **changes) -> FlowStory:
    fields = {
        "run_id": "run",
        "match_id": "match",
        "language": "en",
        "focus": None,
        "windows": windows,
        "analyses": analyses,
        "warned": None,
    }
    return FlowStory(**{**fields, **changes})


def _analysis(possession_a: float, quality: float, **components: dict) -> dict:
    score = {"team_a": {"value": quality}, "team_b": {"value": quality}}
    return {"possession_team_a_pct": possession_a, "quality": {"score": score}, **_risk(**components)}


ATTACKS = [{"threat": threat, "territory": 20.0, "possession": 30.0, "regains": 1.0} for threat in (0.1, 0.2, 0.3)]


def test_a_whole_message():
    calm = [{"threat": 0.0, "territory": t, "possession": 0.0, "regains": 0.0} for t in (0.0, 2.0, 4.0)]
    story = _story(
        _windows(*calm, *ATTACKS),
        [_analysis(62.0, 0.8, open_width=WIDE)] * 3,
        warned=Warned("Line too deep", "HIGH", Side.A),
    )
    message = flow_message(story)
    assert message == {
        "type": "flow_analysis",
        "analysis_id": "run",
        "match_id": "match",
        "analysis": (
            "Team A 62% – Team B 38% of the ball over 3 windows; Team A had the upper hand."
            " Team A gained 15 points of the ball. Risk moderate for Team A: too wide without the ball."
        ),
        "momentum": "Team A rising",
        "warning": "Line too deep (Team A, risk high)",
        "recommendation": (
            "Team A: width 44 m without the ball (norm 35). Far winger tuck inside to the near half-space."
        ),
        "confidence": 0.8,
        "segment_range": [3, 5],
    }


@pytest.mark.parametrize("language", list(Language))
def test_too_little_is_said_so_in_every_language(language):
    message = flow_message(_story(_windows({}, {}, {}), [{}] * 3, language=language))
    assert message["confidence"] == 0
    assert all(isinstance(message[key], str) and message[key] for key in ("analysis", "momentum", "warning"))
    if language is Language.EN:
        assert message["analysis"] == "Over 3 windows too little was seen to tell who had the upper hand."
        assert (message["momentum"], message["warning"]) == ("Stable", "None")
        assert message["recommendation"] == "No change suggested."


def test_a_headline_is_never_taken_for_a_text_of_ours():
    story = _story(_windows({}, {}, {}), [{}] * 3, warned=Warned("@no.such.{key}", "ODD", None))
    assert flow_message(story)["warning"] == "no.such.{key} (risk low)"
