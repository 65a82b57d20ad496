"""Status, history, cancel, retry, delete, stale detection, teams and stills, over both apps."""

import struct
from typing import Self

import pytest
from sqlalchemy import event, insert, select

from features.analysis.conftest import MP4, Room
from touchline.features.analysis.rules import output_folder
from touchline.features.analysis.service import RunService
from touchline.features.analysis.tables import analysis_segments
from touchline.features.identity.tables import teams
from touchline.football.updates import FoundBox
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 64, 48) + b"\x08\x02\x00\x00\x00" + bytes(100)
NOBODY = "0198f0a2-5c1e-7a31-8f7e-2f6f0c1f7a10"


class StatementCount:
    """Counts the statements that a block sends to the database."""

    def __init__(self, room: Room) -> None:
        self.engine = room.database.engine.sync_engine
        self.sent: list[str] = []

    def _note(self, _connection, _cursor, statement, *_rest) -> None:
        self.sent.append(statement)

    def __enter__(self) -> Self:
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)


# --- status


async def test_a_new_run_is_shown_as_waiting(room):
    run_id = await room.put_run()
    answer = await room.by("coach").get(f"/api/analysis_status/{run_id}")
    assert answer.status_code == 200
    shown = answer.json()
    assert shown | {"match_id": None} == {
        "analysis_id": run_id,
        "match_id": None,
        "input_video_name": "derby.mp4",
        "status": "PENDING",
        "progress": 0,
        "message": "Waiting for a worker.",
        "outputs": {"input_video_path": f"temp_uploads/{run_id}_1.mp4"},
        "input_video_path": f"temp_uploads/{run_id}_1.mp4",
        "submitted_at": "2026-11-24T09:00:00Z",
        "completed_at": None,
        "is_cancelled": False,
        "part": "whole",
        "retry_of": None,
        "team_a_id": None,
        "team_b_id": None,
        "live_stats": {},
    }


async def test_a_running_run_shows_progress_telemetry_and_the_video_that_plays_already(room):
    run_id = await room.put_run(
        status="PROCESSING",
        progress=0.4321,
        message="Minute 12 of 45",
        live_stats={"7": {"distance": 31.5}, "frame": 12},
        tracking_video_path="outputs/x/tracking_output.mp4",
    )
    shown = (await room.by("coach").get(f"/api/analysis_status/{run_id}")).json()
    assert (shown["progress"], shown["message"]) == (0.4321, "Minute 12 of 45")
    assert shown["live_stats"] == {"7": {"distance": 31.5}}
    assert shown["tracking_video_path"] == "outputs/x/tracking_output.mp4"


@pytest.mark.parametrize(
    ("by", "status"), [(None, 401), ("rival", 404), ("coach", 200), ("boss", 200), ("player", 200), ("analyst", 200)]
)
async def test_an_adhoc_run_is_seen_by_its_uploader_his_manager_and_his_team(room, by, status):
    run_id = await room.put_run(by="coach")
    assert (await room.by(by).get(f"/api/analysis_status/{run_id}")).status_code == status
    assert (await room.by(by, "classic").get(f"/api/analysis/{run_id}/status")).status_code == status


@pytest.mark.parametrize(("by", "status"), [("player", 200), ("analyst", 200), ("boss", 200), ("rival", 404)])
async def test_a_run_of_a_real_match_is_seen_by_everybody_with_access_to_the_match(room, by, status):
    run_id = await room.put_run(by="coach", match_id=room.match["derby"], team_id=None)
    assert (await room.by(by).get(f"/api/analysis_status/{run_id}")).status_code == status


async def test_a_manager_sees_runs_of_his_people_wherever_they_belong(room):
    run_id = await room.put_run(by="analyst", team_id=None)
    assert (await room.by("boss").get(f"/api/analysis_status/{run_id}")).status_code == 200
    assert (await room.by("coach").get(f"/api/analysis_status/{run_id}")).status_code == 404


@pytest.mark.parametrize("run_id", [NOBODY, "nonsense", "1" * 300, "%00"])
async def test_an_unknown_run_is_not_found(room, run_id):
    assert (await room.by("coach").get(f"/api/analysis_status/{run_id}")).status_code == 404


async def test_status_costs_one_statement_beside_the_callers_and_writes_nothing(room):
    run_id = await room.put_run(status="PROCESSING")
    room.clock.pass_time(days=3)
    with StatementCount(room) as seen:
        await room.by("coach").get(f"/api/analysis_status/{run_id}")
    assert len(seen.sent) == 2
    assert all(statement.lstrip().startswith("SELECT") for statement in seen.sent)
    assert (await room.run(run_id))["status"] == "PROCESSING"


async def test_the_classic_status_speaks_of_a_job(room):
    run_id = await room.put_run(status="COMPLETED", progress=1, message="Done.", outputs={"total_frames": 140})
    assert (await room.by("coach", "classic").get(f"/api/analysis/{run_id}/status")).json() == {
        "job_id": run_id,
        "status": "COMPLETED",
        "progress": 1,
        "message": "Done.",
        "outputs": {"total_frames": 140, "input_video_path": f"temp_uploads/{run_id}_1.mp4"},
    }


# --- the match's run


async def test_a_match_without_a_run_says_so(room):
    answer = await room.by("player", "classic").get(f"/api/matches/{room.match['derby']}/analysis")
    assert (answer.status_code, answer.json()["status"]) == (200, "NO_ANALYSIS")


async def test_a_match_shows_its_newest_run_with_one_read(room):
    await room.put_run(match_id=room.match["derby"], status="COMPLETED")
    room.clock.pass_time(minutes=1)
    newest = await room.put_run(match_id=room.match["derby"], status="FAILED")
    with StatementCount(room) as seen:
        shown = (await room.by("player", "classic").get(f"/api/matches/{room.match['derby']}/analysis")).json()
    assert len(seen.sent) == 2
    assert (shown["job_id"], shown["match_id"], shown["status"]) == (newest, room.match["derby"], "FAILED")


async def test_an_adhoc_match_shows_its_run(room):
    run_id = await room.put_run()
    match_id = (await room.run(run_id))["match_id"]
    path = f"/api/matches/{match_id}/analysis"
    assert (await room.by("player", "classic").get(path)).json()["job_id"] == run_id
    assert (await room.by("rival", "classic").get(path)).status_code == 404


@pytest.mark.parametrize(
    ("by", "match", "status"), [(None, "derby", 401), ("coach", "theirs", 404), ("rival", "derby", 404)]
)
async def test_a_matchs_run_is_for_those_who_see_the_match(room, by, match, status):
    assert (await room.by(by, "classic").get(f"/api/matches/{room.match[match]}/analysis")).status_code == status


# --- history


async def test_history_lists_what_the_caller_may_read_newest_first(room):
    mine = await room.put_run(by="coach")
    room.clock.pass_time(seconds=1)
    await room.put_run(by="rival")
    of_match = await room.put_run(by="boss", match_id=room.match["derby"], team_id=None)
    room.clock.pass_time(seconds=1)
    hers = await room.put_run(by="analyst")
    answer = await room.by("coach").get("/api/analysis_history")
    assert [run["analysis_id"] for run in answer.json()] == [hers, of_match, mine]
    assert answer.headers["X-Total-Count"] == "3"


async def test_history_counts_segments_and_links_videos(room):
    run_id = await room.put_run(
        status="COMPLETED",
        outputs={"tracking_video_path": f"outputs/analysis_{NOBODY}_20260101_000000/tracking_output.mp4", "fps": 25.0},
    )
    await room.put_segment(run_id, 0)
    await room.put_segment(run_id, 1)
    other = await room.put_run()
    shown = {run["analysis_id"]: run for run in (await room.by("coach").get("/api/analysis_history")).json()}
    outputs = shown[run_id]["outputs"]
    assert (outputs["segments_count"], outputs["fps"]) == (2, 25.0)
    assert outputs["output_video"].startswith("http://touchline/api/analysis/stream?path=outputs/")
    assert outputs["original_video"].startswith("http://touchline/api/analysis/stream?path=temp_uploads/")
    assert shown[other]["outputs"]["segments_count"] == 0
    assert "output_video" not in shown[other]["outputs"]
    assert "live_stats" not in shown[run_id]


async def test_history_comes_in_pages_and_with_few_statements(room):
    for _ in range(7):
        await room.put_run()
        room.clock.pass_time(seconds=1)
    with StatementCount(room) as seen:
        answer = await room.by("coach").get("/api/analysis_history", params={"limit": 3, "offset": 3})
    assert len(answer.json()) == 3
    assert answer.headers["X-Total-Count"] == "7"
    assert len(seen.sent) <= 4
    assert (await room.by("coach").get("/api/analysis_history", params={"limit": 0})).status_code == 422


async def test_history_needs_a_sign_in_and_is_empty_for_a_stranger(room):
    await room.put_run()
    assert (await room.by(None).get("/api/analysis_history")).status_code == 401
    answer = await room.by("rival").get("/api/analysis_history")
    assert (answer.json(), answer.headers["X-Total-Count"]) == ([], "0")


# --- cancel


async def test_a_cancelled_run_has_failed_and_keeps_its_video(room):
    run_id = await room.put_run(
        status="PROCESSING", progress=0.5, outputs={"fps": 25}, tracking_video_path="outputs/x/tracking_output.mp4"
    )
    folder = output_folder(run_id, room.clock.now())
    room.put_file(f"{folder}/.attempt-1/half.mp4", b"half")
    answer = await room.by("coach").post(f"/api/analysis/{run_id}/cancel", json={})
    assert answer.json() == {"status": "cancelled", "analysis_id": run_id}
    run = await room.run(run_id)
    assert (run["status"], run["progress"], run["is_cancelled"]) == ("FAILED", 0, True)
    assert run["message"] == "Cancelled by the user."
    assert run["completed_at"] == room.clock.now()
    assert (run["outputs"], run["tracking_video_path"]) == ({}, None)
    assert room.files() == [f"temp_uploads/{run_id}_1.mp4"]


async def test_a_cancellation_reaches_the_worker_and_every_listener(room):
    run_id = await room.put_run(status="QUEUED")
    match_id = (await room.run(run_id))["match_id"]
    await room.by("coach").post(f"/api/analysis/{run_id}/cancel")
    assert [(e.channel, e.kind) for e in room.bus.carried] == [
        (f"run:{run_id}", "cancel"),
        (f"run:{run_id}", "done"),
        (f"match:{match_id}", "done"),
    ]
    assert room.bus.carried[1].payload == {
        "type": "done",
        "status": "FAILED",
        "analysis_id": run_id,
        "reason": "cancelled",
    }


@pytest.mark.parametrize("status", ["COMPLETED", "FAILED"])
async def test_an_ended_run_cannot_be_cancelled(room, status):
    run_id = await room.put_run(status=status)
    answer = await room.by("coach").post(f"/api/analysis/{run_id}/cancel")
    assert (answer.status_code, answer.json()["detail"]) == (400, "This run has already ended.")
    assert room.bus.carried == []


CHANGES = [
    ("POST", "/api/analysis/{}/cancel"),
    ("POST", "/api/analysis/{}/retry"),
    ("DELETE", "/api/analysis_history/{}"),
]


@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize(("by", "status"), [(None, 401), ("rival", 404), ("player", 403), ("analyst", 403)])
async def test_only_uploader_and_manager_change_a_run(room, method, path, by, status):
    run_id = await room.put_run(by="coach")
    assert (await room.by(by).request(method, path.format(run_id))).status_code == status
    assert (await room.run(run_id))["status"] == "PENDING"


@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize("by", ["coach", "boss"])
async def test_uploader_and_manager_may_change_a_run(room, method, path, by):
    run_id = await room.put_run(by="coach", status="FAILED" if "retry" in path else "PENDING")
    assert (await room.by(by).request(method, path.format(run_id))).status_code == 200


async def test_a_manager_with_match_access_alone_does_not_change_another_clubs_run(room):
    run_id = await room.put_run(by="rival", match_id=room.match["derby"])
    assert (await room.by("boss").post(f"/api/analysis/{run_id}/cancel")).status_code == 403


async def test_the_run_of_a_person_who_left_is_his_teams_managers(room):
    run_id = await room.put_run(by="coach", generated_by=None)
    assert (await room.by("coach").post(f"/api/analysis/{run_id}/cancel")).status_code == 403
    assert (await room.by("boss").post(f"/api/analysis/{run_id}/cancel")).status_code == 200


# --- retry


async def test_a_retry_copies_match_videos_and_every_option(room):
    options = {"frame_limit": 330, "camera_type": "Fixed", "notes": ["A word."], "calibration": [{"u": 1}]}
    old = await room.put_run(
        match_id=room.match["derby"], status="FAILED", options=options, part="first", source="match", progress=0.7
    )
    room.clock.pass_time(minutes=5)
    body = (await room.by("coach").post(f"/api/analysis/{old}/retry", json={})).json()
    run = await room.run(body["analysis_id"])
    assert body == {
        "status": "retry_started",
        "analysis_id": run["id"],
        "original_id": old,
        "match_id": room.match["derby"],
        "video_path": f"temp_uploads/{old}_1.mp4",
    }
    assert run["options"] == options
    assert (run["status"], run["progress"], run["part"], run["source"]) == ("PENDING", 0, "first", "match")
    assert (run["retry_of"], run["input_video_name"], run["is_adhoc"]) == (old, "derby.mp4", False)
    assert run["submitted_at"] == room.clock.now()
    assert run["message"] == "Waiting for a worker. A word."
    assert room.queue.added == [("analysis.run", run["id"])]
    assert (await room.run(old))["status"] == "FAILED"


async def test_an_active_run_is_not_tried_again(room):
    run_id = await room.put_run(status="PROCESSING")
    assert (await room.by("coach").post(f"/api/analysis/{run_id}/retry")).status_code == 409


@pytest.mark.parametrize("lost", ["input_video_path", "input_video_path_2"])
async def test_a_run_without_its_videos_is_not_tried_again(room, lost):
    run_id = await room.put_run(status="FAILED", **{lost: "temp_uploads/gone_1.mp4"})
    answer = await room.by("coach").post(f"/api/analysis/{run_id}/retry")
    assert (answer.status_code, answer.json()["detail"]) == (400, "The uploaded video is no longer available.")
    assert room.queue.added == []
    assert len((await room.by("coach").get("/api/analysis_history")).json()) == 1


async def test_a_managers_retry_stays_visible_to_the_team(room):
    old = await room.put_run(by="coach", status="FAILED")
    body = (await room.by("boss").post(f"/api/analysis/{old}/retry")).json()
    assert (await room.by("coach").get(f"/api/analysis_status/{body['analysis_id']}")).status_code == 200


# --- delete


async def test_a_deleted_run_takes_its_segments_outputs_and_upload_with_it(room):
    run_id = await room.put_run(status="COMPLETED")
    await room.put_segment(run_id, 0)
    folder = output_folder(run_id, room.clock.now())
    room.put_file(f"{folder}/tracking_output.mp4", b"v")
    room.put_file(f"{folder}/previews/tracking_output_preview.mp4", b"p")
    keep = await room.put_run()
    answer = await room.by("coach").delete(f"/api/analysis_history/{run_id}")
    assert (answer.status_code, list(answer.json())) == (200, ["message"])
    assert await room.run(run_id) is None
    async with room.database.begin() as db:
        assert (await db.execute(select(analysis_segments))).all() == []
    assert room.files() == [f"temp_uploads/{keep}_1.mp4"]
    assert room.bus.carried == []
    assert (await room.by("coach").delete(f"/api/analysis_history/{run_id}")).status_code == 404


async def test_an_upload_stays_while_another_run_uses_it(room):
    old = await room.put_run(status="FAILED")
    retry = (await room.by("coach").post(f"/api/analysis/{old}/retry")).json()["analysis_id"]
    upload = f"temp_uploads/{old}_1.mp4"
    await room.by("coach").delete(f"/api/analysis_history/{old}")
    assert room.files() == [upload]
    assert (await room.run(retry))["retry_of"] is None
    await room.by("coach").delete(f"/api/analysis_history/{retry}")
    assert room.files() == []


async def test_deleting_an_active_run_stops_its_worker_and_ends_its_streams(room):
    run_id = await room.put_run(status="PROCESSING")
    await room.by("coach").delete(f"/api/analysis_history/{run_id}")
    assert [e.kind for e in room.bus.carried] == ["cancel", "done", "done"]
    assert room.bus.carried[1].payload["reason"] == "cancelled"


async def test_rooms_above_hear_of_a_deletion_in_the_same_transaction(room):
    told = []

    async def remember(db, fact):
        told.append(fact)

    service = room.services[RunService]
    room.services[RunService] = RunService(**{**vars(service), "reactions": (remember,)})
    first = await room.put_run()
    match_id = (await room.run(first))["match_id"]
    second = await room.put_run(match_id=match_id, is_adhoc=True)
    await room.by("coach").delete(f"/api/analysis_history/{first}")
    await room.by("coach").delete(f"/api/analysis_history/{second}")
    assert [(fact.run_id, fact.match_id, fact.is_last_of_adhoc) for fact in told] == [
        (first, match_id, False),
        (second, match_id, True),
    ]


async def test_a_reaction_that_fails_leaves_the_run(room):
    async def refuse(db, fact):
        raise RuntimeError("not now")

    service = room.services[RunService]
    room.services[RunService] = RunService(**{**vars(service), "reactions": (refuse,)})
    run_id = await room.put_run()
    room.expects.add(500)
    assert (await room.by("coach").delete(f"/api/analysis_history/{run_id}")).status_code == 500
    assert await room.run(run_id) is not None
    assert room.files() == [f"temp_uploads/{run_id}_1.mp4"]


# --- stale runs


async def test_silent_runs_of_the_organisation_are_ended(room):
    silent = await room.put_run(by="analyst", status="PROCESSING", progress=0.4)
    theirs = await room.put_run(by="rival", status="PROCESSING")
    ended = await room.put_run(status="COMPLETED", progress=1)
    room.clock.pass_time(hours=2, seconds=1)
    lively = await room.put_run(status="PROCESSING")
    answer = await room.by("coach").post("/api/analysis/stale-detection")
    assert (answer.json()["status"], answer.json()["marked"]) == ("ok", 1)
    run = await room.run(silent)
    assert (run["status"], run["progress"], run["is_cancelled"]) == ("FAILED", 0, False)
    assert "stopped" in run["message"]
    assert run["completed_at"] == room.clock.now()
    states = [(await room.run(each))["status"] for each in (theirs, ended, lively)]
    assert states == ["PROCESSING", "COMPLETED", "PROCESSING"]
    assert [e.payload.get("reason") for e in room.bus.carried if e.kind == "done"] == ["stale", "stale"]
    assert (await room.by("coach").post("/api/analysis/stale-detection")).json()["marked"] == 0


async def test_the_periodic_job_ends_silent_runs_of_everybody(room):
    await room.put_run(by="coach", status="QUEUED")
    await room.put_run(by="rival", status="PENDING")
    room.clock.pass_time(hours=3)
    assert await room.services[RunService].mark_stale() == 2


async def test_a_run_that_waits_for_its_turn_is_not_silent(room):
    waiting = await room.put_run(status="PENDING")
    room.clock.pass_time(hours=3)
    at_work = await room.put_run(by="rival", status="PROCESSING")
    assert await room.services[RunService].mark_stale() == 0
    await room.by("rival").post(f"/api/analysis/{at_work}/cancel")
    assert await room.services[RunService].mark_stale() == 1
    assert (await room.run(waiting))["status"] == "FAILED"


@pytest.mark.parametrize(("by", "status"), [(None, 401), ("player", 403), ("rival", 200)])
async def test_stale_detection_asks_for_the_right_to_analyse(room, by, status):
    assert (await room.by(by).post("/api/analysis/stale-detection")).status_code == status


# --- uploads that nobody uses


async def test_old_unused_uploads_and_dead_parts_are_swept(room):
    used = await room.put_run()
    room.put_file(f"temp_uploads/{new_id()}_1.mp4", MP4)
    room.put_file(f"temp_uploads/{new_id()}_1.mp4.part", MP4)
    service = room.services[RunService]
    files = service.media.files("temp_uploads")
    room.clock.at = max(file.modified_at for file in files)
    assert await service.sweep_uploads() == 0
    room.clock.pass_time(hours=1, seconds=1)
    assert await service.sweep_uploads() == 1
    assert len(room.files()) == 2
    room.clock.pass_time(days=30)
    assert await service.sweep_uploads() == 1
    assert room.files() == [f"temp_uploads/{used}_1.mp4"]


# --- whose team is A


async def test_teams_are_confirmed_and_swapped(room):
    run_id = await room.put_run(match_id=room.match["derby"])
    ours, other = room.team["coach"], room.team["shared"]
    path = f"/api/analysis/{run_id}/teams"
    answer = await room.by("analyst").put(path, json={"team_a_id": ours, "team_b_id": other})
    assert answer.json() == {"analysis_id": run_id, "team_a_id": ours, "team_b_id": other}
    await room.by("analyst").put(path, json={"team_a_id": other, "team_b_id": ours})
    run = await room.run(run_id)
    assert (run["team_a_id"], run["team_b_id"]) == (other, ours)


async def test_only_the_matchs_two_teams_can_be_a_and_b(room):
    run_id = await room.put_run(match_id=room.match["derby"])
    ours, other, theirs = room.team["coach"], room.team["shared"], room.team["rival"]
    for a, b in ((ours, ours), (ours, theirs), (theirs, other)):
        answer = await room.by("coach").put(f"/api/analysis/{run_id}/teams", json={"team_a_id": a, "team_b_id": b})
        assert answer.status_code == 400


async def test_an_adhoc_run_takes_any_two_teams_that_the_caller_sees(room):
    run_id = await room.put_run()
    path, ours = f"/api/analysis/{run_id}/teams", room.team["coach"]
    shared, theirs = room.team["shared"], room.team["rival"]
    assert (await room.by("coach").put(path, json={"team_a_id": ours, "team_b_id": shared})).status_code == 200
    assert (await room.by("coach").put(path, json={"team_a_id": ours, "team_b_id": theirs})).status_code == 404


async def test_a_coach_may_name_the_opponents_that_his_club_keeps(room):
    run_id = await room.put_run()
    opponent = new_id()
    async with room.database.begin() as db:
        await db.execute(
            insert(teams).values(id=opponent, name="United", user_id=room.people["boss"], created_at=room.clock.now())
        )
    body = {"team_a_id": room.team["coach"], "team_b_id": opponent}
    assert (await room.by("coach").put(f"/api/analysis/{run_id}/teams", json=body)).status_code == 200


@pytest.mark.parametrize(("by", "status"), [(None, 401), ("player", 403), ("rival", 404), ("coach", 200)])
async def test_naming_teams_asks_for_right_and_scope(room, by, status):
    run_id = await room.put_run(match_id=room.match["derby"])
    body = {"team_a_id": room.team["coach"], "team_b_id": room.team["shared"]}
    assert (await room.by(by).put(f"/api/analysis/{run_id}/teams", json=body)).status_code == status


# --- stills


async def test_a_picture_is_answered_with_what_was_found(room):
    room.engine.found = [FoundBox((10.5, 20, 30, 60), "person", 0.91, (0, 200, 255))]
    answer = await room.by("coach").post("/api/detect", files={"file": ("../still.png", PNG)})
    assert answer.json() == {
        "filename": "still.png",
        "detections": [{"box": [10.5, 20, 30, 60], "label": "person", "confidence": 0.91, "color": [0, 200, 255]}],
    }
    assert room.engine.pictures == [PNG]
    assert room.files() == []


@pytest.mark.parametrize("content", [b"", b"no picture", PNG[:12]])
async def test_what_is_no_picture_is_400(room, content):
    assert (await room.by("coach").post("/api/detect", files={"file": ("x.png", content)})).status_code == 400
    assert room.engine.pictures == []


async def test_a_picture_that_the_engine_cannot_decode_is_400(room):
    room.engine.reads_picture = lambda _: False
    assert (await room.by("coach").post("/api/detect", files={"file": ("x.png", PNG)})).status_code == 400


async def test_a_picture_over_the_limit_is_413(room):
    room.set_policy(max_image_bytes=1000)
    answer = await room.by("coach").post("/api/detect", files={"file": ("x.png", PNG + bytes(1000))})
    assert answer.status_code == 413


async def test_without_an_engine_stills_are_503(room):
    room.engine.is_away = True
    answer = await room.by("coach").post("/api/detect", files={"file": ("x.png", PNG)})
    assert (answer.status_code, "engine" in answer.json()["detail"]) == (503, True)


async def test_a_still_must_be_sent(room):
    assert (await room.by("coach").post("/api/detect", data={"x": "1"})).status_code == 422


@pytest.mark.parametrize(("by", "status"), [(None, 401), ("player", 403), ("rival", 200)])
async def test_stills_ask_for_the_right_to_analyse(room, by, status):
    assert (await room.by(by).post("/api/detect", files={"file": ("x.png", PNG)})).status_code == status
