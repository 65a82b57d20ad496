"""Two clubs: whatever somebody of one asks for with ids of the other looks exactly as if those ids did not exist."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from api.club import Club, a_club
from api.stored import rows
from api.valid import content, row_ids
from api.walk import Door, doors
from live import LiveSocket
from touchline.foundation.http.requirement import PUBLIC, requirements_of
from touchline.foundation.ids import new_id
from whole import Whole

pytestmark = pytest.mark.anyio

WORD = "amberword"
EVERYBODY = ("account_manager", "coach", "assistant_coach", "analyst", "player", "teamless", None)
QUERIES = ("match_id", "team_id", "event_id", "run_id", "player_id", "user_id", "path", "id")
# What a body may name besides its own fields, in case somebody trusts it.
SMUGGLED = (
    "team_id", "match_id", "player_id", "formation_id", "event_id", "analysis_report_id", "user_id", "home_team_id",
    "away_team_id", "team_a_id", "team_b_id", "decision_id", "id", "owner_id", "created_by", "generated_by",
    "organisation_id", "profile_id", "run_id",
)  # fmt: skip
KIND = {
    "team_id": "team", "match_id": "match", "player_id": "player", "formation_id": "formation",
    "event_id": "competition", "analysis_report_id": "report", "user_id": "user", "home_team_id": "team",
    "away_team_id": "opponent", "team_a_id": "team", "team_b_id": "opponent", "decision_id": "decision_id",
    "id": "player", "owner_id": "user", "created_by": "user", "generated_by": "user", "organisation_id": "user",
    "profile_id": "profile", "run_id": "run",
}  # fmt: skip


def a_stranger_like(club: Club) -> Club:
    """The same kinds of ids and paths, but nothing has them."""
    ids = {kind: new_id() for kind in club.ids}
    paths = {
        kind: path.replace(club.ids[run], ids[run])
        for run in ("run", "active_run", "adhoc_run")
        for kind, path in club.paths.items()
        if club.ids[run] in path
    }
    return Club("nobodysword", people=club.people, ids=ids, paths=paths)


class Sweep:
    """Calls as somebody of `ours`, with ids of `theirs`, and compares with ids that nothing has."""

    def __init__(self, whole: Whole, ours: Club, theirs: Club) -> None:
        self.whole, self.ours, self.theirs = whole, ours, theirs
        self.nobody = a_stranger_like(theirs)
        self.their_ids = set(filter(None, theirs.ids.values())) | {person.user_id for person in theirs.people.values()}
        self.calls = 0

    async def ask(self, role: str | None, door: Door, path: str, asked: dict[str, Any]) -> tuple[int, Any, str]:
        client = await self.whole.client(door.app, token=self.ours.people[role].token if role else None)
        async with asyncio.timeout(20):  # a stream that opened would go on
            answer = await client.request(door.method, path, **asked)
        self.calls += 1
        sent = path + str(asked)
        assert WORD not in answer.text.lower(), (role, str(door), answer.text)
        leaked = {one for one in self.their_ids if one in answer.text and one not in sent}
        assert not leaked, (role, str(door), answer.text)
        return answer.status_code, answer.text, answer.headers.get("X-Total-Count", "")

    async def both(self, role: str | None, door: Door, theirs: dict[str, Any], nobodys: dict[str, Any]) -> int:
        """The same call with their ids and with nobody's; the answers must not differ. Returns the status."""
        status, body, total = await self.ask(role, door, theirs.pop("path"), theirs)
        other, other_body, other_total = await self.ask(role, door, nobodys.pop("path"), nobodys)
        if status < 400 and door.method != "GET":
            # A field that the door ignores; what was written may stand in the way of the second call, no more.
            assert other < 400 or other == 409, (role, str(door), body, other_body)
            return status
        assert (status, total) == (other, other_total), (role, str(door), body, other_body)
        if status >= 400:
            assert body == other_body, (role, str(door))
        return status


def _is_public(door: Door) -> bool:
    return requirements_of(door.route) <= {PUBLIC}


def _asked(club: Club, owner_word: str, door: Door, ids: dict[str, str]) -> dict[str, Any]:
    return {"path": door.at(**ids), **content(replace(club, word=owner_word), door)}


@pytest.fixture
async def sweep(whole):
    theirs = await a_club(whole, WORD)
    return Sweep(whole, await a_club(whole, "cobalt"), theirs)


async def _their_rows(sweep: Sweep) -> dict[Any, Any]:
    """Rows that name anything of theirs."""
    marks = sweep.their_ids | {WORD}
    return {
        key: row
        for key, row in (await rows(sweep.whole.house.database)).items()
        if any(mark in str(row) for mark in marks)
    }


async def _sweep_paths(sweep: Sweep, roles: tuple[str | None, ...]) -> None:
    before = await _their_rows(sweep)
    for door in doors(sweep.whole.apps):
        if door.method == "WS" or _is_public(door):
            continue
        for role in roles:
            status = await sweep.both(
                role,
                door,
                _asked(sweep.theirs, f"visitor{sweep.calls}", door, row_ids(sweep.theirs, door)),
                _asked(sweep.nobody, f"visitor{sweep.calls}x", door, row_ids(sweep.nobody, door)),
            )
            if role is None:
                assert status == 401, door
            elif door.parameters:
                assert status in {403, 404}, (role, str(door), status)
    assert await _their_rows(sweep) == before


async def test_paths_with_the_other_clubs_ids(sweep):
    await _sweep_paths(sweep, EVERYBODY)


async def test_paths_with_the_other_clubs_ids_on_every_database(whole_anywhere):
    theirs = await a_club(whole_anywhere, WORD)
    sweep = Sweep(whole_anywhere, await a_club(whole_anywhere, "cobalt"), theirs)
    await _sweep_paths(sweep, ("account_manager", "coach"))


async def test_bodies_that_name_the_other_clubs_ids(sweep):
    before = await _their_rows(sweep)
    for door in doors(sweep.whole.apps):
        if door.method not in {"POST", "PUT"} or _is_public(door):
            continue
        if "json" not in content(sweep.ours, door):
            continue
        path = door.at(**row_ids(sweep.ours, door))
        for name in SMUGGLED:
            # What a door reads is tried by two; what it should not even read, by the mightiest.
            for role in ("coach", "account_manager") if name in _body(sweep, door, "") else ("account_manager",):
                theirs, nobodys = (
                    {"path": path, "json": {**_body(sweep, door, word), name: club.ids[KIND[name]]}}
                    for word, club in (("x", sweep.theirs), ("y", sweep.nobody))
                )
                await sweep.both(role, door, theirs, nobodys)
    assert await _their_rows(sweep) == before


def _body(sweep: Sweep, door: Door, word: str) -> dict[str, Any]:
    """A good body of ours whose unique texts were not used before."""
    body: dict[str, Any] = content(replace(sweep.ours, word=f"{word}{sweep.calls}"), door)["json"]
    return body


async def test_forms_that_name_the_other_clubs_ids_and_uploads(sweep):
    before = await _their_rows(sweep)
    client = await sweep.whole.client("analysis", token=sweep.ours.people["coach"].token)
    for club in (sweep.theirs, sweep.nobody):
        form = content(sweep.ours, _door(sweep, "POST", "/api/analyze_match"))
        answer = await client.post("/api/analyze_match", data={"match_id": club.ids["match"]}, **form)
        assert answer.status_code == 404, club.word
    client = await sweep.whole.client("classic", token=sweep.ours.people["coach"].token)
    answers = [
        await client.post(
            f"/api/matches/{sweep.ours.ids['match']}/analyze",
            data={"video_path": club.paths["run_upload"]},
            files={"other": ("x", b"")},
        )
        for club in (sweep.theirs, sweep.nobody)
    ]
    assert answers[0].status_code in {400, 404}, answers[0].text
    assert answers[0].text == answers[1].text
    assert await _their_rows(sweep) == before
    for club in (sweep.theirs, sweep.nobody):
        shown = await client.get("/api/decision/metrics", params={"match_id": club.ids["match"]})
        assert shown.status_code in {200, 404}


async def test_queries_that_name_the_other_clubs_ids(sweep):
    for door in doors(sweep.whole.apps):
        if door.method != "GET" or _is_public(door) or door.path.endswith("/stream") or "by_name" in door.path:
            continue
        path = door.at(**row_ids(sweep.ours, door))
        for name in QUERIES:
            kind = "run_video" if name == "path" else KIND[name]
            ids = [(club.paths if name == "path" else club.ids)[kind] for club in (sweep.theirs, sweep.nobody)]
            usual = content(sweep.ours, door).get("params", {})
            is_read = name in {one.alias for one in door.route.dependant.query_params}
            for role in ("account_manager", "coach", "teamless") if is_read else ("account_manager",):
                theirs, nobodys = ({"path": path, "params": {**usual, name: one}} for one in ids)
                await sweep.both(role, door, theirs, nobodys)


async def test_files_of_the_other_club_are_not_found_by_any_way(sweep):
    for role in EVERYBODY[:-1]:
        client = await sweep.whole.client("analysis", token=sweep.ours.people[role].token)
        for kind, path in sweep.theirs.paths.items():
            for place in ("files", "stream", "files/json"):
                if place == "files/json" and not path.endswith(".json"):
                    continue
                for method in ("GET", "HEAD") if place != "files/json" else ("GET",):
                    for headers in ({}, {"Range": "bytes=0-10"}):
                        answer = await client.request(
                            method, f"/api/analysis/{place}", params={"path": path}, headers=headers
                        )
                        assert answer.status_code == 404, (role, kind, place)
    # A signed link of ours opens neither their files nor anything else of ours than what it was made for.
    ours = await sweep.whole.client("analysis", token=sweep.ours.owner.token)
    links = (await ours.get(f"/api/analysis/{sweep.ours.ids['run']}/links")).json()["links"]
    link = links["tracking_video_path"]
    nobody = await sweep.whole.client("analysis")
    token = link.split("media=")[1].split("&")[0]
    assert (await nobody.get(link)).status_code == 200
    for path in sweep.theirs.paths.values():
        answer = await nobody.get("/api/analysis/files", params={"path": path, "media": token})
        assert answer.status_code in {401, 403, 404}
        assert WORD not in answer.text


async def test_sockets_of_the_other_club_stay_shut(sweep):
    app = sweep.whole.apps["classic"]
    for kind in ("match", "spare_match", "adhoc_run_match"):
        for role in EVERYBODY:
            codes = []
            for club in (sweep.theirs, sweep.nobody):
                headers = sweep.ours.people[role].headers if role else {}
                async with LiveSocket(app, f"/ws/alerts/{club.ids[kind]}", headers=headers) as socket:
                    codes.append((socket.accepted, socket.code))
            assert codes[0] == codes[1]
            assert codes[0][0] is False, role


async def test_lists_hold_nothing_of_the_other_club(sweep):
    for door in doors(sweep.whole.apps):
        if door.method != "GET" or door.path.endswith("/stream") or door.path.startswith("/static"):
            continue
        for role in EVERYBODY:
            await sweep.ask(role, door, door.at(**row_ids(sweep.ours, door)), content(sweep.ours, door))


async def test_the_own_club_does_see_all_of_it(sweep):
    """So that the sweep cannot pass by showing nobody anything."""
    seen = set()
    for door in doors(sweep.whole.apps):
        if door.method != "GET" or _is_public(door) or door.path.endswith("/stream"):
            continue
        client = await sweep.whole.client(door.app, token=sweep.theirs.owner.token)
        answer = await client.get(door.at(**row_ids(sweep.theirs, door)), **content(sweep.theirs, door))
        assert answer.status_code == 200, (str(door), answer.text)
        if WORD in answer.text:
            seen.add(door.shape)
    assert len(seen) > 35, seen


def _door(sweep: Sweep, method: str, shape: str) -> Door:
    return next(door for door in doors(sweep.whole.apps) if (door.method, door.shape) == (method, shape))
