"""Typed places and addresses."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchline.features.matches import rules


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("34.5,12", (34.5, 12)),
        (" -3 , +4.25 ", (-3, 4.25)),
        ("1e-7,0.0", (1e-7, 0)),
        ("1,2,3", None),
        ("1;2", None),
        ("1_0,2", None),
        ("٣,٤", None),
        ("inf,0", None),
        (".5,1", None),
        ("", None),
    ],
)
def test_a_point_is_two_plain_numbers(text, read):
    assert rules.point(text) == read


@given(st.text(alphabet="0123456789.,-+eE ", max_size=50))
def test_a_point_is_finite_whatever_was_typed(text):
    read = rules.point(text)
    assert read is None or all(math.isfinite(part) for part in read)


@given(st.floats(0, 1), st.floats(0, 1))
def test_every_place_that_the_older_client_writes_is_welcome(x, y):
    assert rules.is_place_in_formation(f"{x:.4f},{y:.4f}")
    assert rules.is_place_in_formation(f"{x},{y}")


@given(st.text(max_size=60))
def test_an_address_never_leads_to_another_scheme(text):
    if rules.is_video_address(text):
        scheme, colon, _ = text.split("/")[0].partition(":")
        assert not colon or scheme.lower() in ("http", "https")
