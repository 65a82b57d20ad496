"""What the alerts room does about runs: keep, hide, replace and clear alerts, in the transaction of the change."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from touchline.features.alerts import queries
from touchline.features.alerts.evaluation import evaluate
from touchline.features.alerts.flow_reaction import flow_told, latest_flow
from touchline.features.alerts.rules import alert_message, alert_row
from touchline.features.analysis.events import RunDeleted, match_channel
from touchline.features.analysis.rooms_above import RunRef
from touchline.features.matches import MatchDeleted
from touchline.football.updates import AlertRaised
from touchline.foundation.db import Connection
from touchline.foundation.events import Event, fact, record
from touchline.foundation.ids import new_id
from touchline.foundation.logs import get_logger

log = get_logger(__name__)


@dataclass(frozen=True)
class AlertReactions:
    """The analysis room's `Reactions`, as far as alerts go.

    hold_flow: how long messages about the game's flow wait for a model's words; None tells them at once.
    """

    hold_flow: timedelta | None = None

    async def run_claimed(self, db: Connection, run: RunRef) -> None:
        """A new run of a match starts with nothing dismissed; another attempt at the same run changes nothing."""
        if run.attempt == 1:
            await queries.lift_silence(db, run.match_id)

    async def segment_stored(
        self, db: Connection, run: RunRef, segment: dict[str, Any], *, is_first: bool, is_new: bool
    ) -> list[Event]:
        """The first window of a newer run of a real match replaces what earlier runs raised (rule 4.5).

        After every third new window the flow of the game is told (rule 8.1).
        """
        if is_first and not run.is_adhoc:
            await queries.supersede_earlier(db, run)
        told = await flow_told(db, run) if is_new else []
        if told and self.hold_flow is not None:
            await record(db, told, now=segment["created_at"] + self.hold_flow)
            return []
        return told

    async def alert_raised(self, db: Connection, run: RunRef, alert: AlertRaised, *, now: datetime) -> list[Event]:
        """Store an alert or its new state, and tell it unless its type was dismissed a moment ago (rules 4.3, 4.4)."""
        row = alert_row(alert, run, row_id=new_id(), now=now)
        if row is None:
            log.warning("alert.dropped", run_id=run.id, reason="no alert_id")
            return []
        known = await queries.known_alert(db, run.match_id, row["alert_id"])
        is_new = known is None or known["run_id"] != run.id  # engines may count from one again in each run
        if is_new:
            row["suppressed"] = await queries.use_up_silence(db, run.match_id, row["decision_type"])
        else:
            row["suppressed"] = bool(known["suppressed"]) if known else False
        if "flow_analysis" not in row["context"]:
            carried = await latest_flow(db, run) if is_new or known is None else known["context"].get("flow_analysis")
            if carried is not None:
                row["context"]["flow_analysis"] = carried
        if known is None:
            await queries.insert_alert(db, row)
        else:
            row |= {"id": known["id"], "created_at": known["created_at"]}
            await queries.update_alert(db, known["id"], row)
        await evaluate(db, run.match_id, now=now)  # hidden ones count, too
        return [] if row["suppressed"] else [_told(row)]

    def unstored_alert(self, run: RunRef, alert: AlertRaised, *, now: datetime) -> list[Event]:
        """An alert that could not be kept is still told once."""
        row = alert_row(alert, run, row_id="", now=now)
        return [] if row is None else [_told(row)]

    async def run_ended(self, db: Connection, run: RunRef, *, now: datetime) -> None:
        """What this attempt did not raise goes, and decisions after which one alert came are judged by it."""
        await queries.drop_lower_attempts(db, run.id, run.attempt)
        await evaluate(db, run.match_id, now=now, ending_run=run.id)


async def forget_run(db: Connection, deleted: RunDeleted) -> None:
    """What goes with a deleted run."""
    await queries.forget_run(db, deleted.run_id)
    if deleted.is_last_of_adhoc:
        await queries.forget_match(db, deleted.match_id)


async def forget_match(db: Connection, deleted: MatchDeleted) -> None:
    """What goes with a deleted match; runs that outlive it keep their alerts, and decisions stay for the metrics."""
    if not await queries.has_runs(db, deleted.match_id):
        await queries.forget_match(db, deleted.match_id)


def _told(row: dict[str, Any]) -> Event:
    return fact(match_channel(row["match_id"]), "alert", alert_message(row))
