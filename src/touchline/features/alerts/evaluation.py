"""Judges decisions on alerts when the time has come: at the decision, at every later alert, when a run ends, and late.

Everything is read from rows and may be repeated, in any process: what waits survives a restart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from touchline.features.alerts import decision_queries as queries
from touchline.features.alerts.effectiveness import PATIENCE, Action, Happened, is_due, judge, observed_after
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection, Database

_MATCHES_AT_A_TIME = 100


async def evaluate(
    db: Connection, match_id: str, *, now: datetime, of: str | None = None, ending_run: str | None = None
) -> None:
    """Judge the decisions of a match as far as its alerts allow.

    Args:
        db: the transaction of whatever gave the occasion.
        match_id: whose decisions.
        now: the present.
        of: only this decision.
        ending_run: a run that ends with this transaction.
    """
    waiting = await queries.unsettled_decisions(db, match_id, of=of)
    if not waiting:
        return
    alerts = [
        Happened(row["match_time"], row["created_at"], row["severity_score"])
        for row in await queries.happened_alerts(db, match_id)
    ]
    observed = [observed_after(row["match_time"], row["created_at"], alerts) for row in waiting]
    if not any(observed):
        return
    is_over = not await queries.is_analysed_now(db, match_id, besides=ending_run)
    await queries.settle(
        db,
        [
            _verdict(row, severities, now=now)
            for row, severities in zip(waiting, observed, strict=True)
            if is_due(
                len(severities),
                decided_at=row["created_at"],
                now=now,
                is_over=is_over,
                known=row["evaluation_windows"],
            )
        ],
    )


def _verdict(decision: Mapping[str, Any], severities: list[float], *, now: datetime) -> dict[str, Any]:
    found = judge(Action(decision["action"]), decision["severity_at_time"], severities)
    return {
        "of": decision["id"],
        "decision_effective": found.effective,
        "decision_failed": found.failed,
        "escalation_after_dismiss": found.escalated,
        "post_severity_avg": found.mean,
        "evaluation_windows": found.windows,
        "evaluated_at": now,
    }


@dataclass(frozen=True)
class LateVerdicts:
    """Judges decisions after which one alert followed and then none for a while; the worker asks now and then."""

    database: Database
    clock: Clock

    async def __call__(self) -> int:
        """Judge what is due; returns for how many matches."""
        now = self.clock.now()
        async with self.database.begin() as db:
            found = await queries.matches_with_late_verdicts(db, before=now - PATIENCE, limit=_MATCHES_AT_A_TIME)
        for match_id in found:
            async with self.database.begin() as db:
                await evaluate(db, match_id, now=now)
        return len(found)
