"""One tag per channel and team: line, width, compactness, speed, press. Words and cuts: alert specification §6.

A client finds a tag's channel by the words in it, so a tag may hold the words of one channel only; a test checks it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from touchline.engine.alerting.norms import Norm, TeamNorms
from touchline.engine.alerting.severity import TeamSeverity
from touchline.engine.alerting.window import TeamWindow
from touchline.engine.alerting.words import quantity, reason_key, usual_quantity
from touchline.football.texts import text


@dataclass(frozen=True)
class Tag:
    """The tag's words, and the key and parameters of its description."""

    tag: str
    text_key: str
    params: Mapping[str, Any]

    def on_wire(self, language: str) -> dict[str, str]:
        """The contract's tag object."""
        return {"tag": self.tag, "description": text(self.text_key, self.params, language=language)}


_USUAL = "clause.usual"
_WITHIN_SPREADS = 1.2816  # between the 10th and the 90th percentile of a normal distribution

# Tag words to the key of their clause.
CLAUSES: Mapping[str, str] = {
    "DEEP DEFENSIVE LINE": "clause.deep_line",
    "BALANCED LINE": _USUAL,
    "HIGH DEFENSIVE LINE": "clause.high_line",
    "VULNERABLE HIGH LINE": "clause.vulnerable_high_line",
    "VULNERABLE DEEP LINE": "clause.vulnerable_deep_line",
    "NARROW WIDTH": "clause.narrow_width",
    "BALANCED WIDTH": _USUAL,
    "WIDE SHAPE": "clause.wide_shape",
    "OVER-STRETCHED SHAPE": "clause.over_stretched",
    "COMPACT BLOCK": "clause.compact_block",
    "COMPACT BALANCE": _USUAL,
    "VULNERABLE GAPS": "clause.vulnerable_gaps",
    "DISCONNECTED UNITS": "clause.disconnected_units",
    "SLOW TEMPO": "clause.slow_tempo",
    "STEADY SPEED": _USUAL,
    "FAST TRANSITION": "clause.fast_transition",
    "FAST TEMPO": "clause.fast_tempo",
    "SLOW RETREAT FAILING": "clause.slow_retreat",
    "LOW INTENSITY": "clause.low_intensity",
    "MEASURED PRESS": _USUAL,
    "HIGH PRESS": "clause.high_press",
    "PRESS FAILING": "clause.press_failing",
}
UNSEEN = ("DEFENSIVE LINE UNSEEN", "WIDTH UNSEEN", "COMPACTNESS UNSEEN", "SPEED UNSEEN", "PRESSING UNSEEN")
_POOR_REASON = "seen too briefly"


def tags_of(window: TeamWindow, severity: TeamSeverity, norms: TeamNorms) -> list[Tag]:
    """Five tags, always in the order line, width, compactness, speed, press."""
    channels = (
        _line(window, severity, norms),
        _width(window, norms),
        _compact(window, severity, norms),
        _speed(window, severity, norms),
        _press(window, severity, norms),
    )
    sources = ("defensive_line_oop", "width_oop", "compactness_oop", "avg_speed", "pressing_rate")
    return [
        _described(choice, norms) if choice and not window.is_poor else _unseen(unseen, window, source)
        for choice, unseen, source in zip(channels, UNSEEN, sources, strict=True)
    ]


@dataclass(frozen=True)
class _Choice:
    tag: str
    metric: str
    value: float


def _line(window: TeamWindow, severity: TeamSeverity, norms: TeamNorms) -> _Choice | None:
    metric, line = _first(window, "defensive_line_oop", "defensive_line")
    if line is None:
        return None
    cuts = norms.reference.cuts
    tag = "BALANCED LINE"
    if severity.risk("exposed_line") >= 0.3:
        tag = "VULNERABLE HIGH LINE"
    elif severity.risk("deep_line") >= 0.5:
        tag = "VULNERABLE DEEP LINE"
    elif line < cuts["deep_line"] and _is_unusual(norms, metric, line):
        tag = "DEEP DEFENSIVE LINE"
    elif line > cuts["high_line"] and _is_unusual(norms, metric, line):
        tag = "HIGH DEFENSIVE LINE"
    return _Choice(tag, metric, line)


def _width(window: TeamWindow, norms: TeamNorms) -> _Choice | None:
    cuts = norms.reference.cuts
    without, within = window.value("width_oop"), window.value("width_ip")
    if without is not None and without > cuts["over_stretched"] and _is_unusual(norms, "width_oop", without):
        return _Choice("OVER-STRETCHED SHAPE", "width_oop", without)
    if within is not None and within < cuts["narrow_width"] and _is_unusual(norms, "width_ip", within):
        return _Choice("NARROW WIDTH", "width_ip", within)
    if within is not None and within > cuts["wide_shape"] and _is_unusual(norms, "width_ip", within):
        return _Choice("WIDE SHAPE", "width_ip", within)
    metric, width = _first(window, "width_oop", "width_ip", "width")
    return None if width is None else _Choice("BALANCED WIDTH", metric, width)


def _compact(window: TeamWindow, severity: TeamSeverity, norms: TeamNorms) -> _Choice | None:
    metric, spread = _first(window, "compactness_oop", "compactness")
    gap = window.value("gap_def_mid")
    if spread is None:
        return None
    if severity.risk("split_units") >= 0.3 and gap is not None:
        return _Choice("DISCONNECTED UNITS", "gap_def_mid", gap)
    if severity.risk("loose_block") >= 0.3:
        return _Choice("VULNERABLE GAPS", metric, spread)
    is_tight = spread < norms.reference.cuts["compact_block"] and _is_unusual(norms, metric, spread)
    return _Choice("COMPACT BLOCK" if is_tight else "COMPACT BALANCE", metric, spread)


def _speed(window: TeamWindow, severity: TeamSeverity, norms: TeamNorms) -> _Choice | None:
    speed = window.value("avg_speed")
    if speed is None:
        return None
    cuts = norms.reference.cuts
    retreat, attack = window.value("atk_to_def"), window.value("def_to_atk")
    if severity.risk("slow_retreat") >= 0.5 and retreat is not None:
        return _Choice("SLOW RETREAT FAILING", "atk_to_def", retreat)
    if attack is not None and attack > cuts["fast_transition"]:
        return _Choice("FAST TRANSITION", "def_to_atk", attack)
    if speed > cuts["fast_tempo"] and _is_unusual(norms, "avg_speed", speed):
        return _Choice("FAST TEMPO", "avg_speed", speed)
    is_slow = speed < cuts["slow_tempo"] and _is_unusual(norms, "avg_speed", speed)
    return _Choice("SLOW TEMPO" if is_slow else "STEADY SPEED", "avg_speed", speed)


def _press(window: TeamWindow, severity: TeamSeverity, norms: TeamNorms) -> _Choice | None:
    rate = window.value("pressing_rate")
    if rate is None:
        return None
    cuts = norms.reference.cuts
    tag = "MEASURED PRESS"
    if severity.risk("passive_press") >= 0.5:
        tag = "PRESS FAILING"
    elif rate < cuts["low_intensity"] and _is_unusual(norms, "pressing_rate", rate):
        tag = "LOW INTENSITY"
    elif rate > cuts["high_press"] and _is_unusual(norms, "pressing_rate", rate):
        tag = "HIGH PRESS"
    return _Choice(tag, "pressing_rate", rate)


def _is_unusual(norms: TeamNorms, metric: str, value: float) -> bool:
    """Beyond the team's own norm too, once there is one: what a team always does is no news."""
    norm = norms.norm(metric)
    if norm is None or not norm.is_usable:
        return True
    reference = norms.reference
    return abs(value - norm.value) / (norm.spread * reference.relative_tolerance) > reference.relative.start


def _first(window: TeamWindow, *metrics: str) -> tuple[str, float | None]:
    for metric in metrics:
        value = window.value(metric)
        if value is not None:
            return metric, value
    return metrics[0], None


def _described(choice: _Choice, norms: TeamNorms) -> Tag:
    norm = norms.norm(choice.metric)
    params = {
        **quantity(choice.metric, choice.value),
        "usual": usual_quantity(choice.metric, norm),
        "clause": f"@{_clause(choice, norm)}",
    }
    return Tag(choice.tag, "tag.value", params)


def _clause(choice: _Choice, norm: Norm | None) -> str:
    """A value without a tag of its own may still be unusual, and then the description must not say otherwise."""
    clause = CLAUSES[choice.tag]
    if clause != _USUAL or norm is None:
        return clause
    spreads = (choice.value - norm.value) / norm.spread
    if abs(spreads) <= _WITHIN_SPREADS:
        return clause
    return "clause.above_usual" if spreads > 0 else "clause.below_usual"


def _unseen(tag: str, window: TeamWindow, metric: str) -> Tag:
    # In poor data a channel may have a value that nobody should lean on.
    reason = window.reason(metric) if window.value(metric) is None else _POOR_REASON
    return Tag(tag, "tag.unseen", {"reason": f"@{reason_key(reason)}"})
