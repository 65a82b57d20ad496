"""Text and JSON from outside."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from touchline.foundation.http.text import CleanJson, Line, RefId, Text

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(alphabet=st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.text(alphabet=st.characters()))
def test_text_that_passes_can_be_encoded_and_holds_no_nul(text):
    try:
        passed = TypeAdapter(Text).validate_python(text)
    except ValidationError:
        return
    assert passed == text
    assert b"\x00" not in passed.encode()


@given(anything)
def test_json_that_passes_can_be_written_as_strict_json(value):
    try:
        passed = TypeAdapter(CleanJson).validate_python(value)
    except ValidationError:
        return
    written = json.dumps(passed, allow_nan=False, ensure_ascii=False).encode()
    assert b"\\u0000" not in written


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "\udc00x"])
def test_unstorable_characters_are_refused(text):
    for kind in (Text, Line, RefId):
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(text)


def test_lines_lose_blanks_around_them_and_text_keeps_them():
    assert TypeAdapter(Line).validate_python("  Real Club \n") == "Real Club"
    assert TypeAdapter(Text).validate_python(" pass word ") == " pass word "


def test_emoji_and_arabic_are_welcome():
    for text in ("نادي", "⚽ FC 🏟️", "Ünion"):
        assert TypeAdapter(Line).validate_python(text) == text
