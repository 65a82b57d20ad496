"""What an uploaded picture must be: its kind and size as its first bytes state them, and the port that makes it clean.

Nothing that a client says about a file counts: neither its name nor its content type.
"""

import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Protocol

from touchline.foundation.errors import Kind, TouchlineError

LONGEST_SIDE_PX = 12_000
MOST_PIXELS = 50_000_000


class PictureKind(StrEnum):
    """The kinds that are accepted; the value is the extension of a stored file."""

    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"

    @property
    def media_type(self) -> str:
        return "image/jpeg" if self is PictureKind.JPEG else f"image/{self.value}"


class UnreadablePictureError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNSUPPORTED
    code = "pictures.unreadable"
    text = "The file is not a picture that can be read; send a whole JPEG, PNG, WebP or GIF."


class PictureTooLargeError(TouchlineError):
    kind: ClassVar[Kind] = Kind.TOO_LARGE
    code = "pictures.too_large"
    text = (
        "The picture is too large: it may have at most 12,000 pixels on a side and 50 megapixels; send a smaller one."
    )


@dataclass(frozen=True)
class Picture:
    """A picture as we encoded it ourselves: nothing of the sender's file is left in it but what it shows."""

    kind: PictureKind
    content: bytes


class PictureCleaner(Protocol):
    """Decodes a picture and encodes it anew, so that no hidden data and no second meaning survives."""

    async def clean(self, content: bytes) -> Picture:
        """The same picture, upright, without metadata.

        Raises:
            UnreadablePictureError: of no accepted kind, broken or cut off.
            PictureTooLargeError: it has more pixels than are decoded, however small the file is.
        """
        ...


def sniffed_kind(content: bytes) -> PictureKind | None:
    """What the first bytes say that a file is; None for anything but the accepted kinds."""
    if content.startswith(b"\xff\xd8\xff"):
        return PictureKind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PictureKind.PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return PictureKind.WEBP
    if content.startswith((b"GIF87a", b"GIF89a")):
        return PictureKind.GIF
    return None


def check_size(width_px: int, height_px: int) -> None:
    """Refuse what would fill the memory.

    Raises:
        PictureTooLargeError: too many pixels, on a side or together.
        UnreadablePictureError: none at all.
    """
    if width_px <= 0 or height_px <= 0:
        raise UnreadablePictureError
    if max(width_px, height_px) > LONGEST_SIDE_PX or width_px * height_px > MOST_PIXELS:
        raise PictureTooLargeError


def stated_size(content: bytes) -> tuple[int, int] | None:
    """(width, height) in pixels as a file states it, read without decoding; None where it states none."""
    kind = sniffed_kind(content)
    try:
        return None if kind is None else _SIZE[kind](content)
    except (struct.error, IndexError):
        return None


def _png_size(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", content, 16)
    return width, height


def _gif_size(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", content, 6)
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content):
        marker = content[at + 1]
        # Decoders skip 0xFF00 and go on with the next byte: a jump over it would hide the size that they read.
        if content[at] != 0xFF or marker == 0x00:
            return None
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


_SIZE = {
    PictureKind.JPEG: _jpeg_size,
    PictureKind.PNG: _png_size,
    PictureKind.WEBP: _webp_size,
    PictureKind.GIF: _gif_size,
}
