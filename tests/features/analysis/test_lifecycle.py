"""Who may write for a run, and what a run's row may become."""

from pathlib import Path

import pytest
from sqlalchemy import select

from run_world import World, a_segment, an_alert
from touchline.features.alerts.reactions import AlertReactions
from touchline.features.alerts.tables import tactical_alerts
from touchline.features.analysis import lifecycle
from touchline.features.analysis.lifecycle import LostRunError
from touchline.foundation.db import Database

pytestmark = pytest.mark.anyio


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> World:
    return await World(database, tmp_path / "data").populate()


async def _advance(world: World, run, *, status="PROCESSING", progress=0.5, message="Half", stats=None):
    async with world.database.begin() as db:
        return await lifecycle.advance(
            db, run, status=status, progress=progress, message=message, stats=stats, now=world.clock.now()
        )


async def _complete(world: World, run) -> None:
    async with world.announcer.unit() as unit:
        unit.tell(
            await lifecycle.complete(
                unit.db,
                run,
                outputs={"total_frames": 3},
                message="",
                options={},
                is_a_home=False,
                reactions=AlertReactions(),
                now=world.clock.now(),
            )
        )


async def _fail(world: World, run) -> None:
    async with world.announcer.unit() as unit:
        unit.tell(await lifecycle.fail(unit.db, run, message="No.", reactions=AlertReactions(), now=world.clock.now()))


async def test_claiming_counts_an_attempt_and_says_that_the_engine_has_the_video(world):
    run_id = await world.a_run()
    run = await world.claim(run_id, worker_id="w7")
    row = await world.run(run_id)
    assert (run.attempt, row["attempt"], row["worker_id"]) == (1, 1, "w7")
    assert (row["status"], row["progress"], row["message"]) == ("QUEUED", 0.05, "Sent to the tracking engine.")


async def test_a_second_claim_takes_the_run_from_the_first(world):
    run_id = await world.a_run()
    first = await world.claim(run_id)
    second = await world.claim(run_id, worker_id="w2")
    assert second.attempt == 2
    with pytest.raises(LostRunError):
        await _advance(world, first)
    await _advance(world, second)


@pytest.mark.parametrize("end", [_complete, _fail])
async def test_an_ended_run_is_not_claimed_and_takes_no_late_packet(world, end):
    run_id = await world.a_run()
    run = await world.claim(run_id)
    await end(world, run)
    ended = await world.run(run_id)
    with pytest.raises(LostRunError):
        await _advance(world, run)
    with pytest.raises(LostRunError):
        await _complete(world, run)
    async with world.database.begin() as db:
        assert (
            await lifecycle.claim(db, run_id, worker_id="w", reactions=AlertReactions(), now=world.clock.now()) is None
        )
    assert await world.run(run_id) == ended


async def test_a_cancelled_run_takes_no_late_packet(world):
    run_id = await world.a_run()
    run = await world.claim(run_id)
    await world.cancel(run_id)
    with pytest.raises(LostRunError):
        await _fail(world, run)
    assert (await world.run(run_id))["message"] == "Cancelled by the user."


async def test_progress_never_goes_back_and_reaches_one_only_at_the_end(world):
    run_id = await world.a_run()
    run = await world.claim(run_id)
    seen = []
    for reported in (0.02, 0.4, 0.3, 1.0, -3, 0.2):
        await _advance(world, run, progress=reported)
        seen.append((await world.run(run_id))["progress"])
    assert seen == [0.05, 0.4, 0.4, 0.99, 0.99, 0.99]
    await _complete(world, run)
    assert (await world.run(run_id))["progress"] == 1


async def test_status_moves_forward_only(world):
    run_id = await world.a_run()
    run = await world.claim(run_id)
    words = ("PENDING", "streaming", "QUEUED", "whatever")
    seen = [(await _advance(world, run, status=word))["status"] for word in words]
    assert seen == ["QUEUED", "PROCESSING", "PROCESSING", "PROCESSING"]


async def test_every_packet_is_a_sign_of_life(world):
    run_id = await world.a_run()
    run = await world.claim(run_id)
    world.clock.pass_time(seconds=40)
    await _advance(world, run, message="")
    row = await world.run(run_id)
    assert row["updated_at"] == world.clock.now()
    assert row["message"] == "Sent to the tracking engine."  # silence about it keeps the last words


async def test_live_stats_keep_objects_only(world):
    run_id = await world.a_run()
    run = await world.claim(run_id)
    await _advance(world, run, stats={"7": {"distance": 120.5}, "8": 3, "9": {"distance": float("nan")}})
    assert (await world.run(run_id))["live_stats"] == {"7": {"distance": 120.5}, "9": {"distance": None}}


async def test_the_end_is_told_on_run_and_match_once_it_is_committed(world):
    run_id = await world.a_run()
    run = await world.claim(run_id)
    async with world.bus.subscribe(f"run:{run_id}", f"match:{world.match_id}") as facts:
        await _complete(world, run)
        heard = [await facts.get(1), await facts.get(1)]
    assert {event.channel for event in heard} == {f"run:{run_id}", f"match:{world.match_id}"}
    assert heard[0].data == f'{{"type":"done","status":"COMPLETED","analysis_id":"{run_id}"}}'
    assert await world.pending_facts() == 0


async def test_a_transaction_that_breaks_tells_nothing(world):
    run_id = await world.a_run()
    run = await world.claim(run_id)
    with pytest.raises(ZeroDivisionError):
        async with world.announcer.unit() as unit:
            unit.tell(
                await lifecycle.fail(unit.db, run, message="x", reactions=AlertReactions(), now=world.clock.now())
            )
            raise ZeroDivisionError
    assert await world.facts("done") == []
    assert (await world.run(run_id))["status"] == "QUEUED"


async def test_a_fact_whose_publisher_died_is_published_by_the_relay(world):
    run_id = await world.a_run()
    run = await world.claim(run_id)

    class DeadBus:
        async def publish(self, events):
            raise ConnectionError("gone")

    dying = World(world.database, world.root, clock=world.clock, bus=DeadBus())
    await _fail(dying, run)
    assert await world.pending_facts() == 2
    async with world.bus.subscribe(f"run:{run_id}") as facts:
        assert await world.announcer.relay() == 0  # too fresh: its publisher may be about to do it
        world.clock.pass_time(seconds=3)
        assert await world.announcer.relay() == 2
        assert (await facts.get(1)).payload["reason"] == "error"
    assert await world.announcer.relay() == 0


async def test_old_facts_are_forgotten(world):
    run_id = await world.a_run()
    await _fail(world, await world.claim(run_id))
    world.clock.pass_time(minutes=59)
    assert await world.announcer.trim() == 0
    world.clock.pass_time(minutes=2)
    assert await world.announcer.trim() == 2


async def test_what_a_lower_attempt_left_goes_with_the_terminal_write(world):
    run_id = await world.a_run()
    first = await world.claim(run_id)
    await world.record(first, *[a_segment(i) for i in range(3)], an_alert("old"), an_alert("both"))
    second = await world.claim(run_id)
    await world.record(second, a_segment(0), an_alert("both"))
    await _complete(world, second)
    assert [(row["segment_index"], row["attempt"]) for row in await world.segments(run_id)] == [(0, 2)]
    assert (await world.run(run_id))["outputs"]["segments_count"] == 1
    assert await _alert_ids(world) == ["both"]


async def _alert_ids(world: World) -> list[str]:
    async with world.database.begin() as db:
        found = await db.execute(select(tactical_alerts.c.alert_id).order_by(tactical_alerts.c.alert_id))
        return list(found.scalars())
