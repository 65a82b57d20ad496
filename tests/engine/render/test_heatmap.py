"""Heat maps: seconds per cell over seconds visible, and no map on too little time."""

import cv2
import numpy as np
import pytest

from engine.render.scenes import job, segment, sighting, store
from touchline.engine.render.colors import inks_for
from touchline.engine.render.heatmap import COLUMNS, ROWS, HeatGrid, HeatmapPainter, render_heatmap_picture
from touchline.engine.render.labels import words_in


def grid():
    return HeatGrid(size=(105.0, 68.0), blur=3.0)


def test_shares_of_visible_time_add_up_to_one():
    heat = grid()
    places = np.random.default_rng(3).uniform((0, 0), (105, 68), (200, 2))
    heat.add(places, 0.1)
    assert heat.visible_s == pytest.approx(20.0)
    assert heat.shares().shape == (ROWS, COLUMNS)
    assert heat.shares().sum() == pytest.approx(1.0, abs=1e-6)


def test_time_lies_where_it_was_spent_spread_by_three_metres():
    heat = grid()
    heat.add(np.array([[30.0, 20.0]]), 1.0)
    shares = heat.shares()
    row, column = np.unravel_index(shares.argmax(), shares.shape)
    assert (row, column) == (int(20 / 68 * ROWS), int(30 / 105 * COLUMNS))
    xs = np.arange(COLUMNS)[None]
    spread_m = np.sqrt((shares * ((xs - column) * 105 / COLUMNS) ** 2).sum())
    assert spread_m == pytest.approx(3.0, rel=0.15)


def test_people_off_the_pitch_and_unknown_places_are_not_counted():
    heat = grid()
    heat.add(np.array([[-1.0, 20.0], [106.0, 20.0], [np.nan, np.nan], [50.0, 69.0]]), 1.0)
    assert heat.visible_s == 0
    assert not heat.shares().any()


def draw(folder, **changes):
    asked = job(folder, **changes)
    path = folder / "heat.png"
    for _ in render_heatmap_picture(asked, path, inks=inks_for(asked.team_colors), words=words_in("en")):
        pass
    return cv2.imread(str(path)), HeatmapPainter(asked, inks_for(asked.team_colors), words_in("en")).page()


def red_share(image):
    pixels = image[130:560].reshape(-1, 3).astype(int)
    return float(((pixels[:, 2] - pixels[:, 0]) > 90).mean())


def test_under_five_player_minutes_nothing_is_drawn_unless_the_run_is_illustrative(tmp_path):
    long_run, empty = draw(tmp_path / "long", segments=(segment(),))
    short_run, _ = draw(tmp_path / "short", segments=(segment(illustrative=True),))
    assert red_share(long_run) == red_share(empty) == 0
    assert red_share(short_run) > 0.01


def test_the_two_halves_of_a_match_add_up_in_the_direction_of_attack(tmp_path):
    def run(name, second):
        halves = (
            segment(0, 0.0, 1.0, illustrative=True, direction={"team_a": "right", "team_b": "left"}),
            segment(1, 1.0, 2.0, illustrative=True, direction={"team_a": second, "team_b": None}),
        )
        frames = [
            sighting(at, {2: (25.0, 20.0) if second == "right" or at < 1.0 else (80.0, 48.0)})
            for at in np.round(np.arange(0, 2, 0.2), 1).tolist()
        ]
        return draw(tmp_path / name, segments=halves, positions=store(tmp_path / f"{name}-p", frames))[0]

    same, turned = run("same", "right"), run("turned", "left")
    np.testing.assert_array_equal(same, turned)


def test_without_metres_the_heat_lies_on_the_picture_plane(tmp_path):
    image, empty = draw(tmp_path, calibration=None, segments=(segment(illustrative=True),))
    assert image.shape == empty.shape == (720, 1280, 3)
    assert red_share(image) > 0.01
