"""Whatever is sent to the doors of accounts, teams and matches, no answer is a bug of ours."""

import json

import pytest

from factories import a_match, a_staff_member, a_team, an_owner

pytestmark = pytest.mark.anyio

NASTY = [
    None,
    True,
    0,
    -1,
    2**63,
    10**400,
    1e308,
    0.1,
    "",
    " ",
    "\x00",
    "\ud800",
    "a\u202eb",
    "'; DROP TABLE users; --",
    "%s %(x)s {0} \\",
    "x" * 10_000,
    "⚽" * 60,
    "0000-00-00",
    "9999-12-31T23:59:59.999999+00:00",
    "9999-12-31T23:59:59-14:00",
    "-1",
    [],
    {},
    [[]],
    {"a": {"b": None}},
]

BODIES = {
    "/api/register": {"email": "new@example.org", "password": "secret1", "full_name": "Ada"},
    "/api/register/verify": {"email": "new@example.org", "code": "123456"},
    "/api/register/resend": {"email": "new@example.org"},
    "/api/password/forgot": {"email": "new@example.org"},
    "/api/password/reset": {"email": "new@example.org", "code": "123456", "new_password": "secret1"},
    "/api/teams": {"name": "Rovers", "primary_color": "#000000", "secondary_color": None, "logo_url": None},
    "/api/matches": {
        "date_time": "2026-08-15T15:30:00",
        "venue": "Here",
        "event_id": None,
        "status": "live",
        "home_score": 1,
        "away_score": 1,
        "video_anchor_seconds": 1,
    },
}


CHANGES = {
    "/api/users": {"email": "new@example.org", "full_name": "Ada", "password": "secret1", "is_active": True},
    "/api/staff": {"team_id": "42", "name": "Kim", "role": "analyst", "email": "kim@example.org", "user_id": None},
    "/api/staff/create_with_account": {
        "team_id": "42",
        "name": "Kim",
        "role": "analyst",
        "email": "kim@example.org",
        "password": "secret1",
    },
    "/api/teams": {"name": "Rovers", "primary_color": "#000000", "secondary_color": None, "logo_url": None},
}
"""Bodies of accounts, staff and teams: each is posted, and put over a row that is there."""


def _fine(answer) -> bool:
    return answer.status_code < 500 and (answer.status_code < 400 or isinstance(answer.json()["detail"], str))


@pytest.mark.parametrize("path", BODIES)
async def test_odd_values_in_bodies(client, house, path):
    owner = await an_owner(house)
    body = {**BODIES[path]}
    if path == "/api/matches":
        body |= {"home_team_id": owner.team_id, "away_team_id": await a_team(house, owner)}
    for field in body:
        for value in NASTY:
            sent = json.dumps({**body, field: value}).encode()
            answer = await client.post(
                path, content=sent, headers={**owner.headers, "Content-Type": "application/json"}
            )
            assert _fine(answer), (field, value, answer.text)


@pytest.mark.parametrize("path", CHANGES)
async def test_odd_values_in_what_an_account_manager_keeps(client, house, path):
    owner = await an_owner(house)
    member = await a_staff_member(house, owner)
    team_id = await a_team(house, owner)
    staff_id = (await client.get("/api/staff", headers=owner.headers)).json()[0]["id"]
    row = {"/api/users": member.user_id, "/api/teams": team_id}.get(path, staff_id)
    for field in CHANGES[path]:
        for value in NASTY:
            body = {**CHANGES[path], field: value}
            if body.get("team_id") == "42":
                body["team_id"] = team_id
            sent = json.dumps(body).encode()
            headers = {**owner.headers, "Content-Type": "application/json"}
            assert _fine(await client.post(path, content=sent, headers=headers)), (field, value)
            changed = f"{path.removesuffix('/create_with_account')}/{row}"
            assert _fine(await client.put(changed, content=sent, headers=headers)), (field, value)


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b'"x"', b"{", b"\xff\xfe", b"[" * 5000, b"1e999"])
async def test_odd_bodies(client, house, content):
    owner = await an_owner(house)
    for path in BODIES:
        for kind in ("application/json", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded", ""):
            answer = await client.post(path, content=content, headers={**owner.headers, "Content-Type": kind})
            assert _fine(answer), (path, kind, answer.text)
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"):
        assert _fine(await client.post("/api/token", content=content, headers={"Content-Type": kind}))


@pytest.mark.parametrize("text", ["%00", "%ED%A0%80", "%FF", "x" * 2000, "%2e%2e%2f", "%F0%9F%98%80", "%27%22", "+"])
async def test_odd_paths_and_queries(client, house, text):
    owner = await an_owner(house)
    await a_match(house, owner)
    for path in (
        f"/api/teams/{text}",
        f"/api/teams/by_name/{text}",
        f"/api/users/{text}",
        f"/api/staff/{text}",
        f"/api/matches/{text}",
        f"/api/matches?event_id={text}",
        f"/api/matches?status={text}",
        f"/api/matches?limit={text}&offset={text}",
    ):
        assert _fine(await client.get(path, headers=owner.headers)), path
    form = f"username={text}&password={text}".encode()
    answer = await client.post(
        "/api/token", content=form, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert _fine(answer)
