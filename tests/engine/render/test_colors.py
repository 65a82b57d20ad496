"""Two teams can be told apart on the picture, whatever they wear."""

import itertools

import pytest

from touchline.engine.render.colors import APART_FROM_GRASS, GRASS, TEAMS_APART, difference, inks_for, rim_of, text_on
from touchline.football.vocabulary import Side, TeamCode

KITS = {
    "white": (235, 235, 235),
    "black": (25, 25, 25),
    "navy": (70, 35, 25),
    "red": (40, 40, 200),
    "claret": (50, 25, 110),
    "blue": (180, 60, 30),
    "sky": (230, 190, 120),
    "green": (60, 130, 40),
    "dark green": (52, 70, 38),
    "yellow": (60, 220, 240),
    "grey": (150, 150, 150),
}


@pytest.mark.parametrize("pair", list(itertools.combinations_with_replacement(KITS, 2)), ids=" against ".join)
def test_any_two_kits_get_inks_that_differ_from_each_other_and_from_grass(pair):
    inks = inks_for({Side.A: KITS[pair[0]], Side.B: KITS[pair[1]]})
    assert difference(inks.a, inks.b) >= TEAMS_APART - 4
    assert min(difference(inks.a, GRASS), difference(inks.b, GRASS)) >= APART_FROM_GRASS - 4
    assert min(difference(inks.neutral, inks.a), difference(inks.neutral, inks.b)) >= 30


def test_distinct_kits_keep_their_own_colours():
    inks = inks_for({Side.A: KITS["yellow"], Side.B: KITS["white"]})
    assert difference(inks.a, KITS["yellow"]) < 3
    assert difference(inks.b, KITS["white"]) < 3


def test_a_pale_shade_of_green_stays_green_beside_white():
    inks = inks_for({Side.A: (134, 148, 130), Side.B: (223, 231, 227)})
    blue, green, red = inks.a
    assert green > blue + 20
    assert green > red + 20


def test_the_same_kits_always_give_the_same_inks():
    kits = {Side.A: KITS["black"], Side.B: KITS["navy"]}
    assert inks_for(kits) == inks_for(dict(reversed(kits.items())))


def test_letters_and_rims_contrast_with_every_ink():
    for first, second in itertools.combinations(KITS.values(), 2):
        inks = inks_for({Side.A: first, Side.B: second})
        for ink in (inks.a, inks.b, inks.neutral):
            assert difference(ink, text_on(ink)) > 40
            assert difference(ink, rim_of(ink)) > 35


def test_people_of_no_team_get_the_neutral_ink():
    inks = inks_for({Side.A: KITS["red"], Side.B: KITS["blue"]})
    assert inks.of(TeamCode.UNKNOWN) == inks.neutral
    assert (inks.of(TeamCode.A), inks.of(TeamCode.B)) == (inks.a, inks.b)


def test_kits_that_nobody_knows_get_inks_all_the_same():
    inks = inks_for({})
    assert difference(inks.a, inks.b) >= TEAMS_APART
