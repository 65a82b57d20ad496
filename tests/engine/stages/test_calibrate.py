"""Placing the pitch from marked points, and refusing points that cannot be right."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from touchline.engine.errors import CalibrationRefusedError
from touchline.engine.stages.calibrate import (
    CAMERA_MOVES,
    FixedCameraCalibrator,
    fit_calibration,
    rescaled,
    visible_pitch,
)
from touchline.engine.types import Frame
from touchline.football.updates import CalibrationPoint

PICTURE = (1280, 720)
PITCH_POINTS = [
    (0, 0),
    (0, 13.84),
    (16.5, 13.84),
    (16.5, 54.16),
    (0, 54.16),
    (0, 68),
    (52.5, 0),
    (52.5, 68),
    (52.5, 34),
    (43.35, 34),
    (61.65, 34),
    (88.5, 13.84),
    (88.5, 54.16),
    (105, 0),
    (105, 68),
]
# Points of `fixed-tactical.mp4` (metres -> pixel), from the footage's description.
TACTICAL = [
    (16.5, 13.84, 295, 501),
    (16.5, 54.16, 1052, 496),
    (5.5, 24.84, 486, 671),
    (5.5, 43.16, 873, 665),
    (11, 34, 682, 575),
    (52.5, 0, 205, 136),
    (52.5, 68, 1133, 148),
    (52.5, 34, 682, 145),
    (61.65, 34, 680, 83),
    (43.35, 34, 681, 214),
    (52.5, 24.85, 556, 141),
    (52.5, 43.15, 806, 146),
    (16.5, 26.69, 545, 497),
    (16.5, 41.31, 816, 495),
]


def seen(metres, *, height_m=18.0, back_m=30.0, focal_px=900.0, k1=0.0):
    """Pixels of pitch points for a camera beside the halfway line that looks at the middle of the pitch."""
    camera = np.array([52.5, 68 + back_m, height_m])
    forward = np.array([52.5, 30.0, 0]) - camera
    forward /= np.linalg.norm(forward)
    right = np.array([1.0, 0, 0])
    down = -np.cross(right, forward) if np.cross(right, forward)[2] > 0 else np.cross(right, forward)
    away = np.column_stack([metres, np.zeros(len(metres))]) - camera
    depth = away @ forward
    flat = np.column_stack([focal_px * (away @ right) / depth, focal_px * (away @ down) / depth])
    scale = np.hypot(640, 360)
    # The picture is bent so that straightening it by (1 + k1 r²) gives `flat`: solved by fixed-point iteration.
    bent = flat.copy()
    for _ in range(50):
        bent = flat / (1 + k1 * (bent**2).sum(axis=1, keepdims=True) / scale**2)
    return bent + np.array([640, 360])


def marks(metres, pixels):
    return [CalibrationPoint(*map(float, (*pixel, *place))) for place, pixel in zip(metres, pixels, strict=True)]


def tactical():
    return [CalibrationPoint(u, v, x, y) for x, y, u, v in TACTICAL]


def swapped(points, a, b):
    """The points with the places of two of them exchanged."""
    points = list(points)
    first, second = points[a], points[b]
    points[a] = CalibrationPoint(first.u, first.v, second.x, second.y)
    points[b] = CalibrationPoint(second.u, second.v, first.x, first.y)
    return points


def test_exact_points_are_placed_exactly():
    metres = np.array(PITCH_POINTS, float)
    calibration = fit_calibration(marks(metres, seen(metres)), PICTURE)
    assert calibration.residual_m < 1e-3
    assert calibration.k1 == 0
    inner = np.array([(30.0, 20.0), (70.0, 50.0)])
    assert calibration.to_pitch(seen(inner)) == pytest.approx(inner, abs=1e-3)


def test_four_points_are_enough():
    metres = np.array([(16.5, 13.84), (52.5, 0), (52.5, 68), (88.5, 54.16)])
    calibration = fit_calibration(marks(metres, seen(metres)), PICTURE)
    assert calibration.to_pitch(seen(np.array([(40.0, 40.0)]))) == pytest.approx(np.array([(40.0, 40.0)]), abs=1e-3)


def test_a_bent_lens_is_straightened():
    metres = np.array(PITCH_POINTS, float)
    calibration = fit_calibration(marks(metres, seen(metres, k1=0.06, focal_px=700)), PICTURE)
    assert calibration.k1 == pytest.approx(0.06, abs=0.005)
    assert calibration.residual_m < 0.02


def test_noise_alone_does_not_invent_a_bent_lens():
    metres = np.array(PITCH_POINTS, float)
    pixels = seen(metres) + np.random.default_rng(4).normal(0, 1.0, (len(metres), 2))
    assert abs(fit_calibration(marks(metres, pixels), PICTURE).k1) < 0.02


def test_the_tactical_clip_is_placed_within_a_quarter_of_a_metre():
    calibration = fit_calibration(tactical(), PICTURE)
    assert calibration.residual_m <= 0.25
    assert calibration.points == 14


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(14)))
def test_the_order_of_points_does_not_matter(order):
    points = tactical()
    one, other = fit_calibration(points, PICTURE), fit_calibration([points[index] for index in order], PICTURE)
    spot = np.array([(640.0, 400.0)])
    assert one.to_pitch(spot) == pytest.approx(other.to_pitch(spot), abs=1e-3)


def test_three_points_are_refused():
    with pytest.raises(CalibrationRefusedError, match="at least 4 points, 3 were given"):
        fit_calibration(tactical()[:3], PICTURE)


def test_points_on_one_line_are_refused():
    on_the_box_line = [0, 1, 12, 13]
    with pytest.raises(CalibrationRefusedError, match="one line"):
        fit_calibration([tactical()[index] for index in on_the_box_line], PICTURE)


def test_three_of_four_points_on_one_line_are_refused():
    with pytest.raises(CalibrationRefusedError, match="one line"):
        fit_calibration([tactical()[index] for index in (0, 12, 1, 7)], PICTURE)


def test_a_point_marked_twice_is_refused():
    points = [*tactical()[:4], tactical()[0]]
    with pytest.raises(CalibrationRefusedError, match="Points 1 and 5 are the same place"):
        fit_calibration(points, PICTURE)


def test_a_swapped_pair_is_named():
    with pytest.raises(CalibrationRefusedError, match="points 1 and 2 look swapped"):
        fit_calibration(swapped(tactical(), 0, 1), PICTURE)


def test_a_swapped_pair_among_four_points_is_refused():
    four = [tactical()[index] for index in (0, 1, 5, 6)]
    with pytest.raises(CalibrationRefusedError, match="look swapped"):
        fit_calibration(swapped(four, 0, 1), PICTURE)


def test_the_one_wrong_point_is_named():
    points = tactical()
    points[6] = CalibrationPoint(points[6].u, points[6].v, 52.5, 50.0)
    with pytest.raises(CalibrationRefusedError, match=r"point 7 .* does not fit the others"):
        fit_calibration(points, PICTURE)


def test_a_mirrored_pitch_is_named():
    mirrored = [CalibrationPoint(p.u, p.v, p.x, 68 - p.y) for p in tactical()]
    with pytest.raises(CalibrationRefusedError, match="mirrored"):
        fit_calibration(mirrored, PICTURE)


def test_a_point_beside_the_pitch_is_refused():
    with pytest.raises(CalibrationRefusedError, match=r"Point 15 .* does not lie on the pitch"):
        fit_calibration([*tactical(), CalibrationPoint(10, 10, 140, 30)], PICTURE)


def test_points_read_off_a_small_picture_are_scaled():
    small = [CalibrationPoint(p.u / 2, p.v / 2, p.x, p.y) for p in tactical()]
    scaled = rescaled(small, read_on=(640, 360), picture_size=PICTURE)
    assert fit_calibration(scaled, PICTURE).residual_m == pytest.approx(fit_calibration(tactical(), PICTURE).residual_m)


def test_points_of_unknown_scale_stay_as_they_are():
    assert rescaled(tactical(), read_on=(None, None), picture_size=PICTURE) == tuple(tactical())


def test_the_visible_pitch_is_what_the_picture_shows():
    outline = visible_pitch(fit_calibration(tactical(), PICTURE), PICTURE)
    assert outline[:, 0].min() == pytest.approx(1.9, abs=0.5)
    assert outline[:, 0].max() == pytest.approx(77.8, abs=1.0)
    assert (outline[:, 1].min(), outline[:, 1].max()) == (0, 68)


def test_a_picture_with_the_horizon_shows_the_pitch_up_to_its_far_line():
    metres = np.array(PITCH_POINTS, float)
    low = {"height_m": 6.0, "focal_px": 500.0}
    calibration = fit_calibration(marks(metres, seen(metres, **low)), PICTURE)
    assert np.isnan(calibration.to_pitch(np.array([(640.0, 5.0)]))).all()
    outline = visible_pitch(calibration, PICTURE)
    assert outline[:, 1].min() == pytest.approx(0, abs=1e-6)
    assert outline[:, 0].min() == pytest.approx(0, abs=1e-6)
    assert outline[:, 0].max() == pytest.approx(105, abs=1e-6)


def test_a_picture_beside_the_pitch_shows_none_of_it():
    points = [CalibrationPoint(p.u + 3000, p.v, p.x, p.y) for p in tactical()]
    assert visible_pitch(fit_calibration(points, PICTURE), PICTURE) is None


def test_a_calibrator_without_points_says_so():
    calibrator = FixedCameraCalibrator(None)
    assert calibrator.calibrate(a_frame()) is None
    assert calibrator.reason == "not calibrated"


def test_a_camera_that_moves_has_no_metres_any_more():
    calibrator = FixedCameraCalibrator(fit_calibration(tactical(), PICTURE))
    assert calibrator.calibrate(a_frame()) is not None
    assert calibrator.reason is None
    calibrator.camera_moved()
    assert calibrator.calibrate(a_frame()) is None
    assert calibrator.reason == CAMERA_MOVES


def a_frame():
    return Frame(0, 0, 0.0, np.zeros((720, 1280, 3), np.uint8))
