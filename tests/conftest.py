"""Fixtures for all tests; those about databases and apps stand in `databases` and `houses`."""

import os
from pathlib import Path

import pytest

pytest_plugins = ("databases", "houses")


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
