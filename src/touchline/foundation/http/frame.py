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
"""For bodies that are read whole, whatever they call themselves; a route that streams its body lifts the limit."""

_GOOD_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TOO_LARGE = "The request is too large."
_BODY = "touchline.body"


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
        body = _Body(receive, declared_bytes=_declared_bytes(headers))
        # A form may be an upload: which route it is for is known later, so its length is judged when it is read.
        if body.is_too_large and not headers.get("content-type", "").startswith("multipart/"):
            await JSONResponse({"detail": _TOO_LARGE}, status_code=413)(scope, receive, send)
            return
        scope[_BODY] = body
        await self._app(scope, body, send)


class _Body:
    """A body on its way in: refused by its declared length, counted where it has none."""

    def __init__(self, receive: Receive, *, declared_bytes: int) -> None:
        self._receive = receive
        self._seen_bytes = 0
        self._declared_bytes = declared_bytes
        self.is_limited = True

    @property
    def is_too_large(self) -> bool:
        return self.is_limited and max(self._declared_bytes, self._seen_bytes) > LARGEST_BODY_BYTES

    async def __call__(self) -> Message:
        if self.is_too_large:
            raise HTTPException(413, _TOO_LARGE)
        message = await self._receive()
        self._seen_bytes += len(message.get("body", b""))
        if self.is_too_large:
            raise HTTPException(413, _TOO_LARGE)
        return message


def lift_body_limit(scope: Scope) -> None:
    """For a route that takes its body in pieces and limits it by itself; call it before the first piece is read."""
    body = scope.get(_BODY)
    if isinstance(body, _Body):
        body.is_limited = False


def _declared_bytes(headers: Headers) -> int:
    """What the length says; absurdly long numbers are only known to be large."""
    declared = headers.get("content-length", "0")
    if not (declared.isascii() and declared.isdecimal()):
        return 0
    return int(declared) if len(declared) <= 18 else LARGEST_BODY_BYTES + 1


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _GOOD_ID.fullmatch(given) else new_id()
