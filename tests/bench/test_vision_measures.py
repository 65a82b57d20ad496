from functools import partial

import numpy as np
import pytest

from bench.vision_measures import (
    Finds,
    at_threshold,
    average_precision,
    ceiling,
    curve,
    interval,
    iou,
    matched,
    recall_at_false,
    recall_at_precision,
)


def finds(scores, hits, *, labels, frames=1):
    """Finds of one match."""
    count = len(scores)
    return Finds(
        np.array(scores, float), np.array(hits, bool), np.zeros(count, int), np.array([labels]), np.array([frames])
    )


def test_iou_of_half_overlapping_equal_boxes_is_a_third():
    assert iou([[0, 0, 10, 10]], [[5, 0, 15, 10], [0, 0, 10, 10], [20, 20, 30, 30]])[0] == pytest.approx([1 / 3, 1, 0])


def test_empty_boxes_overlap_nothing():
    assert iou([[5, 5, 5, 5]], [[5, 5, 5, 5]])[0, 0] == 0
    assert iou(np.zeros((0, 4)), [[0, 0, 1, 1]]).shape == (0, 1)


def test_the_stronger_find_takes_the_label_even_if_the_weaker_fits_better():
    assert matched(np.array([[0.9], [0.6]]), np.array([0.3, 0.8]), least=0.5).tolist() == [-1, 0]


def test_a_find_whose_best_label_is_taken_gets_the_next_one_it_fits():
    likeness = np.array([[0.9, 0.1], [0.8, 0.6]])
    assert matched(likeness, np.array([0.9, 0.5]), least=0.5).tolist() == [0, 1]


def test_nothing_matches_below_the_least_likeness_or_without_labels():
    assert matched(np.array([[0.49]]), np.array([1.0]), least=0.5).tolist() == [-1]
    assert matched(np.zeros((2, 0)), np.array([1.0, 0.5]), least=0.5).tolist() == [-1, -1]


def test_average_precision_of_a_hand_made_list():
    # Right, wrong, right, of three labels: precision 1, 1/2, 2/3 at recall 1/3, 1/3, 2/3; the envelope is 1 then 2/3.
    assert average_precision(finds([0.9, 0.8, 0.7], [1, 0, 1], labels=3)) == pytest.approx(1 / 3 + 1 / 3 * 2 / 3)


def test_average_precision_takes_the_best_precision_at_that_recall_or_beyond():
    # Wrong first: precision 0, 1/2, 2/3; both steps of recall count with 2/3.
    assert average_precision(finds([0.9, 0.8, 0.7], [0, 1, 1], labels=2)) == pytest.approx(2 / 3)


def test_finds_of_the_same_score_come_together_whatever_their_order():
    one, other = ([1, 0, 0, 1], [0, 1, 1, 0])
    scores = [0.5, 0.5, 0.5, 0.5]
    assert average_precision(finds(scores, one, labels=2)) == average_precision(finds(scores, other, labels=2)) == 0.5


def test_what_cannot_be_measured_is_none_and_finding_nothing_is_zero():
    assert average_precision(finds([0.9], [0], labels=0)) is None
    assert recall_at_precision(finds([0.9], [0], labels=0), precision=0.9) is None
    assert average_precision(finds([], [], labels=4)) == 0
    assert at_threshold(finds([0.2], [1], labels=1), 0.5) == (None, 0)


def test_recall_at_a_precision_uses_the_lowest_threshold_that_still_keeps_it():
    # Nine right, one wrong, one right: after all of them precision is 10/11, above 0.9 again.
    series = finds(np.linspace(1, 0.1, 11), [1] * 9 + [0, 1], labels=20)
    assert recall_at_precision(series, precision=0.9) == pytest.approx(10 / 20)
    assert recall_at_precision(series, precision=0.95) == pytest.approx(9 / 20)
    assert recall_at_precision(finds([0.9], [0], labels=2), precision=0.5) == 0


def test_recall_at_so_many_false_finds_a_frame():
    series = finds([0.9, 0.8, 0.7, 0.6], [1, 0, 1, 0], labels=4, frames=2)
    assert recall_at_false(series, per_frame=0.5) == pytest.approx(0.5)
    assert recall_at_false(series, per_frame=0.4) == pytest.approx(0.25)
    assert ceiling(series) == pytest.approx(0.5)


def test_precision_and_recall_at_a_threshold_include_it():
    assert at_threshold(finds([0.9, 0.5, 0.4], [1, 0, 1], labels=4), 0.5) == (0.5, 0.25)


def test_the_curve_has_one_point_for_each_score():
    points = curve(finds([0.9, 0.9, 0.5], [1, 0, 1], labels=2))
    assert points.thresholds.tolist() == [0.9, 0.5]
    assert points.precision.tolist() == pytest.approx([0.5, 2 / 3])
    assert points.recall.tolist() == pytest.approx([0.5, 1])


def test_pooled_frames_keep_the_match_that_each_find_comes_from():
    pooled = Finds.pooled(
        [
            (np.array([0.9]), np.array([True]), 2),
            (np.zeros(0), np.zeros(0, bool), 1),
            (np.array([0.3, 0.2]), np.array([False, True]), 1),
        ],
        [0, 0, 1],
    )
    assert pooled.clusters.tolist() == [0, 1, 1]
    assert pooled.labels.tolist() == [3, 1]
    assert pooled.frames.tolist() == [2, 1]


def matches(recalls):
    """One find for each label; so many of ten right in each match."""
    parts = [(np.full(10, 0.9), np.arange(10) < right, 10) for right in recalls]
    return Finds.pooled(parts, list(range(len(recalls))))


def test_counting_a_match_twice_equals_having_it_twice():
    once, twice = matches([3, 9]), matches([3, 9, 9])
    assert average_precision(once, np.array([1.0, 2.0])) == pytest.approx(average_precision(twice))


def test_a_match_that_is_not_drawn_does_not_count():
    assert average_precision(matches([3, 9]), np.array([1.0, 0.0])) == average_precision(matches([3]))


def test_the_interval_holds_the_figure_and_is_wider_where_matches_differ_more():
    alike, unlike = matches([6] * 10), matches([2, 10] * 5)
    measure = partial(recall_at_false, per_frame=10)
    assert interval(alike, measure) == pytest.approx((0.6, 0.6))
    low, high = interval(unlike, measure)
    # Ten draws of recalls .2 and 1: the mean has a standard deviation of .4 / sqrt(10) = .126.
    assert low == pytest.approx(0.6 - 1.96 * 0.126, abs=0.06)
    assert high == pytest.approx(0.6 + 1.96 * 0.126, abs=0.06)


def test_the_interval_is_the_same_every_time_and_unknown_with_one_match():
    unlike = matches([1, 5, 9])
    assert interval(unlike, average_precision, resamples=200) == interval(unlike, average_precision, resamples=200)
    assert interval(matches([5]), average_precision) is None
