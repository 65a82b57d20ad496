"""The whole house for tests of the API as one thing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from whole import Whole, a_whole_house


@pytest.fixture
async def whole(sqlite_url: str, first_keys: Path, tmp_path: Path) -> AsyncIterator[Whole]:
    """Both applications on SQLite."""
    async with a_whole_house(sqlite_url, data=tmp_path / "data", first_keys=first_keys) as made:
        yield made


@pytest.fixture
async def whole_anywhere(database_url: str, first_keys: Path, tmp_path: Path) -> AsyncIterator[Whole]:
    """Both applications on each kind of database in turn."""
    async with a_whole_house(database_url, data=tmp_path / "data", first_keys=first_keys) as made:
        yield made
