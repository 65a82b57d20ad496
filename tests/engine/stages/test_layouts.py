"""Every layout through the public door: tiny networks that see, on pictures of many shapes."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest

from engine.stages import networks
from engine.stages.networks import Fed
from touchline.engine.stages.detect import open_detector

IMAGENET = Fed("RGB", 1.0, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
NANODET = Fed(mean=(103.53, 116.28, 123.675), std=(57.375, 57.12, 58.395))


@dataclass(frozen=True)
class Case:
    """A family's export and the layout it must be recognised as."""

    layout: str
    make: partial


CASES = {
    "our own": Case("centre-heatmap", partial(networks.centre_heatmap)),
    "our own, one size": Case("centre-heatmap", partial(networks.centre_heatmap, size=(640, 384))),
    "yolox": Case("yolox", partial(networks.yolox)),
    "yolox, wide": Case("yolox", partial(networks.yolox, size=(960, 544))),
    "yolox decoded": Case("yolox", partial(networks.yolox, is_decoded=True)),
    "yolox, two classes": Case("yolox", partial(networks.yolox, count=2, classes=(0, 1))),
    "yolov8": Case("yolov8", partial(networks.yolov8)),
    "yolov8, tall": Case("yolov8", partial(networks.yolov8, size=(416, 672))),
    "yolo11, two classes": Case("yolov8", partial(networks.yolov8, count=2, classes=(0, 1))),
    "nanodet": Case("nanodet", partial(networks.nanodet)),
    "nanodet-plus": Case(
        "nanodet",
        partial(networks.nanodet, count=80, bins=8, strides=(8, 16, 32, 64), classes=(0, 32), fed=NANODET),
    ),
    "rt-detr of transformers": Case("detr", partial(networks.detr)),
    "rt-detr, probabilities": Case("detr", partial(networks.detr, names=("scores", "boxes"), is_logit=False)),
    "rt-detr in one output": Case("detr", partial(networks.detr, names=("output0",), is_logit=False)),
    "rf-detr": Case(
        "detr", partial(networks.detr, size=(576, 576), count=91, classes=(1, 37), names=("labels", "dets"), fed=IMAGENET)
    ),
    "d-fine deployed": Case("detr-deployed", partial(networks.detr_deployed)),
    "d-fine deployed, wide": Case("detr-deployed", partial(networks.detr_deployed, size=(960, 544))),
    "yolo26": Case("end-to-end", partial(networks.end_to_end)),
}  # fmt: skip
SIZES = {"square": (600, 600), "wide": (1280, 720), "large": (1920, 1080), "odd": (853, 479), "portrait": (431, 777)}


def scene(size):
    """A picture with a red person and a blue ball, and their boxes."""
    width, height = size
    image, side = np.zeros((height, width, 3), np.uint8), max(23, width // 40)
    person = [round(0.31 * width), round(0.27 * height), round(0.31 * width) + 61, round(0.27 * height) + 147]
    ball = [round(0.73 * width), round(0.68 * height), round(0.73 * width) + side, round(0.68 * height) + side]
    for (x0, y0, x1, y1), color in ((person, (0, 0, 255)), (ball, (255, 0, 0))):
        image[y0:y1, x0:x1] = color
    return image, np.array(person), np.array(ball)


def check(detector, size):
    image, person, ball = scene(size)
    found = detector.detect(image)
    assert found.boxes.shape == (1, 4)
    assert np.abs(found.boxes[0] - person).max() <= 0.5
    assert found.scores[0] == pytest.approx(networks.PERSON_SCORE, abs=0.01)
    assert found.ball_boxes.shape == (1, 4)
    assert found.ball_scores[0] == pytest.approx(networks.BALL_SCORE, abs=0.01)
    middle, true_middle = (found.ball_boxes[0, :2] + found.ball_boxes[0, 2:]) / 2, (ball[:2] + ball[2:]) / 2
    assert np.abs(middle - true_middle).max() <= 0.5
    if detector.reading.layout.has_ball_size:
        assert np.abs(found.ball_boxes[0] - ball).max() <= 0.5


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_layout_is_recognised_and_read_to_half_a_pixel(case, size, tmp_path):
    detector = open_detector(case.make(tmp_path / "model.onnx"), backend="onnxruntime")
    assert detector.reading.layout.name == case.layout
    check(detector, size)


@pytest.mark.openvino
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_openvino_reads_the_same(case, tmp_path):
    detector = open_detector(case.make(tmp_path / "model.onnx"), backend="openvino")
    check(detector, SIZES["wide"])


@pytest.mark.parametrize("layout", ["yolox", "yolov8", "detr"])
def test_a_second_look_at_the_ball_comes_back_in_source_pixels(layout, tmp_path):
    made = {"yolox": networks.yolox, "yolov8": networks.yolov8, "detr": networks.detr}[layout](tmp_path / "model.onnx")
    image, _, ball = scene((1280, 720))
    boxes, scores = open_detector(made, backend="onnxruntime").ball_near(
        image, (float(ball[0]) + 50, float(ball[1]) - 40)
    )
    assert np.abs(boxes[0] - ball).max() <= 0.5
    assert scores[0] == pytest.approx(networks.BALL_SCORE, abs=0.01)


def test_only_the_part_that_matters_is_searched_and_comes_back_in_source_pixels(tmp_path):
    detector = open_detector(networks.yolov8(tmp_path / "model.onnx"), backend="onnxruntime")
    image, person, _ = scene((1920, 1080))
    x0, y0, x1, y1 = person
    detector.focus((x0 - 90.0, y0 - 70.0, x1 + 120.0, y1 + 30.0))
    found = detector.detect(image)
    assert np.abs(found.boxes[0] - person).max() <= 0.5
    # The whole input is there for the part: it is enlarged until it fills one side.
    assert detector.look.scale == pytest.approx(640 / (61 + 90 + 120))
    assert len(found.ball_boxes) == 0


def test_what_is_found_beside_the_picture_is_dropped(tmp_path):
    """A wide picture leaves half of a square input empty; a network may still see somebody there."""
    made = networks.constant_rows(
        tmp_path / "model.onnx", [(300.0, 100.0, 40.0, 90.0, 0.9, 0.0), (300.0, 600.0, 40.0, 90.0, 0.9, 0.0)]
    )
    (tmp_path / "model.json").write_text('{"input": {"place": "top-left"}}', encoding="utf-8")
    found = open_detector(made, backend="onnxruntime").detect(np.zeros((360, 1280, 3), np.uint8))
    assert found.boxes.round().tolist() == [[560, 110, 640, 290]]
