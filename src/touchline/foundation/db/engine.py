"""The database as a unit of work: one transaction per request or job step, committed at the edge."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from touchline.foundation.db.sqlite import BUSY_S, connector

Connection = AsyncConnection
"""An open transaction. Rooms take it as `db`; nobody but the edge commits."""


class Database:
    """Opens transactions on one of the three databases.

    SQLite runs with WAL, foreign keys and a busy time-out of 15 s.
    """

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = url
        # Errors of a statement are logged; what it was to store (addresses, hashes of passwords) is not for the log.
        options: dict[str, Any] = {"hide_parameters": True}
        if not url.startswith("sqlite"):
            options |= {"pool_size": pool_size, "max_overflow": pool_size, "pool_pre_ping": True, "pool_recycle": 1800}
        elif ":memory:" in url:
            options |= {"poolclass": NullPool}
        else:
            # As many as there are requests at a time in a busy house: opening one costs a thread and its settings.
            options |= {
                "async_creator": connector(make_url(url)),
                "pool_size": 2 * pool_size,
                "max_overflow": pool_size,
            }
        if url.startswith("mysql"):
            # Every session the same on a server whatever its defaults; reads see what others committed.
            options["isolation_level"] = "READ COMMITTED"
            options["connect_args"] = {"init_command": "SET SESSION time_zone = '+00:00'"}
        self.engine: AsyncEngine = create_async_engine(url, **options)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)

    @property
    def dialect(self) -> str:
        """sqlite, mysql or postgresql."""
        name = self.engine.dialect.name
        return "mysql" if name == "mariadb" else name

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Connection]:
        """One transaction: committed when the block ends, rolled back when it raises.

        A client that goes away does not interrupt it: the scope that ends with a client's connection cancels again and
        again, which no driver survives with its connection in order. Keep transactions short; nothing else may be
        awaited in them for long.
        """
        with anyio.CancelScope(shield=True):
            async with self.engine.begin() as connection:
                yield connection

    async def close(self) -> None:
        await self.engine.dispose()


def _prepare_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_S * 1000}")
    cursor.close()
