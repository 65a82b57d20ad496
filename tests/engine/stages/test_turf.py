"""Who stands on the grass, as colours tell: worn, grey and snowed pitches, crowds in green, players close by."""

import cv2
import numpy as np
import pytest

from engine.stages.drawing import HEIGHT, WIDTH, box, frame
from touchline.engine.stages.gate import Turf

GRASS, BROWN, GREY, SNOW = (60, 140, 70), (60, 90, 120), (120, 122, 120), (235, 232, 230)
BOARD, TRACK = (160, 60, 30), (60, 60, 170)
FAR = 200
"""Row of the far touchline; above it a board of 30 rows and a crowd."""
PLAYERS = np.array(
    [box(x, y, 20 + 0.15 * (y - FAR)) for x in (60, 400, 700, 1000, 1230) for y in (FAR + 4, 300, 420, 560, 700)]
)
SPECTATORS = np.array([box(x, y, 24) for x in range(80, 1240, 120) for y in (60, 130)])


def ground(color, *, seed=0, noise=5.0):
    """(HEIGHT, WIDTH, 3) of one colour with the noise that turf has."""
    random = np.random.default_rng(seed).normal(0, noise, (HEIGHT // 4, WIDTH // 4, 1))
    picture = np.clip(np.array(color, float) + random, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(cv2.resize(picture, (WIDTH, HEIGHT)))


def stand(picture, *, colors=((40, 40, 160), (200, 200, 200), (60, 60, 60)), seed=0):
    """Draw a crowd and a board above the far touchline."""
    random = np.random.default_rng(seed)
    chosen = np.array(colors)[random.integers(0, len(colors), (FAR // 10, WIDTH // 8))]
    dimmed = chosen * random.uniform(0.3, 1.0, (*chosen.shape[:2], 1))
    picture[:FAR] = cv2.resize(dimmed.astype(np.uint8), (WIDTH, FAR), interpolation=cv2.INTER_NEAREST)
    picture[FAR - 30 : FAR] = BOARD
    return picture


def people(picture, boxes, color=(230, 230, 230)):
    for x0, y0, x1, y1 in np.asarray(boxes).round().astype(int):
        cv2.rectangle(picture, (x0 + 1, y0), (x1 - 1, y1), color, -1)
    return picture


def a_match(color=GRASS, **crowd):
    return people(stand(ground(color), **crowd), np.concatenate([PLAYERS, SPECTATORS]))


def looked(picture, seen=PLAYERS, *, time_s=0.0, turf=None):
    turf = turf or Turf()
    turf.look(frame(round(5 * time_s), picture), np.asarray(seen, np.float32))
    return turf


def test_players_up_to_the_far_touchline_and_the_lower_border_stand_on_grass_and_spectators_do_not():
    turf = looked(a_match(), np.concatenate([PLAYERS, SPECTATORS]))
    assert turf.holds(PLAYERS).all()
    assert not turf.holds(SPECTATORS).any()


def test_an_assistant_just_beside_the_far_touchline_still_counts():
    turf = looked(a_match())
    assert turf.holds(np.array([box(640, FAR - 6, 24)])).all()


@pytest.mark.parametrize("color", [BROWN, GREY, SNOW], ids=["brown", "grey", "snow"])
def test_a_pitch_that_is_not_green_holds_everybody(color):
    turf = looked(a_match(color))
    assert turf.coverage is None
    assert turf.holds(np.concatenate([PLAYERS, SPECTATORS])).all()


def test_little_grass_holds_everybody():
    picture = ground(GREY)
    picture[600:] = GRASS
    assert looked(picture).holds(PLAYERS).all()


@pytest.mark.parametrize("color", [BROWN, SNOW], ids=["brown", "snow"])
def test_a_half_that_is_bare_is_part_of_the_pitch_when_people_stand_there(color):
    picture = stand(ground(GRASS))
    picture[FAR:, : WIDTH // 2] = ground(color)[FAR:, : WIDTH // 2]
    everybody = np.concatenate([PLAYERS, SPECTATORS])
    turf = looked(people(picture, everybody), everybody)
    assert turf.holds(PLAYERS).all()


def test_a_worn_strip_from_goal_to_goal_does_not_part_the_pitch():
    picture = stand(ground(GRASS))
    picture[330:440] = ground(BROWN)[330:440]
    turf = looked(people(picture, PLAYERS))
    assert turf.holds(PLAYERS).all()
    assert not turf.holds(SPECTATORS).any()


def test_worn_goalmouths_at_the_border_are_part_of_the_pitch():
    picture = stand(ground(GRASS))
    cv2.ellipse(picture, (0, 430), (150, 100), 0, 0, 360, BROWN, -1)
    turf = looked(people(picture, PLAYERS))
    assert turf.holds(np.array([box(20, 430, 50), box(90, 470, 50)])).all()


def test_patches_of_snow_leave_the_players_on_the_pitch():
    random = np.random.default_rng(3)
    picture = stand(ground(GRASS))
    for x, y in zip(random.integers(0, WIDTH, 60), random.integers(FAR + 40, HEIGHT, 60), strict=True):
        cv2.ellipse(picture, (int(x), int(y)), (55, 22), 0, 0, 360, SNOW, -1)
    turf = looked(people(picture, PLAYERS))
    assert turf.holds(PLAYERS).all()


def test_a_crowd_in_green_behind_the_board_is_no_pitch():
    greens = ((50, 150, 60), (40, 110, 40), (220, 220, 220))
    turf = looked(a_match(colors=greens), np.concatenate([PLAYERS, SPECTATORS]))
    assert turf.holds(PLAYERS).all()
    assert not turf.holds(SPECTATORS).any()


def test_another_pitch_behind_a_track_takes_nothing_from_ours():
    picture = ground(GRASS)
    picture[:FAR] = ground((30, 60, 40))[:FAR]
    picture[60:140] = GRASS
    picture[140:FAR] = TRACK
    assert looked(people(picture, PLAYERS)).holds(PLAYERS).all()


def test_a_player_close_to_the_camera_covers_the_grass_and_nothing_changes():
    plain, close = a_match(), a_match()
    giant = np.array([[0.0, 40.0, 520.0, 720.0]])
    people(close, giant, (40, 40, 200))
    everybody = np.concatenate([PLAYERS, SPECTATORS])
    turf, told = Turf(), []
    for second in range(12):
        picture = close if 4 <= second < 8 else plain
        looked(picture, everybody, time_s=float(second), turf=turf)
        told.append(turf.holds(everybody))
        assert turf.holds(giant).all()
    assert all(np.array_equal(one, told[0]) for one in told)
    assert told[0].sum() == len(PLAYERS)


def test_a_player_who_hides_his_own_place_at_the_border_stands_on_the_grass_beside_him():
    giant = np.array([[0.0, 200.0, 420.0, 700.0]])
    turf = looked(people(a_match(), giant, (40, 40, 200)), giant)
    assert turf.holds(giant).all()


def test_another_view_is_judged_by_itself():
    turf = looked(a_match())
    other = ground(GRASS)
    other[:, 560:] = stand(ground(GREY))[:1].repeat(HEIGHT, axis=0)[:, 560:]
    looked(other, time_s=1.0, turf=turf)
    assert not turf.holds(np.array([box(1000, 500, 60)])).any()


def test_a_camera_that_moves_forgets_what_it_saw():
    turf = looked(a_match())
    turf.forget()
    moved = np.concatenate([stand(ground(GRASS))[:FAR], a_match()[: HEIGHT - FAR]])
    looked(moved, time_s=1.0, turf=turf)
    assert not turf.holds(np.array([box(400, 300, 30)])).any()


def test_it_looks_once_a_second():
    turf = looked(a_match())
    looked(ground(GREY), time_s=0.8, turf=turf)
    assert turf.coverage > 0.25


def test_a_ball_in_the_air_is_seen_above_the_far_touchline_but_not_in_the_upper_stand():
    turf = looked(a_match())
    balls = np.array([[640, 500, 648, 508], [640, 90, 646, 96], [640, 5, 646, 11]], float)
    assert turf.holds_ball(balls).tolist() == [True, True, False]


def test_nobody_and_tiny_pictures_are_no_error():
    turf = Turf()
    turf.look(frame(0, np.zeros((20, 30, 3), np.uint8)), np.zeros((0, 4)))
    assert turf.holds(np.zeros((0, 4))).shape == (0,)
    assert turf.holds_ball(np.zeros((0, 4))).shape == (0,)
