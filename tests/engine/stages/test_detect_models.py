"""Models of one's own: descriptions beside them, what their files say, and what is refused, in words."""

import json
import logging
import shutil
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto

from engine.stages import networks
from engine.stages.networks import Fed, Graph, picture_input
from engine.stages.test_layouts import SIZES, check, scene
from touchline.engine.errors import ModelMismatchError
from touchline.engine.stages.detect import model_card, open_detector
from touchline.engine.stages.detect.onnx_file import read_onnx
from touchline.engine.weights import MODELS_FOLDER, Classes, load_model

open_plain = partial(open_detector, backend="onnxruntime")
FOOTBALL = {0: "ball", 1: "goalkeeper", 2: "player", 3: "referee"}
AGPL = {
    "description": "Ultralytics YOLO11n model", "author": "Ultralytics", "task": "detect",
    "license": "AGPL-3.0 License (https://ultralytics.com/license)", "names": "{0: 'person', 1: 'sports ball'}",
}  # fmt: skip


def small():
    """The bytes of a small whole model."""
    with tempfile.TemporaryDirectory() as folder:
        return networks.end_to_end(Path(folder) / "m.onnx", notes=AGPL).read_bytes()


SMALL = small()


def described(path, **entries):
    path.with_suffix(".json").write_text(json.dumps(entries), encoding="utf-8")
    return path


# --- how a picture is fed


def test_a_description_says_how_the_picture_is_fed(tmp_path):
    fed = Fed("BGR", 255.0, (103.5, 116.3, 123.7), (57.4, 57.1, 58.4))
    made = networks.yolov8(tmp_path / "mine.onnx", fed=fed)
    described(made, input={"order": "BGR", "scale": 255, "mean": list(fed.mean), "std": list(fed.std)})
    check(open_plain(made), SIZES["wide"])


@pytest.mark.parametrize("place", ["top-left", "centre", "stretch"])
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_boxes_come_back_from_wherever_the_picture_lies(place, size, tmp_path):
    made = described(networks.detr(tmp_path / "mine.onnx", size=(640, 512)), input={"place": place, "pad": 200})
    check(open_plain(made), size)


def test_a_network_of_free_sizes_may_be_held_to_one(tmp_path):
    made = described(networks.centre_heatmap(tmp_path / "mine.onnx"), input={"size": [704, 416]})
    detector = open_plain(made)
    check(detector, SIZES["large"])
    assert detector.look.scale == pytest.approx(704 / 1920)


def test_a_network_in_half_precision_is_fed_in_half_precision(tmp_path):
    made = networks.yolov8(tmp_path / "half.onnx", kind=TensorProto.FLOAT16)
    image, person, _ = scene((600, 600))
    assert np.abs(open_plain(made).detect(image).boxes[0] - person).max() <= 1.0  # 11 bits of fraction: 0.25 at 600


# --- which classes are people and the ball


def test_class_names_in_the_file_tell_people_and_ball(tmp_path):
    made = networks.yolov8(tmp_path / "m.onnx", count=4, classes=(3, 0), notes={"names": str(FOOTBALL)})
    detector = open_plain(made)
    assert detector.reading.classes == Classes((1, 2, 3), 0)
    check(detector, SIZES["wide"])


@pytest.mark.parametrize("names", [{0: "ball", 5: "person"}, {0: "ball", -1: "person"}])
def test_class_names_beyond_the_models_classes_do_not_count(names, tmp_path):
    made = networks.yolov8(tmp_path / "m.onnx", count=2, classes=(0, 1), notes={"names": str(names)})
    detector = open_plain(made)
    assert detector.reading.classes == Classes((0,), 1)
    check(detector, SIZES["wide"])


def test_a_description_names_the_classes(tmp_path):
    made = networks.yolox(tmp_path / "m.onnx", count=7, classes=(4, 6))
    with pytest.raises(ModelMismatchError, match=r"7 classes apart.*m\.json"):
        open_plain(made)
    check(open_plain(described(made, classes={"person": [2, 4], "ball": 6})), SIZES["wide"])


def test_a_detector_of_people_alone_finds_no_ball(tmp_path):
    rows = [(320.0, 320.0, 40.0, 90.0, 0.9)]
    found = open_plain(networks.constant_rows(tmp_path / "m.onnx", rows)).detect(np.zeros((640, 640, 3), np.uint8))
    assert len(found.boxes) == 1
    assert len(found.ball_boxes) == 0


def test_labels_of_a_deployed_network_follow_its_description(tmp_path):
    made = described(networks.detr_deployed(tmp_path / "m.onnx", classes=(5, 2)), classes={"person": 5, "ball": 2})
    check(open_plain(made), SIZES["odd"])


def test_rows_with_class_names_follow_them(tmp_path):
    made = networks.end_to_end(tmp_path / "m.onnx", classes=(2, 0), notes={"names": str(FOOTBALL)})
    check(open_plain(made), SIZES["odd"])


def test_three_classes_do_not_swap_boxes_and_scores(tmp_path):
    """With three classes and a background both outputs have four columns; their names tell."""
    made = networks.detr(tmp_path / "m.onnx", count=4, classes=(0, 1), names=("labels", "dets"))
    check(open_plain(described(made, classes={"person": 0, "ball": 1})), SIZES["wide"])


# --- scores


def test_an_unknown_models_scores_are_the_contracts(tmp_path):
    rows = [(100.0, 100.0, 40.0, 90.0, 0.62, 0.0), (400.0, 400.0, 12.0, 12.0, 0.0, 0.41)]
    found = open_plain(networks.constant_rows(tmp_path / "m.onnx", rows)).detect(np.zeros((640, 640, 3), np.uint8))
    assert found.scores == pytest.approx([0.62])
    assert found.ball_scores == pytest.approx([0.41])


def test_measured_operating_points_become_the_contracts_defaults(tmp_path):
    rows = [(100.0, 100.0, 40.0, 90.0, 0.2, 0.0), (400.0, 400.0, 12.0, 12.0, 0.0, 0.1)]
    made = described(networks.constant_rows(tmp_path / "m.onnx", rows), operating_points={"person": 0.2, "ball": 0.1})
    found = open_plain(made).detect(np.zeros((640, 640, 3), np.uint8))
    assert found.scores == pytest.approx([0.5])
    assert found.ball_scores == pytest.approx([0.3])


# --- what is refused


def test_outputs_that_fit_nothing_are_named_beside_what_fits(tmp_path):
    made = networks.silent(tmp_path / "m.onnx", (1, 12, 7, 7), name="maps")
    with pytest.raises(ModelMismatchError) as refused:
        open_plain(made)
    for part in ("m.onnx", "maps (1, 12, 7, 7)", "yolox", "(1, 4 + classes, cells)", "hm (1, 2, H/4, W/4)", "detr"):
        assert part in str(refused.value)


@pytest.mark.parametrize("shape", [(1, 25200, 85), (1, 84, 8500), (1, 300, 5), (1, 8400, 5), (2, 84, 8400)])
def test_a_shape_of_another_family_is_not_mistaken_for_a_known_one(shape, tmp_path):
    with pytest.raises(ModelMismatchError, match="this version reads"):
        open_plain(networks.silent(tmp_path / "m.onnx", shape))


def test_a_layout_that_the_outputs_contradict_is_refused(tmp_path):
    made = described(networks.yolov8(tmp_path / "m.onnx"), layout="yolox")
    with pytest.raises(ModelMismatchError, match=r"output0 \(1, 84, 8400\); its description says yolox"):
        open_plain(made)


def test_a_named_layout_settles_what_the_shape_leaves_open(tmp_path):
    """46 columns are NanoDet's two classes with eleven bins, or YOLOX's 41 classes."""
    made = networks.yolox(tmp_path / "m.onnx", count=41, classes=(3, 40))
    assert open_plain(made).reading.layout.name == "nanodet"
    detector = open_plain(described(made, layout="yolox", classes={"person": 3, "ball": 40}))
    check(detector, SIZES["wide"])


def test_a_nanodet_of_other_classes_is_read_when_it_is_named(tmp_path):
    made = networks.nanodet(tmp_path / "m.onnx", count=4, bins=8, classes=(2, 0), fed=Fed())
    described(
        made, layout="nanodet", classes={"person": [1, 2, 3], "ball": 0},
        input={"mean": [0, 0, 0], "std": [1, 1, 1]},
    )  # fmt: skip
    check(open_plain(made), SIZES["wide"])


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ([("x", TensorProto.FLOAT, [1, 640, 640, 3])], r"colour planes first"),
        ([picture_input((640, 640), TensorProto.UINT8)], r"floating-point pictures"),
        ([picture_input((640, 640), batch=8)], r"8 pictures at a time"),
        ([picture_input((640, 640)), ("scale_factor", TensorProto.FLOAT, [1, 2])], r"scale_factor \(1, 2\) float32"),
    ],
)
def test_an_input_that_cannot_be_fed_is_refused_in_words(inputs, words, tmp_path):
    g = Graph()
    g.named(g.const(np.zeros((1, 84, 8400))), "output0")
    made = g.save(tmp_path / "m.onnx", inputs=inputs, outputs=[("output0", TensorProto.FLOAT, [1, 84, 8400])])
    with pytest.raises(ModelMismatchError, match=words):
        open_plain(made)


def test_a_size_that_the_model_does_not_take_is_refused(tmp_path):
    made = described(networks.yolov8(tmp_path / "m.onnx"), input={"size": [1280, 736]})
    with pytest.raises(
        ModelMismatchError, match="says that its input is 1280×736 pixels; the model takes 640×640 only"
    ):
        open_plain(made)


@pytest.mark.parametrize("content", [b"", b"no model at all", b"\x08\x07\x3a\x05abc", b"\xff" * 64])
def test_a_file_that_is_no_model_is_refused(content, tmp_path):
    file = tmp_path / "m.onnx"
    file.write_bytes(content)
    with pytest.raises(ModelMismatchError, match=r"m\.onnx is not an ONNX model"):
        open_plain(file)


@given(data=st.data())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_damaged_file_is_read_or_refused_but_never_breaks(data, tmp_path_factory):
    content = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    file = tmp_path_factory.getbasetemp() / "damaged.onnx"
    file.write_bytes(bytes(content))
    try:
        told = read_onnx(file)
    except ModelMismatchError as refused:
        assert "damaged.onnx is not an ONNX model" in str(refused)  # noqa: PT017 - either is right
    else:
        assert told.inputs


def test_a_model_that_was_cut_off_is_refused(tmp_path):
    whole = load_model().path.read_bytes()
    file = tmp_path / "m.onnx"
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelMismatchError, match="not an ONNX model"):
        open_plain(file)


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"layuot": "yolox"}, "“layuot” is not known; entries are"),
        ({"layout": "ssd"}, "names the layout ssd; this version reads centre-heatmap, yolox"),
        ({"classes": {"ball": 1}}, "“person” is missing"),
        ({"classes": {"person": 0, "ball": 0}}, "another class than those of people"),
        ({"classes": {"person": [0, -1]}}, "index of a class"),
        ({"classes": {"person": 80}}, "names the class 80; the model has 80, counted from 0"),
        ({"classes": [0, 1]}, "must be an object"),
        ({"input": {"order": "GBR"}}, "BGR or RGB"),
        ({"input": {"scale": [255]}}, "255 or 1"),
        ({"input": {"std": [1, 0, 1]}}, "three numbers above 0"),
        ({"input": {"place": "left"}}, "top-left or centre or stretch"),
        ({"input": {"size": [640]}}, "width and height in pixels"),
        ({"operating_points": {"person": 50}}, "a raw score between 0 and 1"),
        ({"parameters": -1}, "a whole number"),
        ({"licence": ""}, "a text"),
        ({"figures": [{"name": "AP50", "value": 0.9, "words": "very good"}]}, "“measured on …” beside a number"),
        (
            {"figures": [{"name": "AP50", "value": None, "words": "measured on nothing"}]},
            "“not measured …” beside null",
        ),
        ({"training": {"commit": "main", "seeds": [1], "scenes": 1, "configuration": {}}}, "hexadecimal digits"),
        (
            {"training": {"commit": "0123abc", "seeds": "1", "scenes": 1, "configuration": {}}},
            "a list of whole numbers",
        ),
        ({"person_height_px": {"least": 40, "good": 36, "most": 300}}, "between “least” and “most”"),
    ],
)
def test_a_wrong_entry_of_a_description_is_told_with_what_it_must_be(entries, words, tmp_path):
    made = described(networks.yolov8(tmp_path / "m.onnx"), **entries)
    with pytest.raises(ModelMismatchError) as refused:
        open_plain(made)
    assert words in str(refused.value)
    assert "m.onnx" in str(refused.value)


@pytest.mark.parametrize("content", ["{", "[]", '{"name": 1e999}', '"text"'])
def test_a_description_that_is_no_json_object_is_refused(content, tmp_path):
    made = networks.yolov8(tmp_path / "m.onnx")
    (tmp_path / "m.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelMismatchError, match="description"):
        open_plain(made)


# --- licences and cards


def test_a_model_under_the_agpl_works_and_is_warned_of_once(tmp_path, caplog):
    made = networks.yolov8(tmp_path / "m.onnx", count=2, classes=(0, 1), notes=AGPL)
    with caplog.at_level(logging.WARNING):
        detector = open_plain(made)
        check(detector, SIZES["wide"])
        check(detector, SIZES["wide"])
    assert [record.name.rpartition(".")[2] for record in caplog.records] == ["detector"]
    assert "AGPL" in caplog.text
    card = model_card(made)
    assert "AGPL" in card.warning
    assert "licence AGPL-3.0 License (https://ultralytics.com/license) (its own note)" in card.lines()


@pytest.mark.parametrize(
    ("notes", "entries", "is_warned"),
    [
        ({"author": "Ultralytics"}, {}, True),
        ({}, {"licence": "AGPL-3.0-only"}, True),
        ({}, {"licence": "GNU Affero General Public License"}, True),
        # Whoever bought another licence says so in the description.
        (AGPL, {"licence": "Ultralytics Enterprise"}, False),
        ({}, {"licence": "Apache-2.0"}, False),
        ({}, {}, False),
    ],
)
def test_the_licence_is_the_descriptions_else_the_files_else_unknown(notes, entries, is_warned, tmp_path):
    made = described(networks.yolov8(tmp_path / "m.onnx", notes=notes or None), **entries)
    card = model_card(made)
    assert bool(card.warning) is is_warned
    if not notes and not entries:
        assert card.licence == "unknown"


def test_the_card_tells_everything_that_is_known(tmp_path):
    made = described(
        networks.yolov8(tmp_path / "m.onnx"),
        name="club", version="3", licence="MIT", origin="our own", trained_on="2,000 frames of our matches",
        operating_points={"person": 0.4}, parameters=1_234_567,
        person_height_px={"least": 20, "good": 36, "most": 330},
        training={"commit": "0123abc", "seeds": [7, 8], "scenes": 200_000, "configuration": {"width": 48}},
        figures=[
            {"name": "AP50", "value": 0.912, "unit": "", "words": "measured on 270 real frames"},
            {"name": "ball recall", "value": None, "unit": "", "words": "not measured: no ball was labelled"},
        ],
    )  # fmt: skip
    card = model_card(made)
    text = "\n".join(card.lines())
    for part in (
        "layout yolov8", "input 640×640 only; RGB 0..1, centre", "people 0, ball 32", "0.4 people, 0.3 ball",
        "1,234,567 parameters", card.model.sha256, "licence MIT", "origin: our own", "2,000 frames of our matches",
        "20 to 330 px", "commit 0123abc, seeds 7, 8, 200,000 scenes", "AP50 0.912, measured on 270 real frames",
        "ball recall: not measured: no ball was labelled",
    ):  # fmt: skip
        assert part in text
    assert card.model.training.configuration == {"width": 48}


def test_the_card_of_the_shipped_model_is_that_of_its_manifest():
    card, model = model_card(), load_model()
    assert card.model == model
    assert card.model.is_shipped
    assert card.licence == "Apache-2.0"
    assert card.warning == ""
    assert card.size_bytes == model.path.stat().st_size


def test_weights_are_counted_in_the_file(tmp_path):
    g = Graph()
    zero = g.op("Mul", g.op("ReduceMax", "x", keepdims=0), g.const(0.0))
    # 1 + 84·8400 floats are weights, the shape and the index of the nodes are not.
    shaped = g.op("Reshape", g.const(np.zeros((84, 8400))), g.ints(1, 84, 8400))
    g.named(g.op("Add", shaped, zero), "output0")
    made = g.save(
        tmp_path / "m.onnx",
        inputs=[picture_input((640, 640))],
        outputs=[("output0", TensorProto.FLOAT, [1, 84, 8400])],
    )
    card = model_card(made)
    assert card.parameters == 1 + 84 * 8400
    assert card.lines()[-1] == "figures: not measured"


def test_a_description_wins_over_the_manifest_for_a_copy_of_a_known_model(tmp_path):
    copy = tmp_path / "mine.onnx"
    shutil.copy(load_model().path, copy)
    described(copy, name="mine", operating_points={"person": 0.2, "ball": 0.2})
    model = load_model(copy)
    assert (model.name, model.person_threshold, model.licence) == ("mine", 0.2, "Apache-2.0")


def test_a_description_beside_the_shipped_model_changes_nothing(tmp_path):
    folder = tmp_path / "models"
    shutil.copytree(MODELS_FOLDER, folder)
    described(folder / load_model().path.name, name="other")
    assert load_model(models_folder=folder).name == load_model().name


def test_a_manifest_that_cannot_be_read_is_told(tmp_path):
    folder = tmp_path / "models"
    shutil.copytree(MODELS_FOLDER, folder)
    (folder / "manifest.json").write_text('{"models": {}}', encoding="utf-8")
    with pytest.raises(ModelMismatchError, match="manifest"):
        load_model(models_folder=folder)
