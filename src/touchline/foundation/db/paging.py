"""One page of a statement and the count of all its rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select

from touchline.foundation.db.engine import Connection


async def fetch_page(
    db: Connection, statement: Select[Any], *, limit: int, offset: int
) -> tuple[Sequence[Row[Any]], int]:
    """Rows of an ordered statement from `offset` on, at most `limit`, and how many there are in all."""
    return await fetch_cut(db, statement.limit(limit).offset(offset), limit=limit, offset=offset)


async def fetch_cut(db: Connection, cut: Select[Any], *, limit: int, offset: int) -> tuple[Sequence[Row[Any]], int]:
    """The same of a statement that has this limit and offset already.

    The count costs a query of its own only when the page does not show the end of the list.
    """
    rows = (await db.execute(cut)).all()
    if len(rows) < limit and (rows or offset == 0):
        return rows, offset + len(rows)
    counted = select(func.count()).select_from(cut.limit(None).offset(None).order_by(None).subquery())
    return rows, int(await db.scalar(counted) or 0)
