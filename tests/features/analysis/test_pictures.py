import struct

import pytest

from touchline.features.analysis.pictures import is_readable_picture, picture_size


def png(width, height):
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"\x08\x02\x00\x00\x00"


def jpeg(width, height):
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\x00" + bytes(9)
    return b"\xff\xd8" + app0 + b"\xff\xc0" + struct.pack(">HBHH", 17, 8, height, width) + bytes(10)


def webp_lossless(width, height):
    return b"RIFF\x00\x00\x00\x00WEBPVP8L\x00\x00\x00\x00\x2f" + struct.pack("<I", width - 1 | height - 1 << 14)


@pytest.mark.parametrize("make", [png, jpeg, webp_lossless])
def test_a_pictures_size_is_read_without_decoding_it(make):
    assert picture_size(make(1920, 1080)) == (1920, 1080)
    assert is_readable_picture(make(1920, 1080))


def test_a_small_file_that_claims_a_huge_picture_is_refused():
    assert not is_readable_picture(png(60_000, 60_000))


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\x00", b"hello" * 50]
)
def test_other_bytes_are_no_picture(content):
    assert not is_readable_picture(content)
