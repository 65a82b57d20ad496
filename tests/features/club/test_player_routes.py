"""Players over HTTP."""

import json

import pytest
from sqlalchemy import event, insert, select

from factories import a_match, a_player, a_staff_member, a_team, an_owner
from houses import CLASSIC, a_house, client_of
from touchline.apps.schema import metadata
from touchline.features import club
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

FIELDS = {
    "id",
    "team_id",
    "name",
    "position",
    "jersey_number",
    "birth_date",
    "dominant_foot",
    "height_cm",
    "weight_kg",
    "nationality",
    "country_code",
    "image_url",
    "market_value",
}
WHOLE = {
    "name": " Aymen كابا ",
    "position": "MID",
    "jersey_number": 8,
    "birth_date": "2004-11-30T00:00:00.000",
    "dominant_foot": "left",
    "height_cm": 182,
    "weight_kg": 76,
    "nationality": "Tunisian",
    "country_code": "tn",
    "image_url": "",
    "market_value": 450000.5,
}


async def test_anonymous_callers_reach_no_player(client, house):
    owner = await an_owner(house)
    path = f"/api/players/{await a_player(house, owner.team_id)}"
    for answer in (
        await client.get("/api/players"),
        await client.post("/api/players", json=WHOLE),
        await client.get(path),
        await client.put(path, json=WHOLE),
        await client.delete(path),
    ):
        assert answer.status_code == 401


async def test_a_player_comes_back_as_he_was_written_with_numbers_as_numbers(client, house):
    owner = await an_owner(house)
    answer = await client.post("/api/players", json={**WHOLE, "id": "ignored"}, headers=owner.headers)
    assert answer.status_code == 200
    player = answer.json()
    assert set(player) == FIELDS
    assert player == {
        **WHOLE,
        "id": player["id"],
        "team_id": owner.team_id,
        "name": "Aymen كابا",
        "birth_date": "2004-11-30",
        "country_code": "TN",
        "image_url": None,
    }
    assert (await client.get(f"/api/players/{player['id']}", headers=owner.headers)).json() == player


async def test_what_nobody_typed_is_null(client, house):
    owner = await an_owner(house)
    player = (await client.post("/api/players", json={"name": "Sam"}, headers=owner.headers)).json()
    assert {name for name, value in player.items() if value is not None} == {"id", "team_id", "name"}


async def test_players_of_ones_teams_are_listed_by_name_in_pages(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    second = await a_team(house, owner)
    await a_player(house, owner.team_id, name="Bo")
    ann = await a_player(house, second, name="Ann")
    await a_player(house, stranger.team_id, name="Aaron")
    await a_player(house, await a_team(house, None), name="Abe")
    answer = await client.get("/api/players", headers=owner.headers)
    assert [player["name"] for player in answer.json()] == ["Ann", "Bo"]
    assert answer.headers["X-Total-Count"] == "2"
    page = await client.get("/api/players?limit=1&offset=1", headers=owner.headers)
    assert ([player["name"] for player in page.json()], page.headers["X-Total-Count"]) == (["Bo"], "2")
    of_team = await client.get(f"/api/players?team_id={second}", headers=owner.headers)
    assert [player["id"] for player in of_team.json()] == [ann]
    for team_id in (stranger.team_id, new_id(), "nonsense"):
        assert (await client.get(f"/api/players?team_id={team_id}", headers=owner.headers)).json() == []


async def test_a_list_costs_the_same_however_long_it_is(small_house):
    owner = await an_owner(small_house)
    counted = []
    event.listen(
        small_house.database.engine.sync_engine, "before_cursor_execute", lambda *seen: counted.append(seen[2])
    )
    async with client_of(small_house.app(*CLASSIC)) as client:
        for _ in range(3):
            await a_player(small_house, owner.team_id)
            counted.clear()
            await client.get("/api/players", headers=owner.headers)
            assert len(counted) == 2


async def test_a_put_changes_what_is_sent_and_keeps_the_rest(client, house):
    owner = await an_owner(house)
    player = (await client.post("/api/players", json=WHOLE, headers=owner.headers)).json()
    path = f"/api/players/{player['id']}"
    answer = await client.put(path, json={"market_value": 99.5, "position": None}, headers=owner.headers)
    assert (answer.status_code, answer.json()) == (200, {**player, "market_value": 99.5, "position": None})
    whole = {**player, "name": "New", "team_id": None, "country_code": "", "image_url": "https://img.example/a.png"}
    answer = await client.put(path, json=whole, headers=owner.headers)
    changed = {**whole, "team_id": owner.team_id, "country_code": None}
    assert (answer.status_code, answer.json()) == (200, changed)
    for same in ({}, changed):
        assert (await client.put(path, json=same, headers=owner.headers)).json() == changed
    assert (await client.put(path, json={"name": None}, headers=owner.headers)).status_code == 422


async def test_a_player_joins_teams_that_are_ones_own(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    coach = await a_staff_member(house, owner)
    second, shared = await a_team(house, owner), await a_team(house, None)
    path = f"/api/players/{await a_player(house, owner.team_id)}"
    cases = [
        (owner, owner.team_id, 200),
        (owner, second, 200),
        (owner, shared, 403),
        (coach, second, 403),
        (coach, owner.team_id, 200),
        (owner, stranger.team_id, 404),
        (owner, new_id(), 404),
    ]
    for who, team_id, status in cases:
        answer = await client.post("/api/players", json={"name": "Sam", "team_id": team_id}, headers=who.headers)
        assert answer.status_code == status
    for who, team_id, status in cases[2:]:
        answer = await client.put(path, json={"team_id": team_id}, headers=who.headers)
        assert answer.status_code == status
    listed = await client.get("/api/players", headers=owner.headers)
    assert len(listed.json()) == 4
    assert (await client.get("/api/players", headers=stranger.headers)).json() == []


async def test_someone_without_a_team_has_no_players_and_adds_none(client, house):
    nobody = await an_owner(house, team=None)
    assert (await client.get("/api/players", headers=nobody.headers)).json() == []
    assert (await client.get(f"/api/players/{new_id()}", headers=nobody.headers)).status_code == 404
    assert (await client.post("/api/players", json={"name": "Sam"}, headers=nobody.headers)).status_code == 400


async def test_another_clubs_player_is_as_good_as_absent(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    players = [await a_player(house, owner.team_id), await a_player(house, await a_team(house, None)), new_id(), "no"]
    for player_id in players:
        path = f"/api/players/{player_id}"
        for answer in (
            await client.get(path, headers=stranger.headers),
            await client.put(path, json=WHOLE, headers=stranger.headers),
            await client.delete(path, headers=stranger.headers),
        ):
            assert (answer.status_code, answer.json()) == (404, {"detail": "Player not found."})
    assert (await client.get(f"/api/players/{players[0]}", headers=owner.headers)).json()["name"] == "Sam Player"


async def test_a_player_whom_an_event_names_stays(client, house):
    owner = await an_owner(house)
    match_id, player_id = await a_match(house, owner), await a_player(house, owner.team_id)
    rows = metadata.tables["match_events"]
    lineups = metadata.tables["match_lineups"]
    async with house.database.begin() as db:
        values = {"match_id": match_id, "player_id": player_id}
        await db.execute(insert(rows).values(id=new_id(), event_type="goal", minute=3, **values))
        await db.execute(insert(lineups).values(id=new_id(), team_id=owner.team_id, is_starting=True, **values))
    path = f"/api/players/{player_id}"
    answer = await client.delete(path, headers=owner.headers)
    assert answer.status_code == 409
    assert answer.json() == {"detail": "There are match events of this player; delete them before the player."}
    assert (await client.get(path, headers=owner.headers)).status_code == 200
    async with house.database.begin() as db:
        await db.execute(rows.delete())
    answer = await client.delete(path, headers=owner.headers)
    assert (answer.status_code, answer.json()) == (200, {"message": "The player was deleted."})
    assert (await client.get(path, headers=owner.headers)).status_code == 404
    async with house.database.begin() as db:
        assert (await db.execute(select(lineups))).all() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": None}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 51}, "name"),
        ({"name": "\x00"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"position": "CAM"}, "position"),
        ({"jersey_number": -1}, "jersey_number"),
        ({"jersey_number": 256}, "jersey_number"),
        ({"jersey_number": 1.5}, "jersey_number"),
        ({"jersey_number": True}, "jersey_number"),
        ({"birth_date": 0}, "birth_date"),
        ({"birth_date": "30/11/2004"}, "birth_date"),
        ({"birth_date": "2004-11-30T12:00:00"}, "birth_date"),
        ({"birth_date": "0001-01-01"}, "birth_date"),
        ({"birth_date": "2026-06-01"}, "birth_date"),
        ({"dominant_foot": "both"}, "dominant_foot"),
        ({"height_cm": 2**63}, "height_cm"),
        ({"weight_kg": -1}, "weight_kg"),
        ({"nationality": "x" * 51}, "nationality"),
        ({"country_code": "TUN"}, "country_code"),
        ({"country_code": "1ß"}, "country_code"),
        ({"image_url": "javascript:alert(1)"}, "image_url"),
        ({"image_url": "/etc/passwd"}, "image_url"),
        ({"image_url": "/static/../secret.png"}, "image_url"),
        ({"image_url": "//evil.example/a.png"}, "image_url"),
        ({"image_url": "http://["}, "image_url"),
        ({"image_url": "https://img.example/" + "x" * 255}, "image_url"),
        ({"market_value": -1}, "market_value"),
        ({"market_value": False}, "market_value"),
        ({"market_value": 1e10}, "market_value"),
        ({"market_value": "much"}, "market_value"),
        ({"team_id": 7}, "team_id"),
    ],
)
async def test_players_that_make_no_sense_are_refused(small_house, changes, field):
    owner = await an_owner(small_house)
    path = f"/api/players/{await a_player(small_house, owner.team_id)}"
    async with client_of(small_house.app(*CLASSIC)) as client:
        for answer in (
            await client.post("/api/players", content=json.dumps({**WHOLE, **changes}), headers=owner.headers),
            await client.put(path, content=json.dumps(changes), headers=owner.headers),
        ):
            assert answer.status_code == 422
            assert answer.json()["detail"].startswith(f"`{field}`: ")
            assert answer.json()["errors"]
        assert len((await client.get("/api/players", headers=owner.headers)).json()) == 1


@pytest.mark.parametrize("value", [0, 0.01, 1234567.89, 9_999_999_999.99])
async def test_market_values_come_back_to_the_cent(client, house, value):
    owner = await an_owner(house)
    body = {"name": "Sam", "market_value": value, "image_url": "/static/images/players/a.png"}
    player = (await client.post("/api/players", json=body, headers=owner.headers)).json()
    assert (player["market_value"], player["image_url"]) == (value, body["image_url"])


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [("head_coach", 200, 200), ("assistant_coach", 200, 200), ("analyst", 200, 403), ("physio", 200, 403)],
)
async def test_who_may_read_and_write_players(small_house, role, reads, writes):
    owner = await an_owner(small_house)
    member = await a_staff_member(small_house, owner, role=role)
    path = f"/api/players/{await a_player(small_house, owner.team_id)}"
    async with client_of(small_house.app(*CLASSIC)) as client:
        assert (await client.get("/api/players", headers=member.headers)).status_code == reads
        assert (await client.get(path, headers=member.headers)).status_code == reads
        assert (await client.post("/api/players", json=WHOLE, headers=member.headers)).status_code == writes
        assert (await client.put(path, json=WHOLE, headers=member.headers)).status_code == writes
        assert (await client.delete(path, headers=member.headers)).status_code == writes


async def test_where_only_managers_write_a_coach_reads(database, keys, tmp_path):
    house = a_house(database, data=tmp_path / "data", keys=keys, authz_team_writes="managers")
    owner = await an_owner(house)
    coach = await a_staff_member(house, owner)
    async with client_of(house.app(*CLASSIC)) as client:
        assert (await client.post("/api/players", json=WHOLE, headers=coach.headers)).status_code == 403
        assert (await client.post("/api/players", json=WHOLE, headers=owner.headers)).status_code == 200
        assert len((await client.get("/api/players", headers=coach.headers)).json()) == 1


async def test_other_rooms_may_ask_about_players(house):
    owner, stranger = await an_owner(house), await an_owner(house)
    ours, theirs = await a_player(house, owner.team_id, name="Ours"), await a_player(house, stranger.team_id)
    async with house.database.begin() as db:
        assert (await club.visible_player(db, owner.principal, ours)).name == "Ours"
        assert set(await club.players_by_id(db, [ours, theirs, new_id()])) == {ours, theirs}
        assert await club.player_names(db, [ours]) == {ours: "Ours"}
        assert await club.players_by_id(db, []) == {}
        with pytest.raises(club.PlayerNotFoundError):
            await club.visible_player(db, owner.principal, theirs)
