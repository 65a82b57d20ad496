"""The alerts' socket: who may watch, what is pushed, and when it is closed (realtime 2)."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from live import LiveSocket
from run_world import PretendAuthenticator, World, an_alert, an_app
from touchline.features.alerts import queries
from touchline.features.alerts.routes import alerts_router
from touchline.features.alerts.stream import AlertSockets
from touchline.features.analysis.events import match_channel
from touchline.foundation.db import Database
from touchline.foundation.events import fact

pytestmark = pytest.mark.anyio


class Door:
    def __init__(self, world: World, **settings) -> None:
        self.world = world
        self.authenticator = PretendAuthenticator({"ours": world.owner, "theirs": world.stranger})
        sockets = AlertSockets(world.database, world.bus, world.clock, self.authenticator, **settings)
        self.app = an_app("classic", [alerts_router], world, self.authenticator, sockets)

    def open(self, *, match_id: str | None = None, **credentials) -> LiveSocket:
        return LiveSocket(self.app, f"/ws/alerts/{match_id or self.world.match_id}", **credentials)


HEADER = {"headers": {"Authorization": "Bearer ours"}}


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> World:
    return await World(database, tmp_path / "data").populate()


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)


# --- who


@pytest.mark.parametrize(
    ("credentials", "subprotocol"),
    [
        (HEADER, None),
        ({"query": "access_token=ours"}, None),
        ({"query": "token=ours"}, None),
        ({"subprotocols": ("bearer", "ours")}, "bearer"),
    ],
)
async def test_a_token_opens_the_socket_wherever_it_is_brought(door, credentials, subprotocol):
    async with door.open(**credentials) as socket:
        assert socket.accepted
        assert socket.subprotocol == subprotocol


@pytest.mark.parametrize(
    ("credentials", "code"),
    [
        ({}, 4401),
        ({"query": "token=forged"}, 4401),
        ({"subprotocols": ("bearer",)}, 4401),
        ({"query": "token=theirs"}, 4404),
        ({"headers": {"Authorization": "Bearer theirs"}, "query": "token=ours"}, 4404),  # the header decides
    ],
)
async def test_others_are_refused_at_the_handshake(world, door, credentials, code):
    async with door.open(**credentials) as socket:
        assert not socket.accepted
        assert socket.code == code
    assert world.listeners == 0


async def test_a_disabled_account_is_refused(world, door):
    door.authenticator.disabled.add(world.owner.user_id)
    async with door.open(**HEADER) as socket:
        assert socket.code == 4401


async def test_an_unknown_match_is_out_of_scope(door):
    async with door.open(match_id="no-such-match", **HEADER) as socket:
        assert socket.code == 4404


# --- grants


async def _grant(world: World, address: str) -> None:
    async with world.database.begin() as db:
        now = world.clock.now()
        await queries.record_grant(
            db,
            address=address,
            match_id=world.match_id,
            user_id=world.owner.user_id,
            now=now,
            until=now + timedelta(seconds=60),
        )


async def test_a_grant_lets_its_address_in_for_its_match_and_time_only(world):
    door = Door(world, grants_are_on=True)
    await _grant(world, "10.0.0.9")
    other_match = await world.a_match(world.owner)
    async with door.open(address="10.0.0.9") as socket:
        assert socket.accepted
    for refused in (
        door.open(address="10.0.0.8"),
        door.open(address="10.0.0.9", match_id=other_match),
        door.open(address="10.0.0.9", query="token=forged"),
    ):
        async with refused as socket:
            assert not socket.accepted
    world.clock.pass_time(seconds=60)
    async with door.open(address="10.0.0.9") as socket:
        assert not socket.accepted


async def test_a_grant_counts_for_nothing_where_grants_are_off(world, door):
    await _grant(world, "10.0.0.9")
    async with door.open(address="10.0.0.9") as socket:
        assert not socket.accepted


# --- what is pushed


async def test_alerts_and_flow_are_pushed_and_nothing_else(world, door):
    run = await world.claim(await world.a_run())
    await world.record(run, an_alert("before"))
    async with door.open(**HEADER) as socket:
        await world.record(run, an_alert("a1"))
        await world.bus.publish(
            [
                fact(match_channel(world.match_id), "segment", {"type": "segment"}),
                fact(match_channel(world.match_id), "done", {"type": "done"}),
                fact(match_channel(world.match_id), "flow_analysis", {"type": "flow_analysis", "momentum": "Stable"}),
            ]
        )
        await world.record(run, an_alert("a1", status="RESOLVED"))
        frames = [json.loads(await socket.text()) for _ in range(3)]
        assert socket.is_quiet
    assert [frame.get("alert_id", frame.get("type")) for frame in frames] == ["a1", "flow_analysis", "a1"]
    assert "type" not in frames[0]
    assert frames[2]["status"] == "RESOLVED"


async def test_alerts_of_another_match_are_not_pushed(world, door):
    other = await world.claim(await world.a_run(adhoc=True))
    run = await world.claim(await world.a_run())
    async with door.open(**HEADER) as socket:
        await world.record(other, an_alert("elsewhere"))
        await world.record(run, an_alert("here"))
        assert json.loads(await socket.text())["alert_id"] == "here"


async def test_what_a_client_says_is_ignored_until_it_says_too_much(world, door):
    run = await world.claim(await world.a_run())
    async with door.open(**HEADER) as socket:
        socket.send("hello")
        socket.send("x" * 4096)
        await world.record(run, an_alert("a1"))
        assert json.loads(await socket.text())["alert_id"] == "a1"
        socket.send("x" * 4097)
        assert await socket.closed() == 1009
    assert world.listeners == 0


async def test_a_client_that_goes_leaves_nothing_behind(world, door):
    async with door.open(**HEADER) as socket:
        assert socket.accepted
        assert world.listeners == 1
    assert world.listeners == 0


async def test_a_listener_that_falls_behind_is_sent_away(world):
    door = Door(world, backlog=1)
    channel = match_channel(world.match_id)
    async with door.open(**HEADER) as socket:
        await world.bus.publish([fact(channel, "alert", {"alert_id": str(i)}) for i in range(5)])
        code = await socket.closed() if socket.is_quiet else None
        while code is None:
            message = await socket._next()
            code = message.get("code")
        assert code == 1013


async def test_a_socket_is_asked_to_come_back_while_the_bus_is_away_or_the_server_stops(world, door):
    async with door.open(**HEADER) as socket:
        assert socket.accepted
        world.bus.end_listeners()
        assert await socket.closed() == 1013
    alone = World(world.database, world.root, clock=world.clock, bus=world.deaf_announcer.bus)
    alone.owner, alone.stranger, alone.match_id = world.owner, world.stranger, world.match_id
    async with Door(alone).open(**HEADER) as socket:
        assert socket.accepted
        assert await socket.closed() == 1013


# --- access is looked at again


@pytest.mark.parametrize("grants_are_on", [False, True])
async def test_a_watcher_who_was_disabled_is_sent_away(world, grants_are_on):
    door = Door(world, grants_are_on=grants_are_on, check_every_s=0.02)
    await _grant(world, "127.0.0.1")
    async with door.open(**({} if grants_are_on else HEADER)) as socket:
        assert socket.accepted
        door.authenticator.disabled.add(world.owner.user_id)
        assert await socket.closed() == 4401


async def test_a_watcher_who_lost_the_match_is_sent_away(world):
    door = Door(world, check_every_s=0.02)
    async with door.open(**HEADER) as socket:
        assert socket.accepted
        door.authenticator.people["ours"] = world.stranger
        assert await socket.closed() == 4404
