"""Direction of play at any time, from the windows' own answers."""

import pytest

from engine.render.scenes import segment
from touchline.engine.render.directions import Directions
from touchline.football.vocabulary import Side


def halves():
    return (
        segment(2, 120, 180, direction={"team_a": "left", "team_b": "right"}),
        segment(0, 0, 60, direction=None),
        segment(1, 60, 120, direction={"team_a": "right", "team_b": "left"}),
        segment(3, 180, 240, direction=None),
    )


@pytest.mark.parametrize(("time_s", "right_a"), [(10, True), (70, True), (119, True), (121, False), (200, False)])
def test_each_window_says_where_its_teams_attack_and_silent_ones_go_on_as_before(time_s, right_a):
    directions = Directions(halves(), attacks_right_a=None)
    assert directions.attacks_right_a(time_s) is right_a
    assert directions.attacks_right(Side.B, time_s) is not right_a


@pytest.mark.parametrize("given", [True, False, None])
def test_without_any_answer_the_given_direction_holds(given):
    directions = Directions((segment(), segment(1, 10, 20, direction="sideways")), attacks_right_a=given)
    assert directions.attacks_right_a(5.0) is given
    assert directions.are_known is (given is not None)
    assert directions.attacks_right(Side.B, 5.0) is (None if given is None else not given)
