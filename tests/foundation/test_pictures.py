import struct

import pytest

from touchline.foundation.pictures import (
    PictureKind,
    PictureTooLargeError,
    UnreadablePictureError,
    check_size,
    sniffed_kind,
    stated_size,
)


def png(width, height):
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"\x08\x02\x00\x00\x00"


def jpeg(width, height):
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\x00" + bytes(9)
    return b"\xff\xd8" + app0 + b"\xff\xc0" + struct.pack(">HBHH", 17, 8, height, width) + bytes(10)


def webp_lossless(width, height):
    return b"RIFF\x00\x00\x00\x00WEBPVP8L\x00\x00\x00\x00\x2f" + struct.pack("<I", width - 1 | height - 1 << 14)


def gif(width, height):
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0)


@pytest.mark.parametrize("make", [png, jpeg, webp_lossless, gif])
def test_a_pictures_size_is_read_without_decoding_it(make):
    assert stated_size(make(1920, 1080)) == (1920, 1080)


@pytest.mark.parametrize(
    ("content", "kind", "media_type"),
    [
        (jpeg(1, 1), PictureKind.JPEG, "image/jpeg"),
        (png(1, 1), PictureKind.PNG, "image/png"),
        (webp_lossless(1, 1), PictureKind.WEBP, "image/webp"),
        (gif(1, 1), PictureKind.GIF, "image/gif"),
    ],
)
def test_a_kind_is_known_by_its_first_bytes(content, kind, media_type):
    assert sniffed_kind(content) is kind
    assert kind.media_type == media_type


@pytest.mark.parametrize(
    "content", [b"", b"hello" * 50, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"BM"]
)
def test_other_bytes_are_of_no_kind(content):
    assert sniffed_kind(content) is None
    assert stated_size(content) is None


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\x00", b"GIF89a", b"RIFF0000WEBP"]
)
def test_a_picture_that_breaks_off_states_no_size(content):
    assert stated_size(content) is None


def test_a_jpeg_cannot_hide_its_size_from_us_where_a_decoder_still_finds_it():
    hidden = jpeg(30_000, 30_000).removeprefix(b"\xff\xd8")
    crooked = b"\xff\xd8\xff\x00" + struct.pack(">H", 2 + len(hidden)) + hidden + jpeg(16, 16)[2:]

    assert stated_size(crooked) is None


@pytest.mark.parametrize("size", [(12_001, 1), (1, 12_001), (8_000, 8_000), (60_000, 60_000)])
def test_a_small_file_that_claims_a_huge_picture_is_refused(size):
    with pytest.raises(PictureTooLargeError):
        check_size(*size)


def test_a_picture_of_nothing_is_refused():
    with pytest.raises(UnreadablePictureError):
        check_size(0, 100)
