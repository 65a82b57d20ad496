"""The assistant's desk in houses on each database."""

import pytest

from assistant_desk import Desk
from houses import House


@pytest.fixture
def desk(house: House) -> Desk:
    """On each kind of database in turn, without a model."""
    return Desk(house)


@pytest.fixture
def small_desk(small_house: House) -> Desk:
    """On SQLite, without a model."""
    return Desk(small_house)
