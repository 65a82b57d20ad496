"""Competitions over HTTP, whose paths call them events."""

import asyncio
import json

import pytest
from sqlalchemy import insert

from factories import a_match, a_staff_member, an_owner
from houses import CLASSIC, client_of
from touchline.apps.schema import metadata
from touchline.features import club
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio


async def a_shared_competition(house, name="World Cup") -> str:
    competition_id = new_id()
    async with house.database.begin() as db:
        await db.execute(
            insert(metadata.tables["events"]).values(id=competition_id, name=name, created_at=house.clock.now())
        )
    return competition_id


async def added(client, who, name: str) -> dict:
    answer = await client.post("/api/events", json={"name": name}, headers=who.headers)
    assert answer.status_code == 200
    return answer.json()


async def test_anonymous_callers_reach_no_competition(client, house):
    path = f"/api/events/{await a_shared_competition(house)}"
    for answer in (
        await client.get("/api/events"),
        await client.post("/api/events", json={"name": "Cup"}),
        await client.get(path),
        await client.put(path, json={"name": "Cup"}),
        await client.delete(path),
    ):
        assert answer.status_code == 401


async def test_shared_competitions_and_ones_own_are_listed_by_name(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    coach = await a_staff_member(house, owner)
    shared = await a_shared_competition(house, "League")
    cup = await added(client, coach, "  Cup  ")
    assert set(cup) == {"id", "name", "created_at"}
    assert (cup["name"], cup["created_at"]) == ("Cup", "2026-05-02T14:00:00Z")
    await added(client, stranger, "Secret Cup")
    for who in (owner, coach):
        answer = await client.get("/api/events", headers=who.headers)
        assert [found["id"] for found in answer.json()] == [cup["id"], shared]
        assert answer.headers["X-Total-Count"] == "2"
        assert (await client.get(f"/api/events/{cup['id']}", headers=who.headers)).json() == cup
    page = await client.get("/api/events?limit=1&offset=1", headers=owner.headers)
    assert ([found["name"] for found in page.json()], page.headers["X-Total-Count"]) == (["League"], "2")


async def test_a_name_is_taken_once_in_an_organisation_whatever_its_case(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    coach = await a_staff_member(house, owner)
    await a_shared_competition(house, "League")
    cup, other = await added(client, owner, "Trophée Été"), await added(client, owner, "League")
    for who, name in ((owner, "Trophée Été"), (coach, "TROPHÉE ÉTÉ")):
        answer = await client.post("/api/events", json={"name": name}, headers=who.headers)
        assert answer.status_code == 409
        answer = await client.put(f"/api/events/{other['id']}", json={"name": name}, headers=who.headers)
        assert answer.status_code == 409
    await added(client, stranger, "Trophée Été")
    for name in ("Trophée Été", "TROPHÉE été"):
        answer = await client.put(f"/api/events/{cup['id']}", json={"name": name}, headers=coach.headers)
        assert (answer.status_code, answer.json()) == (200, {**cup, "name": name})


async def test_shared_competitions_cannot_be_changed(client, house):
    owner = await an_owner(house)
    path = f"/api/events/{await a_shared_competition(house)}"
    assert (await client.put(path, json={"name": "Mine"}, headers=owner.headers)).status_code == 403
    assert (await client.delete(path, headers=owner.headers)).status_code == 403
    assert (await client.get(path, headers=owner.headers)).json()["name"] == "World Cup"


async def test_another_clubs_competition_is_as_good_as_absent(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    cup = await added(client, owner, "Cup")
    for competition_id in (cup["id"], new_id(), "nonsense"):
        path = f"/api/events/{competition_id}"
        for answer in (
            await client.get(path, headers=stranger.headers),
            await client.put(path, json={"name": "Mine"}, headers=stranger.headers),
            await client.delete(path, headers=stranger.headers),
        ):
            assert (answer.status_code, answer.json()) == (404, {"detail": "Competition not found."})
    assert (await client.get(f"/api/events/{cup['id']}", headers=owner.headers)).json() == cup


async def test_matches_outlive_their_competition(client, house):
    owner = await an_owner(house)
    cup = await added(client, owner, "Cup")
    match_id = await a_match(house, owner, event_id=cup["id"])
    match = (await client.get(f"/api/matches/{match_id}", headers=owner.headers)).json()
    assert (match["event_id"], match["event_name"]) == (cup["id"], "Cup")
    answer = await client.delete(f"/api/events/{cup['id']}", headers=owner.headers)
    assert (answer.status_code, answer.json()) == (200, {"message": "The competition was deleted."})
    match = (await client.get(f"/api/matches/{match_id}", headers=owner.headers)).json()
    assert (match["event_id"], match["event_name"]) == (None, None)


@pytest.mark.parametrize("name", [None, "", "   ", "x" * 51, "a\x00b", "\udfff", 7, ["Cup"]])
async def test_names_that_make_no_sense_are_refused(small_house, name):
    owner = await an_owner(small_house)
    async with client_of(small_house.app(*CLASSIC)) as client:
        cup = await added(client, owner, "Cup")
        for answer in (
            await client.post("/api/events", content=json.dumps({"name": name}), headers=owner.headers),
            await client.put(f"/api/events/{cup['id']}", content=json.dumps({"name": name}), headers=owner.headers),
        ):
            assert answer.status_code == 422
            assert answer.json()["detail"].startswith("`name`: ")


@pytest.mark.parametrize(("role", "writes"), [("assistant_coach", 200), ("analyst", 403), (None, 403)])
async def test_who_may_write_competitions(small_house, role, writes):
    owner = await an_owner(small_house)
    member = await a_staff_member(small_house, owner, role=role)
    async with client_of(small_house.app(*CLASSIC)) as client:
        path = f"/api/events/{(await added(client, owner, 'Cup'))['id']}"
        assert (await client.get("/api/events", headers=member.headers)).status_code == 200
        assert (await client.get(path, headers=member.headers)).status_code == 200
        assert (await client.post("/api/events", json={"name": "New"}, headers=member.headers)).status_code == writes
        assert (await client.put(path, json={"name": "Newer"}, headers=member.headers)).status_code == writes
        assert (await client.delete(path, headers=member.headers)).status_code == writes


async def test_somebody_without_a_club_sees_what_is_shared_and_adds_nothing(client, house):
    owner = await an_owner(house)
    member = await a_staff_member(house, owner)
    async with house.database.begin() as db:
        await db.execute(metadata.tables["teams"].update().values(user_id=None))
        await db.execute(metadata.tables["users"].update().values(created_by=None))
    shared = await a_shared_competition(house)
    await added(client, owner, "Cup")
    listed = await client.get("/api/events", headers=member.headers)
    assert [found["id"] for found in listed.json()] == [shared]
    assert (await client.post("/api/events", json={"name": "New"}, headers=member.headers)).status_code == 400


async def test_other_rooms_may_ask_about_competitions(house):
    owner, stranger = await an_owner(house), await an_owner(house)
    shared = await a_shared_competition(house)
    async with client_of(house.app(*CLASSIC)) as client:
        cup = (await added(client, owner, "Cup"))["id"]
    async with house.database.begin() as db:
        assert (await club.visible_competition(db, owner.principal, cup)).name == "Cup"
        assert (await club.visible_competition(db, stranger.principal, shared)).name == "World Cup"
        with pytest.raises(club.CompetitionNotFoundError):
            await club.visible_competition(db, stranger.principal, cup)


async def test_of_requests_for_the_same_name_at_once_one_is_carried_out(client, house):
    owner = await an_owner(house)
    answers = await asyncio.gather(
        *(client.post("/api/events", json={"name": "Cup"}, headers=owner.headers) for _ in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
