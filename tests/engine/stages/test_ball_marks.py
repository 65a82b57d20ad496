"""What looks like a ball and is none, and the ball that lies still: spots, lamps, logos and boots against a kick-off."""

import numpy as np
import pytest

from engine.stages.ball_scenes import CAMERA, PLACED, SIZE, box, columns, decide, rolling, standing, states
from touchline.engine.stages.ball import BallPath
from touchline.engine.types import Tracks

FPS = 5.0


def drawn(*places_m):
    """Pixels of balls that lie at (x, y) metres."""
    return [tuple(place) for place in CAMERA.project(np.array([(x, y, 0.11) for x, y in places_m]))[0]]


def to_the_spot(rest_s, *, spot=(52.5, 34.0), fps=FPS, away=(14.0, 2.0)):
    """A ball that rolls to a place, lies there, and is kicked away: per frame one place in metres."""
    come = [np.array(spot) + np.array((-6 + 6 * share, 3 - 3 * share)) for share in np.linspace(0, 1, round(2 * fps))]
    rest = [np.array(spot)] * round(rest_s * fps)
    gone = [np.array(spot) + np.array(away) * (index + 1) / fps for index in range(round(1.6 * fps))]
    return [*come, *rest, *gone]


def seen(places_m, *, score=0.5, noise_px=0.3):
    rng = np.random.default_rng(4)
    return [[(x, y, score)] for x, y in np.array(drawn(*places_m)) + rng.normal(0, noise_px, (len(places_m), 2))]


def test_a_penalty_spot_is_not_the_ball():
    spot = drawn((11.0, 34.0))[0]
    found = decide([[(*spot, 0.6)] for _ in range(60)], people=standing((30, 30)), calibration=PLACED)
    assert states(found) == "." * 60


def test_a_ball_that_was_seen_to_come_lies_ready_for_the_kick_off():
    way = to_the_spot(20)
    found = decide(seen(way), people=standing((54, 36), (60, 30)), calibration=PLACED)
    assert states(found).count("s") >= len(way) - 1
    assert all(one.on_ground for one in found)


def test_a_ball_on_a_bare_spot_is_believed_and_the_spot_without_it_is_not():
    spot = drawn((52.5, 34.0))[0]
    bare = [[(*spot, 0.35)] for _ in range(50)]
    rolls_by = seen(to_the_spot(0, spot=(40.0, 30.0)), score=0.55)
    crowd = [[*one, (*spot, 0.35)] for one in rolls_by]
    found = decide([*bare, *crowd, *bare], people=standing((80, 36)), calibration=PLACED)
    places = [None if x is None else abs(x - spot[0]) < 4 for x in columns(found)]
    assert True not in places
    assert places[50 : 50 + len(crowd)].count(False) >= len(crowd) - 3


def test_a_free_kick_is_kept_for_a_minute_and_then_nobody_can_tell():
    way = to_the_spot(80, spot=(30.0, 20.0))
    found = decide(seen(way), people=standing((31, 21), (60, 30)), calibration=PLACED)
    said = states(found)
    came, minute = round(2 * FPS), round(60 * FPS)
    assert said[: came + minute - 10].count(".") == 0
    rest = said[came + minute + 15 : came + round(80 * FPS) - 12]
    assert rest.count("s") == 0
    assert said[-5:] == "s" * 5


def test_something_that_never_moves_is_not_the_ball():
    lamp = [[(640.0, 500.0, 0.7)] for _ in range(100)]
    assert states(decide(lamp)) == "." * 100


def test_a_ball_passes_what_never_moves():
    both = [[*some, (640.0, 500.0, 0.6)] for some in rolling(120, start=100, step=9, score=0.45)]
    found = columns(decide(both))
    assert not any(abs(x - 640) < 1 for x in found[:50] if x is not None)
    assert np.mean([x is not None for x in found]) > 0.8


def test_a_logo_that_comes_into_the_picture_as_the_ball_is_lost_is_not_the_ball():
    pan = [None, *[[[1.0, 0, -12.0], [0, 1.0, 0]]] * 59]
    ball = [[(300.0 + 6 * index, 400.0, 0.5)] if index < 25 else [] for index in range(60)]
    logo = [[(980.0 - 12 * (index - 28), 330.0, 0.75)] if index >= 28 else [] for index in range(60)]
    found = decide([one + other for one, other in zip(ball, logo, strict=True)], steps=pan)
    assert states(found)[:25].count("s") >= 23
    assert states(found)[28:] == "." * 32


@pytest.mark.parametrize("pan_px", [0.0, -7.0])
def test_a_ball_that_is_lost_beside_a_mark_does_not_become_it(pan_px):
    frames = 70
    steps = [None, *[[[1.0, 0, pan_px], [0, 1.0, 0]]] * (frames - 1)]
    mark = [(700.0 + pan_px * index, 450.0, 0.45) for index in range(frames)]
    ball = [(380.0 + (8 + pan_px) * index, 440.0, 0.5) if index < 38 else None for index in range(frames)]
    found = decide([[one, other] if other else [one] for one, other in zip(mark, ball, strict=True)], steps=steps)
    assert states(found)[:38].count("s") >= 35
    assert states(found)[42:] == "." * 28


def walking(frames, *, boot_score, ball=None, numbers=True, fps=FPS, pace_px=6.0):
    """A player with bright boots who walks, and sometimes a ball; people are followed."""
    path, found = BallPath(), []
    for index in range(frames):
        x = 300.0 + pace_px * index
        person = np.array([[x, 380.0, x + 18, 430.0]], np.float32)
        boot = (x + 9 + (4 if index % 2 else -4), 428.0, boot_score)
        some = [boot, *([] if ball is None else ball(index))]
        found += path.add(
            index,
            index / fps,
            boxes=np.array([box(*one[:2]) for one in some]),
            scores=np.array([one[2] for one in some]),
            people=person,
            followed=Tracks(np.array([7], np.int32), person, np.array([0.9], np.float32)) if numbers else None,
            picture_size=SIZE,
        )
    return found + path.finish()


def test_boots_are_not_the_ball():
    assert states(walking(80, boot_score=0.34)) == "." * 80
    assert states(walking(80, boot_score=0.34, numbers=False)) == "." * 80


def test_bright_boots_are_not_the_ball_for_long():
    said = states(walking(80, boot_score=0.45, pace_px=11.0))
    assert said.count("s") <= 20
    assert said[25:] == "." * 55


def test_a_ball_that_is_passed_to_somebody_is_at_his_feet():
    def ball(index):
        # Rolls in from the left for three seconds, then goes with the player for three, then on.
        if index < 15:
            return [(60.0 + 22 * index, 433.0 - 0.2 * index, 0.5)]
        if index < 30:
            return [(300.0 + 6 * index + 20, 431.0, 0.5)]
        return [(500.0 + 20 * (index - 30), 431.0, 0.5)]

    found = walking(45, boot_score=0.2, ball=ball)
    near = [x is not None and abs(x - ball(index)[0][0]) < 3 for index, x in enumerate(columns(found))]
    assert np.mean(near) >= 0.85
