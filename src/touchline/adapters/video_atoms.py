"""The boxes ("atoms") of MP4 and QuickTime files, as far as it takes to move their index to the front.

Nothing is decoded and nothing but the index changes, so rotation, edit lists and sound stay as they are.
Layout: ISO/IEC 14496-12.
"""

import os
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_COPY_BYTES = 1 << 20
_INDEX_LIMIT_BYTES = 256 << 20  # the index of ten hours of video takes some 20 MB
_OFFSET_LIMIT = 1 << 32
_BRANCHES = frozenset({b"trak", b"mdia", b"minf", b"stbl"})


class AtomsError(Exception):
    """The file is not laid out in a way that allows moving its index; the message says why."""


@dataclass(frozen=True)
class Atom:
    """One top-level box: where it starts and how many bytes it takes, header included."""

    kind: bytes
    start: int
    size: int


def top_level(file: BinaryIO) -> Iterator[Atom]:
    """Yield the boxes of a file in order; stops quietly where the file is cut off or is no such file."""
    end = file.seek(0, os.SEEK_END)
    start = 0
    while start + 8 <= end:
        file.seek(start)
        head = file.read(16)
        size, kind = struct.unpack(">I4s", head[:8])
        if size == 1 and len(head) == 16:
            (size,) = struct.unpack(">Q", head[8:])
        elif size == 0:  # up to the end of the file
            size = end - start
        if size < 8:
            return
        yield Atom(kind, start, size)
        start += size


def index_is_first(path: Path) -> bool:
    """Whether a player can start before it has the whole file; false for a file without an index."""
    with path.open("rb") as file:
        for atom in top_level(file):
            if atom.kind == b"moov":
                return True
            if atom.kind == b"mdat":
                return False
    return False


def move_index_first(source: Path, target: Path, *, limit_s: float) -> None:
    """Write a copy of `source` whose index comes before its pictures.

    Raises:
        AtomsError: no index, a fragmented or compressed one, or offsets that would no longer fit.
        TimeoutError: copying took longer than `limit_s`.
    """
    deadline_s = time.monotonic() + limit_s
    with source.open("rb") as file, target.open("wb") as out:
        atoms = list(top_level(file))
        index = _only_index(atoms, file.seek(0, os.SEEK_END))
        first_data = next(atom for atom in atoms if atom.kind == b"mdat")
        file.seek(index.start)
        moved = bytearray(file.read(index.size))
        _shift_offsets(moved, by=index.size, between=(first_data.start, index.start))
        for atom in atoms:
            if atom is first_data:
                out.write(moved)
            if atom is not index:
                _copy(file, out, atom, deadline_s)
        out.flush()
        os.fsync(out.fileno())


def _only_index(atoms: list[Atom], file_size: int) -> Atom:
    kinds = [atom.kind for atom in atoms]
    if b"moof" in kinds:
        raise AtomsError("it is fragmented")
    if kinds.count(b"moov") != 1 or b"mdat" not in kinds:
        raise AtomsError("it has no index, or no pictures; it may be cut off")
    last, index = atoms[-1], atoms[kinds.index(b"moov")]
    if last.start + last.size > file_size:
        raise AtomsError("it is cut off")
    if index.size > _INDEX_LIMIT_BYTES:
        raise AtomsError("its index is too large")
    if index.start < atoms[kinds.index(b"mdat")].start:
        raise AtomsError("its index is in front already")
    return index


def _shift_offsets(index: bytearray, *, by: int, between: tuple[int, int]) -> None:
    """Move every chunk offset that points between two places of the file by some bytes, in place."""
    for kind, body, end in _tables(index, 8, len(index)):
        (count,) = struct.unpack_from(">I", index, body + 4)
        code, width = ("I", 4) if kind == b"stco" else ("Q", 8)
        first = body + 8
        if first + count * width > end:
            raise AtomsError("its index is damaged")
        layout = struct.Struct(f">{count}{code}")
        offsets = [
            offset + by if between[0] <= offset < between[1] else offset for offset in layout.unpack_from(index, first)
        ]
        if kind == b"stco" and offsets and max(offsets) >= _OFFSET_LIMIT:
            raise AtomsError("it is too large for its kind of index")
        layout.pack_into(index, first, *offsets)


def _tables(index: bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(kind, start of the body, end) of every chunk offset table below a box."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", index, start)
        if size < 8 or start + size > end:
            raise AtomsError("its index is damaged")
        if kind == b"cmov":
            raise AtomsError("its index is compressed")
        if kind in _BRANCHES:
            yield from _tables(index, start + 8, start + size)
        elif kind in (b"stco", b"co64"):
            yield kind, start + 8, start + size
        start += size


def _copy(file: BinaryIO, out: BinaryIO, atom: Atom, deadline_s: float) -> None:
    file.seek(atom.start)
    left = atom.size
    while left:
        if time.monotonic() > deadline_s:
            raise TimeoutError
        block = file.read(min(left, _COPY_BYTES))
        if not block:
            raise AtomsError("it is cut off")
        out.write(block)
        left -= len(block)
