"""The room's statements on every kind of database: one walk through each service."""

import pytest

from features.analysis.conftest import MP4
from touchline.features.analysis.service import RunService

pytestmark = pytest.mark.anyio


async def test_a_run_is_started_seen_cancelled_tried_again_and_deleted(room_anywhere):
    room = room_anywhere
    coach, derby = room.by("coach"), room.match["derby"]
    await coach.post(
        "/api/tracking-profiles",
        json={"name": "stand", "match_id": derby, "engine_settings": {"max_lost_frames": 40}, "cameras": [{}, {}]},
    )
    await coach.post("/api/tracking-profiles", json={"name": "unassigned"})
    started = await coach.post("/api/analyze_match", data={"match_id": derby}, files={"file": ("a.mp4", MP4)})
    run_id = started.json()["analysis_id"]
    run = await room.run(run_id)
    assert run["options"]["max_lost_frames"] == 40
    assert run["submitted_at"] == room.clock.now()
    for by, status in (("coach", 200), ("boss", 200), ("player", 200), ("rival", 404)):
        assert (await room.by(by).get(f"/api/analysis_status/{run_id}")).status_code == status
    assert (await room.by("player", "classic").get(f"/api/matches/{derby}/analysis")).json()["job_id"] == run_id
    assert (await coach.post(f"/api/analysis/{run_id}/cancel")).status_code == 200
    assert (await coach.post(f"/api/analysis/{run_id}/cancel")).status_code == 400
    assert (await room.run(run_id))["is_cancelled"] is True
    again = (await coach.post(f"/api/analysis/{run_id}/retry")).json()["analysis_id"]
    assert (await coach.delete(f"/api/analysis_history/{run_id}")).status_code == 200
    assert (await room.run(again))["retry_of"] is None
    assert [each["analysis_id"] for each in (await coach.get("/api/analysis_history")).json()] == [again]
    assert (await coach.delete(f"/api/analysis_history/{again}")).status_code == 200
    assert room.files() == []


async def test_adhoc_runs_follow_uploader_manager_and_team(room_anywhere):
    room = room_anywhere
    run_id = await room.put_run(by="coach")
    alone = await room.put_run(by="analyst", team_id=None)
    seen = {}
    for by in ("coach", "analyst", "boss", "rival"):
        seen[by] = {run["analysis_id"] for run in (await room.by(by).get("/api/analysis_history")).json()}
    assert seen == {"coach": {run_id}, "analyst": {run_id, alone}, "boss": {run_id, alone}, "rival": set()}


async def test_segments_are_counted_listed_and_removed(room_anywhere):
    room = room_anywhere
    derby, coach = room.match["derby"], room.by("coach")
    first = await room.put_run(match_id=derby, part="first")
    room.clock.pass_time(seconds=1)
    whole = await room.put_run(match_id=derby)
    for run_id in (first, whole):
        await room.put_segment(run_id, 1)
        await room.put_segment(run_id, 0)
    shown = (await coach.get(f"/api/matches/{derby}/segments")).json()
    assert [(s["analysis_id"], s["segment_index"]) for s in shown["segments"]] == [(whole, 0), (whole, 1)]
    assert (await coach.get(f"/api/matches/{derby}/segments", params={"all": True})).json()["count"] == 4
    history = (await coach.get("/api/analysis_history", params={"limit": 1})).json()
    assert history[0]["outputs"]["segments_count"] == 2
    assert (await coach.delete(f"/api/analysis/{whole}/segments")).json()["deleted"] == 2
    assert (await coach.delete(f"/api/matches/{derby}/segments")).json()["deleted"] == 2


async def test_silent_runs_are_found_and_ended_once(room_anywhere):
    room = room_anywhere
    run_id = await room.put_run(status="PROCESSING")
    await room.put_run(by="rival", status="PROCESSING")
    room.clock.pass_time(hours=2, seconds=1)
    assert (await room.by("analyst").post("/api/analysis/stale-detection")).json()["marked"] == 1
    assert (await room.run(run_id))["completed_at"] == room.clock.now()
    assert await room.services[RunService].mark_stale() == 1
    assert await room.services[RunService].mark_stale() == 0


async def test_uploads_in_use_are_known(room_anywhere):
    room = room_anywhere
    run_id = await room.put_run(input_video_path_2="temp_uploads/second.mp4")
    room.put_file("temp_uploads/second.mp4", MP4)
    room.put_file("temp_uploads/unused.mp4", MP4)
    service = room.services[RunService]
    room.clock.at = max(file.modified_at for file in service.media.files("temp_uploads"))
    room.clock.pass_time(days=31)
    assert await service.sweep_uploads() == 1
    assert room.files() == sorted([f"temp_uploads/{run_id}_1.mp4", "temp_uploads/second.mp4"])


async def test_teams_are_checked_against_the_match(room_anywhere):
    room = room_anywhere
    of_match, adhoc = await room.put_run(match_id=room.match["derby"]), await room.put_run()
    body = {"team_a_id": room.team["shared"], "team_b_id": room.team["coach"]}
    for run_id in (of_match, adhoc):
        assert (await room.by("coach").put(f"/api/analysis/{run_id}/teams", json=body)).json()["team_a_id"] == body[
            "team_a_id"
        ]
    unseen = {**body, "team_a_id": room.team["rival"]}
    assert (await room.by("coach").put(f"/api/analysis/{adhoc}/teams", json=unseen)).status_code == 404


async def test_profiles_follow_match_or_creator(room_anywhere):
    room = room_anywhere
    adhoc = (await room.run(await room.put_run(by="coach")))["match_id"]
    for match_id in (room.match["derby"], adhoc, None):
        made = await room.by("coach").post("/api/tracking-profiles", json={"name": "a", "match_id": match_id})
        path = f"/api/tracking-profiles/{made.json()['id']}"
        assert [(await room.by(by).get(path)).status_code for by in ("player", "boss", "rival")] == [200, 200, 404]
