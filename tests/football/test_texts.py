import re

import pytest

from touchline.football import texts
from touchline.football.vocabulary import Language

KEYS = sorted(texts.keys())
FULL = {
    "us": "@team.A",
    "team": "@team.A",
    "opp": "@team.B",
    "metric": "@metric.width_oop",
    "unit": "@unit.m",
    "shown": {"number": 47.25, "decimals": 1},
    "usual": {"number": 35.0, "decimals": 0},
    "clause": "@clause.over_stretched",
    "reason": "@reason.not_calibrated",
    "component": "@component.open_width",
    "label": "@risk.HIGH",
    "third": "@third.middle",
    "side": "@side.left",
    "direction": "@word.deeper",
    "spread": "@word.compact",
    "since": "12:30",
    "headline": "Line too deep",
    "hand": "@flow.hand.none",
}


def params_for(key):
    names = set().union(*texts.slots(key))
    return {name: FULL.get(name, 12.345) for name in names} | ({"spread": 14.1} if key == "action.C1" else {})


@pytest.mark.parametrize("language", list(Language))
def test_every_key_exists_in_every_language_with_the_same_slots(language):
    assert texts.keys(language) == texts.keys()
    for key in KEYS:
        assert texts.slots(key, language) == texts.slots(key), key


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("key", KEYS)
def test_every_text_renders_without_a_placeholder(key, language):
    said = texts.text(key, params_for(key), language=language)
    assert "{" not in said
    assert "@" not in said
    assert len(said) <= 220


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("key", [key for key in KEYS if key.startswith("action.")])
def test_advice_can_always_be_given_even_when_no_number_is_known(key, language):
    said = texts.sentence(key, {"us": "@team.B"}, language=language)
    assert said
    assert not re.search(r"[0-9٠-٩]", said.replace("zone 14", "").replace("المنطقة 14", "").replace("3 ", ""))


def test_a_missing_number_shortens_the_sentence():
    key, known = "action.W1", {"us": "@team.A", "width": 47.0, "norm": 35.0}
    assert texts.text(key, known) == (
        "Team A: width 47 m without the ball (norm 35). Far winger tuck inside to the near half-space."
    )
    assert texts.text(key, known | {"norm": None}) == (
        "Team A are too wide without the ball. Far winger tuck inside to the near half-space."
    )


def test_a_sentence_without_its_inputs_is_not_told():
    assert texts.sentence("narrative.balance", {"pa": 60.0, "pb": None, "known": 90.0}) is None


def test_asking_for_less_than_a_text_needs_is_an_error():
    with pytest.raises(texts.TextIncompleteError, match="at least known, pa, pb"):
        texts.text("narrative.balance", {})
    with pytest.raises(texts.TextIncompleteError, match=r"no\.such\.key"):
        texts.text("no.such.key")


@pytest.mark.parametrize(
    ("value", "decimals", "language", "written"),
    [
        (18.44, 1, "en", "18.4"),
        (18.44, 1, "fr", "18,4"),
        (18.44, 1, "ar", "١٨٫٤"),
        (-0.04, 1, "en", "0.0"),
        (-2.0, 1, "fr", "-2,0"),
        (1234.5, 0, "en", "1234"),
    ],
)
def test_numbers_are_written_as_the_language_does(value, decimals, language, written):
    assert texts.format_number(value, decimals=decimals, language=language) == written


def test_an_unknown_language_falls_back_to_english():
    assert texts.text("team.A", language="xx") == "Team A"


def test_parameters_survive_json_and_speak_another_language_later():
    params = {"team": "@team.B", "metric": "@metric.width_oop", "shown": {"number": 47.25, "decimals": 1}}
    params |= {"unit": "@unit.m", "usual": {"number": 35.2, "decimals": 0}}
    assert texts.text("narrative.deviation", params) == "Team B: Width without the ball 47.2 m, usual 35."
    assert texts.text("narrative.deviation", params, language="fr") == (
        "Équipe B : Largeur sans ballon 47,2 m, d'habitude 35."
    )
