"""The way of a video from the wire to the disk: what is checked, when, and that nothing is left of what is refused."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from features.analysis.conftest import MP4, Room
from touchline.features.analysis.upload import UploadLimits
from touchline.foundation.jobs import QueueUnavailableError

pytestmark = pytest.mark.anyio

MIB = 1 << 20


def form(*parts: tuple[str, str | None, bytes]) -> tuple[bytes, dict[str, str]]:
    """A multipart body in exactly this order, and its header."""
    body = b""
    for name, filename, content in parts:
        file = "" if filename is None else f'; filename="{filename}"'
        body += f'--edge\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"
    return body + b"--edge--\r\n", {"Content-Type": "multipart/form-data; boundary=edge"}


async def send(room: Room, *parts, by="coach", path="/api/analyze_match", app="analysis"):
    body, headers = form(*parts)
    return await room.by(by, app).post(path, content=body, headers=headers)


async def test_a_video_becomes_a_waiting_run(room):
    answer = await send(
        room,
        ("match_id", None, room.match["derby"].encode()),
        ("confidence_threshold", None, b"0.6"),
        ("camera_type", None, b"TV Camera"),
        ("file", "Derby.mp4", MP4),
    )
    assert answer.status_code == 200
    body = answer.json()
    assert body["status"] == "accepted"
    assert body["match_id"] == room.match["derby"]
    assert body["video_path"] == f"temp_uploads/{body['analysis_id']}_1.mp4"
    assert body["message"] == "Waiting for a worker."
    assert (room.root / body["video_path"]).read_bytes() == MP4
    run = await room.run(body["analysis_id"])
    assert (run["status"], run["progress"], run["source"], run["is_adhoc"]) == ("PENDING", 0, "analyze_page", False)
    assert run["input_video_name"] == "Derby.mp4"
    assert run["options"]["confidence_threshold"] == 0.6
    assert run["options"]["camera_type"] == "TV"
    assert (run["options"]["home_name"], run["options"]["home_color"]) == ("Club", "#FF0000")
    assert (run["generated_by"], run["team_id"]) == (room.people["coach"], room.team["coach"])
    assert room.queue.added == [("analysis.run", body["analysis_id"])]


async def test_without_a_match_the_run_makes_up_its_own(room):
    body = (await send(room, ("file", "x.mp4", MP4))).json()
    run = await room.run(body["analysis_id"])
    assert run["is_adhoc"]
    assert run["match_id"] == body["match_id"] not in room.match.values()


async def test_an_adhoc_match_takes_a_second_video(room):
    first = (await send(room, ("file", "x.mp4", MP4))).json()
    second = (await send(room, ("match_id", None, first["match_id"].encode()), ("file", "y.mp4", MP4))).json()
    assert second["match_id"] == first["match_id"]
    assert (await room.run(second["analysis_id"]))["is_adhoc"]


@pytest.mark.parametrize("order", ["before the video", "after the video"])
async def test_another_clubs_match_is_not_found_wherever_the_field_stands(room, order):
    field = ("match_id", None, room.match["theirs"].encode())
    parts = [field, ("file", "x.mp4", MP4)] if order == "before the video" else [("file", "x.mp4", MP4), field]
    answer = await send(room, *parts)
    assert (answer.status_code, answer.json()["detail"]) == (404, "Match not found")
    assert room.files() == []
    assert room.queue.added == []


async def test_nobody_uploads_without_signing_in(room):
    assert (await send(room, ("file", "x.mp4", MP4), by=None)).status_code == 401
    assert room.files() == []


async def test_a_player_may_not_start_an_analysis(room):
    assert (await send(room, ("file", "x.mp4", MP4), by="player")).status_code == 403
    assert room.files() == []


@pytest.mark.parametrize("field", [("confidence_threshold", "1.5"), ("camera_count", "3"), ("camera_type", "Drone")])
@pytest.mark.parametrize("first", [True, False])
async def test_a_bad_field_is_named_and_nothing_is_kept(room, field, first):
    part, video = (field[0], None, field[1].encode()), ("file", "x.mp4", MP4)
    answer = await send(room, *([part, video] if first else [video, part]))
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(f"`{field[0]}`: ")
    assert room.files() == []


@pytest.mark.parametrize(
    "content", [b"hello, I am a text\n" * 400, b"\x89PNG\r\n\x1a\n" + bytes(9000), b"GIF89a", b"x"]
)
async def test_what_is_no_video_is_refused_whatever_its_name(room, content):
    answer = await send(room, ("file", "match.mp4", content))
    assert answer.status_code == 415
    assert "match.mp4" in answer.json()["detail"]
    assert room.files() == []


async def test_an_empty_file_is_refused(room):
    answer = await send(room, ("file", "match.mp4", b""))
    assert answer.status_code == 415
    assert "empty" in answer.json()["detail"]
    assert room.files() == []


@pytest.mark.parametrize("parts", [[("part", None, b"whole")], [("file", "", b"")], [("file", None, b"text")]])
async def test_a_form_without_a_video_is_told_so(room, parts):
    answer = await send(room, *parts)
    assert (answer.status_code, answer.json()["detail"]) == (422, "`file`: a video is required")


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data"])
async def test_a_body_that_is_no_form_has_no_video(room, content_type):
    answer = await room.by("coach").post("/api/analyze_match", content=b"null", headers={"Content-Type": content_type})
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["../../x.mp4", "/etc/x.mp4", "..\\..\\x.mp4"])
async def test_a_file_name_is_only_shown(room, name):
    body = (await send(room, ("file", name, MP4))).json()
    assert (await room.run(body["analysis_id"]))["input_video_name"] == "x.mp4"
    assert room.files() == [f"temp_uploads/{body['analysis_id']}_1.mp4"]


async def test_an_announced_giant_is_refused_before_it_is_read(room):
    room.set_policy(limits=UploadLimits(max_bytes=MIB))
    read = False

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        read = True
        yield b""

    answer = await room.by("coach").post(
        "/api/analyze_match",
        content=body(),
        headers={"Content-Type": "multipart/form-data; boundary=edge", "Content-Length": str(5 * MIB)},
    )
    assert (answer.status_code, "1 MiB" in answer.json()["detail"]) == (413, True)
    assert not read


@pytest.mark.parametrize("announced", [True, False])
async def test_a_giant_that_shows_only_while_it_comes_is_cut_off(room, announced):
    room.set_policy(limits=UploadLimits(max_bytes=MIB))
    body, headers = form(("file", "x.mp4", MP4 + bytes(MIB)))

    async def blocks() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 100_000):
            yield body[at : at + 100_000]

    if announced:
        headers["Content-Length"] = str(len(body))
    answer = await room.by("coach").post("/api/analyze_match", content=blocks(), headers=headers)
    assert answer.status_code == 413
    assert room.files() == []


async def test_both_videos_together_stay_below_the_limit(room):
    room.set_policy(limits=UploadLimits(max_bytes=MIB))
    half = MP4 + bytes(600_000)
    answer = await send(room, ("camera_count", None, b"2"), ("file", "a.mp4", half), ("file2", "b.mp4", half))
    assert answer.status_code == 413
    assert room.files() == []


@pytest.mark.parametrize(
    "limits",
    [
        UploadLimits(max_bytes=50 * MIB, quota_bytes=20_000),
        UploadLimits(max_bytes=50 * MIB, min_free_bytes=1 << 60),
    ],
    ids=["quota", "disk"],
)
async def test_without_room_the_upload_is_refused_before_a_byte_is_kept(room, limits):
    room.set_policy(limits=limits)
    room.put_file("temp_uploads/other.mp4", bytes(15_000))
    answer = await send(room, ("file", "x.mp4", MP4))
    assert answer.status_code == 413
    assert "not enough room" in answer.json()["detail"]
    assert room.files() == ["temp_uploads/other.mp4"]


async def test_a_quota_also_stops_an_upload_of_unknown_length(room):
    room.set_policy(limits=UploadLimits(max_bytes=200 * MIB, quota_bytes=20 * MIB))
    body, headers = form(("file", "x.mp4", MP4 + bytes(40 * MIB)))

    async def blocks() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 4 * MIB):
            yield body[at : at + 4 * MIB]

    answer = await room.by("coach").post("/api/analyze_match", content=blocks(), headers=headers)
    assert answer.status_code == 413
    assert room.files() == []


async def test_an_upload_that_breaks_off_leaves_nothing(room):
    body, headers = form(("file", "x.mp4", MP4 * 300))

    async def blocks() -> AsyncIterator[bytes]:
        yield body[: 2 * MIB]

    answer = await room.by("coach").post("/api/analyze_match", content=blocks(), headers=headers)
    assert answer.status_code == 400
    assert room.files() == []


async def test_a_client_that_goes_away_leaves_nothing(room):
    body, headers = form(("file", "x.mp4", MP4 * 300))
    half_sent, stay = asyncio.Event(), asyncio.Event()

    async def blocks() -> AsyncIterator[bytes]:
        yield body[: 2 * MIB]
        half_sent.set()
        await stay.wait()

    request = asyncio.create_task(room.by("coach").post("/api/analyze_match", content=blocks(), headers=headers))
    await half_sent.wait()
    while not room.files():
        await asyncio.sleep(0.001)
    assert room.files()[0].endswith(".mp4.part")
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert room.files() == []


async def test_a_large_video_arrives_whole(room):
    video = MP4 + bytes(range(256)) * (5 * MIB // 256) + b"end"
    body = (await send(room, ("file", "x.mp4", video))).json()
    assert (room.root / body["video_path"]).read_bytes() == video


async def test_a_second_cameras_video_is_kept_and_the_run_says_that_it_is_not_used(room):
    answer = await send(room, ("camera_count", None, b"2"), ("file", "a.mp4", MP4), ("file2", "b.mov", MP4 + b"2"))
    body = answer.json()
    assert "second camera" in body["message"]
    run = await room.run(body["analysis_id"])
    assert run["input_video_path_2"] == f"temp_uploads/{body['analysis_id']}_2.mov"
    assert (room.root / run["input_video_path_2"]).read_bytes() == MP4 + b"2"


async def test_two_cameras_need_two_videos(room):
    answer = await send(room, ("camera_count", None, b"2"), ("file", "a.mp4", MP4))
    assert (answer.status_code, answer.json()["detail"][:9]) == (422, "`file2`: ")
    assert room.files() == []


async def test_a_second_video_for_one_camera_is_not_kept(room):
    body = (await send(room, ("file", "a.mp4", MP4), ("file2", "b.mp4", MP4), ("extra", "c.bin", b"1"))).json()
    assert room.files() == [body["video_path"]]


async def test_a_video_sent_twice_is_a_mistake(room):
    answer = await send(room, ("file", "a.mp4", MP4), ("file", "b.mp4", MP4))
    assert answer.status_code == 422
    assert room.files() == []


async def test_a_queue_that_is_away_does_not_lose_the_run(room):
    room.queue.refuses = QueueUnavailableError()
    answer = await send(room, ("file", "a.mp4", MP4))
    assert answer.status_code == 200
    assert (await room.run(answer.json()["analysis_id"]))["status"] == "PENDING"


async def test_a_profile_of_the_match_supplies_calibration_and_settings(room):
    points = [{"u": 100 * x, "v": 90 * y, "x": x, "y": y} for x, y in ((0, 0), (105, 0), (105, 68), (0, 68))]
    zone = {"label": "pitch", "points": [{"x": 0, "y": 0}, {"x": 1, "y": 0}, {"x": 1, "y": 1}]}
    created = await room.by("analyst").post(
        "/api/tracking-profiles",
        json={
            "name": "stand",
            "match_id": room.match["derby"],
            "engine_settings": {"max_lost_frames": 40, "ball_confidence": 0.2, "nonsense": True},
            "cameras": [{"label": "main", "calibration": points, "roi": [zone], "picture_width": 960}],
        },
    )
    body = (
        await send(
            room,
            ("match_id", None, room.match["derby"].encode()),
            ("ball_confidence", None, b"0.4"),
            ("file", "a.mp4", MP4),
        )
    ).json()
    options = (await room.run(body["analysis_id"]))["options"]
    assert options["profile_id"] == created.json()["id"]
    assert (options["max_lost_frames"], options["ball_confidence"]) == (40, 0.4)
    assert [p["x"] for p in options["calibration"]] == [0, 105, 105, 0]
    assert options["roi"][0]["label"] == "pitch"
    assert options["cameras"][0]["picture_width"] == 960


async def test_an_adhoc_run_takes_the_uploaders_profile_of_the_last_day(room):
    profile = (await room.by("coach").post("/api/tracking-profiles", json={"name": "mine"})).json()
    await room.by("analyst").post("/api/tracking-profiles", json={"name": "hers"})
    room.clock.pass_time(hours=23)
    used = (await send(room, ("file", "a.mp4", MP4))).json()
    assert (await room.run(used["analysis_id"]))["options"]["profile_id"] == profile["id"]
    room.clock.pass_time(hours=2)
    late = (await send(room, ("file", "a.mp4", MP4))).json()
    assert (await room.run(late["analysis_id"]))["options"]["profile_id"] is None


async def test_an_inactive_profile_is_not_used(room):
    await room.by("coach").post(
        "/api/tracking-profiles", json={"name": "old", "match_id": room.match["derby"], "is_active": False}
    )
    body = (await send(room, ("match_id", None, room.match["derby"].encode()), ("file", "a.mp4", MP4))).json()
    assert (await room.run(body["analysis_id"]))["options"]["profile_id"] is None


# --- the classic API's way in


def analyze(room, match="derby"):
    return {"path": f"/api/matches/{room.match[match]}/analyze", "app": "classic"}


async def test_the_classic_way_starts_the_same_run(room):
    answer = await send(
        room, ("frame_limit", None, b"330"), ("skip_json", None, b"false"), ("file", "a.mp4", MP4), **analyze(room)
    )
    body = answer.json()
    assert answer.status_code == 200
    assert (body["status"], body["match_id"]) == ("PENDING", room.match["derby"])
    run = await room.run(body["job_id"])
    assert (run["source"], run["options"]["frame_limit"], run["is_adhoc"]) == ("match", 330, False)
    assert room.queue.added == [("analysis.run", body["job_id"])]


@pytest.mark.parametrize(
    ("by", "match", "status"), [(None, "derby", 401), ("player", "derby", 403), ("coach", "theirs", 404)]
)
async def test_the_classic_way_asks_for_rights_and_scope(room, by, match, status):
    assert (await send(room, ("file", "a.mp4", MP4), by=by, **analyze(room, match))).status_code == status
    assert room.files() == []


async def test_the_classic_way_without_a_source_is_400(room):
    assert (await send(room, ("frame_limit", None, b"330"), **analyze(room))).status_code == 400


async def test_the_classic_way_may_name_an_earlier_upload(room):
    earlier = await room.put_run()
    path = f"temp_uploads/{earlier}_1.mp4"
    answer = await send(room, ("video_path", None, path.encode()), **analyze(room))
    assert answer.status_code == 200
    run = await room.run(answer.json()["job_id"])
    assert (run["input_video_path"], run["input_video_name"]) == (path, "derby.mp4")
    plain = await room.by("coach", "classic").post(analyze(room)["path"], data={"video_path": path})
    assert plain.status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/etc/passwd", 400),
        ("../secret.mp4", 400),
        ("touchline.db", 404),
        ("outputs/analysis_x/tracking_output.mp4", 404),
        ("temp_uploads/0198f0a2-5c1e-7a31-8f7e-2f6f0c1f7a10_1.mp4", 404),
    ],
)
async def test_the_classic_way_opens_no_server_path(room, path, status):
    assert (await send(room, ("video_path", None, path.encode()), **analyze(room))).status_code == status


async def test_the_classic_way_opens_no_upload_of_another_club(room):
    theirs = await room.put_run(by="rival")
    path = f"temp_uploads/{theirs}_1.mp4"
    assert (await send(room, ("video_path", None, path.encode()), **analyze(room))).status_code == 404


async def test_an_earlier_upload_that_is_gone_cannot_be_named(room):
    earlier = await room.put_run()
    path = f"temp_uploads/{earlier}_1.mp4"
    (room.root / path).unlink()
    assert (await send(room, ("video_path", None, path.encode()), **analyze(room))).status_code == 400
