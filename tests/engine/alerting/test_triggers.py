import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from touchline.engine.alerting.triggers import (
    Event,
    Phase,
    Reading,
    TriggerState,
    alert_score,
    half_time,
    step,
)

# E: at or beyond the enter level; n: in between; x: beyond the exit level; ?: not measured.
READINGS = {
    "E": Reading(is_valid=True, entered=True, ramp=0.4, context=0.3, quality=0.8),
    "n": Reading(is_valid=True, ramp=0.1, context=0.0, quality=0.8),
    "x": Reading(is_valid=True, left=True, context=0.0, quality=0.8),
    "?": Reading(is_valid=False),
    "!": Reading(is_valid=True, entered=True, ramp=0.95, context=0.7, quality=0.9),
}


def play(letters, state=None):
    """Phases and events after each window."""
    state = state or TriggerState()
    phases, events = [], []
    for letter in letters:
        state, event = step(state, READINGS[letter])
        phases.append(state.phase)
        events.append(event)
    return state, phases, events


@pytest.mark.parametrize(
    ("letters", "phase", "events"),
    [
        ("E", Phase.ARMED, [None]),
        ("EE", Phase.ACTIVE, [None, Event.CREATED]),
        ("EnE", Phase.ACTIVE, [None, None, Event.CREATED]),
        ("EnnE", Phase.ARMED, [None] * 4),
        ("Enn", Phase.ARMED, [None] * 3),
        ("Ennn", Phase.IDLE, [None] * 4),
        ("nnn", Phase.IDLE, [None] * 3),
        ("E?E", Phase.ACTIVE, [None, None, Event.CREATED]),
        ("!", Phase.ACTIVE, [Event.CREATED]),
        ("EEE", Phase.ACTIVE, [None, Event.CREATED, Event.UPDATED]),
        ("EEn", Phase.ACTIVE, [None, Event.CREATED, Event.UPDATED]),
        ("EEx", Phase.MONITORING, [None, Event.CREATED, Event.UPDATED]),
        ("EExE", Phase.ACTIVE, [None, Event.CREATED, Event.UPDATED, Event.UPDATED]),
        ("EExn", Phase.MONITORING, [None, Event.CREATED, Event.UPDATED, Event.UPDATED]),
        ("EExnx", Phase.MONITORING, [None, Event.CREATED] + [Event.UPDATED] * 3),
        ("EExx", Phase.RESTING, [None, Event.CREATED, Event.UPDATED, Event.RESOLVED]),
        ("EEx?x", Phase.RESTING, [None, Event.CREATED, Event.UPDATED, None, Event.RESOLVED]),
        ("EE????", Phase.ACTIVE, [None, Event.CREATED] + [None] * 4),
        ("EE?????", Phase.MONITORING, [None, Event.CREATED] + [None] * 4 + [Event.BLIND]),
        ("EE??????", Phase.MONITORING, [None, Event.CREATED] + [None] * 4 + [Event.BLIND, None]),
        ("EE?????E", Phase.ACTIVE, [None, Event.CREATED] + [None] * 4 + [Event.BLIND, Event.UPDATED]),
        ("EExxEE", Phase.RESTING, [None, Event.CREATED, Event.UPDATED, Event.RESOLVED, None, None]),
        ("EExxEEE", Phase.IDLE, [None, Event.CREATED, Event.UPDATED, Event.RESOLVED, None, None, None]),
        (
            "EExxnnnEE",
            Phase.ACTIVE,
            [None, Event.CREATED, Event.UPDATED, Event.RESOLVED] + [None] * 4 + [Event.CREATED],
        ),
    ],
)
def test_the_machine_follows_the_table(letters, phase, events):
    _, phases, seen = play(letters)
    assert phases[-1] is phase
    assert seen == events


def test_the_review_counts_down_in_windows_and_starts_again():
    countdowns = []
    state = TriggerState()
    for letter in "EEEEEEE":
        state, event = step(state, READINGS[letter])
        if event:
            countdowns.append(state.countdown)
    assert countdowns == [3, 2, 1, 0, 2, 1]


def test_the_score_of_the_worked_example():
    state, _, _ = play("EE")
    assert alert_score(state, 1.0) == pytest.approx(0.341, abs=0.0015)


def test_a_claim_that_lasts_gets_stronger():
    scores = [alert_score(play("E" * count)[0], 1.0) for count in (2, 3, 4, 5)]
    assert scores[1] == pytest.approx(0.42, abs=0.002)
    assert scores == sorted(scores)
    assert scores[3] == scores[2]


def test_only_windows_of_the_episode_count():
    state, _, _ = play("EnnnEE")
    assert (state.held, len(state.ramps)) == (2, 2)


def test_a_score_stays_between_nought_and_one():
    assert alert_score(TriggerState(ramps=(1.0,), held=9, context=1.0, quality=1.0), 2.0) == 1.0
    assert alert_score(TriggerState(), 1.0) == 0.0


def test_at_half_time_an_active_alert_is_only_watched_and_an_armed_one_forgotten():
    state, _, _ = play("EE")
    watched = half_time(state)
    assert (watched.phase, watched.countdown) == (Phase.MONITORING, 3)
    armed, _, _ = play("E")
    assert half_time(armed) == TriggerState()


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="Enx?!", max_size=40))
def test_whatever_happens_alerts_begin_once_and_end_once(letters):
    state, is_open = TriggerState(), False
    for letter in letters:
        state, event = step(state, READINGS[letter])
        if event is Event.CREATED:
            assert not is_open
            is_open = True
        elif event is not None:
            assert is_open
            is_open = event is not Event.RESOLVED
        assert state.is_open == is_open
        assert 0.0 <= alert_score(state, 1.0) <= 1.0
        assert 0 <= state.countdown <= 3
