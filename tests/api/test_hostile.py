"""Whatever is sent to any door, no answer is a bug of ours, and what is refused leaves nothing behind.

The doors come from the running applications; the client fails the test on a failure that no route declares.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import httpx2
import pytest

from api import hostile
from api.club import Club, a_club
from api.valid import UPLOADS, content, row_ids
from api.walk import Door, doors
from factories import an_owner
from touchline.foundation.http.requirement import PUBLIC, requirements_of
from whole import Whole, a_whole_house

pytestmark = pytest.mark.anyio

JSON = "application/json; charset=UTF-8"
# Wrong codes are counted although they are refused.
COUNTS_TRIES = {"/api/register/verify", "/api/password/reset", "/api/token"}


@dataclass
class Siege:
    """Somebody at every door, and a look at the database after each refusal."""

    whole: Whole
    club: Club
    token: str
    version: sqlite3.Connection | None

    @property
    def is_at_home(self) -> bool:
        return self.token == self.club.owner.token

    def written(self) -> int:
        """Grows whenever anybody else writes to the database; only SQLite tells."""
        if self.version is None:
            return 0
        return int(self.version.execute("PRAGMA data_version").fetchone()[0])

    async def send(self, door: Door, path: str, **asked: object) -> httpx2.Response:
        client = await self.whole.client(door.app, token=self.token)
        before = self.written()
        answer = await client.request(door.method, path, **asked)
        what = (str(door), answer.status_code, str(asked)[:300])
        if answer.status_code >= 400:
            if door.method != "HEAD" and answer.headers["Content-Type"] == "application/json":
                assert isinstance(answer.json()["detail"], str), what
            if door.path not in COUNTS_TRIES:
                assert self.written() == before, what
        return answer

    def doors(self) -> Iterator[Door]:
        for door in doors(self.whole.apps):
            if door.method not in {"WS", "HEAD"} and not door.path.endswith("/segments/stream"):
                yield door


@pytest.fixture(params=["the owner", "a stranger"])
async def siege(request, sqlite_url, first_keys, tmp_path):
    async with a_whole_house(sqlite_url, data=tmp_path / "data", first_keys=first_keys) as whole:
        club = await a_club(whole, "amber")
        who = club.owner if request.param == "the owner" else await an_owner(whole.house, email="s@stranger.example")
        with closing(sqlite3.connect(sqlite_url.partition("///")[2])) as version:
            yield Siege(whole, club, who.token, version)


async def test_odd_words_in_paths(siege):
    for door in siege.doors():
        for name in door.parameters:
            for word in hostile.WORDS:
                ids = {**row_ids(siege.club, door), name: word}
                await siege.send(door, door.at(**ids), **content(siege.club, door))
            # An id that names something of another kind.
            for kind in ("team", "match", "run", "player"):
                if siege.club.ids[kind] not in row_ids(siege.club, door).values():
                    ids = {**row_ids(siege.club, door), name: siege.club.ids[kind]}
                    await siege.send(door, door.at(**ids), **content(siege.club, door))


async def test_odd_words_in_queries(siege):
    for door in siege.doors():
        dependant = getattr(door.route, "dependant", None)
        if dependant is None:
            continue
        path = door.at(**row_ids(siege.club, door))
        body = {name: value for name, value in content(siege.club, door).items() if name != "params"}
        for name in _queries(dependant):
            for word in hostile.WORDS:
                await siege.send(door, f"{path}?{name}={word}", **body)
            await siege.send(door, f"{path}?{name}=1&{name}=2&{name}[]=3&{name}", **body)
        await siege.send(door, f"{path}?%00=%00&\udcff&=&&a=%ED%A0%80".encode("utf-8", "replace").decode(), **body)


def _queries(dependant) -> set[str]:
    if dependant is None:
        return set()
    own = {one.alias for one in dependant.query_params}
    return own.union(*(_queries(part) for part in dependant.dependencies))


async def test_odd_bodies(siege):
    for door in siege.doors():
        if door.method not in {"POST", "PUT", "DELETE"}:
            continue
        path, query = door.at(**row_ids(siege.club, door)), content(siege.club, door).get("params")
        takes_json = "json" in content(siege.club, door)
        for body in hostile.NO_OBJECTS + hostile.ODD_OBJECTS:
            answer = await siege.send(door, path, content=body, params=query, headers={"Content-Type": JSON})
            if takes_json and body in hostile.NO_OBJECTS:
                assert answer.status_code in {400, 403, 404, 422}, (str(door), body[:50])
        for kind in hostile.KINDS:
            for body in (b"", b"{}", b"null", b"\xff=%ff&a=\xff"):
                header = [(b"Content-Type", kind.encode())]
                await siege.send(door, path, content=body, params=query, headers=header)
        await siege.send(door, path, content=hostile.HUGE, params=query, headers={"Content-Type": JSON})


async def test_odd_values_in_every_field(siege):
    for door in siege.doors():
        body = content(siege.club, door).get("json")
        if body is None:
            continue
        path = door.at(**row_ids(siege.club, door))
        for name in body:
            for value in hostile.VALUES if siege.is_at_home else hostile.VALUES[:: len(body)]:
                fields = [f"{json.dumps(key)}: {json.dumps(rest)}" for key, rest in body.items() if key != name]
                sent = "{" + ", ".join([f"{json.dumps(name)}: {value}", *fields]) + "}"
                await siege.send(door, path, content=sent.encode(), headers={"Content-Type": JSON})
            missing = {key: rest for key, rest in body.items() if key != name}
            await siege.send(door, path, json=missing)
        good = json.dumps(body)
        twice = good[:-1] + ", " + good[1:-1].replace("amber", "other") + "}"
        await siege.send(door, path, content=twice.encode(), headers={"Content-Type": JSON})
        await siege.send(door, path, json=[body])
        await siege.send(door, path, json={**body, hostile.LONG: hostile.LONG, "id": {"$ne": None}})


async def test_odd_values_on_every_database(whole_anywhere):
    """What one database stores and another refuses is refused before any of them sees it."""
    club = await a_club(whole_anywhere, "amber")
    siege = Siege(whole_anywhere, club, club.owner.token, None)
    for number, door in enumerate(siege.doors()):
        # Every door meets what databases stumble over, and a fifth of the rest in turn.
        values = [one for one in hostile.VALUES if one in hostile.STUMBLING] + hostile.VALUES[number % 5 :: 5]
        words = hostile.WORDS[:4] + hostile.WORDS[number % 5 :: 5]
        body = content(club, door).get("json")
        path = door.at(**row_ids(club, door))
        for name in body or ():
            for value in values:
                fields = [f"{json.dumps(key)}: {json.dumps(rest)}" for key, rest in body.items() if key != name]
                sent = "{" + ", ".join([f"{json.dumps(name)}: {value}", *fields]) + "}"
                await siege.send(door, path, content=sent.encode(), headers={"Content-Type": JSON})
        for name in door.parameters:
            for word in words:
                ids = {**row_ids(club, door), name: word}
                await siege.send(door, door.at(**ids), **content(club, door))
        for name in _queries(getattr(door.route, "dependant", None)):
            for word in words:
                await siege.send(door, f"{path}?{name}={word}", **content(club, door))


async def test_odd_forms(siege):
    for door in siege.doors():
        if (door.method, door.shape) not in UPLOADS:
            continue
        path = door.at(**row_ids(siege.club, door))
        for body, kind in hostile.FORMS:
            await siege.send(door, path, content=body, headers={"Content-Type": kind})
        name, picture = UPLOADS[door.method, door.shape]
        for data in (b"", b"\x00", picture[:20], b"GIF89a" + b"\xff" * 200, b"<svg onload=alert(1)>", picture * 3):
            for called in (name, "../../x.php", "", "a\x00.png", hostile.LONG, "⚽.mp4"):
                await siege.send(door, path, files={"file": (called, data, "application/octet-stream")})
        await siege.send(door, path, data={"file": "text"}, files={"other": ("x", b"")})
        await siege.send(door, path, files=[("file", (name, picture)), ("file", (name, picture))])
        for field in _form_fields(siege, door):
            for value in ("", " ", "-1", "1e400", "NaN", "\x00", "9223372036854775808", hostile.LONG, "../x", "[]"):
                await siege.send(door, path, data={field: value}, files={"file": (name, picture)})


def _form_fields(siege: Siege, door: Door) -> list[str]:
    operation = siege.whole.apps[door.app].openapi()["paths"][door.path][door.method.lower()]
    schema = operation["requestBody"]["content"]["multipart/form-data"]["schema"]
    return [name for name in schema["properties"] if not name.startswith("file")]


async def test_odd_headers(siege):
    for door in siege.doors():
        if door.method != "GET" or door.path.startswith("/static"):
            continue
        path, query = door.at(**row_ids(siege.club, door)), content(siege.club, door).get("params")
        client = await siege.whole.client(door.app)
        for header in hostile.HEADERS:
            given = {"Authorization": f"Bearer {siege.token}".encode(), **header}
            answer = await client.get(path, params=query, headers=[(k.encode(), v) for k, v in given.items()])
            assert answer.status_code < 500, (str(door), header)
            if "Authorization" in header and requirements_of(door.route) != {PUBLIC}:
                assert answer.status_code == 401, (str(door), header)


async def test_paths_that_climb_out_of_their_folder(siege):
    tricks = (
        "..", "../touchline.db", "outputs/../../touchline.db", "/etc/passwd", "temp_uploads/../certs/private.pem",
        "outputs\\..\\x", "outputs/a\x00.mp4", "file:///etc/passwd", "certs/private.pem", "media.key", "", ".", "outputs",
        "temp_uploads", "//etc/passwd", "outputs/./../certs/private.pem", "~/x", "C:\\x", "\ufeff/etc/passwd",
    )  # fmt: skip
    for place in ("files", "stream", "files/json"):
        client = await siege.whole.client("analysis", token=siege.token)
        for trick in tricks:
            answer = await client.get(f"/api/analysis/{place}", params={"path": trick})
            assert answer.status_code in {400, 404}, (place, trick)
    client = await siege.whole.client("classic")
    for trick in (
        "%2e%2e/%2e%2e/touchline.db", "..%2f..%2ftouchline.db", "images/..%2f..%2fcerts/private.pem", "%00", "images",
        "images/players/%2e%2e/%2e%2e/%2e%2e/certs/private.pem", "/etc/passwd", "%2fetc%2fpasswd", "images/players/",
    ):  # fmt: skip
        answer = await client.get(f"/static/{trick}")
        assert answer.status_code in {400, 404, 405}, trick
        assert b"PRIVATE" not in answer.content
        assert b"SQLite" not in answer.content
