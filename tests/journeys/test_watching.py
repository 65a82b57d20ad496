"""A run over HTTP: windows arrive while it works, a late listener gets the same once each, a stranger gets 404."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import httpx2
import pytest

from journeys.clips import cut
from journeys.processes import addresses_of, clean_environment, sign_up, touchline
from touchline.engine.synthetic import demo_clip, demo_profile

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "examples/03_watch_a_run.py"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("watching")
    data = folder / "data"
    with touchline("up", "--data", str(data), log=folder / "up.log") as process:
        at = addresses_of(process)
        with (
            sign_up(at, data / "mail") as coach,
            sign_up(at, data / "mail", "stranger@other.example") as stranger,
        ):
            yield coach, stranger, data


def test_windows_arrive_while_the_run_works(house, tmp_path):
    coach, stranger, _ = house
    match_id = coach.match()
    coach.profile(match_id, demo_profile()["points"])
    clip = cut(demo_clip(), tmp_path / "match.mp4", seconds=21)
    run_id = coach.upload(clip, match_id=match_id)

    early: list[dict] = []
    listener = threading.Thread(target=lambda: early.extend(coach.stream(run_id)))
    listener.start()
    at_first_window = None
    url = f"{coach.at.analysis}/api/analysis/{run_id}/segments/stream"
    with coach.http.stream("GET", url) as stream:
        for line in stream.iter_lines():
            if line.startswith("data: ") and json.loads(line[6:])["type"] == "segment":
                at_first_window = coach.status(run_id)["status"]
                break
    assert at_first_window == "PROCESSING"

    run = coach.ended(run_id)
    listener.join(60)
    assert run["status"] == "COMPLETED", run
    late = coach.stream(run_id)
    stored = coach.get(f"{coach.at.analysis}/api/analysis/{run_id}/segments")["segments"]
    ids = [segment["id"] for segment in stored]
    assert [message["id"] for message in early if message["type"] == "segment"] == ids
    assert [message["id"] for message in late if message["type"] == "segment"] == ids
    assert early[-1] == late[-1] == {"type": "done", "status": "COMPLETED", "analysis_id": run_id}

    team = stored[0]["analysis_json"]["team_a"]
    assert 5 <= team["defensive_line"] <= 65
    links = coach.get(f"{coach.at.analysis}/api/analysis/{run_id}/links")["links"]
    video = httpx2.get(links["tracking_video_path"], headers={"Range": "bytes=0-99"})
    assert video.status_code == 206
    assert video.content[4:8] == b"ftyp"

    outputs = run["outputs"]
    for url in (
        f"{coach.at.analysis}/api/analysis_status/{run_id}",
        f"{coach.at.analysis}/api/analysis/{run_id}/segments",
        f"{coach.at.analysis}/api/analysis/{run_id}/segments/stream",
        f"{coach.at.analysis}/api/analysis/{run_id}/links",
        f"{coach.at.analysis}/api/analysis/files?path={outputs['tracking_video_path']}",
        f"{coach.at.classic}/api/matches/{match_id}/alerts",
        f"{coach.at.classic}/api/matches/{match_id}",
    ):
        assert stranger.http.get(url).status_code == 404, url
        assert httpx2.get(url).status_code == 401, url


def test_the_watching_example_runs(house, tmp_path):
    coach, _, _ = house
    clip = cut(demo_clip(), tmp_path / "clip.mp4", seconds=6)
    done = subprocess.run(
        [sys.executable, EXAMPLE, coach.at.classic, coach.at.analysis, "coach@club.example", "long enough", clip],
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith("COMPLETED")
