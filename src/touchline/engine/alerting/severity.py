"""The risk of a team in a window: components, each a ramp, joined so that several mild problems add up.

Rules: alert specification §2.1-2.2. A component's risk is the smaller of an absolute and, from five valid windows
on, a relative ramp, so a team that plays so by plan is not nagged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from touchline.engine.alerting.norms import TeamNorms
from touchline.engine.alerting.window import TeamWindow
from touchline.football.vocabulary import Severity

MIN_USABLE_S = 9.0
SCORE_DECIMALS = 3


@dataclass(frozen=True)
class Term:
    """One metric of a component. `worse` is +1 when high values are bad, -1 when low ones are."""

    metric: str
    ramp: str
    worse: int
    is_seconds: bool = False


@dataclass(frozen=True)
class Component:
    """One kind of risk. `join`: "max" takes the worst measured term, "product" needs all of them."""

    name: str
    weight: float
    terms: tuple[Term, ...]
    action: str
    join: str = "max"


COMPONENTS: tuple[Component, ...] = (
    Component("deep_line", 0.60, (Term("defensive_line_oop", "deep_line", -1),), "D1"),
    Component(
        "exposed_line",
        0.70,
        (Term("defensive_line_oop", "exposed_line", +1), Term("pressing_rate", "exposed_press", -1)),
        "D2",
        join="product",
    ),
    Component("open_width", 0.50, (Term("width_oop", "open_width", +1),), "W1"),
    Component("narrow_attack", 0.35, (Term("width_ip", "narrow_attack", -1),), "W2"),
    Component(
        "loose_block",
        0.60,
        (Term("compactness_oop", "loose_spread", +1), Term("length_oop", "loose_length", +1)),
        "C1",
    ),
    Component("split_units", 0.50, (Term("gap_def_mid", "split_units", +1),), "C1"),
    Component("passive_press", 0.50, (Term("pressing_rate", "passive_press", -1),), "P1"),
    Component("siege", 0.60, (Term("siege_s", "siege", +1, is_seconds=True),), "S1"),
    Component("threat", 0.70, (Term("threat_against", "threat", +1),), "S3"),
    Component("slow_retreat", 0.40, (Term("atk_to_def", "slow_retreat", -1),), "T2"),
    Component("work_rate", 0.35, (Term("avg_speed", "work_rate", -1),), "X0"),
)


@dataclass(frozen=True)
class TermRisk:
    """One measured term: risk, value, the team's norm and the windows behind it (0 = prior only)."""

    metric: str
    r: float
    value: float
    norm: float | None
    n: int


@dataclass(frozen=True)
class ComponentRisk:
    """One measured component: risk r 0..1, weight w, and the term that speaks for it."""

    name: str
    r: float
    w: float
    action: str
    terms: tuple[TermRisk, ...]

    @property
    def share(self) -> float:
        return self.r * self.w

    @property
    def lead(self) -> TermRisk:
        """The term with the largest risk."""
        return max(self.terms, key=lambda term: term.r)

    def term(self, metric: str) -> TermRisk | None:
        """The term of a metric, if it was measured."""
        return next((term for term in self.terms if term.metric == metric), None)


@dataclass(frozen=True)
class TeamSeverity:
    """Risk of a team in a window. `score` None: too little was measured, and `reason` says so."""

    score: float | None
    components: tuple[ComponentRisk, ...]
    reason: str | None = None

    @property
    def label(self) -> Severity | None:
        return None if self.score is None else severity_label(self.score)

    @property
    def strongest(self) -> ComponentRisk | None:
        """The component that adds most; None while nothing is at risk."""
        top = max(self.components, key=lambda component: component.share, default=None)
        return top if top is not None and top.r > 0 else None

    def component(self, name: str) -> ComponentRisk | None:
        """A component by name, if it was measured."""
        return next((component for component in self.components if component.name == name), None)

    def risk(self, name: str) -> float:
        """Risk of a component, 0 where it was not measured."""
        found = self.component(name)
        return found.r if found else 0.0


def severity_label(score: float) -> Severity:
    """Cuts for windows and alerts alike."""
    if score < 0.35:
        return Severity.LOW
    if score < 0.55:
        return Severity.MODERATE
    return Severity.HIGH if score < 0.75 else Severity.CRITICAL


def segment_label(severity: Severity) -> str:
    """The word that segments print: MEDIUM for MODERATE."""
    return "MEDIUM" if severity is Severity.MODERATE else severity.value


def assess(window: TeamWindow, norms: TeamNorms, *, min_components: int, min_usable_s: float) -> TeamSeverity:
    """Judge a team's window against the reference set and the team's own windows before it."""
    components = tuple(
        risk for risk in (_component(component, window, norms) for component in COMPONENTS) if risk is not None
    )
    if window.usable_s + 1e-6 < min_usable_s:
        return TeamSeverity(None, components, "seen too briefly")
    if len(components) < min_components:
        return TeamSeverity(None, components, "too few components")
    # As many decimals as are printed, so that a printed score never stands beside the label of its neighbour.
    return TeamSeverity(round(join_risks(components), SCORE_DECIMALS), components)


def join_risks(components: Sequence[ComponentRisk]) -> float:
    """Noisy-or: 1 - Π(1 - w·r)."""
    return 1.0 - prod(1.0 - component.share for component in components)


def describe(severity: TeamSeverity) -> dict[str, Mapping[str, float | int | str | None]]:
    """Components as plain values for storing: r, w, value, norm, n and the metric that speaks for them."""
    return {
        component.name: {
            "r": round(component.r, 4),
            "w": component.w,
            "metric": component.lead.metric,
            "value": round(component.lead.value, 4),
            "norm": None if component.lead.norm is None else round(component.lead.norm, 4),
            "n": component.lead.n,
        }
        for component in severity.components
    }


def _component(component: Component, window: TeamWindow, norms: TeamNorms) -> ComponentRisk | None:
    if component.name == "passive_press" and (window.ball_deep_share is None or window.ball_deep_share >= 0.5):
        return None  # a side pinned in its own third is under siege, not passive
    terms = [term for term in (_term(term, window, norms) for term in component.terms) if term is not None]
    if not terms or (component.join == "product" and len(terms) < len(component.terms)):
        return None
    risks = [term.r for term in terms]
    r = prod(risks) if component.join == "product" else max(risks)
    return ComponentRisk(component.name, r, component.weight, component.action, tuple(terms))


def _term(term: Term, window: TeamWindow, norms: TeamNorms) -> TermRisk | None:
    value = window.value(term.metric)
    if value is None:
        return None
    reference = norms.reference
    ramp = reference.ramps[term.ramp]
    norm = norms.norm(term.metric)
    if term.ramp == "work_rate":
        # A ratio to the own norm has no meaning before there is one.
        if norm is None or not norm.is_usable or norm.value <= 0:
            return None
        return TermRisk(term.metric, ramp.at(value / norm.value), value, norm.value, norm.windows)
    r = ramp.at(value / window.scale if term.is_seconds else value)
    if norm is None:
        return TermRisk(term.metric, r, value, None, 0)
    if norm.is_usable:
        deviation = term.worse * (value - norm.value) / (norm.spread * reference.relative_tolerance)
        r = min(r, reference.relative.at(deviation))
    return TermRisk(term.metric, r, value, norm.value, norm.windows)
