"""Databases for tests: SQLite always, MariaDB and PostgreSQL when their addresses are given.

Every session makes its own databases with names that nobody else uses, and drops them at its end. Tests that ask
for `database_url` or `database` run once per kind; what a test leaves behind is gone before the next one.
"""

import asyncio
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from touchline.apps import migrate
from touchline.apps.schema import metadata
from touchline.foundation.db import Database
from touchline.foundation.settings import with_async_driver

KINDS = ("sqlite", "mariadb", "postgresql")
_VARIABLES = {"mariadb": "TOUCHLINE_TEST_MARIADB_URL", "postgresql": "TOUCHLINE_TEST_POSTGRES_URL"}


def server_url(kind: str) -> str:
    """The given address of a test server; skips the test when there is none."""
    url = os.environ.get(_VARIABLES[kind])
    if not url:
        pytest.skip(f"no {kind}: {_VARIABLES[kind]} is not set")
    return with_async_driver(url)


@contextmanager
def scratch_database(server: str) -> Iterator[str]:
    """A new empty database beside the given one; dropped at the end."""
    name = f"touchline_test_{uuid.uuid4().hex[:12]}"
    _administer(server, f"CREATE DATABASE {name}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(server, f"DROP DATABASE {name}")


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    else:
        with scratch_database(server_url(request.param)) as url:
            yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("template") / "touchline.db"
    migrate.upgrade(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def mariadb_database() -> Iterator[str]:
    with scratch_database(server_url("mariadb")) as url:
        migrate.upgrade(url)
        yield url


@pytest.fixture(scope="session")
def postgresql_database() -> Iterator[str]:
    with scratch_database(server_url("postgresql")) as url:
        migrate.upgrade(url)
        yield url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of the test's own, for tests that gain nothing from a server."""
    file = tmp_path / "touchline.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database with nothing in it but the formations, on each kind in turn."""
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite_url")
    url = request.getfixturevalue(f"{request.param}_database")
    asyncio.run(_empty(url))
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()


async def _empty(url: str) -> None:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as db:
        for table in reversed(metadata.sorted_tables):
            statement = table.delete()
            if table.name == "formations":
                statement = statement.where(table.c.user_id.is_not(None))
            await db.execute(statement)
    await engine.dispose()


def _administer(server: str, statement: str) -> None:
    async def carry_out() -> None:
        engine = create_async_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(statement))
        await engine.dispose()

    asyncio.run(carry_out())
