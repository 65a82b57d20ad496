"""Where uploads and outputs lie: a port, its local disk, and the rule which paths may be named at all."""

import os
import shutil
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import ClassVar, Protocol

from touchline.foundation.errors import Kind, TouchlineError


class InvalidPathError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "storage.invalid_path"
    text = "Invalid path"


class MediaStore(Protocol):
    """Files addressed by POSIX paths relative to one root. Blocking: call it in a thread."""

    def exists(self, path: str) -> bool: ...

    def size(self, path: str) -> int:
        """Bytes of a file; FileNotFoundError when there is none."""
        ...

    def local(self, path: str) -> Path:
        """A file on this machine's disk with the same bytes (for decoding and range serving)."""
        ...

    def open_part(self, path: str) -> "PartWriter":
        """Start a file; it gets its name only when complete."""
        ...

    def delete(self, path: str) -> None:
        """Remove a file or a folder with all it holds; nothing there is fine."""
        ...

    def free_bytes(self) -> int | None:
        """Room left, None when the store has no such limit."""
        ...

    def used_bytes(self, folder: str) -> int:
        """Bytes of all files under a folder."""
        ...

    def files(self, folder: str) -> list["StoredFile"]:
        """All files under a folder, those in the making too; none when there is no such folder."""
        ...


@dataclass(frozen=True)
class StoredFile:
    """One file of the store; `modified_at` in UTC."""

    path: str
    size: int
    modified_at: datetime


class PartWriter(Protocol):
    """A file in the making."""

    def write(self, block: bytes) -> None: ...

    def commit(self) -> None:
        """Flush to disk and give the file its name."""
        ...

    def abort(self) -> None:
        """Leave nothing behind."""
        ...


def checked_path(path: str) -> PurePosixPath:
    """A path as clients may name it.

    Raises:
        InvalidPathError: absolute, empty, with `..`, NUL or a backslash.
    """
    if not path or "\x00" in path or "\\" in path or path.startswith("/") or any(ord(c) < 32 for c in path):
        raise InvalidPathError
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise InvalidPathError
    return PurePosixPath(path)


def make_private_folder(folder: Path) -> None:
    """Make a folder that only its owner can enter; one that is there already keeps the rights that it was given."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


class DiskStore:
    """The local (or shared) disk below one root."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    @property
    def root(self) -> Path:
        return self._root

    def local(self, path: str) -> Path:
        """Resolve a path inside the root, symlinks included.

        Raises:
            InvalidPathError: the path, or what it links to, lies outside the root.
        """
        resolved = (self._root / checked_path(path)).resolve()
        if not resolved.is_relative_to(self._root) or resolved == self._root:
            raise InvalidPathError
        return resolved

    def exists(self, path: str) -> bool:
        return self.local(path).is_file()

    def size(self, path: str) -> int:
        found = self.local(path)
        if not found.is_file():
            raise FileNotFoundError(path)
        return found.stat().st_size

    def open_part(self, path: str) -> "DiskPart":
        return DiskPart(self.local(path))

    def delete(self, path: str) -> None:
        found = self.local(path)
        if found.is_dir():
            shutil.rmtree(found, ignore_errors=True)
        else:
            found.unlink(missing_ok=True)

    def free_bytes(self) -> int | None:
        self._root.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self._root).free

    def used_bytes(self, folder: str) -> int:
        return sum(file.size for file in self.files(folder))

    def files(self, folder: str) -> list[StoredFile]:
        found: list[StoredFile] = []
        for entry in self.local(folder).glob("**/*"):
            try:
                facts = entry.lstat()
            except FileNotFoundError:
                continue  # renamed or removed while we looked
            if stat.S_ISREG(facts.st_mode):
                path = entry.relative_to(self._root).as_posix()
                found.append(StoredFile(path, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC)))
        return found


class DiskPart:
    """`<name>.part` beside the final file; renamed when complete."""

    def __init__(self, final: Path) -> None:
        final.parent.mkdir(parents=True, exist_ok=True)
        self._final = final
        self._part = final.with_name(final.name + ".part")
        self._file = self._part.open("wb", buffering=0)

    def write(self, block: bytes) -> None:
        view = memoryview(block)
        while view:
            view = view[self._file.write(view) :]

    def commit(self) -> None:
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.replace(self._final)

    def abort(self) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)
