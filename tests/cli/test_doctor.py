"""What the doctor tells of detectors: their cards, their licences, and what is wrong with one."""

import json
import os
import re
import subprocess
import sys

from engine.stages import networks
from journeys.processes import clean_environment
from touchline.engine.weights import load_model


def doctor(cwd, **environment):
    done = subprocess.run(
        [sys.executable, "-m", "touchline", "doctor", "--data", "data"],
        cwd=cwd,
        env=clean_environment(COLUMNS="100", **environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    # The console breaks long lines where they happen to end.
    return done.returncode, " ".join(re.sub(r"\x1b\[[0-9;]*m", "", done.stdout).split()), done.stdout


def test_the_card_of_the_shipped_detector(tmp_path):
    status, text, _ = doctor(tmp_path)
    model = load_model()
    assert status == 0
    for part in (
        f"ok detector: {model.name}",
        f"layout {model.layout}",
        model.sha256,
        f"licence {model.licence}",
        model.origin,
    ):
        assert part in text
    assert "second detector" not in text


def test_both_detectors_have_a_card_and_the_agpl_is_a_note(tmp_path):
    first = networks.yolov8(tmp_path / "first.onnx", notes={"license": "AGPL-3.0"})
    second = networks.detr(tmp_path / "second.onnx")
    (tmp_path / "second.json").write_text(json.dumps({"name": "other", "licence": "MIT"}), encoding="utf-8")
    status, text, raw = doctor(tmp_path, TOUCHLINE_DETECTOR=str(first), TOUCHLINE_DETECTOR_SECOND=str(second))
    assert status == 0, raw
    assert "ok detector: first" in text
    assert "ok second detector: other" in text
    assert "note detector's licence: AGPL-3.0 (its own note) → This model is under the AGPL" in text
    assert "figures: not measured" in text


def test_a_detector_that_cannot_be_read_is_wrong_and_says_what_to_do(tmp_path):
    made = networks.silent(tmp_path / "odd.onnx", (1, 3, 3))
    status, text, _ = doctor(tmp_path, TOUCHLINE_DETECTOR=str(made))
    assert status == 1
    assert "wrong detector: The model odd.onnx answers" in text
    assert "Correct TOUCHLINE_DETECTOR, or describe the model" in text


def test_a_missing_second_detector_is_wrong(tmp_path):
    status, text, _ = doctor(tmp_path, TOUCHLINE_DETECTOR_SECOND=os.fspath(tmp_path / "gone.onnx"))
    assert status == 1
    assert "gone.onnx is missing" in text
    assert "Correct TOUCHLINE_DETECTOR_SECOND" in text
