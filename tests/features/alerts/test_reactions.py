"""Alerts in the rows: kept once, hidden after a dismissal, out of the list when a newer run speaks (rules 4.3-4.5)."""

import json
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from run_world import World, a_segment, an_alert
from touchline.features.alerts import queries
from touchline.features.alerts.reactions import AlertReactions, forget_run
from touchline.features.alerts.tables import decision_feedback, tactical_alerts
from touchline.features.analysis.events import RunDeleted
from touchline.foundation.db import Database
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> World:
    return await World(database, tmp_path / "data").populate()


async def _rows(world: World) -> list[dict]:
    async with world.database.begin() as db:
        found = await db.execute(select(tactical_alerts).order_by(tactical_alerts.c.created_at, tactical_alerts.c.id))
        return [dict(row) for row in found.mappings()]


async def _told(world: World) -> list[str]:
    return [json.loads(row["payload"])["alert_id"] for row in await world.facts("alert", channel="match:")]


async def _decide(world: World, alert_id: str, action: str = "ACCEPT", **more) -> None:
    async with world.database.begin() as db:
        await db.execute(
            insert(decision_feedback).values(
                id=new_id(),
                user_id=world.owner.user_id,
                match_id=world.match_id,
                decision_id=alert_id,
                decision_type="Block disconnected",
                action=action,
                severity_at_time=0.5,
                created_at=world.clock.now(),
                **more,
            )
        )


async def _dismiss(world: World, decision_type: str) -> None:
    async with world.database.begin() as db:
        await queries.silence(db, world.match_id, decision_type)


# --- once


async def test_a_repeat_updates_everything_but_its_birth_and_is_told_again(world):
    run = await world.claim(await world.a_run())
    await world.record(run, an_alert("a1"))
    (first,) = await _rows(world)
    world.clock.pass_time(seconds=60)
    await world.record(run, an_alert("a1", status="RESOLVED", severity_score=0.2, severity_label="LOW"))
    (second,) = await _rows(world)
    assert (second["id"], second["created_at"]) == (first["id"], first["created_at"])
    assert (second["status"], second["severity_score"], second["severity_label"]) == ("RESOLVED", 0.2, "LOW")
    assert await _told(world) == ["a1", "a1"]


async def test_the_match_of_an_alert_is_the_runs_and_it_is_told_on_its_channel(world):
    run = await world.claim(await world.a_run(adhoc=True))
    async with world.bus.subscribe(f"match:{run.match_id}") as facts:
        await world.record(run, an_alert("a1"))
        event = await facts.get(1)
    assert event.kind == "alert"
    assert event.payload["match_id"] == run.match_id
    assert "type" not in event.payload


async def test_the_same_id_in_another_match_is_another_alert(world):
    for adhoc in (False, True):
        await world.record(await world.claim(await world.a_run(adhoc=adhoc)), an_alert("a1"))
    assert len(await _rows(world)) == 2


# --- hidden after a dismissal


async def test_the_two_alerts_after_a_dismissal_stay_hidden_and_the_third_passes(world):
    run = await world.claim(await world.a_run())
    await world.record(run, an_alert("a0"))
    await _dismiss(world, "Block disconnected")
    await world.record(run, *(an_alert(f"a{i}") for i in range(1, 5)))
    assert {row["alert_id"]: row["suppressed"] for row in await _rows(world)} == {
        "a0": False,
        "a1": True,
        "a2": True,
        "a3": False,
        "a4": False,
    }
    assert await _told(world) == ["a0", "a3", "a4"]


async def test_another_dismissal_starts_over(world):
    run = await world.claim(await world.a_run())
    await _dismiss(world, "Block disconnected")
    await world.record(run, an_alert("a1"))
    await _dismiss(world, "Block disconnected")
    await world.record(run, *(an_alert(f"a{i}") for i in range(2, 5)))
    assert await _told(world) == ["a4"]


async def test_updates_and_other_types_pass(world):
    run = await world.claim(await world.a_run())
    await world.record(run, an_alert("known"))
    await _dismiss(world, "Block disconnected")
    await world.record(run, an_alert("known", status="MONITORING"), an_alert("other", decision_type="Line too deep"))
    await world.record(run, an_alert("hidden"))
    await world.record(run, an_alert("hidden", status="MONITORING"))  # what is hidden stays hidden
    await world.record(run, an_alert("hidden too"), an_alert("third"))
    assert await _told(world) == ["known", "known", "other", "third"]


async def test_dismissals_end_with_a_new_run_but_not_with_another_attempt(world):
    run_id = await world.a_run()
    await world.claim(run_id)
    await _dismiss(world, "Block disconnected")
    again = await world.claim(run_id)
    await world.record(again, an_alert("a1"))
    assert await _told(world) == []
    newer = await world.claim(await world.a_run())
    await world.record(newer, an_alert("a2"))
    assert await _told(world) == ["a2"]


async def test_an_engine_that_counts_from_one_again_raises_new_alerts(world):
    older = await world.claim(await world.a_run())
    await _dismiss(world, "Block disconnected")
    await world.record(older, an_alert("a1"))
    world.clock.pass_time(minutes=1)
    newer = await world.claim(await world.a_run())
    await world.record(newer, a_segment(0), an_alert("a1"))
    (row,) = await _rows(world)
    assert (row["run_id"], row["suppressed"], row["superseded"]) == (newer.id, False, False)
    assert await _told(world) == ["a1"]


# --- out of date


@pytest.mark.parametrize(
    ("earlier", "newer", "is_replaced"),
    [
        ("whole", "whole", True),
        ("first", "whole", True),
        ("second", "whole", True),
        ("first", "first", True),
        ("second", "first", False),
        ("whole", "first", False),
    ],
)
async def test_a_newer_run_replaces_the_alerts_of_its_part_with_its_first_window(world, earlier, newer, is_replaced):
    older = await world.claim(await world.a_run(part=earlier))
    await world.record(older, a_segment(0), an_alert("old"))
    world.clock.pass_time(minutes=1)
    fresh = await world.claim(await world.a_run(part=newer))
    await world.record(fresh, an_alert("early"))
    assert [row["superseded"] for row in await _rows(world)] == [False, False]
    await world.record(fresh, a_segment(0), a_segment(1), an_alert("new"))
    assert {row["alert_id"]: row["superseded"] for row in await _rows(world)} == {
        "old": is_replaced,
        "early": False,
        "new": False,
    }


async def test_a_late_window_of_an_older_run_replaces_nothing(world):
    older = await world.claim(await world.a_run())
    world.clock.pass_time(minutes=1)
    newer = await world.claim(await world.a_run())
    await world.record(newer, a_segment(0), an_alert("new"))
    await world.record(older, a_segment(0))
    assert [row["superseded"] for row in await _rows(world)] == [False]


# --- what goes, and what somebody decided on stays


async def test_alerts_of_a_lower_attempt_stay_when_somebody_decided_on_them(world):
    run_id = await world.a_run()
    first = await world.claim(run_id)
    await world.record(first, an_alert("decided"), an_alert("ignored"))
    await _decide(world, "decided")
    second = await world.claim(run_id)
    async with world.database.begin() as db:
        await AlertReactions().run_ended(db, second, now=world.clock.now())
    assert [row["alert_id"] for row in await _rows(world)] == ["decided"]


async def test_alerts_go_with_their_run_and_decided_ones_leave_the_list(world):
    run = await world.claim(await world.a_run())
    await world.record(run, an_alert("decided"), an_alert("ignored"))
    await _decide(world, "decided")
    async with world.database.begin() as db:
        await forget_run(db, RunDeleted(run.id, run.match_id, is_last_of_adhoc=False))
    assert [(row["alert_id"], row["superseded"]) for row in await _rows(world)] == [("decided", True)]


async def test_nothing_stays_of_an_adhoc_match_whose_last_run_goes(world):
    run = await world.claim(await world.a_run(adhoc=True))
    await world.record(run, an_alert("a1"))
    async with world.database.begin() as db:
        await queries.silence(db, run.match_id, "Block disconnected")
        await forget_run(db, RunDeleted(run.id, run.match_id, is_last_of_adhoc=True))
        assert not await queries.use_up_silence(db, run.match_id, "Block disconnected")
    assert await _rows(world) == []
