"""Reference sets: what is usual, what is risky, where tags change. Every number that is a prior lives here.

Sources: quantiles of one broadcast-tracked match (91 windows of two teams) and six minutes with all players seen;
tactics specification §5-8 and alert specification §2.1, §4, §6. Re-estimate after twenty own matches.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

_SPREADS_BETWEEN_Q10_AND_Q90 = 2.563  # of a normal distribution


@dataclass(frozen=True)
class Ramp:
    """Risk that grows linearly from 0 at `start` to 1 at `end`; downwards when end < start.

    `tolerance` stretches the ramp where the prior rests on little data.
    """

    start: float
    end: float
    tolerance: float = 1.0

    def at(self, value: float) -> float:
        """Risk 0..1 of a value."""
        return min(max((value - self.start) / ((self.end - self.start) * self.tolerance), 0.0), 1.0)


@dataclass(frozen=True)
class Usual:
    """What is usual for a metric: 10th percentile, median, 90th percentile."""

    low: float
    median: float
    high: float

    @property
    def spread(self) -> float:
        """Robust standard deviation."""
        return (self.high - self.low) / _SPREADS_BETWEEN_Q10_AND_Q90


@dataclass(frozen=True)
class Level:
    """An alert arms beyond `enter` and calms down beyond `leave`; the gap between them is the hysteresis."""

    enter: float
    leave: float

    @property
    def is_above(self) -> bool:
        return self.enter > self.leave

    def entered(self, value: float) -> bool:
        return value >= self.enter if self.is_above else value <= self.enter

    def left(self, value: float) -> bool:
        return value < self.leave if self.is_above else value > self.leave


@dataclass(frozen=True)
class ReferenceSet:
    """A versioned set of priors.

    usual: per metric; ramps: per risk term; levels: per alert condition; cuts: per tag. `relative` is the ramp in
    robust standard deviations from a team's own norm; `relative_tolerance` widens it while level, age and sex of the
    players are unknown; `least_spread_share` is the smallest spread a norm may claim, as a share of the prior's.
    """

    name: str
    usual: Mapping[str, Usual]
    ramps: Mapping[str, Ramp]
    levels: Mapping[str, Level]
    cuts: Mapping[str, float]
    relative: Ramp = field(default_factory=lambda: Ramp(1.5, 4.0))
    relative_tolerance: float = 1.25
    least_spread_share: float = 0.5


_BROADCAST_USUAL = {
    "defensive_line": Usual(20, 36, 57),
    "defensive_line_oop": Usual(18, 32, 49),
    "defensive_line_ip": Usual(21, 39, 59),
    "width": Usual(32, 38, 49),
    "width_oop": Usual(29, 35, 39),
    "width_ip": Usual(33, 44, 52),
    "length": Usual(18, 22, 26),
    "length_oop": Usual(17, 21, 26),
    "length_ip": Usual(20, 23, 27),
    "compactness": Usual(11.1, 13.4, 16.1),
    "compactness_oop": Usual(10.5, 12.2, 13.8),
    "compactness_ip": Usual(11.8, 14.7, 17.1),
    "uniformity": Usual(2.5, 3.6, 4.7),
    "verticality": Usual(0.47, 0.60, 0.73),
    "gap_def_mid": Usual(4.9, 8.5, 12.5),
    "gap_mid_att": Usual(5.8, 9.7, 13.8),
    "avg_speed": Usual(2.10, 2.58, 3.06),
    "pressing_intensity": Usual(2, 5, 10),
    "pressing_rate": Usual(11.7, 23.4, 42.3),
    "def_to_atk": Usual(-3.3, 1.7, 5.9),
    "atk_to_def": Usual(-2.0, 0.3, 2.4),
}

_BROADCAST = ReferenceSet(
    name="pro-men-broadcast-v1",
    usual=_BROADCAST_USUAL,
    ramps={
        "deep_line": Ramp(24, 12),
        "exposed_line": Ramp(50, 62),
        "exposed_press": Ramp(25, 12),
        "open_width": Ramp(39, 47),
        "narrow_attack": Ramp(36, 27),
        "loose_spread": Ramp(13.5, 17),
        "loose_length": Ramp(26, 33),
        "split_units": Ramp(12.5, 18),
        "passive_press": Ramp(16, 6),
        "siege": Ramp(12, 35),
        "threat": Ramp(0.05, 0.25),
        "slow_retreat": Ramp(0, -2),
        "work_rate": Ramp(0.90, 0.75),
    },
    levels={
        "D1.line": Level(22, 27),
        "D2.line": Level(50, 46),
        "D2.press": Level(18, 22),
        "C1.spread": Level(14, 13),
        "C1.gap": Level(13, 11),
        "C2.length": Level(27, 25),
        "W1.width": Level(39.5, 37),
        "W2.width": Level(34, 38),
        "P1.press": Level(12, 16),
        "S1.siege": Level(12, 6),
    },
    cuts={
        "deep_line": 24,
        "high_line": 46,
        "narrow_width": 36,
        "wide_shape": 50,
        "over_stretched": 39,
        "compact_block": 11,
        "slow_tempo": 2.1,
        "fast_tempo": 3.05,
        "fast_transition": 4,
        "low_intensity": 12,
        "high_press": 33,
    },
)

# Six minutes of one match stand behind these rows, so their ramps are a quarter longer.
_WIDER = 1.25

_FULL_VIEW = replace(
    _BROADCAST,
    name="pro-men-fullview-v1",
    usual=_BROADCAST_USUAL
    | {
        "defensive_line": Usual(16, 36, 52),
        "defensive_line_oop": Usual(16, 39, 50),
        "defensive_line_ip": Usual(19.5, 33.5, 53),
        "width": Usual(29, 41, 52),
        "width_oop": Usual(27, 35.5, 42.5),
        "width_ip": Usual(32, 48.5, 58.5),
        "length": Usual(25, 32, 42),
        "length_oop": Usual(23, 28, 39),
        "length_ip": Usual(25, 34.5, 41),
        "compactness": Usual(11.5, 15, 19),
        "compactness_oop": Usual(11, 13.4, 16.5),
        "compactness_ip": Usual(12.5, 17.5, 20.5),
    },
    ramps={
        **_BROADCAST.ramps,
        "open_width": Ramp(43, 50, _WIDER),
        "narrow_attack": Ramp(33, 25, _WIDER),
        "loose_spread": Ramp(16, 19.5, _WIDER),
        "loose_length": Ramp(38, 45, _WIDER),
    },
    levels={
        **_BROADCAST.levels,
        "C1.spread": Level(16.5, 15),
        "C2.length": Level(38, 35),
        "W1.width": Level(43.5, 41),
        "W2.width": Level(31, 35),
    },
    cuts={
        **_BROADCAST.cuts,
        "compact_block": 12,
        "over_stretched": 43,
        "wide_shape": 55,
        "narrow_width": 33,
    },
)

REFERENCE_SETS: Mapping[str, ReferenceSet] = {chosen.name: chosen for chosen in (_BROADCAST, _FULL_VIEW)}


def reference_for(camera_type: str) -> ReferenceSet:
    """Fixed wide cameras see everyone and use the full-view set; anything else is judged as a broadcast picture."""
    is_fixed = camera_type.strip().lower().startswith("fixed")
    return _FULL_VIEW if is_fixed else _BROADCAST
