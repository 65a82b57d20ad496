"""A language model that a test makes up: a real HTTP server on loopback."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Reply = Callable[[dict[str, Any]], tuple[int, bytes]]


@dataclass
class ModelServer:
    """Answers each request with `reply`; keeps what it was sent. `hangs` makes it never answer."""

    reply: Reply
    hangs: bool = False
    address: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    before_reply: Callable[[], Awaitable[None]] | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            int(line.split(":")[1]) for line in head.lower().splitlines() if line.startswith("content-length")
        )
        body = json.loads(await reader.readexactly(length))
        self.heads.append(head)
        self.bodies.append(body)
        if self.hangs:
            await reader.read()
        elif self.before_reply is not None:
            await self.before_reply()
        status, content = self.reply(body)
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n".encode())
        writer.write(content)
        writer.close()


@asynccontextmanager
async def serving(reply: Reply, **options: Any) -> AsyncIterator[ModelServer]:
    model = ModelServer(reply, **options)
    server = await asyncio.start_server(model.serve, "127.0.0.1", 0)
    model.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield model


def says(text: str) -> Reply:
    """The form of a remote model."""
    return lambda _: (200, json.dumps({"status": "ok", "response": text}).encode())


def chats(text: str) -> Reply:
    """The form of chat completions."""
    return lambda _: (200, json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode())


def sends(content: bytes | str, status: int = 200) -> Reply:
    return lambda _: (status, content if isinstance(content, bytes) else content.encode())
