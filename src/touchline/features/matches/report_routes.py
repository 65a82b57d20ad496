"""The doors of stored reports."""

from typing import Annotated

from fastapi import APIRouter, Depends

from touchline.features.identity.access import MayReadFootball, MayWriteOrAnalyse
from touchline.features.matches.fields import MatchFilter
from touchline.features.matches.report_schemas import AnalysisReportChangesIn, AnalysisReportIn, AnalysisReportOut
from touchline.features.matches.report_service import ReportService
from touchline.foundation.http.messages import DeletedOut
from touchline.foundation.http.paging import Page
from touchline.foundation.http.provide import Db, provided
from touchline.foundation.http.text import RefId

router = APIRouter(prefix="/api/analysis_reports", tags=["reports"])

Reports = Annotated[ReportService, Depends(provided(ReportService))]


@router.get("")
async def list_analysis_reports(
    by: MayReadFootball, db: Db, analysis_reports: Reports, page: Page, match_id: MatchFilter = None
) -> list[AnalysisReportOut]:
    """Stored reports of one match, or of all matches of the caller's teams, oldest first."""
    found, total = await analysis_reports.mine(db, by, match_id=match_id, limit=page.limit, offset=page.offset)
    page.report(total)
    return [AnalysisReportOut.of(report) for report in found]


@router.post("")
async def add_analysis_report(
    body: AnalysisReportIn, by: MayWriteOrAnalyse, db: Db, analysis_reports: Reports
) -> AnalysisReportOut:
    """Store a report of the caller's; a match may have several."""
    return AnalysisReportOut.of(await analysis_reports.add(db, by, body.to_new()))


@router.get("/{report_id}")
async def analysis_report(
    report_id: RefId, by: MayReadFootball, db: Db, analysis_reports: Reports
) -> AnalysisReportOut:
    """One stored report of a match of the caller's teams."""
    return AnalysisReportOut.of(await analysis_reports.get(db, by, report_id))


@router.put("/{report_id}")
async def change_analysis_report(
    report_id: RefId, body: AnalysisReportChangesIn, by: MayWriteOrAnalyse, db: Db, analysis_reports: Reports
) -> AnalysisReportOut:
    """Change a report; what is left out stays, and so do author and time."""
    return AnalysisReportOut.of(await analysis_reports.change(db, by, report_id, body.changes()))


@router.delete("/{report_id}")
async def delete_analysis_report(
    report_id: RefId, by: MayWriteOrAnalyse, db: Db, analysis_reports: Reports
) -> DeletedOut:
    """Remove a report; clips of it stay."""
    await analysis_reports.delete(db, by, report_id)
    return DeletedOut(message="The report was deleted.")
