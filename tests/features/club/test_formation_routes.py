"""Formations over HTTP."""

import pytest
from sqlalchemy import insert, select

from factories import a_match, a_player, a_staff_member, an_owner
from houses import CLASSIC, client_of
from touchline.apps.schema import metadata
from touchline.features import club
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

PRESETS = {
    "4-3-3",
    "4-4-2",
    "3-4-3",
    "3-5-2",
    "4-2-4",
    "4-2-3-1",
    "4-4-1-1",
    "4-2-2-2 (Narrow)",
    "5-3-2",
    "5-4-1",
    "4-5-1",
    "4-1-4-1",
    "4-2-2-2 (Brazil)",
    "3-2-2-3",
    "3-3-1-3",
    "4-4-2 Diamond",
}
BODY = {
    "name": "Ours",
    "description": "Two\nlines",
    "positions": [{"x": 0.5, "y": 0.9, "role": "حارس"}, [1, None], "GK"],
}


async def added(client, who, **changes) -> dict:
    answer = await client.post("/api/formations", json={**BODY, **changes}, headers=who.headers)
    assert answer.status_code == 200
    return answer.json()


async def a_preset(client, who) -> dict:
    return (await client.get("/api/formations?limit=1", headers=who.headers)).json()[0]


async def test_anonymous_callers_reach_no_formation(client, house):
    preset = await a_preset(client, await an_owner(house))
    path = f"/api/formations/{preset['id']}"
    for answer in (
        await client.get("/api/formations"),
        await client.post("/api/formations", json=BODY),
        await client.get(path),
        await client.put(path, json=BODY),
        await client.delete(path),
    ):
        assert answer.status_code == 401


async def test_everybody_has_the_sixteen_that_the_client_can_draw(client, house):
    answer = await client.get("/api/formations", headers=(await an_owner(house)).headers)
    names = [formation["name"] for formation in answer.json()]
    assert (len(names), set(names)) == (16, PRESETS)
    assert all(formation["user_id"] is None and formation["created_at"].endswith("Z") for formation in answer.json())


async def test_the_organisations_own_come_after_the_shared_ones(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    coach = await a_staff_member(house, owner)
    made = await added(client, coach, name="1-1-1")
    await added(client, stranger, name="0-0-0")
    assert set(made) == {"id", "name", "description", "positions", "user_id", "created_at"}
    assert (made["positions"], made["description"]) == (BODY["positions"], BODY["description"])
    assert (made["user_id"], made["created_at"]) == (coach.user_id, "2026-05-02T14:00:00Z")
    for who in (owner, coach):
        answer = await client.get("/api/formations", headers=who.headers)
        assert answer.headers["X-Total-Count"] == "17"
        assert answer.json()[-1] == made
        assert (await client.get(f"/api/formations/{made['id']}", headers=who.headers)).json() == made
    page = await client.get("/api/formations?limit=2&offset=16", headers=owner.headers)
    assert (page.json(), page.headers["X-Total-Count"]) == ([made], "17")


async def test_a_put_changes_what_is_sent_and_keeps_the_rest(client, house):
    owner = await an_owner(house)
    made = await added(client, owner)
    path = f"/api/formations/{made['id']}"
    answer = await client.put(path, json={"name": "Renamed", "user_id": "ignored"}, headers=owner.headers)
    assert (answer.status_code, answer.json()) == (200, {**made, "name": "Renamed"})
    answer = await client.put(path, json={"positions": None, "description": None}, headers=owner.headers)
    changed = {**made, "name": "Renamed", "positions": None, "description": None}
    assert (answer.status_code, answer.json()) == (200, changed)
    for same in ({}, changed):
        answer = await client.put(path, json=same, headers=owner.headers)
        assert (answer.status_code, answer.json()) == (200, changed)


async def test_shared_formations_cannot_be_changed(client, house):
    owner = await an_owner(house)
    preset = await a_preset(client, owner)
    path = f"/api/formations/{preset['id']}"
    assert (await client.put(path, json=preset, headers=owner.headers)).status_code == 403
    assert (await client.delete(path, headers=owner.headers)).status_code == 403
    assert (await client.get(path, headers=owner.headers)).json() == preset


async def test_the_author_and_the_account_manager_change_a_formation(client, house):
    owner = await an_owner(house)
    author, colleague = await a_staff_member(house, owner), await a_staff_member(house, owner)
    path = f"/api/formations/{(await added(client, author))['id']}"
    for who, status in ((colleague, 403), (author, 200), (owner, 200)):
        answer = await client.put(path, json={"name": f"By {status}"}, headers=who.headers)
        assert answer.status_code == status
    for who, status in ((colleague, 403), (owner, 200)):
        assert (await client.delete(path, headers=who.headers)).status_code == status
    assert (await client.get(path, headers=author.headers)).status_code == 404
    owners = f"/api/formations/{(await added(client, owner))['id']}"
    assert (await client.get(owners, headers=author.headers)).status_code == 200
    assert (await client.delete(owners, headers=author.headers)).status_code == 403


async def test_another_clubs_formation_is_as_good_as_absent(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    made = await added(client, owner)
    for formation_id in (made["id"], new_id(), "nonsense"):
        path = f"/api/formations/{formation_id}"
        for answer in (
            await client.get(path, headers=stranger.headers),
            await client.put(path, json=BODY, headers=stranger.headers),
            await client.delete(path, headers=stranger.headers),
        ):
            assert (answer.status_code, answer.json()) == (404, {"detail": "Formation not found."})
    assert (await client.get(f"/api/formations/{made['id']}", headers=owner.headers)).json() == made


async def test_line_ups_outlive_their_formation(client, house):
    owner = await an_owner(house)
    made = await added(client, owner)
    lineups = metadata.tables["match_lineups"]
    row = {
        "id": new_id(),
        "match_id": await a_match(house, owner),
        "team_id": owner.team_id,
        "player_id": await a_player(house, owner.team_id),
        "is_starting": True,
        "formation_id": made["id"],
    }
    async with house.database.begin() as db:
        await db.execute(insert(lineups).values(row))
    answer = await client.delete(f"/api/formations/{made['id']}", headers=owner.headers)
    assert (answer.status_code, answer.json()) == (200, {"message": "The formation was deleted."})
    async with house.database.begin() as db:
        assert (await db.execute(select(lineups.c.id, lineups.c.formation_id))).one() == (row["id"], None)


def deep(levels: int) -> list:
    nested: list = []
    for _ in range(levels):
        nested = [nested]
    return nested


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": None}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 51}, "name"),
        ({"description": "x" * 2001}, "description"),
        ({"description": "a\x00"}, "description"),
        ({"positions": {"GK": 1}}, "positions"),
        ({"positions": "GK"}, "positions"),
        ({"positions": [0] * 101}, "positions"),
        ({"positions": ["x" * 20_001]}, "positions"),
        ({"positions": [{"key": [0] * 20_001}]}, "positions"),
        ({"positions": ["\x00"]}, "positions"),
        ({"positions": [2**64]}, "positions"),
        ({"positions": deep(40)}, "positions"),
    ],
)
async def test_formations_that_make_no_sense_are_refused(small_house, changes, field):
    owner = await an_owner(small_house)
    async with client_of(small_house.app(*CLASSIC)) as client:
        path = f"/api/formations/{(await added(client, owner))['id']}"
        for answer in (
            await client.post("/api/formations", json={**BODY, **changes}, headers=owner.headers),
            await client.put(path, json=changes, headers=owner.headers),
        ):
            assert answer.status_code == 422
            assert answer.json()["detail"].startswith(f"`{field}`: ")


@pytest.mark.parametrize(("role", "writes"), [("assistant_coach", 200), ("analyst", 403), ("player", 403)])
async def test_who_may_add_formations(small_house, role, writes):
    owner = await an_owner(small_house)
    member = await a_staff_member(small_house, owner, role=role)
    async with client_of(small_house.app(*CLASSIC)) as client:
        assert (await client.get("/api/formations", headers=member.headers)).status_code == 200
        assert (await client.post("/api/formations", json=BODY, headers=member.headers)).status_code == writes


async def test_other_rooms_may_ask_about_formations(house):
    owner, stranger = await an_owner(house), await an_owner(house)
    async with client_of(house.app(*CLASSIC)) as client:
        made = (await added(client, owner))["id"]
    async with house.database.begin() as db:
        assert (await club.visible_formation(db, owner.principal, made)).name == "Ours"
        assert set(await club.formations_by_id(db, [made, new_id()])) == {made}
        assert await club.formations_by_id(db, []) == {}
        with pytest.raises(club.FormationNotFoundError):
            await club.visible_formation(db, stranger.principal, made)
