"""`touchline analyse` in this process: what it prints and leaves behind when things do not go as planned."""

import csv
import json

import pytest
from typer.testing import CliRunner

from touchline.cli.main import app
from touchline.engine import run
from touchline.engine.synthetic.demo import demo_clip, demo_profile
from touchline.football.updates import Progress, SegmentDone


def analyse(*arguments, out):
    return CliRunner().invoke(app, ["analyse", str(demo_clip()), "--out", str(out), *arguments])


def written(path, content):
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def test_a_refused_calibration_is_told_at_the_end_with_its_reason(tmp_path):
    three = written(tmp_path / "three.json", demo_profile()["points"][:3])
    done = analyse("--calibration", three, "--end", "1", "--no-render", out=tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "at least 4 points, 3 were given" in done.stdout


def test_the_ball_is_told_for_every_analysed_frame(tmp_path):
    done = analyse("--end", "3", "--no-render", out=tmp_path)
    assert done.exit_code == 0, done.output
    with (tmp_path / "ball.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert len(rows) == summary["analysed_frames"] == 15
    for state, frames in summary["ball_frames"].items():
        assert sum(row["state"] == state for row in rows) == frames
    assert all((row["x_px"] == "") == (row["state"] == "unknown") for row in rows)
    # No points were given: a ball that is seen has no metres, and the reason says so.
    assert {row["x_m"] for row in rows} == {""}
    assert all(row["reason"] for row in rows)


@pytest.mark.parametrize("content", [[], {"label": "main", "calibration": []}], ids=["list", "camera"])
def test_a_calibration_without_points_is_refused_at_once(content, tmp_path):
    done = analyse("--calibration", written(tmp_path / "none.json", content), out=tmp_path / "out")
    assert done.exit_code == 2
    assert "holds no points" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "content",
    [
        {"calibration": [{"u": 1, "v": 1, "x": 1}]},
        {"calibration": [{"u": 1, "v": 1, "x": 1, "y": None}]},
        {"calibration": demo_profile()["points"], "picture_width": "wide", "picture_height": 720},
        {"calibration": demo_profile()["points"], "picture_width": 1280, "picture_height": -720},
        {"calibration": demo_profile()["points"], "roi": "everywhere"},
        "points",
    ],
    ids=["no y", "null", "width as text", "negative height", "zones as text", "text"],
)
def test_a_calibration_file_of_another_shape_is_refused_at_once(content, tmp_path):
    done = analyse("--calibration", written(tmp_path / "odd.json", content), out=tmp_path / "out")
    assert done.exit_code == 2
    assert "must hold an array of points" in done.stderr


def test_a_synthetic_match_that_has_no_place_to_go_says_so(tmp_path):
    (tmp_path / "taken").touch()
    done = CliRunner().invoke(app, ["synthetic", "--seconds", "1", "--out", str(tmp_path / "taken")])
    assert done.exit_code == 2
    assert "--out" in done.stderr


@pytest.mark.parametrize("name", ["taken", "taken/below"])
def test_an_output_folder_that_cannot_be_made_is_said_in_a_sentence(name, tmp_path):
    (tmp_path / "taken").touch()
    done = analyse("--end", "1", "--no-render", out=tmp_path / name)
    assert done.exit_code == 2
    assert "--out" in done.stderr
    assert not isinstance(done.exception, OSError)


def test_a_stopped_analysis_says_so_and_keeps_the_windows_that_were_finished(tmp_path, monkeypatch):
    closed = []

    def stopped(*_, **__):
        try:
            yield Progress(0.1, "Analysing")
            yield SegmentDone(0, 0.0, 10.0, 0.0, {"team_a": {}, "team_b": {}}, None, 0.0, "LOW", "EMPTY")
            raise KeyboardInterrupt
        finally:
            closed.append(True)

    monkeypatch.setattr(run, "analyse", stopped)
    tables = [tmp_path / "tracks.csv", tmp_path / "ball.csv"]
    for table in tables:
        table.write_text("of an earlier analysis", encoding="utf-8")
    done = analyse(out=tmp_path)
    assert done.exit_code == 130
    assert "Stopped before the end" in done.stderr
    assert closed
    assert len((tmp_path / "segments.jsonl").read_text(encoding="utf-8").splitlines()) == 1
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert (summary["status"], summary["segments"], summary["files"]) == ("FAILED", 1, {})
    assert not any(table.exists() for table in tables)
