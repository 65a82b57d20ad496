"""Metrics as words: their names, units and decimals, as parameters for the catalogue of texts."""

from collections.abc import Mapping
from typing import Any

from touchline.engine.alerting.norms import Norm
from touchline.football.vocabulary import Side

# Metric to (unit key, decimals).
_UNITS: Mapping[str, tuple[str, int]] = {
    "defensive_line": ("unit.m", 0),
    "defensive_line_oop": ("unit.m", 0),
    "width": ("unit.m", 0),
    "width_oop": ("unit.m", 0),
    "width_ip": ("unit.m", 0),
    "length_oop": ("unit.m", 0),
    "compactness": ("unit.m", 1),
    "compactness_oop": ("unit.m", 1),
    "gap_def_mid": ("unit.m", 1),
    "pressing_rate": ("unit.per_min", 0),
    "siege_s": ("unit.s", 0),
    "threat_against": ("unit.xt", 2),
    "atk_to_def": ("unit.mps", 1),
    "def_to_atk": ("unit.mps", 1),
    "avg_speed": ("unit.mps", 1),
}


def quantity(metric: str, value: float) -> dict[str, Any]:
    """Parameters `metric`, `shown` and `unit` for a value."""
    unit, decimals = _UNITS[metric]
    return {"metric": f"@metric.{metric}", "shown": _number(value, decimals), "unit": f"@{unit}"}


def usual_quantity(metric: str, norm: Norm | None) -> dict[str, Any] | None:
    """The norm as a number with the metric's decimals, None without one."""
    return None if norm is None else _number(norm.value, _UNITS[metric][1])


def team_key(side: Side) -> str:
    """The neutral name of a team as a word of the catalogue."""
    return f"@team.{side.value}"


def reason_key(reason: str) -> str:
    """Key of the text that says why a number is missing."""
    return "reason." + reason.replace(" ", "_")


def _number(value: float, decimals: int) -> dict[str, Any]:
    return {"number": round(float(value), 4), "decimals": decimals}
