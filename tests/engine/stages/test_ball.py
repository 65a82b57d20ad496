"""The ball as a path: chains win over single candidates, marks and boots do not, gaps stay gaps."""

import numpy as np
import pytest

from touchline.engine.stages.ball import BallPath
from touchline.engine.types import CameraStep

FPS = 5.0
PEOPLE = np.array([[x, 300.0, x + 17, 340.0] for x in (100, 700, 1100)], np.float32)


def ball(x, y, size=6.0):
    return [x - size / 2, y - size / 2, x + size / 2, y + size / 2]


def decide(candidates, *, marks=None, people=PEOPLE):
    """Decisions for every frame; candidates: per frame a list of (x, y, score)."""
    path, found = BallPath(), []
    for index, some in enumerate(candidates):
        boxes = np.array([ball(x, y) for x, y, _ in some], np.float32).reshape(-1, 4)
        scores = np.array([score for *_, score in some], np.float32)
        found += path.add(index, index / FPS, boxes=boxes, scores=scores, people=people, marks=marks)
    return found + path.finish()


def places(found):
    return [None if np.isnan(one.score) else (float(one.box[0] + one.box[2]) / 2) for one in found]


def rolling(length, start=300.0, step=8.0, score=0.5):
    return [[(start + step * index, 400.0, score)] for index in range(length)]


def test_every_frame_is_decided_once_and_in_order():
    found = decide(rolling(37))
    assert [one.frame_index for one in found] == list(range(37))


def test_decisions_come_at_most_two_seconds_late():
    path = BallPath()
    counts = []
    for index in range(20):
        box = np.array([ball(300 + 8 * index, 400)])
        counts.append(len(path.add(index, index / FPS, boxes=box, scores=np.array([0.5]), people=PEOPLE)))
    assert counts == [0] * 10 + [1] * 10


def test_a_rolling_ball_is_followed():
    assert places(decide(rolling(20))) == pytest.approx([300 + 8 * index for index in range(20)])


def test_a_chain_wins_over_louder_candidates_that_jump():
    rng = np.random.default_rng(5)
    noisy = [[*some, (rng.uniform(0, 1280), rng.uniform(350, 700), 0.55)] for some in rolling(25, score=0.42)]
    right = [
        place is not None and abs(place - (300 + 8 * index)) < 1 for index, place in enumerate(places(decide(noisy)))
    ]
    assert np.mean(right) > 0.85


def test_single_candidates_are_no_ball():
    lonely = [[(300.0, 400.0, 0.55)] if index in {4, 19} else [] for index in range(30)]
    assert places(decide(lonely)) == [None] * 30


def test_a_gap_stays_a_gap():
    candidates = rolling(24)
    for index in (9, 10, 11):
        candidates[index] = []
    found = places(decide(candidates))
    assert found[9:12] == [None] * 3
    assert all(place is not None for place in found[:9] + found[12:])


def test_a_kick_is_followed_but_a_leap_across_the_picture_is_not():
    kick = rolling(12) + [[(396 + 60.0 * index, 400.0, 0.5)] for index in range(8)]
    assert all(place is not None for place in places(decide(kick)))
    leap = rolling(12) + [[(1200.0, 100.0 + 8 * index, 0.5)] for index in range(2)] + rolling(8, start=412)
    found = places(decide(leap))
    assert 1200 not in found


def test_a_penalty_spot_is_not_the_ball():
    still = [[(640.0, 500.0, 0.6)] for _ in range(60)]
    marks = np.array([[640.0, 500.0]])
    assert sum(place is not None for place in places(decide(still, marks=marks))[25:]) == 0


def test_something_that_never_moves_stops_being_the_ball():
    moving = rolling(120, start=100, step=9, score=0.45)
    both = [[*some, (640.0, 500.0, 0.6)] for some in moving]
    found = places(decide(both))[75:]
    assert sum(place == pytest.approx(640, abs=1) for place in found if place is not None) == 0
    assert np.mean([place is not None for place in found]) > 0.8


def test_a_spot_on_a_shirt_is_not_the_ball():
    on_a_shirt = [[(708.0, 315.0, 0.42)] for _ in range(20)]
    assert places(decide(on_a_shirt)) == [None] * 20


def test_the_expected_place_leads_the_ball():
    path = BallPath()
    for index in range(6):
        box = np.array([ball(300 + 10 * index, 400)])
        path.add(index, index / FPS, boxes=box, scores=np.array([0.6]), people=PEOPLE)
    expected = path.expected(6 / FPS)
    assert expected[0] == pytest.approx(358, abs=4)
    assert expected[1] == pytest.approx(400, abs=1)
    assert path.expected(6 / FPS + 2) is None


def test_a_second_look_is_needed_only_without_a_sure_candidate_there():
    path = BallPath()
    place = np.array([300.0, 400.0])
    assert path.needs_second_look(place, np.zeros((0, 4)), np.zeros(0))
    assert path.needs_second_look(place, np.array([ball(300, 400)]), np.array([0.3]))
    assert path.needs_second_look(place, np.array([ball(900, 400)]), np.array([0.8]))
    assert not path.needs_second_look(place, np.array([ball(310, 400)]), np.array([0.8]))


def test_the_path_moves_with_the_camera():
    path, found = BallPath(), []
    step = CameraStep(np.array([[1.0, 0, -90.0], [0, 1.0, 0]]), is_moving=True)
    for index in range(20):
        if index:
            path.shift(step)
        box = np.array([ball(1200 - 50.0 * index, 400)])
        found += path.add(index, index / FPS, boxes=box, scores=np.array([0.5]), people=PEOPLE)
    found += path.finish()
    assert all(place is not None for place in places(found))


def test_memory_does_not_grow_with_the_video():
    path = BallPath()
    for index in range(2000):
        box = np.array([ball(300 + 40 * np.sin(index / 9), 400)])
        path.add(index, index / FPS, boxes=box, scores=np.array([0.5]), people=PEOPLE)
    assert len(path._frames) < 40
    node, length = path._frames[-1][2][0], 0
    while node is not None:
        node, length = node.before, length + 1
    assert length < 40
