"""A form on its way in: read piece by piece, never whole in memory, refused before its limit, all or nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import anyio

from touchline.foundation.multipart import Field, FileBlock, FileEnd, FileStart, FormReader, Piece
from touchline.foundation.upload_errors import BadFieldError, BrokenUploadError, UploadTooLargeError

MIB = 1 << 20
_FORM_ALLOWANCE = MIB  # what a form may add to its files
_STALL_S = 300.0


@dataclass(frozen=True)
class Upload:
    """A request body that has not been read yet."""

    content_type: str
    content_length: int | None
    blocks: AsyncIterator[bytes]


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


OpenSink = Callable[[FileStart, Mapping[str, str]], Awaitable[FileSink]]
"""Decides where a file part goes; is told the fields that came before it."""


@dataclass
class Form:
    """A received form. What its sinks keep under a name of its own is for their owner to say."""

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


async def receive_file(upload: Upload, *, max_bytes: int, what: str) -> MemorySink:
    """Read a form whose part `file` is one small file; other parts are passed over.

    Raises:
        BadFieldError: there is no such part, and the message says `what` should be in it.
        UploadTooLargeError, BrokenUploadError: as `receive`.
    """

    async def open_sink(start: FileStart, _: Mapping[str, str]) -> FileSink:
        return MemorySink(start.filename) if start.name == "file" else NowhereSink()

    form = await receive(upload, max_bytes=max_bytes, open_sink=open_sink)
    sink = form.sinks.get("file")
    if not isinstance(sink, MemorySink):
        raise BadFieldError(field="file", reason=f"{what} is required")
    return sink


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
