"""What stands in the database, table by table, to compare before and after."""

from typing import Any

from sqlalchemy import func, select

from touchline.apps.schema import metadata
from touchline.foundation.db import Database

Row = tuple[tuple[str, Any], ...]

PASSING = {"event_outbox", "ws_grants"}
"""Tables whose rows come and go by themselves."""


async def rows(database: Database) -> dict[tuple[str, tuple[Any, ...]], dict[str, Any]]:
    """Every row by its table and primary key."""
    found = {}
    async with database.begin() as db:
        for table in metadata.sorted_tables:
            if table.name in PASSING:
                continue
            for row in (await db.execute(select(table))).mappings():
                key = tuple(row[column.name] for column in table.primary_key)
                found[table.name, key] = dict(row)
    return found


async def row_counts(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    async with database.begin() as db:
        return {
            table.name: int(await db.scalar(select(func.count()).select_from(table)) or 0)
            for table in metadata.sorted_tables
            if table.name not in PASSING
        }
