"""Counting attempts: one contract for memory and Redis."""

import os
import uuid

import pytest
from limits.aio.storage import MemoryStorage, RedisStorage

from touchline.adapters.rate_limits import WindowLimiter, limiter_from
from touchline.features.identity.ports import NoLimits
from touchline.foundation.settings import Settings

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["memory", "redis"])
async def limiter(request):
    if request.param == "memory":
        yield WindowLimiter(MemoryStorage())
        return
    url = os.environ.get("TOUCHLINE_TEST_REDIS_URL")
    if not url:
        pytest.skip("no Redis: TOUCHLINE_TEST_REDIS_URL is not set")
    storage = RedisStorage(
        f"async+{url}", implementation="redispy", wrap_exceptions=True, key_prefix=f"test-{uuid.uuid4().hex}"
    )
    yield WindowLimiter(storage)
    await storage.reset()
    await storage.bridge.storage.aclose()


async def test_a_key_waits_once_it_is_used_up(limiter):
    for _ in range(2):
        assert await limiter.wait_s("a", limit=2, per_s=60) is None
        await limiter.count("a", limit=2, per_s=60)
    wait_s = await limiter.wait_s("a", limit=2, per_s=60)
    assert wait_s is not None
    assert 1 <= wait_s <= 61


async def test_keys_do_not_know_each_other(limiter):
    await limiter.count("a", limit=1, per_s=60)
    assert await limiter.wait_s("a", limit=1, per_s=60) is not None
    assert await limiter.wait_s("b", limit=1, per_s=60) is None


async def test_a_forgotten_key_starts_over(limiter):
    await limiter.count("a", limit=1, per_s=60)
    await limiter.forget("a", limit=1, per_s=60)
    assert await limiter.wait_s("a", limit=1, per_s=60) is None


async def test_a_store_that_is_away_holds_nobody_up(capsys):
    settings = Settings(_env_file=None, redis_url="redis://127.0.0.1:1/0")
    limiter = limiter_from(settings, is_loopback=True)
    await limiter.count("a", limit=1, per_s=60)
    assert await limiter.wait_s("a", limit=1, per_s=60) is None
    await limiter.forget("a", limit=1, per_s=60)
    assert "limits.store_unavailable" in capsys.readouterr().out


def test_limits_are_lifted_on_loopback_only():
    settings = Settings(_env_file=None, rate_limits="off")
    assert isinstance(limiter_from(settings, is_loopback=True), NoLimits)
    assert isinstance(limiter_from(settings, is_loopback=False), WindowLimiter)
    assert isinstance(limiter_from(Settings(_env_file=None), is_loopback=True), WindowLimiter)
