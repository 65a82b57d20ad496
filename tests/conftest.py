"""Fixtures for all tests; those about databases and apps stand in `databases` and `houses`."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

pytest_plugins = ("databases", "houses")


LONG = ("tests/journeys/", "tests/docs/test_curl_page.py", "tests/examples/", "tests/engine/synthetic/")
"""Tests that run whole videos or whole houses."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests come first, dealt out over both halves: the workers of `-n 2` begin with one half each."""
    root = Path(__file__).resolve().parent.parent
    files: dict[Path, list[pytest.Item]] = {}
    short: list[pytest.Item] = []
    for item in items:
        is_long = item.path.relative_to(root).as_posix().startswith(LONG)
        (files.setdefault(item.path, []) if is_long else short).append(item)
    groups = list(files.values())
    first = [item for group in groups[::2] for item in group]
    second = [item for group in groups[1::2] for item in group]
    cut = len(items) // 2 - len(first)
    items[:] = [*first, *short[: max(cut, 0)], *second, *short[max(cut, 0) :]]


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
