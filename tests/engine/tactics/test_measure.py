"""Golden windows: scenes whose every number was worked out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pitch_scenes import Play, carried_by_b, four_four_two, observe, shifted, still, sway
from touchline.engine.tactics.direction import UNKNOWN_DIRECTION, Direction
from touchline.engine.tactics.measure import measure_window
from touchline.engine.tactics.play import Scene, prepare_play
from touchline.engine.tactics.quality import Minimums, Reason
from touchline.engine.tactics.span import Sighting
from touchline.football.pitch import PitchSize
from touchline.football.vocabulary import TeamCode

A, B = TeamCode.A, TeamCode.B
WHOLE = np.array([[-5, -5], [110, -5], [110, 73], [-5, 73]], float)
BLOCK = four_four_two(line_m=30, width_m=40, gap_m=10)
OTHERS = four_four_two(line_m=35, width_m=50, gap_m=12)
TO_THE_RIGHT = Direction(attacks_right_a=True, source="user")
GOLDEN = carried_by_b(a=BLOCK, b=OTHERS)


def measure(play, *, seconds=60.0, direction=TO_THE_RIGHT, scene=None, **options):
    frames = observe(play, seconds=seconds, **options)
    start_s = frames[0].time_s if frames else 0.0
    scene = scene or Scene(pitch=play.pitch, is_broadcast=False)
    prepared = prepare_play(
        [Sighting.of(frame) for frame in frames], start_s=start_s, end_s=start_s + seconds, scene=scene
    )
    return measure_window(prepared, direction, Minimums(seconds))


def values(measures, team=A):
    return {name: metric.value for name, metric in measures.teams[team].metrics.items()}


def test_a_still_block_gives_its_drawing_board_numbers():
    found = values(measure(GOLDEN))
    expected = {
        "defensive_line": 30.0,
        "defensive_line_oop": 30.0,
        "defensive_line_back4": 30.0,
        "width": 40.0,
        "width_oop": 40.0,
        "length": 20.0,
        "verticality": 0.5,
        "centroid_x": 38.0,
        "centroid_y": 34.0,
        "gap_def_mid": 10.0,
        "gap_mid_att": 10.0,
        "surface_area": 400 + (40 + 40 / 3) / 2 * 10,
        "uniformity": 0.0,
        "avg_speed": 0.0,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-3)


def test_the_team_without_the_ball_is_never_in_possession():
    measures = measure(GOLDEN)
    assert measures.possession[A].value == 0.0
    assert measures.possession[B].value == 100.0
    narrow = measures.teams[A].metrics["width_ip"]
    assert (narrow.value, narrow.reason) == (None, Reason.PHASE_TOO_SHORT)
    assert measures.teams[A].metrics["width_oop"].coverage > 0.95


def test_a_full_window_is_well_covered_and_trusted():
    width = measure(GOLDEN).teams[A].metrics["width"]
    assert width.coverage == pytest.approx(1.0, abs=0.01)
    assert width.q == pytest.approx(1.0)
    assert width.low == pytest.approx(40.0, abs=1e-3)
    assert width.high == pytest.approx(40.0, abs=1e-3)
    assert width.n == pytest.approx(600, abs=3)


def test_a_line_that_rises_by_ten_metres_is_measured_in_the_middle():
    def rising(time_s):
        return shifted(BLOCK, 10.0 * time_s / 60)

    play = Play(rising, GOLDEN.b, GOLDEN.ball)
    line = measure(play).teams[A].metrics["defensive_line"]
    assert line.value == pytest.approx(35.0, abs=0.1)
    assert line.low < 35.0 < line.high


def test_siege_counts_the_seconds_of_the_ball_in_the_own_third():
    deep = four_four_two(line_m=12, width_m=30, gap_m=6)
    attackers = four_four_two(line_m=60, width_m=50, gap_m=10)  # forwards 80 m up, 25 m from A's goal
    found = values(measure(carried_by_b(a=deep, b=attackers)))
    assert found["siege_s"] == pytest.approx(60, abs=1.0)
    assert values(measure(GOLDEN))["siege_s"] == 0.0


def test_a_defender_on_the_carrier_is_one_long_action():
    def close(time_s):
        block = BLOCK.copy()
        ball = GOLDEN.ball(time_s)
        block[10] = ball - [1.0, 0.0]
        return block

    found = values(measure(Play(close, GOLDEN.b, GOLDEN.ball)))
    assert found["pressing_intensity"] == 1
    assert found["pressed_share"] == pytest.approx(1.0, abs=0.02)
    free = values(measure(GOLDEN))
    assert (free["pressing_intensity"], free["pressed_share"]) == (0, 0.0)


def test_everybody_jogging_at_two_metres_a_second_has_that_speed():
    def jogging(time_s):
        return shifted(BLOCK, 0.0, sway(time_s, speed_mps=2.0, reach_m=12.0))

    play = Play(jogging, GOLDEN.b, GOLDEN.ball)
    assert values(measure(play, rate_hz=10.0))["avg_speed"] == pytest.approx(2.0, abs=0.12)


def test_without_a_direction_only_what_does_not_need_one_is_measured():
    metrics = measure(GOLDEN, direction=UNKNOWN_DIRECTION).teams[A].metrics
    assert metrics["width"].value == pytest.approx(40.0, abs=1e-3)
    assert metrics["compactness"].value is not None
    for name in ("defensive_line", "centroid_x", "gap_def_mid", "siege_s", "threat_against", "atk_to_def"):
        assert (metrics[name].value, metrics[name].reason) == (None, Reason.DIRECTION_UNKNOWN)


def test_a_short_clip_direction_halves_the_trust_in_what_leans_on_it():
    metrics = measure(GOLDEN, direction=Direction(True, "centroid_short", 0.5)).teams[A].metrics
    assert metrics["defensive_line"].q <= 0.5
    assert metrics["width"].q == pytest.approx(1.0)


@pytest.mark.parametrize("seen", [6, 7, 8])
def test_missing_players_silence_the_metrics_that_need_them(seen):
    hidden = tuple(range(2 + seen, 12))
    metrics = measure(GOLDEN, hidden=hidden).teams[A].metrics
    assert (metrics["width"].value is not None) == (seen >= 7)
    assert (metrics["defensive_line"].value is not None) == (seen >= 8)
    assert metrics["gap_def_mid"].value is None
    if seen < 7:
        assert metrics["width"].reason == Reason.TOO_FEW_PLAYERS


def test_a_camera_that_cuts_the_back_line_does_not_invent_it():
    half = np.array([[33, -5], [110, -5], [110, 73], [33, 73]], float)
    hidden = (1, 2, 3)  # the keeper and half of the back line are out of the picture
    line = measure(GOLDEN, visible=half, hidden=hidden, keepers=True).teams[A].metrics["defensive_line"]
    assert (line.value, line.reason) == (None, Reason.TEAM_CUT)


# Null tests: what was not seen is not 0.

NOWHERE = four_four_two() * np.nan


def nothing_but_reasons(measures, *, team=A, except_for=()):
    for name, metric in measures.teams[team].metrics.items():
        if name not in except_for:
            assert metric.value is None, name
            assert metric.reason, name


def test_an_empty_window_has_reasons_only():
    measures = measure(GOLDEN, seconds=60.0, hidden=tuple(range(1, 23)))
    nothing_but_reasons(measures)
    assert measures.teams[A].quality.label == "POOR"


def test_no_frames_at_all_have_reasons_only():
    scene = Scene()
    play = prepare_play([], start_s=0.0, end_s=60.0, scene=scene)
    nothing_but_reasons(measure_window(play, UNKNOWN_DIRECTION, Minimums(60.0)))


def test_one_player_makes_no_team():
    measures = measure(GOLDEN, hidden=tuple(range(2, 23)))
    nothing_but_reasons(measures, team=A)
    nothing_but_reasons(measures, team=B)


def test_unknown_teams_are_not_judged():
    measures = measure(GOLDEN, unknown_teams=True)
    nothing_but_reasons(measures)
    assert measures.teams[A].metrics["width"].reason == Reason.TEAMS_UNKNOWN


def test_without_a_ball_there_is_shape_and_speed_but_no_phase():
    play = Play(still(BLOCK), still(OTHERS), lambda _time: None)
    measures = measure(play)
    metrics = measures.teams[A].metrics
    assert metrics["width"].value == pytest.approx(40.0, abs=1e-3)
    assert metrics["avg_speed"].value == pytest.approx(0.0, abs=1e-3)
    for name in ("width_oop", "pressing_intensity", "pressing_rate", "siege_s", "threat_against", "regains"):
        assert (metrics[name].value, metrics[name].reason) == (None, Reason.POSSESSION_UNKNOWN)
    assert measures.possession[A].value is None


def test_an_uncalibrated_run_says_so_everywhere():
    nowhere = Play(still(NOWHERE), still(NOWHERE), lambda _time: None)
    measures = measure(nowhere)
    nothing_but_reasons(measures)
    assert measures.teams[A].metrics["width"].reason == Reason.NOT_CALIBRATED
    assert measures.possession[A].reason == Reason.NOT_CALIBRATED


def test_three_seconds_are_too_short_for_possession_and_phases():
    measures = measure(GOLDEN, seconds=3.0)
    assert measures.possession[B].value is None
    assert measures.teams[A].metrics["defensive_line_oop"].value is None
    assert measures.teams[A].metrics["pressing_rate"].value is None
    assert measures.teams[A].metrics["width"].value == pytest.approx(40.0, abs=1e-3)


def test_below_five_frames_a_second_only_shape_is_measured():
    metrics = measure(GOLDEN, rate_hz=4.0).teams[A].metrics
    assert metrics["width"].value == pytest.approx(40.0, abs=1e-3)
    for name in ("avg_speed", "pressing_rate"):
        assert (metrics[name].value, metrics[name].reason) == (None, Reason.RATE_TOO_LOW)


# Invariances.

TOLERANCES = {
    "defensive_line": 0.3,
    "width": 0.3,
    "compactness": 0.3,
    "avg_speed": 0.1,
    "siege_s": 1.0,
    "threat_against": 0.02,
    "gap_def_mid": 0.3,
}


def lively(time_s):
    """Everybody moves a little, so that smoothing and resampling have something to do."""
    shift = np.column_stack([np.sin(time_s / 3 + np.arange(11)), np.cos(time_s / 2 + np.arange(11))])
    return BLOCK + 1.5 * shift


LIVELY = Play(lively, GOLDEN.b, GOLDEN.ball)


def close_to(found, expected):
    for name, tolerance in TOLERANCES.items():
        if expected[name] is None:
            assert found[name] is None, name
        else:
            assert found[name] == pytest.approx(expected[name], abs=tolerance), name


@pytest.mark.parametrize("rate_hz", [5.0, 10.0, 12.5, 25.0])
def test_the_frame_rate_does_not_matter(rate_hz):
    close_to(values(measure(LIVELY, rate_hz=rate_hz)), values(measure(LIVELY, rate_hz=10.0)))


def test_a_half_turn_of_the_pitch_changes_nothing():
    turned = Play(LIVELY.a, LIVELY.b, LIVELY.ball, a_right=False)
    found = values(measure(turned, direction=Direction(attacks_right_a=False, source="user")))
    close_to(found, values(measure(LIVELY)))


def test_swapping_the_names_swaps_the_numbers():
    swapped = measure(LIVELY, swap_teams=True, direction=Direction(attacks_right_a=False, source="user"))
    plain = measure(LIVELY)
    close_to(values(swapped, B), values(plain, A))
    close_to(values(swapped, A), values(plain, B))


@settings(max_examples=5, deadline=None)
@given(st.floats(0, 5000))
def test_the_clock_does_not_matter(start_s):
    close_to(values(measure(LIVELY, start_s=start_s, seconds=20.0)), values(measure(LIVELY, seconds=20.0)))


def test_a_smaller_pitch_scales_the_metres():
    small = Play(LIVELY.a, LIVELY.b, LIVELY.ball, pitch=PitchSize(100.0, 64.0))
    found, expected = values(measure(small)), values(measure(LIVELY))
    assert found["defensive_line"] == pytest.approx(expected["defensive_line"] * 100 / 105, abs=0.3)
    assert found["width"] == pytest.approx(expected["width"] * 64 / 68, abs=0.3)
    assert found["siege_s"] == pytest.approx(expected["siege_s"], abs=1.0)
    assert found["threat_against"] == pytest.approx(expected["threat_against"], abs=0.02)


def test_noise_of_thirty_centimetres_moves_shape_by_little():
    noisy = values(measure(LIVELY, noise_m=0.3, rate_hz=5.0))
    clean = values(measure(LIVELY))
    for name, tolerance in {"defensive_line": 0.5, "width": 0.8, "compactness": 0.3}.items():
        assert noisy[name] == pytest.approx(clean[name], abs=tolerance)


@pytest.mark.parametrize("known", [True, False])
def test_an_unlabelled_keeper_is_found_by_where_he_stands(known):
    found = values(measure(GOLDEN, keepers=known))
    assert found["defensive_line"] == pytest.approx(30.0, abs=1e-3)
    assert found["compactness"] == pytest.approx(values(measure(GOLDEN))["compactness"], abs=1e-3)
