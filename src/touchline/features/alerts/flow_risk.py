"""The risk of both teams over a few windows, from what segments say about its components. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from statistics import fmean
from typing import Any

from touchline.features.alerts.flow import number
from touchline.football.vocabulary import Severity, Side

ADVICE_FROM = 0.35
"""Below this risk nobody is advised to change anything."""

_LABELS = ((0.75, Severity.CRITICAL), (0.55, Severity.HIGH), (ADVICE_FROM, Severity.MODERATE))
_LARGEST_STEP_M = 10.0

# What a component's advice is called in the catalogue of texts, and where its measured value goes in the sentence.
_ADVICE: Mapping[str, tuple[str, str | None]] = {
    "deep_line": ("action.D1", "line"),
    "exposed_line": ("action.D2", None),
    "open_width": ("action.W1", "width"),
    "narrow_attack": ("action.W2", "width"),
    "loose_block": ("action.C1", "spread"),
    "split_units": ("action.C1", "gap"),
    "passive_press": ("action.P1", "rate"),
    "siege": ("action.S1", None),
    "threat": ("action.S3", "threat"),
    "slow_retreat": ("action.T2", "speed"),
    "work_rate": ("action.X0", None),
}


@dataclass(frozen=True)
class Component:
    """One kind of risk of a team, as means over the windows in which it was measured; share = weight times risk."""

    side: Side
    name: str
    share: float
    metric: str
    value: float | None
    norm: float | None


@dataclass(frozen=True)
class TeamRisk:
    """A team's risk, 0..1: components joined so that several mild problems add up."""

    side: Side
    components: tuple[Component, ...]

    @property
    def score(self) -> float:
        return 1 - prod(1 - component.share for component in self.components)

    @property
    def label(self) -> Severity:
        return next((label for cut, label in _LABELS if self.score >= cut), Severity.LOW)

    @property
    def strongest(self) -> Component:
        return max(self.components, key=lambda component: component.share)


def team_risks(analyses: Sequence[Mapping[str, Any]]) -> list[TeamRisk]:
    """The teams whose risk was measured in any of these windows (`analysis_json`), A first."""
    found = []
    for side in Side:
        parts = [_parts(analysis, side) for analysis in analyses]
        names = [name for name in _ADVICE if any(name in part for part in parts)]
        components = [_component(side, name, [part[name] for part in parts if name in part]) for name in names]
        if components:
            found.append(TeamRisk(side, tuple(components)))
    return found


def worst(risks: Sequence[TeamRisk], focus: Side | None) -> TeamRisk | None:
    """The team to speak about: the coach's own, else the one at the higher risk."""
    judged = [risk for risk in risks if focus is None or risk.side is focus]
    return max(judged, key=lambda risk: risk.score, default=None)


def advice(risk: TeamRisk | None) -> tuple[str, dict[str, Any]]:
    """Key and parameters of what to do about it."""
    if risk is None or risk.score < ADVICE_FROM or risk.strongest.share <= 0:
        return "advisory.keep", {}
    part = risk.strongest
    key, slot = _ADVICE[part.name]
    params: dict[str, Any] = {"us": f"@team.{risk.side.value}"}
    if slot is None or part.value is None:
        return key, params
    if part.name == "loose_block" and part.metric != "compactness_oop":
        return key, params
    params |= {slot: part.value, "norm": part.norm}
    if slot in ("line", "gap") and part.norm is not None:
        step = part.norm - part.value if slot == "line" else part.value - part.norm
        params["delta"] = min(step, _LARGEST_STEP_M) if step >= 1 else None
    return key, params


def _parts(analysis: Mapping[str, Any], side: Side) -> dict[str, Mapping[str, Any]]:
    risk = analysis.get("risk")
    team = risk.get(f"team_{side.value.lower()}") if isinstance(risk, Mapping) else None
    if not isinstance(team, Mapping):
        return {}
    return {
        name: part
        for name, part in team.items()
        if isinstance(part, Mapping) and number(part.get("r")) is not None and number(part.get("w")) is not None
    }


def _component(side: Side, name: str, parts: Sequence[Mapping[str, Any]]) -> Component:
    shares = [_unit(float(part["r"])) * _unit(float(part["w"])) for part in parts]
    lead = parts[max(range(len(parts)), key=shares.__getitem__)]
    metric = lead.get("metric")
    alike = [part for part in parts if part.get("metric") == metric]
    return Component(
        side=side,
        name=name,
        share=fmean(shares),
        metric=metric if isinstance(metric, str) else "",
        value=_mean(alike, "value"),
        norm=_mean(alike, "norm"),
    )


def _mean(parts: Sequence[Mapping[str, Any]], key: str) -> float | None:
    known = [value for value in (number(part.get(key)) for part in parts) if value is not None]
    return fmean(known) if known else None


def _unit(value: float) -> float:
    return min(max(value, 0.0), 1.0)
