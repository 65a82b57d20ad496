"""The frame around every request: an id, a limit for bodies that are read whole, and an answer when we failed."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from touchline.foundation.http.errors import internal_error
from touchline.foundation.ids import new_id
from touchline.foundation.logs import get_logger

log = get_logger(__name__)

LARGEST_BODY_BYTES = 4 << 20
"""For JSON and web forms, which are read into memory; uploads are multipart and have limits of their own."""

_GOOD_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TOO_LARGE = "The request is too large."


class RequestFrame:
    """ASGI middleware: `X-Request-ID` in and out, 413 for large bodies, 500 without a word of the exception."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers)
        has_started = False

        async def send_with_id(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        with bound_contextvars(request_id=request_id):
            try:
                await self._within_limit(scope, receive, send_with_id, headers)
            except Exception:  # the edge of the house: whatever fell through is logged here, once
                log.exception("request.failed", method=scope["method"], path=scope["path"])
                if has_started:
                    raise
                await internal_error(request_id)(scope, receive, send_with_id)

    async def _within_limit(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        if headers.get("content-type", "").startswith("multipart/"):
            await self._app(scope, receive, send)
            return
        declared = headers.get("content-length", "0")
        if declared.isdecimal() and int(declared) > LARGEST_BODY_BYTES:
            await JSONResponse({"detail": _TOO_LARGE}, status_code=413)(scope, receive, send)
            return
        await self._app(scope, _counted(receive), send)


def _counted(receive: Receive) -> Receive:
    """A body without a declared length is counted while it comes in."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > LARGEST_BODY_BYTES:
            raise HTTPException(413, _TOO_LARGE)
        return message

    return counted


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _GOOD_ID.fullmatch(given) else new_id()
