"""Where a closer look is worth its work: at the expected place, and where a lost ball is likeliest to be."""

import numpy as np
import pytest

from engine.stages.ball_scenes import CAMERA, NOBODY, PEOPLE, PLACED, SIZE, box
from touchline.engine.stages.ball import BallPath
from touchline.engine.types import CameraStep

FPS = 5.0
EMPTY = {"boxes": np.zeros((0, 4)), "scores": np.zeros(0)}


def looks(path, time_s, *, boxes=EMPTY["boxes"], scores=EMPTY["scores"], people=PEOPLE, calibration=None):
    return path.places_to_look(
        time_s, boxes=boxes, scores=scores, people=people, picture_size=SIZE, calibration=calibration
    )


def followed(frames=8, *, step=10.0):
    """A path that has followed a rolling ball, asked for its looks before every frame."""
    path = BallPath()
    for index in range(frames):
        looks(path, index / FPS)
        boxes = np.array([box(300 + step * index, 400)])
        path.add(index, index / FPS, boxes=boxes, scores=np.array([0.6]), people=PEOPLE, picture_size=SIZE)
    return path


def lost(path, seconds, *, since=8, people=PEOPLE, calibration=None):
    """All looks of a lost ball, frame by frame."""
    asked = []
    for index in range(since, since + round(seconds * FPS)):
        asked.append(looks(path, index / FPS, people=people, calibration=calibration))
        path.add(index, index / FPS, **EMPTY, people=people, calibration=calibration, picture_size=SIZE)
    return asked


def test_the_expected_place_leads_the_ball():
    first = looks(followed(), 8 / FPS)[0]
    assert first == pytest.approx((378, 400), abs=5)


def test_a_sure_candidate_there_needs_no_look_and_one_elsewhere_does():
    near, far = np.array([box(380, 401)]), np.array([box(900, 400)])
    path = followed()
    looks(path, 8 / FPS)
    for boxes, score, wanted in ((near, 0.7, 0), (near, 0.3, 1), (far, 0.9, 1)):
        asked = looks(path, 8 / FPS, boxes=boxes, scores=np.array([score]))
        assert [abs(x - 380) < 10 for x, _ in asked].count(True) == wanted


def test_looks_move_with_the_camera():
    path = followed()
    path.shift(CameraStep(np.array([[1.0, 0, -120.0], [0, 1.0, 30.0]]), is_moving=True))
    assert looks(path, 8 / FPS)[0] == pytest.approx((258, 430), abs=5)


def test_no_frame_costs_more_than_two_looks():
    path = followed()
    assert all(len(asked) <= 2 for asked in lost(path, 12))
    assert all(len(looks(BallPath(), time_s)) <= 2 for time_s in (0.0, 1.0))


def test_a_followed_ball_costs_one_look_a_frame_and_now_and_then_one_elsewhere():
    path, elsewhere = BallPath(), 0
    for index in range(50):
        asked = looks(path, index / FPS)
        boxes = np.array([box(300 + 10 * index, 400)])
        path.add(index, index / FPS, boxes=boxes, scores=np.array([0.45]), people=PEOPLE, picture_size=SIZE)
        if index >= 5:
            assert asked[0] == pytest.approx((300 + 10 * index, 400), abs=12)
            elsewhere += len(asked) - 1
    assert 10 <= elsewhere <= 20


def test_a_lost_ball_is_looked_for_where_it_was_and_at_the_feet_of_those_who_are_near():
    near = np.array([[400, 380, 417, 420], [460, 390, 477, 432], [1200, 100, 1215, 130]], np.float32)
    asked = [place for places in lost(followed(), 6, people=near) for place in places]
    for wanted in ((370, 400), (408.5, 420), (468.5, 432)):
        assert any(np.hypot(x - wanted[0], y - wanted[1]) < 12 for x, y in asked)


def test_a_lost_ball_is_looked_for_everywhere_within_seconds():
    asked = np.array([place for places in lost(followed(), 12) for place in places])
    x, y = np.meshgrid(np.arange(20, SIZE[0], 40), np.arange(20, SIZE[1], 40))
    spots = np.column_stack([x.ravel(), y.ravel()])
    # A look shows 256 pixels around its place, or up to the edge of the picture.
    middles = np.clip(asked, 128, np.array(SIZE) - 128)
    shown = (np.abs(spots[:, None] - middles[None]) <= 128).all(axis=2).any(axis=1)
    assert shown.all()


def test_nothing_is_looked_for_beyond_the_pitch():
    asked = np.array([place for places in lost(BallPath(), 12, people=NOBODY, calibration=PLACED) for place in places])
    metres = CAMERA.ground(asked)
    assert np.isfinite(metres).all()
    assert (metres > -7).all()
    assert (metres < (112, 75)).all()


def test_the_same_play_is_looked_at_in_the_same_places():
    assert lost(followed(), 6) == lost(followed(), 6)
