"""A camera that stands, pans or trembles."""

import cv2
import numpy as np
import pytest

from touchline.engine.stages.motion import BackgroundMotion
from touchline.engine.types import Frame

WIDE, TALL = 1280, 720
NOBODY = np.zeros((0, 4), np.float32)


def stadium(seed=0):
    """A picture wider than the camera sees: blotchy stands above, lines on grass below."""
    rng = np.random.default_rng(seed)
    image = np.full((TALL + 200, 3 * WIDE, 3), (60, 140, 70), np.uint8)
    stands = rng.integers(0, 255, (30, 240, 3)).astype(np.uint8)
    image[:300] = cv2.resize(stands, (3 * WIDE, 300), interpolation=cv2.INTER_CUBIC)
    for x in range(0, 3 * WIDE, 260):
        cv2.line(image, (x, 300), (x + 150, TALL + 199), (245, 245, 245), 4)
    cv2.line(image, (0, 480), (3 * WIDE, 520), (245, 245, 245), 4)
    return image


def shown(background, x, index, *, y=0, graphic=False, people=()):
    image = background[y : y + TALL, x : x + WIDE].copy()
    noise = np.random.default_rng(index).normal(0, 3, (TALL // 4, WIDE // 4, 3))
    image = np.clip(image + cv2.resize(noise, (WIDE, TALL)), 0, 255).astype(np.uint8)
    for px, py in people:
        cv2.rectangle(image, (px, py - 60), (px + 25, py), (230, 230, 230), -1)
    if graphic:
        cv2.rectangle(image, (100, 60), (420, 110), (20, 20, 20), -1)
        cv2.putText(image, "04:42  ABC 0 0 DEF", (110, 95), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (255, 255, 255), 2)
    return Frame(index, index * 6, index / 5, image)


def test_a_standing_camera_does_not_move():
    background, motion = stadium(), BackgroundMotion()
    people = np.random.default_rng(2).integers((100, 420), (1100, 700), (12, 2))
    for index in range(25):
        people += np.random.default_rng(index).integers(-25, 26, (12, 2))
        step = motion.update(shown(background, 1000, index, people=people.tolist()), NOBODY)
        assert not step.is_moving
        assert step.affine == pytest.approx(np.hstack([np.eye(2), np.zeros((2, 1))]))
    assert not motion.has_moved


def test_a_pan_is_measured_and_noticed():
    background, motion = stadium(), BackgroundMotion()
    for index in range(8):
        step = motion.update(shown(background, 800 + 40 * index, index), NOBODY)
        if index:
            assert step.is_moving
            assert step.affine[0, 2] == pytest.approx(-40, abs=1.5)
            assert step.affine[1, 2] == pytest.approx(0, abs=1.5)
    assert motion.has_moved


def test_a_score_graphic_does_not_hide_a_pan():
    background, motion = stadium(), BackgroundMotion()
    steps = [motion.update(shown(background, 800 + 30 * index, index, graphic=True), NOBODY) for index in range(8)]
    assert all(step.is_moving for step in steps[1:])
    assert motion.has_moved


def test_one_knock_against_the_tripod_is_no_movement():
    background, motion = stadium(), BackgroundMotion()
    for index in range(12):
        motion.update(shown(background, 1000, index, y=3 if index == 6 else 0), NOBODY)
    assert not motion.has_moved


def test_a_slow_creep_is_noticed_in_the_end():
    background, motion = stadium(), BackgroundMotion()
    for index in range(60):
        motion.update(shown(background, 900 + index // 2, index), NOBODY)
    assert motion.has_moved


def test_plain_grass_says_nothing():
    motion = BackgroundMotion()
    grass = np.full((TALL, WIDE, 3), (60, 140, 70), np.uint8)
    assert not any(motion.update(Frame(index, index, index / 5, grass), NOBODY).is_moving for index in range(5))
    assert not motion.has_moved
