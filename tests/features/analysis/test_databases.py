"""The room's statements on every kind of database: one walk through each service."""

import pytest
from sqlalchemy import update

from features.analysis.conftest import MP4
from features.analysis.test_runs import StatementCount
from touchline.features.analysis.service import RunService
from touchline.features.analysis.tables import analysis_runs

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


async def test_history_shows_a_change_at_once_and_agrees_with_the_status(room_anywhere):
    room = room_anywhere
    run_id = await room.put_run(status="PROCESSING", progress=0.25, message="Half of it", outputs={"fps": 25.0})
    await room.put_run()
    coach = room.by("coach")

    async def shown() -> dict[str, object]:
        listed = (await coach.get("/api/analysis_history")).json()
        assert len(listed) == 2
        return next(run for run in listed if run["analysis_id"] == run_id)

    def told(run: dict[str, object]) -> dict[str, object]:
        outputs = {key: value for key, value in run["outputs"].items() if key not in ("segments_count", "output_video")}
        return run | {"outputs": {key: value for key, value in outputs.items() if key != "original_video"}}

    changes = (
        {},
        {"progress": 0.5},
        {"message": "نصف المباراة"},
        {"status": "COMPLETED", "completed_at": room.clock.now(), "outputs": {"fps": 25.0, "total_frames": 10}},
        {"team_a_id": room.team["coach"]},
        {"tracking_video_path": f"outputs/analysis_{run_id}_20260101_000000/tracking_output.mp4"},
    )
    for values in changes:  # the clock stands still meanwhile
        if values:
            async with room.database.begin() as db:
                await db.execute(update(analysis_runs).where(analysis_runs.c.id == run_id).values(**values))
        status = (await coach.get(f"/api/analysis_status/{run_id}")).json()
        del status["live_stats"]
        assert told(await shown()) == told(status)
    await room.put_segment(run_id, 0)
    assert (await shown())["outputs"]["segments_count"] == 1


async def test_a_history_that_did_not_change_costs_one_statement_and_links_are_the_readers_own(room_anywhere):
    room = room_anywhere
    await room.put_run(by="coach")
    first = await room.by("coach").get("/api/analysis_history")
    with StatementCount(room) as seen:
        assert (await room.by("coach").get("/api/analysis_history")).content == first.content
    assert len(seen.sent) == 2  # who asks, and what the list shows
    [boss] = (await room.by("boss").get("/api/analysis_history")).json()
    [coach] = first.json()
    assert boss["outputs"].pop("original_video") != coach["outputs"].pop("original_video")
    assert boss == coach
    room.clock.pass_time(seconds=3600)
    [later] = (await room.by("coach").get("/api/analysis_history")).json()
    assert later["outputs"]["original_video"] != first.json()[0]["outputs"]["original_video"]
