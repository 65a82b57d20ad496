"""The trigger machine: when a reading becomes an alert, how the alert lives, and when it rests.

IDLE, ARMED, ACTIVE, MONITORING, RESOLVED, then three windows of rest; alert specification §3. A pure step from state
and reading to state and event. It knows no feedback: acceptance, dismissal and escalation are laid over these raw
states by whoever shows the alerts.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

RECENT_WINDOWS = 3
NEEDED = 2
EMERGENCY_RAMP = 0.9
EMERGENCY_CONTEXT = 0.6
REVIEW_WINDOWS = 3
CALM_WINDOWS = 2
REST_WINDOWS = 3
BLIND_WINDOWS = 5
_MEMORY = 4


class Phase(StrEnum):
    """Where a trigger stands."""

    IDLE = "IDLE"
    ARMED = "ARMED"
    ACTIVE = "ACTIVE"
    MONITORING = "MONITORING"
    RESTING = "RESTING"


class Event(StrEnum):
    """What a step has to say to the outside."""

    CREATED = "created"
    UPDATED = "updated"
    RESOLVED = "resolved"
    BLIND = "blind"


@dataclass(frozen=True)
class Reading:
    """One window as one trigger sees it.

    is_valid: the inputs were measured well enough; entered: at or beyond the enter level; left: beyond the exit
    level on the calm side; ramp: risk 0..1; context: 0..1, how dangerous the moment is; quality: Q 0..1.
    """

    is_valid: bool
    entered: bool = False
    left: bool = False
    ramp: float = 0.0
    context: float = 0.0
    quality: float = 0.0


UNSEEN_READING = Reading(is_valid=False)


@dataclass(frozen=True)
class TriggerState:
    """Everything a trigger remembers.

    recent: entered flags of the last valid windows; ramps: of the windows at or beyond the enter level, newest last;
    held: how many there were in this episode; calm, blind, rest: windows in a row; countdown: windows until the
    automatic review; context, quality: of the newest valid window.
    """

    phase: Phase = Phase.IDLE
    recent: tuple[bool, ...] = ()
    ramps: tuple[float, ...] = ()
    held: int = 0
    calm: int = 0
    blind: int = 0
    rest: int = 0
    countdown: int = REVIEW_WINDOWS
    context: float = 0.0
    quality: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether there is an alert that has not been resolved."""
        return self.phase in {Phase.ACTIVE, Phase.MONITORING}


def step(state: TriggerState, reading: Reading) -> tuple[TriggerState, Event | None]:
    """Take one more window.

    Returns:
        the new state, and an event when the outside must hear of it.
    """
    if state.phase is Phase.RESTING:
        return _rest(state), None
    if not reading.is_valid:
        return _blind(state)
    state = replace(state, blind=0, context=reading.context, quality=reading.quality)
    if reading.entered:
        state = replace(state, ramps=(*state.ramps, reading.ramp)[-_MEMORY:], held=state.held + 1)
    if state.is_open:
        return _open(state, reading)
    return _closed(state, reading)


def half_time(state: TriggerState) -> TriggerState:
    """A new period: an active alert is only watched, counters start again."""
    if state.is_open:
        return replace(state, phase=Phase.MONITORING, calm=0, blind=0, countdown=REVIEW_WINDOWS)
    return TriggerState()


def alert_score(state: TriggerState, weight: float) -> float:
    """Score 0..1 of an open alert: how far, how long, how dangerous, how well seen. Specification §2.3."""
    mean_ramp = sum(state.ramps) / len(state.ramps) if state.ramps else 0.0
    persistence = min(1.0, max(state.held - 1, 0) / 3)
    score = weight * (0.55 * mean_ramp + 0.25 * persistence + 0.20 * state.context) * (0.7 + 0.3 * state.quality)
    return round(min(max(score, 0.0), 1.0), 3)


def _closed(state: TriggerState, reading: Reading) -> tuple[TriggerState, Event | None]:
    recent = (*state.recent, reading.entered)[-RECENT_WINDOWS:]
    state = replace(state, recent=recent)
    is_emergency = reading.entered and reading.ramp >= EMERGENCY_RAMP and reading.context >= EMERGENCY_CONTEXT
    if reading.entered and (sum(recent) >= NEEDED or is_emergency):
        # Only windows that still count belong to the episode.
        held = sum(recent)
        opened = replace(state, phase=Phase.ACTIVE, held=held, ramps=state.ramps[-held:], countdown=REVIEW_WINDOWS)
        return replace(opened, calm=0), Event.CREATED
    phase = Phase.ARMED if any(recent) else Phase.IDLE
    if phase is Phase.IDLE:
        state = replace(state, ramps=(), held=0)
    return replace(state, phase=phase), None


def _open(state: TriggerState, reading: Reading) -> tuple[TriggerState, Event | None]:
    # The review falls in the window where the count reaches 0; then the next one is counted down.
    countdown = REVIEW_WINDOWS - 1 if state.countdown == 0 else state.countdown - 1
    state = replace(state, countdown=countdown)
    if reading.left:
        calm = state.calm + 1
        if calm >= CALM_WINDOWS:
            rested = replace(state, phase=Phase.RESTING, rest=REST_WINDOWS, recent=(), calm=0, countdown=0)
            return rested, Event.RESOLVED
        return replace(state, phase=Phase.MONITORING, calm=calm), Event.UPDATED
    phase = Phase.ACTIVE if reading.entered else state.phase
    return replace(state, phase=phase, calm=0), Event.UPDATED


def _blind(state: TriggerState) -> tuple[TriggerState, Event | None]:
    """Nothing seen freezes the trigger; after five such windows an open alert is only watched."""
    state = replace(state, blind=state.blind + 1)
    if state.phase is Phase.ACTIVE and state.blind == BLIND_WINDOWS:
        return replace(state, phase=Phase.MONITORING), Event.BLIND
    return state, None


def _rest(state: TriggerState) -> TriggerState:
    rest = state.rest - 1
    return TriggerState() if rest <= 0 else replace(state, rest=rest)
