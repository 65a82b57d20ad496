"""What alerting knows of one team in one window: plain facts, whoever measured them."""

from collections.abc import Mapping
from dataclasses import dataclass

from touchline.engine.types import Metric
from touchline.football.vocabulary import Side

POOR_QUALITY = 0.45


@dataclass(frozen=True)
class TeamWindow:
    """Metrics and seconds of one team in one window.

    quality: data quality Q 0..1; usable_s: judged seconds; ip_s: seconds in possession; ball_deep_share: share of
    the opponent's ball time in the team's own third, None when unknown; entries: times the team itself brought the
    ball into the final third, by channel, None when unknown; scale: window length over 60 s, at most 1;
    seen_share: share of live time with a usable frame.
    """

    side: Side
    metrics: Mapping[str, Metric]
    quality: float
    usable_s: float
    ip_s: float = 0.0
    oop_s: float = 0.0
    ball_deep_share: float | None = None
    entries: Mapping[str, int] | None = None
    scale: float = 1.0
    seen_share: float = 0.0

    def value(self, metric: str) -> float | None:
        """The measured value, None when missing."""
        found = self.metrics.get(metric)
        return None if found is None else found.value

    def reason(self, metric: str) -> str:
        """Why a metric is missing."""
        found = self.metrics.get(metric)
        return (found.reason if found else None) or "seen too briefly"

    def coverage(self, metric: str) -> float:
        """Share 0..1 of the window behind a metric."""
        found = self.metrics.get(metric)
        return found.coverage if found else 0.0

    @property
    def is_poor(self) -> bool:
        """Too little was seen for any alert."""
        return self.quality < POOR_QUALITY
