"""The flow of the game reaches listeners after every third window, once, whatever happens to the worker (rules 8.1, 8.5)."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select, update

from live import LiveSocket, LiveStream
from run_world import PretendAuthenticator, World, a_segment, an_alert, an_app
from touchline.features.alerts.routes import alerts_router
from touchline.features.alerts.stream import AlertSockets
from touchline.features.alerts.tables import tactical_alerts
from touchline.features.analysis.events import match_channel, run_channel
from touchline.features.analysis.stream import SegmentStreams
from touchline.features.analysis.stream_routes import stream_router
from touchline.foundation.db import Database
from touchline.foundation.events import fact, outbox

pytestmark = pytest.mark.anyio

KEYS = ["type", "analysis_id", "match_id", "analysis", "momentum", "warning", "recommendation", "confidence"]
KEYS += ["segment_range"]
OURS = {"headers": {"Authorization": "Bearer ours"}}


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> World:
    return await World(database, tmp_path / "data").populate()


def _window(number: int, ahead: float = 1.0, **changes):
    """A window in which team A is so many times better than team B."""
    a, b = (
        {"threat": 0.1 * n, "territory": 52.5 + 10 * n, "possession": 50 + 20 * n, "regains": n}
        for n in (ahead, -ahead)
    )
    score = {"team_a": {"value": 0.9}, "team_b": {"value": 0.9}}
    analysis = {"flow_terms": {"team_a": a, "team_b": b}, "quality": {"score": score}, "possession_team_a_pct": 70.0}
    return a_segment(number, analysis=analysis, **changes)


async def _told(world: World, channel: str = "match:") -> list[dict]:
    return [json.loads(row["payload"]) for row in await world.facts("flow_analysis", channel=channel)]


async def _ranges(world: World, channel: str = "match:") -> list[list[int]]:
    return [message["segment_range"] for message in await _told(world, channel)]


async def test_one_message_after_every_third_window_and_none_for_the_rest(world):
    run = await world.claim(await world.a_run())
    await world.record(run, *(_window(i) for i in range(8)))
    assert await _ranges(world) == [[0, 2], [3, 5]]
    assert await _told(world, "run:") == await _told(world)
    first = (await _told(world))[0]
    assert list(first) == KEYS
    assert (first["analysis_id"], first["match_id"]) == (run.id, world.match_id)
    assert first["momentum"] == "Team A dominant"
    assert first["analysis"].startswith(
        "Team A 70% – Team B 30% of the ball over 3 windows; Team A had the upper hand."
    )


async def test_each_run_counts_its_own_windows(world):
    runs = [await world.claim(await world.a_run(adhoc=adhoc)) for adhoc in (False, True)]
    for number in range(3):
        for run in runs:
            await world.record(run, _window(number))
    told = await _told(world)
    assert [(message["analysis_id"], message["segment_range"]) for message in told] == [
        (run.id, [0, 2]) for run in runs
    ]


async def test_a_shift_is_told_against_the_three_windows_before(world):
    run = await world.claim(await world.a_run())
    await world.record(run, *(_window(i) for i in range(3)), *(_window(i, -1.0) for i in range(3, 6)))
    assert [message["momentum"] for message in await _told(world)] == ["Team A dominant", "Shifting"]


async def test_windows_in_another_order_count_as_they_arrive(world):
    run = await world.claim(await world.a_run())
    for number in (1, 0, 2, 5, 4, 3):
        world.clock.pass_time(seconds=1)
        await world.record(run, _window(number))
    assert await _ranges(world) == [[0, 2], [3, 5]]


async def test_another_attempt_tells_nothing_twice_and_goes_on_where_the_first_one_broke_off(world):
    run_id = await world.a_run()
    await world.record(await world.claim(run_id), *(_window(i) for i in range(4)))
    second = await world.claim(run_id)
    await world.record(second, *(_window(i) for i in range(5)))
    assert await _ranges(world) == [[0, 2]]
    await world.record(second, _window(5))
    assert await _ranges(world) == [[0, 2], [3, 5]]


async def test_a_window_that_is_corrected_tells_nothing(world):
    run = await world.claim(await world.a_run())
    await world.record(run, *(_window(i) for i in range(3)), _window(2, 2.0), _window(0, 2.0))
    assert await _ranges(world) == [[0, 2]]


@pytest.mark.parametrize("analysis", [{}, {"flow_terms": "odd", "risk": [1], "quality": 3}])
async def test_an_engine_that_says_nothing_of_it_gets_a_message_without_claims(world, analysis):
    run = await world.claim(await world.a_run())
    await world.record(run, *(a_segment(i, analysis=analysis) for i in range(3)))
    (message,) = await _told(world)
    assert (message["momentum"], message["confidence"], message["warning"]) == ("Stable", 0, "None")
    assert len(await world.segments(run.id)) == 3


async def test_a_message_that_cannot_be_made_costs_no_window(world, monkeypatch):
    def breaks(story):
        raise ZeroDivisionError

    monkeypatch.setattr("touchline.features.alerts.flow_reaction.flow_message", breaks)
    run = await world.claim(await world.a_run())
    await world.record(run, *(_window(i) for i in range(3)))
    assert len(await world.segments(run.id)) == 3
    assert await _told(world) == []


async def test_a_run_speaks_its_language_and_of_its_team(world):
    risk = {"r": 0.9, "w": 0.7, "metric": "threat_against", "value": 0.2, "norm": 0.05}
    analysis = {"risk": {"team_a": {"threat": risk | {"r": 0.6}}, "team_b": {"threat": risk}}}
    run = await world.claim(await world.a_run(options={"language": "fr", "target_team": "Team A"}))
    await world.record(run, *(a_segment(i, analysis=analysis) for i in range(3)))
    (message,) = await _told(world)
    assert message["recommendation"].startswith("Équipe A : danger concédé 0,20.")
    assert "Risque élevé pour Équipe B" in message["analysis"]


async def test_the_most_severe_open_alert_is_the_warning(world):
    run = await world.claim(await world.a_run())
    await world.record(
        run,
        an_alert("a1", severity_score=0.9, severity_label="CRITICAL", status="RESOLVED"),
        an_alert(
            "a2", severity_score=0.6, severity_label="HIGH", context={"headline": "Ligne basse", "focus_team": "B"}
        ),
        an_alert("a3"),
        *(_window(i) for i in range(3)),
    )
    (message,) = await _told(world)
    assert message["warning"] == "Ligne basse (Team B, risk high)"


async def test_the_newest_alert_of_a_run_carries_the_latest_flow(world):
    run = await world.claim(await world.a_run())

    async def carried() -> dict[str, list[int] | None]:
        async with world.database.begin() as db:
            rows = (await db.execute(select(tactical_alerts))).mappings().all()
        flows = {row["alert_id"]: row["context"].get("flow_analysis") for row in rows}
        return {name: flow and flow["segment_range"] for name, flow in flows.items()}

    await world.record(run, an_alert("a1"))
    await world.record(run, *(_window(i) for i in range(3)))
    assert await carried() == {"a1": [0, 2]}
    await world.record(run, an_alert("a1", status="MONITORING"))  # an update keeps it
    world.clock.pass_time(seconds=1)
    await world.record(run, an_alert("a2"))
    await world.record(run, *(_window(i) for i in range(3, 6)))
    assert await carried() == {"a1": [0, 2], "a2": [3, 5]}
    pushed = json.loads((await world.facts("alert", channel="match:"))[-1]["payload"])
    assert pushed["flow_analysis"]["segment_range"] == [0, 2]


async def test_streams_and_sockets_hear_each_message_once_even_when_it_is_published_again(world):
    authenticator = PretendAuthenticator({"ours": world.owner})
    sockets = AlertSockets(world.database, world.bus, world.clock, authenticator)
    app = an_app(
        "classic",
        [alerts_router, stream_router],
        world,
        authenticator,
        sockets,
        SegmentStreams(world.database, world.bus),
    )
    run = await world.claim(await world.a_run())
    streams = (f"/api/analysis/{run.id}/segments/stream", f"/api/matches/{run.match_id}/segments/stream")
    async with (
        LiveSocket(app, f"/ws/alerts/{run.match_id}", **OURS) as socket,
        LiveStream(app, streams[0], headers=OURS["headers"]) as of_run,
        LiveStream(app, streams[1], headers=OURS["headers"]) as of_match,
    ):
        await world.listened(run_channel(run.id))
        await world.listened(match_channel(run.match_id), 2)
        await world.record(run, *(_window(i) for i in range(3)))
        async with world.database.begin() as db:  # as if the publisher had died before it could note that it was done
            await db.execute(update(outbox).values(published=False))
        world.clock.pass_time(seconds=10)
        assert await world.announcer.relay() > 0
        await world.record(run, an_alert("end"))
        await world.announcer.pass_on(
            fact(channel, "progress", {"type": "progress", "analysis_id": run.id})
            for channel in (run_channel(run.id), match_channel(run.match_id))
        )
        frames = [json.loads(await socket.text()) for _ in range(2)]
        heard = []
        for stream in (of_run, of_match):
            blocks = [await stream.block() for _ in range(5)]
            heard.append([json.loads(block.split(b"data: ", 1)[1])["type"] for block in blocks])
    assert [frame.get("type", frame.get("alert_id")) for frame in frames] == ["flow_analysis", "end"]
    assert frames[0]["segment_range"] == [0, 2]
    assert heard == [["segment"] * 3 + ["flow_analysis", "progress"]] * 2
