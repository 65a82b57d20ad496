"""Whole scenes: the same from the same numbers, boxes inside the picture, each kind as it promises."""

import hashlib
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from training.scenes import draw_scene
from training.scenes.recipe import KINDS, choose
from training.scenes.scene import JUDGED
from training.tests.test_scenes_cast import drawn_bank

COUNT = 50
ROOT = Path(__file__).parents[2]
SIZE = {"train": 320, "free": 320, "hard": 320, "second_look": 512}


@cache
def scenes(kind):
    return tuple(draw_scene(drawn_bank(), 11, i, size=SIZE[kind], kind=kind) for i in range(COUNT))


def arrays(scene):
    return (scene.image, scene.people, scene.people_visible, scene.balls, scene.balls_visible, scene.ignore)


@pytest.mark.parametrize("kind", KINDS)
def test_equal_numbers_give_equal_scenes_in_any_order(kind):
    for index in (7, 3):
        again = draw_scene(drawn_bank(), 11, index, size=SIZE[kind], kind=kind)
        for one, other in zip(arrays(scenes(kind)[index]), arrays(again), strict=True):
            assert np.array_equal(one, other)


def test_another_process_draws_the_same_scene():
    text = (
        "from training.tests.test_scenes_cast import drawn_bank\n"
        "from training.scenes import draw_scene\n"
        "import hashlib\n"
        "s = draw_scene(drawn_bank(), 11, 5)\n"
        "print(hashlib.sha256(s.image.tobytes() + s.people.tobytes()).hexdigest())\n"
    )
    seen = {
        subprocess.run([sys.executable, "-c", text], check=True, capture_output=True, cwd=ROOT).stdout for _ in range(2)
    }
    scene = scenes("train")[5]
    assert seen == {f"{hashlib.sha256(scene.image.tobytes() + scene.people.tobytes()).hexdigest()}\n".encode()}


def test_other_numbers_give_other_scenes():
    pictures = {scene.image.tobytes() for scene in scenes("train")}
    assert len(pictures) == COUNT
    assert draw_scene(drawn_bank(), 12, 5).image.tobytes() not in pictures


@pytest.mark.parametrize("kind", KINDS)
def test_boxes_are_numbers_inside_the_picture(kind):
    for scene in scenes(kind):
        assert scene.image.shape == (SIZE[kind], SIZE[kind], 3)
        assert scene.image.dtype == np.uint8
        for boxes in (scene.people, scene.balls, scene.ignore):
            assert boxes.dtype == np.float32
            assert boxes.shape[1:] == (4,)
            assert np.all(np.isfinite(boxes))
            assert np.all((boxes >= 0) & (boxes <= SIZE[kind]))
            assert np.all(boxes[:, 2:] > boxes[:, :2])
        for boxes, shares in ((scene.people, scene.people_visible), (scene.balls, scene.balls_visible)):
            assert shares.shape == (len(boxes),)
            assert np.all((shares >= JUDGED) & (shares <= 1))


def test_training_scenes_hold_the_wished_crowd():
    counts = np.array([len(scene.people) for scene in scenes("train")])
    assert 5 <= counts.mean() <= 12
    assert 1 <= np.count_nonzero(counts == 0) <= 8
    assert counts.max() >= 14
    assert 0.5 <= np.mean([len(scene.balls) > 0 for scene in scenes("train")]) <= 0.9


def test_about_one_training_scene_in_twenty_is_meant_to_be_empty():
    people = [choose(np.random.default_rng([9, i]), "train", 320).people for i in range(600)]
    assert 0.02 <= np.mean(np.array(people) == 0) <= 0.06
    assert max(people) == 25


def test_training_scenes_hold_small_and_large_people():
    heights = np.concatenate([scene.people[:, 3] - scene.people[:, 1] for scene in scenes("train")])
    assert np.quantile(heights, 0.1) < 25
    assert np.quantile(heights, 0.95) > 80
    assert heights.max() <= 320


def test_free_people_stand_apart_and_keep_their_size():
    boxes = [scene.people for scene in scenes("free")]
    assert sum(len(b) for b in boxes) >= 2 * COUNT
    for scene in scenes("free"):
        people = scene.people
        longest = (people[:, 2:] - people[:, :2]).max(axis=1, initial=0)
        assert np.all((longest >= 23.9) & (longest <= 48.1))
        for i, box in enumerate(people):
            for other in people[i + 1 :]:
                apart = np.minimum(box[2:], other[2:]) - np.maximum(box[:2], other[:2])
                assert apart.min() <= 0


def test_hard_scenes_hold_large_people():
    whole = [
        box
        for scene in scenes("hard")
        for box, share in zip(scene.people, scene.people_visible, strict=True)
        if share > 0.98
    ]
    assert len(whole) >= COUNT // 5
    longest = np.array([max(box[2:] - box[:2]) for box in whole])
    assert np.all(longest >= 115)
    assert sum(len(scene.people) for scene in scenes("hard")) >= 1.5 * COUNT


def test_a_second_look_mostly_holds_a_ball_near_the_middle():
    with_ball = [scene.balls for scene in scenes("second_look") if len(scene.balls)]
    assert len(with_ball) >= 0.65 * COUNT
    middles = np.array([(b[0, :2] + b[0, 2:]) / 2 for b in with_ball])
    assert np.mean(np.abs(middles - 256).max(axis=1) <= 0.28 * 512) >= 0.7


def test_an_unknown_kind_and_an_odd_size_are_refused():
    with pytest.raises(ValueError, match="the kinds are train, free, hard, second_look"):
        draw_scene(drawn_bank(), 1, 1, kind="rugby")
    with pytest.raises(ValueError, match="multiple of 4"):
        draw_scene(drawn_bank(), 1, 1, size=322)
