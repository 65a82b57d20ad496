"""One mode for each organisation."""

import asyncio

import pytest

from factories import a_staff_member, an_owner
from touchline.features.assistant.service import PAUSED

pytestmark = pytest.mark.anyio


async def test_the_mode_is_the_organisations_and_starts_with_assistant(desk):
    owner, stranger = await an_owner(desk.house), await an_owner(desk.house)
    player = await a_staff_member(desk.house, owner, role="player")
    assert (await desk.call("GET", "mode", player)).json() == {"mode": "assistant"}
    for mode in ("analysis", "analysis", "assistant", "analysis"):
        desk.house.clock.forward(minutes=1)
        answer = await desk.call("POST", "mode", owner, json={"mode": mode})
        assert (answer.status_code, answer.json()) == (200, {"mode": mode})
        assert (await desk.call("GET", "mode", player)).json() == {"mode": mode}
    assert (await desk.call("GET", "mode", stranger)).json() == {"mode": "assistant"}
    assert await desk.ask(player, "hello") == {"status": "analysis_mode", "answer": None, "message": PAUSED}
    assert (await desk.ask(stranger, "a high press"))["status"] == "ok"


async def test_two_who_set_the_first_mode_at_once_both_succeed(desk):
    owner = await an_owner(desk.house)
    answers = await asyncio.gather(
        *(desk.call("POST", "mode", owner, json={"mode": mode}) for mode in ("analysis", "assistant") * 3)
    )
    assert [answer.status_code for answer in answers] == [200] * 6
    assert (await desk.call("GET", "mode", owner)).json()["mode"] in ("analysis", "assistant")


@pytest.mark.parametrize("role", ["head_coach", "assistant_coach", "analyst", "player", None])
async def test_only_the_account_manager_sets_the_mode(small_desk, role):
    owner = await an_owner(small_desk.house)
    member = await a_staff_member(small_desk.house, owner, role=role)
    answer = await small_desk.call("POST", "mode", member, json={"mode": "analysis"})
    assert (answer.status_code, answer.json()) == (403, {"detail": "This needs the account manager role."})
    assert (await small_desk.call("GET", "mode", member)).json() == {"mode": "assistant"}


async def test_nobody_unknown_is_answered(small_desk):
    for method, path in (("GET", "mode"), ("POST", "mode"), ("POST", "query")):
        answer = await small_desk.call(method, path, json={"mode": "analysis", "question": "hello"})
        assert (answer.status_code, answer.json()) == (401, {"detail": "Could not validate credentials"})


@pytest.mark.parametrize("body", [{"mode": "off"}, {"mode": None}, {"mode": 1}, {"mode": ["analysis"]}, {}])
async def test_a_mode_that_does_not_exist_is_refused(small_desk, body):
    owner = await an_owner(small_desk.house)
    answer = await small_desk.call("POST", "mode", owner, json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("`mode`: ")


async def test_somebody_without_a_club_is_answered_too(small_desk):
    owner = await an_owner(small_desk.house)
    orphan = await a_staff_member(small_desk.house, owner)
    async with small_desk.house.database.begin() as db:
        await db.exec_driver_sql("DELETE FROM staff")
        await db.exec_driver_sql("UPDATE users SET created_by = NULL")
    assert (await small_desk.call("GET", "mode", orphan)).json() == {"mode": "assistant"}
    assert (await small_desk.ask(orphan, "show all players"))["answer"].startswith("There is no matching data")
    lonely = await an_owner(small_desk.house, team=None)
    assert (await small_desk.call("POST", "mode", lonely, json={"mode": "analysis"})).json() == {"mode": "analysis"}
