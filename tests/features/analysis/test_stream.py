"""Live windows over both doors: framing, replay, each window once, and how streams end."""

import asyncio
import json
from pathlib import Path

import pytest

from live import LiveStream
from run_world import PretendAuthenticator, World, a_segment, an_app
from touchline.features.alerts.reactions import AlertReactions
from touchline.features.analysis import lifecycle
from touchline.features.analysis.events import match_channel, run_channel
from touchline.features.analysis.stream import SegmentStreams
from touchline.features.analysis.stream_routes import stream_router
from touchline.football.updates import Progress
from touchline.foundation.db import Database
from touchline.foundation.events import fact

pytestmark = pytest.mark.anyio


class Doors:
    """Both apps over one world."""

    def __init__(self, world: World, **streams) -> None:
        self.world = world
        self.authenticator = PretendAuthenticator({"ours": world.owner, "theirs": world.stranger})
        self.apps = [
            an_app(
                name, [stream_router], world, self.authenticator, SegmentStreams(world.database, world.bus, **streams)
            )
            for name in ("analysis", "classic")
        ]

    def run(self, run_id: str, *, by="ours", app=0, last: str | None = None) -> LiveStream:
        return self._open(f"/api/analysis/{run_id}/segments/stream", by=by, app=app, last=last)

    def match(self, match_id: str, *, by="ours", app=0, last: str | None = None) -> LiveStream:
        return self._open(f"/api/matches/{match_id}/segments/stream", by=by, app=app, last=last)

    def _open(self, path: str, *, by: str | None, app: int, last: str | None) -> LiveStream:
        headers = {"Authorization": f"Bearer {by}"} if by else {}
        if last is not None:
            headers["Last-Event-ID"] = last
        return LiveStream(self.apps[app], path, headers=headers)


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> World:
    return await World(database, tmp_path / "data").populate()


@pytest.fixture
def doors(world: World) -> Doors:
    return Doors(world)


async def _complete(world: World, run) -> None:
    async with world.announcer.unit() as unit:
        unit.tell(
            await lifecycle.complete(
                unit.db,
                run,
                outputs={},
                message="",
                options={},
                is_a_home=False,
                reactions=AlertReactions(),
                now=world.clock.now(),
            )
        )


def _ids(blocks: bytes) -> list[str]:
    return [line.removeprefix(b"id: ").decode() for line in blocks.split(b"\n") if line.startswith(b"id: ")]


def _done(run_id: str, status: str, reason: str | None = None) -> bytes:
    more = f',"reason":"{reason}"' if reason else ""
    return f'event: done\ndata: {{"type":"done","status":"{status}","analysis_id":"{run_id}"{more}}}\n\n'.encode()


# --- framing


async def test_the_head_of_a_stream(world, doors):
    run = await world.claim(await world.a_run())
    async with doors.run(run.id) as stream:
        assert stream.status == 200
        assert stream.headers["content-type"] == "text/event-stream"
        assert stream.headers["cache-control"] == "no-cache"
        assert stream.headers["x-accel-buffering"] == "no"
        assert "content-length" not in stream.headers


async def test_the_bytes_of_a_run_from_its_first_window_to_its_end(world, doors):
    run = await world.claim(await world.a_run())
    async with doors.run(run.id) as stream:
        await world.listened(run_channel(run.id))
        await world.record(run, a_segment(0, analysis={"note": "line\nbreaks \u2028 and \u0085 stay inside"}))
        (row,) = await world.segments(run.id)
        assert (
            await stream.block()
            == (
                "id: 0\n"
                f'data: {{"type":"segment","id":"{row["id"]}","analysis_id":"{run.id}","match_id":"{run.match_id}",'
                '"segment_index":0,"start_sec":0.0,"end_sec":60.0,"video_start_sec":0.0,'
                '"analysis_json":{"note":"line\\nbreaks \\u2028 and \\u0085 stay inside",'
                '"team_a":{},"team_a_tags":[],"team_b":{},"team_b_tags":[]},'
                '"recommendation":null,"severity_score":0.25,"severity_label":"LOW",'
                '"status":"SEGMENT_DONE","segment_status":"COMPLETED"}\n\n'
            ).encode()
        )
        await world.record(run, Progress(0.5, "Half"))
        assert (
            await stream.block()
            == (
                f'data: {{"type":"progress","analysis_id":"{run.id}","status":"PROCESSING","progress":0.5,'
                '"message":"Half"}\n\n'
            ).encode()
        )
        await world.bus.publish([fact(run_channel(run.id), "flow_analysis", {"type": "flow_analysis"})])
        assert await stream.block() == b'data: {"type":"flow_analysis"}\n\n'
        await _complete(world, run)
        assert await stream.block() == _done(run.id, "COMPLETED")
        assert await stream.is_over()


async def test_match_scope_names_the_run_in_its_ids(world, doors):
    run = await world.claim(await world.a_run())
    async with doors.match(world.match_id, app=1) as stream:
        await world.listened(match_channel(world.match_id))
        await world.record(run, a_segment(0))
        assert (await stream.block()).startswith(f'id: {run.id}:0\ndata: {{"type":"segment"'.encode())


async def test_silence_is_filled_with_comments(world):
    doors = Doors(world, keepalive_s=0.02)
    run = await world.claim(await world.a_run())
    async with doors.run(run.id) as stream:
        assert [await stream.block() for _ in range(3)] == [b": keepalive\n\n"] * 3
        await _complete(world, run)
        assert (await stream.all()).replace(b": keepalive\n\n", b"") == _done(run.id, "COMPLETED")


# --- who


async def test_a_stranger_gets_404_and_nobody_401_before_a_stream_opens(world, doors):
    run = await world.claim(await world.a_run())
    for app in (0, 1):
        for open_ in (lambda **who: doors.run(run.id, **who), lambda **who: doors.match(world.match_id, **who)):
            for by, status in (("theirs", 404), (None, 401), ("forged", 401)):
                async with open_(by=by, app=app) as answer:
                    assert answer.status == status
    async with doors.run("019ac000-0000-7000-8000-000000000000") as answer:
        assert answer.status == 404
    assert world.listeners == 0


async def test_a_stream_ends_when_its_listener_may_listen_no_more(world):
    doors = Doors(world, keepalive_s=0.02, check_every_s=0.0)
    run = await world.claim(await world.a_run())
    async with doors.run(run.id) as of_run, doors.match(world.match_id) as of_match:
        assert await of_run.block() == await of_match.block() == b": keepalive\n\n"
        assert await of_run.block() == await of_match.block() == b": keepalive\n\n"
        doors.authenticator.disabled.add(world.owner.user_id)
        for stream in (of_run, of_match):
            assert (await stream.all()).replace(b": keepalive\n\n", b"") == b""


async def test_a_browser_may_bring_its_token_in_the_query(world, doors):
    run_id = await world.a_run(status="COMPLETED")
    path = f"/api/analysis/{run_id}/segments/stream"
    async with LiveStream(doors.apps[0], path, query="access_token=ours") as stream:
        assert await stream.all() == _done(run_id, "COMPLETED")


async def test_an_adhoc_run_is_streamed_by_its_own_match_id(world, doors):
    run = await world.claim(await world.a_run(adhoc=True))
    await world.record(run, a_segment(0))
    async with doors.match(run.match_id) as stream:
        assert _ids(await stream.block()) == [f"{run.id}:0"]
    async with doors.match(run.match_id, by="theirs") as answer:
        assert answer.status == 404


# --- replay


async def test_a_late_listener_gets_the_same_windows_once_each(world, doors):
    run = await world.claim(await world.a_run())
    async with doors.run(run.id) as early:
        await world.listened(run_channel(run.id))
        await world.record(run, *(a_segment(i) for i in range(3)))
        async with doors.run(run.id) as late:
            await world.listened(run_channel(run.id), 2)
            await world.record(run, a_segment(3))
            await _complete(world, run)
            heard_early, heard_late = await early.all(), await late.all()
    assert _ids(heard_late) == ["0", "1", "2", "3"]
    live = [payload for payload in _payloads(heard_early) if payload["type"] != "flow_analysis"]
    assert _payloads(heard_late) == live


def _payloads(blocks: bytes) -> list[dict]:
    return [json.loads(line.removeprefix(b"data: ")) for line in blocks.split(b"\n") if line.startswith(b"data: ")]


async def test_a_window_in_replay_and_live_at_once_is_sent_once(world, doors):
    run = await world.claim(await world.a_run())
    async with doors.run(run.id) as stream:
        await world.listened(run_channel(run.id))
        await world.record(run, a_segment(0), a_segment(1))
        # The relay of another process tells the same facts again.
        repeats = [fact(row["channel"], "segment", json.loads(row["payload"])) for row in await world.facts("segment")]
        await world.bus.publish(repeats)
        await _complete(world, run)
        assert _ids(await stream.all()) == ["0", "1"]


async def test_a_second_attempt_sends_only_what_is_new(world, doors):
    first = await world.claim(await world.a_run())
    async with doors.run(first.id) as stream:
        await world.listened(run_channel(first.id))
        await world.record(first, a_segment(0), a_segment(1))
        second = await world.claim(first.id)
        await world.record(second, a_segment(0), a_segment(1), a_segment(2))
        await _complete(world, second)
        assert _ids(await stream.all()) == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("last", "replayed"),
    [
        ("1", ["2", "3"]),
        ("3", []),
        ("nonsense", ["0", "1", "2", "3"]),
        ("-5", ["0", "1", "2", "3"]),
        ("9" * 30, ["0", "1", "2", "3"]),
    ],
)
async def test_a_returning_listener_gets_what_it_missed(world, doors, last, replayed):
    run = await world.claim(await world.a_run())
    await world.record(run, *(a_segment(i) for i in range(4)))
    await _complete(world, run)
    async with doors.run(run.id, last=last) as stream:
        assert _ids(await stream.all()) == replayed


async def test_long_replays_are_read_in_pages(world, doors, monkeypatch):
    monkeypatch.setattr("touchline.features.analysis.listeners.REPLAY_PAGE", 2)
    run = await world.claim(await world.a_run())
    await world.record(run, *(a_segment(i) for i in range(5)))
    await _complete(world, run)
    async with doors.run(run.id) as stream:
        assert _ids(await stream.all()) == ["0", "1", "2", "3", "4"]


async def test_a_window_whose_fact_was_lost_comes_with_the_next_one_in_order(world, doors):
    run = await world.claim(await world.a_run())
    async with doors.run(run.id) as stream:
        await world.listened(run_channel(run.id))
        await world.record(run, a_segment(0))
        deaf = World(world.database, world.root, clock=world.clock, bus=world.deaf_announcer.bus)
        await deaf.record(run, a_segment(1))
        await world.record(run, a_segment(2))
        await deaf.record(run, a_segment(3))
        await _complete(world, run)
        assert _ids(await stream.all()) == ["0", "1", "2", "3"]


async def test_a_lost_end_is_noticed_in_the_silence(world):
    doors = Doors(world, keepalive_s=0.02)
    run = await world.claim(await world.a_run())
    async with doors.run(run.id) as of_run, doors.match(world.match_id) as of_match:
        assert await of_run.block() == await of_match.block() == b": keepalive\n\n"
        deaf = World(world.database, world.root, clock=world.clock, bus=world.deaf_announcer.bus)
        await deaf.record(run, a_segment(0))
        await _complete(deaf, run)
        assert _ids(await of_run.all()) == ["0"]
        assert _ids(await of_match.all()) == [f"{run.id}:0"]


async def test_streams_go_on_by_looking_while_the_bus_is_away(world, monkeypatch):
    monkeypatch.setattr("touchline.features.analysis.stream.LOOK_EVERY_S", 0.01)
    alone = World(world.database, world.root, clock=world.clock, bus=world.deaf_announcer.bus)
    alone.owner, alone.stranger = world.owner, world.stranger
    run = await world.claim(await world.a_run())
    async with Doors(alone).run(run.id) as stream:
        await alone.record(run, a_segment(0))
        assert _ids(await stream.block()) == ["0"]
        await _complete(alone, run)
        assert await stream.all() == _done(run.id, "COMPLETED")


async def test_facts_that_are_not_for_a_stream_do_not_count_as_a_sign_of_life(world):
    doors = Doors(world, keepalive_s=0.05)
    await world.claim(await world.a_run())
    async with doors.match(world.match_id) as stream:
        await world.listened(match_channel(world.match_id))

        async def chatter() -> None:
            while True:
                await world.bus.publish([fact(match_channel(world.match_id), "alert", {})])
                await asyncio.sleep(0.005)

        talking = asyncio.create_task(chatter())
        assert await stream.block() == b": keepalive\n\n"
        talking.cancel()


async def test_streams_end_without_a_last_word_when_their_server_stops(world, doors):
    run = await world.claim(await world.a_run())
    async with doors.run(run.id) as stream, doors.match(world.match_id) as other:
        await world.listened(run_channel(run.id))
        await world.listened(match_channel(world.match_id))
        world.bus.end_listeners()
        assert await stream.all() == await other.all() == b""


# --- ends


@pytest.mark.parametrize(
    ("how", "status", "reason"),
    [
        ("complete", "COMPLETED", None),
        ("fail", "FAILED", "error"),
        ("cancel", "FAILED", "cancelled"),
        ("end_as_stale", "FAILED", "stale"),
        ("delete", "FAILED", "cancelled"),
    ],
)
async def test_every_end_closes_streams_live_and_at_connect(world, doors, how, status, reason):
    run = await world.claim(await world.a_run())
    await world.record(run, a_segment(0))
    async with doors.run(run.id) as of_run, doors.match(world.match_id) as of_match:
        assert _ids(await of_run.block()) == ["0"]
        assert _ids(await of_match.block()) == [f"{run.id}:0"]
        if how == "complete":
            await _complete(world, run)
        elif how == "fail":
            async with world.announcer.unit() as unit:
                unit.tell(
                    await lifecycle.fail(unit.db, run, message="x", reactions=AlertReactions(), now=world.clock.now())
                )
        else:
            await getattr(world, how)(run.id)
        assert await of_run.all() == await of_match.all() == _done(run.id, status, reason)
    if how != "delete":
        async with doors.run(run.id) as late:
            heard = await late.all()
        assert _ids(heard) == ["0"]
        assert heard.endswith(_done(run.id, status, reason))
    assert world.listeners == 0


async def test_match_scope_waits_for_the_next_run_when_none_is_active(world, doors):
    over = await world.claim(await world.a_run())
    await world.record(over, a_segment(0))
    await _complete(world, over)
    async with doors.match(world.match_id) as stream:
        assert _ids(await stream.block()) == [f"{over.id}:0"]
        world.clock.pass_time(minutes=1)
        following = await world.claim(await world.a_run())
        await world.record(following, a_segment(0))
        assert _ids(await stream.block()) == [f"{following.id}:0"]
        await _complete(world, following)
        assert await stream.all() == _done(following.id, "COMPLETED")


async def test_match_scope_ends_with_the_last_active_run(world, doors):
    first = await world.claim(await world.a_run(part="first"))
    world.clock.pass_time(minutes=1)
    second = await world.claim(await world.a_run(part="second"))
    await world.record(first, a_segment(0))
    await world.record(second, a_segment(0))
    async with doors.match(world.match_id) as stream:
        await world.listened(match_channel(world.match_id))
        assert _ids(await stream.block()) == [f"{second.id}:0"]  # the newest run is the one that is replayed
        await _complete(world, second)
        await world.record(first, a_segment(1))
        await _complete(world, first)
        heard = await stream.all()
    assert _ids(heard) == [f"{first.id}:1"]
    assert heard.endswith(_done(first.id, "COMPLETED"))


async def test_a_listener_of_a_match_that_returns_gets_the_rest_of_its_run_and_then_the_newest(world, doors):
    first = await world.claim(await world.a_run(part="first"))
    await world.record(first, *(a_segment(i) for i in range(3)))
    await _complete(world, first)
    world.clock.pass_time(minutes=1)
    second = await world.claim(await world.a_run(part="second"))
    await world.record(second, a_segment(0))
    async with doors.match(world.match_id, last=f"{first.id}:1") as stream:
        await _complete(world, second)
        assert _ids(await stream.all()) == [f"{first.id}:2", f"{second.id}:0"]


# --- slow, gone, idle


async def test_a_slow_listener_is_dropped_and_gets_the_rest_when_it_returns(world):
    doors = Doors(world, backlog=10)
    run = await world.claim(await world.a_run())
    async with doors.run(run.id) as stream:
        await world.listened(run_channel(run.id))
        await world.record(run, a_segment(0))
        assert _ids(await stream.block()) == ["0"]
        stream.hold()
        await world.record(run, *(a_segment(i) for i in range(1, 20)))
        stream.reading.set()
        heard = await stream.all()
        got = _ids(heard)
        assert b"event: done" not in heard
        assert len(got) < 19
    assert world.listeners == 0
    async with doors.run(run.id, last=(["0", *got])[-1]) as again:
        await _complete(world, run)
        assert [*got, *_ids(await again.all())] == [str(i) for i in range(1, 20)]


async def test_a_client_that_takes_nothing_any_more_is_given_up(world, doors, monkeypatch):
    monkeypatch.setattr("touchline.features.analysis.stream.STUCK_AFTER_S", 0.05)
    run = await world.claim(await world.a_run())
    async with doors.run(run.id) as stream:
        await world.listened(run_channel(run.id))
        stream.hold()
        await world.record(run, a_segment(0))
        await stream.given_up()
        assert world.listeners == 0


async def test_a_listener_that_goes_leaves_nothing_behind(world, doors):
    run = await world.claim(await world.a_run())
    async with doors.run(run.id) as stream:
        await world.listened(run_channel(run.id))
        await stream.leave()
        assert world.listeners == 0


async def test_an_idle_stream_holds_no_connection_to_the_database(world, doors):
    run = await world.claim(await world.a_run())
    async with doors.run(run.id) as of_run, doors.match(world.match_id) as of_match:
        await world.listened(run_channel(run.id))
        await world.listened(match_channel(world.match_id))
        await world.record(run, Progress(0.5, "Half"))
        await of_run.block()
        await of_match.block()
        assert world.database.engine.pool.checkedout() == 0


async def test_frames_are_made_once_for_all_listeners(world, doors):
    run = await world.claim(await world.a_run())
    event = fact(run_channel(run.id), "progress", {"type": "progress", "analysis_id": run.id})
    async with doors.run(run.id) as one, doors.run(run.id) as other:
        await world.listened(run_channel(run.id), 2)
        await world.bus.publish([event])
        assert await one.block() == await other.block()
    assert list(event.shared) == ["payload", "sse"]


async def test_listeners_that_go_in_the_middle_of_a_replay_leave_the_database_in_order(world, doors):
    run = await world.claim(await world.a_run())
    await world.record(run, a_segment(0))
    others = asyncio.all_tasks()
    for patience in range(30):
        async with doors.run(run.id) as stream:
            for _ in range(patience):
                await asyncio.sleep(0)
            await stream.leave()
    assert world.database.engine.pool.checkedout() == 0
    assert asyncio.all_tasks() == others
    assert world.listeners == 0
