"""The network, its targets and its loss agree with each other."""

import json
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest
import torch

from touchline.engine.stages.detect import open_detector
from touchline.engine.stages.detect.looks import Look
from training.net import state
from training.net.evaluate import in_training
from training.net.export import describe, export
from training.net.first import load_first
from training.net.loss import loss_of
from training.net.model import DISTANCE_PX, Block, Net, Shipped, parameters_of
from training.net.sizes import STRIDE
from training.net.targets import targets_of, with_margin
from training.scenes.scene import Scene

FIRST = Path(__file__).parents[2] / "src/touchline/engine/models/syn.onnx"


def a_scene(people=(), balls=(), *, visible=None, ignore=(), size=128):
    people = np.array(people, np.float32).reshape(-1, 4)
    balls = np.array(balls, np.float32).reshape(-1, 4)
    return Scene(
        image=np.zeros((size, size, 3), np.uint8),
        people=people,
        people_visible=np.ones(len(people), np.float32) if visible is None else np.array(visible, np.float32),
        balls=balls,
        balls_visible=np.ones(len(balls), np.float32),
        ignore=np.array(ignore, np.float32).reshape(-1, 4),
    )


def batched(targets):
    return [torch.from_numpy(part)[None] for part in (targets.heat, targets.judged, targets.sides, targets.share)]


def answers(targets):
    """What a network that knows everything would say."""
    heat, _, sides, _ = batched(targets)
    return torch.where(heat == 1, 12.0, -12.0), (sides / DISTANCE_PX).log()


def test_a_person_peaks_at_the_cell_of_his_middle_with_the_distances_to_his_sides():
    targets = targets_of(a_scene([(40, 20, 64, 84)]))
    assert np.unravel_index(targets.heat[0].argmax(), (32, 32)) == (13, 13)
    left, up, right, down = targets.sides[:, 13, 13]
    x, y = (13 + 0.5) * STRIDE, (13 + 0.5) * STRIDE
    wanted = with_margin(np.array([40, 20, 64, 84], np.float32))
    np.testing.assert_allclose((x - left, y - up, x + right, y + down), wanted, rtol=1e-5)
    assert wanted[0] == pytest.approx(40 - 1.168, abs=1e-3)
    assert targets.share.sum() == pytest.approx(1)
    assert targets.heat[1].max() == 0


def test_a_nearer_person_owns_the_cells_that_both_cover():
    far, near = (40, 20, 64, 84), (44, 30, 68, 94)
    targets = targets_of(a_scene([near, far]))
    column, row = (44 + 68) // 2 // STRIDE, (30 + 94) // 2 // STRIDE
    bottom = with_margin(np.array(near, np.float32))[3]
    assert targets.sides[3, row, column] == pytest.approx(bottom - (row + 0.5) * STRIDE)
    assert (targets.heat[0] == 1).sum() == 2


def test_hardly_visible_people_and_ignored_areas_are_not_judged():
    box = (40, 20, 64, 84)
    targets = targets_of(a_scene([box], visible=[0.1], ignore=[box]))
    assert targets.heat.max() == 0
    assert targets.share.sum() == 0
    assert not targets.judged[:, 13, 13].any()
    assert targets.judged[:, 0, 0].all()


def test_who_stands_in_an_ignored_area_is_judged():
    targets = targets_of(a_scene([(40, 20, 64, 84)], ignore=[(0, 0, 127, 127)]))
    assert targets.judged[0, 13, 13]
    assert not targets.judged[0, 2, 2]


def test_the_right_answer_costs_nothing_and_a_wrong_one_something():
    targets = targets_of(a_scene([(40, 20, 64, 84), (90, 30, 110, 90)], [(10, 100, 16, 106)]))
    logits, logs = answers(targets)
    right = loss_of(logits, logs, *batched(targets))
    assert float(right.total) == pytest.approx(0, abs=1e-3)
    blind = loss_of(torch.full_like(logits, -12.0), logs, *batched(targets))
    assert float(blind.people) > 5
    assert float(blind.balls) > 5
    wide = loss_of(logits, logs + 0.3, *batched(targets))
    assert float(wide.overlap) > 0.2
    assert float(wide.people) == float(right.people)


def test_an_empty_scene_has_a_loss():
    targets = targets_of(a_scene())
    loss = loss_of(torch.zeros(1, 2, 32, 32), torch.zeros(1, 4, 32, 32), *batched(targets))
    assert float(loss.people) > 0
    assert float(loss.overlap) == 0


def test_a_new_block_is_identity():
    x = torch.randn(1, 24, 9, 9)
    assert torch.equal(Block(24, dilation=2)(x), x)


def test_the_first_detectors_weights_see_what_the_first_detector_saw():
    net = Net()
    load_first(net, FIRST)
    picture = torch.from_numpy(np.random.default_rng(1).integers(0, 255, (1, 3, 128, 160)).astype(np.float32))
    session = onnxruntime.InferenceSession(str(FIRST), providers=["CPUExecutionProvider"])
    heat, sides = session.run(["hm", "wh"], {"x": picture.numpy()})
    with torch.inference_mode():
        own_heat, own_sides = Shipped(net)(picture)
    np.testing.assert_allclose(own_heat.numpy(), heat, atol=1e-4)
    np.testing.assert_allclose(own_sides.numpy(), sides, rtol=1e-3, atol=1e-3)


def test_the_model_file_answers_as_the_network_does_at_any_size(tmp_path):
    net = Net()
    load_first(net, FIRST)
    export(net, tmp_path / "eyes.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "eyes.onnx"), providers=["CPUExecutionProvider"])
    for height, width in ((64, 96), (160, 128)):
        picture = torch.from_numpy(np.random.default_rng(2).integers(0, 255, (1, 3, height, width)).astype(np.float32))
        heat, sides = session.run(["hm", "wh"], {"x": picture.numpy()})
        with torch.inference_mode():
            own_heat, own_sides = Shipped(net)(picture)
        assert heat.shape == (1, 2, height // STRIDE, width // STRIDE)
        np.testing.assert_allclose(heat, own_heat.numpy(), atol=1e-4)
        np.testing.assert_allclose(sides, own_sides.numpy(), rtol=1e-3, atol=1e-3)
    assert (tmp_path / "eyes.onnx").stat().st_size <= 4_000_000


def test_the_engine_opens_what_was_exported(tmp_path):
    net = Net()
    load_first(net, FIRST)
    export(net, tmp_path / "eyes.onnx")
    described = describe(net, state.Progress(seed=3, scenes=4800, config={"batch": 16}))
    (tmp_path / "eyes.json").write_text(json.dumps(described))
    detector = open_detector(tmp_path / "eyes.onnx", backend="onnxruntime")
    assert detector.model.parameters == parameters_of(net)
    assert detector.model.training is None or detector.model.training.scenes == 4800
    assert detector.detect(np.zeros((64, 64, 3), np.uint8)).boxes.shape == (0, 4)


def test_the_engine_sees_with_a_network_in_training_what_it_sees_with_its_model_file(tmp_path):
    net = Net()
    load_first(net, FIRST)
    export(net, tmp_path / "eyes.onnx")
    picture = cv2.GaussianBlur(np.random.default_rng(4).integers(0, 255, (128, 160, 3)).astype(np.uint8), (0, 0), 3)
    look = Look(0, 0, 160, 128, 1.0)
    seen = open_detector(tmp_path / "eyes.onnx", backend="onnxruntime", floor=0.01).search(picture, look)
    own = in_training(net, floor=0.01).search(picture, look)
    np.testing.assert_allclose(own.boxes, seen.boxes, atol=0.01)
    np.testing.assert_allclose(own.scores, seen.scores, atol=1e-4)
    assert len(seen.boxes)


def test_the_committed_state_is_small_and_comes_back(tmp_path):
    net, other = Net(), Net()
    load_first(net, FIRST)
    state.save_weights(net, state.Progress(seed=3, scenes=4800), tmp_path)
    assert (tmp_path / state.WEIGHTS).stat().st_size <= 2_000_000
    progress = state.load_weights(other, tmp_path)
    assert progress == state.Progress(seed=3, scenes=4800)
    for a, b in zip(net.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-3, atol=1e-4)


def test_a_local_state_older_than_the_committed_one_is_left_alone(tmp_path):
    net = Net()
    state.save_local(tmp_path, state.Progress(seed=3, scenes=100), net=net.state_dict())
    found = state.load_local(tmp_path)
    assert found is not None
    assert found[0].scenes == 100
    state.save_weights(net, state.Progress(seed=3, scenes=200), tmp_path)
    assert state.load_local(tmp_path) is None


def test_parameters_fit_the_committed_state():
    assert 2 * parameters_of(Net()) < 2_000_000
