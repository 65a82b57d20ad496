import numpy as np
import pytest

from touchline.engine.tactics import possession as possession_rules
from touchline.engine.tactics.ball import BallMotion, ball_motion, in_play
from touchline.engine.tactics.possession import Control, ball_control, control_radius_m, team_possession, turnovers
from touchline.engine.tactics.pressing import pressing_of
from touchline.football.pitch import STANDARD_PITCH

A, B, NOBODY = 0, 1, -1


def frames(*parts):
    return np.concatenate([np.full(count, team) for team, count in parts])


def owner(control, *, seen=None, live=None, initial=NOBODY):
    everything = np.ones(len(control), bool)
    return team_possession(
        control, everything if seen is None else seen, everything if live is None else live, initial=initial
    )


def test_a_touch_under_four_tenths_does_not_change_the_owner():
    control = frames((A, 10), (B, 3), (A, 10))
    assert set(owner(control).tolist()) == {A}


def test_control_of_four_tenths_counts_from_its_first_touch():
    control = frames((A, 10), (B, 4), (NOBODY, 5))
    assert owner(control).tolist() == [A] * 10 + [B] * 9


def test_possession_lasts_while_the_ball_is_in_flight():
    control = frames((A, 6), (NOBODY, 20))
    assert owner(control).tolist() == [A] * 26


def test_possession_is_unknown_after_three_seconds_without_a_ball():
    control = frames((A, 6), (NOBODY, 40))
    seen = np.arange(46) < 6
    assert owner(control, seen=seen).tolist() == [A] * 36 + [NOBODY] * 10


def test_dead_play_ends_possession():
    live = np.ones(20, bool)
    live[8:12] = False
    assert owner(frames((A, 8), (NOBODY, 12)), live=live).tolist() == [A] * 8 + [NOBODY] * 12


def test_an_earlier_window_can_hand_possession_over():
    assert owner(frames((NOBODY, 5)), initial=B).tolist() == [B] * 5


@pytest.mark.parametrize(
    ("noise_m", "is_broadcast", "radius_m"),
    [(0.0, False, 1.5), (0.25, False, 2.0), (2.0, False, 2.5), (0.1, True, 2.5)],
)
def test_the_control_radius_grows_with_the_noise(noise_m, is_broadcast, radius_m):
    assert control_radius_m(noise_m, is_broadcast=is_broadcast) == pytest.approx(radius_m)


def test_the_nearest_player_of_a_team_controls_and_referees_never_do():
    positions = np.array([[[10, 10], [11, 10], [10.1, 10]]], float)
    control = ball_control(positions, np.array([A, B, NOBODY]), np.array([[10.3, 10.0]]), radius_m=1.5)
    assert (control.controller[0], control.team[0]) == (0, A)
    far = ball_control(positions, np.array([A, B, NOBODY]), np.array([[20.0, 10.0]]), radius_m=1.5)
    assert (far.controller[0], far.team[0]) == (-1, -1)


def turnover_of(ball_travel_m, apart_m):
    team = frames((A, 30), (NOBODY, 4), (B, 30))
    controller = np.where(team == A, 0, np.where(team == B, 1, -1))
    positions = np.zeros((64, 2, 2))
    positions[:, 1, 0] = apart_m
    ball = np.zeros((64, 2))
    ball[30:, 0] = ball_travel_m
    return turnovers(owner(team), Control(controller, team), positions, ball)


@pytest.mark.parametrize(
    ("travel_m", "apart_m", "kind"), [(8.0, 8.0, "interception"), (0.5, 1.0, "tackle"), (1.0, 5.0, "loose_ball")]
)
def test_turnovers_are_named_by_how_the_ball_changed_teams(travel_m, apart_m, kind):
    (found,) = turnover_of(travel_m, apart_m)
    assert (found.loser, found.winner, found.kind, found.is_stable) == (A, B, kind, True)
    assert found.distance_m == pytest.approx(travel_m)


def test_a_scramble_is_no_stable_turnover():
    team = frames((A, 30), (B, 6), (A, 6), (B, 30))
    found = turnovers(owner(team), Control(team, team), np.zeros((72, 2, 2)), np.zeros((72, 2)))
    assert [turnover.is_stable for turnover in found] == [False, False, False]


def test_stability_needs_two_seconds_on_either_side():
    track = frames((A, 25), (B, 25))
    assert possession_rules.is_stable(track, 25, A, B)
    assert not possession_rules.is_stable(track[:40], 25, A, B)


def press(distances_m, *, carrier=None, live=None):
    count = len(distances_m)
    positions = np.zeros((count, 3, 2))
    positions[:, 1, 0] = distances_m
    positions[:, 2] = 50.0
    velocities = np.zeros_like(positions)
    velocities[1:, 1, 0] = np.diff(distances_m) * 10
    controller = np.zeros(count, int) if carrier is None else carrier
    control = Control(controller, np.full(count, A))
    pressing = pressing_of(
        B, control, positions, velocities, np.array([A, B, A]), np.ones(count, bool) if live is None else live
    )
    return pressing.actions(slice(0, count))


def test_a_defender_within_two_metres_presses():
    assert press(np.full(20, 1.5)) == 1
    assert press(np.full(20, 2.5)) == 0


def test_a_touch_of_pressure_under_three_tenths_is_none():
    assert press(np.r_[np.full(10, 6.0), [1.5, 1.5], np.full(10, 6.0)]) == 0


def test_bursts_under_a_second_apart_are_one_action():
    away, close = 6.0, 1.0
    assert press(np.r_[np.full(5, close), np.full(8, away), np.full(5, close)]) == 1
    assert press(np.r_[np.full(5, close), np.full(14, away), np.full(5, close)]) == 2


def test_closing_fast_from_four_metres_presses():
    assert press(np.r_[np.full(5, 8.0), np.linspace(4.4, 2.4, 10)]) == 1  # 2.2 m/s towards the ball
    assert press(np.r_[np.full(5, 8.0), np.linspace(4.4, 3.4, 10)]) == 0  # 1.1 m/s


def test_nobody_presses_in_dead_play():
    assert press(np.full(20, 1.0), live=np.zeros(20, bool)) == 0


GRID = np.arange(0, 10, 0.1)
CALM = np.full(100, 1.0)


def ball_from(positions, rate_hz=5.0, players=None):
    times = np.arange(len(positions)) / rate_hz
    people = np.full((len(positions), 1, 2), np.nan) if players is None else players
    return ball_motion(times, np.asarray(positions, float), people, grid_s=GRID, pitch=STANDARD_PITCH)


def rolling(count=50):
    return np.column_stack([20 + np.arange(count) * 1.0, np.full(count, 30.0)])  # 5 m/s at 5 Hz


def test_a_single_false_ball_is_thrown_out():
    balls = rolling()
    balls[20] = [90, 60]
    motion = ball_from(balls)
    assert motion.positions[40, 0] == pytest.approx(40.0, abs=0.6)
    assert np.nanmax(motion.positions[:, 0]) < 75


def test_a_short_gap_on_a_straight_path_is_bridged_and_a_long_one_is_not():
    short, long = rolling(), rolling()
    short[21:22] = np.nan
    long[21:26] = np.nan
    assert ball_from(short).seen.all() or np.flatnonzero(~ball_from(short).seen).min() > 98
    assert not ball_from(long).seen[45:50].any()


def test_a_gap_that_turns_is_bridged_only_under_control():
    balls = rolling()
    balls[23:, 0] = balls[22, 0]
    balls[23:, 1] += np.arange(27) * 1.0
    balls[21:22] = np.nan
    balls[22] = balls[23]
    free = ball_from(balls)
    held = ball_from(balls, players=np.nan_to_num(balls, nan=40.0)[:, None])
    assert not free.seen[42]
    assert held.seen[42]


def test_a_ball_over_the_line_is_dead_and_one_on_the_line_is_not():
    still = np.zeros((100, 2))
    outside = BallMotion(np.tile([50.0, 69.0], (100, 1)), still + 1)
    on_line = BallMotion(np.tile([50.0, 68.3], (100, 1)), still + 1)
    assert not in_play(outside, CALM + 3, STANDARD_PITCH).any()
    assert in_play(on_line, CALM + 3, STANDARD_PITCH).all()


def test_a_resting_ball_among_walking_players_is_dead_but_not_among_running_ones():
    rest = BallMotion(np.tile([50.0, 30.0], (100, 1)), np.zeros((100, 2)))
    assert not in_play(rest, CALM, STANDARD_PITCH).any()
    assert in_play(rest, CALM + 2, STANDARD_PITCH).all()


def test_without_any_ball_nobody_can_call_play_dead():
    unseen = BallMotion(np.full((100, 2), np.nan), np.full((100, 2), np.nan))
    assert in_play(unseen, CALM, STANDARD_PITCH).all()
