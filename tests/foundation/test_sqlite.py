"""Writers of one SQLite file take turns in the order in which they came, and nobody keeps the turn for good."""

import asyncio

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from touchline.apps import migrate
from touchline.apps.schema import identity
from touchline.foundation.clock import SystemClock
from touchline.foundation.db import Database, sqlite
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio
users = identity.users


@pytest.fixture
async def house(tmp_path):
    """Two ways to one file, as two processes have them."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'touchline.db'}"
    await asyncio.to_thread(migrate.upgrade, url)
    ours, theirs = Database(url), Database(url)
    yield ours, theirs
    await ours.close()
    await theirs.close()


def a_user(email):
    return insert(users).values(id=new_id(), email=email, password_hash="x", created_at=SystemClock().now())


async def emails(database) -> list[str]:
    async with database.begin() as db:
        return list(await db.scalars(select(users.c.email).order_by(users.c.email)))


async def test_writers_are_served_in_the_order_in_which_they_came(house):
    database, _ = house
    served: list[int] = []
    may_end = asyncio.Event()

    async def write(number: int, came: asyncio.Event) -> None:
        async with database.begin() as db:
            await db.execute(select(users.c.id))
            came.set()
            await db.execute(a_user(f"{number:02}@example.org"))
            served.append(number)
            if number == 0:
                await may_end.wait()

    async with asyncio.TaskGroup() as group:
        for number in range(12):
            came = asyncio.Event()
            group.create_task(write(number, came))
            await came.wait()
        may_end.set()
    assert served == list(range(12))
    assert len(await emails(database)) == 12


async def test_who_reads_does_not_queue(house):
    database, _ = house
    async with database.begin() as writer:
        await writer.execute(a_user("a@example.org"))
        assert await emails(database) == []
    assert await emails(database) == ["a@example.org"]


@pytest.mark.parametrize("end", ["raises", "breaks a rule", "is cancelled"])
async def test_a_writer_that_fails_gives_its_turn_away(house, end):
    database, _ = house
    begun = asyncio.Event()

    async def fail() -> None:
        async with database.begin() as db:
            await db.execute(a_user("a@example.org"))
            begun.set()
            if end == "raises":
                raise RuntimeError
            if end == "breaks a rule":
                await db.execute(a_user("a@example.org"))
            await asyncio.Event().wait()

    failing = asyncio.create_task(fail())
    await begun.wait()
    if end == "is cancelled":
        failing.cancel()
    with pytest.raises((RuntimeError, IntegrityError, asyncio.CancelledError)):
        await failing
    async with database.begin() as db:
        await db.execute(a_user("b@example.org"))
    assert await emails(database) == ["b@example.org"]


async def test_a_statement_that_is_cancelled_while_it_waits_takes_nothing(house):
    database, _ = house

    async def write(email) -> None:
        async with database.engine.begin() as db:
            await db.execute(a_user(email))

    async with database.begin() as db:
        await db.execute(a_user("a@example.org"))
        waiting = asyncio.create_task(write("b@example.org"))
        async with database.begin() as other:
            await other.execute(select(users.c.id))
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    await write("c@example.org")
    assert await emails(database) == ["a@example.org", "c@example.org"]


async def test_a_connection_that_is_closed_gives_its_turn_away(house):
    database, _ = house
    connection = await database.engine.connect()
    await connection.execute(a_user("a@example.org"))
    await connection.invalidate()
    await connection.close()
    async with database.begin() as db:
        await db.execute(a_user("b@example.org"))
    assert await emails(database) == ["b@example.org"]


async def test_writers_of_another_process_are_waited_for(house):
    ours, theirs = house
    async with ours.begin() as db:
        await db.execute(a_user("a@example.org"))
        other = asyncio.create_task(_write(theirs, "b@example.org"))
        await emails(theirs)
        assert not other.done()
    await other
    assert await emails(ours) == ["a@example.org", "b@example.org"]


async def test_a_turn_that_does_not_come_is_told_as_sqlite_tells_it(house, monkeypatch):
    database, _ = house
    monkeypatch.setattr(sqlite, "BUSY_S", 0.05)
    async with database.begin() as db:
        await db.execute(a_user("a@example.org"))
        with pytest.raises(OperationalError, match="database is locked"):
            await _write(database, "b@example.org")
    await _write(database, "c@example.org")
    assert await emails(database) == ["a@example.org", "c@example.org"]


async def test_who_reads_in_a_savepoint_before_writing_is_not_overtaken(house):
    database, _ = house

    has_read, other_came = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with database.begin() as db, db.begin_nested():
            await db.execute(select(users.c.id))
            has_read.set()
            await other_came.wait()
            for _ in range(10):
                # The other one reads meanwhile, if nothing holds him up.
                await emails(database)
            await db.execute(a_user("a@example.org"))

    async def second() -> None:
        await has_read.wait()
        async with database.begin() as db:
            await db.execute(select(users.c.email))
            other_came.set()
            async with db.begin_nested():
                known = (await db.scalars(select(users.c.email))).all()
                await db.execute(a_user(f"after-{len(known)}@example.org"))

    async with asyncio.TaskGroup() as group:
        group.create_task(first())
        group.create_task(second())
    assert await emails(database) == ["a@example.org", "after-1@example.org"]


async def test_a_comment_before_a_change_does_not_hide_it(house):
    database, _ = house

    has_written, other_came = asyncio.Event(), asyncio.Event()

    async def with_comment() -> None:
        async with database.begin() as db:
            await db.execute(text("-- why\n/* and how */ UPDATE users SET full_name = 'A'"))
            has_written.set()
            await other_came.wait()
            for _ in range(10):
                await emails(database)
            await db.execute(a_user("a@example.org"))

    async def plain() -> None:
        await has_written.wait()
        async with database.begin() as db:
            await db.execute(select(users.c.id))
            other_came.set()
            await db.execute(a_user("b@example.org"))

    async with asyncio.TaskGroup() as group:
        group.create_task(with_comment())
        group.create_task(plain())
    assert await emails(database) == ["a@example.org", "b@example.org"]


async def test_a_change_of_no_row_keeps_no_turn_after_its_transaction(house):
    database, _ = house
    async with database.begin() as db:
        await db.execute(update(users).where(users.c.id == new_id()).values(email="x@example.org"))
    await _write(database, "a@example.org")
    assert await emails(database) == ["a@example.org"]


async def _write(database, email) -> None:
    async with database.begin() as db:
        await db.execute(a_user(email))
