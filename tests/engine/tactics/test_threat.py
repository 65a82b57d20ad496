import numpy as np
import pytest

from touchline.engine.tactics.threat import channel_of, expected_threat, final_third_entries, threat_added
from touchline.football.pitch import STANDARD_PITCH, PitchSize


def at(x, y=34.0, pitch=STANDARD_PITCH):
    return float(expected_threat(np.array([x, y]), pitch))


@pytest.mark.parametrize(
    ("x", "low", "high"), [(5, 0.0, 0.003), (52.5, 0.003, 0.009), (85, 0.04, 0.06), (94, 0.10, 0.14)]
)
def test_the_surface_has_the_published_heights(x, low, high):
    assert low <= at(x) <= high


def test_threat_is_symmetric_and_grows_towards_the_goal():
    assert at(80, 20) == pytest.approx(at(80, 48))
    assert at(80, 10) < at(80, 34)
    values = [at(x) for x in range(0, 100, 5)]
    assert values == sorted(values)


def test_a_smaller_pitch_has_the_same_surface():
    assert at(80, 32, PitchSize(100, 64)) == pytest.approx(at(84, 34))


def test_a_possession_adds_its_peak_above_its_start():
    ball = np.column_stack([np.r_[np.linspace(50, 90, 20), np.linspace(90, 60, 20)], np.full(40, 34.0)])
    added = threat_added(np.zeros(40, int), 0, ball, STANDARD_PITCH)
    assert added == pytest.approx(at(90) - at(50))
    assert threat_added(np.ones(40, int), 0, ball, STANDARD_PITCH) == 0.0
    assert threat_added(np.zeros(40, int), 0, ball[::-1], STANDARD_PITCH) == pytest.approx(at(90) - at(60))


def test_an_entry_counts_once_and_only_when_the_ball_was_carried_in():
    x = np.r_[np.full(5, 60), np.full(5, 75), np.full(5, 65), np.full(5, 80)].astype(float)
    possession = np.zeros(20, int)
    left = np.column_stack([x, np.full(20, 10.0)])
    assert final_third_entries(possession, 0, left, STANDARD_PITCH) == {"left": 1, "center": 0, "right": 0}
    assert sum(final_third_entries(possession, 0, left[5:10], STANDARD_PITCH).values()) == 0
    assert sum(final_third_entries(possession + 1, 0, left, STANDARD_PITCH).values()) == 0


@pytest.mark.parametrize(("y", "channel"), [(10, "left"), (34, "center"), (60, "right")])
def test_channels_are_thirds_as_the_attacking_team_sees_them(y, channel):
    assert channel_of(y, STANDARD_PITCH) == channel
