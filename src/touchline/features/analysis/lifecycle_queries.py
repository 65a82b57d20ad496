"""Every statement of a run's fenced life. A write names the attempt that it belongs to, or it is not a write of a run."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError

from touchline.features.analysis.rules import ACTIVE
from touchline.features.analysis.tables import analysis_runs as runs
from touchline.features.analysis.tables import analysis_segments as segments
from touchline.features.identity.tables import teams
from touchline.foundation.db import Connection

TRANSIENT_ERRORS = (IntegrityError, OperationalError, InterfaceError)
"""Somebody inserted the same row first, or the database was away or busy: the transaction is worth repeating."""

Row = Mapping[str, Any]


def _is_active(run_id: str) -> ColumnElement[bool]:
    return and_(runs.c.id == run_id, runs.c.status.in_(ACTIVE), runs.c.is_cancelled.is_(False))


async def take(db: Connection, run_id: str, *, worker_id: str, progress: float, message: str, now: datetime) -> bool:
    """Count one more attempt at an active run; False when there is nothing to take."""
    result = await db.execute(
        update(runs)
        .where(_is_active(run_id))
        .values(
            attempt=runs.c.attempt + 1,
            worker_id=worker_id,
            status=case((runs.c.status == "PENDING", "QUEUED"), else_=runs.c.status),
            progress=_never_less(progress),
            message=message,
            updated_at=now,
        )
    )
    return bool(result.rowcount)


async def run_row(db: Connection, run_id: str) -> Row | None:
    """A run's whole row."""
    row = (await db.execute(select(runs).where(runs.c.id == run_id))).mappings().first()
    return None if row is None else dict(row)


async def is_mine(db: Connection, run_id: str, attempt: int) -> bool:
    """Whether an attempt still holds its run; reads only."""
    found = await db.execute(select(runs.c.id).where(_is_active(run_id), runs.c.attempt == attempt))
    return found.first() is not None


async def write(db: Connection, run_id: str, attempt: int, values: Mapping[str, Any]) -> bool:
    """Write to the run's row as one attempt; False when the attempt no longer holds the run.

    The row stays locked until the transaction ends, so whatever is written beside it is fenced too.
    """
    result = await db.execute(update(runs).where(_is_active(run_id), runs.c.attempt == attempt).values(**values))
    return bool(result.rowcount)


def _never_less(progress: float) -> Any:
    return case((runs.c.progress < literal(progress), literal(progress)), else_=runs.c.progress)


def forward(*, status: str, progress: float) -> dict[str, Any]:
    """Values that move status and progress forward and never back (rule 6.1)."""
    moved = runs.c.status if status != "PROCESSING" else literal("PROCESSING")
    return {
        "status": case((runs.c.status == "PENDING", status), else_=moved),
        "progress": _never_less(progress),
    }


async def fill_teams(db: Connection, run_id: str, *, team_a_id: str, team_b_id: str) -> None:
    """Which clubs A and B are, unless somebody said so already; a club that is gone stays open."""

    def still_there(team_id: str) -> Any:
        return select(teams.c.id).where(teams.c.id == team_id).scalar_subquery()

    await db.execute(
        update(runs)
        .where(runs.c.id == run_id, runs.c.team_a_id.is_(None), runs.c.team_b_id.is_(None))
        .values(team_a_id=still_there(team_a_id), team_b_id=still_there(team_b_id))
    )


async def silent_runs(db: Connection, *, before: datetime | None) -> list[str]:
    """Active runs that nobody took yet or whose worker was last heard before an instant (None: all), oldest first."""
    wanted: list[ColumnElement[bool]] = [runs.c.status.in_(ACTIVE), runs.c.is_cancelled.is_(False)]
    if before is not None:
        wanted.append(or_(runs.c.worker_id.is_(None), runs.c.updated_at < before))
    found = await db.execute(select(runs.c.id).where(*wanted).order_by(runs.c.submitted_at, runs.c.id))
    return list(found.scalars())


async def attempts_of(db: Connection, run_ids: Collection[str]) -> dict[str, int]:
    """Run id -> attempt that holds it, for those of the runs that are active."""
    found = await db.execute(select(runs.c.id, runs.c.attempt).where(runs.c.id.in_(run_ids), runs.c.status.in_(ACTIVE)))
    return {row.id: row.attempt for row in found}


# --- segments


async def segment_id(db: Connection, run_id: str, index: int) -> str | None:
    found = await db.execute(
        select(segments.c.id).where(segments.c.analysis_id == run_id, segments.c.segment_index == index)
    )
    return found.scalar()


async def insert_segment(db: Connection, row: Row) -> None:
    await db.execute(insert(segments).values(**row))


async def replace_segment(db: Connection, segment_id: str, values: Row) -> None:
    """New contents under the old id and the old time of creation."""
    kept = {key: value for key, value in values.items() if key not in ("id", "created_at")}
    await db.execute(update(segments).where(segments.c.id == segment_id).values(**kept))


async def drop_lower_attempts(db: Connection, run_id: str, attempt: int) -> int:
    result = await db.execute(delete(segments).where(segments.c.analysis_id == run_id, segments.c.attempt < attempt))
    return int(result.rowcount)


async def count_segments(db: Connection, run_id: str) -> int:
    found = await db.execute(select(func.count()).select_from(segments).where(segments.c.analysis_id == run_id))
    return int(found.scalar_one())


# --- for streams


async def segments_after(db: Connection, run_id: str, index: int, *, limit: int) -> list[Row]:
    """Stored windows of a run above an index, ascending."""
    found = await db.execute(
        select(segments)
        .where(segments.c.analysis_id == run_id, segments.c.segment_index > index)
        .order_by(segments.c.segment_index)
        .limit(limit)
    )
    return [dict(row) for row in found.mappings()]


_END = (runs.c.id, runs.c.match_id, runs.c.status, runs.c.progress, runs.c.is_cancelled, runs.c.message)


async def run_end(db: Connection, run_id: str) -> Row | None:
    """What tells whether and how a run ended; None when the run is gone."""
    row = (await db.execute(select(*_END).where(runs.c.id == run_id))).mappings().first()
    return None if row is None else dict(row)


async def newest_run(db: Connection, match_id: str) -> Row | None:
    found = await db.execute(
        select(*_END).where(runs.c.match_id == match_id).order_by(runs.c.submitted_at.desc(), runs.c.id.desc()).limit(1)
    )
    row = found.mappings().first()
    return None if row is None else dict(row)


async def active_runs(db: Connection, match_id: str) -> list[str]:
    found = await db.execute(select(runs.c.id).where(runs.c.match_id == match_id, runs.c.status.in_(ACTIVE)))
    return list(found.scalars())


async def last_segment_index(db: Connection, run_id: str) -> int:
    """Highest stored index of a run, -1 without any."""
    found = await db.execute(select(func.max(segments.c.segment_index)).where(segments.c.analysis_id == run_id))
    highest = found.scalar()
    return -1 if highest is None else int(highest)
