"""Clips of matches over HTTP."""

import pytest

from factories import a_match, an_owner
from houses import CLASSIC, client_of
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

ROOT = "/api/video_segments"


async def post(game, who=None, **fields):
    body = {"match_id": game.match_id, "start_time_sec": 10, "end_time_sec": 20.5, **fields}
    return await game.client.post(ROOT, json=body, headers=(who or game.owner).headers)


async def an_event(game, who=None, match_id=None) -> str:
    body = {"match_id": match_id or game.match_id, "event_type": "goal", "minute": 10}
    answer = await game.client.post("/api/match_events", json=body, headers=(who or game.owner).headers)
    return answer.json()["id"]


async def a_report(game, who=None, match_id=None) -> str:
    body = {"match_id": match_id or game.match_id}
    answer = await game.client.post("/api/analysis_reports", json=body, headers=(who or game.owner).headers)
    return answer.json()["id"]


async def test_a_clip_comes_back_as_it_was_written(game):
    event_id, report_id = await an_event(game), await a_report(game)
    answer = await post(
        game,
        game.analyst,
        event_id=event_id,
        analysis_report_id=report_id,
        description="Corner, cleared",
        video_url="https://video.example.org/a%20b.mp4?t=3",
    )
    clip = answer.json()
    assert answer.status_code == 200
    assert clip == {
        "id": clip["id"],
        "match_id": game.match_id,
        "event_id": event_id,
        "analysis_report_id": report_id,
        "start_time_sec": 10.0,
        "end_time_sec": 20.5,
        "description": "Corner, cleared",
        "video_url": "https://video.example.org/a%20b.mp4?t=3",
    }
    assert (await game.client.get(f"{ROOT}/{clip['id']}", headers=game.player.headers)).json() == clip
    bare = (await post(game, event_id="", description=" ", video_url="")).json()
    assert (bare["event_id"], bare["description"], bare["video_url"]) == (None, None, None)


async def test_clips_are_listed_by_start(game):
    late, early = [(await post(game, start_time_sec=start)).json()["id"] for start in (15, 2)]
    await post(game, game.rival, match_id=game.rivals_match_id)
    for query in (f"?match_id={game.match_id}", ""):
        answer = await game.client.get(f"{ROOT}{query}", headers=game.player.headers)
        assert [clip["id"] for clip in answer.json()] == [early, late]
    page = await game.client.get(f"{ROOT}?limit=1&offset=1", headers=game.player.headers)
    assert ([clip["id"] for clip in page.json()], page.headers["X-Total-Count"]) == ([late], "2")
    foreign = await game.client.get(f"{ROOT}?match_id={game.match_id}", headers=game.rival.headers)
    assert (foreign.status_code, foreign.json()) == (200, [])


async def test_event_and_report_of_a_clip_are_of_its_match(game):
    other = await a_match(game.house, game.owner)
    wrong = [
        {"event_id": await an_event(game, match_id=other)},
        {"event_id": await an_event(game, game.rival, game.rivals_match_id)},
        {"event_id": new_id()},
        {"analysis_report_id": await a_report(game, match_id=other)},
        {"analysis_report_id": await a_report(game, game.rival, game.rivals_match_id)},
        {"analysis_report_id": new_id()},
    ]
    clip = (await post(game)).json()
    for fields in wrong:
        assert (await post(game, **fields)).status_code == 404
        changed = await game.client.put(f"{ROOT}/{clip['id']}", json=fields, headers=game.owner.headers)
        assert changed.status_code == 404
    assert (await game.client.get(ROOT, headers=game.owner.headers)).json() == [clip]


async def test_a_clip_outlives_event_and_report(game):
    event_id, report_id = await an_event(game), await a_report(game)
    clip = (await post(game, event_id=event_id, analysis_report_id=report_id)).json()
    await game.client.delete(f"/api/match_events/{event_id}", headers=game.owner.headers)
    await game.client.delete(f"/api/analysis_reports/{report_id}", headers=game.owner.headers)
    left = (await game.client.get(f"{ROOT}/{clip['id']}", headers=game.owner.headers)).json()
    assert left == {**clip, "event_id": None, "analysis_report_id": None}


async def test_a_clip_is_changed_in_part_and_keeps_its_order(game):
    clip = (await post(game, description="First")).json()
    path = f"{ROOT}/{clip['id']}"

    async def change(**changes):
        return await game.client.put(path, json=changes, headers=game.analyst.headers)

    answer = await change(**{**clip, "end_time_sec": 30})
    assert (answer.status_code, answer.json()) == (200, {**clip, "end_time_sec": 30.0})
    for fields in ({"start_time_sec": 30}, {"end_time_sec": 9.5}):
        refused = await change(**fields)
        assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, ["body", "end_time_sec"])
    assert (await change(match_id=game.rivals_match_id)).status_code == 404
    assert (await change(match_id=await a_match(game.house, game.owner))).status_code == 422
    assert (await change(description=None)).json() == {**clip, "end_time_sec": 30.0, "description": None}


async def test_another_clubs_clips_are_as_good_as_absent(game):
    clip = (await post(game)).json()
    for method, body in (("GET", None), ("PUT", {"start_time_sec": 1}), ("DELETE", None)):
        for path in (f"{ROOT}/{clip['id']}", f"{ROOT}/{new_id()}"):
            answer = await game.client.request(method, path, json=body, headers=game.rival.headers)
            assert (answer.status_code, answer.json()) == (404, {"detail": "Clip not found."})
    assert (await post(game, game.rival)).status_code == 404
    assert (await game.client.get(ROOT, headers=game.owner.headers)).json() == [clip]


async def test_who_may_write_clips(game):
    clip = (await post(game)).json()
    for method, path in (("POST", ROOT), ("PUT", f"{ROOT}/{clip['id']}"), ("DELETE", f"{ROOT}/{clip['id']}")):
        assert (await game.client.request(method, path, json=clip)).status_code == 401
        assert (await game.client.request(method, path, json=clip, headers=game.player.headers)).status_code == 403
        assert (await game.client.request(method, path, json=clip, headers=game.analyst.headers)).status_code == 200
    assert (await game.client.get(ROOT)).status_code == 401


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"start_time_sec": 20.5}, "end_time_sec"),
        ({"end_time_sec": 5}, "end_time_sec"),
        ({"start_time_sec": -1}, "start_time_sec"),
        ({"start_time_sec": False}, "start_time_sec"),
        ({"end_time_sec": "Infinity"}, "end_time_sec"),
        ({"end_time_sec": 1e12}, "end_time_sec"),
        ({"start_time_sec": None}, "start_time_sec"),
        ({"description": "x" * 256}, "description"),
        ({"description": "\x00"}, "description"),
        ({"video_url": "javascript:alert(1)"}, "video_url"),
        ({"video_url": "file:///etc/passwd"}, "video_url"),
        ({"video_url": "//evil.example.org/a.mp4"}, "video_url"),
        ({"video_url": "temp_uploads/../../secret"}, "video_url"),
        ({"video_url": "http://"}, "video_url"),
        ({"video_url": "http://[::1"}, "video_url"),
        ({"video_url": "https://x.org/" + "a" * 250}, "video_url"),
        ({"match_id": None}, "match_id"),
    ],
)
async def test_clips_that_make_no_sense_are_refused(small_house, changes, field):
    owner = await an_owner(small_house)
    body = {"match_id": await a_match(small_house, owner), "start_time_sec": 10, "end_time_sec": 20.5}
    async with client_of(small_house.app(*CLASSIC)) as client:
        made = (await client.post(ROOT, json=body, headers=owner.headers)).json()
        for method, path in (("POST", ROOT), ("PUT", f"{ROOT}/{made['id']}")):
            answer = await client.request(method, path, json={**body, **changes}, headers=owner.headers)
            assert (answer.status_code, answer.json()["detail"].split(":")[0]) == (422, f"`{field}`")
        assert (await client.get(ROOT, headers=owner.headers)).json() == [made]


@pytest.mark.parametrize(
    "url", ["temp_uploads/a_1.mp4", "/static/clips/goal 1.mp4", "HTTP://video.example.org/نادي.mp4"]
)
async def test_a_clip_may_name_a_web_address_or_a_path_on_this_server(small_house, url):
    owner = await an_owner(small_house)
    body = {"match_id": await a_match(small_house, owner), "start_time_sec": 0, "end_time_sec": 1, "video_url": url}
    async with client_of(small_house.app(*CLASSIC)) as client:
        answer = await client.post(ROOT, json=body, headers=owner.headers)
    assert (answer.status_code, answer.json()["video_url"]) == (200, url)
