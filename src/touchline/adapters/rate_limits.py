"""Counting attempts with `limits`: in memory for one process, in Redis for many."""

import time
from typing import Any

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError

from touchline.features.identity.ports import Limiter, NoLimits
from touchline.foundation.logs import get_logger
from touchline.foundation.settings import Settings

log = get_logger(__name__)


class WindowLimiter:
    """A moving window per key. When the shared store is away, nobody is held up: that is logged, not hidden."""

    def __init__(self, storage: Storage) -> None:
        self._window = MovingWindowRateLimiter(storage)
        self._storage: Any = storage

    async def wait_s(self, key: str, *, limit: int, per_s: int) -> int | None:
        item = RateLimitItemPerSecond(limit, per_s)
        try:
            if await self._window.test(item, key):
                return None
            stats = await self._window.get_window_stats(item, key)
        except StorageError as error:
            _store_is_away(error)
            return None
        return max(int(stats.reset_time - time.time()) + 1, 1)

    async def count(self, key: str, *, limit: int, per_s: int) -> bool:
        try:
            return await self._window.hit(RateLimitItemPerSecond(limit, per_s), key)
        except StorageError as error:
            _store_is_away(error)
            return True

    async def forget(self, key: str, *, limit: int, per_s: int) -> None:
        try:
            await self._window.clear(RateLimitItemPerSecond(limit, per_s), key)
        except StorageError as error:
            _store_is_away(error)


def limiter_from(settings: Settings, *, is_loopback: bool) -> Limiter:
    """The limiter that is set up; RATE_LIMITS=off counts only while bound to loopback."""
    if settings.rate_limits == "off":
        if is_loopback:
            return NoLimits()
        log.warning("limits.off_ignored", reason="RATE_LIMITS=off counts only while bound to loopback")
    if settings.redis_url is None:
        return WindowLimiter(MemoryStorage(wrap_exceptions=True))
    # The library's default wants another Redis client than the one that is installed.
    return WindowLimiter(
        RedisStorage(
            f"async+{settings.redis_url.get_secret_value()}",
            implementation="redispy",
            wrap_exceptions=True,
            key_prefix=f"{settings.redis_prefix}-limits",
        )
    )


def _store_is_away(error: StorageError) -> None:
    log.warning("limits.store_unavailable", error=type(error.storage_error).__name__)
