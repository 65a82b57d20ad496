"""Pictures of teams and players: received, made clean, kept under names that nobody guesses, found again, removed.

Files lie in `static/images/<folder>/` below the output root and are public to whoever knows their name. A name begins
with the id of its row, so that nobody's row can ever remove or claim somebody else's file.
"""

import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar

import anyio

from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection, Database
from touchline.foundation.errors import Kind, TouchlineError
from touchline.foundation.logs import get_logger
from touchline.foundation.pictures import Picture, PictureCleaner, PictureKind
from touchline.foundation.storage import InvalidPathError, MediaStore
from touchline.foundation.upload import Upload, receive_file

log = get_logger(__name__)

_ROOT = "static/images"
_FILE = r"(?P<owner>[A-Za-z0-9_-]{1,64})-[0-9a-f]{8}\.(?P<extension>jpg|png|webp|gif)"
_PATH = re.compile(rf"{_ROOT}/(?P<folder>teams|players)/{_FILE}")
_ABANDONED_AFTER = timedelta(hours=1)


class Folder(StrEnum):
    """Whose pictures lie together."""

    TEAMS = "teams"
    PLAYERS = "players"


class PictureMissingError(TouchlineError):
    """Absent, or no name that we give: one answer for both."""

    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "pictures.not_found"
    text = "Picture not found"


PicturesInUse = Callable[[Connection], Awaitable[Iterable[str]]]
"""The picture addresses that the rows of a room refer to."""


@dataclass(frozen=True)
class Gallery:
    """max_bytes: the largest file that is received."""

    media: MediaStore
    cleaner: PictureCleaner
    clock: Clock
    max_bytes: int

    async def receive(self, upload: Upload) -> Picture:
        """The picture in the part `file` of a form, made clean. It takes long: hold no transaction open meanwhile.

        Raises:
            BadFieldError, BrokenUploadError: the form has no such part, or cannot be read.
            UploadTooLargeError, PictureTooLargeError: too many bytes, too many pixels.
            UnreadablePictureError: not a picture of an accepted kind.
        """
        sent = await receive_file(upload, max_bytes=self.max_bytes, what="a picture")
        return await self.cleaner.clean(sent.content)

    @asynccontextmanager
    async def hung(self, picture: Picture, folder: Folder, row_id: str) -> AsyncIterator[str]:
        """Store a picture for a row and answer its address, beginning with `/static/`.

        When the block raises, say because its transaction failed, the file is removed again.
        """
        path = f"{_ROOT}/{folder}/{row_id}-{secrets.token_hex(4)}.{picture.kind.value}"
        try:
            await anyio.to_thread.run_sync(self._write, path, picture.content)
            yield f"/{path}"
        except BaseException:
            await self._remove(path)
            raise

    async def discard(self, address: str | None, folder: Folder, row_id: str) -> None:
        """Remove the picture that a row referred to, once the change is committed; any other address is left alone."""
        found = None if address is None else _PATH.fullmatch(address.removeprefix("/"))
        if found is not None and found["folder"] == folder and found["owner"] == row_id:
            await self._remove(found.string)

    async def find(self, path: str) -> Picture:
        """A stored picture by its address, with or without the first slash.

        Raises:
            PictureMissingError: there is none, or the name is none of ours.
        """
        named = _PATH.fullmatch(path.removeprefix("/"))
        if named is None:
            raise PictureMissingError
        return Picture(PictureKind(named["extension"]), await anyio.to_thread.run_sync(self._read, named.string))

    async def sweep(self, database: Database, rooms: Iterable[PicturesInUse]) -> int:
        """Remove pictures that no row refers to, left by rows that went with others or by a crash; returns how many.

        Young ones stay: their row may not be committed yet.
        """
        files = await anyio.to_thread.run_sync(self.media.files, _ROOT)
        async with database.begin() as db:
            used = {address.removeprefix("/") for room in rooms for address in await room(db)}
        now = self.clock.now()
        dead = [file.path for file in files if file.path not in used and now - file.modified_at > _ABANDONED_AFTER]
        for path in dead:
            await self._remove(path)
        return len(dead)

    def _write(self, path: str, content: bytes) -> None:
        part = self.media.open_part(path)
        try:
            part.write(content)
            part.commit()
        except BaseException:
            part.abort()
            raise

    def _read(self, path: str) -> bytes:
        try:
            return self.media.local(path).read_bytes()
        except (InvalidPathError, FileNotFoundError, IsADirectoryError) as error:
            raise PictureMissingError from error

    async def _remove(self, path: str) -> None:
        """Never fails: the row counts, and the sweep comes by again."""
        with anyio.CancelScope(shield=True):
            try:
                await anyio.to_thread.run_sync(self.media.delete, path)
            except OSError as error:
                log.warning("pictures.not_removed", path=path, error=str(error))
