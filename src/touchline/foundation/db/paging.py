"""One page of a statement and the count of all its rows."""

from typing import Any

from sqlalchemy import Row, Select, func, select

from touchline.foundation.db.engine import Connection


async def fetch_page(db: Connection, statement: Select[Any], *, limit: int, offset: int) -> tuple[list[Row[Any]], int]:
    """Rows of an ordered statement from `offset` on, at most `limit`, and how many there are in all.

    The count costs a query of its own only when the page does not show the end of the list.
    """
    rows = list(await db.execute(statement.limit(limit).offset(offset)))
    if len(rows) < limit and (rows or offset == 0):
        return rows, offset + len(rows)
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    return rows, int(await db.scalar(counted) or 0)
