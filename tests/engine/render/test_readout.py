"""The window's table: numbers as measured, dashes with their reason, never an invented zero."""

import numpy as np
import pytest

from engine.render.scenes import MEASURED, segment
from touchline.engine.render.colors import inks_for
from touchline.engine.render.labels import drawable_name, words_in
from touchline.engine.render.readout import ReadoutPanel, readout_of
from touchline.football.vocabulary import Side

EN, FR = words_in("en"), words_in("fr")


def cells(readout):
    return {label: (a, b) for label, a, b in readout.rows}


def test_a_measured_window_shows_its_numbers_with_units():
    readout = readout_of(segment(**MEASURED), EN, is_calibrated=True)
    assert cells(readout) == {
        "Line": ("34 m", "47 m"),
        "Width": ("41 m", "39 m"),
        "Compact": ("13.1 m", "12.0 m"),
        "Ball": ("56 %", "44 %"),
    }
    assert readout.risks == {Side.A: "LOW", Side.B: "HIGH"}
    assert readout.notes == ()
    assert readout.title == "0:00–0:10"


def test_an_unmeasured_value_is_a_dash_with_the_reason_of_its_record():
    quality = {"team_b": {"compactness": {"value": None, "reason": "too few players seen"}}}
    team_b = {key: value for key, value in MEASURED["team_b"].items() if key != "compactness"}
    readout = readout_of(segment(**{**MEASURED, "team_b": team_b, "quality": quality}), EN, is_calibrated=True)
    assert cells(readout)["Compact"] == ("13.1 m", "–")
    assert readout.notes == ("– Compact: too few players seen",)


def test_reasons_are_given_in_the_language_of_the_run():
    quality = {"team_a": {"width": {"reason": "too few players seen"}}}
    team_a = {key: value for key, value in MEASURED["team_a"].items() if key != "width"}
    readout = readout_of(segment(**{**MEASURED, "team_a": team_a, "quality": quality}), FR, is_calibrated=True)
    assert readout.notes == ("– Largeur: trop peu de joueurs vus",)


def test_without_calibration_one_reason_stands_for_all_metres():
    readout = readout_of(segment(), EN, is_calibrated=False)
    assert "– Line, Width, Compact: not calibrated" in readout.notes
    assert all(cell == "–" for row in cells(readout).values() for cell in row)
    assert readout.risks == {Side.A: None, Side.B: None}


def test_reasons_of_possession_and_risk_are_found_where_the_analysis_puts_them():
    analysis = {key: value for key, value in MEASURED.items() if not key.startswith("possession")}
    analysis["team_a"] = {key: value for key, value in MEASURED["team_a"].items() if not key.startswith("severity")}
    analysis["quality"] = {
        "possession": {"team_a": {"value": None, "reason": "possession unknown"}},
        "severity": {"value": 0.6, "reason": None, "team_a": {"value": None, "reason": "too few components"}},
    }
    readout = readout_of(segment(**analysis), EN, is_calibrated=True)
    assert readout.notes == (
        "– Ball: possession unknown",
        "– Risk: too few parts of the risk could be measured",
    )


def test_a_metric_whose_reason_is_told_keeps_it_without_calibration_too():
    quality = {f"team_{side}": {"width": {"reason": "camera moves"}} for side in "ab"}
    readout = readout_of(segment(quality=quality), EN, is_calibrated=False)
    assert "– Width: camera moves" in readout.notes
    assert "– Line, Compact: not calibrated" in readout.notes


def test_a_measured_zero_is_shown_as_zero():
    readout = readout_of(segment(**{**MEASURED, "possession_team_b_pct": 0.0}), EN, is_calibrated=True)
    assert cells(readout)["Ball"][1] == "0 %"


def test_an_empty_windows_placeholder_label_is_not_shown_as_a_low_risk():
    quality = {"severity": {"value": None, "reason": "not enough seen"}}
    readout = readout_of(segment(team_a={"severity_label": "LOW"}, quality=quality), EN, is_calibrated=True)
    assert readout.risks[Side.A] is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("FC Zürich", "FC Zürich"),
        ("  Łódź   1908 ", "Łódź 1908"),
        ("المنتخب", "Team A"),
        ("Спартак", "Team A"),
        ("", "Team A"),
    ],
)
def test_names_that_cannot_be_drawn_letter_by_letter_become_team_a(name, shown):
    assert drawable_name(name, Side.A, EN) == shown


def test_arabic_runs_get_english_words_on_pictures():
    assert words_in("ar") == EN
    assert words_in("fr") == FR


def panel(segments):
    inks = inks_for({Side.A: (235, 235, 235), Side.B: (180, 60, 30)})
    return ReadoutPanel(segments, words=EN, inks=inks, names={Side.A: "Reds", Side.B: "Blues"}, is_calibrated=True)


def test_the_table_follows_the_window_on_screen():
    other = {**MEASURED, "possession_team_a_pct": 12.0, "possession_team_b_pct": 88.0}
    drawn = panel((segment(0, 0, 10, **MEASURED), segment(1, 10, 20, **other)))
    first, second, beyond = (drawn.sprite_at(at).color for at in (3.0, 12.0, 99.0))
    assert first.shape == second.shape
    assert (first != second).any()
    assert beyond.shape != first.shape or (beyond != first).any()
    assert drawn.sprite_at(3.0).color.shape == first.shape


def test_letters_of_the_table_are_bright_and_large_enough_to_read():
    sprite = panel((segment(**MEASURED),)).sprite_at(1.0)
    bright = (sprite.color.min(axis=2) > 200) & (sprite.keep.max(axis=2) == 0)
    rows = np.flatnonzero(bright[90:115, 130:186].any(axis=1))  # the first value: “34 m” of 18 px letters
    assert rows.max() - rows.min() + 1 >= 12
