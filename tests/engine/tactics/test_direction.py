import numpy as np
import pytest

from pitch_scenes import Play, four_four_two, observe, shifted, still, sway
from touchline.engine.tactics.direction import DirectionFinder, evidence_of
from touchline.engine.tactics.play import Scene, prepare_play
from touchline.engine.tactics.span import Sighting
from touchline.football.pitch import STANDARD_PITCH


def no_ball(_time):
    return None


BLOCK = four_four_two(line_m=30)
HIGH = four_four_two(line_m=40)


def decide(play, *, seconds=30.0, user=None, **options):
    finder = DirectionFinder(STANDARD_PITCH, user=user)
    finder.add(evidence(play, seconds=seconds, **options))
    return finder.decide()


def evidence(play, *, seconds=30.0, **options):
    frames = observe(play, seconds=seconds, **options)
    prepared = prepare_play([Sighting.of(frame) for frame in frames], start_s=0.0, end_s=seconds, scene=Scene())
    return evidence_of(prepared, prepared.core)


@pytest.mark.parametrize("a_right", [True, False])
def test_the_user_decides_first(a_right):
    play = Play(still(BLOCK), still(HIGH), no_ball, a_right=not a_right)
    found = decide(play, user=a_right)
    assert (found.attacks_right_a, found.source) == (a_right, "user")


@pytest.mark.parametrize("a_right", [True, False])
def test_a_kick_off_tells_the_ends(a_right):
    own_half = four_four_two(line_m=25, gap_m=10)
    play = Play(still(own_half), still(own_half), lambda _time: np.array([52.5, 34.0]), a_right=a_right)
    found = decide(play, seconds=5.0)
    assert (found.attacks_right_a, found.source) == (a_right, "kick_off")


@pytest.mark.parametrize("a_right", [True, False])
@pytest.mark.parametrize("labelled", [True, False])
def test_keepers_tell_the_ends_labelled_or_just_alone_in_front_of_goal(a_right, labelled):
    play = Play(still(BLOCK), still(HIGH), no_ball, a_right=a_right)
    found = decide(play, keepers=labelled)
    assert (found.attacks_right_a, found.source) == (a_right, "keepers")


@pytest.mark.parametrize("a_right", [True, False])
def test_without_keepers_a_short_clip_leans_on_the_centroids_at_half_trust(a_right):
    play = Play(still(BLOCK), still(BLOCK), no_ball, a_right=a_right)
    found = decide(play, hidden=(1, 12))
    assert (found.attacks_right_a, found.source, found.trust) == (a_right, "centroid_short", 0.5)


def test_two_minutes_of_centroids_are_trusted_fully():
    play = Play(still(BLOCK), still(BLOCK), no_ball)
    found = decide(play, seconds=125.0, hidden=(1, 12))
    assert (found.attacks_right_a, found.source, found.trust) == (True, "centroid", 1.0)


def test_a_few_seconds_or_teams_on_top_of_each_other_leave_it_open():
    apart = Play(still(BLOCK), still(BLOCK), no_ball)
    assert decide(apart, seconds=8.0, hidden=(1, 12)).attacks_right_a is None
    mixed = four_four_two(line_m=44.5)
    mixed = Play(still(mixed), still(shifted(mixed, 0.5)), no_ball)
    assert decide(mixed, hidden=(1, 12)).attacks_right_a is None


def test_keepers_on_the_same_side_contradict_each_other():
    wrong = four_four_two(line_m=30)
    wrong[0] = [100.0, 34.0]  # team B's "keeper" stands at the other goal
    found = decide(Play(still(BLOCK), still(wrong), no_ball))
    assert found.attacks_right_a is None


def test_after_a_long_break_the_teams_have_changed_ends():
    finder = DirectionFinder(STANDARD_PITCH)
    first = Play(still(BLOCK), still(HIGH), no_ball)
    finder.add(evidence(first))
    assert finder.decide().attacks_right_a is True
    quiet = evidence(first, seconds=60.0, hidden=tuple(range(1, 23)))
    assert [finder.add(quiet) for _ in range(5)] == [False] * 5
    second = Play(still(BLOCK), still(HIGH), no_ball, a_right=False)
    assert finder.add(evidence(second))
    found = finder.decide()
    assert (found.attacks_right_a, found.source, finder.period) == (False, "keepers", 2)


def test_a_second_half_that_contradicts_the_first_stays_open():
    finder = DirectionFinder(STANDARD_PITCH)
    play = Play(still(BLOCK), still(HIGH), no_ball)
    finder.add(evidence(play))
    for _ in range(5):
        finder.add(evidence(play, seconds=60.0, hidden=tuple(range(1, 23))))
    finder.add(evidence(play))
    assert finder.decide().attacks_right_a is None


def test_a_striker_waiting_at_goal_is_no_keeper():
    lone = four_four_two(line_m=30)
    lone[10] = [98.0, 34.0]
    play = Play(lambda t: shifted(lone, 0.0, sway(t)), still(HIGH), no_ball)
    found = decide(play, keepers=False)
    assert found.attacks_right_a is True
