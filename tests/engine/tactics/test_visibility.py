import numpy as np
import pytest

from pitch_scenes import four_four_two
from touchline.engine.tactics.visibility import frame_validity, reach_of, turned
from touchline.football.pitch import STANDARD_PITCH

WHOLE = np.array([[-5, -5], [110, -5], [110, 73], [-5, 73]], float)
TEAM = four_four_two(line_m=30)[None, 1:]  # x 30..50, y 14..54
NO_KEEPER = np.zeros(1, bool)


def seen(count):
    team = TEAM.copy()
    team[:, count:] = np.nan
    return team


def judge(team, polygon, *, keeper=False):
    reach = None if polygon is None else reach_of((polygon,), np.zeros(len(team), int), STANDARD_PITCH)
    return frame_validity(team, keeper_seen=np.full(len(team), keeper), reach=reach)


def box(x_low, x_high, y_low=-5.0, y_high=73.0):
    return np.array([[x_low, y_low], [x_high, y_low], [x_high, y_high], [x_low, y_high]], float)


def flags(validity):
    return tuple(bool(flag[0]) for flag in (validity.line, validity.width, validity.length, validity.shape))


def test_the_whole_pitch_in_view_passes_everything():
    assert flags(judge(seen(10), WHOLE)) == (True, True, True, True)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (5, (False, False, False, False)),
        (6, (True, False, True, False)),
        (7, (True, True, True, True)),
    ],
)
def test_a_head_count_is_needed_even_in_full_view(count, expected):
    assert flags(judge(seen(count), WHOLE)) == expected


def test_a_picture_that_ends_behind_the_line_does_not_measure_it():
    assert not judge(seen(8), box(25, 100)).line[0]
    assert judge(seen(8), box(21, 100)).line[0]
    assert judge(seen(8), box(25, 100), keeper=True).line[0]


def test_the_goal_line_is_far_enough_for_a_deep_line():
    deep = seen(8) - [24.0, 0.0]  # line at 6 m
    assert judge(deep, box(-5, 100)).line[0]


def test_length_needs_room_beyond_the_front_player_unless_nearly_all_are_seen():
    assert not judge(seen(8), box(0, 45)).length[0]
    assert judge(seen(9), box(0, 45)).length[0]


def test_width_needs_both_touchlines():
    assert not judge(seen(8), box(0, 105, y_low=10)).width[0]
    assert not judge(seen(8), box(0, 105, y_high=60)).width[0]
    assert judge(seen(8), box(0, 105)).width[0]


def test_spread_fails_only_when_both_ends_are_cut():
    assert judge(seen(8), box(28, 100)).shape[0]
    assert judge(seen(8), box(0, 45)).shape[0]
    assert not judge(seen(8), box(28, 45)).shape[0]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (7, (False, True, False, False)),
        (8, (True, True, False, True)),
        (9, (True, True, True, True)),
    ],
)
def test_imported_positions_without_a_picture_go_by_the_head_count(count, expected):
    assert flags(judge(seen(count), None)) == expected


def test_a_half_turn_asks_the_same_of_the_other_end():
    polygon = box(21, 84)
    reach = reach_of((polygon,), np.zeros(1, int), STANDARD_PITCH)
    back = turned(reach, attacks_right=False)
    size = np.array([105, 68])
    mirrored = reach_of((size - polygon,), np.zeros(1, int), STANDARD_PITCH)
    assert back.along == pytest.approx(mirrored.along, nan_ok=True)
    assert back.across == pytest.approx(mirrored.across, nan_ok=True)


def test_frames_without_a_polygon_see_nothing_when_others_have_one():
    team = np.repeat(seen(8), 2, axis=0)
    reach = reach_of((WHOLE,), np.array([0, -1]), STANDARD_PITCH)
    validity = frame_validity(team, keeper_seen=np.zeros(2, bool), reach=reach)
    assert validity.line.tolist() == [True, False]
