"""Waiting on conditions, never on the clock."""

import asyncio
import time
from collections.abc import Callable


async def until(condition: Callable[[], object], *, limit_s: float = 30.0) -> None:
    """Return as soon as the condition holds; fail when it does not hold in time."""
    deadline_s = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > deadline_s:
            raise AssertionError(f"still not true after {limit_s:g} s: {getattr(condition, '__name__', condition)}")
        await asyncio.sleep(0.01)
