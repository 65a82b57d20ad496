"""How the path of the ball is judged: what counts as right, wrong, drawn and flying, and where closer looks go."""

from pathlib import Path

import numpy as np
import pytest

from bench.vision_ball import DETECTED, FALSE, OFFSET_PX, WITHIN, look_places, path_figures
from bench.vision_ball_path import BallScore, BallTruth, MadeUp, made_up, score_of
from bench.vision_frames import LabelledFrame
from touchline.engine.types import BallFound, BallReason, BallState


def truth(frames, *, height=0.0, visible=True):
    """A ball that stands at (50, 30) metres and (400, 300) pixels."""
    return BallTruth(
        times_s=np.arange(frames) / 10,
        places=np.tile((50.0, 30.0, height), (frames, 1)),
        pixels=np.tile((400.0, 300.0), (frames, 1)),
        visible=np.full(frames, visible),
    )


def answer(index, *, metres=None, pixels=(400, 300), state=BallState.SEEN, reason=BallReason.NONE):
    x, y = pixels
    box = np.array([x - 3, y - 3, x + 3, y + 3], np.float32)
    place = np.full(2, np.nan) if metres is None else np.array(metres)
    return BallFound(index, box, 0.5, state, place, metres is not None, reason)


def unknown(index):
    return BallFound(index, np.full(4, np.nan), float("nan"))


def test_places_count_as_right_within_two_metres_and_as_wrong_beyond():
    found = [answer(0, metres=(51, 31)), answer(1, metres=(50, 32.1)), unknown(2), answer(3, metres=(50, 31.9))]
    score = score_of(found, truth(4))
    assert (score.visible, score.right, score.wrong) == (4, 2, 1)
    assert score.within_share == pytest.approx(0.5)
    assert score.false_s_per_minute == pytest.approx(15)


def test_a_bridge_counts_as_an_answer():
    assert score_of([answer(0, metres=(50, 30), state=BallState.BRIDGED)], truth(1)).right == 1


def test_without_a_place_the_picture_decides_what_is_wrong():
    flight, elsewhere = {"reason": BallReason.IN_THE_AIR}, {"pixels": (411, 300), "reason": BallReason.IN_THE_AIR}
    score = score_of([answer(0, **flight), answer(1, **elsewhere)], truth(2, height=3.0))
    assert (score.right, score.wrong, score.drawn) == (0, 1, 1)
    assert (score.flying, score.called_flying, score.called_wrongly) == (2, 1, 0)
    assert score_of([answer(0, **flight)], truth(1)).called_wrongly == 1


def test_a_ball_that_is_not_to_be_seen_can_only_be_wrong():
    score = score_of([answer(0, metres=(80, 30)), unknown(1)], truth(2, visible=False))
    assert (score.visible, score.wrong) == (0, 1)
    assert score.within_share is None


def test_the_longest_time_without_the_ball_is_that_of_the_worst_scene():
    found = [unknown(0), unknown(1), unknown(2), answer(3), unknown(4)]
    first = score_of(found, truth(5))
    assert first.blind_s == pytest.approx(0.3)
    second = score_of([answer(index) for index in range(5)], truth(5))
    both = first + second
    assert (both.frames, both.drawn) == (10, 6)
    assert both.blind_s == pytest.approx(0.3)


def test_nothing_measured_is_no_figure():
    figures = path_figures(BallScore(), DETECTED, is_gated=True)
    assert all(figure.value is None for figure in figures if figure.measure != "longest time without it")
    gated = path_figures(score_of([answer(0, metres=(50, 30))], truth(1)), DETECTED, is_gated=True)
    assert {figure.measure: figure.passed for figure in gated if figure.gate} == {WITHIN: True, FALSE: True}


def test_looks_go_to_the_same_places_every_time_and_never_far_from_the_ball():
    balls = np.array([[100.0, 100, 110, 110], [700, 400, 712, 412]])
    frame = LabelledFrame("one_0001", "one", Path("none.jpg"), people=np.zeros((0, 4)), balls=balls)
    places = look_places(frame)
    assert np.array_equal(places, look_places(frame))
    away = np.abs(places - (balls[:, :2] + balls[:, 2:]) / 2)
    assert (away <= OFFSET_PX).all()
    assert away.max() > 5


def test_the_path_finds_a_made_up_ball_among_made_up_boots_spots_and_strays():
    score = made_up(5, 12.0, MadeUp())
    assert score.frames == 120
    assert score.within_share >= 0.75
    assert score.false_s_per_minute <= 3


def test_the_path_invents_no_ball_where_none_is_found():
    score = made_up(5, 12.0, MadeUp(found=0.0))
    assert score.drawn <= 2
    assert score.false_s_per_minute <= 3
