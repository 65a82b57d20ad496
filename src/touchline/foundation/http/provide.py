"""How a handler gets its transaction and its services: from the wiring that the app was built with."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, TypeVar, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from touchline.foundation.db import Connection, Database

T = TypeVar("T")


def provided(kind: type[T]) -> Callable[[HTTPConnection], Awaitable[T]]:
    """A dependency that answers with the wired object of a type, from `app.state.services`."""

    # Asynchronous although it waits for nothing: FastAPI sends plain functions to a thread, which takes longer.
    async def provide(connection: HTTPConnection) -> T:
        return cast("T", connection.app.state.services[kind])

    return provide


async def _transaction(connection: HTTPConnection) -> AsyncIterator[Connection]:
    database: Database = connection.app.state.services[Database]
    async with database.begin() as db:
        yield db


# Scope "function": the commit happens before the answer leaves, so a client never reads its own write too early.
Db = Annotated[Connection, Depends(_transaction, scope="function")]
"""One transaction for the request, committed before the answer is sent."""
