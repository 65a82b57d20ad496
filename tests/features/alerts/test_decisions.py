"""Decisions on alerts over HTTP: recorded once, followed by silence, judged by the alerts that come after (rules 4.4-5)."""

import asyncio
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import event, func, insert, select, update

from run_world import PretendAuthenticator, World, an_alert, an_app
from touchline.features.alerts.decisions import DecisionService
from touchline.features.alerts.evaluation import LateVerdicts
from touchline.features.alerts.reactions import AlertReactions
from touchline.features.alerts.routes import alerts_router
from touchline.features.alerts.service import AlertService
from touchline.features.alerts.tables import decision_feedback, tactical_alerts
from touchline.features.identity.principal import Principal
from touchline.features.identity.roles import EFFECTIVE, AppRole
from touchline.features.identity.tables import users
from touchline.foundation.db import Database
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

TYPE = "Block disconnected"


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> World:
    return await World(database, tmp_path / "data").populate()


@pytest.fixture
async def small_world(sqlite_url: str, tmp_path: Path):
    database = Database(sqlite_url)
    yield await World(database, tmp_path / "data").populate()
    await database.close()


def _client(world: World, *, by: str | None = "ours", **people: Principal) -> httpx2.AsyncClient:
    authenticator = PretendAuthenticator({"ours": world.owner, "theirs": world.stranger, **people})
    app = an_app(
        "classic", [alerts_router], world, authenticator, AlertService(world.clock), DecisionService(world.clock)
    )
    headers = {"Authorization": f"Bearer {by}"} if by else {}
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://touchline", headers=headers)


async def _colleague(world: World, role: AppRole) -> Principal:
    user_id = new_id()
    async with world.database.begin() as db:
        await db.execute(
            insert(users).values(id=user_id, email=f"{user_id}@x.org", password_hash="x", created_at=world.clock.now())
        )
    return replace(world.owner, user_id=user_id, user_type="staff", role=role, permissions=EFFECTIVE[role])


async def _decisions(world: World) -> list[dict]:
    async with world.database.begin() as db:
        found = await db.execute(select(decision_feedback).order_by(decision_feedback.c.created_at))
        return [dict(row) for row in found.mappings()]


async def _decide(client, alert_id: str, action: str = "ACCEPT", **more) -> dict:
    answer = await client.post("/api/decision/feedback", json={"decision_id": alert_id, "action": action, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def _at(alert_id: str, minute: int, severity: float, **more):
    return an_alert(alert_id, match_time=60.0 * minute, severity_score=severity, **more)


# --- recorded once


async def test_a_decision_is_recorded_once_and_the_first_one_stands(world):
    run = await world.claim(await world.a_run())
    await world.record(run, an_alert("a1", decision_id="d1"))
    async with _client(world) as client:
        first = await _decide(client, "d1", " dismiss ", match_time=725.5, match_id=world.match_id, future="field")
        again = await _decide(client, "a1", "ACCEPT")
        listed = (await client.get(f"/api/matches/{world.match_id}/alerts")).json()
    assert first == {
        "status": "success",
        "idempotent": False,
        "decision_id": "d1",
        "action": "DISMISS",
        "decision_type": TYPE,
        "match_id": world.match_id,
    }
    assert again == {**first, "idempotent": True}
    assert [(alert["feedback"], alert["feedback_action"]) for alert in listed] == [("dismissed", "DISMISS")]
    (row,) = await _decisions(world)
    assert (row["severity_at_time"], row["match_time"], row["evaluation_windows"]) == (0.5, 725.5, None)


async def test_ten_at_once_leave_one_decision(world):
    run = await world.claim(await world.a_run())
    await world.record(run, an_alert("a1"))
    async with _client(world) as client:
        actions = ["ACCEPT", "DISMISS"] * 5
        answers = await asyncio.gather(*(_decide(client, "a1", action) for action in actions))
    assert sorted(answer["idempotent"] for answer in answers) == [False] + [True] * 9
    assert len({answer["action"] for answer in answers}) == 1
    assert len(await _decisions(world)) == 1


async def test_everybody_decides_for_himself(world):
    run = await world.claim(await world.a_run())
    await world.record(run, an_alert("a1"))
    coach = await _colleague(world, AppRole.COACH)
    async with _client(world, coach=coach) as client:
        await _decide(client, "a1", "ACCEPT")
        client.headers["Authorization"] = "Bearer coach"
        assert (await _decide(client, "a1", "DISMISS"))["idempotent"] is False
        listed = (await client.get(f"/api/matches/{world.match_id}/alerts")).json()
    assert [alert["feedback"] for alert in listed] == ["dismissed"]


async def test_the_older_addresses_answer_the_same(world):
    run = await world.claim(await world.a_run())
    await world.record(run, an_alert("a1"), an_alert("a2"))
    async with _client(world) as client:
        old = await client.post("/decision/feedback", json={"decision_id": "a1", "action": "ACCEPT"})
        by_alert = await client.post(
            f"/api/matches/{world.match_id}/alerts/a2/feedback?feedback=dismissed&match_time=9"
        )
        again = await client.post(f"/api/matches/{world.match_id}/alerts/a2/feedback?feedback=accepted")
        figures = [(await client.get(f"{prefix}/decision/metrics")).json() for prefix in ("/api", "")]
    assert old.json()["idempotent"] is False
    assert by_alert.json() == {"status": "success", "alert_id": "a2", "feedback": "dismissed", "idempotent": False}
    assert again.json() == {"status": "success", "alert_id": "a2", "feedback": "dismissed", "idempotent": True}
    assert figures[0] == figures[1]
    assert figures[0]["summary"]["total_feedbacks"] == 2


async def test_without_a_match_the_newest_alert_of_that_id_in_scope_counts(world):
    older = await world.claim(await world.a_run())
    await world.record(older, an_alert("a1"))
    world.clock.pass_time(minutes=1)
    adhoc = await world.claim(await world.a_run(adhoc=True))
    await world.record(adhoc, an_alert("a1"))
    world.clock.pass_time(minutes=1)
    theirs = await world.a_match(world.stranger)
    foreign = await world.claim(
        await world.a_run(match_id=theirs, generated_by=world.stranger.user_id, team_id=world.stranger.primary_team_id)
    )
    await world.record(foreign, an_alert("a1"))
    async with _client(world) as client:
        assert (await _decide(client, "a1"))["match_id"] == adhoc.match_id
        assert (await _decide(client, "a1", match_id=world.match_id))["match_id"] == world.match_id
        refused = await client.post(
            "/api/decision/feedback", json={"decision_id": "a1", "action": "ACCEPT", "match_id": theirs}
        )
    assert refused.status_code == 404


async def test_an_alert_without_a_decision_id_is_decided_on_by_its_own(world):
    run = await world.claim(await world.a_run())
    await world.record(run, an_alert("a1"))
    async with world.database.begin() as db:
        await db.execute(update(tactical_alerts).values(decision_id=None))
    async with _client(world) as client:
        assert (await _decide(client, "a1"))["decision_id"] == "a1"
        listed = (await client.get(f"/api/matches/{world.match_id}/alerts")).json()
    assert [alert["feedback"] for alert in listed] == ["accepted"]


# --- who may


async def test_only_people_of_the_club_who_write_or_analyse_decide(small_world):
    world = small_world
    run = await world.claim(await world.a_run())
    await world.record(run, an_alert("a1"))
    staff = {str(role): await _colleague(world, role) for role in AppRole if role is not AppRole.ACCOUNT_MANAGER}
    expected = {None: 401, "theirs": 404, "player": 403, "coach": 200, "assistant_coach": 200, "analyst": 200}
    absent = {"decision_id": "absent", "action": "ACCEPT"}
    for by, status in expected.items():
        async with _client(world, by=by, **staff) as client:
            answers = [
                await client.post("/api/decision/feedback", json={"decision_id": "a1", "action": "ACCEPT"}),
                await client.post("/decision/feedback", json={"decision_id": "a1", "action": "ACCEPT"}),
                await client.post(f"/api/matches/{world.match_id}/alerts/a1/feedback?feedback=accepted"),
            ]
            assert [answer.status_code for answer in answers] == [status] * 3, by
            if by == "theirs":
                assert answers[0].json() == (await client.post("/api/decision/feedback", json=absent)).json()
            figures = await client.get(f"/api/decision/metrics?match_id={world.match_id}")
            assert figures.status_code == (200 if status == 403 else status), by


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"decision_id": "a1"}, 422),
        ({"action": "ACCEPT"}, 422),
        ({"decision_id": "", "action": "ACCEPT"}, 422),
        ({"decision_id": "x" * 65, "action": "ACCEPT"}, 422),
        ({"decision_id": "a\x00", "action": "ACCEPT"}, 422),
        ({"decision_id": "a1", "action": "MAYBE"}, 422),
        ({"decision_id": "a1", "action": None}, 422),
        ({"decision_id": "a1", "action": "ACCEPT", "match_time": -1}, 422),
        ({"decision_id": "a1", "action": "ACCEPT", "match_time": 1e300}, 422),
        ({"decision_id": "a1", "action": "ACCEPT", "match_id": "no such match"}, 404),
        ({"decision_id": "absent", "action": "ACCEPT"}, 404),
    ],
)
async def test_odd_decisions_are_refused(small_world, body, status):
    run = await small_world.claim(await small_world.a_run())
    await small_world.record(run, an_alert("a1"))
    async with _client(small_world) as client:
        answer = await client.post("/api/decision/feedback", json=body)
    assert answer.status_code == status
    assert isinstance(answer.json()["detail"], str)
    assert await _decisions(small_world) == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("a1/feedback?feedback=none", 400),
        ("a1/feedback?feedback=", 400),
        ("a1/feedback", 422),
        ("a1/feedback?feedback=accepted&match_time=nan", 422),
        ("absent/feedback?feedback=accepted", 404),
        ("%00/feedback?feedback=accepted", 422),
    ],
)
async def test_odd_feedback_is_refused(small_world, path, status):
    run = await small_world.claim(await small_world.a_run())
    await small_world.record(run, an_alert("a1"))
    async with _client(small_world) as client:
        answer = await client.post(f"/api/matches/{small_world.match_id}/alerts/{path}")
    assert answer.status_code == status
    assert await _decisions(small_world) == []


# --- silence


async def test_a_dismissal_hides_the_next_two_and_a_repeat_of_it_does_not_start_over(world):
    run = await world.claim(await world.a_run())
    await world.record(run, an_alert("a0"))
    async with _client(world) as client:
        await _decide(client, "a0", "DISMISS")
        await world.record(run, an_alert("a1"))
        assert (await _decide(client, "a0", "DISMISS"))["idempotent"]
        await world.record(run, an_alert("other", decision_type="Line too deep"), an_alert("a2"), an_alert("a3"))
        listed = [a["alert_id"] for a in (await client.get(f"/api/matches/{world.match_id}/alerts")).json()]
        assert listed == ["a0", "other", "a3"]
        await _decide(client, "a3", "DISMISS")
        await world.record(run, *(an_alert(f"b{i}") for i in range(3)))
        listed = [a["alert_id"] for a in (await client.get(f"/api/matches/{world.match_id}/alerts")).json()]
    assert listed == ["a0", "other", "a3", "b2"]


async def test_acceptance_hides_nothing(world):
    run = await world.claim(await world.a_run())
    await world.record(run, an_alert("a0"))
    async with _client(world) as client:
        await _decide(client, "a0", "ACCEPT")
        await world.record(run, an_alert("a1"))
        assert len((await client.get(f"/api/matches/{world.match_id}/alerts")).json()) == 2


async def test_a_decision_is_not_told_to_others(world):
    run = await world.claim(await world.a_run())
    await world.record(run, an_alert("a0"))
    told = len(await world.facts("alert", channel="match:"))
    async with _client(world) as client:
        await _decide(client, "a0", "DISMISS")
    assert len(await world.facts("alert", channel="match:")) == told


# --- what becomes of it


async def _verdict(client, world: World, alert_id: str = "a0") -> list[int | None]:
    listed = (await client.get(f"/api/matches/{world.match_id}/alerts")).json()
    found = next(alert for alert in listed if alert["alert_id"] == alert_id)
    return [found[name] for name in ("decision_effective", "decision_failed", "escalation_after_dismiss")]


async def test_a_decision_on_a_finished_run_is_judged_at_once(world):
    run = await world.claim(await world.a_run())
    await world.record(
        run, _at("a0", 1, 0.8), _at("a1", 2, 0.5), _at("a2", 3, 0.6), _at("a3", 4, 0.55), _at("a4", 5, 1)
    )
    async with _client(world) as client:
        await _decide(client, "a0")
        assert await _verdict(client, world) == [1, 0, 0]
        figures = (await client.get(f"/api/decision/metrics?match_id={world.match_id}")).json()
    (row,) = await _decisions(world)
    assert (row["post_severity_avg"], row["evaluation_windows"]) == (pytest.approx(0.55), 3)
    assert row["evaluated_at"] == world.clock.now()
    assert figures["summary"] == {
        "total_feedbacks": 1,
        "acceptance_rate": 1,
        "dismissal_rate": 0,
        "effectiveness_rate": 1,
        "escalation_after_dismiss_rate": 0,
    }
    assert figures["by_decision_type"] == [{"decision_type": TYPE, **figures["summary"]}]


async def test_hidden_alerts_count_and_two_are_enough(world):
    run = await world.claim(await world.a_run())
    await world.record(run, _at("a0", 1, 0.6))
    async with _client(world) as client:
        await _decide(client, "a0", "DISMISS")
        await world.record(run, _at("a1", 2, 0.7))  # stays hidden
        assert await _verdict(client, world) == [None, None, None]
        await world.record(run, _at("a2", 3, 0.9))
        assert await _verdict(client, world) == [0, 1, 1]
        await world.record(run, _at("a3", 4, 0.0), _at("a4", 5, 0.0))  # two stay two
        assert await _verdict(client, world) == [0, 1, 1]
    assert (await _decisions(world))[0]["evaluation_windows"] == 2


async def test_one_alert_is_enough_after_half_a_minute_whoever_was_restarted_and_more_of_them_correct_it(world):
    run = await world.claim(await world.a_run())
    await world.record(run, _at("a0", 1, 0.5))
    judge = LateVerdicts(world.database, world.clock)
    async with _client(world) as client:
        await _decide(client, "a0")
        assert await judge() == 0
        await world.record(run, _at("a1", 2, 0.2))
        world.clock.pass_time(seconds=29)
        assert await judge() == 0
        assert await _verdict(client, world) == [None, None, None]
        world.clock.pass_time(seconds=1)
        assert await judge() == 1
        assert await _verdict(client, world) == [1, 0, 0]
        assert await judge() == 0
        await world.record(run, _at("a2", 3, 1.0))
        assert await _verdict(client, world) == [0, 1, 0]


async def test_one_alert_is_enough_when_the_run_ends(world):
    run = await world.claim(await world.a_run())
    await world.record(run, _at("a0", 1, 0.5), _at("lonely", 9, 0.5))
    async with _client(world) as client:
        await _decide(client, "a0")
        await _decide(client, "lonely")
        assert await _verdict(client, world) == [None, None, None]
        async with world.database.begin() as db:
            await AlertReactions().run_ended(db, run, now=world.clock.now())
        assert await _verdict(client, world) == [0, 0, 0]
        assert await _verdict(client, world, "lonely") == [None, None, None]  # quiet windows leave it open


async def test_without_a_match_time_alerts_created_later_are_observed(world):
    run = await world.claim(await world.a_run())
    plain = {"match_time": None, "timestamp": ""}
    await world.record(run, an_alert("before", **plain), an_alert("a0", **plain))
    async with _client(world) as client:
        await _decide(client, "a0")
        for name in ("a1", "a2"):
            world.clock.pass_time(seconds=1)
            await world.record(run, an_alert(name, severity_score=0.1, **plain))
        assert await _verdict(client, world) == [1, 0, 0]


async def test_figures_are_ones_own_and_of_matches_in_scope(world):
    run = await world.claim(await world.a_run())
    await world.record(run, an_alert("a0"), an_alert("a1", decision_type="Line too deep"), an_alert("a2"))
    coach = await _colleague(world, AppRole.COACH)
    async with _client(world, coach=coach) as client:
        for name, action in (("a0", "ACCEPT"), ("a1", "DISMISS"), ("a2", "DISMISS")):
            await _decide(client, name, action)
        figures = (await client.get("/api/decision/metrics")).json()
        assert [row["decision_type"] for row in figures["by_decision_type"]] == [TYPE, "Line too deep"]
        assert figures["summary"]["dismissal_rate"] == pytest.approx(2 / 3)
        other = await world.a_match(world.owner)
        assert (await client.get(f"/api/decision/metrics?match_id={other}")).json()["by_decision_type"] == []
        assert (await client.get(f"/api/decision/metrics?match_id={new_id()}")).status_code == 404
        client.headers["Authorization"] = "Bearer coach"
        nothing = (await client.get("/api/decision/metrics")).json()
    assert (nothing["summary"]["total_feedbacks"], nothing["by_decision_type"]) == (0, [])


async def test_the_cost_of_a_later_alert_does_not_grow_with_the_decisions(world):
    run = await world.claim(await world.a_run())
    counts = []
    async with _client(world) as client:
        for number in range(6):
            name = f"a{number}"
            await world.record(run, _at(name, 100 + number, 0.5))
            await _decide(client, name, match_time=50_000)  # nothing follows: they all wait
            if number in (1, 5):
                statements: list[str] = []
                listener = lambda *found, into=statements: into.append(found[2])  # noqa: E731
                event.listen(world.database.engine.sync_engine, "before_cursor_execute", listener)
                await world.record(run, _at(f"later{number}", 1, 0.4))
                event.remove(world.database.engine.sync_engine, "before_cursor_execute", listener)
                counts.append(len(statements))
    async with world.database.begin() as db:
        assert await db.scalar(select(func.count()).select_from(decision_feedback)) == 6
    assert counts[0] == counts[1]
