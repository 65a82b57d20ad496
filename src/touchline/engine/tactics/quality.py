"""How well a number was seen: minimum times of a window, the metric record, and the quality score of a team."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from touchline.engine.tactics.preprocess import GRID_HZ
from touchline.engine.tactics.span import BoolArray
from touchline.engine.types import FloatArray, Metric

FULL_WINDOW_S = 60.0
_SHORTEST_MINIMUM_S = 1.5
_MIN_SHARE = 0.15
_BLOCK_S = 5.0
_FULL_TRUST_COVERAGE = 0.6
_NORMAL_90 = 1.645


class Reason(StrEnum):
    """Why a number is missing; the words are stored beside it."""

    NOT_CALIBRATED = "not calibrated"
    TEAMS_UNKNOWN = "teams unknown"
    DIRECTION_UNKNOWN = "direction unknown"
    TOO_FEW_PLAYERS = "too few players seen"
    TEAM_CUT = "team partly outside the picture"
    SEEN_TOO_BRIEFLY = "seen too briefly"
    BALL_UNSEEN = "ball not seen enough"
    POSSESSION_UNKNOWN = "possession unknown"
    PHASE_TOO_SHORT = "too little time in this phase"
    CONTROL_TOO_SHORT = "opponent had the ball too briefly"
    RATE_TOO_LOW = "analysis rate below 5 per second"
    TOO_FEW_EVENTS = "too few events"


@dataclass(frozen=True)
class Minimums:
    """What a window needs before it speaks, for windows of any length.

    Every minimum is stated for 60 s and shrinks with a shorter window, never below 1.5 s.
    """

    window_s: float

    @property
    def scale(self) -> float:
        return min(1.0, self.window_s / FULL_WINDOW_S)

    @property
    def is_short(self) -> bool:
        return self.window_s < FULL_WINDOW_S - 1e-6

    def seconds(self, full_window_s: float) -> float:
        """A minimum stated in seconds of a 60 s window, for this window."""
        if not self.is_short:
            return full_window_s
        return max(full_window_s * self.scale, _SHORTEST_MINIMUM_S)

    @property
    def possession_known_s(self) -> float:
        return max(10.0 * self.scale, 4.0)

    @property
    def severity_components(self) -> int:
        return 3 if self.is_short else 4


@dataclass(frozen=True)
class Sample:
    """Frame values with the frames that may be used and the phase they were taken in; all (G,)."""

    values: FloatArray
    valid: BoolArray
    phase: BoolArray

    @property
    def chosen(self) -> BoolArray:
        return np.asarray(self.valid & self.phase & np.isfinite(self.values), bool)


def window_metric(
    sample: Sample,
    minimums: Minimums,
    *,
    trust: float,
    cut_reason: str,
    need_s: float = 8.0,
    need_share: float = _MIN_SHARE,
) -> Metric:
    """Mean over the valid frames of a window, or the reason why there is none.

    Args:
        sample: frames of the window.
        minimums: of this window.
        trust: largest q this metric may reach, and mean share of the team seen.
        cut_reason: why frames were mostly refused, when they were.
        need_s: valid seconds needed in a 60 s window.
        need_share: valid share of the window needed.
    """
    frames = len(sample.values)
    chosen = sample.chosen
    count = int(chosen.sum())
    coverage = count / frames if frames else 0.0
    if count / GRID_HZ + 1e-6 < minimums.seconds(need_s) or coverage < need_share:
        enough_phase = sample.phase.sum() / GRID_HZ + 1e-6 >= minimums.seconds(need_s)
        reason = cut_reason if enough_phase else Reason.PHASE_TOO_SHORT.value
        return Metric.missing(reason, n=count, coverage=coverage)
    value = float(sample.values[chosen].mean())
    low, high = _interval(sample.values, chosen, value)
    q = trust * min(1.0, coverage / _FULL_TRUST_COVERAGE)
    return Metric(value, n=count, coverage=coverage, q=q, low=low, high=high)


@dataclass(frozen=True)
class QualityScore:
    """Data quality Q of a team in a window with the parts that were known, and its label."""

    value: float
    parts: Mapping[str, float]

    @property
    def label(self) -> str:
        if self.value >= 0.7:
            return "GOOD"
        return "FAIR" if self.value >= 0.45 else "POOR"


_WEIGHTS = {"cov": 0.30, "vis": 0.20, "ball": 0.20, "cal": 0.15, "id": 0.15}


def quality_score(parts: Mapping[str, float | None]) -> QualityScore:
    """Weighted mean of the known parts (cov, vis, ball, cal, id), each 0..1; nothing known scores 0."""
    known = {name: min(max(value, 0.0), 1.0) for name, value in parts.items() if value is not None}
    weight = sum(_WEIGHTS[name] for name in known)
    total = sum(_WEIGHTS[name] * value for name, value in known.items())
    return QualityScore(total / weight if weight else 0.0, known)


def _interval(values: FloatArray, chosen: BoolArray, mean: float) -> tuple[float | None, float | None]:
    """90 % interval of a mean from its five-second blocks: frames inside a block say much the same."""
    block = (np.arange(len(values)) / GRID_HZ // _BLOCK_S).astype(np.int64)[chosen]
    count = np.bincount(block)
    used = count >= GRID_HZ  # a block speaks from one second on
    if used.sum() < 2:
        return None, None
    means = np.bincount(block, weights=values[chosen])[used] / count[used]
    error = float(means.std(ddof=1)) / float(np.sqrt(used.sum()))
    return mean - _NORMAL_90 * error, mean + _NORMAL_90 * error
