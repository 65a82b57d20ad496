"""The ball as a path: chains win over single candidates, gaps are bridged only when short, and the camera may move."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.stages.ball_scenes import NOBODY, PEOPLE, SIZE, box, columns, decide, places, rolling, states
from touchline.engine.stages.ball import BallPath
from touchline.engine.types import BallReason, BallState, CameraStep

FPS = 5.0


def test_every_frame_is_decided_once_and_in_order():
    assert [one.frame_index for one in decide(rolling(37))] == list(range(37))


def test_decisions_come_at_most_two_seconds_late():
    path, counts = BallPath(), []
    for index in range(20):
        boxes = np.array([box(300 + 8 * index, 400)])
        counts.append(len(path.add(index, index / FPS, boxes=boxes, scores=np.array([0.5]), people=PEOPLE)))
    assert counts == [0] * 10 + [1] * 10


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_whatever_comes_every_frame_is_answered_once_in_order_and_in_its_own_words(data):
    steps = data.draw(st.lists(st.floats(0.02, 0.9), min_size=1, max_size=40))
    number = st.tuples(st.floats(0, 1280), st.floats(0, 720), st.floats(0.1, 0.99))
    path, found, time_s = BallPath(), [], 0.0
    for index, step in enumerate(steps):
        time_s += step
        some = data.draw(st.lists(number, max_size=4))
        boxes = np.array([box(x, y) for x, y, _ in some], np.float32).reshape(-1, 4)
        scores = np.array([score for *_, score in some], np.float32)
        found += path.add(index, time_s, boxes=boxes, scores=scores, people=PEOPLE, picture_size=SIZE)
    found += path.finish()
    assert [one.frame_index for one in found] == list(range(len(steps)))
    for one in found:
        assert np.isfinite(one.box).all() == (one.state is not BallState.UNKNOWN)
        assert np.isfinite(one.score) == (one.state is BallState.SEEN)
        assert one.reason is not BallReason.NONE
        assert not one.on_ground


def test_the_same_candidates_give_the_same_answers():
    rng = np.random.default_rng(8)
    noisy = [[*some, (rng.uniform(0, 1280), rng.uniform(350, 700), 0.5)] for some in rolling(40, score=0.35)]
    one, other = decide(noisy), decide(noisy)
    assert states(one) == states(other)
    assert all(np.array_equal(a.box, b.box, equal_nan=True) for a, b in zip(one, other, strict=True))


def test_a_rolling_ball_is_followed():
    found = decide(rolling(20))
    assert columns(found) == pytest.approx([300 + 8 * index for index in range(20)])
    assert states(found) == "s" * 20


def test_a_chain_wins_over_louder_candidates_that_jump():
    rng = np.random.default_rng(5)
    noisy = [[*some, (rng.uniform(0, 1280), rng.uniform(350, 700), 0.55)] for some in rolling(25, score=0.42)]
    right = [x is not None and abs(x - (300 + 8 * index)) < 1 for index, x in enumerate(columns(decide(noisy)))]
    assert np.mean(right) > 0.85


def test_single_candidates_are_no_ball():
    lonely = [[(300.0, 400.0, 0.55)] if index in {4, 19} else [] for index in range(30)]
    found = decide(lonely)
    assert states(found) == "." * 30
    assert {one.reason for one in found} == {BallReason.NOT_FOUND, BallReason.NO_PATH}


@pytest.mark.parametrize(
    ("fps", "missing", "answer"),
    [(5.0, 1, "b"), (5.0, 2, "."), (10.0, 4, "b"), (10.0, 5, "."), (25.0, 11, "b"), (25.0, 12, ".")],
)
def test_a_gap_is_bridged_up_to_half_a_second_and_no_further(fps, missing, answer):
    start = round(2 * fps)
    candidates = rolling(round(5 * fps), step=40 / fps)
    for index in range(start, start + missing):
        candidates[index] = []
    found = decide(candidates, fps=fps)
    assert states(found) == "s" * start + answer * missing + "s" * (len(found) - start - missing)
    if answer == "b":
        gap = columns(found)[start : start + missing]
        assert gap == pytest.approx([300 + 40 / fps * index for index in range(start, start + missing)], abs=0.01)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**40 - 1))
def test_what_is_bridged_lies_between_two_sightings_at_most_half_a_second_apart(mask):
    fps = 10.0
    candidates = [some if mask >> index & 1 else [] for index, some in enumerate(rolling(40, step=4))]
    found = decide(candidates, fps=fps)
    seen = [index for index, one in enumerate(found) if one.state is BallState.SEEN]
    assert all(candidates[index] for index in seen)
    for index, one in enumerate(found):
        if one.state is BallState.BRIDGED:
            before = max(at for at in seen if at < index)
            after = min(at for at in seen if at > index)
            assert (after - before) / fps <= 0.5 + 1e-9


def test_nothing_is_bridged_at_the_ends():
    candidates = [[]] * 3 + rolling(15) + [[]] * 3
    assert states(decide(candidates)) == "..." + "s" * 15 + "..."


def test_a_kick_is_followed_but_a_leap_across_the_picture_is_not():
    kick = rolling(12) + [[(396 + 60.0 * index, 400.0, 0.5)] for index in range(8)]
    assert states(decide(kick)) == "s" * 20
    leap = rolling(12) + [[(1200.0, 100.0 + 8 * index, 0.5)] for index in range(2)] + rolling(8, start=412)
    assert not {1200.0} & set(columns(decide(leap)))


@pytest.mark.parametrize(("speed_mps", "answer"), [(30, "s"), (60, ".")])
def test_a_hard_shot_is_followed_and_what_no_ball_can_do_is_not(speed_mps, answer):
    scale = 40 / 1.8
    fast = [[(100.0 + speed_mps * scale / 25 * index, 500.0, 0.8)] for index in range(20)]
    assert states(decide(fast, fps=25.0)) == answer * 20


def test_something_faint_that_moves_like_a_ball_is_not_enough():
    assert states(decide(rolling(80, step=9, score=0.215))) == "." * 80
    assert states(decide(rolling(80, step=9, score=0.30))) == "s" * 80


def test_a_duel_hides_the_ball_and_the_path_goes_on_after_it():
    duel = np.array([[480.0, 360, 500, 402], [492, 362, 512, 404]], np.float32)
    before = rolling(15, start=380)
    # Somebody shields it: as it does not move, only the way before the duel tells that it is the ball.
    after = [[(510 + 0.2 * index, 405.0, 0.5)] for index in range(12)]
    found = decide([*before, *[[]] * 8, *after], people=np.concatenate([PEOPLE, duel]))
    assert states(found) == "s" * 15 + "." * 8 + "s" * 12
    assert {one.reason for one in found[15:23]} == {BallReason.HIDDEN}


def test_a_ball_that_leaves_the_picture_is_said_to_have_left():
    candidates = rolling(12, start=1000, step=23.5) + [[]] * 6
    found = decide(candidates)
    assert states(found) == "s" * 12 + "." * 6
    assert {one.reason for one in found[12:]} == {BallReason.OUT_OF_PICTURE}


def test_a_spot_on_a_shirt_is_not_the_ball():
    on_a_shirt = [[(708.0, 315.0, 0.32)] for _ in range(20)]
    assert states(decide(on_a_shirt)) == "." * 20


def test_what_is_larger_than_half_a_person_is_no_ball():
    path, found = BallPath(), []
    for index in range(20):
        boxes = np.array([box(300 + 8 * index, 400, size=24)])
        found += path.add(index, index / FPS, boxes=boxes, scores=np.array([0.8]), people=PEOPLE)
    assert states(found + path.finish()) == "." * 20


def test_the_path_moves_with_the_camera():
    pan = [None, *[[[1.0, 0, -90.0], [0, 1.0, 0]]] * 19]
    found = decide([[(1270 - 50.0 * index, 400.0, 0.5)] for index in range(20)], steps=pan)
    assert states(found) == "s" * 20


def test_a_camera_that_jumps_takes_the_path_along():
    jump = [[1.1, 0, -520.0], [0, 1.1, -60.0]]
    steps = [jump if index == 15 else None for index in range(30)]
    candidates = rolling(15, start=700) + [[(1.1 * (700 + 8 * index) - 520, 380.0, 0.5)] for index in range(15, 30)]
    found = decide(candidates, steps=steps)
    assert states(found) == "s" * 30
    assert columns(found)[15:] == pytest.approx([x for [(x, _, _)] in candidates[15:]])


@pytest.mark.parametrize("missing", [0, 1])
def test_nothing_is_bridged_across_a_cut(missing):
    candidates = rolling(20, start=200) + [[]] * missing + rolling(20, start=1000, step=-6, y=150)
    found = decide(candidates)
    assert "b" not in states(found)
    assert states(found)[:20] == "s" * 20
    assert states(found)[20 + missing + 5 :] == "s" * 15
    assert all(x is None or x < 400 or x > 800 for x in columns(found))


def test_a_bridge_lies_in_its_own_picture_while_the_camera_turns_and_zooms():
    zoom = np.array([[1.02, 0, -40.0], [0, 1.02, -8.0]])
    place, candidates = np.array([700.0, 420.0]), []
    for index in range(30):
        if index:
            place = zoom[:, :2] @ (place + np.array((4.0, 0.0))) + zoom[:, 2]
        candidates.append([(*place, 0.5)])
    gone = candidates[14][0]
    candidates[14] = []
    found = decide(candidates, steps=[None, *[zoom] * 29])
    assert states(found) == "s" * 14 + "b" + "s" * 15
    assert places(found)[14] == pytest.approx(gone[:2], abs=0.5)


def test_a_caption_that_stays_while_the_camera_pans_is_not_the_ball():
    pan = [None, *[[[1.0, 0, -6.0], [0, 1.0, 0]]] * 59]
    found = decide([[(640.0, 500.0, 0.6)] for _ in range(60)], steps=pan)
    assert states(found)[25:] == "." * 35


def test_memory_does_not_grow_with_the_video():
    from pickle import dumps

    path, sizes = BallPath(), []
    for index in range(1500):
        boxes = np.array([box(300 + 40 * np.sin(index / 9), 400), box(900, 500), box(500, 600)])
        path.add(index, index / FPS, boxes=boxes, scores=np.array([0.5, 0.3, 0.2]), people=PEOPLE)
        if index % 100 == 99:
            sizes.append(len(dumps(path)))
    assert max(sizes[3:]) <= 1.02 * sizes[2]


def test_many_candidates_do_not_hide_the_ball():
    rng = np.random.default_rng(6)
    crowded = [[*some, *[(x, y, 0.3) for x, y in rng.uniform((0, 0), SIZE, (40, 2))]] for some in rolling(25)]
    found = columns(decide(crowded))
    assert np.mean([x is not None and abs(x - (300 + 8 * index)) < 1 for index, x in enumerate(found)]) > 0.9


def test_a_frame_without_people_or_candidates_is_unknown():
    found = decide([[] for _ in range(8)], people=NOBODY)
    assert states(found) == "." * 8
    assert {one.reason for one in found} == {BallReason.NOT_FOUND}


def test_a_picture_that_is_not_placed_has_neither_metres_nor_height():
    found = decide(rolling(20))
    assert all(np.isnan(one.position).all() for one in found)
    assert {one.reason for one in found} == {BallReason.NOT_PLACED}
    assert not any(one.on_ground for one in found)


def test_shifting_before_the_first_frame_is_harmless():
    path = BallPath()
    path.shift(CameraStep(np.array([[1.0, 0, 5], [0, 1, 0]]), is_moving=True))
    assert path.finish() == []
