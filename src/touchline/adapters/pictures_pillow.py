"""PictureCleaner with Pillow: decodes in a thread, turns upright, shrinks to what a screen shows, encodes anew."""

import io
from typing import Any

from anyio import CapacityLimiter, to_thread
from PIL import Image

from touchline.foundation.logs import get_logger
from touchline.foundation.pictures import (
    Picture,
    PictureKind,
    PictureTooLargeError,
    UnreadablePictureError,
    check_size,
    sniffed_kind,
    stated_size,
)

log = get_logger(__name__)

LONGEST_STORED_SIDE_PX = 2048
"""Larger pictures are shrunk: no screen of ours shows more, and it bounds what a stored file can take."""

_FORMAT = {PictureKind.JPEG: "JPEG", PictureKind.PNG: "PNG", PictureKind.WEBP: "WEBP", PictureKind.GIF: "GIF"}
_OPTIONS: dict[PictureKind, dict[str, Any]] = {
    PictureKind.JPEG: {"quality": 90, "optimize": True},
    PictureKind.PNG: {},
    PictureKind.WEBP: {"quality": 90},
    PictureKind.GIF: {},
}


class PillowCleaner:
    """One picture at a time: the largest accepted one takes about 450 MB for a second or two."""

    def __init__(self) -> None:
        self._one_at_a_time = CapacityLimiter(1)

    async def clean(self, content: bytes) -> Picture:
        return await to_thread.run_sync(_clean, content, limiter=self._one_at_a_time)


def _clean(content: bytes) -> Picture:
    kind = sniffed_kind(content)
    size = stated_size(content)
    if kind is None or size is None:
        raise UnreadablePictureError
    # Before a decoder sees it, and below again: the two readers of the header need not agree about a crooked one.
    check_size(*size)
    try:
        return Picture(kind, _encoded(_decoded(content, kind), kind))
    except (PictureTooLargeError, UnreadablePictureError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureTooLargeError from error
    except Exception as error:  # whatever a decoder trips over is a picture that cannot be read
        log.info("pictures.unreadable", kind=kind.value, error=type(error).__name__)
        raise UnreadablePictureError from error


def _decoded(content: bytes, kind: PictureKind) -> Image.Image:
    """The first frame, upright, of at most the stored size, with colours that every kind can hold."""
    with Image.open(io.BytesIO(content), formats=[_FORMAT[kind]]) as picture:
        check_size(*picture.size)
        turn = picture.getexif().get(_ORIENTATION)
        # Of a large JPEG only as much is decoded as the smaller one needs.
        picture.draft(None, (LONGEST_STORED_SIDE_PX, LONGEST_STORED_SIDE_PX))
        picture.load()
        check_size(*picture.size)
        shown = _plain_colours(picture)
    shown.thumbnail((LONGEST_STORED_SIDE_PX, LONGEST_STORED_SIDE_PX), Image.Resampling.LANCZOS)
    return shown.transpose(_UPRIGHT[turn]) if turn in _UPRIGHT else shown


_ORIENTATION = 0x0112  # EXIF tag
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _plain_colours(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits a pixel: the upper eight are what a screen shows
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    wanted = "RGBA" if picture.has_transparency_data else "L" if picture.mode in ("1", "L") else "RGB"
    # Not copied without need: the largest ones fill 200 MB.
    return picture if picture.mode == wanted else picture.convert(wanted)


def _encoded(picture: Image.Image, kind: PictureKind) -> bytes:
    # Painted onto an empty sheet: encoders would copy comments, profiles and the like from the old one.
    sheet = Image.new(picture.mode, picture.size)
    sheet.paste(picture)
    if kind is PictureKind.JPEG and sheet.mode == "RGBA":
        sheet = sheet.convert("RGB")
    out = io.BytesIO()
    sheet.save(out, format=_FORMAT[kind], **_OPTIONS[kind])
    return out.getvalue()
