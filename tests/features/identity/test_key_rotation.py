"""`touchline keys rotate` beside running servers: nobody is signed out, nobody is restarted."""

import os
import subprocess
import sys

import pytest
from joserfc import jws

from factories import PASSWORD, an_owner, person
from houses import client_of
from touchline.features.identity.keys import KeyRing
from touchline.features.identity.routes import router
from whole import a_whole_house

pytestmark = pytest.mark.anyio


def touchline_keys_rotate(data):
    """The real command, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "touchline", "keys", "rotate", "--data", str(data)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={name: value for name, value in os.environ.items() if not name.startswith("JWT_")},
        cwd=data,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def kid_of(token):
    return jws.extract_compact(token.encode()).headers()["kid"]


async def signed_in(client, email):
    answer = await client.post("/api/token", data={"username": email, "password": PASSWORD})
    assert answer.status_code == 200
    return answer.json()["access_token"]


def bearing(token):
    return {"Authorization": f"Bearer {token}"}


async def test_running_servers_follow_a_rotation_without_a_restart(sqlite_url, tmp_path, first_keys):
    """Two houses over one data folder stand for two processes; each holds keys that it has read already."""
    data = tmp_path / "data"
    async with (
        a_whole_house(sqlite_url, data=data, first_keys=first_keys) as one,
        a_whole_house(sqlite_url, data=data, first_keys=first_keys) as other,
    ):
        owner = await an_owner(one.house)
        doors = [
            (await house.client(app), path)
            for house in (one, other)
            for app, path in (("classic", "/api/users/me"), ("analysis", "/api/analysis_history"))
        ]

        async def answers(token):
            return {(await client.get(path, headers=bearing(token))).status_code for client, path in doors}

        old = await signed_in(await one.client(), owner.email)
        assert await answers(old) == {200}

        said = touchline_keys_rotate(data)
        new = await signed_in(await one.client(), owner.email)
        newer = await signed_in(await other.client(), owner.email)
        assert kid_of(old) != kid_of(new) == kid_of(newer)
        assert kid_of(new) in said.replace("\n", "")
        for token in (old, new, newer):
            assert await answers(token) == {200}
        for house in (one, other):
            published = (await (await house.client()).get("/.well-known/jwks.json")).json()["keys"]
            assert [key["kid"] for key in published] == [kid_of(new), kid_of(old)]

        touchline_keys_rotate(data)
        assert await answers(old) == {401}
        assert await answers(new) == {200}


async def test_a_token_of_the_former_key_ends_with_its_own_time_and_not_before(small_house):
    owner = await an_owner(small_house)
    touchline_keys_rotate(small_house.settings.data_dir)
    async with client_of(small_house.app(router)) as client:
        small_house.clock.forward(minutes=719)
        assert (await client.get("/api/users/me", headers=owner.headers)).status_code == 200
        small_house.clock.forward(minutes=2)
        assert (await client.get("/api/users/me", headers=owner.headers)).status_code == 401
        fresh = await person(small_house, owner.user_id)
        assert (await client.get("/api/users/me", headers=fresh.headers)).status_code == 200


async def test_a_ring_that_reads_while_the_files_are_replaced_knows_every_token(small_house):
    """The private key is replaced last: until then the former one signs, and its successor is published already."""
    owner = await an_owner(small_house)
    folder = small_house.keys.folder
    former = (folder / "private.pem").read_bytes()
    touchline_keys_rotate(small_house.settings.data_dir)
    fresh = await person(small_house, owner.user_id)
    (folder / "private.pem").write_bytes(former)
    halfway = KeyRing(folder).keys()
    assert {kid_of(owner.token), kid_of(fresh.token)} == set(halfway.checking)
    assert halfway.signing is not None
    assert halfway.signing.thumbprint() == kid_of(owner.token)
