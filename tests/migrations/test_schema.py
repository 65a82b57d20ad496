"""The one history leads every database to the schema of the code, and back."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

import pytest
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from touchline.apps import migrate
from touchline.apps.schema import club, metadata

MIGRATIONS = ("0001", "0002", "0003")
FORMATIONS = {
    "4-3-3",
    "4-4-2",
    "3-4-3",
    "3-5-2",
    "4-2-4",
    "4-2-3-1",
    "4-4-1-1",
    "4-2-2-2 (Narrow)",
    "5-3-2",
    "5-4-1",
    "4-5-1",
    "4-1-4-1",
    "4-2-2-2 (Brazil)",
    "3-2-2-3",
    "3-3-1-3",
    "4-4-2 Diamond",
}


def within(url: str, work):
    """Run a function of a synchronous connection in one transaction."""

    async def carry_out():
        engine = create_async_engine(url, poolclass=NullPool)
        async with engine.begin() as connection:
            found = await connection.run_sync(work)
        await engine.dispose()
        return found

    return asyncio.run(carry_out())


def tables_of(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def test_the_history_leads_up_and_down_and_up_again_without_drift(empty_database_url):
    assert migrate.check(empty_database_url) == [f"Migration {number} is pending." for number in MIGRATIONS]
    migrate.upgrade(empty_database_url)
    assert migrate.check(empty_database_url) == []
    assert within(empty_database_url, tables_of) == {*metadata.tables, "alembic_version"}
    migrate.downgrade(empty_database_url)
    assert within(empty_database_url, tables_of) == {"alembic_version"}
    migrate.upgrade(empty_database_url)
    assert migrate.check(empty_database_url) == []


def test_a_second_upgrade_changes_nothing(empty_database_url):
    migrate.upgrade(empty_database_url)
    migrate.upgrade(empty_database_url)
    names = within(empty_database_url, lambda db: db.scalars(select(club.formations.c.name)).all())
    assert len(names) == 16
    assert set(names) == FORMATIONS


def test_processes_that_start_together_upgrade_once(empty_database_url):
    with ThreadPoolExecutor(3) as together:
        list(together.map(migrate.upgrade, [empty_database_url] * 3))
    assert migrate.check(empty_database_url) == []
    assert len(within(empty_database_url, lambda db: db.scalars(select(club.formations.c.id)).all())) == 16


def test_a_changed_database_is_noticed(empty_database_url):
    migrate.upgrade(empty_database_url)
    within(empty_database_url, lambda db: db.execute(text("ALTER TABLE players ADD COLUMN nickname VARCHAR(20)")))
    within(empty_database_url, lambda db: db.execute(text("DROP TABLE camera_configs")))
    found = migrate.check(empty_database_url)
    assert len(found) >= 2
    assert any("camera_configs" in difference for difference in found)
    assert any("nickname" in difference for difference in found)


def test_a_database_of_a_later_version_is_named(empty_database_url):
    migrate.upgrade(empty_database_url)
    within(empty_database_url, lambda db: db.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    assert migrate.check(empty_database_url) == ["The database is at revision 9999, which this version does not know."]


def test_a_failed_migration_leaves_nothing_behind_on_sqlite(tmp_path):
    url = f"sqlite:///{tmp_path / 'half.db'}"
    # In the way of the last table, so that the migration breaks when all others are made.
    within(
        f"sqlite+aiosqlite:///{tmp_path / 'half.db'}", lambda db: db.execute(text("CREATE TABLE event_outbox (x INT)"))
    )
    with pytest.raises(Exception, match="event_outbox"):
        migrate.upgrade(url)
    assert within(f"sqlite+aiosqlite:///{tmp_path / 'half.db'}", tables_of) == {"event_outbox"}


def test_every_foreign_key_has_an_index_that_begins_with_it():
    bare = []
    for table in metadata.sorted_tables:
        leading = {next(iter(index.columns)).name for index in table.indexes}
        leading |= {
            next(iter(constraint.columns)).name
            for constraint in table.constraints
            if constraint.__class__.__name__ in ("UniqueConstraint", "PrimaryKeyConstraint") and constraint.columns
        }
        bare += [f"{table.name}.{key.parent.name}" for key in table.foreign_keys if key.parent.name not in leading]
    assert bare == []


def test_every_constraint_has_a_name_that_servers_accept():
    for table in metadata.sorted_tables:
        for constraint in table.constraints:
            assert constraint.name is not None
            assert len(str(constraint.name)) <= 60


def test_the_history_ships_with_the_package():
    folder = files("touchline.migrations")
    assert folder.joinpath("env.py").is_file()
    assert folder.joinpath("script.py.mako").is_file()
    assert folder.joinpath("versions", "v0001_whole_schema.py").is_file()
