import numpy as np
import pytest

from touchline.engine.tactics.quality import Minimums, Reason, Sample, quality_score, window_metric


@pytest.mark.parametrize(
    ("window_s", "stated_s", "needed_s"),
    [(60, 8, 8), (60, 5, 5), (89, 8, 8), (30, 8, 4), (10, 8, 1.5), (10, 9, 1.5), (10, 12, 2), (20, 9, 3), (5, 5, 1.5)],
)
def test_minimums_shrink_with_the_window_but_never_below_a_second_and_a_half(window_s, stated_s, needed_s):
    assert Minimums(window_s).seconds(stated_s) == pytest.approx(needed_s)


@pytest.mark.parametrize(
    ("window_s", "known_s", "components"), [(60, 10, 4), (30, 5, 3), (10, 4, 3), (90, 10, 4), (59, 59 / 6, 3)]
)
def test_short_windows_need_less_known_possession_and_three_components(window_s, known_s, components):
    minimums = Minimums(window_s)
    assert minimums.possession_known_s == pytest.approx(known_s)
    assert minimums.severity_components == components


def metric(values, valid, phase=None, window_s=60.0, need_s=8.0):
    everything = np.ones(len(values), bool)
    sample = Sample(np.asarray(values, float), valid, everything if phase is None else phase)
    return window_metric(sample, Minimums(window_s), trust=1.0, cut_reason=Reason.TOO_FEW_PLAYERS.value, need_s=need_s)


def first(count, total=600):
    return np.arange(total) < count


def test_fifteen_percent_and_eight_seconds_are_needed():
    values = np.full(600, 40.0)
    assert metric(values, first(90)).value == 40.0
    assert metric(values, first(89)).value is None
    assert metric(values, first(89)).reason == Reason.TOO_FEW_PLAYERS
    assert metric(values, first(89)).coverage == pytest.approx(89 / 600)


def test_a_phase_that_hardly_happened_is_not_blamed_on_the_camera():
    missing = metric(np.full(600, 40.0), first(600), phase=first(30))
    assert (missing.value, missing.reason) == (None, Reason.PHASE_TOO_SHORT)


def test_nan_frames_do_not_count():
    values = np.full(600, 40.0)
    values[100:] = np.nan
    found = metric(values, first(600))
    assert (found.value, found.n) == (40.0, 100)


def test_the_interval_covers_the_mean_of_noisy_blocks():
    rng = np.random.default_rng(4)
    inside = 0
    for _ in range(60):
        blocks = rng.normal(35, 3, 12).repeat(50)
        found = metric(blocks, first(600))
        inside += found.low <= 35 <= found.high
    assert 45 <= inside <= 60


def test_trust_grows_with_coverage():
    values = np.full(600, 40.0)
    assert metric(values, first(600)).q == pytest.approx(1.0)
    assert metric(values, first(180)).q == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("parts", "score", "label"),
    [
        ({"cov": 1, "vis": 1, "ball": 1, "cal": 1, "id": 1}, 1.0, "GOOD"),
        ({"cov": 0.5, "vis": 0.5, "ball": 0.5, "cal": None, "id": None}, 0.5, "FAIR"),
        ({"cov": 0.0, "vis": None, "ball": 1.0, "cal": None, "id": None}, 0.4, "POOR"),
        ({"cov": 2.0, "vis": -1.0, "ball": 0.0, "cal": None, "id": None}, 0.30 / 0.70, "POOR"),
        ({"cov": None, "vis": None, "ball": None, "cal": None, "id": None}, 0.0, "POOR"),
    ],
)
def test_quality_is_the_weighted_mean_of_what_is_known(parts, score, label):
    found = quality_score(parts)
    assert found.value == pytest.approx(score)
    assert found.label == label
