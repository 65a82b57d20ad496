"""All triggers of both teams: feeds every rule with every window and says which alerts rise, change or end.

Also merges alerts of one cause (the strongest speaks, the others are named), numbers alerts, and keeps what is
needed to explain one later.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from touchline.engine.alerting.actions import Situation
from touchline.engine.alerting.rules import RULES, Rule, lead_metric, read
from touchline.engine.alerting.triggers import Event, Phase, TriggerState, alert_score, half_time, step
from touchline.football.vocabulary import AlertStatus, Side

_STATE_LOG_LIMIT = 50


@dataclass(frozen=True)
class AlertState:
    """One alert as it stands after a window.

    number: 1 for the first alert of this team and code; category_count: alerts of the category so far, this one
    included; windows: ids of the windows that hold the claim; countdown: windows until the review; metric, value:
    what it prints; seen_s: start of the last window in which it could be judged; snapshot: picture of the moment
    with the highest risk; merged: codes that this one speaks for.
    """

    rule: Rule
    side: Side
    number: int
    category_count: int
    status: AlertStatus
    score: float
    countdown: int
    windows: tuple[int, ...]
    fired_span_s: tuple[float, float]
    metric: str
    value: float
    situation: Situation
    snapshot: Mapping[str, Any]
    merged: tuple[str, ...]
    state_log: tuple[Mapping[str, Any], ...]
    is_blind: bool
    seen_s: float


@dataclass(frozen=True)
class WindowMark:
    """Which window a step belongs to."""

    index: int
    start_s: float
    end_s: float


SnapshotMaker = Callable[[Side, Rule], Mapping[str, Any]]


@dataclass
class _Trigger:
    """A trigger with what its present episode has to tell."""

    rule: Rule
    side: Side
    state: TriggerState = field(default_factory=TriggerState)
    number: int = 0
    category_count: int = 0
    is_announced: bool = False
    windows: tuple[int, ...] = ()
    fired_span_s: tuple[float, float] = (0.0, 0.0)
    best_ramp: float = -1.0
    snapshot: Mapping[str, Any] = field(default_factory=dict)
    metric: str = ""
    value: float = 0.0
    situation: Situation | None = None
    state_log: tuple[Mapping[str, Any], ...] = ()
    seen_s: float = 0.0

    def forget_episode(self) -> None:
        self.is_announced, self.windows, self.best_ramp, self.snapshot = False, (), -1.0, {}
        self.state_log = ()


class AlertBoard:
    """Triggers of both teams over a run; one step per window."""

    def __init__(self, rules: Sequence[Rule] = RULES) -> None:
        self._triggers = [_Trigger(rule, side) for side in Side for rule in rules]
        self._category_counts: dict[str, int] = {}

    def step(self, mark: WindowMark, situations: Mapping[Side, Situation], snapshot: SnapshotMaker) -> list[AlertState]:
        """Feed one window to every trigger.

        Args:
            mark: the window.
            situations: of both teams.
            snapshot: makes the picture of the window's telling moment; called only when a rule is entered.

        Returns:
            alerts that were created or changed, strongest first.
        """
        events = [(trigger, self._feed(trigger, mark, situations, snapshot)) for trigger in self._triggers]
        raised = [found for trigger, event in events if (found := self._announce(trigger, event, mark)) is not None]
        return sorted(raised, key=lambda alert: -alert.score)

    def half_time(self) -> None:
        """A new period began."""
        for trigger in self._triggers:
            trigger.state = half_time(trigger.state)
            if not trigger.state.is_open:
                trigger.forget_episode()

    def _feed(
        self, trigger: _Trigger, mark: WindowMark, situations: Mapping[Side, Situation], snapshot: SnapshotMaker
    ) -> Event | None:
        situation = situations[trigger.side]
        reading = read(trigger.rule, situation)
        was_resting = trigger.state.phase is Phase.RESTING
        trigger.state, event = step(trigger.state, reading)
        if trigger.state.phase is Phase.IDLE and event is None:
            trigger.forget_episode()
        if not reading.is_valid or was_resting:
            return event
        trigger.seen_s = mark.start_s
        if reading.entered:
            # What the alert says stays what it was raised for: a calmer window changes its state, not its words.
            lead = lead_metric(trigger.rule, situation)
            assert lead is not None
            trigger.metric, trigger.value = lead
            trigger.situation = situation
            trigger.windows = (*trigger.windows, mark.index)
            if reading.ramp > trigger.best_ramp:
                trigger.best_ramp, trigger.snapshot = reading.ramp, snapshot(trigger.side, trigger.rule)
        if event is Event.CREATED:
            trigger.fired_span_s = (mark.start_s, mark.end_s)
        return event

    def _announce(self, trigger: _Trigger, event: Event | None, mark: WindowMark) -> AlertState | None:
        if event is None or trigger.situation is None:
            return None
        if not trigger.is_announced:
            # A quieter cause stays behind the alert that speaks for it; it may still appear once that one is over.
            if event in {Event.RESOLVED, Event.BLIND} or self._is_absorbed(trigger):
                return None
            self._number(trigger)
        score = alert_score(trigger.state, trigger.rule.weight)
        status = _status(trigger.state, event)
        entry = {"t": round(mark.end_s, 3), "state": status.value, "score": score}
        trigger.state_log = (*trigger.state_log, entry)[-_STATE_LOG_LIMIT:]
        alert = AlertState(
            rule=trigger.rule,
            side=trigger.side,
            number=trigger.number,
            category_count=trigger.category_count,
            status=status,
            score=score,
            countdown=trigger.state.countdown,
            windows=trigger.windows,
            fired_span_s=trigger.fired_span_s,
            metric=trigger.metric,
            value=trigger.value,
            situation=trigger.situation,
            snapshot=trigger.snapshot,
            merged=self._merged(trigger),
            state_log=trigger.state_log,
            is_blind=event is Event.BLIND,
            seen_s=trigger.seen_s,
        )
        if event is Event.RESOLVED:
            trigger.forget_episode()
        return alert

    def _number(self, trigger: _Trigger) -> None:
        category = trigger.rule.category
        self._category_counts[category] = self._category_counts.get(category, 0) + 1
        trigger.category_count = self._category_counts[category]
        trigger.number += 1
        trigger.is_announced = True

    def _is_absorbed(self, trigger: _Trigger) -> bool:
        return any(
            other.state.phase is Phase.ACTIVE and trigger.rule.code in other.rule.absorbs
            for other in self._triggers
            if other.side is trigger.side
        )

    def _merged(self, trigger: _Trigger) -> tuple[str, ...]:
        return tuple(
            other.rule.code
            for other in self._triggers
            if other.side is trigger.side
            and other.rule.code in trigger.rule.absorbs
            and other.state.is_open
            and not other.is_announced
        )


def _status(state: TriggerState, event: Event) -> AlertStatus:
    if event is Event.RESOLVED:
        return AlertStatus.RESOLVED
    return AlertStatus.ACTIVE if state.phase is Phase.ACTIVE else AlertStatus.MONITORING
