"""What a person gets to see of a match's alerts, and who may watch them live without signing in again."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from touchline.features.alerts import queries
from touchline.features.alerts.rules import alert_message
from touchline.features.analysis.scope import resolve_match_scope
from touchline.features.identity.principal import Principal
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection


@dataclass(frozen=True)
class AlertService:
    """grant: life of a watch grant, None where grants are off."""

    clock: Clock
    grant: timedelta | None = None

    async def listed(
        self, db: Connection, by: Principal, match_id: str, *, address: str | None, limit: int, offset: int
    ) -> tuple[list[dict[str, Any]], int]:
        """Alerts of a match, oldest first, with the caller's own decisions, and how many there are in all.

        Where grants are on, a socket from the caller's address may watch this match for a while.

        Raises:
            MatchNotFoundError: not in scope.
        """
        await resolve_match_scope(db, by, match_id)
        rows, total = await queries.listed_alerts(db, match_id, reader_id=by.user_id, limit=limit, offset=offset)
        if self.grant is not None and address:
            now = self.clock.now()
            await queries.record_grant(
                db, address=address[:64], match_id=match_id, user_id=by.user_id, now=now, until=now + self.grant
            )
        return [alert_message(row, decision) for row, decision in rows], total
