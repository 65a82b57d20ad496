"""The SQL of the history: what a list shows of each run, as the database holds it, and the runs themselves."""

from collections.abc import Hashable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, func, select

from touchline.features.analysis.queries import RunRow, run_is_readable
from touchline.features.analysis.tables import analysis_runs as runs
from touchline.features.analysis.tables import analysis_segments as segments
from touchline.features.identity.principal import Principal
from touchline.foundation.db import Connection
from touchline.foundation.db.paging import fetch_cut

State = tuple[Hashable, ...]
"""Changes whenever anything does that a list shows of a run; the id comes first. Equal states look equal."""

_SHOWN = (
    runs.c.id,
    runs.c.match_id,
    runs.c.input_video_name,
    runs.c.status,
    runs.c.progress,
    runs.c.message,
    runs.c.outputs,
    runs.c.tracking_video_path,
    runs.c.input_video_path,
    runs.c.submitted_at,
    runs.c.completed_at,
    runs.c.is_cancelled,
    runs.c.part,
    runs.c.retry_of,
    runs.c.team_a_id,
    runs.c.team_b_id,
    select(func.count()).where(segments.c.analysis_id == runs.c.id).scalar_subquery().label("segments_count"),
)
# The revision counts updates, and a run is updated whenever its segments change; a reference that the database itself
# cleared is seen in its column.
_STATE = (
    runs.c.id.label("run_id"),
    runs.c.revision,
    runs.c.retry_of.label("retried"),
    runs.c.team_a_id.label("team_a"),
    runs.c.team_b_id.label("team_b"),
)


async def history_states(db: Connection, by: Principal, *, limit: int, offset: int) -> tuple[list[State], int]:
    """States of the runs that somebody may read, newest first, and how many runs there are."""
    rows, total = await fetch_cut(db, _states_for(by, limit, offset), limit=limit, offset=offset)
    return [tuple(row) for row in rows], total


@lru_cache(maxsize=256)
def _states_for(by: Principal, limit: int, offset: int) -> Select[Any]:
    """Depends on the caller's rights alone; to write this statement takes longer than to answer it."""
    readable = select(*_STATE).where(run_is_readable(by))
    return readable.order_by(runs.c.submitted_at.desc(), runs.c.id.desc()).limit(limit).offset(offset)


async def listed_runs(db: Connection, run_ids: Sequence[Any]) -> list[tuple[State, RunRow, int]]:
    """These runs with their states at the same moment, and how many segments each has."""
    found = await db.execute(select(*_STATE, *_SHOWN).where(runs.c.id.in_(run_ids)))
    return [(tuple(row[: len(_STATE)]), _by_name(row), int(row.segments_count)) for row in found]


def _by_name(row: Any) -> RunRow:
    named: RunRow = row._mapping  # noqa: SLF001 — the documented way to a row's names
    return named
