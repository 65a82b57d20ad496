import json
import os
import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from bench import vision, vision_report, vision_worst
from bench.vision_figures import GATES, Figure, Gate, lines, missing, number, shown, with_gates

ABOUT = {
    "at": "2026-01-02T03:04:05Z",
    "commit": "0123456789ab",
    "hardware": {"processor": "A processor", "cores": 2, "machine": "x86_64"},
    "python": "3.11",
    "libraries": {"onnxruntime": "1.0"},
    "models": [{"name": "shipped", "files": [{"file": "a.onnx", "sha256": "f" * 64}], "megabytes": 1.5}],
    "datasets": [{"name": "labelled real frames", "pictures": 270, "sha256": "e" * 64}],
}
COLUMNS = ["shipped", "other"]


def figure(subject="shipped", value=0.9, *, measure="AP50 near", setting="1280", part="people", **more):
    return Figure(part, measure, setting, subject, value, "measured on 270 real frames", **more)


def row_of(page, measure):
    (row,) = [line for line in page.splitlines() if line.startswith(f"| {measure}")]
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_gates_are_kept_from_their_own_side():
    assert Gate(0.9).passes(0.9)
    assert not Gate(0.9).passes(0.899)
    assert Gate(100, is_least=False).passes(100)
    assert not Gate(100, is_least=False).passes(100.1)


def test_only_the_shipped_detector_has_gates():
    ours, theirs = with_gates([figure(value=0.89), figure("other", 0.89)], subject="shipped")
    assert (ours.verdict, theirs.verdict) == ("MISSED", "")
    assert with_gates([figure(value=None)], subject="shipped")[0].verdict == ""
    assert with_gates([figure(measure="AP50 all")], subject="shipped")[0].gate is None


def test_every_gate_belongs_to_a_setting_that_is_measured():
    assert {setting for _, _, setting in GATES} <= {"1280", "scale rule", "drawn", ""}


def test_figures_of_one_measure_stand_in_one_line():
    (first, second) = lines([figure(), figure(measure="AP50 all"), figure("other", 0.5)])
    assert (first.measure, second.measure) == ("AP50 near", "AP50 all")
    assert {name: one.value for name, one in first.by_subject.items()} == {"shipped": 0.9, "other": 0.5}


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.8554, "", ".855"),
        (1.0, "", "1.000"),
        (54.36, "ms", "54.4"),
        (393061, "parameters", "393,061"),
        (0, "", ".000"),
    ],
)
def test_numbers_are_shown_as_papers_show_them(value, unit, text):
    assert number(value, unit) == text


def test_a_value_without_measurement_is_a_dash_and_an_interval_stands_behind_its_value():
    assert shown(None) == shown(figure(value=None)) == "–"
    assert shown(figure(low=0.85, high=0.93)) == ".900 [.850–.930]"


def test_the_page_says_for_each_line_how_it_was_measured_and_whether_the_gate_is_met():
    figures = with_gates(
        [
            figure(value=0.91),
            figure("other", 0.5),
            missing("speed", "OpenVINO, one thread", "1280", "shipped", "openvino is not installed", unit="ms"),
        ],
        subject="shipped",
    )
    page = vision_report.page("", figures, COLUMNS, ABOUT)
    assert row_of(page, "AP50 near") == [
        "AP50 near", "1280", ".910", ".500", "≥ 0.9", "met", "measured on 270 real frames",
    ]  # fmt: skip
    assert row_of(page, "OpenVINO")[2:] == ["–", "≤ 50", "", "not measured: openvino is not installed"]
    assert "0123456789ab" in page
    assert "e" * 64 in page
    assert "A processor, 2 cores" in page
    assert page.startswith("# Benchmarks\n")


def test_writing_the_page_again_changes_only_the_generated_section():
    first = vision_report.page("", [figure()], COLUMNS, ABOUT) + "\n## Written by hand\n\nKept.\n"
    second = vision_report.page(first, [figure(value=0.5)], COLUMNS, ABOUT)
    assert second.count("### People") == 1
    assert row_of(second, "AP50 near")[2] == ".500"
    assert second.endswith("\n## Written by hand\n\nKept.\n")
    assert vision_report.page(second, [figure(value=0.5)], COLUMNS, ABOUT) == second


def test_a_page_that_is_there_already_keeps_its_words():
    page = vision_report.page("# Benchmarks\n\nEarlier words.\n", [figure()], COLUMNS, ABOUT)
    assert page.startswith("# Benchmarks\n\nEarlier words.\n")
    assert row_of(page, "AP50 near")[2] == ".900"


def test_json_holds_every_figure_with_its_gate(tmp_path):
    path = vision_report.write_json(with_gates([figure(value=0.91)], subject="shipped"), ABOUT, tmp_path / "out")
    told = json.loads(path.read_text("utf-8"))
    assert told["commit"] == "0123456789ab"
    (one,) = told["figures"]
    assert (one["value"], one["gate"], one["passed"], one["words"]) == (
        0.91, "≥ 0.9", True, "measured on 270 real frames",
    )  # fmt: skip


@pytest.fixture
def small_footage(tmp_path, monkeypatch):
    """Two frames of two matches with one labelled person each, on plain grass."""
    folder = tmp_path / "all/footage/players"
    (folder / "images").mkdir(parents=True)
    (folder / "labels").mkdir()
    for name in ("a_1", "b_1"):
        cv2.imwrite(str(folder / f"images/{name}.jpg"), np.full((360, 640, 3), (60, 140, 70), np.uint8))
        (folder / f"labels/{name}.txt").write_text("2 0.5 0.5 0.05 0.2\n")
    monkeypatch.setenv("TOUCHLINE_TEST_FOOTAGE", str(tmp_path / "all"))
    return tmp_path


def test_the_command_measures_the_shipped_detector_and_tells_missed_gates_by_its_status(small_footage, capsys):
    out = small_footage / "out"
    status = vision.main(["--only", "people", "--seen-at", "1280", "--shipped-only", "--out", str(out)])
    assert status == 1
    told = json.loads((out / "vision.json").read_text("utf-8"))
    by_measure = {one["measure"]: one for one in told["figures"] if one["part"] == "people"}
    # Nobody stands on the empty grass, so the labelled people are missed.
    assert by_measure["AP50 near"]["value"] == 0
    assert by_measure["AP50 near"]["passed"] is False
    assert by_measure["mean IoU of matched boxes"]["value"] is None
    assert [one["pictures"] for one in told["datasets"]] == [2]
    assert re.fullmatch(r"[0-9a-f]{64}", told["models"][0]["files"][0]["sha256"])
    assert "measured on 2 real frames" in " ".join(capsys.readouterr().out.split())


def test_without_footage_the_command_says_what_it_needs(tmp_path, monkeypatch):
    monkeypatch.delenv("TOUCHLINE_TEST_FOOTAGE", raising=False)
    assert vision.main(["--only", "people", "--seen-at", "1280", "--out", str(tmp_path)]) == 0
    told = json.loads((tmp_path / "vision.json").read_text("utf-8"))
    assert {one["words"] for one in told["figures"]} == {"not measured"}
    assert "TOUCHLINE_TEST_FOOTAGE" in told["figures"][0]["note"]


def test_a_partial_run_does_not_write_the_page(capsys):
    with pytest.raises(SystemExit):
        vision.main(["--only", "speed", "--write-docs"])
    assert "leave --only" in capsys.readouterr().err


def test_worst_frames_are_drawn_outside_the_repository_only(small_footage, capsys):
    inside = Path(vision_worst.ROOT) / "bench-out/worst"
    with pytest.raises(SystemExit):
        vision_worst.main(["--out", str(inside)])
    assert "outside the repository" in capsys.readouterr().err
    assert not inside.exists()
    assert vision_worst.main(["--out", str(small_footage / "worst"), "--count", "1"]) == 0
    assert [path.name for path in (small_footage / "worst").iterdir()] == ["01-a_1.png"]


needs_models = pytest.mark.skipif(
    not Path(os.environ.get("TOUCHLINE_TEST_FOOTAGE", "-"), "models/syn.onnx").is_file(),
    reason="TOUCHLINE_TEST_FOOTAGE names no folder with models and footage/players",
)


@needs_models
def test_a_file_that_is_measured_already_is_not_measured_twice(tmp_path):
    model = Path(os.environ["TOUCHLINE_TEST_FOOTAGE"]) / "models/syn-first.onnx"
    subjects = vision.opened([("again", model)])
    assert [subject.name for subject in subjects].count("again") == 0
    assert subjects[0].name == "shipped"
    assert subjects[-1].name == "shipped + NanoDet-g"
