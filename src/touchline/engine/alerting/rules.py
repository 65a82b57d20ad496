"""The catalogue of alerts: one entry per code with its conditions, weight, zone and words. Specification §4."""

from collections.abc import Callable
from dataclasses import dataclass

from touchline.engine.alerting.actions import Situation
from touchline.engine.alerting.norms import USABLE_FROM
from touchline.engine.alerting.severity import ComponentRisk
from touchline.engine.alerting.triggers import UNSEEN_READING, Reading

_DEEP_SHARE = 0.5
_SIEGE_IS_THE_CAUSE = 0.5
_LONG_POSSESSION_S = 20.0


@dataclass(frozen=True)
class Condition:
    """A metric against a level of the reference set."""

    metric: str
    level: str
    is_seconds: bool = False


@dataclass(frozen=True)
class Rule:
    """One type of alert.

    components: whose risk is the alert's ramp; needs_all: whether every condition must hold (else any); guard: a
    further demand; zone: "line" (own goal to the line), "units" (between back and middle group) or "ball";
    absorbs: codes of the same cause that this one speaks for.
    """

    code: str
    category: str
    decision_type: str
    weight: float
    conditions: tuple[Condition, ...]
    components: tuple[str, ...]
    zone: str = "ball"
    needs_all: bool = True
    guard: Callable[[Situation], bool] | None = None
    absorbs: tuple[str, ...] = ()

    @property
    def text_key(self) -> str:
        return f"action.{self.code}"


def read(rule: Rule, situation: Situation) -> Reading:
    """How a rule sees a window: whether it can be judged, whether it is entered or left, and the risk."""
    window = situation.window
    if window.is_poor:
        return UNSEEN_READING
    levels = situation.norms.reference.levels
    entered: list[bool] = []
    left: list[bool] = []
    for condition in rule.conditions:
        value = window.value(condition.metric)
        if value is None:
            continue
        value = value / window.scale if condition.is_seconds else value
        level = levels[condition.level]
        entered.append(level.entered(value))
        left.append(level.left(value))
    if not entered or (rule.needs_all and len(entered) < len(rule.conditions)):
        return UNSEEN_READING
    risks = [risk for risk in (situation.severity.component(name) for name in rule.components) if risk is not None]
    ramp = max((_risk_of(risk, rule) for risk in risks), default=0.0)
    is_entered = all(entered) if rule.needs_all else any(entered)
    if is_entered and ((rule.guard and not rule.guard(situation)) or _is_planned(risks, ramp)):
        is_entered = False
    return Reading(
        is_valid=True,
        entered=is_entered,
        left=any(left) if rule.needs_all else all(left),
        ramp=ramp,
        context=situation.context,
        quality=window.quality,
    )


def lead_metric(rule: Rule, situation: Situation) -> tuple[str, float] | None:
    """The metric that the alert prints: of the conditions that hold, the first; else the first measured."""
    levels = situation.norms.reference.levels
    measured: list[tuple[str, float, bool]] = []
    for condition in rule.conditions:
        value = situation.window.value(condition.metric)
        if value is not None:
            compared = value / situation.window.scale if condition.is_seconds else value
            measured.append((condition.metric, value, levels[condition.level].entered(compared)))
    if not measured:
        return None
    metric, value, _ = next((entry for entry in measured if entry[2]), measured[0])
    return metric, value


def _risk_of(component: ComponentRisk, rule: Rule) -> float:
    """A component joined from several metrics counts here only with those that the rule asks about."""
    if component.name != "loose_block":
        return component.r
    asked = {condition.metric for condition in rule.conditions}
    return max((term.r for term in component.terms if term.metric in asked), default=0.0)


def _is_planned(risks: list[ComponentRisk], ramp: float) -> bool:
    """Beyond the level, yet usual for this team: its own norm says that it is meant so."""
    terms = [term for risk in risks for term in risk.terms]
    has_norms = bool(terms) and all(term.norm is not None and term.n >= USABLE_FROM for term in terms)
    return has_norms and ramp <= 0.0


def _not_just_siege(situation: Situation) -> bool:
    """The line is deep although the ball is not: else the siege is the story."""
    deep = situation.window.ball_deep_share
    return (deep is not None and deep < _DEEP_SHARE) or situation.severity.risk("siege") < _SIEGE_IS_THE_CAUSE


def _long_possession(situation: Situation) -> bool:
    return situation.window.ip_s >= _LONG_POSSESSION_S * situation.window.scale


def _ball_is_away(situation: Situation) -> bool:
    deep = situation.window.ball_deep_share
    return deep is not None and deep < _DEEP_SHARE


RULES: tuple[Rule, ...] = (
    Rule(
        "D1",
        "DEFENSIVE_LINE",
        "Line too deep",
        0.85,
        (Condition("defensive_line_oop", "D1.line"),),
        ("deep_line",),
        zone="line",
        guard=_not_just_siege,
    ),
    Rule(
        "D2",
        "DEFENSIVE_LINE",
        "Exposed high line",
        1.0,
        (Condition("defensive_line_oop", "D2.line"), Condition("pressing_rate", "D2.press")),
        ("exposed_line",),
        zone="line",
    ),
    Rule(
        "C1",
        "COMPACTNESS",
        "Block disconnected",
        0.90,
        (Condition("compactness_oop", "C1.spread"), Condition("gap_def_mid", "C1.gap")),
        ("loose_block", "split_units"),
        zone="units",
        needs_all=False,
        absorbs=("C2",),
    ),
    Rule(
        "C2",
        "COMPACTNESS",
        "Team stretched lengthwise",
        0.80,
        (Condition("length_oop", "C2.length"),),
        ("loose_block",),
    ),
    Rule(
        "W1",
        "WIDTH",
        "Over-stretched without ball",
        0.75,
        (Condition("width_oop", "W1.width"),),
        ("open_width",),
    ),
    Rule(
        "W2",
        "WIDTH",
        "Attack too narrow",
        0.60,
        (Condition("width_ip", "W2.width"),),
        ("narrow_attack",),
        guard=_long_possession,
    ),
    Rule(
        "P1",
        "PRESSING",
        "Press fading",
        0.80,
        (Condition("pressing_rate", "P1.press"),),
        ("passive_press",),
        guard=_ball_is_away,
    ),
    Rule(
        "S1",
        "PRESSURE",
        "Under siege",
        1.0,
        (Condition("siege_s", "S1.siege", is_seconds=True),),
        ("siege",),
        absorbs=("D1",),
    ),
)
