"""Registration with a mailed code."""

import asyncio

import pytest
from sqlalchemy import select

from factories import PASSWORD, a_staff_member, an_owner
from houses import CLASSIC, a_house, client_of
from touchline.features.identity import IdentityService
from touchline.features.identity.tables import teams, users

pytestmark = pytest.mark.anyio

NEW = {"email": " Coach.One@Example.org ", "password": "secret1", "full_name": "Ada Coach"}
EMAIL = "coach.one@example.org"


async def register(client, **changes):
    return await client.post("/api/register", json={**NEW, **changes})


async def verify(client, code, email=EMAIL):
    return await client.post("/api/register/verify", json={"email": email, "code": code})


async def test_registration_ends_with_a_code_a_token_and_a_first_team(client, house):
    answer = await register(client)
    assert answer.status_code == 200
    assert answer.json()["status"] == "pending_verification"
    assert answer.json()["email"] == EMAIL
    assert isinstance(answer.json()["detail"], str)
    mail = house.mail.last(EMAIL)
    assert "15 minutes" in mail.text

    answer = await verify(client, f" {mail.code} ")
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "bearer"
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    me = (await client.get("/api/users/me", headers=headers)).json()
    assert me["email"] == EMAIL
    assert (me["user_type"], me["is_active"], me["full_name"]) == ("owner", True, "Ada Coach")
    assert me["created_at"] == "2026-05-02T14:00:00Z"
    assert me["last_login"] == "2026-05-02T14:00:00Z"
    (team,) = (await client.get("/api/teams", headers=headers)).json()
    assert team["name"] == "Ada Coach's team"
    assert team["user_id"] == me["id"]


async def test_the_code_is_stored_as_a_hash_only(client, house):
    await register(client)
    code = house.mail.last(EMAIL).code
    async with house.database.begin() as db:
        row = (await db.execute(select(users))).one()
    assert len(row.email_verification_code) == 64
    assert code not in row.email_verification_code
    assert row.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_until_the_code_is_entered_nobody_signs_in(client, house):
    await register(client)
    answer = await client.post("/api/token", data={"username": EMAIL, "password": "secret1"})
    assert answer.status_code == 403
    assert "email not verified" in answer.json()["detail"].lower()


async def test_what_the_body_says_about_rights_is_ignored(client, house):
    await register(client, user_type="staff", is_active=True, email_verified=True)
    async with house.database.begin() as db:
        row = (await db.execute(select(users))).one()
    assert (row.user_type, row.is_active, row.email_verified) == ("owner", False, False)


async def test_an_address_in_use_is_refused(client, house):
    await an_owner(house, email=EMAIL)
    answer = await register(client)
    assert answer.status_code == 400
    assert answer.json() == {"detail": "This email is already in use."}


async def test_a_pending_address_gets_a_new_code_and_keeps_its_password(client, house):
    await register(client)
    first = house.mail.last(EMAIL).code
    house.clock.forward(seconds=61)
    answer = await register(client, password="another1")
    assert answer.json()["detail"] == "A new code is on its way."
    second = house.mail.last(EMAIL).code
    assert len(house.mail.mails) == 2
    if first != second:
        assert (await verify(client, first)).status_code == 400
    assert (await verify(client, second)).status_code == 200
    good = await client.post("/api/token", data={"username": EMAIL, "password": "secret1"})
    bad = await client.post("/api/token", data={"username": EMAIL, "password": "another1"})
    assert (good.status_code, bad.status_code) == (200, 401)


@pytest.mark.parametrize(
    "email", ["", "nobody", "a b@c.org", "a@", "@b", "x" * 95 + "@b.org", "a\x00@b.org", "a@b\r\nBcc: c@d"]
)
async def test_what_is_no_address_is_refused(small_house, email):
    async with client_of(small_house.app(*CLASSIC)) as client:
        answer = await register(client, email=email)
    assert answer.status_code == 422
    assert "email" in answer.json()["detail"]
    assert small_house.mail.mails == []


@pytest.mark.parametrize("password", ["12345", "", "x" * 257, "é" * 129])
async def test_a_password_must_be_neither_short_nor_huge(small_house, password):
    async with client_of(small_house.app(*CLASSIC)) as client:
        assert (await register(client, password=password)).status_code == 400
        assert (await client.post("/api/register", json={"email": "a@b.org"})).status_code == 422
        assert (await register(client, password=None)).status_code == 422


async def test_a_full_name_may_be_null_but_not_endless(small_house):
    async with client_of(small_house.app(*CLASSIC)) as client:
        assert (await register(client, full_name="x" * 101)).status_code == 422
        assert (await register(client, full_name=None)).status_code == 200


async def test_when_the_mail_fails_nothing_is_left(small_house):
    small_house.mail.fails = True
    async with client_of(small_house.app(*CLASSIC)) as client:
        answer = await register(client)
        assert answer.status_code == 503
        assert answer.json() == {"detail": "The verification mail could not be sent."}
        async with small_house.database.begin() as db:
            assert (await db.execute(select(users))).all() == []
        small_house.mail.fails = False
        assert (await register(client)).status_code == 200


async def test_a_resend_that_fails_may_be_repeated_at_once(small_house):
    async with client_of(small_house.app(*CLASSIC)) as client:
        await register(client)
        small_house.clock.forward(seconds=61)
        small_house.mail.fails = True
        assert (await client.post("/api/register/resend", json={"email": EMAIL})).status_code == 503
        small_house.mail.fails = False
        assert (await client.post("/api/register/resend", json={"email": EMAIL})).status_code == 200


async def test_without_any_way_to_mail_registration_answers_503(database, keys, tmp_path):
    house = a_house(database, data=tmp_path / "data", keys=keys, has_mail=False)
    async with client_of(house.app(*CLASSIC)) as client:
        assert (await register(client)).status_code == 503
        assert (await client.post("/api/password/forgot", json={"email": EMAIL})).status_code == 200


async def test_five_wrong_attempts_void_a_code(client, house):
    await register(client)
    code = house.mail.last(EMAIL).code
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        answer = await verify(client, wrong)
        assert answer.status_code == 400
        assert answer.json() == {"detail": "The code is wrong or has expired."}
    assert (await verify(client, code)).status_code == 400
    house.clock.forward(seconds=61)
    await client.post("/api/register/resend", json={"email": EMAIL})
    assert (await verify(client, house.mail.last(EMAIL).code)).status_code == 200


async def test_the_right_code_counts_as_the_fifth_attempt(client, house):
    await register(client)
    code = house.mail.last(EMAIL).code
    for _ in range(4):
        await verify(client, "abcdef")
    assert (await verify(client, code)).status_code == 200


async def test_attempts_at_the_same_moment_are_all_counted(client, house):
    await register(client)
    code = house.mail.last(EMAIL).code
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    await asyncio.gather(*(verify(client, wrong) for _ in range(6)))
    async with house.database.begin() as db:
        assert (await db.execute(select(users.c.verification_attempts))).scalar_one() == 5
    assert (await verify(client, code)).status_code == 400


async def test_a_code_ends_after_its_time(client, house):
    await register(client)
    house.clock.forward(minutes=15)
    assert (await verify(client, house.mail.last(EMAIL).code)).status_code == 400


async def test_a_code_works_once_and_a_verified_account_never_gets_a_token_by_code(client, house):
    await register(client)
    code = house.mail.last(EMAIL).code
    answers = await asyncio.gather(verify(client, code), verify(client, code))
    assert sorted(answer.status_code for answer in answers) == [200, 400]
    assert (await verify(client, code)).status_code == 400
    async with house.database.begin() as db:
        assert len((await db.execute(select(teams))).all()) == 1


async def test_a_code_for_nobody_is_just_wrong(client):
    answer = await verify(client, "123456", email="nobody@example.org")
    assert (answer.status_code, answer.json()) == (400, {"detail": "The code is wrong or has expired."})


async def test_a_new_code_waits_a_minute_and_ten_are_enough_for_a_day(client, house):
    await register(client)
    answer = await client.post("/api/register/resend", json={"email": EMAIL})
    assert answer.status_code == 429
    assert 55 <= int(answer.headers["Retry-After"]) <= 61
    assert (await register(client)).status_code == 429
    for _ in range(9):
        house.clock.forward(seconds=61)
        assert (await client.post("/api/register/resend", json={"email": EMAIL})).status_code == 200
    house.clock.forward(seconds=61)
    answer = await client.post("/api/register/resend", json={"email": EMAIL})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 3600
    house.clock.forward(days=1)
    assert (await client.post("/api/register/resend", json={"email": EMAIL})).status_code == 200


async def test_limits_are_lifted_on_loopback_only(database, keys, tmp_path):
    for is_loopback, expected in ((True, 200), (False, 429)):
        house = a_house(database, data=tmp_path / "data", keys=keys, rate_limits="off", is_loopback=is_loopback)
        async with client_of(house.app(*CLASSIC)) as client:
            email = f"{is_loopback}@example.org"
            await register(client, email=email)
            assert (await client.post("/api/register/resend", json={"email": email})).status_code == expected


async def test_without_limits_everything_may_be_tried_again_but_a_code_still_has_five_attempts(
    database, keys, tmp_path
):
    house = a_house(database, data=tmp_path / "data", keys=keys, rate_limits="off")
    async with client_of(house.app(*CLASSIC)) as client:
        await register(client)
        again = [client.post("/api/register/resend", json={"email": EMAIL}) for _ in range(12)]
        assert {answer.status_code for answer in await asyncio.gather(*again)} == {200}
        await client.post("/api/register/resend", json={"email": EMAIL})
        code = house.mail.last(EMAIL).code
        for _ in range(5):
            assert (await verify(client, "nope")).status_code == 400
        assert (await verify(client, code)).status_code == 400
        for _ in range(12):
            wrong = await client.post("/api/token", data={"username": EMAIL, "password": "wrong horse"})
            assert wrong.status_code == 401


async def test_resend_has_nothing_for_the_unknown_and_the_verified(client, house):
    await an_owner(house, email=EMAIL)
    for email in (EMAIL, "nobody@example.org"):
        answer = await client.post("/api/register/resend", json={"email": email})
        assert (answer.status_code, answer.json()) == (404, {"detail": "Nothing to verify for this address."})


async def test_two_registrations_at_once_make_one_account(client, house):
    answers = await asyncio.gather(register(client), register(client))
    assert {answer.status_code for answer in answers} <= {200, 400, 429}
    async with house.database.begin() as db:
        assert len((await db.execute(select(users))).all()) == 1


async def test_an_owner_made_by_an_administrator_signs_in_at_once(client, house):
    service = house.services[IdentityService]
    async with house.database.begin() as db:
        await service.create_owner(db, email="Boss@example.org", password=PASSWORD, full_name=None)
    answer = await client.post("/api/token", data={"username": "boss@example.org", "password": PASSWORD})
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    (team,) = (await client.get("/api/teams", headers=headers)).json()
    assert team["name"] == "Boss's team"


async def test_a_staff_account_has_no_part_in_registration(client, house):
    owner = await an_owner(house)
    member = await a_staff_member(house, owner)
    assert (await register(client, email=member.email)).status_code == 400
