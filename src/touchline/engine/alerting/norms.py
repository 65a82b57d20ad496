"""A team's own norm inside a match: median and spread of its windows so far, shrunk towards the reference set."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from touchline.engine.alerting.reference import ReferenceSet
from touchline.engine.types import Metric

USABLE_FROM = 5
_SHRINK = 8
_MAD_TO_SPREAD = 1.4826


@dataclass(frozen=True)
class Norm:
    """What is usual for this team: value, robust standard deviation, valid windows behind it."""

    value: float
    spread: float
    windows: int

    @property
    def is_usable(self) -> bool:
        """Whether a deviation from it may be judged."""
        return self.windows >= USABLE_FROM


@dataclass
class TeamNorms:
    """Collects the valid windows of one team; one camera type, never carried over to another."""

    reference: ReferenceSet
    _values: dict[str, list[float]] = field(default_factory=dict)

    def add(self, metrics: Mapping[str, Metric]) -> None:
        """Remember the values of one more window."""
        for name, metric in metrics.items():
            if metric.value is not None and (name in self.reference.usual):
                self._values.setdefault(name, []).append(metric.value)

    def norm(self, metric: str) -> Norm | None:
        """The norm of a metric; None for metrics without a prior."""
        usual = self.reference.usual.get(metric)
        if usual is None:
            return None
        values = self._values.get(metric, [])
        if not values:
            return Norm(usual.median, usual.spread, 0)
        weight = len(values) / (len(values) + _SHRINK)
        middle = median(values)
        own_spread = _MAD_TO_SPREAD * median(abs(value - middle) for value in values)
        spread = weight * own_spread + (1 - weight) * usual.spread
        floor = self.reference.least_spread_share * usual.spread
        return Norm(weight * middle + (1 - weight) * usual.median, max(spread, floor), len(values))
