"""SQLite with one hop to its thread per statement, and writers in the order in which they came.

The driver gives every connection a thread and visits it four times per statement (make a cursor, execute, fetch,
close) and once more for each commit and rollback, needed or not; on short statements these visits cost more than
SQLite itself. And who finds the file locked sleeps and tries again, for longer each time, while later comers take the
lock. See docs/decisions/0011-sqlite-in-one-hop.md.
"""

import asyncio
import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Self

import aiosqlite
from sqlalchemy import URL

Rows = list[Any]

BUSY_S = 15
"""How long a writer waits for the others of its process, and then for those of other processes."""

# What the driver opens a transaction for, whatever comments stand before it; and what begins one of several steps: what
# is read there first would be too old to be followed by a change once somebody else had written.
_writes = re.compile(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(insert|update|delete|replace|savepoint)\b", re.IGNORECASE | re.DOTALL
).match


class WritersQueue:
    """Who of this process's connections may write: one at a time, first come, first served.

    Writers of other processes know nothing of it; SQLite's own lock stands between them and these, with a wait of its
    own. A queue serves one event loop.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    async def enter(self) -> None:
        """Wait for one's turn.

        Raises:
            sqlite3.OperationalError: it did not come in `BUSY_S`, in SQLite's own words.
        """
        try:
            async with asyncio.timeout(BUSY_S):
                await self._lock.acquire()
        except TimeoutError:
            raise sqlite3.OperationalError("database is locked") from None

    def leave(self) -> None:
        self._lock.release()


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
        await self._run("execute", sql, [] if parameters is None else parameters)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Self:
        await self._run("executemany", sql, parameters)
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

    async def _run(self, how: str, sql: str, parameters: Any) -> None:
        if _writes(sql):
            await self._connection.take_turn()
        try:
            await self._connection.visit(self._begin, how, sql, parameters)
            self._end()
        finally:
            self._connection.end_turn()

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
    """The driver's connection, with such cursors; nothing is committed or rolled back where nothing is open.

    It has its turn among the writers from the first change of a transaction to the transaction's end.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection], writers: WritersQueue) -> None:
        super().__init__(connect, iter_chunk_size=64)
        self._writers = writers
        self._has_turn = False

    @property
    def raw(self) -> sqlite3.Connection:
        return self._conn

    async def visit(self, work: Callable[..., None], *arguments: Any) -> None:
        """Do something on the connection's thread."""
        await self._execute(work, *arguments)  # type: ignore[no-untyped-call]

    def cursor(self) -> Any:
        return OneHopCursor(self)

    async def take_turn(self) -> None:
        """Before a statement that writes."""
        if not self._has_turn:
            await self._writers.enter()
            self._has_turn = True

    def end_turn(self) -> None:
        """After whatever may have ended a transaction."""
        if self._has_turn and not self.in_transaction:
            self._leave()

    async def commit(self) -> None:
        if self.in_transaction:
            try:
                await super().commit()
            finally:
                self.end_turn()

    async def rollback(self) -> None:
        if self.in_transaction:
            try:
                await super().rollback()
            finally:
                self.end_turn()

    def stop(self) -> asyncio.Future[Any] | None:
        """Every way to close a connection ends here."""
        ended = super().stop()
        if self._has_turn:
            self._leave()
        return ended

    def _leave(self) -> None:
        self._has_turn = False
        self._writers.leave()


def connector(url: URL) -> Callable[[], Awaitable[aiosqlite.Connection]]:
    """What opens a connection to the file of an address; for `create_async_engine(async_creator=…)`."""
    path = url.database or ":memory:"
    writers = WritersQueue()

    def connect() -> Awaitable[aiosqlite.Connection]:
        # Each connection stays on its own thread; the pool hands it from task to task.
        made = OneHopConnection(lambda: sqlite3.connect(path, check_same_thread=False), writers)
        made._thread.daemon = True  # noqa: SLF001 — as SQLAlchemy's own connector does
        return made

    return connect
