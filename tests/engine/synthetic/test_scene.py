"""The invented match before drawing: camera, motion and script."""

import numpy as np
import pytest

from touchline.engine.errors import SettingsInvalidError
from touchline.engine.synthetic.camera import behind_goal_camera
from touchline.engine.synthetic.lineups import TEAM_SIZE
from touchline.engine.synthetic.motion import TOP_ACCELERATION_MPS2, TOP_SPEED_MPS
from touchline.engine.synthetic.synthesis import Scene, make_scene
from touchline.engine.synthetic.truth import calibration_points
from touchline.engine.synthetic.truth_windows import true_windows
from touchline.football.pitch import STANDARD_PITCH

SIZE = (1280, 720)
SEEDS = (1, 2, 7)


@pytest.fixture(scope="module", params=SEEDS)
def match(request) -> Scene:
    return make_scene("L0", request.param, 48)


@pytest.mark.parametrize("k1", [0.0, 0.025])
def test_the_camera_maps_ground_to_pixels_and_back(k1):
    camera = behind_goal_camera(SIZE, k1=k1)
    places = np.array([(0.0, 10.0), (16.5, 34.0), (52.5, 0.0), (105.0, 68.0), (30.0, 60.0)])
    pixels, ahead = camera.project(np.column_stack([places, np.zeros(5)]))
    assert (ahead > 50).all()
    assert np.abs(camera.ground(pixels) - places).max() < 1e-6


@pytest.mark.parametrize(("level", "limit_px"), [("L0", 0.5), ("L1", 12.0)])
def test_calibration_points_fit_one_homography_as_well_as_the_lens_allows(level, limit_px):
    points = calibration_points(make_scene(level, 1, 1).camera, pitch=STANDARD_PITCH)
    assert len(points) >= 8
    places = np.array([(p["x"], p["y"]) for p in points])
    pixels = np.array([(p["u"], p["v"]) for p in points])
    assert np.ptp(places[:, 0]) > 80
    assert np.ptp(places[:, 1]) > 60
    assert np.linalg.norm(_through_homography(places, pixels) - pixels, axis=1).max() < limit_px


def test_everybody_moves_within_human_limits(match):
    speed = np.linalg.norm(match.motion.velocity, axis=2)
    assert speed.max() <= TOP_SPEED_MPS + 1e-9
    acceleration = np.linalg.norm(np.diff(match.motion.velocity, axis=0), axis=2) * match.fps
    assert acceleration.max() <= TOP_ACCELERATION_MPS2 + 1e-6
    outfield = [person for person in range(2 * TEAM_SIZE) if person % TEAM_SIZE]
    assert 1.5 < speed[:, outfield].mean() < 3.2


def test_the_ball_never_jumps(match):
    speed = np.linalg.norm(np.diff(match.motion.ball, axis=0), axis=1) * match.fps
    assert speed.max() < 32


def test_the_away_team_defends_deep_for_three_windows_while_the_ball_is_mostly_far_from_its_goal(match):
    windows = true_windows(match.motion, window_s=10, pitch=match.pitch)
    assert len(windows) == 5
    for window in windows[1:4]:
        away = window["away"]
        assert 14 < away["defensive_line_oop"] < 20
        assert away["without_ball_s"] > 8
        assert away["ball_within_35_m_without_ball_s"] < 5
    siege_ball = match.motion.ball[10 * match.fps : 40 * match.fps, 0]
    assert (siege_ball > 35).mean() > 0.6


def test_the_windows_around_the_siege_are_ordinary(match):
    first, *_, last = true_windows(match.motion, window_s=10, pitch=match.pitch)
    assert first["away"]["defensive_line"] > 24
    assert last["away"]["defensive_line"] > 22
    for window in (first, last):
        for side in ("home", "away"):
            assert 28 < window[side]["width"] < 58
            assert 11 < window[side]["compactness"] < 20


def test_true_windows_of_a_hand_made_shape_are_what_a_ruler_says():
    scene = make_scene("L0", 3, 1)
    position = np.array(scene.motion.position)
    position[:, 12:22, 0] = np.repeat([20.0, 30.0], 5)
    position[:, 12:22, 1] = np.tile([10.0, 20.0, 30.0, 40.0, 50.0], 2)
    still = type(scene.motion)(**{**vars(scene.motion), "position": position})
    away = true_windows(still, window_s=10, pitch=scene.pitch)[0]["away"]
    assert away["defensive_line"] == 20.0
    assert away["width"] == 40.0
    assert away["length"] == 10.0
    spread = (2 * np.hypot(5, 20) + 2 * np.hypot(5, 10) + 5) / 5
    assert away["compactness"] == pytest.approx(spread, abs=1e-3)


def test_a_long_match_is_besieged_for_whole_minutes():
    scene = make_scene("L0", 1, 300)
    minutes = true_windows(scene.motion, window_s=60, pitch=scene.pitch)
    deep = [window["away"]["defensive_line_oop"] < 20 for window in minutes]
    assert sum(deep) >= 2
    assert not all(deep)


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"level": "L9"}, "level"), ({"seconds": 0}, "seconds"), ({"fps": 1}, "rate"), ({"size": (1281, 720)}, "even")],
)
def test_a_scene_that_cannot_be_is_refused_with_the_way_out(changes, word):
    wanted = {"level": "L0", "seed": 1, "seconds": 2.0, "fps": 25, "size": SIZE} | changes
    level, seed, seconds = wanted.pop("level"), wanted.pop("seed"), wanted.pop("seconds")
    with pytest.raises(SettingsInvalidError, match=word):
        make_scene(level, seed, seconds, **wanted)


def _through_homography(places, pixels):
    """Least-squares homography by the direct linear transform, written out here on its own."""
    shift, scale = places.mean(axis=0), 50.0
    moved = (places - shift) / scale
    centred = (pixels - pixels.mean(axis=0)) / 500
    rows = []
    for (x, y), (u, v) in zip(moved, centred, strict=True):
        rows += [(x, y, 1, 0, 0, 0, -u * x, -u * y, -u), (0, 0, 0, x, y, 1, -v * x, -v * y, -v)]
    matrix = np.linalg.svd(np.array(rows))[2][-1].reshape(3, 3)
    mapped = np.column_stack([moved, np.ones(len(moved))]) @ matrix.T
    return mapped[:, :2] / mapped[:, 2:] * 500 + pixels.mean(axis=0)
