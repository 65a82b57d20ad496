"""How the bench counts who is told to be on the pitch, on drawn pictures whose truth is known."""

from pathlib import Path

import numpy as np
import pytest

from bench.vision_figures import NOT_MEASURED
from bench.vision_frames import LabelledFrame
from bench.vision_gate import APART, BALLS, KEPT, GateCount, count, gate_figures
from touchline.engine.types import Detections, Frame

GRASS = (60, 140, 70)


def a_picture():
    """Seats above row 200, grass below."""
    image = np.full((720, 1280, 3), GRASS, np.uint8)
    image[:200] = np.random.default_rng(0).integers(0, 255, (50, 320, 3), np.uint8).repeat(4, axis=0).repeat(4, axis=1)
    return Frame(0, 0, 0.0, image)


def person(x, y, tall=50):
    return [x - tall / 5, y - tall, x + tall / 5, y]


def labelled(people, balls=()):
    boxes = np.array(people, float).reshape(-1, 4)
    return LabelledFrame(
        "m_1", "m", Path("m_1.jpg"), boxes, np.array(balls, float).reshape(-1, 4), np.full(len(boxes), 2)
    )


def found(boxes, scores):
    none = Detections.empty()
    return Detections(np.array(boxes, np.float32), np.array(scores), none.ball_boxes, none.ball_scores)


def test_labelled_people_and_balls_are_counted_with_those_that_are_kept():
    labels = labelled([person(300, 400), person(900, 600), person(600, 90)], balls=[[500, 500, 508, 508]])
    counted = count(labels, a_picture(), Detections.empty())
    assert (counted.people, counted.people_kept) == (3, 2)
    assert (counted.balls, counted.balls_kept) == (1, 1)


def test_sure_finds_away_from_labelled_people_are_counted_with_those_that_are_told_apart():
    labels = labelled([person(300, 400), person(900, 400), person(600, 600)])
    boxes = [person(300, 400), person(600, 90), person(700, 90), person(640, 700), person(500, 60)]
    counted = count(labels, a_picture(), found(boxes, [0.9, 0.9, 0.6, 0.7, 0.3]))
    # Of four sure finds one is near the labels, two sit in the stand, and one stands on the grass before the line.
    assert (counted.beside, counted.beside_apart) == (3, 2)


def test_shares_come_with_their_gate_and_nothing_to_count_is_not_measured():
    shares = {figure.measure: figure for figure in (GateCount(200, 199, 0, 0, 4, 1) + GateCount(200, 200)).figures(2)}
    assert shares[KEPT].value == pytest.approx(399 / 400)
    assert shares[KEPT].passed
    assert shares[APART].value == 0.25
    assert (shares[BALLS].value, shares[BALLS].words) == (None, NOT_MEASURED)


def test_the_share_that_is_kept_has_to_reach_its_limit():
    assert not GateCount(200, 198).figures(1)[0].passed


def test_without_footage_the_reason_stands_in_every_row(monkeypatch):
    monkeypatch.delenv("TOUCHLINE_TEST_FOOTAGE", raising=False)
    rows = gate_figures()
    assert [row.value for row in rows] == [None] * 3
    assert all("TOUCHLINE_TEST_FOOTAGE" in row.note for row in rows)
