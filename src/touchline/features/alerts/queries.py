"""Every SQL statement of the alerts room."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from touchline.features.alerts.rules import SILENT_AFTER_DISMISSAL
from touchline.features.alerts.tables import alert_suppressions, decision_feedback, tactical_alerts, ws_grants
from touchline.features.analysis.rooms_above import RunRef
from touchline.features.analysis.tables import analysis_runs
from touchline.foundation.db import Connection
from touchline.foundation.db.paging import fetch_page

Row = Mapping[str, Any]

_FEEDBACK = ("action", "decision_effective", "decision_failed", "escalation_after_dismiss")

_decision_id = func.coalesce(tactical_alerts.c.decision_id, tactical_alerts.c.alert_id)

_has_feedback = exists().where(
    decision_feedback.c.match_id == tactical_alerts.c.match_id,
    decision_feedback.c.decision_id == _decision_id,
)


# --- alerts


async def known_alert(db: Connection, match_id: str, alert_id: str) -> Row | None:
    columns = (
        tactical_alerts.c.id,
        tactical_alerts.c.run_id,
        tactical_alerts.c.suppressed,
        tactical_alerts.c.context,
        tactical_alerts.c.created_at,
    )
    found = await db.execute(
        select(*columns).where(tactical_alerts.c.match_id == match_id, tactical_alerts.c.alert_id == alert_id)
    )
    row = found.mappings().first()
    return None if row is None else dict(row)


async def insert_alert(db: Connection, row: Row) -> None:
    await db.execute(insert(tactical_alerts).values(**row))


async def update_alert(db: Connection, row_id: str, values: Row) -> None:
    await db.execute(update(tactical_alerts).where(tactical_alerts.c.id == row_id).values(**values))


async def listed_alerts(
    db: Connection, match_id: str, *, reader_id: str, limit: int, offset: int
) -> tuple[list[tuple[Row, Row | None]], int]:
    """Alerts of a match that are neither hidden nor out of date, oldest first, each with the reader's own decision.

    Returns:
        Rows of the page with the decision or None, and how many there are on all pages.
    """
    own = and_(
        decision_feedback.c.match_id == tactical_alerts.c.match_id,
        decision_feedback.c.decision_id == _decision_id,
        decision_feedback.c.user_id == reader_id,
    )
    statement = (
        select(tactical_alerts, *(decision_feedback.c[name].label(f"own_{name}") for name in _FEEDBACK))
        .join(decision_feedback, own, isouter=True)
        .where(
            tactical_alerts.c.match_id == match_id,
            tactical_alerts.c.suppressed.is_(False),
            tactical_alerts.c.superseded.is_(False),
        )
        .order_by(tactical_alerts.c.created_at, tactical_alerts.c.id)
    )
    rows, total = await fetch_page(db, statement, limit=limit, offset=offset)
    return [(row, _decision(row)) for row in (dict(found._mapping) for found in rows)], total  # noqa: SLF001 — the documented way


def _decision(row: Row) -> Row | None:
    return None if row["own_action"] is None else {name: row[f"own_{name}"] for name in _FEEDBACK}


async def supersede_earlier(db: Connection, run: RunRef) -> None:
    """Take alerts of earlier runs of the same part out of the list; a whole match replaces both halves."""
    parts = ("whole", "first", "second") if run.part == "whole" else (run.part,)
    earlier = select(analysis_runs.c.id).where(
        analysis_runs.c.match_id == run.match_id,
        analysis_runs.c.part.in_(parts),
        or_(
            analysis_runs.c.submitted_at < run.submitted_at,
            and_(analysis_runs.c.submitted_at == run.submitted_at, analysis_runs.c.id < run.id),
        ),
    )
    await db.execute(
        update(tactical_alerts)
        .where(tactical_alerts.c.match_id == run.match_id, tactical_alerts.c.run_id.in_(earlier))
        .values(superseded=True)
    )


async def drop_lower_attempts(db: Connection, run_id: str, attempt: int) -> None:
    """Remove what earlier attempts raised and this one did not, unless somebody decided on it."""
    await db.execute(
        delete(tactical_alerts).where(
            tactical_alerts.c.run_id == run_id, tactical_alerts.c.attempt < attempt, ~_has_feedback
        )
    )


async def forget_run(db: Connection, run_id: str) -> None:
    """Remove a run's alerts; those that somebody decided on are kept for the metrics and leave the list."""
    await db.execute(delete(tactical_alerts).where(tactical_alerts.c.run_id == run_id, ~_has_feedback))
    await db.execute(update(tactical_alerts).where(tactical_alerts.c.run_id == run_id).values(superseded=True))


async def has_runs(db: Connection, match_id: str) -> bool:
    """Whether any run still goes by this match id."""
    found = await db.scalar(select(analysis_runs.c.id).where(analysis_runs.c.match_id == match_id).limit(1))
    return found is not None


async def forget_match(db: Connection, match_id: str) -> None:
    """Remove everything that is known of a match id that names nothing any more."""
    for table in (tactical_alerts, alert_suppressions, ws_grants):
        await db.execute(delete(table).where(table.c.match_id == match_id))


# --- suppression


async def use_up_silence(db: Connection, match_id: str, decision_type: str) -> bool:
    """Whether a new alert of this type stays hidden; each time one does, one less will."""
    result = await db.execute(
        update(alert_suppressions)
        .where(
            alert_suppressions.c.match_id == match_id,
            alert_suppressions.c.decision_type == decision_type,
            alert_suppressions.c.remaining > 0,
        )
        .values(remaining=alert_suppressions.c.remaining - 1)
    )
    return bool(result.rowcount)


async def silence(db: Connection, match_id: str, decision_type: str) -> None:
    """Hide the next alerts of a type that somebody dismissed; another dismissal starts over."""
    this = and_(alert_suppressions.c.match_id == match_id, alert_suppressions.c.decision_type == decision_type)
    result = await db.execute(update(alert_suppressions).where(this).values(remaining=SILENT_AFTER_DISMISSAL))
    if not result.rowcount:
        with suppress(IntegrityError):  # somebody else dismissed the same type just now
            async with db.begin_nested():
                await db.execute(
                    insert(alert_suppressions).values(
                        match_id=match_id, decision_type=decision_type, remaining=SILENT_AFTER_DISMISSAL
                    )
                )


async def lift_silence(db: Connection, match_id: str) -> None:
    await db.execute(delete(alert_suppressions).where(alert_suppressions.c.match_id == match_id))


# --- watch grants


async def record_grant(
    db: Connection, *, address: str, match_id: str, user_id: str, now: datetime, until: datetime
) -> None:
    """Let a socket from this address take this person's identity for a short while."""
    await db.execute(delete(ws_grants).where(ws_grants.c.expires_at <= now))
    this = and_(ws_grants.c.client_address == address, ws_grants.c.match_id == match_id)
    result = await db.execute(update(ws_grants).where(this).values(user_id=user_id, expires_at=until))
    if not result.rowcount:
        with suppress(IntegrityError):  # the same client asked twice at once
            async with db.begin_nested():
                await db.execute(
                    insert(ws_grants).values(
                        client_address=address, match_id=match_id, user_id=user_id, expires_at=until
                    )
                )


async def granted_user(db: Connection, *, address: str, match_id: str, now: datetime) -> str | None:
    """Whose identity a socket from this address may take."""
    found = await db.execute(
        select(ws_grants.c.user_id).where(
            ws_grants.c.client_address == address, ws_grants.c.match_id == match_id, ws_grants.c.expires_at > now
        )
    )
    return found.scalar()
