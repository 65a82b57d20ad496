"""Bring a database to the schema of this version, and tell whether it is there.

All functions block and make their own event loop: call them from the command line or in a thread.
Processes that start together wait for each other, so that one of them migrates.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Double, Float, Text, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from touchline.apps.schema import metadata
from touchline.foundation.settings import with_async_driver

T = TypeVar("T")

_LOCK = "touchline-migrations"
_LOCK_NUMBER = 7_406_233
_LOCK_WAIT_S = 60


class MigrationLockedError(Exception):
    """Another process holds the migration lock for too long."""


class DatabaseAwayError(ConnectionError):
    """The database server cannot be reached or refuses us; `str(error)` says why, without the password."""


def upgrade(url: str, to: str = "head") -> None:
    """Apply every migration up to `to`; a database that is there already is left alone."""
    _run(url, lambda connection: command.upgrade(_config(connection), to))


def downgrade(url: str, to: str = "base") -> None:
    """Undo migrations down to `to`. What they dropped is gone."""
    _run(url, lambda connection: command.downgrade(_config(connection), to))


def revise(url: str, message: str) -> None:
    """Write a new migration from the difference between the tables in the code and the database."""
    _run(url, lambda connection: command.revision(_config(connection), message, autogenerate=True) and None)


def check(url: str) -> list[str]:
    """What separates a database from the code, one sentence each; empty when nothing does.

    Pending migrations are named first; only a database without any is compared table by table.
    """
    return _run(url, _differences)


def differs_in_type(_: Any, __: Any, ___: Any, found: Any, wanted: Any) -> bool | None:
    """Alembic's hook: False where a server only spells the wanted type differently, None to let Alembic decide."""
    if isinstance(wanted, Float) and wanted.precision == 53:  # MySQL reads it back as DOUBLE
        return False if isinstance(found, Double | Float) else None
    if isinstance(wanted, Text) and type(found).__name__.endswith("TEXT"):  # LONGTEXT of MySQL
        return False
    return None


def _differences(connection: Connection) -> list[str]:
    script = ScriptDirectory.from_config(_config(connection))
    context = MigrationContext.configure(connection, opts={"compare_type": differs_in_type})
    current = set(context.get_current_heads())
    known = {revision.revision for revision in script.walk_revisions()}
    if unknown := sorted(current - known):
        return [f"The database is at revision {name}, which this version does not know." for name in unknown]
    applied = {revision.revision for head in current for revision in script.iterate_revisions(head, "base")}
    if pending := [name for name in _oldest_first(script) if name not in applied]:
        return [f"Migration {name} is pending." for name in pending]
    return [
        f"The database differs from the code: {_described(found)}." for found in compare_metadata(context, metadata)
    ]


def _oldest_first(script: ScriptDirectory) -> list[str]:
    return [revision.revision for revision in script.walk_revisions()][::-1]


def _described(found: Any) -> str:
    """One difference of Alembic as words: `add_table users`."""
    if isinstance(found, list):
        return ", ".join(_described(part) for part in found)
    return " ".join(str(getattr(part, "name", part)) for part in found if part is not None)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "touchline:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    config.attributes["compare_type"] = differs_in_type
    return config


def _run(url: str, work: Callable[[Connection], T]) -> T:
    try:
        return asyncio.run(_within_lock(with_async_driver(url), work))
    except ModuleNotFoundError as error:
        raise DatabaseAwayError(
            f"Its driver {error.name} is not installed; install the extra for servers: pip install 'touchline[scale]'."
        ) from error
    except SQLAlchemyError:
        raise
    except Exception as error:
        # PostgreSQL's driver raises the system's and its own errors while it connects.
        if not isinstance(error, OSError) and not type(error).__module__.startswith("asyncpg"):
            raise
        where = make_url(url)
        raise DatabaseAwayError(f"No connection to {where.host}:{where.port or 'its port'} ({error}).") from error


async def _within_lock(url: str, work: Callable[[Connection], T]) -> T:
    # MariaDB notes for each table that it names primary keys itself; that is no news to anybody.
    logging.getLogger("asyncmy").setLevel(logging.ERROR)
    engine = create_async_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        _make_private_file(engine.url.database)
        event.listen(engine.sync_engine, "connect", _leave_transactions_to_us)
        event.listen(engine.sync_engine, "begin", _begin_as_writer)
    try:
        async with engine.connect() as keeper, _locked(keeper), engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


@asynccontextmanager
async def _locked(connection: AsyncConnection) -> AsyncIterator[None]:
    """Hold the server's named lock; on SQLite the write transaction itself is the lock."""
    name = connection.dialect.name
    if name == "sqlite":
        yield
    elif name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
        yield
    else:
        got = await connection.scalar(text("SELECT GET_LOCK(:name, :wait_s)"), {"name": _LOCK, "wait_s": _LOCK_WAIT_S})
        if got != 1:
            raise MigrationLockedError("Another process is migrating this database; try again when it has ended.")
        yield
        await connection.execute(text("SELECT RELEASE_LOCK(:name)"), {"name": _LOCK})


def _make_private_file(database: str | None) -> None:
    """A database that is not there yet becomes a file that only its owner can read; its journal inherits that."""
    if not database or database == ":memory:" or database.startswith("file:"):
        return
    with suppress(FileExistsError, FileNotFoundError):  # a missing folder is for SQLite to complain about
        os.close(os.open(database, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _leave_transactions_to_us(connection: Any, _: Any) -> None:
    # The driver would commit a table before the next statement; a migration is all or nothing.
    connection.isolation_level = None


def _begin_as_writer(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
