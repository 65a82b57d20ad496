"""The camera over the pitch: sizes, places and the way back from the picture to the grass."""

import numpy as np
import pytest

from training.scenes.camera import ADULT_M, Aim


def an_aim(**wish):
    return Aim(
        **{
            "size_px": 320,
            "height_px": 50.0,
            "elevation_rad": 0.3,
            "distance_m": 70.0,
            "anchor_px": (200.0, 140.0),
            "principal_px": (400.0, 30.0),
            "roll_rad": 0.02,
            "bend": 0.0,
            **wish,
        }
    )


@pytest.mark.parametrize("degrees", [2.5, 12.0, 30.0, 50.0])
@pytest.mark.parametrize("heading", [0.0, 1.1, 3.0])
def test_the_spot_lies_at_the_anchor_under_the_wished_angle(degrees, heading):
    camera = an_aim(elevation_rad=np.radians(degrees)).over((30.0, 20.0), heading)
    assert np.allclose(camera.project((30.0, 20.0, 0.0)), (200.0, 140.0), atol=1e-6)
    seen = np.degrees(camera.depression((30.0, 20.0, 0.0)))
    # The anchor lies beside the optical axis: the line of sight to it is a little flatter than the vertical cut.
    assert degrees * 0.85 - 0.5 <= seen <= degrees + 0.5


def test_a_standing_adult_has_the_wished_height():
    camera = an_aim(principal_px=(160.0, 160.0), anchor_px=(160.0, 160.0), roll_rad=0.0).over((30.0, 20.0), 0.4)
    foot, head = camera.project([(30.0, 20.0, 0.0), (30.0, 20.0, ADULT_M)])
    # The aim leaves a little room for the body's depth.
    assert 44 <= foot[1] - head[1] <= 51


def test_pixels_come_back_to_the_grass():
    camera = an_aim().over((30.0, 20.0), 0.7)
    places = np.random.default_rng(2).uniform(10, 45, (20, 2))
    pixels = camera.project(np.column_stack([places, np.zeros(20)]))
    assert np.allclose(camera.ground(pixels), places, atol=1e-6)
    x, y, far = camera.ground_grid(160)
    assert np.allclose(camera.project((float(x[90, 40]), float(y[90, 40]), 0.0)), (81.0, 181.0), atol=0.05)
    assert float(far[90, 40]) == pytest.approx(float(camera.depth((x[90, 40], y[90, 40], 0.0))), rel=1e-3)


def test_nothing_is_seen_behind_the_camera_and_no_grass_above_the_horizon():
    camera = an_aim(elevation_rad=0.05, principal_px=(160.0, 160.0), anchor_px=(160.0, 300.0)).over((30.0, 20.0), 0.0)
    behind = np.add(camera.position, (0, -10, 0))
    assert np.all(np.isnan(camera.project(behind)))
    assert np.isnan(camera.px_per_m(behind))
    assert np.all(np.isnan(camera.ground((160.0, 2.0))))
    assert len(camera.outline([behind, np.add(behind, (1, 0, 0)), np.add(behind, (1, 0, 1))])) == 0


def test_a_bent_lens_moves_the_rim_and_not_the_middle():
    straight, bent = (an_aim(bend=bend).over((30.0, 20.0), 0.0) for bend in (0.0, -0.05))
    at = straight.ground([(400.0, 35.0), (20.0, 300.0)])
    points = np.column_stack([at, np.zeros(2)])
    moved = np.linalg.norm(straight.project(points) - bent.project(points), axis=1)
    assert moved[0] < 0.01 < moved[1]
