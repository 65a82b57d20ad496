import os

import pytest


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def redis_url() -> str:
    """Address of a Redis for tests; skips when none is given."""
    url = os.environ.get("TOUCHLINE_TEST_REDIS_URL")
    if not url:
        pytest.skip("no Redis: TOUCHLINE_TEST_REDIS_URL is not set")
    return url
