import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from touchline.foundation.multipart import Field, FileBlock, FileEnd, FileStart, FormReader
from touchline.foundation.upload_errors import BadFieldError, BrokenUploadError

BODY = (
    b'--xyz\r\nContent-Disposition: form-data; name="part"\r\n\r\nfirst\r\n'
    b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n'
    b"Content-Type: application/octet-stream\r\n\r\n\r\n--xy\r\n-\r\n\r\n"
    b"--xyz--\r\n"
)


def read(body, cuts=(), content_type="multipart/form-data; boundary=xyz"):
    reader = FormReader(content_type)
    pieces, at = [], 0
    for cut in [*sorted(cuts), len(body)]:
        pieces += reader.feed(body[at:cut])
        at = cut
    return pieces + reader.close()


def joined(pieces):
    content = b"".join(piece.data for piece in pieces if isinstance(piece, FileBlock))
    return [piece for piece in pieces if not isinstance(piece, FileBlock)], content


@settings(max_examples=60)
@given(st.sets(st.integers(0, len(BODY)), max_size=8))
def test_pieces_do_not_depend_on_how_the_body_is_cut(cuts):
    pieces, content = joined(read(BODY, cuts))
    assert pieces == [Field("part", "first"), FileStart("file", "a.mp4"), FileEnd()]
    assert content == b"\r\n--xy\r\n-\r\n"


def test_a_body_that_breaks_off_is_broken():
    with pytest.raises(BrokenUploadError):
        read(BODY[:-20])


@pytest.mark.parametrize("body", [b"hello", b"--abc\r\n\r\n", b"--xyz\r\nX: y\r\n\r\nz\r\n--xyz--\r\n"])
def test_a_body_that_is_no_form_is_broken(body):
    with pytest.raises(BrokenUploadError):
        read(body)


def test_too_many_parts_are_refused():
    part = b'--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    with pytest.raises(BrokenUploadError):
        read(part * 101 + b"--xyz--\r\n")


def test_a_text_field_is_small_and_utf_8():
    head = b'--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
    with pytest.raises(BadFieldError, match="too long"):
        read(head + b"1" * 70_000)
    with pytest.raises(BadFieldError, match="UTF-8"):
        read(head + b"\xff\xfe\r\n--xyz--\r\n")


def test_a_web_form_without_files_is_read_too():
    pieces = read(b"video_path=temp_uploads%2Fa_1.mp4&x=", content_type="application/x-www-form-urlencoded")
    assert pieces == [Field("video_path", "temp_uploads/a_1.mp4"), Field("x", "")]


@pytest.mark.parametrize("content_type", ["", "application/json", "multipart/form-data", "text/plain; boundary=xyz"])
def test_other_bodies_are_no_form(content_type):
    assert not FormReader(content_type).is_form
