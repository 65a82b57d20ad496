"""The running applications serve what the contract lists, and nothing else without a reason."""

import pytest

from api.contract import BEYOND, ROUTES, WRITERS
from api.walk import doors, shape

pytestmark = pytest.mark.anyio

LETTER = {"classic": "K", "analysis": "A"}


def _listed() -> set[tuple[str, str, str]]:
    return {(app, row.method, shape(row.path)) for row in ROUTES for app in row.apps}


def test_the_list_is_as_long_as_the_contract_says():
    assert len({(row.method, shape(row.path)) for row in ROUTES}) == len(ROUTES)
    writes = {(row.method, shape(row.path)) for row in ROUTES if row.method in {"POST", "PUT", "DELETE"}}
    doors_of_strangers = {("POST", row.path) for row in ROUTES if row.section == "§2"}
    assert writes - doors_of_strangers == set(WRITERS) - set(BEYOND)


async def test_nothing_of_the_contract_is_missing(whole):
    served = {(LETTER[door.app], door.method, door.shape) for door in doors(whole.apps)}
    assert sorted(_listed() - served) == []


async def test_nothing_is_served_beside_it_without_a_reason(whole):
    served = {(LETTER[door.app], door.method, door.shape) for door in doors(whole.apps)}
    beside = served - _listed()
    assert sorted(route for route in beside if route[1:] not in BEYOND) == []
