"""Whether bytes are a picture that may be decoded: its kind and its size, read from the first bytes. Pure."""

import struct

_MAX_PIXELS = 40_000_000


def is_readable_picture(content: bytes) -> bool:
    """A JPEG, PNG or WebP of at most 40 megapixels; a small file may claim a size that fills the memory."""
    size = picture_size(content)
    return size is not None and 0 < size[0] * size[1] <= _MAX_PIXELS


def picture_size(content: bytes) -> tuple[int, int] | None:
    """(width, height) as the file states it, None when it is neither JPEG, PNG nor WebP."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            width, height = struct.unpack_from(">II", content, 16)
            return width, height
        if content.startswith(b"\xff\xd8\xff"):
            return _jpeg_size(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp_size(content)
    except (struct.error, IndexError):
        return None
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # start of frame
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        at += 2 if marker in (0x01, *range(0xD0, 0xD9)) else 2 + struct.unpack_from(">H", content, at + 2)[0]
    return None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    kind = content[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None
