"""The closing sentence of a run: what small players meant for the work and the result."""

import pytest

from touchline.engine.run.telling import closing_text
from touchline.engine.types import SizeOfPeople
from touchline.football.updates import AnalysisOptions, AnalysisRequest


def told(people, *, profile="balanced"):
    return closing_text(
        AnalysisRequest(video_path="a.mp4", run_id="r", options=AnalysisOptions(profile=profile)),
        frames=100,
        players=22,
        lost_s=0.0,
        uncalibrated_reason=None,
        was_placed=True,
        are_teams_known=True,
        people=people,
        failed_files=(),
    )


@pytest.mark.parametrize("people", [None, SizeOfPeople(60.0, 40.0, 0.67, 1.0), SizeOfPeople(54.0, 37.8, 0.7, 1.08)])
def test_usual_work_is_not_worth_a_word(people):
    assert told(people) == "100 pictures analysed, up to 22 players followed at once."


def test_more_than_the_profiles_usual_work_is_told():
    text = told(SizeOfPeople(42.0, 36.0, 0.857, 1.62))
    assert "about 42 pixels tall" in text
    assert "1.6 times the work" in text
    assert "hard to find" not in text


def test_players_who_stay_too_small_are_told_with_the_way_out():
    text = told(SizeOfPeople(20.0, 20.2, 1.011, 2.25))
    assert "2.2 times the work" in text
    assert "some will be missing: choose the accurate profile, or film closer" in text


def test_the_accurate_profile_does_not_recommend_itself():
    text = told(SizeOfPeople(15.0, 22.5, 1.5, 2.2), profile="accurate")
    assert "missing: film closer" in text
    assert "accurate profile" not in text
