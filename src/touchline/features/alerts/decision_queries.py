"""Every SQL statement about what people decided on alerts, and what became of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from touchline.features.alerts.effectiveness import ENOUGH_OBSERVED
from touchline.features.alerts.tables import decision_feedback, tactical_alerts
from touchline.features.analysis.scope import in_match_scope
from touchline.features.analysis.tables import analysis_runs
from touchline.features.identity.principal import Principal
from touchline.football.vocabulary import ACTIVE_STATUSES
from touchline.foundation.db import Connection

Row = Mapping[Any, Any]

_UNSETTLED = or_(
    decision_feedback.c.evaluation_windows.is_(None), decision_feedback.c.evaluation_windows < ENOUGH_OBSERVED
)


# --- decisions


async def alert_to_decide_on(db: Connection, by: Principal, named: str, match_id: str | None) -> Row | None:
    """The newest alert with this decision or alert id, of one match (already in scope) or of all that are in scope.

    One that was shown comes before one that stayed hidden.
    """
    columns = ("match_id", "alert_id", "decision_id", "decision_type", "severity_score", "match_time")
    where = (
        tactical_alerts.c.match_id == match_id
        if match_id is not None
        else in_match_scope(tactical_alerts.c.match_id, by)
    )
    found = await db.execute(
        select(*(tactical_alerts.c[name] for name in columns))
        .where(where, or_(tactical_alerts.c.decision_id == named, tactical_alerts.c.alert_id == named))
        .order_by(tactical_alerts.c.suppressed, tactical_alerts.c.created_at.desc(), tactical_alerts.c.id.desc())
        .limit(1)
    )
    return found.mappings().first()


async def record_decision(db: Connection, row: Row) -> Row | None:
    """Keep somebody's first decision on an alert; answers with the earlier one when he had decided already."""
    this = and_(
        decision_feedback.c.user_id == row["user_id"],
        decision_feedback.c.match_id == row["match_id"],
        decision_feedback.c.decision_id == row["decision_id"],
    )
    # A write comes first: it holds the transaction open on SQLite and waits for whoever decides at this moment.
    repeated = await db.execute(update(decision_feedback).where(this).values(decision_id=row["decision_id"]))
    if not repeated.rowcount:
        try:
            async with db.begin_nested():
                await db.execute(insert(decision_feedback).values(**row))
        except IntegrityError:
            pass  # the same person decided just now from elsewhere
        else:
            return None
    return (await db.execute(select(decision_feedback).where(this))).mappings().first()


# --- what became of them


async def unsettled_decisions(db: Connection, match_id: str, *, of: str | None = None) -> list[Row]:
    """Decisions of a match that a later alert may still judge; only the one with id `of` when it is given."""
    columns = ("id", "action", "severity_at_time", "match_time", "created_at", "evaluation_windows")
    where: list[ColumnElement[bool]] = [decision_feedback.c.match_id == match_id, _UNSETTLED]
    if of is not None:
        where.append(decision_feedback.c.id == of)
    found = await db.execute(select(*(decision_feedback.c[name] for name in columns)).where(*where))
    return list(found.mappings())


async def happened_alerts(db: Connection, match_id: str) -> list[Row]:
    """Alerts of a match as observations, hidden ones too, in the order of their creation; replaced ones are out."""
    found = await db.execute(
        select(tactical_alerts.c.match_time, tactical_alerts.c.created_at, tactical_alerts.c.severity_score)
        .where(tactical_alerts.c.match_id == match_id, tactical_alerts.c.superseded.is_(False))
        .order_by(tactical_alerts.c.created_at, tactical_alerts.c.id)
    )
    return list(found.mappings())


async def is_analysed_now(db: Connection, match_id: str, *, besides: str | None = None) -> bool:
    """Whether a run of a match is active, other than the one that is ending."""
    found = await db.execute(
        select(analysis_runs.c.id)
        .where(
            analysis_runs.c.match_id == match_id,
            analysis_runs.c.status.in_([status.value for status in ACTIVE_STATUSES]),
            analysis_runs.c.id != (besides or ""),
        )
        .limit(1)
    )
    return found.first() is not None


async def settle(db: Connection, verdicts: Sequence[Mapping[str, Any]]) -> None:
    """Write verdicts by `of`, the id of their decision; one made with enough observed alerts is not overwritten."""
    if verdicts:
        await db.execute(
            update(decision_feedback).where(decision_feedback.c.id == bindparam("of"), _UNSETTLED), list(verdicts)
        )


async def matches_with_late_verdicts(db: Connection, *, before: datetime, limit: int) -> list[str]:
    """Matches with decisions from before an instant that nobody has judged although an alert followed."""
    followed = exists(
        select(literal(1)).where(
            tactical_alerts.c.match_id == decision_feedback.c.match_id,
            tactical_alerts.c.superseded.is_(False),
            or_(
                tactical_alerts.c.match_time > decision_feedback.c.match_time,
                and_(
                    decision_feedback.c.match_time.is_(None),
                    tactical_alerts.c.created_at > decision_feedback.c.created_at,
                ),
            ),
        )
    )
    found = await db.execute(
        select(decision_feedback.c.match_id)
        .where(decision_feedback.c.evaluation_windows.is_(None), decision_feedback.c.created_at <= before, followed)
        .distinct()
        .limit(limit)
    )
    return list(found.scalars())


# --- metrics


async def counts_by_type(db: Connection, user_id: str, *, match_id: str | None) -> list[dict[str, Any]]:
    """How often somebody decided which way on each type of alert, and what became of it; one statement."""
    kind = decision_feedback.c.decision_type

    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    where: list[ColumnElement[bool]] = [decision_feedback.c.user_id == user_id]
    if match_id is not None:
        where.append(decision_feedback.c.match_id == match_id)
    found = await db.execute(
        select(
            kind,
            func.count().label("total"),
            count(decision_feedback.c.action == "ACCEPT").label("accepted"),
            count(decision_feedback.c.action == "DISMISS").label("dismissed"),
            count(decision_feedback.c.decision_effective.is_(True)).label("effective"),
            count(decision_feedback.c.escalation_after_dismiss.is_(True)).label("escalated"),
        )
        .where(*where)
        .group_by(kind)
    )
    return [_counts(row) for row in found.mappings()]


def _counts(row: Mapping[Any, Any]) -> dict[str, Any]:
    # MariaDB sums to decimals.
    return {name: value if name == "decision_type" else int(value) for name, value in row.items()}
