"""A file over HTTP, whole or in part, as one state: opened once, so that a file replaced meanwhile is never mixed."""

import os
import stat
from functools import partial
from pathlib import Path

import anyio
import anyio.to_thread
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from touchline.features.analysis.byte_ranges import (
    ByteRange,
    UnsatisfiableError,
    entity_tag,
    http_date,
    is_same_file,
    is_unchanged,
    requested_range,
)

_CHUNK = 1 << 20
_NO_SUCH_RANGE = b'{"detail":"The file has no such range of bytes."}'


class OpenFile:
    """A regular file, open for reading."""

    def __init__(self, path: Path) -> None:
        """Open it. FileNotFoundError when it is missing or not a regular file. Blocking."""
        # Not blocking, so that a pipe in the folder cannot hold the thread.
        self.descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        facts = os.fstat(self.descriptor)
        if not stat.S_ISREG(facts.st_mode):
            self.close()
            raise FileNotFoundError(path)
        self.size = facts.st_size
        self.modified_s = facts.st_mtime
        self.tag = entity_tag(facts.st_mtime_ns, facts.st_size)

    def read(self, start: int, count: int) -> bytes:
        return os.pread(self.descriptor, count, start)

    def close(self) -> None:
        os.close(self.descriptor)


class FileRangeResponse(Response):
    """200, 206, 304 or 416 for GET and HEAD; the file is closed when the answer is sent or given up."""

    def __init__(self, file: OpenFile, *, media_type: str) -> None:
        self._file = file
        self.status_code = 200
        self.background = None
        self.media_type = media_type
        self.init_headers(
            {
                "Accept-Ranges": "bytes",
                "Cache-Control": "private, no-cache",
                "ETag": file.tag,
                "Last-Modified": http_date(file.modified_s),
                "X-Content-Type-Options": "nosniff",
                # A report opened from here runs no script and reaches nothing of this origin.
                "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src 'self'",
            }
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            part = self._decide(Headers(scope=scope))
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            if part is None or scope["method"] == "HEAD":
                is_refused = self.status_code == 416 and scope["method"] != "HEAD"
                await send({"type": "http.response.body", "body": _NO_SUCH_RANGE if is_refused else b""})
            else:
                await self._send_while_wanted(part, receive, send)
        finally:
            self._file.close()

    def _decide(self, request: Headers) -> ByteRange | None:
        """Set status and headers; answers with the bytes to send, None when there is no body."""
        file, modified = self._file, self.headers["last-modified"]
        if is_unchanged(
            if_none_match=request.get("if-none-match"),
            if_modified_since=request.get("if-modified-since"),
            tag=file.tag,
            modified_s=file.modified_s,
        ):
            self.status_code = 304
            return None
        wanted = request.get("range")
        if_range = request.get("if-range")
        if if_range is not None and not is_same_file(if_range, tag=file.tag, modified=modified):
            wanted = None
        try:
            part = requested_range(wanted, file.size)
        except UnsatisfiableError:
            self.status_code = 416
            self.headers["Content-Range"] = f"bytes */{file.size}"
            self.headers["Content-Length"] = str(len(_NO_SUCH_RANGE))
            self.headers["Content-Type"] = "application/json"
            return None
        if part is None:
            part = ByteRange(0, file.size)
        else:
            self.status_code = 206
            self.headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{file.size}"
        self.headers["Content-Length"] = str(part.end - part.start)
        return part

    async def _send_while_wanted(self, part: ByteRange, receive: Receive, send: Send) -> None:
        """Send until done, or until the client has gone: a player that seeks drops many answers half-way."""
        async with anyio.create_task_group() as tasks:

            async def watch() -> None:
                while (await receive())["type"] != "http.disconnect":
                    pass
                tasks.cancel_scope.cancel()

            tasks.start_soon(watch)
            await self._send(part, send)
            tasks.cancel_scope.cancel()

    async def _send(self, part: ByteRange, send: Send) -> None:
        at = part.start
        while True:
            count = min(_CHUNK, part.end - at)
            block = await anyio.to_thread.run_sync(partial(self._file.read, at, count)) if count else b""
            at += len(block)
            if count and not block:
                raise OSError("The file became shorter while it was sent.")
            more = at < part.end
            await send({"type": "http.response.body", "body": block, "more_body": more})
            if not more:
                return
