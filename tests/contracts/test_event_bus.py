"""What every EventBus promises, in one process and over Redis."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable

import pytest
from redis.asyncio import Redis

from contracts.proxy import Line
from touchline.adapters.bus_redis import RedisBus
from touchline.foundation.events import BusUnavailableError, EventBus, InProcessBus, ListenerTooSlowError, fact

pytestmark = pytest.mark.anyio

Connect = Callable[[], EventBus]


@pytest.fixture(params=["in process", "redis"])
async def connect(request: pytest.FixtureRequest) -> AsyncIterator[Connect]:
    """Make a bus of the same installation, each as another process would."""
    if request.param == "in process":
        one = InProcessBus()
        yield lambda: one
        return
    url, prefix, made = request.getfixturevalue("redis_url"), f"test-{uuid.uuid4().hex}", []

    def another() -> EventBus:
        made.append(RedisBus(url, prefix=prefix))
        return made[-1]

    yield another
    for bus in made:
        await bus.close()
    async with Redis.from_url(url) as redis:
        await redis.delete(f"{prefix}:events")


def segment(index: int, channel: str = "run:1"):
    return fact(channel, "segment", {"segment_index": index}, key=f"s{index}")


async def test_an_event_reaches_every_subscriber_of_its_channel_in_every_process(connect: Connect):
    near, far = connect(), connect()
    async with near.subscribe("run:1") as one, far.subscribe("run:1", "match:9") as two:
        await near.publish([segment(0)])
        await far.publish([segment(7, "match:9")])
        assert await one.get(5) == segment(0)
        assert [await two.get(5), await two.get(5)] == [segment(0), segment(7, "match:9")]


async def test_events_arrive_once_and_in_the_order_of_publishing(connect: Connect):
    bus = connect()
    async with bus.subscribe("run:1") as listener:
        await bus.publish(segment(n) for n in range(300))
        assert [await listener.get(5) for _ in range(300)] == [segment(n) for n in range(300)]
        assert await listener.get(0.05) is None


async def test_what_was_published_once_subscribing_is_done_arrives(connect: Connect):
    speaker, silent = connect(), connect()
    for n in range(20):
        async with silent.subscribe("run:1") as listener:
            await speaker.publish([segment(n)])
            assert await listener.get(5) == segment(n)


async def test_earlier_events_and_other_channels_do_not_arrive(connect: Connect):
    bus = connect()
    await bus.publish([segment(0)])
    async with connect().subscribe("run:1") as listener:
        await bus.publish([segment(1, "run:2"), segment(2)])
        assert await listener.get(5) == segment(2)


async def test_waiting_for_an_event_can_have_a_limit(connect: Connect):
    async with connect().subscribe("run:1") as listener:
        assert await listener.get(0.01) is None


async def test_a_listener_that_lags_behind_its_backlog_is_ended_and_others_are_not(connect: Connect):
    bus = connect()
    async with bus.subscribe("run:1", backlog=5) as slow, bus.subscribe("run:1") as quick:
        await bus.publish(segment(n) for n in range(10))
        assert [await quick.get(5) for _ in range(10)] == [segment(n) for n in range(10)]
        with pytest.raises(ListenerTooSlowError):
            await slow.get(5)


async def test_text_of_every_language_survives(connect: Connect):
    bus, told = connect(), fact("run:1", "progress", {"message": "تحليل – près 🙂"})
    async with bus.subscribe("run:1") as listener:
        await bus.publish([told])
        assert await listener.get(5) == told


async def test_listeners_of_one_process_share_the_encoded_bytes(connect: Connect):
    bus, made = connect(), []
    async with bus.subscribe("run:1") as one, bus.subscribe("run:1") as two:
        await bus.publish([segment(0)])
        for listener in (one, two):
            event = await listener.get(5)
            assert event is not None
            made.append(event.encoded("frame", lambda e: e.data.encode()))
    assert made[0] is made[1]


async def test_publishing_nothing_is_fine(connect: Connect):
    await connect().publish([])


# Over a network


@pytest.fixture
async def line(redis_url: str) -> AsyncIterator[Line]:
    made = Line(redis_url)
    await made.open()
    yield made
    await made.cut()


@pytest.fixture
async def prefix(redis_url: str) -> AsyncIterator[str]:
    name = f"test-{uuid.uuid4().hex}"
    yield name
    async with Redis.from_url(redis_url) as redis:
        await redis.delete(f"{name}:events")


async def test_a_cut_line_loses_no_event(redis_url: str, line: Line, prefix: str):
    near, far = RedisBus(redis_url, prefix=prefix), RedisBus(line.url, prefix=prefix)
    async with far.subscribe("run:1") as listener:
        await near.publish([segment(0)])
        assert await listener.get(5) == segment(0)
        await line.cut()
        await near.publish([segment(1)])
        with pytest.raises(BusUnavailableError):
            await far.publish([segment(9)])
        await line.open()
        await near.publish([segment(2)])
        assert [await listener.get(5), await listener.get(5)] == [segment(1), segment(2)]
    await near.close()
    await far.close()


async def test_listeners_are_ended_when_redis_has_forgotten_events(redis_url: str, line: Line, prefix: str):
    near, far = RedisBus(redis_url, prefix=prefix), RedisBus(line.url, prefix=prefix)
    async with far.subscribe("run:1") as listener:
        await near.publish([segment(0)])
        assert await listener.get(5) == segment(0)
        await line.cut()
        async with Redis.from_url(redis_url) as redis:
            await redis.delete(f"{prefix}:events")
        await line.open()
        with pytest.raises(ListenerTooSlowError):
            await listener.get(5)
    async with far.subscribe("run:1") as again:
        await near.publish([segment(1)])
        assert await again.get(5) == segment(1)
    await near.close()
    await far.close()


async def test_listeners_are_ended_when_they_were_away_for_longer_than_the_stream_keeps(
    redis_url: str, line: Line, prefix: str
):
    near, far = RedisBus(redis_url, prefix=prefix, keep=100), RedisBus(line.url, prefix=prefix, keep=100)
    async with far.subscribe("run:1") as listener:
        await near.publish([segment(0)])
        assert await listener.get(5) == segment(0)
        await line.cut()
        await near.publish(segment(n) for n in range(1000))
        await line.open()
        with pytest.raises(ListenerTooSlowError):
            await listener.get(5)
    await near.close()
    await far.close()


async def test_the_stream_stays_short(redis_url: str, prefix: str):
    bus = RedisBus(redis_url, prefix=prefix, keep=100)
    await bus.publish(segment(n) for n in range(2000))
    async with Redis.from_url(redis_url) as redis:
        assert await redis.xlen(f"{prefix}:events") < 300
    await bus.close()


async def test_one_process_reads_over_one_connection_however_many_listen(line: Line, prefix: str):
    bus = RedisBus(line.url, prefix=prefix)
    async with asyncio.TaskGroup() as group:
        for n in range(50):
            group.create_task(_listen_once(bus, f"run:{n}"))
    assert line.connections == 1
    await bus.close()


async def _listen_once(bus: RedisBus, channel: str) -> None:
    async with bus.subscribe(channel) as listener:
        await listener.get(0.01)


async def test_without_redis_subscribing_and_publishing_say_so(line: Line):
    await line.cut()
    bus = RedisBus(line.url)
    with pytest.raises(BusUnavailableError):
        await bus.publish([segment(0)])
    await bus.close()
    with pytest.raises(BusUnavailableError):
        async with bus.subscribe("run:1"):
            pass
