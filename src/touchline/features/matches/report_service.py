"""Documents that are stored about the matches of an organisation's teams."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from touchline.features.identity import Principal
from touchline.features.matches import report_queries as queries
from touchline.features.matches.errors import ReportNotFoundError
from touchline.features.matches.report import NewReport, Report
from touchline.features.matches.service import same_match, visible_match
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection


@dataclass(frozen=True)
class ReportService:
    """Keeps reports, several per match; who stored one stays its author."""

    clock: Clock

    async def mine(
        self, db: Connection, by: Principal, *, match_id: str | None, limit: int, offset: int
    ) -> tuple[list[Report], int]:
        """Reports, oldest first, of one match or of all that this person sees, and how many there are."""
        return await queries.accessible_reports(db, by, match_id=match_id, limit=limit, offset=offset)

    async def get(self, db: Connection, by: Principal, report_id: str) -> Report:
        """One report.

        Raises:
            ReportNotFoundError: absent or out of scope.
        """
        report = await queries.accessible_report(db, by, report_id)
        if report is None:
            raise ReportNotFoundError
        return report

    async def add(self, db: Connection, by: Principal, new: NewReport) -> Report:
        """Store a report of this person's.

        Raises:
            MatchNotFoundError: absent or out of scope.
        """
        match = await visible_match(db, by, new.match_id)
        report_id = await queries.insert_report(
            db, replace(new, match_id=match.id), author_id=by.user_id, now=self.clock.now()
        )
        return await self.get(db, by, report_id)

    async def change(self, db: Connection, by: Principal, report_id: str, changes: Mapping[str, Any]) -> Report:
        """Write the fields that were sent; the others stay, author and time always do.

        Raises:
            ReportNotFoundError, MatchNotFoundError: absent or out of scope.
            OtherMatchError: the match would change.
        """
        report = await self.get(db, by, report_id)
        match = await same_match(db, by, report.match_id, changes)
        after = replace(report, **{**changes, "match_id": match.id})
        if changes and not await queries.update_report(db, after, changes):
            raise ReportNotFoundError
        return after

    async def delete(self, db: Connection, by: Principal, report_id: str) -> None:
        """Remove a report; clips of it stay without it.

        Raises:
            ReportNotFoundError: absent or out of scope.
        """
        report = await self.get(db, by, report_id)
        if not await queries.delete_report(db, report.id):
            raise ReportNotFoundError
