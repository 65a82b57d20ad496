from dataclasses import replace

import pytest

from team_windows import NORMAL, window
from touchline.engine.alerting.narrative import Balance, TeamView, narrate, tell
from touchline.engine.alerting.norms import TeamNorms
from touchline.engine.alerting.reference import REFERENCE_SETS
from touchline.engine.alerting.segment import recommend
from touchline.engine.alerting.severity import assess
from touchline.engine.types import Metric
from touchline.football.texts import text
from touchline.football.vocabulary import Side

BROADCAST = REFERENCE_SETS["pro-men-broadcast-v1"]
BALANCED = Balance(share_a=61.8, share_b=38.2, known=0.9, third="B")
SILENT = Balance(None, None, 0.0, None)


def view(values, *, side=Side.A, **facts):
    team = window({**NORMAL, **values}, side=side, **facts)
    norms = TeamNorms(BROADCAST)
    return TeamView(team, assess(team, norms, min_components=4, min_usable_s=9.0), norms)


def blind(side):
    team = window({}, side=side, quality=0.2, usable_s=3.0, seen_share=0.05)
    team = type(team)(
        side=side, metrics={"width": Metric.missing("not calibrated")}, quality=0.2, usable_s=0.0, seen_share=0.0
    )
    norms = TeamNorms(BROADCAST)
    return TeamView(team, assess(team, norms, min_components=4, min_usable_s=9.0), norms)


def story(*views, balance=BALANCED, language="en"):
    return tell(narrate(views, balance), language)


def test_a_quiet_window_is_told_in_balance_blocks_and_calm():
    assert story(view({}), view({"defensive_line_oop": 40}, side=Side.B)) == (
        "Team A 62% – Team B 38% of the ball (90% seen); play mostly in Team B's third. "
        "Team A defended 32 m from goal and compact (12.2 m). "
        "Team B defended 40 m from goal (8 m higher than usual) and compact (12.2 m). "
        "No structural problem detected."
    )


def test_the_strongest_risk_is_told_with_its_number_and_norm():
    told = story(view({"width_oop": 47}), view({}, side=Side.B))
    assert "Team A: Width without the ball 47 m, usual 35." in told
    assert "Risk moderate for Team A: too wide without the ball." in told


def test_entries_are_told_with_their_main_channel():
    told = story(view({}, entries={"left": 3, "center": 1, "right": 0}), view({}, side=Side.B))
    assert "Team A entered the final third 4 times, 3 via the left." in told


def test_without_a_ball_the_balance_is_left_out():
    assert "of the ball" not in story(view({}), view({}, side=Side.B), balance=SILENT)


def test_a_blind_window_says_why_and_nothing_else():
    assert story(blind(Side.A), blind(Side.B), balance=SILENT) == "Not enough seen: not calibrated."


def test_a_window_without_a_ball_tells_the_shape_and_why_no_risk_was_judged():
    unknown = {name: Metric.missing("possession unknown") for name in ("width_oop", "defensive_line_oop")}
    views = []
    for side in Side:
        team = window({"defensive_line": 36, "width": 38, "compactness": 13}, side=side)
        team = replace(team, metrics={**team.metrics, **unknown})
        norms = TeamNorms(BROADCAST)
        views.append(TeamView(team, assess(team, norms, min_components=4, min_usable_s=9.0), norms))
    assert story(*views, balance=SILENT) == (
        "Team A: line at 36 m, 38 m wide, players 13.0 m from the team's centre. "
        "Team B: line at 36 m, 38 m wide, players 13.0 m from the team's centre. "
        "Risk not judged: possession unknown."
    )


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_other_languages_tell_the_same_sentences(language):
    views = (view({"width_oop": 47}), view({}, side=Side.B))
    told = story(*views, language=language)
    assert told
    assert "{" not in told
    assert told != story(*views)


def test_advice_is_given_from_moderate_risk_on_and_names_a_second_cause_when_it_weighs():
    assert recommend(view({"width_oop": 43})) == []
    advice = recommend(view({"width_oop": 47, "siege_s": 30}))
    assert [part.text_key for part in advice] == ["action.W1", "action.S1"]
    assert all(text(part.text_key, part.params) for part in advice)
    (single,) = recommend(view({"width_oop": 47, "siege_s": 15}))
    assert single.text_key == "action.W1"


def test_two_causes_with_the_same_remedy_are_advised_once():
    advice = recommend(view({"compactness_oop": 17, "gap_def_mid": 18}))
    assert [part.text_key for part in advice] == ["action.C1"]
