"""What teams did in a match, over HTTP."""

import asyncio

import pytest

from factories import a_match, a_staff_member, a_team, an_owner
from houses import CLASSIC, client_of
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

NUMBERS = {
    "possession_percentage": 54.3,
    "total_shots": 14,
    "shots_on_target": 6,
    "expected_goals": 1.84,
    "pressures": 132,
    "final_third_passes": 88,
}
OBJECTS = {
    "pass_network_data": {
        "nodes": [
            {"id": "7", "name": "Elif", "team": "team_a", "avg_x": 0.4, "avg_y": 0.55},
            {"id": 10, "name": "Ben", "team": "team_a", "avg_x": 0.0, "avg_y": 1.0},
        ],
        "edges": [{"source": "7", "target": 10, "count": 12}],
    },
    "zone_analysis_data": {"left": {"attacks": 12, "shots": 3}, "right": {"attacks": 4}},
    "tactical_weakness_data": {"exposed_defender": "Nr. 3", "weak_side": "left", "reason": "steht zu hoch, متقدم"},
    "high_turnover_zones_data": {"zone_A": 3, "zone_B": 0, "zone_C": 5},
    "set_piece_xg_breakdown_data": {"corners": 0.31, "direct_free_kicks": 0.05, "indirect_free_kicks": 0.1},
    "transition_speed_data": {"def_to_atk_mps": 4.25, "atk_to_def_mps": 3.5},
    "build_up_patterns": {"long_ball_percent": 22.5, "counter_attack_success_rate": 40.5},
    "defensive_block_patterns": {"out_of_possession_formation": "4-4-2", "defensive_line_height_m": 38.5},
}
FIELDS = {"id", "match_id", "team_id", *NUMBERS, *OBJECTS}


def path_of(match_id: str, team_id: str = "") -> str:
    return f"/api/matches/{match_id}/team_statistics" + (f"/{team_id}" if team_id else "")


async def test_anonymous_callers_see_and_store_nothing(client):
    assert (await client.get(path_of(new_id()))).status_code == 401
    assert (await client.put(path_of(new_id(), new_id()), json={})).status_code == 401


async def test_figures_come_back_as_they_were_stored_home_team_first(client, house):
    owner = await an_owner(house)
    opponent = await a_team(house, None)
    match_id = await a_match(house, owner, opponent_id=opponent)
    nothing = await client.get(path_of(match_id), headers=owner.headers)
    assert nothing.status_code == 404

    other = await client.put(path_of(match_id, opponent), json={"total_shots": 3}, headers=owner.headers)
    assert other.status_code == 200
    assert other.json() == {**dict.fromkeys(FIELDS), **other.json()}
    assert {name: at for name, at in other.json().items() if at is not None} == {
        "id": other.json()["id"],
        "match_id": match_id,
        "team_id": opponent,
        "total_shots": 3,
    }
    echoed = {"id": "ignored", "match_id": "ignored", "team_id": "ignored", **NUMBERS, **OBJECTS}
    own = await client.put(path_of(match_id, owner.team_id), json=echoed, headers=owner.headers)
    assert own.json() == {
        "id": own.json()["id"],
        "match_id": match_id,
        "team_id": owner.team_id,
        **NUMBERS,
        **OBJECTS,
    }
    listed = await client.get(path_of(match_id), headers=owner.headers)
    assert listed.json() == [own.json(), other.json()]
    assert listed.headers["X-Total-Count"] == "2"
    page = await client.get(path_of(match_id) + "?limit=1&offset=1", headers=owner.headers)
    assert (page.json(), page.headers["X-Total-Count"]) == ([other.json()], "2")


async def test_storing_again_changes_what_is_named_and_keeps_the_rest(client, house):
    owner = await an_owner(house)
    path = path_of(await a_match(house, owner), owner.team_id)
    first = (await client.put(path, json={**NUMBERS, **OBJECTS}, headers=owner.headers)).json()
    change = {"pressures": None, "zone_analysis_data": None, "build_up_patterns": {"long_ball_percent": 10.0}}
    second = (await client.put(path, json=change, headers=owner.headers)).json()
    assert second == {**first, **change}
    assert (await client.put(path, json={}, headers=owner.headers)).json() == second


async def test_an_empty_body_stores_an_unmeasured_row(client, house):
    owner = await an_owner(house)
    match_id = await a_match(house, owner)
    row = (await client.put(path_of(match_id, owner.team_id), json={}, headers=owner.headers)).json()
    assert row == {**dict.fromkeys(FIELDS), "id": row["id"], "match_id": match_id, "team_id": owner.team_id}


async def test_many_who_store_at_once_leave_one_row_with_everything(client, house):
    owner = await an_owner(house)
    match_id = await a_match(house, owner)
    path = path_of(match_id, owner.team_id)
    answers = await asyncio.gather(
        *(client.put(path, json={name: value}, headers=owner.headers) for name, value in (NUMBERS | OBJECTS).items())
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1
    (row,) = (await client.get(path_of(match_id), headers=owner.headers)).json()
    assert {name: row[name] for name in NUMBERS | OBJECTS} == NUMBERS | OBJECTS


async def test_another_clubs_match_is_as_good_as_absent(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    shared = await a_team(house, None)
    match_id = await a_match(house, owner, opponent_id=shared)
    await client.put(path_of(match_id, shared), json=NUMBERS, headers=owner.headers)
    for there, nowhere in (
        (path_of(match_id), path_of(new_id())),
        (path_of(match_id, shared), path_of(new_id(), shared)),
    ):
        method = "GET" if there.endswith("statistics") else "PUT"
        seen = [await client.request(method, path, json={}, headers=stranger.headers) for path in (there, nowhere)]
        assert [answer.status_code for answer in seen] == [404, 404]
        assert seen[0].content == seen[1].content
    (row,) = (await client.get(path_of(match_id), headers=owner.headers)).json()
    assert row["total_shots"] == NUMBERS["total_shots"]


async def test_only_the_sides_of_a_match_have_figures_in_it(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    match_id = await a_match(house, owner)
    for team_id in (await a_team(house, owner), stranger.team_id, new_id(), "nonsense"):
        answer = await client.put(path_of(match_id, team_id), json=NUMBERS, headers=owner.headers)
        assert (answer.status_code, answer.json()) == (404, {"detail": "That team does not play in this match."})


@pytest.mark.parametrize(
    ("role", "writes"), [("head_coach", 200), ("assistant_coach", 200), ("analyst", 200), ("player", 403)]
)
async def test_who_may_read_and_store_team_statistics(small_house, role, writes):
    owner = await an_owner(small_house)
    member = await a_staff_member(small_house, owner, role=role)
    match_id = await a_match(small_house, owner)
    path = path_of(match_id, owner.team_id)
    async with client_of(small_house.app(*CLASSIC)) as client:
        assert (await client.put(path, json=NUMBERS, headers=owner.headers)).status_code == 200
        assert (await client.get(path_of(match_id), headers=member.headers)).status_code == 200
        assert (await client.put(path, json=NUMBERS, headers=member.headers)).status_code == writes


NODE = OBJECTS["pass_network_data"]["nodes"][0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("possession_percentage", 100.5),
        ("possession_percentage", "54"),
        ("total_shots", -1),
        ("total_shots", 2**31),
        ("pressures", 1.5),
        ("expected_goals", 1000),
        ("pass_network_data", []),
        ("pass_network_data", "{}"),
        ("pass_network_data", {"nodes": None}),
        ("pass_network_data", {"nodes": [{**NODE, "team": "A"}]}),
        ("pass_network_data", {"nodes": [{**NODE, "avg_x": 1.5}]}),
        ("pass_network_data", {"nodes": [{**NODE, "id": None}]}),
        ("pass_network_data", {"nodes": [{"id": "7"}]}),
        ("pass_network_data", {"nodes": [NODE] * 101}),
        ("pass_network_data", {"edges": [{"source": "7", "target": "10", "count": 1.5}]}),
        ("pass_network_data", {"edges": [{"source": "7", "target": "10"}]}),
        ("zone_analysis_data", {"left": None}),
        ("zone_analysis_data", {"left": {"attacks": "3"}}),
        ("zone_analysis_data", {"center": []}),
        ("tactical_weakness_data", {"reason": 3}),
        ("tactical_weakness_data", {"reason": "\x00"}),
        ("high_turnover_zones_data", {"zone_A": 0.5}),
        ("high_turnover_zones_data", {"zone_A": True}),
        ("set_piece_xg_breakdown_data", {"corners": -0.1}),
        ("transition_speed_data", {"def_to_atk_mps": None}),
        ("transition_speed_data", {"def_to_atk_mps": 10**400}),
        ("build_up_patterns", {"long_ball_percent": 101}),
        ("defensive_block_patterns", {"out_of_possession_formation": 442}),
        ("defensive_block_patterns", 7),
        ("build_up_patterns", {"more": "\x00"}),
        ("build_up_patterns", {"\x00": 1}),
        ("build_up_patterns", {"more": 2**63}),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_figures_and_shapes_that_make_no_sense_are_refused(small_house, field, value):
    owner = await an_owner(small_house)
    match_id = await a_match(small_house, owner)
    async with client_of(small_house.app(*CLASSIC)) as client:
        answer = await client.put(path_of(match_id, owner.team_id), json={field: value}, headers=owner.headers)
        stored = await client.get(path_of(match_id), headers=owner.headers)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(f"`{field}")
    assert stored.status_code == 404


async def test_keys_beyond_a_shape_are_kept(client, house):
    owner = await an_owner(house)
    path = path_of(await a_match(house, owner), owner.team_id)
    shapes = {
        "zone_analysis_data": {"left": {"attacks": 1, "crosses": [1, {"x": None}]}, "method": "by thirds"},
        "pass_network_data": {"nodes": [], "edges": [], "minutes": 45.5},
        "high_turnover_zones_data": {},
    }
    row = (await client.put(path, json=shapes, headers=owner.headers)).json()
    assert {name: row[name] for name in shapes} == shapes
