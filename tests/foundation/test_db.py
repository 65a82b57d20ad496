"""Transactions, types, pages and broken rules are the same on every database."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from touchline.apps.schema import club, identity, matches
from touchline.foundation.db.errors import Broken, broken_rule
from touchline.foundation.db.paging import fetch_page
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 5, 2, 14, 0, 0, 123456, tzinfo=UTC)
users, teams = identity.users, identity.teams


async def a_user(db, email="a@example.org") -> str:
    user_id = new_id()
    await db.execute(insert(users).values(id=user_id, email=email, password_hash="x", created_at=NOW))
    return user_id


async def a_team(db, name="Rovers", owner=None) -> str:
    team_id = new_id()
    await db.execute(insert(teams).values(id=team_id, name=name, user_id=owner, created_at=NOW))
    return team_id


async def test_a_block_that_raises_leaves_nothing(database):
    with pytest.raises(RuntimeError):
        async with database.begin() as db:
            await a_user(db)
            raise RuntimeError
    async with database.begin() as db:
        assert (await db.execute(select(users.c.id))).all() == []


async def test_instants_come_back_to_the_microsecond_in_utc(database):
    async with database.begin() as db:
        user_id = await a_user(db)
        elsewhere = NOW.astimezone(timezone(timedelta(hours=9)))
        await db.execute(users.update().where(users.c.id == user_id).values(last_login=elsewhere))
    async with database.begin() as db:
        row = (await db.execute(select(users))).one()
    assert row.created_at == NOW
    assert row.last_login == NOW
    assert row.last_login.utcoffset() == timedelta(0)


async def test_an_instant_without_a_zone_is_a_bug(database):
    with pytest.raises(StatementError):
        async with database.begin() as db:
            await db.execute(
                insert(users).values(id=new_id(), email="x", password_hash="x", created_at=datetime(2026, 1, 1))
            )


async def test_json_and_letters_of_all_alphabets_come_back(database):
    value = [{"x": 0.5, "name": "نادي ⚽ Ünïon 🏟️"}, None, True]
    async with database.begin() as db:
        await db.execute(
            insert(club.formations).values(
                id=new_id(), name="⚽ نادي", positions=value, created_at=NOW, user_id=await a_user(db)
            )
        )
    async with database.begin() as db:
        row = (await db.execute(select(club.formations).where(club.formations.c.user_id.is_not(None)))).one()
    assert row.positions == value
    assert row.name == "⚽ نادي"


async def test_text_is_compared_to_the_letter(database):
    async with database.begin() as db:
        await a_team(db, "rovers")
        await a_team(db, "Rovers")
        found = (await db.execute(select(teams.c.name).where(teams.c.name == "Rovers"))).all()
    assert [row.name for row in found] == ["Rovers"]


async def test_a_repeated_value_is_recognised(database):
    with pytest.raises(IntegrityError) as caught:
        async with database.begin() as db:
            await a_user(db)
            await a_user(db)
    assert broken_rule(caught.value) is Broken.UNIQUE


async def test_a_row_in_use_is_recognised(database):
    async with database.begin() as db:
        home, away = await a_team(db), await a_team(db, "United")
        await db.execute(
            insert(matches.matches).values(
                id=new_id(), home_team_id=home, away_team_id=away, date_time=datetime(2026, 1, 1)
            )
        )
    with pytest.raises(IntegrityError) as caught:
        async with database.begin() as db:
            await db.execute(delete(teams).where(teams.c.id == home))
    assert broken_rule(caught.value) is Broken.FOREIGN_KEY


async def test_a_missing_parent_is_recognised(database):
    with pytest.raises(IntegrityError) as caught:
        async with database.begin() as db:
            await a_team(db, owner=new_id())
    assert broken_rule(caught.value) is Broken.FOREIGN_KEY


async def test_a_missing_value_is_a_bug_of_ours(database):
    with pytest.raises(IntegrityError) as caught:
        async with database.begin() as db:
            await db.execute(insert(users).values(id=new_id(), email="x", password_hash=None, created_at=NOW))
    assert broken_rule(caught.value) is None


async def test_pages_know_the_whole_count(database):
    async with database.begin() as db:
        owner = await a_user(db)
        for number in range(5):
            await a_team(db, f"Team {number}", owner)
        statement = select(teams.c.name).order_by(teams.c.name)
        rows, total = await fetch_page(db, statement, limit=2, offset=1)
        assert ([row.name for row in rows], total) == (["Team 1", "Team 2"], 5)
        rows, total = await fetch_page(db, statement, limit=2, offset=4)
        assert ([row.name for row in rows], total) == (["Team 4"], 5)
        rows, total = await fetch_page(db, statement, limit=10, offset=0)
        assert (len(rows), total) == (5, 5)
        rows, total = await fetch_page(db, statement, limit=10, offset=99)
        assert (rows, total) == ([], 5)
