"""What players did in a match, over HTTP."""

from datetime import datetime

import pytest

from factories import a_match, a_player, a_staff_member, a_team, an_owner
from houses import CLASSIC, client_of
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

ROOT = "/api/player_match_statistics"
COUNTS = (
    "minutes_played", "shots", "shots_on_target", "passes", "accurate_passes", "tackles", "interceptions", "clearances",
    "saves", "fouls_committed", "fouls_suffered", "offsides", "sprint_count", "key_passes", "progressive_carries",
)  # fmt: skip
DECIMALS = {
    "distance_covered_km": 10.42,
    "sprint_distance_m": 412.55,
    "avg_speed_kmh": 7.1,
    "max_speed_kmh": 31.49,
    "player_xg": 0.35,
    "press_resistance_success_rate": 72.5,
    "defensive_coverage_km": 4.2,
    "rating": 7.5,
}
EMPTY = {**dict.fromkeys(COUNTS), **dict.fromkeys(DECIMALS), "notes": None}
FULL = {**{name: at for at, name in enumerate(COUNTS)}, **DECIMALS, "notes": "Starker Auftritt, نادي"}


async def test_anonymous_callers_see_and_change_nothing(client):
    row = f"{ROOT}/{new_id()}"
    for answer in (
        await client.get(ROOT),
        await client.get(f"{ROOT}/player/{new_id()}"),
        await client.post(ROOT, json={}),
        await client.get(row),
        await client.put(row, json={}),
        await client.delete(row),
    ):
        assert answer.status_code == 401


async def test_figures_come_back_as_they_were_written_and_can_be_changed_and_removed(client, house):
    owner = await an_owner(house)
    match_id, player_id = await a_match(house, owner), await a_player(house, owner.team_id)
    body = {"match_id": match_id, "player_id": player_id, "id": "", **FULL}
    made = await client.post(ROOT, json=body, headers=owner.headers)
    assert made.status_code == 200
    row = made.json()
    assert row == {**FULL, "id": row["id"], "match_id": match_id, "player_id": player_id}
    path = f"{ROOT}/{row['id']}"
    assert (await client.get(path, headers=owner.headers)).json() == row

    changed = (await client.put(path, json={"shots": 9, "rating": None}, headers=owner.headers)).json()
    assert changed == {**row, "shots": 9, "rating": None}
    echoed = await client.put(path, json=changed, headers=owner.headers)
    assert (echoed.status_code, echoed.json()) == (200, changed)
    assert (await client.put(path, json={}, headers=owner.headers)).json() == changed

    gone = await client.delete(path, headers=owner.headers)
    assert (gone.status_code, gone.json()) == (200, {"message": "The statistics were deleted."})
    for answer in (
        await client.get(path, headers=owner.headers),
        await client.put(path, json={}, headers=owner.headers),
        await client.delete(path, headers=owner.headers),
    ):
        assert (answer.status_code, answer.json()) == (404, {"detail": "Statistics not found."})


async def test_what_nobody_measured_is_null(client, house):
    owner = await an_owner(house)
    match_id, player_id = await a_match(house, owner), await a_player(house, owner.team_id)
    body = {"match_id": match_id, "player_id": player_id}
    row = (await client.post(ROOT, json=body, headers=owner.headers)).json()
    assert row == {**EMPTY, **body, "id": row["id"]}


async def test_a_player_has_one_row_per_match(client, house):
    owner = await an_owner(house)
    first, second = await a_match(house, owner), await a_match(house, owner)
    player_id = await a_player(house, owner.team_id)
    taken = {"detail": "This player has statistics for this match already."}
    body = {"match_id": first, "player_id": player_id, "shots": 1}
    kept = (await client.post(ROOT, json=body, headers=owner.headers)).json()
    again = await client.post(ROOT, json={**body, "shots": 2}, headers=owner.headers)
    assert (again.status_code, again.json()) == (409, taken)
    other = (await client.post(ROOT, json={**body, "match_id": second}, headers=owner.headers)).json()
    moved = await client.put(f"{ROOT}/{other['id']}", json={"match_id": first}, headers=owner.headers)
    assert (moved.status_code, moved.json()) == (409, taken)
    assert (await client.get(f"{ROOT}/{kept['id']}", headers=owner.headers)).json() == kept


async def test_lists_are_by_match_and_by_player_newest_match_first(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    old = await a_match(house, owner, date_time=datetime(2025, 1, 1, 15))
    new = await a_match(house, owner, date_time=datetime(2026, 1, 1, 15))
    ada, bea = [await a_player(house, owner.team_id, name=name) for name in ("Ada", "Bea")]
    foreign = await a_match(house, stranger)
    theirs = await a_player(house, stranger.team_id)
    made = {}
    for who, match_id, player_id in (
        (owner, old, ada),
        (owner, new, ada),
        (owner, new, bea),
        (stranger, foreign, theirs),
    ):
        answer = await client.post(ROOT, json={"match_id": match_id, "player_id": player_id}, headers=who.headers)
        made[match_id, player_id] = answer.json()["id"]

    async def listed(path: str, headers) -> tuple[list[str], str]:
        answer = await client.get(f"{ROOT}{path}", headers=headers)
        assert answer.status_code == 200
        return [row["id"] for row in answer.json()], answer.headers["X-Total-Count"]

    assert await listed(f"?match_id={new}", owner.headers) == ([made[new, ada], made[new, bea]], "2")
    assert await listed(f"/player/{ada}", owner.headers) == ([made[new, ada], made[old, ada]], "2")
    assert await listed("?limit=1&offset=1", owner.headers) == ([made[new, bea]], "3")
    assert await listed("", stranger.headers) == ([made[foreign, theirs]], "1")


async def test_a_player_or_match_without_figures_has_an_empty_list(client, house):
    owner = await an_owner(house)
    shared = await a_player(house, await a_team(house, None))
    opponent = await a_player(house, await a_team(house, owner))
    for path in (
        f"/player/{await a_player(house, owner.team_id)}",
        f"/player/{shared}",
        f"/player/{opponent}",
        f"?match_id={await a_match(house, owner)}",
    ):
        answer = await client.get(f"{ROOT}{path}", headers=owner.headers)
        assert (answer.status_code, answer.json(), answer.headers["X-Total-Count"]) == (200, [], "0")


async def test_another_clubs_figures_are_as_good_as_absent(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    nobody = await an_owner(house, team=None)
    match_id, player_id = await a_match(house, owner), await a_player(house, owner.team_id)
    row = (await client.post(ROOT, json={"match_id": match_id, "player_id": player_id}, headers=owner.headers)).json()
    for who in (stranger, nobody):
        for method, known, absent in (
            ("GET", f"{ROOT}?match_id={match_id}", f"{ROOT}?match_id={new_id()}"),
            ("GET", f"{ROOT}/player/{player_id}", f"{ROOT}/player/{new_id()}"),
            ("GET", f"{ROOT}/{row['id']}", f"{ROOT}/{new_id()}"),
            ("PUT", f"{ROOT}/{row['id']}", f"{ROOT}/nonsense"),
            ("DELETE", f"{ROOT}/{row['id']}", f"{ROOT}/{new_id()}"),
        ):
            there = await client.request(method, known, json={"shots": 1}, headers=who.headers)
            nowhere = await client.request(method, absent, json={"shots": 1}, headers=who.headers)
            assert there.status_code == nowhere.status_code == 404
            assert there.content == nowhere.content
        assert (await client.get(ROOT, headers=who.headers)).json() == []
    assert (await client.get(f"{ROOT}/{row['id']}", headers=owner.headers)).json() == row


async def test_match_and_player_must_be_in_scope(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    shared = await a_team(house, None)
    match_id = await a_match(house, owner, opponent_id=shared)
    foreign_match = await a_match(house, stranger, opponent_id=shared)
    reserve = await a_team(house, owner, name="Reserves")
    players = {
        team_id: await a_player(house, team_id) for team_id in (owner.team_id, shared, reserve, stranger.team_id)
    }

    async def attempt(match: str, player: str) -> int:
        body = {"match_id": match, "player_id": player}
        return (await client.post(ROOT, json=body, headers=owner.headers)).status_code

    assert await attempt(match_id, players[shared]) == 200
    assert await attempt(match_id, players[reserve]) == 200
    assert await attempt(match_id, players[stranger.team_id]) == 404
    assert await attempt(match_id, new_id()) == 404
    assert await attempt(foreign_match, players[owner.team_id]) == 404
    assert await attempt(foreign_match, players[shared]) == 404
    assert await attempt(new_id(), players[owner.team_id]) == 404

    row = (await client.get(f"{ROOT}?match_id={match_id}", headers=owner.headers)).json()[0]
    for change in ({"match_id": foreign_match}, {"player_id": players[stranger.team_id]}):
        answer = await client.put(f"{ROOT}/{row['id']}", json={**row, **change}, headers=owner.headers)
        assert answer.status_code == 404
    moved = await client.put(f"{ROOT}/{row['id']}", json={"player_id": players[owner.team_id]}, headers=owner.headers)
    assert moved.json() == {**row, "player_id": players[owner.team_id]}


@pytest.mark.parametrize(
    ("role", "writes"), [("head_coach", 200), ("assistant_coach", 200), ("analyst", 403), ("player", 403)]
)
async def test_who_may_read_and_write_player_statistics(small_house, role, writes):
    owner = await an_owner(small_house)
    member = await a_staff_member(small_house, owner, role=role)
    match_id, player_id = await a_match(small_house, owner), await a_player(small_house, owner.team_id)
    other = await a_player(small_house, owner.team_id)
    async with client_of(small_house.app(*CLASSIC)) as client:
        body = {"match_id": match_id, "player_id": player_id}
        row = (await client.post(ROOT, json=body, headers=owner.headers)).json()
        path = f"{ROOT}/{row['id']}"
        for read in (path, f"{ROOT}?match_id={match_id}", f"{ROOT}/player/{player_id}"):
            assert (await client.get(read, headers=member.headers)).status_code == 200
        added = await client.post(ROOT, json={**body, "player_id": other}, headers=member.headers)
        changed = await client.put(path, json={"shots": 3}, headers=member.headers)
        deleted = await client.delete(path, headers=member.headers)
    assert [added.status_code, changed.status_code, deleted.status_code] == [writes] * 3


MOST = {
    "minutes_played": 32_767,
    "sprint_count": 2**31 - 1,
    "distance_covered_km": 999.99,
    "sprint_distance_m": 99_999.99,
    "avg_speed_kmh": 99.99,
    "max_speed_kmh": 99.99,
    "player_xg": 999.99,
    "press_resistance_success_rate": 100.0,
    "rating": 99.9,
    "notes": "x" * 10_000,
}


async def test_the_largest_figures_fit_and_decimals_are_rounded_alike_everywhere(client, house):
    owner = await an_owner(house)
    match_id, player_id = await a_match(house, owner), await a_player(house, owner.team_id)
    made = await client.post(ROOT, json={"match_id": match_id, "player_id": player_id, **MOST}, headers=owner.headers)
    assert made.status_code == 200
    row = made.json()
    assert {name: row[name] for name in MOST} == MOST
    change = {"avg_speed_kmh": 7.126, "rating": 6.66, "distance_covered_km": 9, "player_xg": -0.0, "shots": 3.0}
    changed = (await client.put(f"{ROOT}/{row['id']}", json=change, headers=owner.headers)).json()
    told = {name: changed[name] for name in change}
    assert told == {"avg_speed_kmh": 7.13, "rating": 6.7, "distance_covered_km": 9.0, "player_xg": 0.0, "shots": 3}
    assert not str(changed["player_xg"]).startswith("-")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("shots", -1),
        ("shots", 32_768),
        ("shots", 1.5),
        ("shots", "3"),
        ("shots", True),
        ("shots", []),
        ("sprint_count", 2**31),
        ("sprint_count", 10**400),
        ("distance_covered_km", 1000),
        ("distance_covered_km", 999.996),
        ("avg_speed_kmh", 99.996),
        ("max_speed_kmh", -0.1),
        ("max_speed_kmh", 10**400),
        ("press_resistance_success_rate", 100.5),
        ("rating", 99.96),
        ("rating", "8.0"),
        ("rating", {}),
        ("notes", "\x00"),
        ("notes", "x" * 10_001),
        ("notes", 5),
        ("match_id", None),
        ("player_id", 7),
        ("player_id", "x" * 65),
    ],
    ids=str,
)
async def test_figures_that_make_no_sense_are_refused(small_house, field, value):
    owner = await an_owner(small_house)
    match_id, player_id = await a_match(small_house, owner), await a_player(small_house, owner.team_id)
    body = {"match_id": match_id, "player_id": player_id, field: value}
    async with client_of(small_house.app(*CLASSIC)) as client:
        answer = await client.post(ROOT, json=body, headers=owner.headers)
        listed = (await client.get(ROOT, headers=owner.headers)).json()
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(f"`{field}`: ")
    assert listed == []


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_figures_that_are_not_finite_are_refused(small_house, number):
    owner = await an_owner(small_house)
    match_id, player_id = await a_match(small_house, owner), await a_player(small_house, owner.team_id)
    async with client_of(small_house.app(*CLASSIC)) as client:
        for field in ("rating", "shots"):
            text = f'{{"match_id": "{match_id}", "player_id": "{player_id}", "{field}": {number}}}'
            answer = await client.post(ROOT, content=text, headers=owner.headers)
            assert answer.status_code == 422
