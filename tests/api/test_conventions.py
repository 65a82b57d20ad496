"""What holds on every route: trailing slashes, headers of the mobile client, paging, browsers, and the form of errors."""

import pytest

from api.club import a_club
from api.valid import NO_BODY, content, row_ids
from api.walk import doors

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json; charset=UTF-8"}
LISTS = {
    "/api/users", "/api/teams", "/api/staff", "/api/players", "/api/events", "/api/formations", "/api/matches",
    "/api/match_events", "/api/match_lineups", "/api/player_match_statistics",
    "/api/player_match_statistics/player/{}", "/api/matches/{}/notes", "/api/reunions", "/api/training_sessions",
    "/api/video_segments", "/api/analysis_reports", "/api/analysis_history", "/api/matches/{}/alerts",
    "/api/matches/{}/tracking-profiles", "/api/api/matches/{}/tracking-profiles",
}  # fmt: skip
UNPAGED = {"/api/matches/{}/team_statistics": "at most one row a side"}
ENDLESS = "/segments/stream"  # read by tests of their own
BARE = {"/docs", "/docs/oauth2-redirect", "/openapi.json", "/", "/metrics"}


def _reads(whole):
    for door in doors(whole.apps):
        if door.method == "GET" and not door.path.startswith("/static") and not door.path.endswith(ENDLESS):
            yield door


async def test_every_path_is_served_with_a_trailing_slash_too(whole):
    club = await a_club(whole, "amber")
    for door in doors(whole.apps):
        if door.method in {"WS", "HEAD"} or door.path.startswith("/static") or door.path in BARE:
            continue
        client = await whole.client(door.app)
        answer = await client.request(door.method, door.at(**row_ids(club, door)) + "/")
        assert answer.status_code in {200, 307, 401, 422}, door
        if answer.status_code == 307:
            assert answer.headers["Location"].removeprefix("http://touchline.test") == door.at(**row_ids(club, door))


async def test_a_name_with_a_slash_behind_it_is_the_same_name(whole):
    club = await a_club(whole, "amber")
    client = await whole.client(token=club.owner.token)
    answer = await client.get("/api/teams/by_name/amber Rovers/", follow_redirects=True)
    assert answer.json()["id"] == club.ids["team"]


async def test_a_body_follows_the_redirect(whole):
    club = await a_club(whole, "amber")
    client = await whole.client(token=club.owner.token)
    answer = await client.post("/api/events/", json={"name": "Plate"}, follow_redirects=True)
    assert answer.json()["name"] == "Plate"


async def test_reads_and_deletes_carry_the_clients_json_header_without_harm(whole):
    club = await a_club(whole, "amber")
    for door in doors(whole.apps):
        if door.method not in {"GET", "DELETE"} or door.path.endswith(ENDLESS) or door.path.startswith("/static"):
            continue
        client = await whole.client(door.app, token=club.owner.token)
        for body in (b"", b"null"):
            answer = await client.request(
                door.method,
                door.at(**row_ids(club, door)),
                headers=JSON,
                content=body,
                params=content(club, door).get("params"),
            )
            assert answer.status_code not in {400, 415, 422}, (door, answer.text)


async def test_a_post_without_a_payload_may_say_null_or_nothing(whole):
    club = await a_club(whole, "amber")
    for door in doors(whole.apps):
        if (door.method, door.shape) not in NO_BODY:
            continue
        client = await whole.client(door.app, token=club.owner.token)
        for body in (b"null", b"", b"{}"):
            answer = await client.post(
                door.at(**row_ids(club, door)),
                headers=JSON,
                content=body,
                params=content(club, door).get("params"),
            )
            assert answer.status_code < 500, door
            assert answer.status_code not in {415, 422}, (door, body, answer.text)


async def test_every_list_counts_its_rows_and_comes_in_pages(whole):
    club = await a_club(whole, "amber")
    seen = set()
    for door in _reads(whole):
        client = await whole.client(door.app, token=club.owner.token)
        path, asked = door.at(**row_ids(club, door)), content(club, door).get("params", {})
        answer = await client.get(path, params=asked)
        is_list = answer.headers["Content-Type"].startswith("application/json") and isinstance(answer.json(), list)
        if not is_list or door.shape in UNPAGED:
            continue
        seen.add(door.shape)
        whole_list = answer.json()
        assert answer.headers["X-Total-Count"] == str(len(whole_list)), door
        one = await client.get(path, params={**asked, "limit": 1})
        assert (one.headers["X-Total-Count"], one.json()) == (str(len(whole_list)), whole_list[:1]), door
        rest = await client.get(path, params={**asked, "offset": 1})
        assert rest.json() == whole_list[1:], door
        assert rest.headers["X-Total-Count"] == str(len(whole_list)), door
        beyond = await client.get(path, params={**asked, "offset": 400})
        assert (beyond.json(), beyond.headers["X-Total-Count"]) == ([], str(len(whole_list))), door
        for bad in ({"limit": 0}, {"limit": 501}, {"offset": -1}, {"limit": "x"}):
            refused = await client.get(path, params={**asked, **bad})
            assert refused.status_code == 422, (door, bad)
    assert seen == LISTS


@pytest.mark.parametrize("app", ["classic", "analysis"])
async def test_a_browser_may_ask_from_anywhere(whole, app):
    client = await whole.client(app)
    asked = {
        "Origin": "https://club.example",
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": "authorization,content-type,range,last-event-id,cache-control",
    }
    for door in doors(whole.apps):
        if door.app == app and door.method == "GET" and not door.parameters:
            answer = await client.options(door.path, headers=asked)
            assert answer.status_code == 200, door
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert "DELETE" in answer.headers["Access-Control-Allow-Methods"]
    plain = await client.get("/health", headers={"Origin": "https://club.example"})
    shown = plain.headers["Access-Control-Expose-Headers"]
    assert {"Content-Range", "Accept-Ranges", "Content-Length", "X-Total-Count"} <= set(shown.split(", "))
    assert "Access-Control-Allow-Credentials" not in plain.headers


async def test_where_files_are_served_they_can_be_asked_about(whole):
    club = await a_club(whole, "amber")
    client = await whole.client("analysis", token=club.owner.token)
    for path in ("/api/analysis/files", "/api/analysis/stream"):
        got = await client.get(path, params={"path": club.paths["run_video"]})
        asked = await client.head(path, params={"path": club.paths["run_video"]})
        assert (got.status_code, asked.status_code, asked.content) == (200, 200, b"")
        assert asked.headers["Content-Length"] == str(len(got.content))


async def test_every_refusal_says_why_in_a_string(whole):
    club = await a_club(whole, "amber")
    for door in doors(whole.apps):
        if door.method in {"WS", "HEAD"} or door.path.endswith(ENDLESS) or door.path in BARE:
            continue
        for token in (None, "not.a.token", club.owner.token):
            client = await whole.client(door.app, token=token)
            unknown = dict.fromkeys(door.parameters, "unknown")
            answer = await client.request(
                door.method, door.at(**unknown), headers=JSON, content=b"[]" if door.method in {"POST", "PUT"} else b""
            )
            if answer.status_code >= 400:
                assert isinstance(answer.json()["detail"], str), door
                assert answer.json()["detail"], door
            if answer.status_code == 401:
                assert answer.headers["WWW-Authenticate"] == "Bearer", door
            if answer.status_code == 422:
                assert answer.json()["errors"], door


@pytest.mark.parametrize("app", ["classic", "analysis"])
async def test_unknown_paths_and_wrong_methods_are_refused_in_the_same_form(whole, app):
    client = await whole.client(app)
    unknown = await client.get("/api/nothing/here")
    wrong = await client.patch("/health")
    assert (unknown.status_code, wrong.status_code) == (404, 405)
    assert isinstance(unknown.json()["detail"], str)
    assert isinstance(wrong.json()["detail"], str)


async def test_the_doubled_prefix_is_the_same_door(whole):
    club = await a_club(whole, "amber")
    for app in whole.apps:
        client = await whole.client(app, token=club.owner.token)
        for path in (f"/tracking-profiles/{club.ids['profile']}", f"/matches/{club.ids['match']}/tracking-profiles"):
            once, twice = await client.get("/api" + path), await client.get("/api/api" + path)
            assert once.status_code == 200
            assert (once.json(), once.headers.get("X-Total-Count")) == (
                twice.json(),
                twice.headers.get("X-Total-Count"),
            )
