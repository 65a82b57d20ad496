"""Matches over HTTP."""

import pytest
from factories import a_match, a_staff_member, a_team, an_owner

pytestmark = pytest.mark.anyio


async def test_a_stranger_to_the_house_sees_no_matches(client):
    assert (await client.get("/api/matches")).status_code == 401


async def test_matches_of_ones_team_are_listed_by_date(client, house):
    owner = await an_owner(house)
    match_id = await a_match(house, owner)
    answer = await client.get("/api/matches", headers=owner.headers)
    assert answer.status_code == 200
    assert [match["id"] for match in answer.json()] == [match_id]
    assert answer.headers["X-Total-Count"] == "1"
