"""Boxes and visible shares of people and balls, on figures placed by hand."""

import cv2
import numpy as np
import pytest

from training.people.sprite import Kind, Sprite
from training.scenes import balls, kits
from training.scenes.camera import Aim
from training.scenes.figures import Figure, figure, light_table, tight_box
from training.scenes.ground import Light
from training.scenes.stage import Stage
from training.tests.test_scenes_cast import FINE_PX_PER_M, PX_PER_M, drawn_sprite

DAY = Light(suns=((0.7, 1.0, 0.5),), hard=0.5, shade=0.6, edges=(), dappled=0.0, fall_off=0.0)


def overhead(size=320):
    aim = Aim(
        size_px=size,
        height_px=60.0,
        elevation_rad=0.35,
        distance_m=60.0,
        anchor_px=(size / 2, size / 2),
        principal_px=(size / 2, size / 2),
        roll_rad=0.0,
        bend=0.0,
    )
    return aim.over((50.0, 30.0), 0.0)


def a_table():
    return light_table(DAY, overhead(), np.random.default_rng(3))


def an_outfit():
    return kits.player(kits.teams(np.random.default_rng(3), 0)[0], np.random.default_rng(3), number=True)


def outline(sprite: Sprite, foot_px, px_per_m):
    """The box of the sprite's own coverage at a place and scale."""
    rows, columns = np.flatnonzero((sprite.alpha > 127).any(axis=1)), np.flatnonzero((sprite.alpha > 127).any(axis=0))
    scale, meta = px_per_m / sprite.meta.px_per_m, sprite.meta
    low = np.array([columns[0] - meta.foot_x, rows[0] - meta.foot_y]) * scale + foot_px
    high = np.array([columns[-1] + 1 - meta.foot_x, rows[-1] + 1 - meta.foot_y]) * scale + foot_px
    return np.concatenate([low, high])


@pytest.mark.parametrize("height_px", [14, 24, 37, 48, 90, 200, 330])
@pytest.mark.parametrize("native", [PX_PER_M, FINE_PX_PER_M])
def test_a_box_is_tight_around_the_body_to_half_a_pixel(height_px, native):
    sprite, table, outfit = drawn_sprite(0, kind=Kind.PLAYER, elevation_deg=10, scale=native), a_table(), an_outfit()
    for shift in (0.0, 0.3, 0.5, 0.8):
        foot = np.array([160.0 + shift, 300.0 - shift])
        drawn = figure(sprite, outfit, table, tuple(foot), height_px / 1.78)
        # The round head and boots end in a tip that covers little of the outermost pixel.
        tip = 0.3 if height_px < 60 else 0.0
        assert np.abs(np.subtract(drawn.box, outline(sprite, foot, height_px / 1.78))).max() <= 0.5 + tip


def test_a_square_that_covers_parts_of_pixels_keeps_its_sides():
    fine = np.zeros((160, 160), np.float32)
    fine[34:113, 47:128] = 1
    coverage = cv2.resize(fine, (20, 20), interpolation=cv2.INTER_AREA)
    assert np.allclose(tight_box(coverage, 100, 200), (100 + 47 / 8, 200 + 34 / 8, 116, 200 + 113 / 8), atol=0.13)


def test_a_place_between_pixels_moves_the_figure_by_as_much():
    sprite, table, outfit = drawn_sprite(0, kind=Kind.PLAYER, elevation_deg=10, scale=PX_PER_M), a_table(), an_outfit()
    at = [figure(sprite, outfit, table, (160.0 + shift, 200.0), 25.0) for shift in (0.0, 0.25, 0.5, 0.75, 1.0)]
    middles = []
    for drawn in at:
        cover = drawn.layer[..., 3]
        middles.append(drawn.left + 0.5 + float((cover * np.arange(cover.shape[1])).sum() / cover.sum()))
    assert np.allclose(np.diff(middles), 0.25, atol=0.03)


def block(left, top, wide, high):
    """An opaque rectangle as a figure."""
    layer = np.ones((high, wide, 4), np.float32)
    return Figure(layer, left, top, (left, top, left + wide, top + high), float(wide * high))


def test_who_stands_in_front_takes_from_the_share_that_is_seen():
    stage = Stage(np.zeros((100, 100, 3), np.uint8))
    stage.put(block(10, 10, 20, 40), "person")
    stage.put(block(20, 10, 20, 20), "person")
    hidden, front = stage.shown
    assert hidden.share == pytest.approx(1 - 10 * 20 / (20 * 40))
    assert front.share == pytest.approx(1.0)
    assert hidden.box == (10, 10, 30, 50)


def test_what_lies_outside_the_picture_is_not_seen():
    stage = Stage(np.zeros((100, 100, 3), np.uint8))
    stage.put(block(-10, 90, 20, 40), "person")
    assert stage.shown[0].share == pytest.approx(0.5 * 0.25)


def test_a_board_hides_and_twice_hidden_is_not_less_than_nothing():
    stage = Stage(np.zeros((100, 100, 3), np.uint8))
    stage.put(block(10, 10, 20, 40), "person")
    board = np.full((10, 100), 255, np.uint8)
    stage.hide(board, (0, 40, 100, 50))
    stage.hide(board, (0, 40, 100, 50))
    assert stage.shown[0].share == pytest.approx(0.75)


@pytest.mark.parametrize("diameter_px", [2.5, 4.0, 7.3, 12.0, 40.0])
def test_a_ball_fills_its_box(diameter_px):
    drawn = balls.ball((50.3, 40.7), diameter_px, a_table(), np.random.default_rng(4))
    assert drawn.area == pytest.approx(np.pi * diameter_px**2 / 4, rel=0.08)
    cover = drawn.layer[..., 3]
    middle = [
        drawn.left + 0.5 + float((cover.sum(axis=0) * np.arange(cover.shape[1])).sum() / cover.sum()),
        drawn.top + 0.5 + float((cover.sum(axis=1) * np.arange(cover.shape[0])).sum() / cover.sum()),
    ]
    assert np.allclose(middle, (50.3, 40.7), atol=0.12)
    assert np.allclose(np.subtract(drawn.box[2:], drawn.box[:2]), diameter_px)


def test_a_ball_in_flight_leaves_a_streak_of_the_same_area():
    still = balls.ball((50.0, 40.0), 8.0, a_table(), np.random.default_rng(4))
    fast = balls.ball((50.0, 40.0), 8.0, a_table(), np.random.default_rng(4), streak_px=(9.0, 2.0))
    assert fast.area == pytest.approx(still.area, rel=0.02)
    assert fast.box[2] - fast.box[0] > still.box[2] - still.box[0] + 0.5
