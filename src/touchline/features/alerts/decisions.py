"""What people decide on alerts: recorded once, answered by silence after a dismissal, judged by what follows."""

from dataclasses import dataclass
from typing import Any

from touchline.features.alerts import decision_queries, queries
from touchline.features.alerts.effectiveness import Action, Metrics, metrics
from touchline.features.alerts.errors import AlertNotFoundError
from touchline.features.alerts.evaluation import evaluate
from touchline.features.analysis.scope import resolve_match_scope
from touchline.features.identity.principal import Principal
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection
from touchline.foundation.ids import new_id


@dataclass(frozen=True)
class Decision:
    """What somebody wants to record.

    named: a decision id or an alert id; match_time: in video seconds, the alert's own when it is None.
    """

    named: str
    action: Action
    match_id: str | None = None
    match_time: float | None = None


@dataclass(frozen=True)
class Decided:
    """What stands recorded: the first decision, whatever this one said (`is_repeat`)."""

    is_repeat: bool
    match_id: str
    alert_id: str
    decision_id: str
    decision_type: str
    action: Action


@dataclass(frozen=True)
class DecisionService:
    """Records decisions and counts them."""

    clock: Clock

    async def decide(self, db: Connection, by: Principal, decision: Decision) -> Decided:
        """Record a decision and what follows from it, all in the caller's transaction.

        Nobody is told over the socket: a decision is one person's own, and the alert's frame would show it to all as
        undecided.

        Raises:
            MatchNotFoundError: the match is named and not in scope.
            AlertNotFoundError: no alert of that id in that match, or in any match in scope.
        """
        if decision.match_id is not None:
            await resolve_match_scope(db, by, decision.match_id)
        alert = await decision_queries.alert_to_decide_on(db, by, decision.named, decision.match_id)
        if alert is None:
            raise AlertNotFoundError
        now = self.clock.now()
        row: dict[str, Any] = {
            "id": new_id(),
            "user_id": by.user_id,
            "match_id": alert["match_id"],
            "decision_id": alert["decision_id"] or alert["alert_id"],
            "decision_type": alert["decision_type"],
            "action": decision.action.value,
            "severity_at_time": alert["severity_score"],
            "match_time": alert["match_time"] if decision.match_time is None else decision.match_time,
            "created_at": now,
        }
        earlier = await decision_queries.record_decision(db, row)
        if earlier is None:
            if decision.action is Action.DISMISS:
                await queries.silence(db, row["match_id"], row["decision_type"])
            await evaluate(db, row["match_id"], now=now, of=row["id"])
        recorded = row if earlier is None else earlier
        return Decided(
            is_repeat=earlier is not None,
            match_id=recorded["match_id"],
            alert_id=alert["alert_id"],
            decision_id=recorded["decision_id"],
            decision_type=recorded["decision_type"],
            action=Action(recorded["action"]),
        )

    async def metrics(self, db: Connection, by: Principal, *, match_id: str | None) -> Metrics:
        """What became of the caller's decisions, in all matches or in one.

        Raises:
            MatchNotFoundError: the match is named and not in scope.
        """
        if match_id is not None:
            await resolve_match_scope(db, by, match_id)
        return metrics(await decision_queries.counts_by_type(db, by.user_id, match_id=match_id))
