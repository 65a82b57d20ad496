"""Clients for doors that stay open: an event stream and a WebSocket, spoken to over bare ASGI, without a server."""

import asyncio
from types import TracebackType
from typing import Any, Self

PATIENCE_S = 10.0


class LiveStream:
    """One GET whose body is read as it comes. `hold` makes the client stop reading, as a slow one does."""

    def __init__(self, app: Any, path: str, *, headers: dict[str, str] | None = None, query: str = "") -> None:
        self._app = app
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
            "client": ("127.0.0.1", 5000),
            "server": ("touchline", 80),
        }
        self._incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.reading = asyncio.Event()
        self.reading.set()
        self.status = 0
        self.headers: dict[str, str] = {}
        self._rest = b""

    async def __aenter__(self) -> Self:
        self._incoming.put_nowait({"type": "http.request", "body": b"", "more_body": False})
        self._task = asyncio.create_task(self._app(self._scope, self._incoming.get, self._send))
        start = await self._next()
        self.status = start["status"]
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.reading.set()
        await self.leave()

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            await self.reading.wait()
        self._outgoing.put_nowait(message)

    async def _next(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_S):
            return await self._outgoing.get()

    def hold(self) -> None:
        self.reading.clear()

    async def block(self) -> bytes | None:
        """The next message with its blank line, None at the end of the stream."""
        while b"\n\n" not in self._rest:
            message = await self._next()
            self._rest += message.get("body", b"")
            if not message.get("more_body", False):
                break
        found, blank, self._rest = self._rest.partition(b"\n\n")
        return found + blank if blank else None

    async def all(self) -> bytes:
        """Everything until the end of the stream."""
        blocks = []
        while (block := await self.block()) is not None:
            blocks.append(block)
        return b"".join(blocks)

    async def is_over(self) -> bool:
        return await self.block() is None

    async def given_up(self) -> None:
        """Wait until the app is through with this client by itself."""
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.shield(self._task)

    async def leave(self) -> None:
        """Break the connection off and wait until the app is through with it."""
        self._incoming.put_nowait({"type": "http.disconnect"})
        async with asyncio.timeout(PATIENCE_S):
            await self._task


class LiveSocket:
    """One WebSocket. After `connect`, `accepted` says whether the handshake went well, `code` why it was closed."""

    def __init__(
        self,
        app: Any,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        query: str = "",
        subprotocols: tuple[str, ...] = (),
        address: str = "127.0.0.1",
    ) -> None:
        self._app = app
        self._scope = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
            "client": (address, 5000),
            "server": ("touchline", 80),
            "subprotocols": list(subprotocols),
            "state": {},
        }
        self._incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.accepted = False
        self.subprotocol: str | None = None
        self.code: int | None = None

    async def __aenter__(self) -> Self:
        self._incoming.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.create_task(self._app(self._scope, self._incoming.get, self._send))
        first = await self._next()
        self.accepted = first["type"] == "websocket.accept"
        self.subprotocol = first.get("subprotocol")
        self.code = first.get("code")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._incoming.put_nowait({"type": "websocket.disconnect", "code": 1001})
        async with asyncio.timeout(PATIENCE_S):
            await self._task

    async def _send(self, message: dict[str, Any]) -> None:
        self._outgoing.put_nowait(message)

    async def _next(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_S):
            return await self._outgoing.get()

    async def text(self) -> str:
        """The next frame."""
        message = await self._next()
        assert message["type"] == "websocket.send", message
        return message["text"]

    async def closed(self) -> int:
        """The code that the server closes with."""
        message = await self._next()
        assert message["type"] == "websocket.close", message
        return message["code"]

    def send(self, text: str) -> None:
        self._incoming.put_nowait({"type": "websocket.receive", "text": text})

    @property
    def is_quiet(self) -> bool:
        return self._outgoing.empty()
