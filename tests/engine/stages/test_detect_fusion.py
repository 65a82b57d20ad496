"""Two detectors as one: what both see, what one sees, and where the common box lies."""

import numpy as np
import pytest

from engine.stages import networks
from engine.stages.test_layouts import SIZES, scene
from touchline.engine.catalogue import detector_for, stages_for
from touchline.engine.errors import ModelMismatchError
from touchline.engine.settings import PROFILES, settings_for
from touchline.engine.stages.detect import FusedDetector, NetworkDetector, open_fused
from touchline.engine.weights import load_model
from touchline.football.updates import AnalysisOptions, AnalysisRequest

EMPTY = np.zeros((640, 640, 3), np.uint8)


def person(x, y, score, wide=40.0, tall=90.0):
    """A row: middle, size, and scores of person and ball."""
    return x, y, wide, tall, score, 0.0


def ball(x, y, score, side=12.0):
    return x, y, side, side, 0.0, score


def fused(tmp_path, one, other, **options):
    """The fusion of two networks that answer every picture with these rows."""
    nobody = [person(5, 5, 0.0)]
    paths = [
        networks.constant_rows(tmp_path / f"{name}.onnx", rows or nobody) for name, rows in (("a", one), ("b", other))
    ]
    return open_fused(*paths, backend="onnxruntime", **options)


def test_who_is_seen_by_both_is_surer_and_lies_between(tmp_path):
    found = fused(tmp_path, [person(100, 200, 0.6)], [person(108, 200, 0.3)]).detect(EMPTY)
    assert found.scores == pytest.approx([1 - 0.4 * 0.7])
    # Two thirds of the way to the surer one.
    assert found.boxes[0] == pytest.approx([80 + 8 / 3, 155, 120 + 8 / 3, 245], abs=1e-3)


@pytest.mark.parametrize("seer", [0, 1])
def test_who_is_seen_by_one_alone_is_less_sure(seer, tmp_path):
    lists = [[], []]
    lists[seer] = [person(100, 200, 0.8)]
    found = fused(tmp_path, *lists).detect(EMPTY)
    assert found.scores == pytest.approx([0.85 * 0.8])
    assert found.boxes[0] == pytest.approx([80, 155, 120, 245])


def test_two_weak_sightings_together_make_a_sure_one(tmp_path):
    found = fused(tmp_path, [person(100, 200, 0.3)], [person(100, 200, 0.3)]).detect(EMPTY)
    assert found.scores == pytest.approx([0.51])


def test_nobody_is_paired_twice_and_the_closest_pair_goes_first(tmp_path):
    one = [person(100, 200, 0.9), person(123, 200, 0.8)]
    found = fused(tmp_path, one, [person(121, 200, 0.5)]).detect(EMPTY)
    assert found.scores == pytest.approx([1 - 0.2 * 0.5, 0.85 * 0.9])
    assert found.boxes[1] == pytest.approx([80, 155, 120, 245])


def test_people_apart_stay_apart(tmp_path):
    found = fused(tmp_path, [person(100, 200, 0.6)], [person(300, 200, 0.6)]).detect(EMPTY)
    assert len(found.boxes) == 2


def test_balls_agree_by_their_middles_whatever_their_drawn_size(tmp_path):
    found = fused(tmp_path, [ball(100, 200, 0.5, side=30)], [ball(104, 200, 0.5, side=8)]).detect(EMPTY)
    assert found.ball_scores == pytest.approx([0.75])
    assert (found.ball_boxes[0, :2] + found.ball_boxes[0, 2:]) / 2 == pytest.approx([102, 200])
    apart = fused(tmp_path, [ball(100, 200, 0.5)], [ball(140, 200, 0.5)]).detect(EMPTY)
    assert apart.ball_scores == pytest.approx([0.425, 0.425])


def test_everything_down_to_a_floor_is_listed_and_nothing_below(tmp_path):
    one = [person(100, 200, 0.03), person(300, 200, 0.06), person(500, 200, 0.058)]
    found = fused(tmp_path, one, [person(100, 200, 0.03)], floor=0.05).detect(EMPTY)
    assert found.scores == pytest.approx([1 - 0.97**2, 0.85 * 0.06])


def test_models_of_two_families_and_sizes_are_fused_in_source_pixels(tmp_path):
    detector = open_fused(
        networks.yolov8(tmp_path / "a.onnx"), networks.nanodet(tmp_path / "b.onnx"), backend="onnxruntime"
    )
    image, true, true_ball = scene(SIZES["wide"])
    found = detector.detect(image)
    assert np.abs(found.boxes[0] - true).max() <= 0.5
    assert np.abs(found.ball_boxes[0] - true_ball).max() <= 0.5
    assert found.scores == pytest.approx([1 - 0.1 * 0.1], abs=1e-3)
    boxes, scores = detector.ball_near(image, (float(true_ball[0]), float(true_ball[1])))
    assert np.abs(boxes[0] - true_ball).max() <= 0.5
    assert scores[0] == pytest.approx(1 - 0.2 * 0.2, abs=1e-3)
    assert detector.name == "a (onnxruntime) with b (onnxruntime)"


def test_a_second_look_knows_how_tall_people_are_too(tmp_path):
    """A ball larger than half a person is a head or a shirt, in the closer look as in the whole picture."""
    people = [person(60 + 50 * place, 200 + 20 * place, 0.9, tall=40.0) for place in range(10)]
    large = [ball(320, 320, 0.9, side=60.0)]
    detector = fused(tmp_path, people + large, people + large)
    before = detector.ball_near(EMPTY, (320.0, 320.0))[1]
    assert len(before) == 1
    for _ in range(30):
        detector.detect(EMPTY)
    assert detector.heights is not None
    assert len(detector.ball_near(EMPTY, (320.0, 320.0))[1]) == 0


def test_the_first_detector_may_be_the_shipped_one(tmp_path):
    second = networks.yolov8(tmp_path / "b.onnx")
    detector = open_fused(None, second, backend="onnxruntime")
    assert detector.name.startswith(load_model().name)
    image, _, true_ball = scene(SIZES["wide"])
    # A blue square is no ball to the shipped one, so the second sees it alone.
    found = detector.detect(image)
    assert np.abs(found.ball_boxes[0] - true_ball).max() <= 0.5
    assert found.ball_scores[0] == pytest.approx(0.85 * networks.BALL_SCORE, abs=1e-3)


@pytest.mark.parametrize(("profile", "is_fused"), [("fast", False), ("balanced", True), ("accurate", True)])
def test_every_profile_but_the_fast_one_asks_a_second_detector(profile, is_fused, tmp_path):
    second = str(networks.yolov8(tmp_path / "b.onnx"))
    request = AnalysisRequest(video_path="match.mp4", run_id="r", options=AnalysisOptions(profile=profile))
    settings = settings_for(request, second_detector_path=second)
    made = stages_for(settings, request, picture_size=(1280, 720))
    assert isinstance(made.detector, FusedDetector if is_fused else NetworkDetector)
    assert made.second_look in {None, made.detector}
    assert ("with b (" in made.detector.name) is is_fused


def test_without_a_second_detector_nothing_is_fused():
    assert isinstance(detector_for(PROFILES["accurate"]), NetworkDetector)


def test_a_missing_second_detector_is_told(tmp_path):
    with pytest.raises(ModelMismatchError, match=r"gone\.onnx is missing"):
        open_fused(None, tmp_path / "gone.onnx", backend="onnxruntime")
