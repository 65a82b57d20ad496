"""Uploads on their way to the disk: checked before the first byte is kept, never whole in memory, all or nothing."""

import asyncio
import errno
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import anyio

from touchline.features.analysis.errors import (
    BadFieldError,
    BrokenUploadError,
    EmptyVideoError,
    NoRoomError,
    NotAVideoError,
    UploadTooLargeError,
)
from touchline.features.analysis.multipart import Field, FileBlock, FileEnd, FileStart, FormReader, Piece
from touchline.features.analysis.ports import VideoTools
from touchline.features.analysis.rules import UPLOADS, display_name, stored_extension, upload_path
from touchline.foundation.storage import MediaStore, PartWriter

MIB = 1 << 20
_BLOCK = MIB
_HEAD = 4096  # bytes that tell a container
_FORM_ALLOWANCE = MIB  # what a form may add to its files
_ROOM_EVERY = 16 * MIB  # written between two looks at the room on the disk
_STALL_S = 300.0


@dataclass(frozen=True)
class Upload:
    """A request body that has not been read yet."""

    content_type: str
    content_length: int | None
    blocks: AsyncIterator[bytes]


@dataclass(frozen=True)
class UploadLimits:
    """max_bytes: the files of one upload together. quota_bytes: all uploads of the server together."""

    max_bytes: int
    min_free_bytes: int = 0
    quota_bytes: int | None = None


class FileSink(Protocol):
    """Takes the blocks of one file part."""

    async def write(self, data: bytes) -> None: ...

    async def end(self) -> None: ...

    async def abort(self) -> None: ...


class NowhereSink:
    """For file parts that nobody asked for."""

    async def write(self, data: bytes) -> None:
        return None

    async def end(self) -> None:
        return None

    async def abort(self) -> None:
        return None


class MemorySink:
    """A small file, kept in memory; the caller's limit bounds it."""

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self._blocks: list[bytes] = []

    @property
    def content(self) -> bytes:
        return b"".join(self._blocks)

    async def write(self, data: bytes) -> None:
        self._blocks.append(data)

    async def end(self) -> None:
        return None

    async def abort(self) -> None:
        self._blocks.clear()


def human_bytes(count: int) -> str:
    """1.5 GiB and the like."""
    size = float(count)
    for unit in ("bytes", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.4g} {unit}"
        size /= 1024
    return f"{size:.4g} GiB"


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


OpenSink = Callable[[FileStart, Mapping[str, str]], Awaitable[FileSink]]
"""Decides where a file part goes; is told the fields that came before it."""


@dataclass
class Form:
    """A received form. Sinks of video parts are complete but not yet committed."""

    fields: dict[str, str] = field(default_factory=dict)
    sinks: dict[str, FileSink] = field(default_factory=dict)

    async def abort(self) -> None:
        """Leave nothing behind, also when the request was cancelled."""
        with anyio.CancelScope(shield=True):
            for sink in self.sinks.values():
                await sink.abort()


async def receive(upload: Upload, *, max_bytes: int, open_sink: OpenSink) -> Form:
    """Read a form to its end.

    Raises:
        UploadTooLargeError: announced, or turned out, to be larger than `max_bytes`; nothing is kept.
        BrokenUploadError: it broke off, stalled, or is no form; nothing is kept.
        BadFieldError: a field cannot be read, or a file was sent twice; nothing is kept.
    """
    too_large = UploadTooLargeError(limit=human_bytes(max_bytes))
    if upload.content_length is not None and upload.content_length > max_bytes + _FORM_ALLOWANCE:
        raise too_large
    reader = FormReader(upload.content_type)
    form = Form()
    if not reader.is_form:
        return form
    current: FileSink | None = None
    file_bytes = 0

    async def take(piece: Piece) -> None:
        nonlocal current, file_bytes
        match piece:
            case Field(name, value):
                form.fields[name] = value
            case FileStart(name, _):
                if name in form.sinks:
                    raise BadFieldError(field=name[:60], reason="was sent twice")
                current = form.sinks[name] = await open_sink(piece, form.fields)
            case FileBlock(data):
                file_bytes += len(data)
                if file_bytes > max_bytes:
                    raise too_large
                assert current is not None
                await current.write(data)
            case FileEnd():
                assert current is not None
                await current.end()

    try:
        async for block in _steadily(upload.blocks):
            for piece in reader.feed(block):
                await take(piece)
        for piece in reader.close():
            await take(piece)
    except BaseException:
        await form.abort()
        raise
    return form


async def _steadily(blocks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The blocks as they come; a sender that says nothing for minutes has gone."""
    while True:
        try:
            async with asyncio.timeout(_STALL_S):
                block = await anext(blocks)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise BrokenUploadError from error
        if block:
            yield block
