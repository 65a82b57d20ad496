"""SQLite with one hop to its thread per statement.

The driver gives every connection a thread and visits it four times per statement (make a cursor, execute, fetch,
close) and once more for each commit and rollback, needed or not; on short statements these visits cost more than
SQLite itself. See docs/decisions/0011-sqlite-in-one-hop.md.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Self

import aiosqlite
from sqlalchemy import URL

Rows = list[Any]


class OneHopCursor:
    """A cursor in the driver's form that executes in one visit, and has all rows then."""

    def __init__(self, connection: "OneHopConnection") -> None:
        self._connection = connection
        self._rows: Rows = []
        self._cursor: sqlite3.Cursor
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> Self:
        await self._connection.visit(self._begin, "execute", sql, [] if parameters is None else parameters)
        self._end()
        return self

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Self:
        await self._connection.visit(self._begin, "executemany", sql, parameters)
        self._end()
        return self

    async def fetchall(self) -> Rows:
        rows, self._rows = self._rows, []
        return rows

    async def fetchmany(self, size: int | None = None) -> Rows:
        count = self.arraysize if size is None else size
        rows, self._rows = self._rows[:count], self._rows[count:]
        return rows

    async def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    async def close(self) -> None:
        self._rows = []

    def _begin(self, how: str, sql: str, parameters: Any) -> None:
        """On the connection's thread: waits for locks, searches and sorts, up to the first row."""
        self._cursor = self._connection.raw.cursor()
        try:
            getattr(self._cursor, how)(sql, parameters)
        except BaseException:
            self._cursor.close()
            raise

    def _end(self) -> None:
        """On the loop: takes the rows. For each one SQLite lets go of the interpreter's lock and wants it back, which
        costs a busy process up to 5 ms a row on another thread, and next to nothing here.
        """
        cursor = self._cursor
        try:
            self.description = cursor.description
            self._rows = cursor.fetchall() if cursor.description else []
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()


class OneHopConnection(aiosqlite.Connection):
    """The driver's connection, with such cursors; nothing is committed or rolled back where nothing is open."""

    @property
    def raw(self) -> sqlite3.Connection:
        return self._conn

    async def visit(self, work: Callable[..., None], *arguments: Any) -> None:
        """Do something on the connection's thread."""
        await self._execute(work, *arguments)  # type: ignore[no-untyped-call]

    def cursor(self) -> Any:
        return OneHopCursor(self)

    async def commit(self) -> None:
        if self.in_transaction:
            await super().commit()

    async def rollback(self) -> None:
        if self.in_transaction:
            await super().rollback()


def connector(url: URL) -> Callable[[], Awaitable[aiosqlite.Connection]]:
    """What opens a connection to the file of an address; for `create_async_engine(async_creator=…)`."""
    path = url.database or ":memory:"

    def connect() -> Awaitable[aiosqlite.Connection]:
        # Each connection stays on its own thread; the pool hands it from task to task.
        made = OneHopConnection(lambda: sqlite3.connect(path, check_same_thread=False), iter_chunk_size=64)
        made._thread.daemon = True  # noqa: SLF001 — as SQLAlchemy's own connector does
        return made

    return connect
