"""Files and media: which paths may be named, by whom, and which bytes come back."""

import json
import os
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import anyio
import pytest

from features.analysis.conftest import Room
from touchline.features.analysis.file_response import FileRangeResponse, OpenFile
from touchline.features.analysis.rules import output_folder

pytestmark = pytest.mark.anyio

VIDEO = bytes(range(256)) * 20


@pytest.fixture
async def video(room: Room) -> str:
    """Path of a tracked video of the coach's ad-hoc run."""
    run_id = await room.put_run(by="coach", status="COMPLETED")
    path = f"{output_folder(run_id, room.clock.now())}/tracking_output.mp4"
    room.put_file(path, VIDEO)
    return path


async def get(room, path, by="coach", route="stream", method="GET", **headers):
    return await room.by(by).request(method, f"/api/analysis/{route}", params={"path": path}, headers=headers)


# --- bytes


@pytest.mark.parametrize("route", ["stream", "files"])
async def test_without_a_range_the_whole_file_comes(room, video, route):
    answer = await get(room, video, route=route)
    assert (answer.status_code, answer.content) == (200, VIDEO)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Length"] == str(len(VIDEO))
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [("bytes=0-99", 0, 100), ("bytes=100-", 100, 5120), ("bytes=-20", 5100, 5120), ("bytes=5000-9999", 5000, 5120)],
)
async def test_a_range_is_answered_with_exactly_those_bytes(room, video, wanted, start, end):
    answer = await get(room, video, Range=wanted)
    assert (answer.status_code, answer.content) == (206, VIDEO[start:end])
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/5120"
    assert answer.headers["Content-Length"] == str(end - start)


async def test_a_range_outside_the_file_is_416(room, video):
    answer = await get(room, video, Range="bytes=5120-")
    assert (answer.status_code, answer.json()) == (416, {"detail": "The file has no such range of bytes."})
    assert answer.headers["Content-Range"] == "bytes */5120"


async def test_several_ranges_bring_the_whole_file(room, video):
    answer = await get(room, video, Range="bytes=0-1,5-6")
    assert (answer.status_code, answer.content) == (200, VIDEO)


@pytest.mark.parametrize("route", ["stream", "files"])
async def test_head_answers_as_get_would_without_the_bytes(room, video, route):
    whole = await get(room, video, route=route, method="HEAD")
    assert (whole.status_code, whole.content, whole.headers["Content-Length"]) == (200, b"", "5120")
    part = await get(room, video, route=route, method="HEAD", Range="bytes=0-9")
    assert (part.status_code, part.content, part.headers["Content-Range"]) == (206, b"", "bytes 0-9/5120")


async def test_if_range_resumes_only_the_same_state_of_the_file(room, video):
    first = await get(room, video)
    for condition in (first.headers["ETag"], first.headers["Last-Modified"]):
        assert (await get(room, video, Range="bytes=0-9", **{"If-Range": condition})).status_code == 206
    os.utime(room.root / video, (1_700_000_000, 1_700_000_000))
    for condition in (first.headers["ETag"], first.headers["Last-Modified"], 'W/"x"'):
        again = await get(room, video, Range="bytes=0-9", **{"If-Range": condition})
        assert (again.status_code, again.content) == (200, VIDEO)


async def test_a_good_copy_is_not_sent_again(room, video):
    tag = (await get(room, video)).headers["ETag"]
    answer = await get(room, video, **{"If-None-Match": tag})
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)


async def test_an_empty_file_is_an_empty_answer(room, video):
    room.put_file(video, b"")
    assert ((await get(room, video)).status_code, (await get(room, video)).content) == (200, b"")
    assert (await get(room, video, Range="bytes=0-")).status_code == 416


async def test_a_file_of_several_blocks_comes_whole(room, video):
    content = os.urandom(3_500_000)
    room.put_file(video, content)
    assert (await get(room, video)).content == content
    assert (await get(room, video, Range="bytes=1000000-3000000")).content == content[1_000_000:3_000_001]


async def test_a_file_that_is_replaced_meanwhile_is_not_mixed(tmp_path):
    path = tmp_path / "v.mp4"
    path.write_bytes(b"a" * 3_000_000)
    response = FileRangeResponse(OpenFile(path), media_type="video/mp4")
    sent = []

    async def send(message):
        sent.append(message.get("body", b""))
        if len(sent) == 2:
            path.with_suffix(".new").write_bytes(b"b" * 3_000_000)
            path.with_suffix(".new").replace(path)

    await response({"type": "http", "method": "GET", "headers": []}, anyio.sleep_forever, send)
    assert b"".join(sent) == b"a" * 3_000_000


async def test_a_player_that_has_gone_ends_the_sending_and_the_file_is_closed(tmp_path):
    path = tmp_path / "v.mp4"
    path.write_bytes(bytes(50_000_000))
    file = OpenFile(path)
    gone, sent = anyio.Event(), 0

    async def receive():
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        nonlocal sent
        sent += len(message.get("body", b""))
        if sent > 2_000_000:
            gone.set()
        await anyio.sleep(0)

    await FileRangeResponse(file, media_type="video/mp4")(
        {"type": "http", "method": "GET", "headers": []}, receive, send
    )
    assert sent < 50_000_000
    with pytest.raises(OSError):
        os.fstat(file.descriptor)


# --- types


@pytest.mark.parametrize(
    ("name", "files_type", "stream_type"),
    [
        ("tracking_output.mp4", "video/mp4", "video/mp4"),
        ("analytics/possession_analysis_results.json", "application/json", "application/octet-stream"),
        ("heatmaps/heatmap.png", "image/png", "application/octet-stream"),
        ("tracks.csv", "text/csv; charset=utf-8", "application/octet-stream"),
        ("odd.bin", "application/octet-stream", "application/octet-stream"),
    ],
)
async def test_a_file_comes_with_its_type(room, video, name, files_type, stream_type):
    path = video.replace("tracking_output.mp4", name)
    room.put_file(path, b"1")
    assert (await get(room, path, route="files")).headers["Content-Type"] == files_type
    assert (await get(room, path, route="stream")).headers["Content-Type"] == stream_type


# --- paths (rule 6.7)


@pytest.mark.parametrize("route", ["stream", "files", "files/json"])
@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../x.json", "outputs/../media.key", "a\\b.json", "a\x00.json", "", "outputs//x.json", "./x"],
)
async def test_a_path_that_leads_elsewhere_is_400(room, route, path):
    answer = await get(room, path, route=route)
    assert (answer.status_code, answer.json()["detail"]) == (400, "Invalid path")


@pytest.mark.parametrize(
    "path",
    [
        "media.key",
        "touchline.db",
        "certs/private.json",
        "temp_uploads/other.mp4",
        "outputs/analysis_0198f0a2-5c1e-7a31-8f7e-2f6f0c1f7a10_20260101_000000/x.mp4",
        "x" * 3000,
        "outputs/" + "y" * 300,
    ],
)
async def test_what_belongs_to_no_run_in_scope_is_404(room, path):
    room.put_file("media.key", b"secret")
    room.put_file("certs/private.json", b"{}")
    answer = await get(room, path, route="files")
    assert (answer.status_code, answer.json()["detail"]) == (404, "File not found")


@pytest.mark.parametrize(
    "inside", ["positions/header.json", ".attempt-1/tracking_output.mp4", "x.mp4.part", "analytics"]
)
async def test_internal_files_and_folders_are_404(room, video, inside):
    path = video.replace("tracking_output.mp4", inside)
    room.put_file(path if inside != "analytics" else f"{path}/x.json", b"{}")
    assert (await get(room, path, route="files")).status_code == 404


async def test_a_missing_file_of_an_own_run_is_404(room, video):
    assert (await get(room, video.replace("tracking_output", "other"))).status_code == 404


async def test_a_link_that_leads_outside_the_runs_folder_is_refused(room, video, tmp_path):
    folder = (room.root / video).parent
    room.put_file("certs/private.pem", b"secret")
    (tmp_path / "outside.mp4").write_bytes(b"secret")
    theirs = await room.put_run(by="rival")
    for name, target in {
        "a.mp4": tmp_path / "outside.mp4",
        "b.mp4": room.root / "certs/private.pem",
        "c.mp4": room.root / f"temp_uploads/{theirs}_1.mp4",
    }.items():
        (folder / name).symlink_to(target)
        answer = await get(room, video.replace("tracking_output.mp4", name))
        assert (answer.status_code, answer.json()["detail"]) == (400, "Invalid path")
    (folder / "loop.mp4").symlink_to(folder / "loop.mp4")
    assert (await get(room, video.replace("tracking_output.mp4", "loop.mp4"))).status_code in (400, 404)


async def test_a_pipe_is_no_file(room, video):
    pipe = video.replace("tracking_output.mp4", "pipe.mp4")
    os.mkfifo(room.root / pipe)
    assert (await get(room, pipe)).status_code == 404


# --- people


@pytest.mark.parametrize("route", ["stream", "files", "files/json"])
@pytest.mark.parametrize(("by", "status"), [(None, 401), ("rival", 404), ("player", 200), ("boss", 200)])
async def test_files_are_for_those_who_may_see_the_run(room, video, route, by, status):
    path = video.replace(".mp4", ".json")
    room.put_file(path, b"{}")
    assert (await get(room, path, by=by, route=route)).status_code == status


async def test_without_any_token_the_answer_says_so(room, video):
    assert (await get(room, video, by=None)).json()["detail"] == "Missing token"


async def test_an_upload_is_a_file_of_its_run(room):
    run_id = await room.put_run(by="coach")
    assert (await get(room, f"temp_uploads/{run_id}_1.mp4")).status_code == 200
    assert (await get(room, f"temp_uploads/{run_id}_1.mp4", by="rival")).status_code == 404


async def test_an_upload_outlives_its_run_for_those_who_see_a_retry_of_it(room):
    old = await room.put_run(by="coach", status="FAILED")
    path = f"temp_uploads/{old}_1.mp4"
    await room.by("coach").post(f"/api/analysis/{old}/retry")
    await room.by("coach").delete(f"/api/analysis_history/{old}")
    assert (await get(room, path)).status_code == 200
    assert (await get(room, path, by="rival")).status_code == 404
    again = await room.by("coach", "classic").post(
        f"/api/matches/{room.match['derby']}/analyze", data={"video_path": path}
    )
    assert again.status_code == 200


async def test_a_token_in_the_query_counts_and_the_header_wins(room, video):
    async def ask(by, token):
        params = {"path": video, "access_token": token}
        return (await room.by(by).get("/api/analysis/stream", params=params)).status_code

    assert await ask(None, room.tokens["coach"]) == 200
    assert await ask(None, room.tokens["rival"]) == 404
    assert await ask(None, "nonsense") == 401
    assert await ask("coach", "nonsense") == 200
    assert await ask("rival", room.tokens["coach"]) == 404


# --- signed links


async def links_of(room, run_id, by="coach"):
    return (await room.by(by).get(f"/api/analysis/{run_id}/links")).json()


async def test_links_open_every_output_without_a_header(room):
    run_id = await room.put_run(status="COMPLETED")
    folder = output_folder(run_id, room.clock.now())
    outputs = {
        "tracking_video_path": f"{folder}/tracking_output.mp4",
        "tactical_advisory_path": f"{folder}/analytics/tactical_advisory.json",
    }
    for path in outputs.values():
        room.put_file(path, b"{}")
    async with room.database.begin() as db:
        from touchline.features.analysis.tables import analysis_runs

        await db.execute(analysis_runs.update().values(outputs={**outputs, "total_frames": 3}))
    sheet = await links_of(room, run_id)
    assert set(sheet["links"]) == {*outputs, "input_video_path"}
    assert sheet["expires_at"] == "2026-11-24T10:00:00Z"
    for url in sheet["links"].values():
        assert (await room.by(None).get(url)).status_code == 200
    assert "/api/analysis/files?" in sheet["links"]["tactical_advisory_path"]


async def test_a_link_is_good_for_its_path_its_time_and_its_person_only(room, video):
    run_id = video.split("_")[1]
    url = (await links_of(room, run_id))["links"]["input_video_path"]
    media = parse_qs(urlsplit(url).query)["media"][0]

    async def ask(path, **more):
        answer = await room.by(None).get("/api/analysis/stream", params={"path": path, "media": media, **more})
        return answer.status_code

    assert await ask(f"temp_uploads/{run_id}_1.mp4") == 200
    assert await ask(video) == 401
    assert await ask(f"temp_uploads/{run_id}_1.mp4", media=media[:-2]) == 401
    room.clock.pass_time(hours=1)
    assert await ask(f"temp_uploads/{run_id}_1.mp4") == 401


async def test_a_link_opens_no_other_route(room, video):
    run_id = video.split("_")[1]
    url = (await links_of(room, run_id))["links"]["input_video_path"]
    media = parse_qs(urlsplit(url).query)["media"][0]
    for route in (f"/api/analysis_status/{run_id}", "/api/analysis_history"):
        assert (
            await room.by(None).get(route, params={"media": media, "path": f"temp_uploads/{run_id}_1.mp4"})
        ).status_code == 401


async def test_a_link_ends_with_a_changed_password_and_with_the_account(room, video):
    from touchline.features.identity.tables import users

    run_id = video.split("_")[1]
    url = (await links_of(room, run_id))["links"]["input_video_path"]
    for change, status in (({"token_version": 1}, 401), ({"token_version": 0, "is_active": False}, 403)):
        async with room.database.begin() as db:
            await db.execute(users.update().where(users.c.id == room.people["coach"]).values(**change))
        assert (await room.by(None).get(url)).status_code == status


@pytest.mark.parametrize(("by", "status"), [(None, 401), ("rival", 404), ("player", 200)])
async def test_links_are_for_those_who_may_see_the_run(room, video, by, status):
    assert (await room.by(by).get(f"/api/analysis/{video.split('_')[1]}/links")).status_code == status


async def test_the_links_of_history_play(room):
    run_id = await room.put_run(status="COMPLETED")
    path = f"{output_folder(run_id, room.clock.now())}/tracking_output.mp4"
    room.put_file(path, VIDEO)
    async with room.database.begin() as db:
        from touchline.features.analysis.tables import analysis_runs

        await db.execute(analysis_runs.update().values(outputs={"tracking_video_path": path}))
    [run] = (await room.by("coach").get("/api/analysis_history")).json()
    assert (await room.by(None).get(run["outputs"]["output_video"])).content == VIDEO
    room.clock.at += timedelta(hours=2)
    assert (await room.by(None).get(run["outputs"]["output_video"])).status_code == 401


# --- JSON


async def test_a_json_artefact_is_answered_as_json(room, video):
    path = video.replace("tracking_output.mp4", "analytics/tactical_advisory.json")
    room.put_file(path, json.dumps({"advisories": []}).encode())
    answer = await get(room, path, route="files/json")
    assert (answer.status_code, answer.json()) == (200, {"advisories": []})
    assert answer.headers["Content-Type"] == "application/json"


async def test_only_names_that_end_in_json_are_shown_as_json(room, video):
    assert (await get(room, video, route="files/json")).status_code == 400


@pytest.mark.parametrize("content", [b"", b"{", b'{"a": NaN}', b"\xff\xfe", b"[" * 100_000])
async def test_what_is_not_json_is_422(room, video, content):
    path = video.replace(".mp4", ".json")
    room.put_file(path, content)
    assert (await get(room, path, route="files/json")).status_code == 422


async def test_a_large_artefact_is_judged_by_its_ends(room, video):
    path = video.replace(".mp4", ".json")
    room.put_file(path, b'{"frames":"' + b"x" * (33 << 20) + b'"}\n')
    assert (await get(room, path, route="files/json", method="GET", Range="bytes=0-9")).status_code == 206
    room.put_file(path, b"x" * (33 << 20))
    assert (await get(room, path, route="files/json")).status_code == 422
