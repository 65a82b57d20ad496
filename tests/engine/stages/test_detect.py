"""The shipped detector on the synthetic match, its scales and thresholds, and models that are refused."""

import json
import shutil

import cv2
import numpy as np
import pytest

from touchline.engine import weights
from touchline.engine.decode import open_video
from touchline.engine.errors import ModelMismatchError, SettingsInvalidError
from touchline.engine.stages.detect import NetworkDetector, open_network
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


def detector(network, **options):
    return NetworkDetector(network, load_model(), **options)


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
