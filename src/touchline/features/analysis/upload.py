"""Videos on their way to the disk: checked before the first byte is kept, written while the next block arrives."""

import asyncio
import errno
from collections.abc import Callable
from dataclasses import dataclass

import anyio

from touchline.features.analysis.errors import EmptyVideoError, NoRoomError, NotAVideoError
from touchline.features.analysis.ports import VideoTools
from touchline.features.analysis.rules import UPLOADS, display_name, stored_extension, upload_path
from touchline.foundation.multipart import FileStart
from touchline.foundation.storage import MediaStore, PartWriter
from touchline.foundation.upload import MIB

_BLOCK = MIB
_HEAD = 4096  # bytes that tell a container
_ROOM_EVERY = 16 * MIB  # written between two looks at the room on the disk


@dataclass(frozen=True)
class UploadLimits:
    """max_bytes: the files of one upload together. quota_bytes: all uploads of the server together."""

    max_bytes: int
    min_free_bytes: int = 0
    quota_bytes: int | None = None


@dataclass(frozen=True)
class Room:
    """Whether the store has room for what is coming. Blocking."""

    media: MediaStore
    limits: UploadLimits

    def check(self, incoming_bytes: int) -> None:
        """Raise NoRoomError when the disk's reserve or the quota would be touched."""
        free = self.media.free_bytes()
        if free is not None and free - incoming_bytes < self.limits.min_free_bytes:
            raise NoRoomError
        if (
            self.limits.quota_bytes is not None
            and self.media.used_bytes(UPLOADS) + incoming_bytes > self.limits.quota_bytes
        ):
            raise NoRoomError


class VideoSink:
    """One video: sniffed by its first bytes, then written in blocks of 1 MiB by a thread while the next one arrives."""

    def __init__(self, start: FileStart, *, run_id: str, number: int, room: Room, video: VideoTools) -> None:
        self.name = display_name(start.filename)
        self.was_chosen = bool(start.filename)
        self.path: str | None = None
        self.size = 0
        self._start = start
        self._stem = (run_id, number)
        self._room = room
        self._video = video
        self._part: PartWriter | None = None
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._writing: asyncio.Future[None] | None = None
        self._since_room_check = 0

    async def write(self, data: bytes) -> None:
        self.size += len(data)
        self._pending.append(data)
        self._pending_bytes += len(data)
        if self._part is None and self._pending_bytes >= _HEAD:
            await self._open()
        if self._pending_bytes >= _BLOCK:
            await self._flush()

    async def end(self) -> None:
        """The last block arrived.

        Raises:
            EmptyVideoError: a file was chosen that holds nothing.
        """
        if self.size == 0:
            if self.was_chosen:
                raise EmptyVideoError(name=self.name)
            return
        if self._part is None:
            await self._open()
        await self._flush()
        await self._written()

    async def commit(self) -> None:
        """Flush to disk and give the file its name."""
        assert self._part is not None
        await anyio.to_thread.run_sync(_guarded, self._part.commit)

    async def abort(self) -> None:
        if self._writing is not None:
            await asyncio.wait({self._writing})
            self._writing.exception()
        if self._part is not None:
            await anyio.to_thread.run_sync(self._part.abort)
            self._part = None

    async def _open(self) -> None:
        container = self._video.sniff(b"".join(self._pending)[:_HEAD])
        if container is None:
            raise NotAVideoError(name=self.name)
        run_id, number = self._stem
        self.path = upload_path(run_id, number, stored_extension(self._start.filename, container))
        self._part = await anyio.to_thread.run_sync(self._room.media.open_part, self.path)

    async def _flush(self) -> None:
        block = b"".join(self._pending)
        self._pending, self._pending_bytes = [], 0
        await self._written()
        # Not awaited here: the next block is received while this one goes to the disk.
        self._writing = asyncio.get_running_loop().run_in_executor(None, _guarded, self._store, block)

    async def _written(self) -> None:
        if self._writing is not None:
            # `wait` leaves the thread's future alone when this task is cancelled, so that abort can wait for it.
            await asyncio.wait({self._writing})
            done, self._writing = self._writing, None
            done.result()

    def _store(self, block: bytes) -> None:
        assert self._part is not None
        self._part.write(block)
        self._since_room_check += len(block)
        if self._since_room_check >= _ROOM_EVERY:
            self._since_room_check = 0
            self._room.check(0)


def _guarded(work: Callable[..., None], *arguments: bytes) -> None:
    """Do disk work; a full disk is the user's matter, not a fault of the server."""
    try:
        work(*arguments)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise NoRoomError from error
        raise
