"""Nothing of another club ever shows: not in an answer, not in what a model is sent, not in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import event, insert, select

from assistant_desk import Desk
from factories import a_staff_member, a_team, an_owner
from model_server import says, serving
from touchline.adapters.llm_http import model_from
from touchline.features.assistant.service import TOO_SLOW, AssistantService
from touchline.features.assistant.tables import tactical_insights
from touchline.features.club.tables import formations
from touchline.foundation.ids import new_id
from touchline.foundation.settings import Settings

pytestmark = pytest.mark.anyio

QUESTIONS = (
    "show stats for ST Kappa",
    "how is Kappa doing?",
    "show player number 9",
    "players please",
    "results of the last matches",
    "who scored vs Secret FC",
    "give me a team overview",
    "Who are the top improving players?",
    "is Kappa's trend increasing?",
    "highest average rating last 5",
    "best rated player in the last match",
    "best pressing formation",
    "is Secret Shape the best pressing formation?",
    "hello",
    "what is gegenpressing?",
)


async def _a_full_club(desk: Desk, name: str, *, base: int) -> tuple:
    """An owner with ten matches; every number of his begins with `base`."""
    owner = await an_owner(desk.house, team=f"{name} Rovers")
    kappa = await desk.player(owner.team_id, "ST Kappa", 9)
    other = await desk.player(owner.team_id, f"{name} Man", 10)
    played = await desk.matches(owner, 10, opponent=f"{name} FC", home_score=base, away_score=base)
    for player_id in (kappa, other):
        await desk.figures(
            player_id,
            played,
            minutes_played=[base] * 10,
            shots=[base] * 10,
            passes=[base] * 10,
            rating=[base / 10] * 10,
            sprint_count=[base] * 5 + [2 * base] * 5,
        )
    shape = new_id()
    async with desk.house.database.begin() as db:
        row = {"id": shape, "name": f"{name} Shape", "user_id": owner.user_id, "created_at": desk.house.clock.now()}
        await db.execute(insert(formations).values(row))
    await desk.formation_used(shape, played[0], owner.team_id, [kappa, other], pressures=base)
    return owner, kappa


async def test_two_clubs_with_the_same_names_never_see_each_other(desk):
    ours, _ = await _a_full_club(desk, "Own", base=11)
    theirs, _ = await _a_full_club(desk, "Secret", base=97)
    members = [await a_staff_member(desk.house, ours, role=role) for role in ("player", "head_coach")]
    for question in QUESTIONS:
        await desk.ask(theirs, question)
    async with serving(says("Fine.")) as model:
        worded = Desk(desk.house, model_from(Settings(_env_file=None, remote_llm_url=model.address)))
        for who in (ours, *members):
            for question in QUESTIONS:
                answer = (await desk.ask(who, question))["answer"]
                assert "97" not in answer, question
                assert "Secret" not in answer, question
                await worded.ask(who, question)
    assert len(model.bodies) > 30
    for body in model.bodies:
        context = body["prompt"].partition("## QUESTION")[0]
        assert "97" not in context
        assert "Secret" not in context
    async with desk.house.database.begin() as db:
        kept = list(await db.execute(select(tactical_insights)))
    values = {(row.user_id, row.metric_value) for row in kept}
    assert {value for user, value in values if user != theirs.user_id} == {11.0, 1.1}
    assert {value for user, value in values if user == theirs.user_id} == {97.0, 9.7}


async def test_staff_of_one_team_do_not_see_the_other_teams_of_the_club(desk):
    owner = await an_owner(desk.house, team="First")
    second = await a_team(desk.house, owner, name="Second")
    await desk.player(second, "ST Kappa", 9)
    coach = await a_staff_member(desk.house, owner)
    assert "Kappa" in (await desk.ask(owner, "show player number 9"))["answer"]
    assert "Kappa" not in (await desk.ask(coach, "show player number 9"))["answer"]
    assert "Second" not in (await desk.ask(coach, "team overview"))["answer"]


async def test_a_figure_of_a_match_between_strangers_does_not_count(desk):
    ours, kappa = await _a_full_club(desk, "Own", base=11)
    theirs = await an_owner(desk.house)
    foreign = await desk.matches(theirs, 1, opponent="Secret FC")
    await desk.figures(kappa, foreign, rating=[9.7], minutes_played=[97])
    assert "97" not in (await desk.ask(ours, "show stats for ST Kappa"))["answer"]
    assert "**ST Kappa**: 1.10 over 1 match" in (await desk.ask(ours, "best in the last match"))["answer"]


@asynccontextmanager
async def _counting(desk: Desk) -> AsyncIterator[list[str]]:
    statements: list[str] = []

    def note(_, __, statement, *___) -> None:
        statements.append(statement)

    engine = desk.house.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


async def test_the_number_of_statements_does_not_grow_with_the_rows(small_desk):
    owner, _ = await _a_full_club(small_desk, "Own", base=11)
    async with _counting(small_desk) as before:
        for question in QUESTIONS:
            await small_desk.ask(owner, question)
    played = await small_desk.matches(owner, 10)
    for number in range(30):
        player_id = await small_desk.player(owner.team_id, f"Extra {number}", number + 20)
        await small_desk.figures(player_id, played, rating=[5] * 10, sprint_count=[5] * 10)
    async with _counting(small_desk) as after:
        for question in QUESTIONS:
            await small_desk.ask(owner, question)
    assert len(after) <= len(before)
    assert len(before) <= 7 * len(QUESTIONS)


class Stuck:
    """A database, and a connection to it, that comes to a halt at a statement after so many."""

    def __init__(self, inner: Any, statements: int) -> None:
        self._inner, self._left = inner, statements

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["Stuck"]:
        async with self._inner.begin() as db:
            yield Stuck(db, self._left)

    async def execute(self, statement: Any) -> Any:
        await self._step()
        return await self._inner.execute(statement)

    async def scalar(self, statement: Any) -> Any:
        await self._step()
        return await self._inner.scalar(statement)

    async def _step(self) -> None:
        if not self._left:
            await asyncio.Event().wait()
        self._left -= 1


@pytest.mark.parametrize(
    ("question", "reads", "status", "told"),
    [
        ("show stats for ST Kappa", 0, "error", TOO_SLOW),
        ("show stats for ST Kappa", 1, "error", TOO_SLOW),
        ("show stats for ST Kappa", 2, "ok", "**ST Kappa** (number 9, Own Rovers)\n- his statistics could not be read"),
        ("the last matches", 1, "error", TOO_SLOW),
        ("highest average rating", 2, "ok", "The figures could not be computed in time"),
    ],
)
async def test_what_was_read_by_the_deadline_counts(small_desk, question, reads, status, told):
    owner, _ = await _a_full_club(small_desk, "Own", base=11)
    database: Any = Stuck(small_desk.house.database, reads)
    answer = await AssistantService(database, small_desk.house.clock, retrieval_s=0.1).ask(owner.principal, question)
    assert answer.status == status
    assert answer.answer is not None
    assert answer.answer.startswith(told)


SLOW = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT COUNT(*) FROM n",
    "mysql": "SELECT SLEEP(3)",
    "postgresql": "SELECT pg_sleep(3)",
}


class Slow(Stuck):
    """Comes to a halt inside of a real statement."""

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["Slow"]:
        async with self._inner.begin() as db:
            yield Slow(db, self._left)

    async def _step(self) -> None:
        if not self._left:
            await self._inner.exec_driver_sql(SLOW[self._inner.dialect.name])
        self._left -= 1


async def test_a_statement_that_is_given_up_leaves_the_database_in_order(desk):
    owner, _ = await _a_full_club(desk, "Own", base=11)
    for reads in (0, 2):
        database: Any = Slow(desk.house.database, reads)
        service = AssistantService(database, desk.house.clock, retrieval_s=0.1)
        await service.ask(owner.principal, "show stats for ST Kappa")
    for _ in range(3):
        assert "rating 1.1" in (await desk.ask(owner, "show stats for ST Kappa"))["answer"]
        assert (await desk.call("POST", "mode", owner, json={"mode": "assistant"})).status_code == 200
