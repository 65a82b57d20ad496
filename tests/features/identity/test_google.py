"""Sign-in with Google, against a stand-in of its key and token endpoints on loopback."""

import asyncio
import base64
import hashlib
import hmac
import json

import pytest
from joserfc.jwk import RSAKey
from sqlalchemy import func, select, update

from factories import PASSWORD, a_staff_member, an_owner
from google_stand_in import CLIENT_ID, google_on_loopback
from houses import CLASSIC, a_house, client_of
from touchline.adapters.google_accounts import HttpGoogle
from touchline.features.identity.tables import teams, users
from touchline.foundation.settings import Settings

pytestmark = pytest.mark.anyio

EMAIL = "ada@example.org"
SUBJECT = "110169484474386276334"


@pytest.fixture
def google():
    with google_on_loopback() as running:
        yield running


@pytest.fixture
def make(keys, tmp_path, google):
    """A house whose Google is the stand-in."""

    def build(database, **settings):
        given = {"google_server_client_id": CLIENT_ID, **google.settings, **settings}
        return a_house(database, data=tmp_path / "data", keys=keys, **given)

    return build


@pytest.fixture
def club(database, make):
    """On each kind of database in turn."""
    return make(database)


@pytest.fixture
async def client(club):
    async with client_of(club.app(*CLASSIC)) as opened:
        yield opened


@pytest.fixture
def small_club(small_house, make):
    return make(small_house.database)


@pytest.fixture
async def small_client(small_club):
    async with client_of(small_club.app(*CLASSIC)) as opened:
        yield opened


async def sign_in(client, **body):
    return await client.post("/api/auth/google", json=body)


async def me(client, answer):
    token = answer.json()["access_token"]
    return (await client.get("/api/users/me", headers={"Authorization": f"Bearer {token}"})).json()


async def row(club, email=EMAIL):
    async with club.database.begin() as db:
        return (await db.execute(select(users).where(users.c.email == email))).one()


def by_access_token(**changed):
    """What Google says about an access token: everything in it is text."""
    info = {
        "azp": "touchline-web.apps.googleusercontent.com",
        "aud": CLIENT_ID,
        "sub": SUBJECT,
        "scope": "openid email",
        "exp": "4102444800",
        "email": EMAIL,
        "email_verified": "true",
        **changed,
    }
    return {name: value for name, value in info.items() if value is not None}


# --- who comes in


async def test_a_new_address_becomes_a_verified_owner_with_a_team(client, club, google):
    answer = await sign_in(client, id_token=google.id_token(), access_token="ya29.anything")
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "bearer"
    person = await me(client, answer)
    assert (person["email"], person["user_type"], person["full_name"]) == (EMAIL, "owner", "Ada Lovelace")
    assert person["last_login"] == "2026-05-02T14:00:00Z"
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert [team["name"] for team in (await client.get("/api/teams", headers=headers)).json()] == [
        "Ada Lovelace's team"
    ]
    assert "/tokeninfo" not in google.asked  # the ID token came first
    again = await sign_in(client, id_token=google.id_token())
    assert (await me(client, again))["id"] == person["id"]


async def test_an_access_token_alone_is_enough(client, google):
    google.info["ya29.good"] = by_access_token()
    answer = await sign_in(client, access_token="ya29.good")
    assert answer.status_code == 200
    assert (await me(client, answer))["email"] == EMAIL


async def test_a_pending_account_loses_the_password_that_it_was_registered_with(client, club, google):
    """Somebody registers a stranger's address and waits for its owner to confirm it for him."""
    await client.post("/api/register", json={"email": EMAIL, "password": "the thief's own"})
    code = club.mail.last(EMAIL).code
    before = await row(club)
    answer = await sign_in(client, id_token=google.id_token())
    assert answer.status_code == 200
    after = await row(club)
    assert (after.id, after.email_verified, after.is_active, after.google_sub) == (before.id, True, True, SUBJECT)
    assert after.token_version == before.token_version + 1
    async with club.database.begin() as db:
        assert await db.scalar(select(func.count()).select_from(teams).where(teams.c.user_id == after.id)) == 1
    thief = await client.post("/api/token", data={"username": EMAIL, "password": "the thief's own"})
    assert thief.status_code == 401
    verified = await client.post("/api/register/verify", json={"email": EMAIL, "code": code})
    assert verified.status_code == 400


async def test_a_known_account_signs_in_and_keeps_its_password(client, club, google):
    owner = await an_owner(club, email=EMAIL, team="Rovers")
    answer = await sign_in(client, id_token=google.id_token())
    assert (await me(client, answer))["id"] == owner.user_id
    found = await row(club)
    assert (found.google_sub, found.last_login, found.full_name) == (SUBJECT, club.clock.now(), "Ada Coach")
    assert (await client.get("/api/users/me", headers=owner.headers)).status_code == 200
    kept = await client.post("/api/token", data={"username": EMAIL, "password": PASSWORD})
    assert kept.status_code == 200


async def test_staff_sign_in_as_staff_and_get_no_team(client, club, google):
    owner = await an_owner(club)
    coach = await a_staff_member(club, owner, google_sub=SUBJECT)
    answer = await sign_in(client, id_token=google.id_token(email=coach.email))
    person = await me(client, answer)
    assert (person["id"], person["user_type"]) == (coach.user_id, "staff")
    async with club.database.begin() as db:
        assert await db.scalar(select(func.count()).select_from(teams)) == 1


async def test_a_google_account_is_known_by_its_id_before_its_address(client, club, google):
    owner = await an_owner(club, email="old@example.org", google_sub=SUBJECT)
    other = await an_owner(club, email=EMAIL)
    answer = await sign_in(client, id_token=google.id_token())
    assert (await me(client, answer))["id"] == owner.user_id
    assert (await row(club)).google_sub is None
    assert (await row(club)).id == other.user_id


async def test_an_account_of_another_google_account_is_refused(client, club, google):
    await an_owner(club, email=EMAIL, google_sub="999")
    assert (await sign_in(client, id_token=google.id_token())).status_code == 401
    found = await row(club)
    assert (found.google_sub, found.last_login) == ("999", None)


async def test_a_disabled_account_stays_outside(client, club, google):
    await an_owner(club, email=EMAIL, is_active=False)
    answer = await sign_in(client, id_token=google.id_token())
    assert (answer.status_code, answer.json()["detail"]) == (403, "Account disabled.")
    assert (await row(club)).google_sub is None


async def test_of_first_sign_ins_at_once_all_meet_in_one_account(client, club, google):
    answers = await asyncio.gather(*(sign_in(client, id_token=google.id_token()) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({(await me(client, answer))["id"] for answer in answers}) == 1
    async with club.database.begin() as db:
        assert await db.scalar(select(func.count()).select_from(users)) == 1
        assert await db.scalar(select(func.count()).select_from(teams)) == 1


async def test_a_pending_account_confirmed_twice_at_once_gets_one_team(client, club, google):
    await client.post("/api/register", json={"email": EMAIL, "password": "secret word"})
    answers = await asyncio.gather(*(sign_in(client, id_token=google.id_token()) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [200] * 3
    assert (await row(club)).token_version == 1
    async with club.database.begin() as db:
        assert await db.scalar(select(func.count()).select_from(teams)) == 1


async def test_an_accent_makes_another_address(client, club, google):
    """To some collations é is e; Google vouched for one of the two only."""
    victim = await an_owner(club, email="jose@example.org")
    answer = await sign_in(client, id_token=google.id_token(email="josé@example.org"))
    assert answer.status_code in (200, 401)  # 401 where the database takes the two for one address
    if answer.status_code == 200:
        assert (await me(client, answer))["id"] != victim.user_id
    assert (await row(club, "jose@example.org")).google_sub is None


# --- what is refused


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(google):
    return f"{part({'alg': 'none', 'kid': 'kid-1'})}.{part(google.claims())}."


def confused(google):
    """Signed by HMAC with the public key, which everybody knows, as the secret."""
    body = f"{part({'alg': 'HS256', 'kid': 'kid-1'})}.{part(google.claims())}"
    secret = google.keys["kid-1"].as_pem(private=False)
    signature = hmac.new(secret, body.encode(), hashlib.sha256).digest()
    return f"{body}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def tampered(google):
    head, _, signature = google.id_token().split(".")
    return f"{head}.{part({**google.claims(), 'email': 'victim@example.org'})}.{signature}"


BAD_TOKENS = {
    "no signature": unsigned,
    "HS256 with the public key": confused,
    "other claims under the signature": tampered,
    "a key that Google has not": lambda google: google.id_token(key=RSAKey.generate_key(2048)),
    "an unknown key id": lambda google: google.id_token(kid="kid-2", key=google.keys["kid-1"]),
    "expired": lambda google: google.id_token(exp=google.claims()["iat"] - 120),
    "without an expiry": lambda google: google.id_token(exp=None),
    "an expiry that is no number": lambda google: google.id_token(exp="soon"),
    "not valid yet": lambda google: google.id_token(nbf=google.claims()["iat"] + 600),
    "another audience": lambda google: google.id_token(aud="somebody-else.apps.googleusercontent.com"),
    "ours as the presenter only": lambda google: google.id_token(aud="somebody-else", azp=CLIENT_ID),
    "two audiences": lambda google: google.id_token(aud=[CLIENT_ID, "somebody-else"]),
    "no audience": lambda google: google.id_token(aud=None),
    "another issuer": lambda google: google.id_token(iss="https://accounts.google.com.example.org"),
    "an address that is not verified": lambda google: google.id_token(email_verified=False),
    "nothing about the address": lambda google: google.id_token(email_verified=None),
    "no address": lambda google: google.id_token(email=None),
    "no form of an address": lambda google: google.id_token(email="ada"),
    "no subject": lambda google: google.id_token(sub=None),
    "a number as subject": lambda google: google.id_token(sub=5),
    "a subject that no column holds": lambda google: google.id_token(sub="9" * 65),
    "no token at all": lambda _: "hello",
    "dots": lambda _: "..",
    "a header that is a list": lambda _: "W10.e30.AAAA",
}


@pytest.mark.parametrize("bad", BAD_TOKENS)
async def test_a_token_that_google_did_not_make_for_us_is_refused(small_client, small_club, google, bad):
    answer = await sign_in(small_client, id_token=BAD_TOKENS[bad](google))
    assert answer.status_code == 401
    assert "Google" in answer.json()["detail"]
    async with small_club.database.begin() as db:
        assert await db.scalar(select(func.count()).select_from(users)) == 0


async def test_a_good_access_token_does_not_mend_a_bad_id_token(small_client, google):
    google.info["ya29.good"] = by_access_token()
    answer = await sign_in(small_client, id_token=google.id_token(aud="another"), access_token="ya29.good")
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 200),
        ({"aud": None, "azp": CLIENT_ID}, 200),
        ({"email_verified": True}, 200),
        ({"aud": "somebody-else"}, 401),
        ({"aud": "somebody-else", "azp": CLIENT_ID}, 401),
        ({"aud": None, "azp": None}, 401),
        ({"aud": [CLIENT_ID]}, 401),
        ({"email_verified": "false"}, 401),
        ({"email_verified": None}, 401),
        ({"email": None}, 401),
        ({"exp": "1000"}, 401),
        ({"sub": None}, 401),
    ],
)
async def test_googles_answer_about_an_access_token_decides(small_client, google, changed, status):
    google.info["ya29.x"] = by_access_token(**changed)
    assert (await sign_in(small_client, access_token="ya29.x")).status_code == status


async def test_an_access_token_that_google_refuses_is_refused(small_client):
    assert (await sign_in(small_client, access_token="ya29.unknown")).status_code == 401


@pytest.mark.parametrize("body", [{}, {"id_token": None, "access_token": None}, {"id_token": " ", "access_token": ""}])
async def test_without_any_token_there_is_nothing_to_check(small_client, body):
    answer = await sign_in(small_client, **body)
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "Send the id_token or the access_token that Google gave you.",
    )


async def test_without_a_client_id_google_sign_in_is_not_set_up(small_house, make, google):
    house = make(small_house.database, google_server_client_id="", google_allowed_client_ids=" , ")
    async with client_of(house.app(*CLASSIC)) as client:
        answer = await sign_in(client, id_token=google.id_token())
    assert (answer.status_code, answer.json()["detail"]) == (400, "Google sign-in is not set up on this server.")


@pytest.mark.parametrize(
    "setting",
    [
        {"google_web_client_id": CLIENT_ID},
        {"google_client_id": CLIENT_ID},
        {"google_allowed_client_ids": f"another, {CLIENT_ID}"},
    ],
)
async def test_each_client_id_is_an_audience(small_house, make, google, setting):
    house = make(small_house.database, **{"google_server_client_id": None, **setting})
    async with client_of(house.app(*CLASSIC)) as client:
        assert (await sign_in(client, id_token=google.id_token())).status_code == 200


async def test_many_bad_tokens_of_one_address_are_slowed_down(small_client, small_club, google):
    bad = google.id_token(aud="another")
    for _ in range(100):
        assert (await sign_in(small_client, id_token=bad)).status_code == 401
    answer = await sign_in(small_client, id_token=google.id_token())
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


# --- when Google is away


@pytest.mark.parametrize(
    ("status", "published"),
    [(500, None), (302, None), (200, b"<html>busy</html>"), (200, []), (200, {"keys": "none"}), (200, b"[" * 100_000)],
)
async def test_keys_that_cannot_be_read_are_googles_failure(small_client, google, status, published):
    google.status, google.published = status, published
    answer = await sign_in(small_client, id_token=google.id_token())
    assert answer.status_code == 502
    assert "Google cannot be reached" in answer.json()["detail"]


@pytest.mark.parametrize("info", [500, 429, 404, b"not json", b"[]", b"x" * (1 << 19)])
async def test_an_answer_about_a_token_that_makes_no_sense_is_googles_failure(small_client, google, info):
    google.info["ya29.x"] = info
    assert (await sign_in(small_client, access_token="ya29.x")).status_code == 502


async def test_nobody_at_the_other_end_is_googles_failure(small_house, make, google):
    closed = {"TOUCHLINE_GOOGLE_JWKS_URL": "http://127.0.0.1:9/certs"}
    house = make(small_house.database, **closed)
    async with client_of(house.app(*CLASSIC)) as client:
        assert (await sign_in(client, id_token=google.id_token())).status_code == 502


async def test_a_key_set_of_odd_entries_is_read_for_what_it_holds(small_client, google):
    good = {**google.keys["kid-1"].as_dict(private=False), "kid": "kid-1"}
    google.published = {"keys": [None, "x", {"kid": 5, "kty": "RSA"}, {"kid": "ec", "kty": "EC"}, good]}
    assert (await sign_in(small_client, id_token=google.id_token())).status_code == 200


async def test_a_published_key_that_is_none_refuses(small_client, google):
    google.published = {"keys": [{"kid": "kid-1", "kty": "RSA", "n": "?", "e": "AQAB"}]}
    assert (await sign_in(small_client, id_token=google.id_token())).status_code == 401


# --- how often Google is asked


class Seconds:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def desk(google, seconds):
    return HttpGoogle(
        keys_url=f"{google.address}/certs", token_info_url=f"{google.address}/tokeninfo", monotonic_s=seconds
    )


async def test_keys_are_asked_for_once_an_hour(desk, google, seconds):
    await asyncio.gather(*(desk.key("kid-1") for _ in range(5)))
    assert google.asked["/certs"] == 1
    seconds.now += 3599
    await desk.key("kid-1")
    assert google.asked["/certs"] == 1
    seconds.now += 2
    await desk.key("kid-1")
    assert google.asked["/certs"] == 2


async def test_a_new_key_of_google_is_found_and_a_removed_one_is_forgotten(desk, google, seconds):
    await desk.key("kid-1")
    google.keys = {"kid-2": RSAKey.generate_key(2048)}
    assert await desk.key("kid-2") is None  # asked a moment ago
    assert google.asked["/certs"] == 1
    seconds.now += 61
    assert await desk.key("kid-2") is not None
    assert await desk.key("kid-1") is None
    assert google.asked["/certs"] == 2


async def test_made_up_key_ids_do_not_make_us_ask_again_and_again(desk, google, seconds):
    for number in range(20):
        assert await desk.key(f"made up {number}") is None
    assert google.asked["/certs"] == 1


async def test_a_failure_is_not_repeated_at_once(desk, google, seconds):
    google.status = 503
    answers = await asyncio.gather(*(desk.key("kid-1") for _ in range(5)), return_exceptions=True)
    assert [type(answer).__name__ for answer in answers] == ["GoogleAwayError"] * 5
    assert google.asked["/certs"] == 1
    google.status = 200
    seconds.now += 6
    assert await desk.key("kid-1") is not None


@pytest.mark.parametrize(
    "url", ["http://example.org/certs", "ftp://127.0.0.1/certs", "file:///etc/passwd", "https://", "certs"]
)
def test_an_address_that_others_could_answer_for_is_no_setting(url):
    with pytest.raises(ValueError, match="https://"):
        Settings(_env_file=None, TOUCHLINE_GOOGLE_JWKS_URL=url)


async def test_an_account_that_was_deleted_does_not_come_back_by_google(client, club, google):
    answer = await sign_in(client, id_token=google.id_token())
    old = (await me(client, answer))["id"]
    async with club.database.begin() as db:
        gone = {"email": f"deleted:{old}", "google_sub": None, "is_active": False, "deleted_at": club.clock.now()}
        await db.execute(update(users).where(users.c.id == old).values(**gone))
    again = await sign_in(client, id_token=google.id_token())
    assert (await me(client, again))["id"] != old
