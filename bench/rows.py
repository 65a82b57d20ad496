"""A row of the table: what was measured, on what, and the gate it has to pass."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure. `value` None means not measured, and `note` says why.

    gate: text such as "≥ 2"; passed: None when there is no gate or no value.
    """

    group: str
    name: str
    value: float | None
    unit: str
    gate: str = ""
    passed: bool | None = None
    note: str = ""


def at_least(group: str, name: str, value: float | None, limit: float, unit: str, note: str = "") -> Row:
    return Row(group, name, value, unit, f"≥ {limit:g}", None if value is None else bool(value >= limit), note)


def at_most(group: str, name: str, value: float | None, limit: float, unit: str, note: str = "") -> Row:
    return Row(group, name, value, unit, f"≤ {limit:g}", None if value is None else bool(value <= limit), note)


def figure(group: str, name: str, value: float | None, unit: str, note: str = "") -> Row:
    return Row(group, name, value, unit, note=note)
