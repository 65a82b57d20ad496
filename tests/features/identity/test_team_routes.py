"""Teams over HTTP: own, opponents, shared."""

import pytest
from sqlalchemy import update

from factories import a_staff_member, a_team, an_owner
from houses import CLASSIC, a_house, client_of
from touchline.features.identity.tables import staff
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

OPPONENT = {"name": "Opponent FC", "primary_color": None, "secondary_color": None, "logo_url": None}


async def test_anonymous_callers_see_nothing_of_teams(client, house):
    owner = await an_owner(house)
    for answer in (
        await client.get("/api/teams"),
        await client.post("/api/teams", json=OPPONENT),
        await client.get(f"/api/teams/{owner.team_id}"),
        await client.get("/api/teams/by_name/Rovers"),
    ):
        assert answer.status_code == 401
        assert answer.json() == {"detail": "Could not validate credentials"}


async def test_the_primary_team_comes_first_then_the_older_ones(client, house):
    owner = await an_owner(house, team=None)
    house.clock.forward(minutes=1)
    old = await a_team(house, owner, name="Old")
    house.clock.forward(minutes=1)
    primary = await a_team(house, owner, name="Mine", is_primary=True)
    house.clock.forward(minutes=1)
    new = await a_team(house, owner, name="New")
    answer = await client.get("/api/teams", headers=owner.headers)
    assert [team["id"] for team in answer.json()] == [primary, old, new]
    page = await client.get("/api/teams?limit=1&offset=1", headers=owner.headers)
    assert [team["id"] for team in page.json()] == [old]
    assert page.headers["X-Total-Count"] == "3"


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "offset=-1", "limit=x", "offset=99999999999999999999"])
async def test_odd_pages_are_refused(small_house, query):
    owner = await an_owner(small_house)
    async with client_of(small_house.app(*CLASSIC)) as client:
        assert (await client.get(f"/api/teams?{query}", headers=owner.headers)).status_code == 422


async def test_staff_see_their_team_first_and_without_one_nothing(client, house):
    owner = await an_owner(house)
    other = await a_team(house, owner, name="Second")
    member = await a_staff_member(house, owner, team_id=other)
    assert [team["id"] for team in (await client.get("/api/teams", headers=member.headers)).json()] == [other]
    async with house.database.begin() as db:
        await db.execute(staff.delete().where(staff.c.user_id == member.user_id))
    answer = await client.get("/api/teams", headers=member.headers)
    assert (answer.status_code, answer.json()) == (200, [])


async def test_an_opponent_is_added_to_the_organisation(client, house):
    owner = await an_owner(house)
    coach = await a_staff_member(house, owner)
    answer = await client.post("/api/teams", json={**OPPONENT, "user_id": "someone"}, headers=coach.headers)
    assert answer.status_code == 200
    team = answer.json()
    assert team["user_id"] == owner.user_id
    assert (team["primary_color"], team["secondary_color"], team["logo_url"]) == (None, None, None)
    assert team["created_at"].endswith("Z")
    assert set(team) == {"id", "name", "user_id", "primary_color", "secondary_color", "logo_url", "created_at"}
    found = await client.get("/api/teams/by_name/opponent fc", headers=coach.headers)
    assert found.json()["id"] == team["id"]
    assert (await client.get(f"/api/teams/{team['id']}", headers=coach.headers)).json() == team
    mine = (await client.get("/api/teams", headers=owner.headers)).json()
    assert mine[0]["id"] == owner.team_id


async def test_a_team_without_colours_gets_the_usual_blue(client, house):
    owner = await an_owner(house)
    team = (await client.post("/api/teams", json={"name": "  Blues "}, headers=owner.headers)).json()
    assert (team["name"], team["primary_color"], team["secondary_color"]) == ("Blues", "#0000FF", None)


async def test_the_first_team_becomes_the_primary_one(client, house):
    owner = await an_owner(house, team=None)
    first = (await client.post("/api/teams", json={"name": "First"}, headers=owner.headers)).json()
    await client.post("/api/teams", json={"name": "Earlier in the alphabet"}, headers=owner.headers)
    assert (await client.get("/api/teams", headers=owner.headers)).json()[0]["id"] == first["id"]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 51},
        {"name": None},
        {"name": "a\x00b"},
        {"primary_color": "#12345"},
        {"primary_color": "blue"},
        {"primary_color": "#12345G"},
        {"secondary_color": "#1234567"},
        {"logo_url": "javascript:alert(1)"},
        {"logo_url": "/static/" + "x" * 300},
    ],
)
async def test_teams_that_no_screen_could_draw_are_refused(small_house, changes):
    owner = await an_owner(small_house)
    async with client_of(small_house.app(*CLASSIC)) as client:
        answer = await client.post("/api/teams", json={"name": "Good", **changes}, headers=owner.headers)
    assert answer.status_code == 422
    assert f"`{next(iter(changes))}`" in answer.json()["detail"]


async def test_empty_colours_mean_none(small_house):
    owner = await an_owner(small_house)
    async with client_of(small_house.app(*CLASSIC)) as client:
        body = {"name": "Good", "primary_color": "", "secondary_color": "", "logo_url": ""}
        team = (await client.post("/api/teams", json=body, headers=owner.headers)).json()
    assert (team["primary_color"], team["secondary_color"], team["logo_url"]) == (None, None, None)


@pytest.mark.parametrize(
    ("role", "status"),
    [("head_coach", 200), ("assistant_coach", 200), ("analyst", 403), ("physio", 403), ("player", 403)],
)
async def test_who_may_add_teams(small_house, role, status):
    owner = await an_owner(small_house)
    member = await a_staff_member(small_house, owner, role=role)
    async with client_of(small_house.app(*CLASSIC)) as client:
        answer = await client.post("/api/teams", json=OPPONENT, headers=member.headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json() == {"detail": "Your role cannot add teams."}


async def test_the_strict_setting_leaves_teams_to_the_account_manager(database, keys, tmp_path):
    house = a_house(database, data=tmp_path / "data", keys=keys, authz_team_writes="managers")
    owner = await an_owner(house)
    coach = await a_staff_member(house, owner)
    async with client_of(house.app(*CLASSIC)) as client:
        refused = await client.post("/api/teams", json=OPPONENT, headers=coach.headers)
        assert (refused.status_code, refused.json()) == (403, {"detail": "This needs the account manager role."})
        assert (await client.post("/api/teams", json=OPPONENT, headers=owner.headers)).status_code == 200


async def test_names_are_searched_at_home_first_then_among_shared_teams_never_elsewhere(client, house):
    owner, stranger = await an_owner(house), await an_owner(house, team="Foreign")
    shared = await a_team(house, None, name="Étoile du Sahel")
    own = await a_team(house, owner, name="étoile DU sahel")
    for name in ("ÉTOILE DU SAHEL", "%C3%89toile%20du%20Sahel", " Étoile du Sahel "):
        answer = await client.get(f"/api/teams/by_name/{name}", headers=owner.headers)
        assert answer.json()["id"] == own
    assert (await client.get("/api/teams/by_name/étoile du sahel", headers=stranger.headers)).json()["id"] == shared
    answer = await client.get("/api/teams/by_name/Foreign", headers=owner.headers)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Team not found."})
    assert (await client.get("/api/teams/by_name/Foreign", headers=stranger.headers)).status_code == 200


async def test_a_name_may_hold_slashes(client, house):
    owner = await an_owner(house)
    team_id = await a_team(house, owner, name="SV A/B 04")
    assert (await client.get("/api/teams/by_name/SV A/B 04", headers=owner.headers)).json()["id"] == team_id


async def test_another_clubs_team_is_as_good_as_absent(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    shared = await a_team(house, None, name="Shared")
    for team_id in (stranger.team_id, new_id(), "42", "x" * 36, "%F0%9F%8F%9F"):
        assert (await client.get(f"/api/teams/{team_id}", headers=owner.headers)).status_code == 404
    assert (await client.get(f"/api/teams/{shared}", headers=owner.headers)).json()["user_id"] is None
    assert (await client.get("/api/teams/a%00b", headers=owner.headers)).status_code == 422


async def test_staff_see_opponents_of_their_organisation(client, house):
    owner = await an_owner(house)
    analyst = await a_staff_member(house, owner, role="analyst")
    opponent = await a_team(house, owner, name="Opponent")
    assert (await client.get(f"/api/teams/{opponent}", headers=analyst.headers)).status_code == 200


async def test_a_member_who_changes_teams_changes_what_he_sees(client, house):
    owner = await an_owner(house)
    other = await a_team(house, owner, name="Second")
    member = await a_staff_member(house, owner)
    async with house.database.begin() as db:
        await db.execute(update(staff).where(staff.c.user_id == member.user_id).values(team_id=other))
    assert [team["id"] for team in (await client.get("/api/teams", headers=member.headers)).json()] == [other]
