"""Which picture files a command line names, under which names they are told, and their pixels."""

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from touchline.foundation.errors import TouchlineError
from touchline.foundation.pictures import check_size

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
VIDEO_SUFFIXES = (".mp4", ".mov", ".m4v", ".mkv", ".avi", ".webm", ".ts", ".mts", ".mpg", ".mpeg", ".wmv")


class PictureFileError(Exception):
    """What was named cannot be searched or read; the message says what and why."""


@dataclass(frozen=True)
class PictureFile:
    """One file and the name by which results call it."""

    name: str
    path: Path


def picture_files(given: Sequence[Path]) -> tuple[list[PictureFile], list[Path]]:
    """The pictures that files and folders name, each once, and the videos that lie among those of folders.

    A picture of a folder is named by its path below that folder, a file as it was given; where two of them would have
    the same name, both are named by their whole path as given.

    Raises:
        PictureFileError: nothing there, a video, or a folder without pictures.
    """
    found: dict[Path, tuple[str, str, Path]] = {}
    videos = []
    for place in given:
        if not place.exists():
            raise PictureFileError(f"There is no file or folder {place}.")
        if place.is_dir():
            inside = sorted(_visible(place))
            pictures = [path for path in inside if path.suffix.lower() in SUFFIXES]
            videos += [path for path in inside if path.suffix.lower() in VIDEO_SUFFIXES]
            if not pictures:
                raise PictureFileError(f"The folder {place} holds no pictures ({', '.join(SUFFIXES)}).")
            for path in pictures:
                found.setdefault(path.resolve(), (path.relative_to(place).as_posix(), path.as_posix(), path))
        elif place.suffix.lower() in VIDEO_SUFFIXES:
            raise PictureFileError(f"{place} is a video; touchline analyse reads videos.")
        else:
            found.setdefault(place.resolve(), (place.as_posix(), place.as_posix(), place))
    times = Counter(name for name, _, _ in found.values())
    files = [PictureFile(name if times[name] == 1 else whole, path) for name, whole, path in found.values()]
    return files, videos


def read_picture(path: Path) -> NDArray[np.uint8]:
    """(H, W, 3) BGR, upright as the file's orientation mark says.

    Raises:
        PictureFileError: not a picture, cut off, or larger than can be decoded; the message is the reason only.
    """
    # Late: the command line loads fast.
    from PIL import Image, ImageOps

    try:
        content = path.read_bytes()
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP", "BMP")) as picture:
            check_size(*picture.size)
            upright = ImageOps.exif_transpose(picture)
            if upright.mode.startswith("I"):  # 16 bits a pixel: the upper eight are what a screen shows
                upright = upright.convert("I").point(lambda value: value / 256).convert("L")
            return np.ascontiguousarray(np.asarray(upright.convert("RGB"), np.uint8)[:, :, ::-1])
    except TouchlineError as error:
        raise PictureFileError(str(error)) from error
    except OSError as error:
        raise PictureFileError(error.strerror or "it is no picture that can be read, or it is cut off") from error
    except Exception as error:  # whatever a decoder trips over is a picture that cannot be read
        raise PictureFileError("it is no picture that can be read") from error


def _visible(folder: Path) -> Iterator[Path]:
    """All files below a folder but hidden ones, which systems leave behind."""
    for path in folder.rglob("*"):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path
