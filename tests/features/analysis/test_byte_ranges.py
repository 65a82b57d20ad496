import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchline.features.analysis.byte_ranges import (
    ByteRange,
    UnsatisfiableError,
    is_same_file,
    is_unchanged,
    requested_range,
)


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-499", 0, 500),
        ("bytes=500-999", 500, 1000),
        ("bytes=900-", 900, 1000),
        ("bytes=-100", 900, 1000),
        ("bytes=-5000", 0, 1000),
        ("bytes=990-5000", 990, 1000),
        ("bytes = 10 - 20", 10, 21),
        ("Bytes=1-2", 1, 3),
        ("bytes=0-99999999999999999999999999", 0, 1000),
    ],
)
def test_one_range_is_cut_to_the_file(header, start, end):
    assert requested_range(header, 1000) == ByteRange(start, end)


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-1001", "bytes=-0", "bytes=99999999999999999999999-"])
def test_a_range_outside_the_file_cannot_be_satisfied(header):
    with pytest.raises(UnsatisfiableError):
        requested_range(header, 1000)


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=-1"])
def test_an_empty_file_has_no_part(header):
    with pytest.raises(UnsatisfiableError):
        requested_range(header, 0)


@pytest.mark.parametrize(
    "header",
    [None, "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=9-5", "frames=0-5", "bytes=0-1,5-6", "bytes=٣-٥"],
)
def test_what_is_no_single_valid_range_is_ignored(header):
    assert requested_range(header, 1000) is None


@given(st.text(max_size=40), st.integers(0, 10_000))
def test_no_header_leads_outside_the_file(tail, size):
    try:
        part = requested_range(f"bytes={tail}", size)
    except UnsatisfiableError:
        return
    assert part is None or 0 <= part.start < part.end <= size


def test_if_range_takes_the_same_tag_or_date_only():
    seen = {"tag": '"a-1"', "modified": "Tue, 24 Nov 2026 09:00:00 GMT"}
    assert is_same_file('"a-1"', **seen)
    assert is_same_file("Tue, 24 Nov 2026 09:00:00 GMT", **seen)
    assert not is_same_file('W/"a-1"', **seen)
    assert not is_same_file("Tue, 24 Nov 2026 10:00:00 GMT", **seen)


def test_a_clients_copy_is_good_while_tag_or_date_hold():
    state = {"tag": '"a-1"', "modified_s": 1_000_000.7}
    assert is_unchanged(if_none_match='"x", W/"a-1"', if_modified_since=None, **state)
    assert not is_unchanged(if_none_match='"x"', if_modified_since="Tue, 24 Nov 2026 09:00:00 GMT", **state)
    assert is_unchanged(if_none_match=None, if_modified_since="Mon, 12 Jan 1970 13:46:40 GMT", **state)
    assert not is_unchanged(if_none_match=None, if_modified_since="Mon, 12 Jan 1970 13:46:39 GMT", **state)
    assert not is_unchanged(if_none_match=None, if_modified_since="yesterday", **state)
    assert not is_unchanged(if_none_match=None, if_modified_since=None, **state)
