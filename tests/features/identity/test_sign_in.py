"""Signing in, tokens, keys, and who is asking."""

import asyncio
import base64
import hashlib
import hmac
import json
import stat

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import update

from factories import PASSWORD, a_staff_member, an_owner, person
from houses import CLASSIC, a_house, client_of
from touchline.features.identity import IdentityService
from touchline.features.identity.errors import CannotSignError, KeysNotOursError
from touchline.features.identity.keys import KeyRing, make_first_keys, rotate, rotate_keys
from touchline.features.identity.tables import staff, users
from touchline.features.identity.throttle import FAILED_SIGN_INS_OF_ADDRESS
from touchline.features.identity.tokens import Tokens
from touchline.foundation.settings import Settings

pytestmark = pytest.mark.anyio

NOT_SIGNED_IN = {"detail": "Could not validate credentials"}


async def sign_in(client, email, password=PASSWORD):
    return await client.post("/api/token", data={"username": email, "password": password, "grant_type": "password"})


def claims_of(token: str) -> dict:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


async def me(client, token: str):
    return await client.get("/api/users/me", headers={"Authorization": f"Bearer {token}"})


async def test_email_and_password_give_a_token(client, house):
    owner = await an_owner(house)
    house.clock.forward(hours=1)
    answer = await sign_in(client, f" {owner.email.upper()} ")
    assert answer.status_code == 200
    assert set(answer.json()) == {"access_token", "token_type"}
    mine = await me(client, answer.json()["access_token"])
    assert mine.json()["last_login"] == "2026-05-02T15:00:00Z"
    assert set(mine.json()) == {"id", "email", "full_name", "user_type", "is_active", "created_at", "last_login"}


async def test_wrong_words_are_told_apart_as_the_client_needs(client, house):
    owner = await an_owner(house)
    unknown = await sign_in(client, "nobody@example.org")
    wrong = await sign_in(client, owner.email, "wrong horse")
    assert (unknown.status_code, wrong.status_code) == (401, 401)
    assert "account does not exist" in unknown.json()["detail"].lower()
    assert "incorrect password" in wrong.json()["detail"].lower()


async def test_a_disabled_account_is_told_so_only_with_its_password(client, house):
    owner = await an_owner(house, is_active=False)
    assert (await sign_in(client, owner.email)).status_code == 403
    assert (await sign_in(client, owner.email, "wrong")).status_code == 401


async def test_a_form_without_its_fields_is_named(client):
    answer = await client.post("/api/token", data={"username": "a@b.org"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("`password`: ")


async def test_ten_failures_lock_an_account_for_a_while(small_house):
    owner, other = await an_owner(small_house), await an_owner(small_house)
    async with client_of(small_house.app(*CLASSIC)) as client:
        for _ in range(10):
            assert (await sign_in(client, owner.email, "wrong")).status_code == 401
        answer = await sign_in(client, owner.email)
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
        assert "Too many attempts" in answer.json()["detail"]
        assert (await sign_in(client, other.email)).status_code == 200


async def test_guesses_that_come_all_at_once_get_no_more_answers_than_one_after_the_other(small_house):
    owner = await an_owner(small_house)
    async with client_of(small_house.app(*CLASSIC)) as client:
        answers = await asyncio.gather(*(sign_in(client, owner.email, f"guess {n}") for n in range(40)))
    told = [answer.status_code for answer in answers].count(401)
    assert told == 10


async def test_a_good_sign_in_forgives_failures(small_house):
    owner = await an_owner(small_house)
    async with client_of(small_house.app(*CLASSIC)) as client:
        for _ in range(3):
            for _ in range(6):
                await sign_in(client, owner.email, "wrong")
            assert (await sign_in(client, owner.email)).status_code == 200


async def test_an_address_that_tries_many_accounts_is_slowed(small_house):
    throttle = small_house.services[IdentityService].throttle
    async with client_of(small_house.app(*CLASSIC)) as client:
        for _ in range(99):
            await throttle.count(FAILED_SIGN_INS_OF_ADDRESS, "127.0.0.1")
        assert (await sign_in(client, "a@example.org", "wrong")).status_code == 401
        assert (await sign_in(client, "b@example.org", "wrong")).status_code == 429


async def test_an_owners_token_says_what_the_client_shows(small_house):
    owner = await an_owner(small_house)
    claims = claims_of(owner.token)
    assert claims["sub"] == owner.email
    assert claims["user_type"] == "owner"
    assert claims["app_role"] == "account_manager"
    assert claims["app_permissions"] == ["accounts.read", "accounts.create", "accounts.update", "accounts.delete"]
    assert {"exp", "iat", "jti", "uid", "ver", "iss", "aud"} <= set(claims)
    assert claims["exp"] - claims["iat"] == 720 * 60
    assert not {"staff_id", "team_id", "permission_level", "role"} & set(claims)


@pytest.mark.parametrize(
    ("role", "app_role", "level", "permissions"),
    [
        (
            "head_coach",
            "coach",
            "full_access",
            ["football.read", "football.write", "analysis.run", "notes.read", "notes.write"],
        ),
        (
            "assistant_coach",
            "assistant_coach",
            "view_only",
            ["football.read", "football.write", "analysis.run", "notes.read"],
        ),
        ("analyst", "analyst", "notes_only", ["football.read", "analysis.run", "notes.read", "notes.write"]),
        ("physio", "player", "view_only", ["football.read"]),
        ("player", "player", "view_only", ["football.read"]),
    ],
)
async def test_a_staff_members_token_follows_the_staff_role(small_house, role, app_role, level, permissions):
    owner = await an_owner(small_house)
    claims = claims_of((await a_staff_member(small_house, owner, role=role)).token)
    assert claims["user_type"] == "staff"
    assert claims["app_role"] == app_role
    assert claims["permission_level"] == level
    assert claims["app_permissions"] == permissions
    assert (claims["team_id"], claims["role"]) == (owner.team_id, role)
    assert isinstance(claims["staff_id"], str)


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer  ", "Basic abc", "Bearer abc", "Bearer a.b.c", "bearer x"]
)
async def test_without_a_good_token_nobody_is_let_in(small_house, header):
    async with client_of(small_house.app(*CLASSIC)) as client:
        headers = {} if header is None else {"Authorization": header}
        answer = await client.get("/api/users/me", headers=headers)
    assert answer.status_code == 401
    assert answer.json() == NOT_SIGNED_IN
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_a_token_ends(client, house):
    owner = await an_owner(house)
    assert (await me(client, owner.token)).status_code == 200
    house.clock.forward(minutes=721)
    assert (await me(client, owner.token)).status_code == 401


async def test_a_disabled_account_is_out_at_once(client, house):
    owner = await an_owner(house)
    async with house.database.begin() as db:
        await db.execute(update(users).where(users.c.id == owner.user_id).values(is_active=False, token_version=1))
    answer = await me(client, owner.token)
    assert (answer.status_code, answer.json()) == (403, {"detail": "Inactive user"})


async def test_a_new_token_version_voids_older_tokens(client, house):
    owner = await an_owner(house)
    async with house.database.begin() as db:
        await db.execute(update(users).where(users.c.id == owner.user_id).values(token_version=1))
    answer = await me(client, owner.token)
    assert (answer.status_code, answer.json()) == (401, NOT_SIGNED_IN)


async def test_a_deleted_account_is_out(client, house):
    owner = await an_owner(house, team=None)
    async with house.database.begin() as db:
        await db.execute(users.delete().where(users.c.id == owner.user_id))
    assert (await me(client, owner.token)).status_code == 401


async def test_a_new_staff_role_counts_at_once(client, house):
    owner = await an_owner(house)
    member = await a_staff_member(house, owner, role="player")
    assert (await client.post("/api/teams", json={"name": "X"}, headers=member.headers)).status_code == 403
    async with house.database.begin() as db:
        await db.execute(update(staff).where(staff.c.user_id == member.user_id).values(role="head_coach"))
    assert (await client.post("/api/teams", json={"name": "X"}, headers=member.headers)).status_code == 200


def _forged(claims: dict, header: dict, signature: bytes = b"") -> str:
    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    return ".".join((part(json.dumps(header).encode()), part(json.dumps(claims).encode()), part(signature)))


async def test_forged_tokens_are_refused(small_house):
    owner = await an_owner(small_house)
    claims = claims_of(owner.token)
    public = next(iter(small_house.keys.keys().checking.values()))
    kid = next(iter(small_house.keys.keys().checking))
    foreign = RSAKey.generate_key(2048)
    signing_input = _forged(claims, {"alg": "HS256", "kid": kid}).rpartition(".")[0]
    digest = hmac.new(public.as_pem(private=False), signing_input.encode(), hashlib.sha256).digest()
    confused = _forged(claims, {"alg": "HS256", "kid": kid}, digest)
    tokens = {
        "alg none": _forged(claims, {"alg": "none", "typ": "JWT"}),
        "alg none with kid": _forged(claims, {"alg": "none", "kid": kid}),
        "HS256 with the public key": confused,
        "another key with our kid": jwt.encode({"alg": "RS256", "kid": kid}, claims, foreign),
        "another key": jwt.encode({"alg": "RS256", "kid": foreign.thumbprint()}, claims, foreign),
        "changed": owner.token[:-6] + "AAAAAA",
        "empty claims": _forged({}, {"alg": "RS256", "kid": kid}, b"x"),
        "huge": "a" * 20_000,
    }
    async with client_of(small_house.app(*CLASSIC)) as client:
        for name, token in tokens.items():
            assert (await me(client, token)).status_code == 401, name


@pytest.mark.parametrize(
    "changes",
    [{"iss": "other"}, {"aud": "other"}, {"uid": None}, {"uid": 5}, {"ver": None}, {"exp": None}, {"exp": "soon"}],
)
async def test_a_token_of_ours_with_odd_claims_is_refused(small_house, changes):
    owner = await an_owner(small_house)
    claims = {name: value for name, value in {**claims_of(owner.token), **changes}.items() if value is not None}
    key = small_house.keys.keys().signing
    token = jwt.encode({"alg": "RS256", "kid": key.thumbprint()}, claims, key)
    async with client_of(small_house.app(*CLASSIC)) as client:
        assert (await me(client, token)).status_code == 401


async def test_after_a_rotation_the_former_key_still_counts_and_the_one_before_no_more(small_house):
    owner = await an_owner(small_house)
    async with client_of(small_house.app(*CLASSIC)) as client:
        first = owner.token
        rotate(small_house.keys.folder)
        second = (await person(small_house, owner.user_id)).token
        assert [(await me(client, token)).status_code for token in (first, second)] == [200, 200]
        published = (await client.get("/.well-known/jwks.json")).json()["keys"]
        assert len(published) == 2
        rotate(small_house.keys.folder)
        third = (await person(small_house, owner.user_id)).token
        assert [(await me(client, token)).status_code for token in (first, second, third)] == [401, 200, 200]


async def test_public_keys_are_published_without_their_secrets(small_house):
    owner = await an_owner(small_house)
    async with client_of(small_house.app(*CLASSIC)) as client:
        (key,) = (await client.get("/.well-known/jwks.json")).json()["keys"]
    assert (key["kty"], key["use"], key["alg"]) == ("RSA", "sig", "RS256")
    assert not {"d", "p", "q", "dp", "dq", "qi"} & set(key)
    decoded = jwt.decode(owner.token, RSAKey.import_key(key), algorithms=["RS256"])
    assert decoded.claims["sub"] == owner.email


def test_first_keys_are_made_once_and_readable_by_their_owner_only(tmp_path):
    settings = Settings(_env_file=None, touchline_data=tmp_path)
    kid = next(iter(KeyRing.from_settings(settings).keys().checking))
    assert next(iter(KeyRing.from_settings(settings).keys().checking)) == kid
    for name in ("private.pem", "public.pem"):
        assert stat.S_IMODE((tmp_path / "certs" / name).stat().st_mode) == 0o600
    make_first_keys(tmp_path / "certs")
    assert next(iter(KeyRing(tmp_path / "certs").keys().checking)) == kid


def test_rotating_names_the_new_key_and_keeps_file_modes(tmp_path):
    settings = Settings(_env_file=None, touchline_data=tmp_path)
    ring = KeyRing.from_settings(settings)
    before = set(ring.keys().checking)
    made = rotate_keys(settings)
    assert set(ring.keys().checking) == {made, *before}
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "certs").iterdir()} == {0o600}


def test_configured_keys_win_and_cannot_be_rotated_by_us(tmp_path, first_keys):
    private = (first_keys / "private.pem").read_text()
    one_line = Settings(_env_file=None, touchline_data=tmp_path, jwt_private_key=private.replace("\n", "\\n"))
    by_path = Settings(_env_file=None, touchline_data=tmp_path, jwt_private_key_path=first_keys / "private.pem")
    kids = [set(KeyRing.from_settings(settings).keys().checking) for settings in (one_line, by_path)]
    assert kids[0] == kids[1]
    assert not (tmp_path / "certs").exists()
    with pytest.raises(KeysNotOursError):
        rotate_keys(one_line)


async def test_a_process_with_only_the_public_key_checks_and_never_signs(small_house, tmp_path, first_keys):
    settings = Settings(_env_file=None, touchline_data=tmp_path / "x", jwt_public_key_path=first_keys / "public.pem")
    ring = KeyRing.from_settings(settings)
    owner = await an_owner(small_house)
    other = a_house(small_house.database, data=tmp_path / "x", keys=ring)
    async with client_of(other.app(*CLASSIC), expects={503}) as client:
        assert (await me(client, owner.token)).status_code == 200
        assert (await sign_in(client, owner.email)).status_code == 503
    tokens = other.services[Tokens]
    assert isinstance(tokens, Tokens)
    with pytest.raises(CannotSignError):
        await person(other, owner.user_id)
