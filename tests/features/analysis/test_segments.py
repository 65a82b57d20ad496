"""Segments over REST, on both apps."""

import pytest

pytestmark = pytest.mark.anyio

APPS = ["analysis", "classic"]


@pytest.mark.parametrize("app", APPS)
async def test_a_runs_segments_come_by_index(room, app):
    run_id = await room.put_run()
    for index in (2, 0, 1):
        await room.put_segment(run_id, index)
    shown = (await room.by("player", app).get(f"/api/analysis/{run_id}/segments")).json()
    assert (shown["analysis_id"], shown["count"]) == (run_id, 3)
    assert [segment["segment_index"] for segment in shown["segments"]] == [0, 1, 2]
    first = shown["segments"][0]
    assert first["analysis_json"] == {"team_a": {"width": 40.5}, "team_b": {}, "team_a_tags": [], "team_b_tags": []}
    assert (first["severity_score"], first["start_sec"], first["status"]) == (0.25, 0.0, "COMPLETED")
    assert first["created_at"].endswith("Z")


@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize(("by", "status"), [(None, 401), ("rival", 404), ("player", 200)])
async def test_segments_are_for_those_who_may_see_run_or_match(room, app, by, status):
    run_id = await room.put_run()
    match_id = (await room.run(run_id))["match_id"]
    assert (await room.by(by, app).get(f"/api/analysis/{run_id}/segments")).status_code == status
    assert (await room.by(by, app).get(f"/api/matches/{match_id}/segments")).status_code == status


@pytest.mark.parametrize("app", APPS)
async def test_a_match_shows_the_newest_run_of_each_part(room, app):
    derby = room.match["derby"]
    runs = {}
    for name, part in (("old whole", "whole"), ("old first", "first"), ("second", "second"), ("first", "first")):
        runs[name] = await room.put_run(match_id=derby, part=part)
        await room.put_segment(runs[name], 0)
        await room.put_segment(runs[name], 1)
        room.clock.pass_time(minutes=1)
    await room.put_run(match_id=derby, part="first")  # newest of all, but nothing stored yet
    client, path = room.by("player", app), f"/api/matches/{derby}/segments"
    shown = (await client.get(path)).json()
    order = [(segment["analysis_id"], segment["segment_index"]) for segment in shown["segments"]]
    assert order == [(runs[name], index) for name in ("old whole", "first", "second") for index in (0, 1)]
    assert (shown["match_id"], shown["count"]) == (derby, 6)

    newest = await room.put_run(match_id=derby, part="whole")
    await room.put_segment(newest, 0)
    assert [s["analysis_id"] for s in (await client.get(path)).json()["segments"]] == [newest]
    one = (await client.get(path, params={"run_id": runs["old first"]})).json()
    assert {segment["analysis_id"] for segment in one["segments"]} == {runs["old first"]}
    assert (await client.get(path, params={"all": "true"})).json()["count"] == 9


async def test_segments_come_in_pages(room):
    derby = room.match["derby"]
    runs = [await room.put_run(match_id=derby, part=part) for part in ("second", "first")]
    for run_id in runs:
        for index in (1, 0):
            await room.put_segment(run_id, index)
    client = room.by("player")
    page = await client.get(f"/api/matches/{derby}/segments?limit=2&offset=1")
    assert [(s["analysis_id"], s["segment_index"]) for s in page.json()["segments"]] == [(runs[1], 1), (runs[0], 0)]
    assert (page.json()["count"], page.headers["X-Total-Count"]) == (2, "4")
    page = await client.get(f"/api/analysis/{runs[0]}/segments?offset=1")
    assert [segment["segment_index"] for segment in page.json()["segments"]] == [1]
    assert page.headers["X-Total-Count"] == "2"
    assert (await client.get(f"/api/analysis/{runs[0]}/segments?limit=501")).status_code == 422


async def test_a_run_of_another_match_is_not_shown_for_this_one(room):
    other = await room.put_run()
    path = f"/api/matches/{room.match['derby']}/segments"
    assert (await room.by("coach").get(path, params={"run_id": other})).status_code == 404
    assert (await room.by("coach").get(path, params={"run_id": "x"})).status_code == 404


async def test_a_match_without_runs_has_no_segments(room):
    shown = (await room.by("player").get(f"/api/matches/{room.match['derby']}/segments")).json()
    assert shown == {"match_id": room.match["derby"], "segments": [], "count": 0}


@pytest.mark.parametrize("match", ["theirs", "nonsense"])
async def test_segments_of_a_match_out_of_scope_are_not_found(room, match):
    path = f"/api/matches/{room.match.get(match, match)}/segments"
    assert (await room.by("coach").get(path)).status_code == 404


@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize(
    ("by", "status"), [(None, 401), ("player", 403), ("rival", 404), ("analyst", 403), ("coach", 200), ("boss", 200)]
)
async def test_only_uploader_and_manager_remove_segments(room, app, by, status):
    run_id = await room.put_run(by="coach", match_id=room.match["derby"])
    await room.put_segment(run_id, 0)
    answer = await room.by(by, app).delete(f"/api/analysis/{run_id}/segments")
    assert answer.status_code == status
    if status == 200:
        assert answer.json() == {"analysis_id": run_id, "deleted": 1}
    left = (await room.by("coach").get(f"/api/analysis/{run_id}/segments")).json()["count"]
    assert left == (0 if status == 200 else 1)


@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize(
    ("by", "status", "deleted"),
    [(None, 401, 0), ("player", 403, 0), ("rival", 404, 0), ("coach", 200, 2), ("analyst", 200, 1), ("boss", 200, 3)],
)
async def test_of_a_match_everybody_removes_what_he_may_change(room, app, by, status, deleted):
    derby = room.match["derby"]
    for person, count in (("coach", 2), ("analyst", 1)):
        run_id = await room.put_run(by=person, match_id=derby)
        for index in range(count):
            await room.put_segment(run_id, index)
    answer = await room.by(by, app).delete(f"/api/matches/{derby}/segments")
    assert answer.status_code == status
    if status == 200:
        assert answer.json() == {"match_id": derby, "deleted": deleted}
    left = (await room.by("boss").get(f"/api/matches/{derby}/segments", params={"all": "true"})).json()["count"]
    assert left == 3 - deleted


async def test_who_may_change_none_of_a_matchs_runs_is_told_so(room):
    run_id = await room.put_run(by="coach", match_id=room.match["derby"])
    await room.put_segment(run_id, 0)
    assert (await room.by("analyst").delete(f"/api/matches/{room.match['derby']}/segments")).status_code == 403
