"""Accounts of an organisation over HTTP."""

import asyncio

import pytest
from sqlalchemy import event, select, update

from factories import PASSWORD, a_match, a_staff_member, a_team, an_owner
from houses import CLASSIC, a_house, client_of
from touchline.features.identity.tables import staff, users
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

NEW = {"email": " New.One@Example.org ", "full_name": "Nora New", "password": "secret1"}
EMAIL = "new.one@example.org"
ABSENT = (404, {"detail": "Account not found."})


async def sign_in(client, email, password):
    return await client.post("/api/token", data={"username": email, "password": password})


def told(answer):
    return answer.status_code, answer.json()


async def test_anonymous_callers_see_nothing_of_accounts(client, house):
    owner = await an_owner(house)
    path = f"/api/users/{owner.user_id}"
    for answer in (
        await client.get("/api/users"),
        await client.post("/api/users", json=NEW),
        await client.get(path),
        await client.put(path, json=NEW),
        await client.delete(path),
    ):
        assert told(answer) == (401, {"detail": "Could not validate credentials"})


@pytest.mark.parametrize("role", ["head_coach", "assistant_coach", "analyst", "physio", "player", None])
async def test_staff_have_no_part_in_accounts(small_house, role):
    owner = await an_owner(small_house)
    member = await a_staff_member(small_house, owner, role=role)
    path = f"/api/users/{member.user_id}"
    async with client_of(small_house.app(*CLASSIC), **member.headers) as client:
        for answer in (
            await client.get("/api/users"),
            await client.post("/api/users", json=NEW),
            await client.get(path),
            await client.put(path, json=NEW),
            await client.delete(path),
        ):
            assert answer.status_code == 403
        assert (await client.get("/api/users/me")).status_code == 200


async def test_an_organisation_is_its_owner_his_accounts_and_the_staff_of_his_teams(client, house):
    owner = await an_owner(house)
    house.clock.forward(minutes=1)
    made = (await client.post("/api/users", json=NEW, headers=owner.headers)).json()
    house.clock.forward(minutes=1)
    member = await a_staff_member(house, owner)
    house.clock.forward(minutes=1)
    imported = await a_staff_member(house, owner)
    async with house.database.begin() as db:  # as a row that came from elsewhere: known by its team only
        await db.execute(update(users).where(users.c.id == imported.user_id).values(created_by=None))
    stranger = await an_owner(house)
    await a_staff_member(house, stranger)

    answer = await client.get("/api/users", headers=owner.headers)
    ids = [owner.user_id, made["id"], member.user_id, imported.user_id]
    assert [user["id"] for user in answer.json()] == ids
    page = await client.get("/api/users?limit=2&offset=1", headers=owner.headers)
    assert [user["id"] for user in page.json()] == ids[1:3]
    assert page.headers["X-Total-Count"] == "4"
    for user_id in ids:
        assert (await client.get(f"/api/users/{user_id}", headers=owner.headers)).json()["id"] == user_id


async def test_another_clubs_accounts_are_as_good_as_absent(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    foreign = await a_staff_member(house, stranger)
    for user_id in (stranger.user_id, foreign.user_id, new_id(), "42", "x" * 36):
        path = f"/api/users/{user_id}"
        assert told(await client.get(path, headers=owner.headers)) == ABSENT
        assert told(await client.put(path, json=NEW, headers=owner.headers)) == ABSENT
        assert told(await client.delete(path, headers=owner.headers)) == ABSENT
    assert (await client.get("/api/users/me", headers=foreign.headers)).json()["email"] == foreign.email


async def test_a_new_account_is_of_the_staff_and_signs_in_at_once(client, house):
    owner = await an_owner(house)
    body = {**NEW, "user_type": "owner", "email_verified": False}
    answer = await client.post("/api/users", json=body, headers=owner.headers)
    assert answer.status_code == 200
    made = answer.json()
    assert set(made) == {"id", "email", "full_name", "user_type", "is_active", "created_at", "last_login"}
    assert (made["email"], made["full_name"], made["user_type"]) == (EMAIL, "Nora New", "staff")
    assert (made["is_active"], made["last_login"], made["created_at"]) == (True, None, "2026-05-02T14:00:00Z")
    token = (await sign_in(client, EMAIL, "secret1")).json()["access_token"]
    teams = await client.get("/api/teams", headers={"Authorization": f"Bearer {token}"})
    assert told(teams) == (200, [])


async def test_an_account_without_a_password_gets_one_by_mail(client, house):
    owner = await an_owner(house)
    assert (await client.post("/api/users", json={"email": EMAIL}, headers=owner.headers)).status_code == 200
    await client.post("/api/password/forgot", json={"email": EMAIL})
    body = {"email": EMAIL, "code": house.mail.last(EMAIL).code, "new_password": "secret2"}
    assert (await client.post("/api/password/reset", json=body)).status_code == 200
    assert (await sign_in(client, EMAIL, "secret2")).status_code == 200


async def test_an_address_belongs_to_one_account_whatever_its_club(client, house):
    owner, stranger = await an_owner(house), await an_owner(house, email="taken@example.org")
    member = await a_staff_member(house, owner)
    taken = {"detail": "This email is already in use."}
    for email in ("Taken@example.org", member.email, owner.email):
        assert told(await client.post("/api/users", json={**NEW, "email": email}, headers=owner.headers)) == (
            409,
            taken,
        )
    path = f"/api/users/{member.user_id}"
    assert told(await client.put(path, json={"email": stranger.email}, headers=owner.headers)) == (409, taken)
    assert (await client.get(path, headers=owner.headers)).json()["email"] == member.email


async def test_two_accounts_of_one_address_at_once_become_one(client, house):
    owner = await an_owner(house)
    answers = await asyncio.gather(*(client.post("/api/users", json=NEW, headers=owner.headers) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"email": "nobody"}, 422),
        ({"email": None}, 422),
        ({"email": "x" * 95 + "@b.org"}, 422),
        ({"email": "a\x00@b.org"}, 422),
        ({"full_name": "x" * 101}, 422),
        ({"full_name": 5}, 422),
        ({"password": "12345"}, 400),
        ({"password": ""}, 400),
        ({"password": "é" * 129}, 400),
        ({"is_active": "yes"}, 422),
        ({"is_active": 1}, 422),
        ({"is_active": None}, 422),
    ],
)
async def test_what_makes_no_account_is_refused(small_house, changes, status):
    owner = await an_owner(small_house)
    member = await a_staff_member(small_house, owner)
    async with client_of(small_house.app(*CLASSIC), **owner.headers) as client:
        before = (await client.get("/api/users")).json()
        assert (await client.post("/api/users", json={**NEW, **changes})).status_code == status
        body = {**NEW, "is_active": False, **changes}
        assert (await client.put(f"/api/users/{member.user_id}", json=body)).status_code == status
        assert (await client.get("/api/users")).json() == before


async def test_what_is_left_out_stays(client, house):
    owner = await an_owner(house)
    made = (await client.post("/api/users", json=NEW, headers=owner.headers)).json()
    path = f"/api/users/{made['id']}"
    assert (await client.put(path, json={"email": EMAIL}, headers=owner.headers)).json() == made
    whole = {**made, "full_name": "Nora Newer", "user_type": "owner", "created_at": None, "password": None}
    changed = (await client.put(path, json=whole, headers=owner.headers)).json()
    assert changed == {**made, "full_name": "Nora Newer"}
    assert (await client.get(path, headers=owner.headers)).json() == changed
    unnamed = await client.put(path, json={"email": EMAIL, "full_name": None}, headers=owner.headers)
    assert unnamed.json()["full_name"] is None
    assert (await sign_in(client, EMAIL, "secret1")).status_code == 200


async def test_a_deactivated_account_is_out_until_it_is_active_again_and_its_tokens_stay_void(client, house):
    owner = await an_owner(house)
    member = await a_staff_member(house, owner)
    path, body = f"/api/users/{member.user_id}", {"email": member.email}
    answer = await client.put(path, json={**body, "is_active": False}, headers=owner.headers)
    assert answer.json()["is_active"] is False
    assert told(await client.get("/api/users/me", headers=member.headers)) == (403, {"detail": "Inactive user"})
    assert (await sign_in(client, member.email, PASSWORD)).status_code == 403
    assert (await client.put(path, json={**body, "is_active": True}, headers=owner.headers)).status_code == 200
    assert (await client.get("/api/users/me", headers=member.headers)).status_code == 401
    assert (await sign_in(client, member.email, PASSWORD)).status_code == 200


async def test_a_new_password_voids_tokens_and_forgives_failures(client, house):
    owner = await an_owner(house)
    member = await a_staff_member(house, owner)
    for _ in range(10):
        await sign_in(client, member.email, "wrong")
    assert (await sign_in(client, member.email, PASSWORD)).status_code == 429
    body = {"email": member.email, "password": "secret2"}
    assert (await client.put(f"/api/users/{member.user_id}", json=body, headers=owner.headers)).status_code == 200
    assert (await client.get("/api/users/me", headers=member.headers)).status_code == 401
    assert (await sign_in(client, member.email, PASSWORD)).status_code == 401
    assert (await sign_in(client, member.email, "secret2")).status_code == 200


async def test_a_new_address_ends_what_the_former_one_could_do(client, house):
    owner = await an_owner(house)
    member = await a_staff_member(house, owner, google_sub="google-1")
    async with house.database.begin() as db:
        await db.execute(update(staff).where(staff.c.user_id == member.user_id).values(email=member.email))
    await client.post("/api/password/forgot", json={"email": member.email})
    code = house.mail.last(member.email).code
    answer = await client.put(f"/api/users/{member.user_id}", json={"email": " KIM@b.org"}, headers=owner.headers)
    assert answer.json()["email"] == "kim@b.org"
    for email in (member.email, "kim@b.org"):
        body = {"email": email, "code": code, "new_password": "secret2"}
        assert (await client.post("/api/password/reset", json=body)).status_code == 400
    async with house.database.begin() as db:
        row = (await db.execute(select(users).where(users.c.id == member.user_id))).one()
        contact = await db.scalar(select(staff.c.email).where(staff.c.user_id == member.user_id))
    assert (row.google_sub, row.email_verified, contact) == (None, True, "kim@b.org")
    assert (await client.get("/api/users/me", headers=member.headers)).json()["email"] == "kim@b.org"
    assert (await sign_in(client, "kim@b.org", PASSWORD)).status_code == 200


async def test_an_owners_own_new_address_proves_itself_before_the_next_sign_in(client, house):
    owner = await an_owner(house)
    path = f"/api/users/{owner.user_id}"
    assert (await client.put(path, json={"email": EMAIL}, headers=owner.headers)).json()["email"] == EMAIL
    assert (await client.get("/api/users/me", headers=owner.headers)).status_code == 200
    assert (await sign_in(client, EMAIL, PASSWORD)).status_code == 403
    code = house.mail.last(EMAIL).code
    verified = await client.post("/api/register/verify", json={"email": EMAIL, "code": code})
    assert verified.status_code == 200
    assert (await sign_in(client, EMAIL, PASSWORD)).status_code == 200
    # Tokens from before may be held by somebody who only claimed the address.
    assert (await client.get("/api/users/me", headers=owner.headers)).status_code == 401
    fresh = {"Authorization": f"Bearer {verified.json()['access_token']}"}
    teams = (await client.get("/api/teams", headers=fresh)).json()
    assert [team["id"] for team in teams] == [owner.team_id]


async def test_without_a_mail_an_owner_keeps_his_address(small_house):
    owner = await an_owner(small_house)
    async with client_of(small_house.app(*CLASSIC), **owner.headers) as client:
        small_house.mail.fails = True
        body = {"email": EMAIL, "full_name": "Changed", "password": "secret2"}
        assert (await client.put(f"/api/users/{owner.user_id}", json=body)).status_code == 503
        me = (await client.get("/api/users/me")).json()
        assert (me["email"], me["full_name"]) == (owner.email, "Ada Coach")
        assert (await sign_in(client, owner.email, PASSWORD)).status_code == 200


async def test_nobody_disables_or_deletes_himself(client, house):
    owner = await an_owner(house)
    path = f"/api/users/{owner.user_id}"
    answer = await client.put(path, json={"email": owner.email, "is_active": False}, headers=owner.headers)
    assert told(answer) == (400, {"detail": "You cannot disable your own account."})
    answer = await client.delete(path, headers=owner.headers)
    assert told(answer) == (400, {"detail": "You cannot delete your own account."})
    body = {"email": owner.email, "is_active": True, "user_type": "staff", "full_name": "Ada"}
    changed = (await client.put(path, json=body, headers=owner.headers)).json()
    assert (changed["is_active"], changed["user_type"], changed["full_name"]) == (True, "owner", "Ada")
    assert (await client.get("/api/users/me", headers=owner.headers)).status_code == 200


async def test_what_a_deleted_account_wrote_stays_with_its_author(client, house):
    owner = await an_owner(house)
    member = await a_staff_member(house, owner, full_name=None)
    match_id = await a_match(house, owner)
    note = await client.post(f"/api/matches/{match_id}/notes", json={"content": "Press!"}, headers=member.headers)
    assert note.status_code == 200
    path = f"/api/users/{member.user_id}"
    answer = await client.delete(path, headers=owner.headers)
    assert told(answer) == (200, {"message": "The account was deleted."})
    (kept,) = (await client.get(f"/api/matches/{match_id}/notes", headers=owner.headers)).json()
    assert (kept["content"], kept["user_id"], kept["author_name"]) == ("Press!", member.user_id, "Kim Staff")

    assert (await client.get("/api/users/me", headers=member.headers)).status_code == 401
    assert (await sign_in(client, member.email, PASSWORD)).status_code == 401
    assert [user["id"] for user in (await client.get("/api/users", headers=owner.headers)).json()] == [owner.user_id]
    for answer in (
        await client.get(path, headers=owner.headers),
        await client.put(path, json={"email": "back@example.org", "is_active": True}, headers=owner.headers),
        await client.delete(path, headers=owner.headers),
    ):
        assert told(answer) == ABSENT
    (staying,) = (await client.get("/api/staff", headers=owner.headers)).json()
    assert (staying["name"], staying["user_id"]) == ("Kim Staff", None)


async def test_the_address_of_a_deleted_account_is_free_again(client, house):
    owner = await an_owner(house)
    member = await a_staff_member(house, owner)
    await client.post("/api/password/forgot", json={"email": member.email})
    assert (await client.delete(f"/api/users/{member.user_id}", headers=owner.headers)).status_code == 200
    code = house.mail.last(member.email).code
    body = {"email": member.email, "code": code, "new_password": "secret2"}
    assert (await client.post("/api/password/reset", json=body)).status_code == 400
    again = await client.post("/api/users", json={**NEW, "email": member.email}, headers=owner.headers)
    assert again.status_code == 200
    assert again.json()["id"] != member.user_id
    assert (await sign_in(client, f"deleted:{member.user_id}", "")).status_code in (401, 422)


async def test_an_account_of_a_second_team_is_the_organisations_too(client, house):
    owner = await an_owner(house)
    other = await a_team(house, owner, name="Second")
    member = await a_staff_member(house, owner, team_id=other)
    assert (await client.get(f"/api/users/{member.user_id}", headers=owner.headers)).status_code == 200


async def test_lists_of_accounts_and_staff_cost_two_statements_at_most(small_house):
    owner = await an_owner(small_house)
    for _ in range(5):
        await a_staff_member(small_house, owner)
    sent = []
    event.listen(small_house.database.engine.sync_engine, "before_cursor_execute", lambda *seen: sent.append(seen[2]))
    async with client_of(small_house.app(*CLASSIC), **owner.headers) as client:
        for path in ("/api/users?limit=3", "/api/staff?limit=3"):
            sent.clear()
            assert len((await client.get(path)).json()) == 3
            assert len(sent) <= 3, sent  # authentication's one, the page and its count


async def test_where_no_mail_can_be_sent_accounts_are_kept_all_the_same(database, keys, tmp_path):
    house = a_house(database, data=tmp_path / "data", keys=keys, has_mail=False)
    owner = await an_owner(house)
    async with client_of(house.app(*CLASSIC), **owner.headers) as client:
        made = await client.post("/api/users", json=NEW)
        assert made.status_code == 200
        body = {"email": "other@example.org"}
        assert (await client.put(f"/api/users/{made.json()['id']}", json=body)).status_code == 200
        assert (await client.put(f"/api/users/{owner.user_id}", json={"email": "o@example.org"})).status_code == 503
