"""What every JobQueue promises, in memory and over Redis."""

import asyncio
import logging
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from contracts import hanging_worker
from contracts.proxy import Line
from contracts.waiting import until
from touchline.adapters.queue_docket import DocketQueue
from touchline.foundation.jobs import Handler, JobQueue, QueueUnavailableError

pytestmark = pytest.mark.anyio

Connect = Callable[..., JobQueue]


@pytest.fixture(params=["memory", "redis"])
async def connect(request: pytest.FixtureRequest) -> AsyncIterator[Connect]:
    """Make a queue of the same installation, each as another process would."""
    name, made = f"test-{uuid.uuid4().hex}", []
    url = f"memory://{name}" if request.param == "memory" else request.getfixturevalue("redis_url")

    def another(lease_s: float = 60) -> JobQueue:
        made.append(DocketQueue(url, lease_s=lease_s, name=name))
        return made[-1]

    yield another
    for queue in made:
        await queue.close()
    if request.param == "redis":
        await forget(url, name)


@pytest.fixture
async def name(redis_url: str) -> AsyncIterator[str]:
    made = f"test-{uuid.uuid4().hex}"
    yield made
    await forget(redis_url, made)


async def forget(url: str, name: str) -> None:
    async with Redis.from_url(url) as redis:
        keys = [key async for key in redis.scan_iter(f"{name}:*", count=1000)]
        if keys:
            await redis.delete(*keys)


@asynccontextmanager
async def serving(queue: JobQueue, handlers: Mapping[str, Handler], *, concurrency: int = 4) -> AsyncIterator[None]:
    worker = asyncio.create_task(queue.serve(handlers, concurrency=concurrency))
    try:
        yield
    finally:
        worker.cancel()
        await asyncio.wait({worker})
    assert worker.cancelled()


class Log:
    """Handlers that note what they were given."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.cancelled: list[str] = []
        self.go_on = asyncio.Event()
        self.most_at_once = 0

    async def note(self, row_id: str) -> None:
        self.begun.append(row_id)

    async def hold(self, row_id: str) -> None:
        self.begun.append(row_id)
        self.most_at_once = max(self.most_at_once, len(self.begun) - len(self.ended))
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.cancelled.append(row_id)
            raise
        self.ended.append(row_id)


async def test_a_job_is_carried_out_with_the_id_of_its_row(connect: Connect):
    log = Log()
    await connect().add("analysis", "r1")
    async with serving(connect(), {"analysis": log.note}):
        await until(lambda: log.begun == ["r1"])


async def test_jobs_of_several_kinds_find_their_handlers(connect: Connect):
    log, other = Log(), Log()
    queue = connect()
    async with serving(queue, {"analysis": log.note, "preview": other.note}):
        await queue.add("preview", "r1")
        await queue.add("analysis", "r1")
        await until(lambda: log.begun == other.begun == ["r1"])


async def test_a_key_that_is_queued_is_a_no_op(connect: Connect):
    log, queue = Log(), connect()
    for row_id in ("r1", "r1", "r2", "r1"):
        await queue.add("analysis", row_id)
    async with serving(queue, {"analysis": log.note}):
        await until(lambda: len(log.begun) >= 2)
        await queue.add("analysis", "last")
        await until(lambda: "last" in log.begun)
    assert sorted(log.begun) == ["last", "r1", "r2"]


async def test_a_key_that_is_running_is_a_no_op(connect: Connect):
    log, queue = Log(), connect()
    async with serving(queue, {"analysis": log.hold}):
        await queue.add("analysis", "r1")
        await until(lambda: log.begun == ["r1"])
        await connect().add("analysis", "r1")
        await queue.add("analysis", "r2")
        await until(lambda: "r2" in log.begun)
        log.go_on.set()
        await until(lambda: len(log.ended) == 2)
    assert log.begun == ["r1", "r2"]


async def test_a_finished_job_can_be_added_again(connect: Connect):
    log, queue = Log(), connect()
    log.go_on.set()
    async with serving(queue, {"analysis": log.hold}):
        for times in (1, 2, 3):
            async with asyncio.timeout(10):
                while len(log.ended) < times:  # the queue learns of the end a moment after the handler
                    await queue.add("analysis", "r1")
                    await asyncio.sleep(0.01)


async def test_no_more_jobs_run_at_a_time_than_allowed(connect: Connect):
    log, queue = Log(), connect()
    for n in range(6):
        await queue.add("analysis", f"r{n}")
    async with serving(queue, {"analysis": log.hold}, concurrency=2):
        await until(lambda: len(log.begun) == 2)
        log.go_on.set()
        await until(lambda: len(log.ended) == 6)
    assert log.most_at_once == 2


async def test_a_handler_that_raises_is_logged_and_dropped(connect: Connect, caplog: pytest.LogCaptureFixture):
    log, queue = Log(), connect()

    async def fail(row_id: str) -> None:
        await log.note(row_id)
        raise RuntimeError("no luck")

    async with serving(queue, {"broken": fail, "analysis": log.note}, concurrency=1):
        await queue.add("broken", "r1")
        await queue.add("analysis", "r2")
        await until(lambda: log.begun == ["r1", "r2"])
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert errors == ["jobs.failed job=broken row_id=r1"]


async def test_a_worker_that_is_stopped_gives_its_jobs_back_at_once(connect: Connect):
    log = Log()
    async with serving(connect(lease_s=600), {"analysis": log.hold}):
        await connect().add("analysis", "r1")
        await until(lambda: log.begun == ["r1"])
    assert log.cancelled == ["r1"]
    later = Log()
    later.go_on.set()
    async with serving(connect(lease_s=600), {"analysis": later.hold}):
        await until(lambda: later.ended == ["r1"])


async def test_a_job_that_is_longer_than_the_lease_runs_once(connect: Connect):
    log, lease_s = Log(), 0.4
    async with (
        serving(connect(lease_s), {"analysis": log.hold}),
        serving(connect(lease_s), {"analysis": log.hold}),
    ):
        await connect().add("analysis", "r1")
        await until(lambda: log.begun == ["r1"])
        asyncio.get_running_loop().call_later(4 * lease_s, log.go_on.set)
        await until(lambda: log.ended == ["r1"])
    assert log.begun == ["r1"]


async def test_a_closed_queue_refuses(connect: Connect):
    queue = connect()
    await queue.add("analysis", "r1")
    await queue.close()
    with pytest.raises(QueueUnavailableError):
        await queue.add("analysis", "r2")


async def test_nothing_is_printed(connect: Connect, capfd: pytest.CaptureFixture[str]):
    log, queue = Log(), connect()
    async with serving(queue, {"analysis": log.note}):
        await queue.add("analysis", "r1")
        await until(lambda: log.begun == ["r1"])
    assert capfd.readouterr() == ("", "")


# Over a network


async def test_a_worker_that_is_killed_loses_its_job_to_another_after_the_lease(redis_url: str, name: str):
    lease_s = 1.0
    doomed = await asyncio.create_subprocess_exec(
        sys.executable, hanging_worker.__file__, redis_url, name, str(lease_s), stdout=asyncio.subprocess.PIPE
    )
    queue, log = DocketQueue(redis_url, lease_s=lease_s, name=name), Log()
    await queue.add("analysis", "r1")
    assert doomed.stdout is not None
    async with asyncio.timeout(20):
        assert await doomed.stdout.readline() == b"started r1\n"
    doomed.kill()
    await doomed.wait()
    await queue.add("analysis", "r1")  # known, so it must not run twice either
    log.go_on.set()
    async with serving(queue, {"analysis": log.hold}):
        await until(lambda: log.ended)
    assert log.ended == ["r1"]
    await queue.close()


async def test_without_a_broker_adding_says_so_and_works_again_later(redis_url: str, name: str):
    line = Line(redis_url)
    await line.open()
    queue, log = DocketQueue(line.url, lease_s=60, name=name), Log()
    await line.cut()
    with pytest.raises(QueueUnavailableError):
        await queue.add("analysis", "r1")
    await line.open()
    async with serving(queue, {"analysis": log.note}):
        await queue.add("analysis", "r1")
        await until(lambda: log.begun == ["r1"])
    await queue.close()
    await line.cut()


async def test_a_worker_waits_an_outage_of_the_broker_out(redis_url: str, name: str):
    line = Line(redis_url)
    await line.open()
    # A job that was on the line when it was cut comes back after the lease, so the first may begin twice.
    near, far, log = DocketQueue(redis_url, lease_s=1, name=name), DocketQueue(line.url, lease_s=1, name=name), Log()
    async with serving(far, {"analysis": log.note}):
        await near.add("analysis", "r1")
        await until(lambda: log.begun == ["r1"])
        await line.cut()
        await near.add("analysis", "r2")
        await line.open()
        await until(lambda: "r2" in log.begun, limit_s=30)
    assert log.begun[0] == "r1"
    await near.close()
    await far.close()
    await line.cut()


async def test_a_long_job_goes_on_through_an_outage_and_its_worker_takes_new_ones(redis_url: str, name: str):
    line, lease_s = Line(redis_url), 1.0
    await line.open()
    near, far = DocketQueue(redis_url, lease_s=lease_s, name=name), DocketQueue(line.url, lease_s=lease_s, name=name)
    long, quick = Log(), Log()
    async with serving(far, {"analysis": long.hold, "quick": quick.note}):
        await near.add("analysis", "r1")
        await until(lambda: long.begun == ["r1"])
        await line.cut()
        await line.open()
        await near.add("quick", "r2")
        await until(lambda: quick.begun == ["r2"])
        # Its lease is renewed, so a rival worker does not get it.
        async with serving(near, {"analysis": long.hold}):
            asyncio.get_running_loop().call_later(3 * lease_s, long.go_on.set)
            await until(lambda: long.ended == ["r1"])
        assert long.begun == ["r1"]
        # The end was reported over the mended line: the key is free again.
        async with asyncio.timeout(10):
            while len(long.ended) < 2:
                await near.add("analysis", "r1")
                await asyncio.sleep(0.01)
    for queue in (near, far):
        await queue.close()
    await line.cut()


async def test_a_job_on_its_own_is_given_back_at_the_end_of_the_shift(redis_url: str, name: str):
    line = Line(redis_url)
    await line.open()
    near, far = DocketQueue(redis_url, lease_s=60, name=name), DocketQueue(line.url, lease_s=60, name=name)
    long, quick, later = Log(), Log(), Log()
    async with serving(far, {"analysis": long.hold, "quick": quick.note}):
        await near.add("analysis", "r1")
        await until(lambda: long.begun == ["r1"])
        await line.cut()
        await line.open()
        async with asyncio.timeout(20):
            while not quick.begun:  # one may still go to the dead line, where it waits for the lease
                await near.add("quick", uuid.uuid4().hex)
                await asyncio.sleep(0.05)
    assert long.cancelled == ["r1"]
    async with serving(near, {"analysis": later.note}):
        await until(lambda: later.begun == ["r1"])
    for queue in (near, far):
        await queue.close()
    await line.cut()
