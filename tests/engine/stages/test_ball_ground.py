"""The ball in metres: where it rolls, when its path cannot lie on the ground, and pictures that are placed only at times."""

import numpy as np
import pytest

from engine.stages.ball_scenes import CAMERA, NOBODY, PLACED, SIZE, box, decide, seen_by_camera, standing, states
from touchline.engine.stages.ball import BallPath
from touchline.engine.synthetic.camera import behind_goal_camera
from touchline.engine.types import BallReason, BallState

FPS = 10.0
# Looks down so steeply that a flight shifts the place on the ground no further than the ball is high.
STEEP = behind_goal_camera(SIZE, back_m=20.0, height_m=90.0, full_width_at_m=30.0)
ON_GROUND = {BallReason.NONE, BallReason.BESIDE_THE_PITCH}


def positions(found):
    return np.array([one.position for one in found])


def in_the_air(found):
    return [index for index, one in enumerate(found) if one.reason is BallReason.IN_THE_AIR]


def rolling(start, velocity, *, brake_mps2=1.5):
    """A pass along the ground that slows down and stops."""
    start, velocity = np.array(start, float), np.array(velocity, float)
    speed = float(np.hypot(*velocity))

    def way(time_s):
        rolls = min(time_s, speed / brake_mps2)
        return (*start + velocity / speed * (speed * rolls - brake_mps2 * rolls**2 / 2), 0.0)

    return way


def flying(start, end, *, from_s, seconds, gravity=9.81):
    """At rest, through the air for so long, at rest."""
    start, end = np.array(start, float), np.array(end, float)

    def way(time_s):
        share = float(np.clip((time_s - from_s) / seconds, 0, 1))
        height = gravity / 2 * seconds**2 * share * (1 - share)
        return (*start + (end - start) * share, height)

    return way


@pytest.mark.parametrize("camera", [CAMERA, STEEP])
@pytest.mark.parametrize("brake_mps2", [1.5, 5.0])
@pytest.mark.parametrize(("start", "velocity"), [((20, 20), (12, 4)), ((70, 50), (-9, -6)), ((40, 10), (2, 14))])
def test_a_rolling_ball_is_placed_within_half_a_metre(start, velocity, brake_mps2, camera):
    way = rolling(start, velocity, brake_mps2=brake_mps2)
    people = standing((50, 60), (90, 30), camera=camera)
    candidates = seen_by_camera(way, seconds=4, camera=camera)
    found = decide(candidates, fps=FPS, people=people, calibration=camera.calibration())
    assert states(found) == "s" * 40
    assert in_the_air(found) == []
    true = np.array([way(index / FPS)[:2] for index in range(40)])
    assert np.linalg.norm(positions(found) - true, axis=1).max() < 0.5
    assert all(one.on_ground and one.reason is BallReason.NONE for one in found)


@pytest.mark.parametrize(
    ("start", "end"), [((25, 34), (55, 36)), ((60, 34), (30, 32)), ((40, 10), (45, 45)), ((80, 60), (55, 40))]
)
def test_a_flight_has_no_place_on_the_ground(start, end):
    way = flying(start, end, from_s=1.5, seconds=1.6)
    people = standing(start, end, (90, 30))
    candidates = [
        [(x + 3.0 * np.sin(index), y, score)] if index < 15 else [(x, y, score)]
        for index, [(x, y, score)] in enumerate(seen_by_camera(way, seconds=3.1))
    ]
    found = decide(candidates, fps=FPS, people=people, calibration=PLACED)
    flight = range(17, 30)
    assert sum(index in in_the_air(found) for index in flight) >= 11
    for one in found:
        assert np.isfinite(one.position).all() == (one.on_ground and one.reason is BallReason.NONE)
        if one.reason is BallReason.IN_THE_AIR:
            assert one.state is not BallState.UNKNOWN
            assert not one.on_ground


def test_without_the_flight_rule_the_place_would_be_wrong_by_metres():
    way = flying((25, 34), (55, 36), from_s=0.0, seconds=1.6)
    pixels, _ = CAMERA.project(np.array([way(0.8)]))
    assert np.linalg.norm(PLACED.to_pitch(pixels)[0] - way(0.8)[:2]) > 5


@pytest.mark.parametrize("camera", [CAMERA, STEEP])
def test_a_dribble_with_turns_stays_on_the_ground(camera):
    def way(time_s):
        return (40 + 1.5 * np.sin(2.2 * time_s), 20 + 4 * time_s, 0.0)

    ways = [way(index / FPS) for index in range(50)]
    feet = [standing((x, y - 0.7), (70, 20), camera=camera) for x, y, _ in ways]
    candidates = seen_by_camera(way, seconds=5, score=0.6, camera=camera)
    found = decide(candidates, fps=FPS, people=feet, calibration=camera.calibration())
    assert len(in_the_air(found)) <= 3
    assert np.mean([one.on_ground for one in found]) >= 0.9


def test_a_ball_beside_the_pitch_is_seen_but_has_no_place():
    way = rolling((50, 64), (1.5, 9), brake_mps2=1.0)
    found = decide(seen_by_camera(way, seconds=3, score=0.7), fps=FPS, people=standing((50, 62)), calibration=PLACED)
    outside = [one for index, one in enumerate(found) if way(index / FPS)[1] > 72.5]
    assert len(outside) > 5
    for one in outside:
        assert one.state is BallState.SEEN
        assert (one.reason, one.on_ground) == (BallReason.BESIDE_THE_PITCH, True)
        assert np.isnan(one.position).all()


def test_a_bridge_is_placed_between_its_ends():
    way = rolling((30, 20), (10, 5))
    candidates = seen_by_camera(way, seconds=4, noise_px=0.0)
    for index in (20, 21, 22):
        candidates[index] = []
    found = decide(candidates, fps=FPS, people=standing((80, 60)), calibration=PLACED)
    assert states(found)[18:25] == "ssbbbss"
    for index in (20, 21, 22):
        assert found[index].position == pytest.approx(way(index / FPS)[:2], abs=0.4)


def test_no_ball_crosses_half_the_pitch_within_a_moment():
    near, far = CAMERA.project(np.array([(20, 34, 0.1), (60, 34, 0.1)]))[0]
    candidates = [[(near[0] + 2 * index, near[1], 0.5)] for index in range(20)]
    candidates += [[(far[0] + 2 * index, far[1], 0.5)] for index in range(3)]
    candidates += [[(near[0] + 2 * index, near[1], 0.5)] for index in range(23, 43)]
    found = decide(candidates, fps=FPS, people=standing((80, 60)), calibration=PLACED)
    assert states(found)[20:23] == "bbb"
    assert all(one.position[0] < 30 for one in found)


def test_metres_and_pixels_follow_the_same_ball():
    candidates = seen_by_camera(rolling((30, 20), (10, 6)), seconds=4)
    people = standing((80, 60), (20, 50), (60, 10))
    for calibration in (PLACED, None):
        found = decide(candidates, fps=FPS, people=people, calibration=calibration)
        assert states(found) == "s" * 40
        middles = [(one.box[:2] + one.box[2:]) / 2 for one in found]
        assert np.allclose(middles, [(x, y) for [(x, y, _)] in candidates], atol=0.01)


def test_a_path_survives_pictures_that_are_not_placed():
    way = rolling((30, 20), (10, 6))
    path, found = BallPath(), []
    for index, [(x, y, score)] in enumerate(seen_by_camera(way, seconds=4)):
        found += path.add(
            index,
            index / FPS,
            boxes=np.array([box(x, y)]),
            scores=np.array([score]),
            people=standing((80, 60)),
            calibration=None if 15 <= index < 25 else PLACED,
            picture_size=SIZE,
        )
    found += path.finish()
    assert states(found).count(".") == 0
    placed = [np.isfinite(one.position).all() for one in found]
    assert not any(placed[15:25])
    assert np.mean(placed[:15] + placed[25:]) >= 0.9
    assert {one.reason for one in found[15:25]} == {BallReason.NOT_PLACED}


def test_a_ball_above_the_horizon_has_no_place():
    sky = [[(200.0 + 12 * index, 2.0, 0.6)] for index in range(20)]
    assert np.isnan(PLACED.to_pitch(np.array([(200.0, -4000.0)]))).all()
    up = [[(x, y - 4000, score)] for [(x, y, score)] in sky]
    found = decide(up, fps=FPS, people=NOBODY, calibration=PLACED, size=None)
    assert all(np.isnan(one.position).all() and not one.on_ground for one in found)
