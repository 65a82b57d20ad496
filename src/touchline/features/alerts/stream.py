"""Alerts and game flow of a match over a WebSocket (realtime 2): one object a frame, nothing is replayed."""

import asyncio
from dataclasses import dataclass
from enum import IntEnum

from starlette.websockets import WebSocket, WebSocketDisconnect

from touchline.features.alerts import queries
from touchline.features.analysis.events import match_channel
from touchline.features.analysis.scope import resolve_match_scope
from touchline.features.identity import Authenticator, Principal
from touchline.foundation.clock import Clock
from touchline.foundation.db import Database
from touchline.foundation.errors import Kind, TouchlineError
from touchline.foundation.events import BusUnavailableError, EventBus, ListenerTooSlowError, Subscription
from touchline.foundation.logs import get_logger

log = get_logger(__name__)

TOLD = frozenset({"alert", "flow_analysis"})
LARGEST_FRAME_BYTES = 4096
STUCK_AFTER_S = 60.0
"""A client that takes nothing for so long is gone, whatever its connection says."""


class Close(IntEnum):
    """Why a socket is closed."""

    NORMAL = 1000
    TOO_LARGE = 1009
    TRY_AGAIN = 1013
    NOT_SIGNED_IN = 4401
    NOT_IN_SCOPE = 4404


@dataclass(frozen=True)
class _Credentials:
    """What a socket came with: a token, or the grant of an address; neither means a stranger."""

    token: str | None = None
    subprotocol: str | None = None
    address: str | None = None


@dataclass(frozen=True)
class AlertSockets:
    """Serves sockets until the client goes, falls behind, or may not watch any more.

    grants_are_on: whether a socket without credentials may take the identity of the listing before it.
    check_every_s: how often access is looked at again; the contract allows 60 s.
    """

    database: Database
    bus: EventBus
    clock: Clock
    authenticator: Authenticator
    grants_are_on: bool = False
    backlog: int = 1000
    check_every_s: float = 30.0

    async def serve(self, socket: WebSocket, match_id: str) -> None:
        """Check who it is, then push. A refusal before the handshake becomes HTTP 403."""
        given = _credentials(socket)
        try:
            watcher = await self._watcher(given, match_id)
        except TouchlineError as error:
            await socket.close(_code_of(error))
            return
        if watcher is None:
            await socket.close(Close.NOT_SIGNED_IN)
            return
        try:
            async with self.bus.subscribe(match_channel(match_id), backlog=self.backlog) as facts:
                await socket.accept(subprotocol=given.subprotocol)
                await self._until_closed(socket, facts, given, watcher, match_id)
        except BusUnavailableError:
            await socket.accept(subprotocol=given.subprotocol)
            await socket.close(Close.TRY_AGAIN)

    async def _watcher(self, given: _Credentials, match_id: str) -> Principal | None:
        """Who watches.

        Raises:
            TouchlineError: a token that is not valid (any more), a disabled account, a match out of scope.
        """
        watcher = (
            await self._granted(given.address, match_id)
            if given.token is None
            else await self.authenticator.principal_for_token(given.token)
        )
        if watcher is not None:
            async with self.database.begin() as db:
                await resolve_match_scope(db, watcher, match_id)
        return watcher

    async def _granted(self, address: str | None, match_id: str) -> Principal | None:
        if not self.grants_are_on or not address:
            return None
        async with self.database.begin() as db:
            user_id = await queries.granted_user(db, address=address, match_id=match_id, now=self.clock.now())
        return None if user_id is None else await self.authenticator.principal_for_user(user_id)

    async def _until_closed(
        self, socket: WebSocket, facts: Subscription, given: _Credentials, watcher: Principal, match_id: str
    ) -> None:
        heard = asyncio.create_task(_discard(socket))
        pushed = asyncio.create_task(self._push(socket, facts, given, watcher, match_id))
        try:
            done, _ = await asyncio.wait({heard, pushed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (heard, pushed):
                task.cancel()
            await asyncio.gather(heard, pushed, return_exceptions=True)
        code = next(iter(done)).result()
        if code is not None:
            log.info("socket.closed", match_id=match_id, reason=code.name)
            await socket.close(code)

    async def _push(
        self, socket: WebSocket, facts: Subscription, given: _Credentials, watcher: Principal, match_id: str
    ) -> Close | None:
        loop = asyncio.get_running_loop()
        check_at = loop.time() + self.check_every_s
        heard: set[str] = set()
        try:
            while True:
                event = await facts.get(timeout_s=max(check_at - loop.time(), 0.0))
                if event is not None and event.kind in TOLD and event.key not in heard:
                    if event.key:  # a client replaces an alert that comes again, but it appends flow
                        heard.add(event.key)
                    async with asyncio.timeout(STUCK_AFTER_S):
                        await socket.send_text(event.data)
                if loop.time() >= check_at:
                    refused = await self._still_may(given, watcher, match_id)
                    if refused is not None:
                        return refused
                    check_at = loop.time() + self.check_every_s
        except ListenerTooSlowError:
            return Close.TRY_AGAIN
        except (TimeoutError, WebSocketDisconnect, RuntimeError):
            return None  # the other end is gone

    async def _still_may(self, given: _Credentials, watcher: Principal, match_id: str) -> Close | None:
        """Why the socket has to close, None while it may stay open."""
        try:
            if given.token is not None:
                await self._watcher(given, match_id)
            else:
                # The grant itself was for the handshake; what counts now is the person.
                now = await self.authenticator.principal_for_user(watcher.user_id, token_version=watcher.token_version)
                async with self.database.begin() as db:
                    await resolve_match_scope(db, now, match_id)
        except TouchlineError as error:
            return _code_of(error)
        return None


def _credentials(socket: WebSocket) -> _Credentials:
    """The first that applies decides: header, query, subprotocol, address."""
    scheme, _, token = socket.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return _Credentials(token=token.strip())
    for name in ("access_token", "token"):
        if socket.query_params.get(name):
            return _Credentials(token=socket.query_params[name])
    offered = list(socket.scope.get("subprotocols", []))
    if len(offered) > 1 and offered[0].lower() == "bearer":
        return _Credentials(token=offered[1], subprotocol=offered[0])
    return _Credentials(address=socket.client.host if socket.client else None)


async def _discard(socket: WebSocket) -> Close | None:
    """Read and forget what a client sends, until it goes or sends too much at once."""
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return None
        content = message.get("bytes") or (message.get("text") or "").encode()
        if len(content) > LARGEST_FRAME_BYTES:
            return Close.TOO_LARGE


def _code_of(error: TouchlineError) -> Close:
    return Close.NOT_IN_SCOPE if error.kind is Kind.NOT_FOUND else Close.NOT_SIGNED_IN
