"""A document about a match that somebody stored, as every room sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class NewReport:
    """A report before it is stored; report_data is a JSON object of any shape."""

    match_id: str
    report_type: str | None = None
    report_data: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Report(NewReport):
    """A report as it is stored; generated_by is None once its author's account is gone."""

    id: str
    generated_by: str | None
    generated_at: datetime
