"""The shipped detector on the synthetic match, its scales and thresholds, and models that are refused."""

import json
import shutil
from dataclasses import replace

import cv2
import numpy as np
import pytest

from touchline.engine import weights
from touchline.engine.decode import open_video
from touchline.engine.errors import ModelMismatchError, SettingsInvalidError
from touchline.engine.stages.detect import NetworkDetector, open_detector, open_network
from touchline.engine.stages.detect.boxes import areas, intersections
from touchline.engine.stages.detect.scores import from_contract, to_contract
from touchline.engine.weights import load_model

BUDGET = 1280.0 * 736


class OnePerson:
    """A network that answers with one person of 40 pixels at (200, 300) of its input, and one ball."""

    name = "stub"

    def __init__(self, score=0.6, ball=0.7):
        self.score, self.ball, self.shapes = score, ball, []

    def __call__(self, blob):
        self.shapes.append(blob.shape)
        height, width = blob.shape[2] // 4, blob.shape[3] // 4
        heat, distances = np.zeros((2, height, width), np.float32), np.full((4, height, width), 20.0, np.float32)
        for row, column, value, channel in ((75, 50, self.score, 0), (60, 100, self.ball, 1)):
            if row < height and column < width:
                heat[channel, row, column] = value
        return {"hm": heat[None], "wh": distances[None]}


MEASURED = replace(load_model(), person_threshold=0.35, ball_threshold=0.55)


def detector(network, model=None, **options):
    if model is None:
        model = MEASURED if isinstance(network, OnePerson) else load_model()
    return NetworkDetector(network, model, **options)


@pytest.fixture(scope="module")
def network():
    return open_network(load_model().path, backend="onnxruntime")


@pytest.fixture(scope="module")
def picture():
    demo = weights.MODELS_FOLDER.parent / "synthetic" / "data" / "demo.mp4"
    return next(iter(open_video(demo, analysis_fps=1).frames())).image


def test_the_shipped_detector_finds_the_players_of_the_synthetic_match(network, picture):
    found = detector(network).detect(picture)
    assert 18 <= (found.scores >= 0.5).sum() <= 28
    heights = found.boxes[:, 3] - found.boxes[:, 1]
    assert 12 < np.median(heights) < 120


def test_the_same_picture_gives_the_same_boxes(network, picture):
    one, other = detector(network).detect(picture), detector(network).detect(picture)
    assert np.array_equal(one.boxes, other.boxes)
    assert np.array_equal(one.ball_scores, other.ball_scores)


def test_an_enlarged_source_gives_boxes_in_source_pixels(network, picture):
    large = cv2.resize(picture, None, fx=1.5, fy=1.5)
    small = detector(network).detect(picture)
    found = detector(network).detect(large)
    strong = small.boxes[small.scores > 0.7]
    near = [np.abs(found.boxes - 1.5 * one).max(axis=1).min() for one in strong]
    assert np.median(near) < 4


def test_odd_and_portrait_pictures_are_searched_too(network, picture):
    portrait = np.ascontiguousarray(picture[:, :433])
    assert detector(network).detect(portrait).boxes.shape[1] == 4
    tiny = np.zeros((37, 53, 3), np.uint8)
    assert len(detector(network).detect(tiny).boxes) == 0


def test_the_network_input_is_a_multiple_of_32_and_within_the_budget():
    network = OnePerson()
    detector(network).detect(np.zeros((1080, 1920, 3), np.uint8))
    *_, height, width = network.shapes[0]
    assert height % 32 == 0
    assert width % 32 == 0
    assert height * width < 1.1 * BUDGET


def test_boxes_come_from_the_distances_around_a_peak():
    found = detector(OnePerson()).detect(np.zeros((720, 1280, 3), np.uint8))
    assert found.boxes[0] == pytest.approx([182, 282, 222, 322])
    assert (found.ball_boxes[0, :2] + found.ball_boxes[0, 2:]) / 2 == pytest.approx([402, 242])


def test_the_contract_defaults_are_the_models_operating_points():
    model = load_model()
    person = {"raw": model.person_threshold, "default": 0.5}
    assert to_contract(model.person_threshold, **person) == pytest.approx(0.5)
    assert from_contract(0.5, **person) == pytest.approx(model.person_threshold)
    raw = np.linspace(0, 1, 50)
    there = to_contract(raw, **person)
    assert (np.diff(there) > 0).all()
    assert [from_contract(value, **person) for value in there] == pytest.approx(raw)


@pytest.mark.parametrize(("confidence", "expected"), [(0.5, 1), (0.95, 0)])
def test_a_higher_confidence_lists_less(confidence, expected):
    network = OnePerson(score=0.3)
    found = detector(network, person_confidence=confidence).detect(np.zeros((720, 1280, 3), np.uint8))
    assert len(found.boxes) == expected


@pytest.mark.parametrize(("raw_person", "raw_ball", "people", "balls"), [(0.036, 0.093, 1, 1), (0.034, 0.091, 0, 0)])
def test_with_a_floor_everything_down_to_it_is_listed(raw_person, raw_ball, people, balls):
    """Raw scores at the operating points 0.35 and 0.55: 0.05 on the contract's scale is 0.035 and 0.0917."""
    network = OnePerson(score=raw_person, ball=raw_ball)
    found = detector(network, floor=0.05).detect(np.zeros((720, 1280, 3), np.uint8))
    assert (len(found.boxes), len(found.ball_boxes)) == (people, balls)


def test_with_a_floor_even_a_crowd_is_listed_whole():
    class Crowd(OnePerson):
        def __call__(self, blob):
            answer = super().__call__(blob)
            answer["hm"][0, 0, 10:170:10, 10:310:10] = 0.9
            answer["wh"][:] = 16.0
            return answer

    blank = np.zeros((720, 1280, 3), np.uint8)
    assert len(detector(Crowd(), floor=0.05).detect(blank).boxes) == 16 * 30 + 1
    assert len(detector(Crowd()).detect(blank).boxes) == 120


def test_a_ball_that_looks_more_like_a_person_is_none():
    class Boot(OnePerson):
        def __call__(self, blob):
            answer = super().__call__(blob)
            answer["hm"][0, 0, 60, 100] = 0.8
            return answer

    assert len(detector(Boot()).detect(np.zeros((720, 1280, 3), np.uint8)).ball_boxes) == 0


def test_a_second_look_answers_in_source_pixels():
    network = OnePerson()
    boxes, scores = detector(network).ball_near(np.zeros((720, 1280, 3), np.uint8), (640.0, 360.0))
    assert network.shapes == [(1, 3, 512, 512)]
    # The crop starts at (512, 232) and is enlarged twice.
    assert (boxes[0, :2] + boxes[0, 2:]) / 2 == pytest.approx([512 + 402 / 2, 232 + 242 / 2])
    assert scores[0] > 0.3


def test_a_second_look_at_the_edge_stays_inside():
    boxes, _ = detector(OnePerson()).ball_near(np.zeros((720, 1280, 3), np.uint8), (5.0, 715.0))
    assert (boxes[0, :2] + boxes[0, 2:]) / 2 == pytest.approx([402 / 2, 464 + 242 / 2])


def test_the_shipped_model_is_the_one_in_the_manifest():
    model = load_model()
    assert model.name == "syn"
    assert model.licence == "Apache-2.0"
    assert "no photograph" in model.origin


def test_a_changed_model_is_refused(tmp_path):
    shutil.copytree(weights.MODELS_FOLDER, tmp_path / "models")
    file = tmp_path / "models" / "syn.onnx"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelMismatchError, match="not the one"):
        load_model(models_folder=tmp_path / "models")


def test_a_missing_model_is_refused(tmp_path):
    with pytest.raises(ModelMismatchError, match=r"nothing\.onnx is missing"):
        load_model(tmp_path / "nothing.onnx")


def test_a_copy_of_the_shipped_model_is_recognised(tmp_path):
    copy = tmp_path / "mine.onnx"
    shutil.copy(load_model().path, copy)
    assert load_model(copy).name == "syn"


def test_a_file_that_is_no_model_is_refused(tmp_path):
    file = tmp_path / "model.onnx"
    file.write_text("not a model", encoding="utf-8")
    with pytest.raises(ModelMismatchError, match="not an ONNX model"):
        open_network(load_model(file).path, backend="onnxruntime")


def test_nanodet_by_path_finds_the_labelled_people_of_real_frames(footage):
    """At the operating point that the manifest names; a hit overlaps a label by half (IoU)."""
    model = footage / "models" / "nanodet_g_pb_fp16.onnx"
    frames = sorted((footage / "footage" / "players" / "images").glob("*.jpg"))[::45]
    one = open_detector(model, backend="onnxruntime")
    hits = labels = 0
    for frame in frames:
        image = cv2.imread(str(frame))
        height, width = image.shape[:2]
        rows = np.loadtxt(frame.parent.parent / "labels" / f"{frame.stem}.txt", ndmin=2)
        rows = rows[rows[:, 0] > 0]
        middle, half = rows[:, 1:3] * (width, height), rows[:, 3:5] * (width, height) / 2
        people = np.concatenate([middle - half, middle + half], axis=1)
        found = one.detect(image)
        sure = found.boxes[found.scores >= 0.5]
        shared = intersections(people, sure)
        hits += ((shared / (areas(people)[:, None] + areas(sure)[None] - shared)).max(axis=1) >= 0.5).sum()
        labels += len(people)
    assert len(frames) == 6
    assert hits / labels >= 0.8


def test_an_unknown_backend_is_refused():
    with pytest.raises(SettingsInvalidError, match="Unknown backend"):
        open_network(load_model().path, backend="abacus")


def test_every_model_in_the_manifest_has_its_facts():
    entries = json.loads((weights.MODELS_FOLDER / "manifest.json").read_text(encoding="utf-8"))["models"]
    for entry in entries:
        assert {"file", "name", "sha256", "origin", "licence", "layout", "operating_points"} <= set(entry)


@pytest.mark.openvino
def test_openvino_finds_the_same_people(network, picture):
    fast = open_network(load_model().path, backend="openvino", calls=2)
    one, other = detector(network).detect(picture), detector(fast).detect(picture)
    strong = one.boxes[one.scores > 0.6]
    # Half-precision arithmetic moves an edge by a few pixels at most.
    assert max(np.abs(other.boxes - box).max(axis=1).min() for box in strong) < 5


def test_without_openvino_asking_for_it_names_the_extra(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SettingsInvalidError, match=r"touchline\[fast\]"):
        open_network(load_model().path, backend="openvino")
    assert open_network(load_model().path, backend="auto").name == "onnxruntime"
