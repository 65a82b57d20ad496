"""One transaction per request: committed before the answer, undone by an error, broken rules told as conflicts."""

import pytest
from fastapi import APIRouter
from sqlalchemy import insert, text
from sqlalchemy.exc import OperationalError

from houses import START, client_of
from touchline.apps.schema import identity
from touchline.features.identity.errors import TeamNotFoundError
from touchline.foundation.http.provide import Db
from touchline.foundation.http.requirement import Public
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

router = APIRouter()
teams, users = identity.teams, identity.users


async def store(db: Db, owner: str | None = None, name: str | None = "Rovers") -> None:
    await db.execute(insert(teams).values(id=new_id(), name=name, user_id=owner, created_at=START))


async def a_user(db: Db) -> None:
    await db.execute(insert(users).values(id=new_id(), email="a@b.org", password_hash="x", created_at=START))


@router.post("/user")
async def add_user(db: Db, _: Public) -> None:
    await a_user(db)


@router.post("/team")
async def add_team(db: Db, _: Public) -> None:
    await store(db)


@router.post("/orphan")
async def add_orphan(db: Db, _: Public) -> None:
    await store(db, owner=new_id())


@router.post("/nameless")
async def add_nameless(db: Db, _: Public) -> None:
    await store(db, name=None)


@router.post("/changed-mind")
async def changed_mind(db: Db, _: Public) -> None:
    await store(db)
    raise TeamNotFoundError


@router.post("/no-database")
async def no_database(_: Public) -> None:
    raise OperationalError("SELECT 1", {}, Exception("connection refused"))


@router.get("/count")
async def count(db: Db, _: Public) -> int:
    return int(await db.scalar(text("SELECT COUNT(*) FROM teams")) or 0)


async def test_what_a_request_wrote_is_there_when_its_answer_is(house):
    async with client_of(house.app(router, check=None)) as client:
        assert (await client.post("/user")).status_code == 200
        assert (await client.post("/team")).status_code == 200
        assert (await client.get("/count")).json() == 1


async def test_an_error_undoes_what_the_request_wrote(house):
    async with client_of(house.app(router, check=None)) as client:
        await client.post("/user")
        assert (await client.post("/changed-mind")).status_code == 404
        assert (await client.get("/count")).json() == 0


async def test_broken_rules_are_conflicts_and_missing_values_are_bugs(house):
    async with client_of(house.app(router, check=None), expects={500}) as client:
        await client.post("/user")
        again = await client.post("/user")
        assert (again.status_code, again.json()) == (409, {"detail": "This exists already."})
        orphan = await client.post("/orphan")
        assert orphan.status_code == 409
        assert "refer" in orphan.json()["detail"]
        assert (await client.post("/nameless")).status_code == 500


async def test_what_a_statement_was_to_store_stays_out_of_the_log(small_house, capsys):
    async with client_of(small_house.app(router, check=None), expects={500}) as client:
        assert (await client.post("/nameless")).status_code == 500
    logged = capsys.readouterr().out
    assert "request.failed" in logged
    assert "INSERT INTO teams" in logged
    assert "#0000FF" not in logged


async def test_a_database_that_is_away_is_a_503(small_house):
    async with client_of(small_house.app(router, check=None), expects={503}) as client:
        answer = await client.post("/no-database")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert "refused" not in answer.text
