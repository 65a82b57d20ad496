"""What travels over HTTP about stored reports."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from touchline.features.matches.fields import LEFT_OUT, IdOut, Ref, blank_is_none, sent
from touchline.features.matches.report import NewReport, Report
from touchline.features.matches.rules import is_report_small_enough
from touchline.foundation.http.text import Line, clean_json
from touchline.foundation.http.times import InstantOut


def _small_enough(value: dict[str, Any]) -> dict[str, Any]:
    if not is_report_small_enough(value):
        raise PydanticCustomError("report_size", "is larger than 256 KiB")
    return value


_DATA = {"possession": {"home": 56, "away": 44}, "summary": "Rovers pressed high after the break."}
ReportType = Annotated[
    Annotated[Line, Field(max_length=50)] | None, BeforeValidator(blank_is_none), Field(examples=["post_match"])
]
ReportData = Annotated[
    Annotated[dict[str, Any], AfterValidator(clean_json), AfterValidator(_small_enough)] | None,
    Field(description="An object of any shape, up to 256 KiB.", examples=[_DATA]),
]


class AnalysisReportIn(BaseModel):
    match_id: Ref
    report_type: ReportType = None
    report_data: ReportData = None

    def to_new(self) -> NewReport:
        return NewReport(match_id=self.match_id, report_type=self.report_type, report_data=self.report_data)


class AnalysisReportChangesIn(BaseModel):
    """What is left out stays; match, author and time always do."""

    match_id: Ref = LEFT_OUT
    report_type: ReportType = None
    report_data: ReportData = None

    def changes(self) -> dict[str, Any]:
        return sent(self)


class AnalysisReportOut(BaseModel):
    id: IdOut
    match_id: IdOut
    report_type: Annotated[str | None, Field(examples=["post_match"])]
    report_data: Annotated[dict[str, Any] | None, Field(examples=[_DATA])]
    generated_by: Annotated[IdOut | None, Field(description="Who stored it; null once that account is gone.")]
    generated_at: InstantOut

    @classmethod
    def of(cls, report: Report) -> Self:
        return cls(
            id=report.id,
            match_id=report.match_id,
            report_type=report.report_type,
            report_data=None if report.report_data is None else dict(report.report_data),
            generated_by=report.generated_by,
            generated_at=report.generated_at,
        )
