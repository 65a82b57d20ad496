"""Fixtures for all tests; those about databases and apps stand in `databases` and `houses`."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

pytest_plugins = ("databases", "houses")


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """Logs as short lines on whatever is standard output now; a test that sets up logs does so for itself only.

    Unconfigured, structlog draws exceptions with all local values, which takes seconds each.
    """
    handlers = logging.getLogger().handlers[:]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.PrintLoggerFactory(),
    )
    yield
    logging.getLogger().handlers[:] = handlers


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def footage() -> Path:
    """A folder with `footage/`, `models/` and `tracking/`: real pictures, never part of the repository."""
    given = os.environ.get("TOUCHLINE_TEST_FOOTAGE")
    folder = Path(given) if given else Path(__file__).resolve().parents[2] / "shared"
    if not (folder / "footage").is_dir():
        pytest.skip("no real footage: TOUCHLINE_TEST_FOOTAGE is not set")
    return folder
