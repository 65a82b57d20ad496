"""Five roles on every write: allowed, or 403, exactly as the contract's table says."""

import pytest

from api.club import a_club
from api.contract import EVERYONE, WRITERS
from api.valid import content, row_ids
from api.walk import Door, doors

pytestmark = pytest.mark.anyio

SPARED = {("DELETE", "/api/teams/{}"), ("DELETE", "/api/players/{}"), ("DELETE", "/api/matches/{}")}


def _door(whole, method: str, shape: str) -> Door:
    found = [door for door in doors(whole.apps) if (door.method, door.shape) == (method, shape)]
    assert found, f"{method} {shape} is not served"
    return found[0]


@pytest.mark.parametrize(("method", "shape"), WRITERS, ids=lambda part: part)
async def test_who_may_write(whole, method, shape):
    door = _door(whole, method, shape)
    answers = {}
    for number, role in enumerate(sorted(EVERYONE)):
        club = await a_club(whole, f"club{number}")
        ids = row_ids(club, door, spares=(method, shape) in SPARED)
        if shape == "/api/notes/{}":
            ids = dict.fromkeys(ids, club.ids[f"note_of_{role}"])
        client = await whole.client(door.app, token=club.people[role].token)
        answer = await client.request(method, door.at(**ids), **content(club, door))
        answers[role] = answer.status_code
        if answer.status_code == 403:
            assert any(word in answer.json()["detail"] for word in ("role", "Only", "account manager")), answer.text
        else:
            assert answer.status_code < 400, (role, answer.text)
    assert {role for role, status in answers.items() if status < 400} == WRITERS[method, shape]
