"""Teams over HTTP: own, opponents, shared."""

import pytest
from sqlalchemy import update

from factories import a_match, a_staff_member, a_team, an_owner
from houses import CLASSIC, a_house, client_of
from touchline.features.identity.tables import staff, users
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
        await client.put(f"/api/teams/{owner.team_id}", json=OPPONENT),
        await client.delete(f"/api/teams/{owner.team_id}"),
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
    for name in ("SV A/B 04", "sv a/b 04/"):
        assert (await client.get(f"/api/teams/by_name/{name}", headers=owner.headers)).json()["id"] == team_id
    slashed = await a_team(house, owner, name="SV A/B 04/")
    assert (await client.get("/api/teams/by_name/SV A/B 04/", headers=owner.headers)).json()["id"] == slashed


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


async def test_a_whole_team_may_be_sent_back_with_changes(client, house):
    owner = await an_owner(house)
    logo = "/static/images/teams/x-12345678.png"
    team_id = await a_team(house, owner, secondary_color="#00FF00", logo_url=logo)
    path = f"/api/teams/{team_id}"
    before = (await client.get(path, headers=owner.headers)).json()
    body = {**before, "name": "  Blues ", "primary_color": "#ABCDEF", "user_id": "x", "created_at": None, "id": "y"}
    answer = await client.put(path, json=body, headers=owner.headers)
    assert (answer.status_code, answer.json()) == (200, {**before, "name": "Blues", "primary_color": "#ABCDEF"})
    assert (await client.get(path, headers=owner.headers)).json() == answer.json()


@pytest.mark.parametrize(
    "body",
    [{}, {"logo_url": None, "primary_color": None, "secondary_color": None}, {"logo_url": "", "is_primary": True}],
)
async def test_logo_and_colours_that_are_null_or_left_out_stay(client, house, body):
    owner = await an_owner(house)
    team_id = await a_team(house, owner, secondary_color="#00FF00", logo_url="/static/images/teams/x.png")
    path = f"/api/teams/{team_id}"
    before = (await client.get(path, headers=owner.headers)).json()
    assert (await client.put(path, json=body, headers=owner.headers)).json() == before
    assert (await client.get("/api/teams", headers=owner.headers)).json()[0]["id"] == owner.team_id


async def test_an_empty_colour_is_taken_away(client, house):
    owner = await an_owner(house)
    path = f"/api/teams/{owner.team_id}"
    body = {"primary_color": "", "secondary_color": ""}
    team = (await client.put(path, json=body, headers=owner.headers)).json()
    assert (team["name"], team["primary_color"], team["secondary_color"]) == ("Rovers", None, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": None},
        {"name": "x" * 51},
        {"name": "a\x00b"},
        {"primary_color": "blue"},
        {"secondary_color": "#1234567"},
        {"logo_url": "javascript:alert(1)"},
    ],
)
async def test_changes_that_no_screen_could_draw_are_refused(small_house, changes):
    owner = await an_owner(small_house)
    async with client_of(small_house.app(*CLASSIC), **owner.headers) as client:
        path = f"/api/teams/{owner.team_id}"
        before = (await client.get(path)).json()
        assert (await client.put(path, json={"name": "Good", **changes})).status_code == 422
        assert (await client.get(path)).json() == before


@pytest.mark.parametrize("role", ["head_coach", "assistant_coach", "analyst", "player"])
async def test_only_the_account_manager_changes_and_deletes_teams(small_house, role):
    owner = await an_owner(small_house)
    member = await a_staff_member(small_house, owner, role=role)
    path = f"/api/teams/{owner.team_id}"
    async with client_of(small_house.app(*CLASSIC), **member.headers) as client:
        for answer in (await client.put(path, json={"name": "Mine"}), await client.delete(path)):
            assert (answer.status_code, answer.json()) == (403, {"detail": "This needs the account manager role."})


async def test_foreign_teams_are_absent_and_shared_ones_nobodys_to_change(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    shared = await a_team(house, None, name="Shared")
    for team_id, status in ((stranger.team_id, 404), (new_id(), 404), ("42", 404), (shared, 403)):
        path = f"/api/teams/{team_id}"
        assert (await client.put(path, json={"name": "Mine"}, headers=owner.headers)).status_code == status
        assert (await client.delete(path, headers=owner.headers)).status_code == status
    assert (await client.get(f"/api/teams/{shared}", headers=owner.headers)).json()["name"] == "Shared"
    assert (await client.get(f"/api/teams/{stranger.team_id}", headers=stranger.headers)).json()["name"] == "Rovers"


async def test_a_team_goes_with_its_squad_but_not_while_it_has_matches(client, house):
    owner = await an_owner(house)
    opponent = await a_team(house, owner, name="Opponent")
    match_id = await a_match(house, owner, opponent_id=opponent)
    player = await client.post("/api/players", json={"team_id": opponent, "name": "Nine"}, headers=owner.headers)
    assert player.status_code == 200
    path = f"/api/teams/{opponent}"
    answer = await client.delete(path, headers=owner.headers)
    assert answer.status_code == 409
    assert answer.json() == {"detail": "There are matches of this team; delete them before the team."}
    assert (await client.get(path, headers=owner.headers)).status_code == 200
    assert (await client.delete(f"/api/matches/{match_id}", headers=owner.headers)).status_code == 200
    answer = await client.delete(path, headers=owner.headers)
    assert (answer.status_code, answer.json()) == (200, {"message": "The team was deleted."})
    for gone in (path, f"/api/players/{player.json()['id']}"):
        assert (await client.get(gone, headers=owner.headers)).status_code == 404


async def test_when_the_primary_team_goes_the_oldest_other_takes_its_place_and_the_last_may_go(client, house):
    owner = await an_owner(house)
    house.clock.forward(minutes=1)
    second = await a_team(house, owner, name="Second")
    house.clock.forward(minutes=1)
    third = await a_team(house, owner, name="Third")

    async def mine():
        return [team["id"] for team in (await client.get("/api/teams", headers=owner.headers)).json()]

    assert (await client.delete(f"/api/teams/{owner.team_id}", headers=owner.headers)).status_code == 200
    assert await mine() == [second, third]
    for team_id in (second, third):
        assert (await client.delete(f"/api/teams/{team_id}", headers=owner.headers)).status_code == 200
    assert await mine() == []
    assert (await client.get("/api/players", headers=owner.headers)).json() == []
    first = (await client.post("/api/teams", json={"name": "New start"}, headers=owner.headers)).json()
    house.clock.forward(minutes=1)
    await client.post("/api/teams", json={"name": "Another"}, headers=owner.headers)
    assert (await mine())[0] == first["id"]


async def test_accounts_of_a_deleted_teams_staff_stay_with_the_club_and_find_empty_lists(client, house):
    owner = await an_owner(house)
    second = await a_team(house, owner, name="Second")
    member = await a_staff_member(house, owner, team_id=second)
    async with house.database.begin() as db:  # as a row that came from elsewhere: known by its team only
        await db.execute(update(users).where(users.c.id == member.user_id).values(created_by=None))
    assert (await client.delete(f"/api/teams/{second}", headers=owner.headers)).status_code == 200
    for path in ("teams", "staff", "players", "matches", "events", "formations", "reunions", "training_sessions"):
        answer = await client.get(f"/api/{path}", headers=member.headers)
        assert answer.status_code == 200, path
        assert answer.json() == [] or path == "formations"
    assert (await client.get(f"/api/teams/{owner.team_id}", headers=member.headers)).status_code == 200
    assert (await client.post("/api/teams", json=OPPONENT, headers=member.headers)).status_code == 403
    assert (await client.get(f"/api/users/{member.user_id}", headers=owner.headers)).status_code == 200
    body = {"team_id": owner.team_id, "name": "Kim", "role": "head_coach", "user_id": member.user_id}
    assert (await client.post("/api/staff", json=body, headers=owner.headers)).status_code == 200
    assert (await client.post("/api/teams", json=OPPONENT, headers=member.headers)).status_code == 200
