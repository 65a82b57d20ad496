"""Staff over HTTP, and the accounts that come and go with it."""

import asyncio
import base64
import json

import pytest
from sqlalchemy import func, insert, select, update

from factories import PASSWORD, a_match, a_staff_member, a_team, an_owner
from houses import CLASSIC, client_of
from touchline.features.identity.tables import staff, users
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

ABSENT = (404, {"detail": "Staff member not found."})
EMAIL = "kim@example.org"


def told(answer):
    return answer.status_code, answer.json()


def with_account(owner, **changes):
    body = {"team_id": owner.team_id, "name": " Kim Analyst ", "role": "analyst", "email": " Kim@Example.org "}
    return {**body, "password": "secret1", **changes}


async def provision(client, owner, **changes):
    body = with_account(owner, **changes)
    return await client.post("/api/staff/create_with_account", json=body, headers=owner.headers)


async def sign_in(client, email=EMAIL, password="secret1"):
    answer = await client.post("/api/token", data={"username": email, "password": password})
    return {"Authorization": f"Bearer {answer.json().get('access_token')}"}, answer.status_code


async def account_row(house, email=EMAIL):
    async with house.database.begin() as db:
        return (await db.execute(select(users).where(users.c.email == email))).one_or_none()


async def staff_id_of(house, person):
    async with house.database.begin() as db:
        return await db.scalar(select(staff.c.id).where(staff.c.user_id == person.user_id))


async def a_member(client, owner, **changes):
    answer = await client.post(
        "/api/staff", json={"team_id": owner.team_id, "name": "Pat", **changes}, headers=owner.headers
    )
    assert answer.status_code == 200
    return answer.json()


def claims_of(headers):
    part = headers["Authorization"].split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


async def test_anonymous_callers_see_nothing_of_staff(client, house):
    owner = await an_owner(house)
    path = f"/api/staff/{(await a_member(client, owner))['id']}"
    for answer in (
        await client.get("/api/staff"),
        await client.post("/api/staff", json={"team_id": owner.team_id, "name": "X"}),
        await client.post("/api/staff/create_with_account", json=with_account(owner)),
        await client.get(path),
        await client.put(path, json={"name": "X"}),
        await client.delete(path),
    ):
        assert told(answer) == (401, {"detail": "Could not validate credentials"})


@pytest.mark.parametrize("role", ["head_coach", "assistant_coach", "analyst", "physio", "player", None])
async def test_staff_see_staff_and_only_the_account_manager_changes_it(small_house, role):
    owner = await an_owner(small_house)
    member = await a_staff_member(small_house, owner, role=role)
    path = f"/api/staff/{await staff_id_of(small_house, member)}"
    async with client_of(small_house.app(*CLASSIC), **member.headers) as client:
        assert len((await client.get("/api/staff")).json()) == 1
        assert (await client.get(path)).status_code == 200
        for answer in (
            await client.post("/api/staff", json={"team_id": owner.team_id, "name": "X"}),
            await client.post("/api/staff/create_with_account", json=with_account(owner)),
            await client.put(path, json={"role": "head_coach"}),
            await client.delete(path),
        ):
            assert told(answer) == (403, {"detail": "This needs the account manager role."})


async def test_staff_is_listed_by_name_for_the_teams_of_the_caller(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    second = await a_team(house, owner, name="Second")
    member = await a_staff_member(house, owner)  # Kim Staff
    await a_member(client, owner, name="Zoe")
    await a_member(client, owner, name="Ann", team_id=second)
    await a_member(client, stranger, name="Foreign")
    answer = await client.get("/api/staff", headers=owner.headers)
    assert [one["name"] for one in answer.json()] == ["Ann", "Kim Staff", "Zoe"]
    page = await client.get("/api/staff?limit=1&offset=1", headers=owner.headers)
    assert ([one["name"] for one in page.json()], page.headers["X-Total-Count"]) == (["Kim Staff"], "3")
    answer = await client.get("/api/staff", headers=member.headers)
    assert [one["name"] for one in answer.json()] == ["Kim Staff", "Zoe"]


async def test_another_clubs_staff_is_as_good_as_absent(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    foreign = await a_member(client, stranger, name="Foreign")
    other = await a_member(client, owner, team_id=await a_team(house, owner, name="Second"))
    member = await a_staff_member(house, owner)
    for staff_id in (foreign["id"], new_id(), "42"):
        path = f"/api/staff/{staff_id}"
        assert told(await client.get(path, headers=owner.headers)) == ABSENT
        assert told(await client.put(path, json={"name": "Mine"}, headers=owner.headers)) == ABSENT
        assert told(await client.delete(path, headers=owner.headers)) == ABSENT
    assert told(await client.get(f"/api/staff/{other['id']}", headers=member.headers)) == ABSENT
    assert (await client.get(f"/api/staff/{foreign['id']}", headers=stranger.headers)).json() == foreign


async def test_a_member_with_an_account_signs_in_at_once(client, house):
    owner = await an_owner(house)
    answer = await provision(client, owner)
    assert answer.status_code == 200
    made = answer.json()
    assert set(made) == {"id", "team_id", "user_id", "name", "role", "permission_level", "email"}
    assert (made["name"], made["role"], made["permission_level"]) == ("Kim Analyst", "analyst", "notes_only")
    assert (made["email"], made["team_id"]) == (EMAIL, owner.team_id)
    assert (await client.get(f"/api/staff/{made['id']}", headers=owner.headers)).json() == made
    headers, status = await sign_in(client, " KIM@example.org")
    assert status == 200
    claims = claims_of(headers)
    assert (claims["staff_id"], claims["team_id"]) == (made["id"], owner.team_id)
    assert (claims["permission_level"], claims["role"], claims["app_role"]) == ("notes_only", "analyst", "analyst")
    me = (await client.get("/api/users/me", headers=headers)).json()
    assert (me["id"], me["user_type"], me["full_name"]) == (made["user_id"], "staff", "Kim Analyst")
    row = await account_row(house)
    assert (row.created_by, row.email_verified) == (owner.user_id, True)


async def test_a_member_may_have_no_role(client, house):
    owner = await an_owner(house)
    made = (await provision(client, owner, role=None)).json()
    assert (made["role"], made["permission_level"]) == (None, "view_only")
    claims = claims_of((await sign_in(client))[0])
    assert (claims["app_role"], "role" in claims) == ("player", False)


async def test_provisioning_is_refused_in_the_words_of_the_contract(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    shared = await a_team(house, None, name="Shared")
    for team_id in (stranger.team_id, shared, new_id(), "42"):
        answer = await provision(client, owner, team_id=team_id)
        assert told(answer) == (400, {"detail": "That team is not yours."})
    member = await a_staff_member(house, owner)
    pending = await an_owner(house, is_active=False, email_verified=False)
    for email in (stranger.email.upper(), owner.email, member.email, pending.email):
        answer = await provision(client, owner, email=email)
        assert told(answer) == (400, {"detail": "This email is already in use."})
    answer = await provision(client, owner, password="12345")
    assert told(answer) == (400, {"detail": "The password needs at least 6 characters."})
    assert await account_row(house) is None


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"name": " "}, 422),
        ({"name": "x" * 51}, 422),
        ({"name": None}, 422),
        ({"name": "a\x00b"}, 422),
        ({"role": "boss"}, 422),
        ({"role": 1}, 422),
        ({"email": "nobody"}, 422),
        ({"team_id": None}, 422),
        ({"password": None}, 422),
        ({"password": "é" * 129}, 400),
    ],
)
async def test_what_makes_no_member_is_refused_and_leaves_nothing(small_house, changes, status):
    owner = await an_owner(small_house)
    async with client_of(small_house.app(*CLASSIC), **owner.headers) as client:
        body = with_account(owner, **changes)
        assert (await client.post("/api/staff/create_with_account", json=body)).status_code == status
        if "password" not in changes:
            body = {"email": None, **body, **changes}
            assert (await client.post("/api/staff", json=body)).status_code == status
        assert (await client.get("/api/staff")).json() == []
        assert len((await client.get("/api/users")).json()) == 1


async def test_two_provisionings_of_one_address_at_once_make_one_account(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    answers = await asyncio.gather(*(provision(client, who) for who in (owner, stranger, owner)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400]
    for answer in answers:
        if answer.status_code == 400:
            assert answer.json() == {"detail": "This email is already in use."}
    async with house.database.begin() as db:
        assert await db.scalar(select(func.count()).select_from(staff)) == 1
        assert await db.scalar(select(func.count()).select_from(users).where(users.c.user_type == "staff")) == 1


async def test_a_deleted_member_is_out_and_what_he_wrote_stays(client, house):
    owner = await an_owner(house)
    made = (await provision(client, owner, role="head_coach")).json()
    headers, _ = await sign_in(client)
    match_id = await a_match(house, owner)
    await client.post(f"/api/matches/{match_id}/notes", json={"content": "Press!"}, headers=headers)
    answer = await client.delete(f"/api/staff/{made['id']}", headers=owner.headers)
    assert told(answer) == (200, {"message": "The staff member was deleted."})
    assert told(await client.get("/api/users/me", headers=headers)) == (403, {"detail": "Inactive user"})
    assert (await sign_in(client))[1] == 403
    assert told(await client.get(f"/api/staff/{made['id']}", headers=owner.headers)) == ABSENT
    (note,) = (await client.get(f"/api/matches/{match_id}/notes", headers=owner.headers)).json()
    assert (note["content"], note["author_name"]) == ("Press!", "Kim Analyst")
    account = (await client.get(f"/api/users/{made['user_id']}", headers=owner.headers)).json()
    assert account["is_active"] is False


async def test_a_former_members_account_wakes_up_in_its_own_club_only(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    first = (await provision(client, owner)).json()
    old_token, _ = await sign_in(client)
    await client.delete(f"/api/staff/{first['id']}", headers=owner.headers)
    assert told(await provision(client, stranger)) == (400, {"detail": "This email is already in use."})
    again = await provision(client, owner, name="Kim Again", role="head_coach", password="secret2")
    assert again.status_code == 200
    assert again.json()["user_id"] == first["user_id"]
    assert (await client.get("/api/users/me", headers=old_token)).status_code == 401
    assert (await sign_in(client))[1] == 401
    headers, status = await sign_in(client, password="secret2")
    assert status == 200
    assert (await client.get("/api/users/me", headers=headers)).json()["full_name"] == "Kim Again"
    assert claims_of(headers)["app_role"] == "coach"


async def test_two_wakings_at_once_make_one_member(client, house):
    owner = await an_owner(house)
    first = (await provision(client, owner)).json()
    await client.delete(f"/api/staff/{first['id']}", headers=owner.headers)
    answers = await asyncio.gather(*(provision(client, owner) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400]
    assert len((await client.get("/api/staff", headers=owner.headers)).json()) == 1


async def test_an_account_that_is_disabled_but_still_on_the_staff_does_not_wake_up(client, house):
    owner = await an_owner(house)
    member = await a_staff_member(house, owner, is_active=False)
    answer = await provision(client, owner, email=member.email)
    assert told(answer) == (400, {"detail": "This email is already in use."})


async def test_an_account_of_the_organisation_is_given_to_a_new_member(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    body = {"email": EMAIL, "password": "secret1"}
    user = (await client.post("/api/users", json=body, headers=owner.headers)).json()
    member = await a_member(client, owner, name="Kim", role="assistant_coach", email=" Desk@B.org", user_id=user["id"])
    assert (member["user_id"], member["email"], member["permission_level"]) == (user["id"], "desk@b.org", "view_only")
    assert claims_of((await sign_in(client))[0])["app_role"] == "assistant_coach"

    foreign = await a_staff_member(house, stranger)
    for user_id, status in (
        (user["id"], 409),
        (foreign.user_id, 404),
        (new_id(), 404),
        (stranger.user_id, 404),
        (owner.user_id, 400),
    ):
        body = {"team_id": owner.team_id, "name": "X", "user_id": user_id}
        assert (await client.post("/api/staff", json=body, headers=owner.headers)).status_code == status
    assert len((await client.get("/api/staff", headers=owner.headers)).json()) == 1


async def test_blank_texts_mean_none(client, house):
    owner = await an_owner(house)
    member = await a_member(client, owner, role="", email="", user_id="")
    assert (member["role"], member["email"], member["user_id"]) == (None, None, None)


async def test_members_are_added_to_own_teams_only(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    shared = await a_team(house, None, name="Shared")
    for team_id, status in ((stranger.team_id, 404), (new_id(), 404), (shared, 403)):
        body = {"team_id": team_id, "name": "X"}
        assert (await client.post("/api/staff", json=body, headers=owner.headers)).status_code == status


async def test_a_whole_member_may_be_sent_back_with_changes(client, house):
    owner = await an_owner(house)
    made = (await provision(client, owner)).json()
    path = f"/api/staff/{made['id']}"
    body = {**made, "name": " Kim Coach ", "role": "head_coach", "permission_level": "notes_only", "user_id": new_id()}
    changed = (await client.put(path, json=body, headers=owner.headers)).json()
    assert changed == {**made, "name": "Kim Coach", "role": "head_coach", "permission_level": "full_access"}
    assert (await client.get(path, headers=owner.headers)).json() == changed
    assert (await client.put(path, json={}, headers=owner.headers)).json() == changed
    bare = await client.put(path, json={"role": None, "email": None, "team_id": None}, headers=owner.headers)
    assert bare.json() == {**changed, "role": None, "email": None, "permission_level": "view_only"}
    assert (await sign_in(client))[1] == 200  # the address of the account is another matter


@pytest.mark.parametrize("changes", [{"name": None}, {"name": " "}, {"role": "boss"}, {"email": "nobody"}])
async def test_odd_changes_are_refused(small_house, changes):
    owner = await an_owner(small_house)
    async with client_of(small_house.app(*CLASSIC), **owner.headers) as client:
        made = (await provision(client, owner)).json()
        path = f"/api/staff/{made['id']}"
        assert (await client.put(path, json={**made, "name": "X", **changes})).status_code == 422
        assert (await client.get(path)).json() == made


async def test_a_new_role_counts_from_the_next_request_on(client, house):
    owner = await an_owner(house)
    made = (await provision(client, owner, role="player")).json()
    headers, _ = await sign_in(client)
    opponent = {"name": "Opponent"}
    assert (await client.post("/api/teams", json=opponent, headers=headers)).status_code == 403
    await client.put(f"/api/staff/{made['id']}", json={"role": "head_coach"}, headers=owner.headers)
    assert (await client.post("/api/teams", json=opponent, headers=headers)).status_code == 200


async def test_a_member_moves_between_teams_of_the_club_only(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    second, shared = await a_team(house, owner, name="Second"), await a_team(house, None, name="Shared")
    made = (await provision(client, owner)).json()
    headers, _ = await sign_in(client)
    path = f"/api/staff/{made['id']}"
    for team_id, status in ((stranger.team_id, 404), (new_id(), 404), (shared, 403)):
        assert (await client.put(path, json={"team_id": team_id}, headers=owner.headers)).status_code == status
    moved = await client.put(path, json={**made, "team_id": second}, headers=owner.headers)
    assert moved.json() == {**made, "team_id": second}
    assert [team["id"] for team in (await client.get("/api/teams", headers=headers)).json()] == [second]


async def test_deleting_a_member_never_disables_an_owner(client, house):
    owner = await an_owner(house)
    staff_id = new_id()
    async with house.database.begin() as db:  # as a row that came from elsewhere
        row = {"id": staff_id, "team_id": owner.team_id, "user_id": owner.user_id, "name": "Boss", "role": "head_coach"}
        await db.execute(insert(staff).values(row))
    assert (await client.delete(f"/api/staff/{staff_id}", headers=owner.headers)).status_code == 200
    assert (await client.get("/api/users/me", headers=owner.headers)).status_code == 200


async def test_an_account_known_by_its_team_only_stays_with_the_club_when_its_member_goes(client, house):
    owner = await an_owner(house)
    member = await a_staff_member(house, owner, full_name=None)
    async with house.database.begin() as db:
        await db.execute(update(users).where(users.c.id == member.user_id).values(created_by=None))
    path = f"/api/staff/{await staff_id_of(house, member)}"
    assert (await client.delete(path, headers=owner.headers)).status_code == 200
    user = (await client.get(f"/api/users/{member.user_id}", headers=owner.headers)).json()
    assert (user["full_name"], user["is_active"]) == ("Kim Staff", False)
    again = await provision(client, owner, email=member.email, password=PASSWORD)
    assert again.json()["user_id"] == member.user_id
