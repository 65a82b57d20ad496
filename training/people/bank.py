"""A bank of sprites on disk: flat columns, one row a pixel, and what is known of each sprite.

Columns are memory-mapped, so that many processes share one copy. Reading needs only numpy; `build` loads the
body model in processes of its own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.people.sprite import Kind, Outfit, Sprite, SpriteMeta

FORMAT_VERSION = 1
DEFAULT_COUNT = 6000
DEFAULT_CHUNK = 100
COLUMNS: dict[str, tuple[type[np.generic], tuple[int, ...]]] = {
    "alpha": (np.uint8, ()),
    "part": (np.uint8, ()),
    "normal": (np.int8, (2,)),
    "occlusion": (np.uint8, ()),
    "u": (np.uint8, ()),
    "v": (np.uint8, ()),
}
INFO_FILE = "bank.json"
META_FILE = "meta.json"
OFFSETS_FILE = "offsets.npy"
SHAPES_FILE = "shapes.npy"


class BankError(Exception):
    """A bank cannot be read or built; the message says what to do."""


@dataclass(frozen=True)
class Bank:
    """Sprites by number. Pickles as its folder's name, so that worker processes map the files themselves."""

    folder: Path
    columns: dict[str, NDArray[Any]]  # rows of all sprites after one another
    offsets: NDArray[np.int64]  # (N + 1,) first row of each sprite
    shapes: NDArray[np.int32]  # (N, 2) height and width in pixels
    metas: tuple[SpriteMeta, ...]
    checksum: str

    def __len__(self) -> int:
        return len(self.metas)

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (self.folder,)

    def sprite(self, i: int) -> Sprite:
        """The sprite of that number as views of the mapped files.

        Raises:
            IndexError: no sprite has that number; negative numbers count from the end.
        """
        if not -len(self) <= i < len(self):
            raise IndexError(f"The bank holds {len(self)} sprites; there is no number {i}.")
        i %= len(self)
        rows = slice(int(self.offsets[i]), int(self.offsets[i + 1]))
        height, width = (int(side) for side in self.shapes[i])
        views = {name: column[rows].reshape(height, width, *column.shape[1:]) for name, column in self.columns.items()}
        return Sprite(**views, meta=self.metas[i])


def open(folder: Path | str) -> Bank:  # noqa: A001  read as bank.open(...) where it is called
    """The bank in that folder.

    Raises:
        BankError: there is no finished bank, or another version of this code wrote it.
    """
    folder = Path(folder)
    if not (folder / INFO_FILE).is_file():
        raise BankError(
            f"There is no finished bank of people in {folder}; build it with "
            f"'python -m training.people.build {folder}'."
        )
    info = json.loads((folder / INFO_FILE).read_text(encoding="utf-8"))
    if info["format"] != FORMAT_VERSION:
        raise BankError(
            f"The bank in {folder} has format {info['format']}, this code reads {FORMAT_VERSION}; build it anew."
        )
    return Bank(
        folder=folder,
        columns={name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in COLUMNS},
        offsets=np.load(folder / OFFSETS_FILE),
        shapes=np.load(folder / SHAPES_FILE),
        metas=tuple(_meta(row) for row in json.loads((folder / META_FILE).read_text(encoding="utf-8"))),
        checksum=info["checksum"],
    )


def build(
    folder: Path | str,
    *,
    seed: int,
    count: int = DEFAULT_COUNT,
    workers: int | None = None,
    chunk: int = DEFAULT_CHUNK,
    on_progress: Callable[[int, int], None] | None = None,
) -> Bank:
    """Draws a bank, or what an interruption left of it to do, and opens it.

    The same seed and count give the same bytes, whatever the number of processes.

    Args:
        folder: where the bank shall lie; made if missing.
        seed: what all sprites are drawn from, with their numbers.
        count: how many sprites.
        workers: processes; one for each core if not given.
        chunk: sprites that are kept together, which is what an interruption can cost.
        on_progress: told how many sprites are done, and the count, as pieces are kept.

    Raises:
        BankError: the folder holds another bank, or a number makes no sense.
    """
    if count < 1 or seed < 0 or chunk < 1:
        raise BankError(
            f"A bank needs a count and a chunk of at least 1 and a seed of at least 0, not {count}, {chunk} and {seed}."
        )
    from training.people.building import fill  # loads the renderer; readers do without

    fill(
        Path(folder),
        seed=seed,
        count=count,
        workers=workers or os.cpu_count() or 1,
        chunk=chunk,
        on_progress=on_progress,
    )
    return open(folder)


def _meta(row: dict[str, Any]) -> SpriteMeta:
    # JSON has no NaN: what was not there is null in the file
    values: dict[str, Any] = {name: float("nan") if value is None else value for name, value in row.items()}
    values["kind"], values["outfit"] = Kind(row["kind"]), Outfit(row["outfit"])
    return SpriteMeta(**values)
