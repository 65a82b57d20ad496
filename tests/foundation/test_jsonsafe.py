"""Values from outside become JSON that every database takes."""

import json

import numpy as np
import pytest

from touchline.foundation.jsonsafe import json_safe, safe_text


def test_what_was_not_measured_becomes_null_and_the_rest_stays():
    given = {"a": float("nan"), "b": [float("inf"), 1.5, True, None], 7: ("x", {"y": 2})}
    assert json_safe(given) == {"a": None, "b": [None, 1.5, True, None], "7": ["x", {"y": 2}]}


def test_numbers_of_array_libraries_become_plain():
    safe = json_safe({"n": np.float32(0.5), "i": np.int64(3), "bad": np.float64("nan"), "row": np.arange(2)})
    assert json.loads(json.dumps(safe)) == {"n": 0.5, "i": 3, "bad": None, "row": [0, 1]}


@pytest.mark.parametrize(("given", "kept"), [("a\x00b", "ab"), ("\ud800", "?"), ("é⚽", "é⚽")])
def test_texts_that_databases_refuse_are_cleaned(given, kept):
    assert safe_text(given) == kept


@pytest.mark.parametrize("given", [object(), b"bytes", {1, object()}])
def test_what_has_no_place_in_json_is_refused(given):
    with pytest.raises(TypeError):
        json_safe(given)
