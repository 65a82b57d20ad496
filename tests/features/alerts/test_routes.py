"""The list of alerts: in order, once each, with one's own decisions."""

from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import func, insert, select

from run_world import PretendAuthenticator, World, an_alert, an_app
from touchline.features.alerts import queries
from touchline.features.alerts.routes import alerts_router
from touchline.features.alerts.service import AlertService
from touchline.features.alerts.tables import decision_feedback, ws_grants
from touchline.foundation.db import Database
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> World:
    return await World(database, tmp_path / "data").populate()


def _client(world: World, *, by: str | None = "ours", grant: timedelta | None = None) -> httpx2.AsyncClient:
    authenticator = PretendAuthenticator({"ours": world.owner, "theirs": world.stranger})
    app = an_app("classic", [alerts_router], world, authenticator, AlertService(world.clock, grant))
    headers = {"Authorization": f"Bearer {by}"} if by else {}
    transport = httpx2.ASGITransport(app=app, client=("10.1.2.3", 4000))
    return httpx2.AsyncClient(transport=transport, base_url="http://touchline", headers=headers)


async def _decide(world: World, person, alert_id: str, action: str) -> None:
    async with world.database.begin() as db:
        await db.execute(
            insert(decision_feedback).values(
                id=new_id(),
                user_id=person.user_id,
                match_id=world.match_id,
                decision_id=alert_id,
                decision_type="x",
                action=action,
                severity_at_time=0.5,
                created_at=world.clock.now(),
                decision_effective=True,
                decision_failed=False,
            )
        )


async def test_the_list_is_oldest_first_with_ones_own_decisions_and_without_hidden_ones(world):
    run = await world.claim(await world.a_run())
    for number in range(4):
        await world.record(run, an_alert(f"a{number}"))
        world.clock.pass_time(seconds=1)
    async with world.database.begin() as db:
        await queries.silence(db, world.match_id, "Block disconnected")
    await world.record(run, an_alert("hidden"), an_alert("a0", status="RESOLVED"))
    await _decide(world, world.owner, "a1", "ACCEPT")
    await _decide(world, world.owner, "a2", "DISMISS")
    await _decide(world, world.stranger, "a3", "DISMISS")
    async with _client(world) as client:
        answer = await client.get(f"/api/matches/{world.match_id}/alerts")
        page = await client.get(f"/api/matches/{world.match_id}/alerts?limit=2&offset=1")
    assert answer.status_code == 200
    assert answer.headers["x-total-count"] == "4"
    listed = answer.json()
    assert [(alert["alert_id"], alert["feedback"]) for alert in listed] == [
        ("a0", "none"),
        ("a1", "accepted"),
        ("a2", "dismissed"),
        ("a3", "none"),
    ]
    assert listed[0]["status"] == "RESOLVED"
    assert (listed[1]["decision_effective"], listed[1]["decision_failed"]) == (1, 0)
    assert listed[1]["escalation_after_dismiss"] is None
    assert [alert["alert_id"] for alert in page.json()] == ["a1", "a2"]
    assert page.headers["x-total-count"] == "4"


async def test_the_list_and_the_socket_send_the_same_object(world):
    run = await world.claim(await world.a_run())
    context = {"ball": {"x": 1.0, "y": 2.0}, "match_clock": "57:10"}
    async with world.bus.subscribe(f"match:{world.match_id}") as facts:
        await world.record(run, an_alert("a1", context=context))
        pushed = (await facts.get(1)).payload
    async with _client(world) as client:
        listed = (await client.get(f"/api/matches/{world.match_id}/alerts")).json()
    assert listed == [pushed]


@pytest.mark.parametrize(("by", "status"), [(None, 401), ("theirs", 404)])
async def test_the_list_is_not_for_everybody(world, by, status):
    async with _client(world, by=by) as client:
        assert (await client.get(f"/api/matches/{world.match_id}/alerts")).status_code == status


async def test_an_adhoc_match_has_its_own_list(world):
    run = await world.claim(await world.a_run(adhoc=True))
    await world.record(run, an_alert("a1"))
    async with _client(world) as client:
        assert len((await client.get(f"/api/matches/{run.match_id}/alerts")).json()) == 1


@pytest.mark.parametrize("grant", [None, timedelta(seconds=60)])
async def test_a_watch_grant_is_recorded_only_where_grants_are_on(world, grant):
    async with _client(world, grant=grant) as client:
        for _ in range(2):
            assert (await client.get(f"/api/matches/{world.match_id}/alerts")).status_code == 200
    async with world.database.begin() as db:
        count = await db.scalar(select(func.count()).select_from(ws_grants))
        found = await queries.granted_user(db, address="10.1.2.3", match_id=world.match_id, now=world.clock.now())
    assert (count, found) == ((0, None) if grant is None else (1, world.owner.user_id))
