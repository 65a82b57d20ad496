"""Every statement about modes and remembered insights."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from touchline.features.assistant.memory import RECALLED, Insight, Remembered
from touchline.features.assistant.modes import Mode
from touchline.features.assistant.tables import system_modes, tactical_insights
from touchline.features.identity.tables import users
from touchline.foundation.db import Connection, Database
from touchline.foundation.ids import new_id
from touchline.foundation.logs import get_logger

log = get_logger(__name__)


async def mode_of(db: Connection, organisation_id: str) -> Mode:
    found = await db.scalar(select(system_modes.c.mode).where(system_modes.c.owner_id == organisation_id))
    return Mode.ASSISTANT if found is None else Mode(found)


async def set_mode(db: Connection, organisation_id: str, mode: Mode, *, by_user_id: str, now: datetime) -> None:
    """Set the mode of an organisation; of two at the same time the later one counts."""
    # Whoever comes second waits at the owner's row: two first inserts would end in a deadlock on MariaDB.
    await db.execute(select(users.c.id).where(users.c.id == organisation_id).with_for_update())
    values = {"mode": mode.value, "updated_at": now, "updated_by": by_user_id}
    change = update(system_modes).where(system_modes.c.owner_id == organisation_id).values(**values)
    if not (await db.execute(change)).rowcount:
        await db.execute(insert(system_modes).values(owner_id=organisation_id, **values))


async def recall(
    db: Connection, user_id: str, subject_ids: Sequence[str], metric_name: str, *, since: datetime
) -> list[Remembered]:
    """The last ten insights of a person about one subject and metric, newest first.

    Args:
        db: the transaction.
        user_id: whose memory.
        subject_ids: the subjects that are named; the memory of the one with the newest insight is returned.
        metric_name: of which figure.
        since: older ones are forgotten.
    """
    if not subject_ids:
        return []
    known = tactical_insights
    about = (
        known.c.user_id == user_id,
        known.c.metric_name == metric_name,
        known.c.created_at >= since,
    )
    newest = (
        select(known.c.subject_id)
        .where(known.c.subject_id.in_(subject_ids), *about)
        .order_by(known.c.created_at.desc(), known.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = await db.execute(
        select(known.c.created_at, known.c.metric_value, known.c.window_definition)
        .where(known.c.subject_id == newest, *about)
        .order_by(known.c.created_at.desc(), known.c.id.desc())
        .limit(RECALLED)
    )
    return [Remembered(row.created_at, row.metric_value, row.window_definition) for row in rows]


async def remember(database: Database, insights: Sequence[Insight], *, now: datetime) -> None:
    """Keep what is not known yet, in a transaction of its own: an answer never fails because of it."""
    if not insights:
        return
    try:
        async with database.begin() as db:
            with suppress(IntegrityError):  # the same question at the same time: what it found is kept by the other
                async with db.begin_nested():
                    await _insert_unknown(db, insights, now)
    except SQLAlchemyError as error:
        log.warning("assistant.not_remembered", error=type(error).__name__, insights=len(insights))


async def _insert_unknown(db: Connection, insights: Sequence[Insight], now: datetime) -> None:
    known = set(
        await db.scalars(
            select(tactical_insights.c.insight_hash).where(
                tactical_insights.c.user_id == insights[0].user_id,
                tactical_insights.c.insight_hash.in_([insight.insight_hash for insight in insights]),
            )
        )
    )
    rows = [
        {"id": new_id(), **vars(insight), "insight_hash": insight.insight_hash, "created_at": now}
        for insight in insights
        if insight.insight_hash not in known
    ]
    if rows:
        await db.execute(insert(tactical_insights), rows)
