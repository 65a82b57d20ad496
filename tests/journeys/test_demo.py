"""The main job as a person meets it: one command, real processes, real video."""

import json
import stat
import subprocess
import sys

from journeys.clips import cut
from journeys.processes import clean_environment
from touchline.engine.synthetic import demo_clip


def demo(*arguments, cwd, **environment):
    return subprocess.run(
        [sys.executable, "-m", "touchline", "demo", "--exit", *arguments],
        cwd=cwd,
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


def test_the_demo_completes_with_metres_and_an_alert_and_reuses_its_account(tmp_path):
    first = demo("--data", "data", cwd=tmp_path)
    assert first.returncode == 0, first.stdout + first.stderr
    assert first.stdout.rstrip().splitlines()[-1] == "COMPLETED"
    assert "ALERT [" in first.stdout
    assert " m from goal" in first.stdout

    folder = next((tmp_path / "data/outputs").iterdir())
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {
        "tracking_output.mp4",
        "tracking_results.json",
        "analytics/backline_analysis.mp4",
        "analytics/possession_analysis_results.json",
        "analytics/tactical_advisory.json",
        "analytics/tracking_animation.mp4",
        "heatmaps/heatmap_analysis.mp4",
    } <= names
    private = tmp_path / "data/certs/private.pem"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600

    clip = cut(demo_clip(), tmp_path / "my match.mp4", seconds=6)
    second = demo(str(clip), "--data", "data", cwd=tmp_path)
    assert second.returncode == 0, second.stdout + second.stderr
    assert second.stdout.rstrip().splitlines()[-1] == "COMPLETED"
    account = json.loads((tmp_path / "data/demo-account.json").read_text(encoding="utf-8"))
    assert account["password"] in first.stdout
    assert account["password"] in second.stdout
    assert len(list((tmp_path / "data/mail").glob("*.eml"))) == 1


def test_a_demo_on_something_that_is_no_video_fails_with_a_sentence(tmp_path):
    text = tmp_path / "notes.mp4"
    text.write_text("Line-up for Saturday: ...", encoding="utf-8")
    done = demo(str(text), "--data", "data", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.rstrip().splitlines()[-1] == "FAILED"
    assert "video" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
