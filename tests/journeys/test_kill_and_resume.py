"""Kill -9 of the whole process in the middle of a run: after the next start it ends by itself, once."""

import contextlib
import sqlite3

import httpx2

from journeys.processes import Coach, addresses_of, sign_up, touchline, wait_for
from touchline.engine.synthetic import demo_clip, demo_profile


def test_a_killed_run_goes_on_by_itself_and_nothing_is_doubled_or_lost(tmp_path):
    data = tmp_path / "data"
    with (
        touchline("up", "--data", str(data), log=tmp_path / "first.log") as process,
        sign_up(addresses_of(process), data / "mail") as coach,
    ):
        match_id = coach.match()
        coach.profile(match_id, demo_profile()["points"])
        run_id = coach.upload(demo_clip(), match_id=match_id)
        segments_url = f"{coach.at.analysis}/api/analysis/{run_id}/segments"
        wait_for("the first window", lambda: coach.get(segments_url)["count"] > 0)
        assert coach.status(run_id)["status"] == "PROCESSING"
        process.kill()
        token = coach.http.headers["Authorization"]

    with (
        touchline("up", "--data", str(data), log=tmp_path / "second.log") as process,
        httpx2.Client(timeout=60, headers={"Authorization": token}) as http,
    ):
        coach = Coach(http, addresses_of(process))
        run = coach.ended(run_id)
        assert run["status"] == "COMPLETED", run
        segments = coach.get(f"{coach.at.analysis}/api/analysis/{run_id}/segments")["segments"]
        alerts = coach.get(f"{coach.at.classic}/api/matches/{match_id}/alerts")
        history = coach.get(f"{coach.at.analysis}/api/analysis_history")
        messages = coach.stream(run_id)

    indexes = [segment["segment_index"] for segment in segments]
    assert indexes == list(range(len(indexes)))
    assert len(indexes) >= 3
    assert len({alert["alert_id"] for alert in alerts}) == len(alerts) >= 1
    assert [entry["analysis_id"] for entry in history] == [run_id]
    assert [m["segment_index"] for m in messages if m["type"] == "segment"] == indexes
    assert messages[-1]["type"] == "done"

    folders = [path.name for path in (data / "outputs").iterdir()]
    assert len(folders) == 1
    left_over = [path for path in data.rglob("*") if ".attempt" in path.name or path.suffix == ".part"]
    assert left_over == []
    with contextlib.closing(sqlite3.connect(data / "touchline.db")) as db:
        (attempt,) = db.execute("SELECT attempt FROM analysis_runs").fetchone()
        attempts = {row[0] for row in db.execute("SELECT attempt FROM analysis_segments")}
    assert attempt == 2
    assert attempts == {2}
