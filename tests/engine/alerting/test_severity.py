import numpy as np
import pytest

from team_windows import NORMAL, window
from touchline.engine.alerting.norms import TeamNorms
from touchline.engine.alerting.reference import REFERENCE_SETS, Level, Ramp, reference_for
from touchline.engine.alerting.severity import assess, describe, segment_label, severity_label
from touchline.football.vocabulary import Severity

BROADCAST = REFERENCE_SETS["pro-men-broadcast-v1"]
FULL_VIEW = REFERENCE_SETS["pro-men-fullview-v1"]


def judge(values, *, reference=BROADCAST, norms=None, min_components=4, min_usable_s=9.0, **facts):
    return assess(
        window(values, **facts),
        norms or TeamNorms(reference),
        min_components=min_components,
        min_usable_s=min_usable_s,
    )


WORKED = {
    "defensive_line_oop": 18.4,
    "width_oop": 33.1,
    "compactness_oop": 11.0,
    "pressing_rate": 14.1,
    "siege_s": 22.0,
    "threat_against": 0.11,
}


def test_the_worked_example_of_a_deep_and_besieged_team():
    found = judge(WORKED, usable_s=24.0, ball_deep_share=0.85)
    assert found.risk("deep_line") == pytest.approx(0.47, abs=0.005)
    assert found.risk("siege") == pytest.approx(0.43, abs=0.006)
    assert found.risk("threat") == pytest.approx(0.30)
    assert found.component("passive_press") is None  # the ball was in the own third
    assert found.score == pytest.approx(0.58, abs=0.005)
    assert found.label is Severity.HIGH
    assert round(100 * found.score, 1) == pytest.approx(57.9, abs=0.3)


def test_a_passive_press_counts_when_the_ball_is_away_from_goal():
    found = judge(WORKED, ball_deep_share=0.2)
    assert found.risk("passive_press") == pytest.approx(0.19)


@pytest.mark.parametrize(
    ("score", "label", "on_segments"),
    [
        (0.0, Severity.LOW, "LOW"),
        (0.349, Severity.LOW, "LOW"),
        (0.35, Severity.MODERATE, "MEDIUM"),
        (0.55, Severity.HIGH, "HIGH"),
        (0.75, Severity.CRITICAL, "CRITICAL"),
    ],
)
def test_labels_by_the_cuts_and_the_words_of_segments(score, label, on_segments):
    assert severity_label(score) is label
    assert segment_label(label) == on_segments


@pytest.mark.parametrize(
    ("component", "values", "r"),
    [
        ("deep_line", {"defensive_line_oop": 24.0}, 0.0),
        ("deep_line", {"defensive_line_oop": 12.0}, 1.0),
        ("exposed_line", {"defensive_line_oop": 56.0, "pressing_rate": 18.5}, 0.25),
        ("exposed_line", {"defensive_line_oop": 56.0, "pressing_rate": 30.0}, 0.0),
        ("open_width", {"width_oop": 43.0}, 0.5),
        ("narrow_attack", {"width_ip": 31.5}, 0.5),
        ("loose_block", {"compactness_oop": 12.0, "length_oop": 29.5}, 0.5),
        ("loose_block", {"compactness_oop": 15.25, "length_oop": 20.0}, 0.5),
        ("split_units", {"gap_def_mid": 15.25}, 0.5),
        ("siege", {"siege_s": 23.5}, 0.5),
        ("threat", {"threat_against": 0.15}, 0.5),
        ("slow_retreat", {"atk_to_def": -1.0}, 0.5),
    ],
)
def test_components_follow_their_ramps(component, values, r):
    assert judge(values).risk(component) == pytest.approx(r)


def test_the_exposed_line_needs_both_line_and_press():
    assert judge({"defensive_line_oop": 60.0}).component("exposed_line") is None


def test_seconds_of_a_short_window_count_in_proportion():
    assert judge({"siege_s": 4.0}, scale=1 / 6).risk("siege") == pytest.approx(judge({"siege_s": 24.0}).risk("siege"))


def test_too_few_components_or_too_little_time_give_no_score():
    few = judge({"defensive_line_oop": 14.0, "width_oop": 50.0, "siege_s": 20.0})
    assert (few.score, few.label, few.reason) == (None, None, "too few components")
    assert judge({"defensive_line_oop": 14.0, "width_oop": 50.0, "siege_s": 20.0}, min_components=3).score is not None
    brief = judge(WORKED, usable_s=8.9)
    assert (brief.score, brief.reason) == (None, "seen too briefly")


def test_a_score_and_its_label_agree_as_printed():
    for line_m in np.linspace(13, 23, 400):
        severity = judge({**NORMAL, "defensive_line_oop": line_m, "siege_s": 20})
        assert severity.score == round(severity.score, 3)
        assert severity.label is severity_label(float(f"{severity.score:.3f}"))


def test_no_risk_at_all_is_a_measured_zero():
    found = judge(NORMAL)
    assert found.score == 0.0
    assert found.strongest is None


def settled_norms(line_m, windows):
    norms = TeamNorms(BROADCAST)
    for _ in range(windows):
        norms.add(window({"defensive_line_oop": line_m}).metrics)
    return norms


def test_a_team_that_always_defends_deep_is_not_nagged():
    once = judge({"defensive_line_oop": 16.0}, norms=settled_norms(16.0, 4)).risk("deep_line")
    always = judge({"defensive_line_oop": 16.0}, norms=settled_norms(16.0, 20)).risk("deep_line")
    assert once == pytest.approx(2 / 3)
    assert always == 0.0


def test_own_norms_shrink_towards_the_reference_and_keep_a_spread():
    norms = settled_norms(16.0, 8)
    norm = norms.norm("defensive_line_oop")
    assert norm.value == pytest.approx(0.5 * 16 + 0.5 * 32)
    assert norm.spread >= 0.5 * BROADCAST.usual["defensive_line_oop"].spread
    assert (norm.windows, norm.is_usable) == (8, True)
    fresh = TeamNorms(BROADCAST).norm("defensive_line_oop")
    assert (fresh.value, fresh.windows, fresh.is_usable) == (32, 0, False)


def test_work_rate_is_judged_only_against_an_own_norm():
    assert judge({"avg_speed": 1.0}).component("work_rate") is None
    norms = TeamNorms(BROADCAST)
    for _ in range(10):
        norms.add(window({"avg_speed": 2.58}).metrics)
    assert judge({"avg_speed": 2.58 * 0.825}, norms=norms).risk("work_rate") == pytest.approx(0.5, abs=0.01)


def test_fixed_cameras_use_the_full_view_set():
    assert reference_for("Fixed").name == "pro-men-fullview-v1"
    assert reference_for("Fixed Camera").name == "pro-men-fullview-v1"
    assert reference_for("TV").name == "pro-men-broadcast-v1"
    assert reference_for("").name == "pro-men-broadcast-v1"
    assert judge({"width_oop": 43.0}, reference=FULL_VIEW).risk("open_width") == 0.0
    assert judge({"width_oop": 46.5}, reference=FULL_VIEW).risk("open_width") == pytest.approx(0.5 / 1.25)


def test_both_sets_name_the_same_things():
    assert BROADCAST.ramps.keys() == FULL_VIEW.ramps.keys()
    assert BROADCAST.levels.keys() == FULL_VIEW.levels.keys()
    assert BROADCAST.cuts.keys() == FULL_VIEW.cuts.keys()
    assert BROADCAST.usual.keys() == FULL_VIEW.usual.keys()


def test_described_components_are_plain_values():
    described = describe(judge(WORKED, ball_deep_share=0.85))
    assert described["deep_line"] == {
        "r": pytest.approx(0.4667, abs=1e-3),
        "w": 0.60,
        "metric": "defensive_line_oop",
        "value": 18.4,
        "norm": 32,
        "n": 0,
    }


@pytest.mark.parametrize(("value", "r"), [(24, 0), (18, 0.5), (12, 1), (5, 1), (30, 0)])
def test_a_ramp_may_fall(value, r):
    assert Ramp(24, 12).at(value) == pytest.approx(r)


def test_levels_have_a_gap_between_entering_and_leaving():
    low, high = Level(22, 27), Level(39.5, 37)
    assert (low.entered(22), low.left(22), low.entered(25), low.left(25), low.left(27.1)) == (
        True,
        False,
        False,
        False,
        True,
    )
    assert (high.entered(39.5), high.entered(38), high.left(38), high.left(36.9)) == (True, False, False, True)
