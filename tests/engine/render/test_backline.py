"""The back line on the drawing: heights checked by hand, and silence where too little is seen."""

import numpy as np
import pytest

from engine.render.scenes import ELEVENS, FILM, LOOKING_DOWN, elevens, reader, sighting
from touchline.engine.render.backline import back_line, seen_length_m
from touchline.engine.render.labels import words_in
from touchline.engine.render.timeline import moments
from touchline.engine.types import VideoFacts
from touchline.football.pitch import STANDARD_PITCH
from touchline.football.vocabulary import Side

WORDS = words_in("en")
WHOLE_PITCH = (0.0, 105.0)


def line(tmp_path, people, side, *, seen_x_m=WHOLE_PITCH, attacks_right=True):
    (moment,) = moments(reader(tmp_path / "p", [sighting(0.0, people)], labels=ELEVENS), [0.0])
    return back_line(moment, side, attacks_right=attacks_right, pitch=STANDARD_PITCH, seen_x_m=seen_x_m, words=WORDS)


def test_the_line_is_the_mean_of_the_two_deepest_outfield_players_from_their_own_goal(tmp_path):
    assert line(tmp_path, elevens(0.0), Side.A).height_m == pytest.approx(25.0)


def test_a_team_that_attacks_the_other_way_is_measured_from_the_other_goal(tmp_path):
    found = line(tmp_path, elevens(0.0), Side.B, attacks_right=False)
    assert found.height_m == pytest.approx(105 - 80)
    assert len(found.block) == 10


def test_fewer_than_six_players_give_no_line_and_say_so(tmp_path):
    few = {key: place for key, place in elevens(0.0).items() if key in {1, 2, 3, 4, 5, 6}}
    found = line(tmp_path, few, Side.A)
    assert found.height_m is None
    assert found.reason == "5 of 6 players seen"


def test_a_line_whose_back_is_out_of_view_needs_the_keeper(tmp_path):
    people = elevens(0.0)
    assert line(tmp_path / "with", people, Side.A, seen_x_m=(20.0, 80.0)).height_m == pytest.approx(25.0)
    del people[1]
    assert line(tmp_path / "without", people, Side.A, seen_x_m=(20.0, 80.0)).height_m is None
    assert line(tmp_path / "near", people, Side.A, seen_x_m=(16.0, 80.0)).height_m == pytest.approx(25.0)


def test_the_seen_part_of_the_pitch_follows_from_the_calibration():
    facts = VideoFacts(width=FILM[0], height=FILM[1], fps=25.0, duration_s=2.0)
    assert seen_length_m(LOOKING_DOWN, facts, STANDARD_PITCH) == pytest.approx((0, 105), abs=2.5)
    half = VideoFacts(width=FILM[0] // 2, height=FILM[1], fps=25.0, duration_s=2.0)
    assert seen_length_m(LOOKING_DOWN, half, STANDARD_PITCH)[1] == pytest.approx(52.5, abs=2.5)
    assert np.isfinite(seen_length_m(LOOKING_DOWN, facts, STANDARD_PITCH)).all()
