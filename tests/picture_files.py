"""Pictures for tests, good and bad, made on the spot."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

RED, BLUE = (200, 30, 30), (30, 30, 200)


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def decoded(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def a_picture(kind: str = "PNG", *, size: tuple[int, int] = (40, 30), color: Any = RED) -> bytes:
    """A picture of one colour."""
    return encoded(Image.new("RGB", size, color), kind)


def a_phone_photo(*, orientation: int = 6) -> bytes:
    """A JPEG lying on its side, red left and blue right, that knows where and with what it was taken."""
    picture = Image.new("RGB", (80, 40), RED)
    picture.paste(BLUE, (40, 0, 80, 40))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 29.6), 3: "E", 4: (2.0, 17.0, 40.2)})
    return encoded(picture, "JPEG", exif=exif, comment=b"hidden words", quality=95)


def an_animation(kind: str) -> bytes:
    """Red first, then blue."""
    frames = [Image.new("RGB", (20, 20), color) for color in (RED, BLUE)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def a_png_bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that truly unpacks to one bit for each of so many pixels."""
    packed = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    data = b"".join(packed.compress(row) for _ in range(height)) + packed.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def a_text_bomb() -> bytes:
    """A PNG of one pixel with a compressed comment of 200 MB."""
    packed = zlib.compressobj(9)
    text = b"".join(packed.compress(bytes(1 << 20)) for _ in range(200)) + packed.flush()
    whole = a_picture("PNG", size=(1, 1))
    return whole[:33] + _chunk(b"zTXt", b"Comment\x00\x00" + text) + whole[33:]


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
