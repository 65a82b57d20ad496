"""Every statement about stored reports."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from touchline.features.identity import Principal
from touchline.features.matches.queries import match_is_accessible
from touchline.features.matches.report import NewReport, Report
from touchline.features.matches.tables import analysis_reports, matches
from touchline.foundation.db import Connection
from touchline.foundation.db.paging import fetch_page
from touchline.foundation.ids import new_id

_REPORT = select(analysis_reports).join(matches, matches.c.id == analysis_reports.c.match_id)


async def accessible_reports(
    db: Connection, by: Principal, *, match_id: str | None, limit: int, offset: int
) -> tuple[list[Report], int]:
    """Reports of one match or all matches of a person's teams, oldest first; and how many there are."""
    statement = _REPORT.where(match_is_accessible(by)).order_by(analysis_reports.c.generated_at, analysis_reports.c.id)
    if match_id is not None:
        statement = statement.where(analysis_reports.c.match_id == match_id)
    rows, total = await fetch_page(db, statement, limit=limit, offset=offset)
    return [_report(row) for row in rows], total


async def accessible_report(db: Connection, by: Principal, report_id: str) -> Report | None:
    row = (await db.execute(_REPORT.where(analysis_reports.c.id == report_id, match_is_accessible(by)))).one_or_none()
    return None if row is None else _report(row)


async def insert_report(db: Connection, new: NewReport, *, author_id: str, now: datetime) -> str:
    """Store a report; returns its id."""
    report_id = new_id()
    await db.execute(
        insert(analysis_reports).values(id=report_id, generated_by=author_id, generated_at=now, **vars(new))
    )
    return report_id


async def update_report(db: Connection, report: Report, fields: Iterable[str]) -> bool:
    """Write these fields of a report; False when it is gone."""
    result = await db.execute(
        update(analysis_reports)
        .where(analysis_reports.c.id == report.id)
        .values({name: getattr(report, name) for name in fields})
    )
    return bool(result.rowcount)


async def delete_report(db: Connection, report_id: str) -> bool:
    return bool((await db.execute(delete(analysis_reports).where(analysis_reports.c.id == report_id))).rowcount)


def _report(row: Row[Any]) -> Report:
    return Report(
        id=row.id,
        match_id=row.match_id,
        report_type=row.report_type,
        report_data=row.report_data,
        generated_by=row.generated_by,
        generated_at=row.generated_at,
    )
