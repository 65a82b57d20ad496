from itertools import product

import pytest

from team_windows import NORMAL, window
from touchline.engine.alerting.norms import TeamNorms
from touchline.engine.alerting.reference import REFERENCE_SETS
from touchline.engine.alerting.severity import assess
from touchline.engine.alerting.tags import CLAUSES, UNSEEN, tags_of
from touchline.engine.types import Metric

BROADCAST = REFERENCE_SETS["pro-men-broadcast-v1"]
# The words by which status boards find a channel.
CHANNELS = (
    ("LINE", "DEPTH", "OFFSIDE"),
    ("WIDTH", "WIDE", "STRETCHED"),
    ("COMPACT", "GAPS", "DISCONNECTED"),
    ("SPEED", "TRANSITION", "FAST", "SLOW"),
    ("PRESS", "CLOSE", "INTENSITY"),
)
VOCABULARY = (*CLAUSES, *UNSEEN)


def channels_of(tag):
    return [index for index, words in enumerate(CHANNELS) if any(word in tag.upper() for word in words)]


def tags_for(values, **facts):
    team = window({**NORMAL, **values}, **facts)
    norms = TeamNorms(BROADCAST)
    severity = assess(team, norms, min_components=4, min_usable_s=9.0)
    return [tag.tag for tag in tags_of(team, severity, norms)]


@pytest.mark.parametrize("tag", VOCABULARY)
def test_every_tag_belongs_to_exactly_one_channel(tag):
    assert len(channels_of(tag)) == 1


def test_the_vocabulary_is_exactly_this():
    assert set(VOCABULARY) == {
        "DEFENSIVE LINE UNSEEN",
        "DEEP DEFENSIVE LINE",
        "BALANCED LINE",
        "HIGH DEFENSIVE LINE",
        "VULNERABLE HIGH LINE",
        "VULNERABLE DEEP LINE",
        "WIDTH UNSEEN",
        "NARROW WIDTH",
        "BALANCED WIDTH",
        "WIDE SHAPE",
        "OVER-STRETCHED SHAPE",
        "COMPACTNESS UNSEEN",
        "COMPACT BLOCK",
        "COMPACT BALANCE",
        "VULNERABLE GAPS",
        "DISCONNECTED UNITS",
        "SPEED UNSEEN",
        "SLOW TEMPO",
        "STEADY SPEED",
        "FAST TRANSITION",
        "FAST TEMPO",
        "SLOW RETREAT FAILING",
        "PRESSING UNSEEN",
        "LOW INTENSITY",
        "MEASURED PRESS",
        "HIGH PRESS",
        "PRESS FAILING",
    }


@pytest.mark.parametrize(
    ("values", "tag"),
    [
        ({}, "BALANCED LINE"),
        ({"defensive_line_oop": 23}, "DEEP DEFENSIVE LINE"),
        ({"defensive_line_oop": 17}, "VULNERABLE DEEP LINE"),
        ({"defensive_line_oop": 48}, "HIGH DEFENSIVE LINE"),
        ({"defensive_line_oop": 58, "pressing_rate": 16}, "VULNERABLE HIGH LINE"),
        ({}, "BALANCED WIDTH"),
        ({"width_ip": 34}, "NARROW WIDTH"),
        ({"width_ip": 52}, "WIDE SHAPE"),
        ({"width_oop": 41}, "OVER-STRETCHED SHAPE"),
        ({"compactness_oop": 10}, "COMPACT BLOCK"),
        ({}, "COMPACT BALANCE"),
        ({"compactness_oop": 15}, "VULNERABLE GAPS"),
        ({"gap_def_mid": 15}, "DISCONNECTED UNITS"),
        ({"avg_speed": 1.9}, "SLOW TEMPO"),
        ({}, "STEADY SPEED"),
        ({"avg_speed": 3.2}, "FAST TEMPO"),
        ({"def_to_atk": 5.0}, "FAST TRANSITION"),
        ({"atk_to_def": -1.5}, "SLOW RETREAT FAILING"),
        ({"pressing_rate": 11.5}, "LOW INTENSITY"),
        ({}, "MEASURED PRESS"),
        ({"pressing_rate": 40}, "HIGH PRESS"),
        ({"pressing_rate": 9}, "PRESS FAILING"),
    ],
)
def test_tags_follow_their_cuts(values, tag):
    assert tag in tags_for(values)


def test_there_are_always_five_in_the_same_order():
    for line, width, speed in product((10, 30, 60), (30, 45), (1.0, 2.5)):
        tags = tags_for({"defensive_line_oop": line, "width_oop": width, "avg_speed": speed})
        assert [channels_of(tag) for tag in tags] == [[0], [1], [2], [3], [4]]


def test_what_was_not_seen_says_so_and_why():
    team = window({})
    team = type(team)(
        side=team.side, metrics={"width_oop": Metric.missing("possession unknown")}, quality=0.8, usable_s=50.0
    )
    norms = TeamNorms(BROADCAST)
    severity = assess(team, norms, min_components=4, min_usable_s=9.0)
    tags = tags_of(team, severity, norms)
    assert tuple(tag.tag for tag in tags) == UNSEEN
    assert tags[1].on_wire("en")["description"] == "not seen: possession unknown"


def test_poor_data_is_never_tagged_as_if_it_were_good():
    assert tuple(tags_for({}, quality=0.3)) == UNSEEN


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_descriptions_are_short_and_complete(language):
    team = window({**NORMAL, "width_oop": 41.3, "atk_to_def": -1.5, "gap_def_mid": 15.2})
    norms = TeamNorms(BROADCAST)
    severity = assess(team, norms, min_components=4, min_usable_s=9.0)
    for tag in tags_of(team, severity, norms):
        described = tag.on_wire(language)
        assert 0 < len(described["description"]) <= 90
        assert "{" not in described["description"]


def test_a_description_gives_value_norm_and_one_clause():
    tags = tags_of_width(41.3)
    assert tags == {
        "tag": "OVER-STRETCHED SHAPE",
        "description": "41 m, norm 35; wide open without the ball",
    }


def test_a_balanced_tag_never_calls_an_unusual_value_usual():
    team = window({**NORMAL, "width_ip": 44, "width_oop": 27})
    norms = TeamNorms(BROADCAST)
    tag = tags_of(team, assess(team, norms, min_components=4, min_usable_s=9.0), norms)[1].on_wire("en")
    assert tag == {"tag": "BALANCED WIDTH", "description": "27 m, norm 35; below the usual range"}
    assert tags_of_width(35)["description"] == "35 m, norm 35; within the usual range"


def tags_of_width(width_m):
    team = window({**NORMAL, "width_oop": width_m})
    norms = TeamNorms(BROADCAST)
    return tags_of(team, assess(team, norms, min_components=4, min_usable_s=9.0), norms)[1].on_wire("en")
