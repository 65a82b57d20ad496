"""Forgotten passwords."""

import pytest
from sqlalchemy import select, update

from factories import PASSWORD, an_owner
from houses import CLASSIC, client_of
from touchline.features.identity.tables import users

pytestmark = pytest.mark.anyio

SAID = {"status": "ok", "detail": "If that address has an account, a reset code is on its way."}


async def forgot(client, email):
    return await client.post("/api/password/forgot", json={"email": email})


async def reset(client, email, code, password="new secret"):
    return await client.post("/api/password/reset", json={"email": email, "code": code, "new_password": password})


async def sign_in(client, email, password):
    return (await client.post("/api/token", data={"username": email, "password": password})).status_code


async def test_a_mailed_code_sets_a_new_password_and_voids_all_tokens(client, house):
    owner = await an_owner(house)
    assert (await forgot(client, f" {owner.email.upper()}")).json() == SAID
    answer = await reset(client, owner.email, house.mail.last(owner.email).code)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "detail": "Your password has been changed."})
    assert (await client.get("/api/users/me", headers=owner.headers)).status_code == 401
    assert await sign_in(client, owner.email, PASSWORD) == 401
    assert await sign_in(client, owner.email, "new secret") == 200


async def test_a_code_works_once(client, house):
    owner = await an_owner(house)
    await forgot(client, owner.email)
    code = house.mail.last(owner.email).code
    assert (await reset(client, owner.email, code)).status_code == 200
    assert (await reset(client, owner.email, code)).status_code == 400


async def test_nobody_learns_whether_an_address_has_an_account(client, house):
    inactive = await an_owner(house, is_active=False)
    pending = await an_owner(house, email_verified=False)
    for email in ("nobody@example.org", inactive.email, pending.email):
        answer = await forgot(client, email)
        assert (answer.status_code, answer.json()) == (200, SAID)
    assert house.mail.mails == []


async def test_a_failing_mail_is_not_shown(client, house):
    owner = await an_owner(house)
    house.mail.fails = True
    assert (await forgot(client, owner.email)).json() == SAID


async def test_a_second_request_within_a_minute_sends_nothing_and_says_the_same(client, house):
    owner = await an_owner(house)
    for _ in range(2):
        assert (await forgot(client, owner.email)).json() == SAID
    assert len(house.mail.mails) == 1
    assert (await reset(client, owner.email, house.mail.last(owner.email).code)).status_code == 200


async def test_five_wrong_attempts_void_the_code(client, house):
    owner = await an_owner(house)
    await forgot(client, owner.email)
    code = house.mail.last(owner.email).code
    for _ in range(5):
        answer = await reset(client, owner.email, "nope")
        assert (answer.status_code, answer.json()) == (400, {"detail": "The code is wrong or has expired."})
    assert (await reset(client, owner.email, code)).status_code == 400


async def test_codes_of_one_purpose_do_not_serve_the_other(client, house):
    owner = await an_owner(house)
    await forgot(client, owner.email)
    code = house.mail.last(owner.email).code
    async with house.database.begin() as db:
        stored = (await db.execute(select(users.c.password_reset_code).where(users.c.id == owner.user_id))).scalar_one()
        await db.execute(
            update(users)
            .where(users.c.id == owner.user_id)
            .values(
                email_verified=False,
                email_verification_code=stored,
                email_verification_expires_at=users.c.password_reset_expires_at,
            )
        )
    answer = await client.post("/api/register/verify", json={"email": owner.email, "code": code})
    assert answer.status_code == 400


async def test_an_expired_code_is_wrong(client, house):
    owner = await an_owner(house)
    await forgot(client, owner.email)
    house.clock.forward(minutes=15)
    assert (await reset(client, owner.email, house.mail.last(owner.email).code)).status_code == 400


async def test_a_short_password_is_refused_in_the_clients_words(small_house):
    async with client_of(small_house.app(*CLASSIC)) as client:
        answer = await reset(client, "a@b.org", "123456", "12345")
    assert (answer.status_code, answer.json()) == (400, {"detail": "The password needs at least 6 characters."})


async def test_an_account_without_a_code_cannot_be_reset(client, house):
    owner = await an_owner(house)
    assert (await reset(client, owner.email, "123456")).status_code == 400
    assert (await reset(client, "nobody@example.org", "123456")).status_code == 400
