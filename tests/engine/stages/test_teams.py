"""Kits told apart by colour: two teams, referees and keepers beside them, and names that never swap."""

import numpy as np
import pytest

from engine.stages.drawing import BLACK, GRASS, GREEN, RED, WHITE, YELLOW, box, frame, picture
from touchline.engine.appearance import lab_to_bgr, worn_colors
from touchline.engine.stages.teams import KitClassifier
from touchline.engine.types import Calibration, Tracks
from touchline.football.vocabulary import Role, Side, TeamCode

ORANGE, BLUE = (30, 120, 250), (200, 60, 30)
# 10 pixels are a metre and the pitch begins at (100, 20): a camera straight above.
ABOVE = Calibration(np.array([[0.1, 0, -10.0], [0, 0.1, -2.0], [0, 0, 1.0]]), 0.0, 0.0, 8, centre_px=(640, 360))
TALL = 40.0


def person(x_m, y_m, shirt, shorts=WHITE):
    return (box(100 + 10 * x_m, 20 + 10 * y_m, TALL), shirt, shorts)


def eleven(shirt, shorts, *, seed, x_m):
    rng = np.random.default_rng(seed)
    return [
        person(x_m + rng.uniform(-8, 8), 8 + 5.5 * number + rng.uniform(-1, 1), shirt, shorts) for number in range(10)
    ]


def a_match(left=(WHITE, BLACK), right=(RED, WHITE), others=()):
    return [*eleven(*left, seed=1, x_m=35), *eleven(*right, seed=2, x_m=60), *others]


def watch(classifier, people, *, seconds=22.0, calibration=ABOVE, fps=2.0, start=0):
    """Show the same people for some seconds, each moving a little; ids in the given order from 1."""
    for index in range(start, start + int(seconds * fps)):
        wobble = np.random.default_rng(index).uniform(-2, 2, (len(people), 2))
        moved = [
            ([x0 + dx, y0 + dy, x1 + dx, y1 + dy], shirt, shorts)
            for ((x0, y0, x1, y1), shirt, shorts), (dx, dy) in zip(people, wobble, strict=True)
        ]
        ids = np.arange(1, len(people) + 1, dtype=np.int32)
        boxes = np.array([place for place, _, _ in moved], np.float32)
        shown = frame(index, picture(moved, seed=index), fps)
        classifier.observe(shown, Tracks(ids, boxes, np.full(len(ids), 0.8, np.float32)), calibration)
    return classifier


def labels(classifier, count):
    teams, roles = classifier.labels(np.arange(1, count + 1))
    return teams.tolist(), roles.tolist()


def test_before_the_kits_are_known_nobody_has_a_team():
    classifier = watch(KitClassifier(), a_match(), seconds=5)
    assert not classifier.is_fitted
    assert classifier.kit_colors == {}
    assert set(labels(classifier, 20)[0]) == {TeamCode.UNKNOWN}


def test_after_twenty_seconds_both_teams_are_known():
    classifier = watch(KitClassifier(), a_match())
    teams, roles = labels(classifier, 20)
    assert classifier.is_fitted
    assert teams == [TeamCode.A] * 10 + [TeamCode.B] * 10
    assert set(roles) == {Role.PLAYER}
    blue, green, red = classifier.kit_colors[Side.B]
    assert red > 1.8 * max(blue, green)


def test_a_short_clip_is_fitted_when_asked():
    classifier = watch(KitClassifier(), a_match(), seconds=4)
    classifier.fit()
    assert labels(classifier, 20)[0] == [TeamCode.A] * 10 + [TeamCode.B] * 10


def test_green_shirts_on_grass_are_no_grass():
    classifier = watch(KitClassifier(), a_match(left=(GREEN, WHITE), right=(WHITE, BLACK)), seconds=21)
    assert labels(classifier, 20)[0] == [TeamCode.A] * 10 + [TeamCode.B] * 10
    shirt = np.array(classifier.kit_colors[Side.A], float)
    assert np.linalg.norm(shirt - GREEN) < np.linalg.norm(shirt - GRASS)


def test_chest_colour_ignores_the_grass_around_a_thin_person():
    thin = box(640, 400, 60)
    wide = [thin[0] - 12, thin[1], thin[2] + 12, thin[3]]
    colors, trust = worn_colors(picture([(thin, RED, WHITE)]), np.array([wide], np.float32))
    blue, green, red = lab_to_bgr(colors[0, :3])
    assert red > 150
    assert green < 100
    assert blue < 100
    assert 0.2 < trust[0] <= 1.0


def test_somebody_hidden_behind_another_is_not_trusted():
    front, back = box(640, 420, 80), box(645, 400, 80)
    _, trust = worn_colors(picture([(back, RED, RED), (front, WHITE, WHITE)]), np.array([front, back], np.float32))
    assert trust[0] > 0.5
    assert trust[1] == 0


def test_referee_and_keepers_belong_to_no_kit_but_keepers_have_a_team():
    others = [person(48, 30, YELLOW, BLACK), person(4, 34, ORANGE, ORANGE), person(101, 34, BLUE, BLUE)]
    classifier = watch(KitClassifier(), a_match(others=others))
    teams, roles = labels(classifier, 23)
    assert roles[20:] == [Role.REFEREE, Role.KEEPER, Role.KEEPER]
    assert teams[20:] == [TeamCode.UNKNOWN, TeamCode.A, TeamCode.B]


def test_people_beside_the_pitch_are_others_whatever_they_wear():
    classifier = watch(KitClassifier(), a_match(others=[person(50, 69.5, RED, WHITE)]))
    teams, roles = labels(classifier, 21)
    assert (teams[20], roles[20]) == (TeamCode.UNKNOWN, Role.OTHER)


def test_without_metres_nobody_is_called_referee():
    classifier = watch(KitClassifier(), a_match(others=[person(48, 30, YELLOW, BLACK)]), calibration=None)
    teams, roles = labels(classifier, 21)
    assert (teams[20], roles[20]) == (TeamCode.UNKNOWN, Role.OTHER)
    assert classifier.why_a == "larger group"


def test_a_defends_the_left_goal_unless_told_otherwise():
    classifier = watch(KitClassifier(), a_match())
    assert classifier.why_a == "defends the left goal"
    other_way = watch(KitClassifier(attacks_right_a=False), a_match())
    assert other_way.why_a == "defends the right goal"
    assert labels(other_way, 20)[0] == [TeamCode.B] * 10 + [TeamCode.A] * 10


def test_clearly_different_club_colours_decide_who_is_a():
    classifier = watch(KitClassifier(home_color="#cc2020", away_color="#ffffff"), a_match())
    assert classifier.why_a == "home colour"
    assert labels(classifier, 20)[0] == [TeamCode.B] * 10 + [TeamCode.A] * 10


@pytest.mark.parametrize(
    "clubs", [("#0000FF", "#0000FF"), ("#0000ff", None), ("no colour", "#ff0000"), ("#20b020", "#d0a010")]
)
def test_club_colours_that_tell_nothing_do_not_decide(clubs):
    classifier = watch(KitClassifier(home_color=clubs[0], away_color=clubs[1]), a_match(right=(BLUE, WHITE)))
    assert classifier.why_a == "defends the left goal"


def test_teams_never_swap_after_the_fit_even_when_ends_change():
    classifier = watch(KitClassifier(), a_match())
    changed = [*eleven(RED, WHITE, seed=2, x_m=35), *eleven(WHITE, BLACK, seed=1, x_m=60)]
    shifted = [(place, shirt, shorts) for place, shirt, shorts in changed]
    watch(classifier, [*a_match(), *shifted], seconds=4, start=200)
    teams, _ = labels(classifier, 40)
    assert teams[20:] == [TeamCode.B] * 10 + [TeamCode.A] * 10


def test_one_kit_alone_is_not_two_teams():
    classifier = watch(KitClassifier(), a_match(left=(RED, WHITE), right=(RED, WHITE)), seconds=21)
    classifier.fit()
    assert not classifier.is_fitted


def test_an_unknown_track_has_no_team():
    teams, roles = watch(KitClassifier(), a_match(), seconds=21).labels(np.array([999]))
    assert (teams.tolist(), roles.tolist()) == ([TeamCode.UNKNOWN], [Role.UNKNOWN])


def test_labels_of_people_long_gone_stay():
    classifier = watch(KitClassifier(), a_match())
    nobody = Tracks(np.zeros(0, np.int32), np.zeros((0, 4), np.float32), np.zeros(0, np.float32))
    classifier.observe(frame(1000, picture([])), nobody, ABOVE)
    assert labels(classifier, 20)[0] == [TeamCode.A] * 10 + [TeamCode.B] * 10
