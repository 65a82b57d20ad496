"""What flow analysis reads and keeps: windows of a run in order of arrival, its language and teams, its alerts."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update

from touchline.features.alerts.tables import tactical_alerts
from touchline.features.analysis.tables import analysis_runs, analysis_segments
from touchline.football.vocabulary import AlertStatus
from touchline.foundation.db import Connection

Row = Mapping[Any, Any]

# A window that another attempt repeats keeps the place in which its index first arrived.
_ARRIVAL = (analysis_segments.c.created_at, analysis_segments.c.segment_index)


async def count_windows(db: Connection, run_id: str) -> int:
    found = await db.execute(
        select(func.count()).select_from(analysis_segments).where(analysis_segments.c.analysis_id == run_id)
    )
    return int(found.scalar_one())


async def windows(db: Connection, run_id: str) -> list[Row]:
    """All windows of a run in order of arrival, with what their two teams are compared by and nothing more."""
    analysis = analysis_segments.c.analysis_json
    found = await db.execute(
        select(
            analysis_segments.c.segment_index,
            analysis_segments.c.start_sec,
            analysis_segments.c.end_sec,
            analysis["flow_terms"].label("terms"),
            analysis["possession_team_a_pct"].label("possession_a"),
        )
        .where(analysis_segments.c.analysis_id == run_id)
        .order_by(*_ARRIVAL)
    )
    return list(found.mappings())


async def last_analyses(db: Connection, run_id: str, count: int) -> list[dict[str, Any]]:
    """`analysis_json` of the windows that arrived last, in order of arrival."""
    found = await db.execute(
        select(analysis_segments.c.analysis_json)
        .where(analysis_segments.c.analysis_id == run_id)
        .order_by(*(column.desc() for column in _ARRIVAL))
        .limit(count)
    )
    return list(found.scalars())[::-1]


async def run_teams(db: Connection, run_id: str) -> Row | None:
    """A run's options and whose teams play in it."""
    columns = ("options", "team_id", "team_a_id", "team_b_id")
    found = await db.execute(select(*(analysis_runs.c[name] for name in columns)).where(analysis_runs.c.id == run_id))
    return found.mappings().first()


async def most_severe_open_alert(db: Connection, run_id: str) -> Row | None:
    """The open alert of a run with the highest score; hidden ones warn nobody."""
    found = await db.execute(
        select(tactical_alerts.c.decision_type, tactical_alerts.c.severity_label, tactical_alerts.c.context)
        .where(
            tactical_alerts.c.run_id == run_id,
            tactical_alerts.c.suppressed.is_(False),
            tactical_alerts.c.status != AlertStatus.RESOLVED.value,
        )
        .order_by(tactical_alerts.c.severity_score.desc(), tactical_alerts.c.created_at.desc(), tactical_alerts.c.id)
        .limit(1)
    )
    return found.mappings().first()


async def newest_alert(db: Connection, run_id: str) -> Row | None:
    """The alert of a run that carries its latest message about the flow."""
    found = await db.execute(
        select(tactical_alerts.c.id, tactical_alerts.c.context)
        .where(tactical_alerts.c.run_id == run_id, tactical_alerts.c.suppressed.is_(False))
        .order_by(tactical_alerts.c.created_at.desc(), tactical_alerts.c.id.desc())
        .limit(1)
    )
    return found.mappings().first()


async def keep_with(db: Connection, alert_id: str, context: Mapping[str, Any]) -> None:
    await db.execute(update(tactical_alerts).where(tactical_alerts.c.id == alert_id).values(context=dict(context)))
