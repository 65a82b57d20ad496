"""A match on one page, over HTTP."""

from datetime import date

import pytest
from sqlalchemy import event, insert, select

from factories import a_match, a_player, a_staff_member, a_team, an_owner
from houses import CLASSIC, client_of
from touchline.features.club.tables import formations
from touchline.features.matches.tables import match_events, match_lineups
from touchline.features.performance.rules import formation_of
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

MATCH = {
    "id", "home_team_id", "away_team_id", "home_team_name", "away_team_name", "home_score", "away_score", "date_time",
    "status", "venue", "event_id", "event_name", "video_anchor_seconds",
}  # fmt: skip
PLAYER = {
    "id", "team_id", "name", "position", "jersey_number", "birth_date", "dominant_foot", "height_cm", "weight_kg",
    "nationality", "country_code", "image_url", "market_value", "position_in_formation",
}  # fmt: skip


def path_of(match_id: str) -> str:
    return f"/api/matches/{match_id}/details"


async def preset(house, name: str) -> str:
    async with house.database.begin() as db:
        return await db.scalar(select(formations.c.id).where(formations.c.name == name))


async def line_up(house, match_id: str, team_id: str, player_id: str, **columns) -> None:
    values = {"id": new_id(), "match_id": match_id, "team_id": team_id, "player_id": player_id, "is_starting": True}
    async with house.database.begin() as db:
        await db.execute(insert(match_lineups).values(**{**values, **columns}))


async def happen(house, match_id: str, minute: int, **columns) -> str:
    values = {"id": new_id(), "match_id": match_id, "minute": minute, "event_type": "goal", **columns}
    async with house.database.begin() as db:
        await db.execute(insert(match_events).values(**values))
    return values["id"]


async def test_a_match_with_nothing_stored_has_all_six_parts_and_two_rows_of_nulls(client, house):
    owner = await an_owner(house)
    shared = await a_team(house, None, name="Shared")
    match_id = await a_match(house, owner, opponent_id=shared)
    answer = await client.get(path_of(match_id), headers=owner.headers)
    assert answer.status_code == 200
    details = answer.json()
    match = (await client.get(f"/api/matches/{match_id}", headers=owner.headers)).json()
    assert details.pop("match_info") == match
    assert set(match) == MATCH
    home, away = details.pop("team_stats")
    for row, team_id in ((home, owner.team_id), (away, shared)):
        given = {"id": f"{match_id}:{team_id}", "match_id": match_id, "team_id": team_id}
        assert row == {**dict.fromkeys(row), **given}
        assert len(row) == 17
    assert details == {
        "home_lineup": {"team_id": owner.team_id, "team_name": "Rovers", "formation": None, "players": []},
        "away_lineup": {"team_id": shared, "team_name": "Shared", "formation": None, "players": []},
        "events": [],
        "player_stats": [],
    }


async def test_lineups_of_both_sides_list_players_of_either_team_starters_first(client, house):
    owner = await an_owner(house)
    shared = await a_team(house, None, name="Shared")
    match_id = await a_match(house, owner, opponent_id=shared)
    formation_id = await preset(house, "4-4-2")
    whole = {
        "position": "MID",
        "jersey_number": 8,
        "birth_date": date(2001, 5, 4),
        "dominant_foot": "left",
        "height_cm": 178,
        "weight_kg": 71,
        "nationality": "Tunisia",
        "country_code": "TN",
        "image_url": "/static/images/players/a.png",
        "market_value": 250_000.5,
    }
    eight = await a_player(house, owner.team_id, name="Eight", **whole)
    nine = await a_player(house, owner.team_id, name="Nine", jersey_number=9)
    bench = await a_player(house, owner.team_id, name="Bench", jersey_number=2)
    numberless = await a_player(house, shared, name="Numberless")
    guest = await a_player(house, shared, name="Guest", jersey_number=20)
    await line_up(house, match_id, owner.team_id, bench, is_starting=False)
    await line_up(house, match_id, owner.team_id, nine, formation_id=formation_id)
    await line_up(house, match_id, owner.team_id, eight, formation_id=formation_id, position_in_formation="0.5,0.9")
    await line_up(house, match_id, owner.team_id, guest)
    await line_up(house, match_id, shared, numberless)
    await line_up(house, match_id, shared, nine)
    details = (await client.get(path_of(match_id), headers=owner.headers)).json()
    home, away = details["home_lineup"], details["away_lineup"]
    assert [player["name"] for player in home["players"]] == ["Eight", "Nine", "Guest", "Bench"]
    assert [player["name"] for player in away["players"]] == ["Nine", "Numberless"]
    assert home["players"][0] == {
        **whole,
        "id": eight,
        "team_id": owner.team_id,
        "name": "Eight",
        "birth_date": "2001-05-04",
        "position_in_formation": "0.5,0.9",
    }
    assert home["players"][2]["team_id"] == shared
    assert set(away["players"][1]) == PLAYER
    assert home["formation"]["id"] == formation_id
    assert set(home["formation"]) == {"id", "name", "description", "positions", "user_id", "created_at"}
    assert (home["formation"]["name"], home["formation"]["user_id"]) == ("4-4-2", None)
    assert home["formation"]["created_at"].endswith("Z")
    assert away["formation"] is None


async def test_events_come_by_minute_and_figures_as_they_are_stored(client, house):
    owner = await an_owner(house)
    match_id = await a_match(house, owner)
    player_id = await a_player(house, owner.team_id)
    late = await happen(house, match_id, 80, event_type="red_card")
    early = await happen(house, match_id, 3, player_id=player_id, video_timestamp=185.5, coordinates="50,30")
    same_minute = await happen(house, match_id, 80, event_type="sub_out")
    stored = await client.post(
        "/api/player_match_statistics",
        json={"match_id": match_id, "player_id": player_id, "shots": 2, "rating": 7.5},
        headers=owner.headers,
    )
    team = await client.put(
        f"/api/matches/{match_id}/team_statistics/{owner.team_id}",
        json={"total_shots": 9, "transition_speed_data": {"def_to_atk_mps": 4.5}},
        headers=owner.headers,
    )
    details = (await client.get(path_of(match_id), headers=owner.headers)).json()
    assert [happened["id"] for happened in details["events"]] == [early, late, same_minute]
    assert details["events"][0] == {
        "id": early,
        "match_id": match_id,
        "player_id": player_id,
        "event_type": "goal",
        "minute": 3,
        "video_timestamp": 185.5,
        "coordinates": "50,30",
    }
    assert details["player_stats"] == [stored.json()]
    assert details["team_stats"][0] == team.json()
    assert details["team_stats"][1]["id"] == f"{match_id}:{details['match_info']['away_team_id']}"


async def test_who_may_see_the_page_of_a_match(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    shared = await a_team(house, None)
    match_id = await a_match(house, owner, opponent_id=shared)
    assert (await client.get(path_of(match_id))).status_code == 401
    foreign, absent = [await client.get(path_of(which), headers=stranger.headers) for which in (match_id, new_id())]
    assert (foreign.status_code, foreign.json()) == (404, {"detail": "Match not found."})
    assert foreign.content == absent.content
    member = await a_staff_member(house, owner, role="player")
    assert (await client.get(path_of(match_id), headers=member.headers)).status_code == 200


async def test_the_page_takes_at_most_eight_statements_however_much_is_on_it(small_house):
    house = small_house
    owner = await an_owner(house)
    shared = await a_team(house, None)
    empty = await a_match(house, owner, opponent_id=shared)
    full = await a_match(house, owner, opponent_id=shared)
    formation_ids = [await preset(house, name) for name in ("4-3-3", "3-5-2")]
    for team_id, formation_id in zip((owner.team_id, shared), formation_ids, strict=True):
        for number in range(1, 19):
            player_id = await a_player(house, team_id, jersey_number=number)
            await line_up(house, full, team_id, player_id, is_starting=number < 12, formation_id=formation_id)
            await happen(house, full, number, player_id=player_id)
    sent = []
    async with client_of(house.app(*CLASSIC)) as client:
        event.listen(house.database.engine.sync_engine, "before_cursor_execute", lambda *seen: sent.append(seen[2]))
        counts = []
        for match_id in (empty, full):
            sent.clear()
            answer = await client.get(path_of(match_id), headers=owner.headers)
            assert answer.status_code == 200
            counts.append(len([statement for statement in sent if statement.startswith("SELECT")]))
    assert len(answer.json()["away_lineup"]["players"]) == 18
    assert counts[0] <= counts[1] <= 8


@pytest.mark.parametrize(
    ("rows", "formation"),
    [
        ([], None),
        ([(True, None)], None),
        ([(True, "a"), (True, "b"), (True, "b"), (True, None), (True, None), (True, None)], "b"),
        ([(True, "b"), (True, "a")], "a"),
        ([(True, "a"), (False, "b"), (False, "b")], "a"),
        ([(False, "b")], None),
    ],
)
def test_the_formation_of_a_side_is_the_one_of_most_starters(rows, formation):
    assert formation_of({"is_starting": starts, "formation_id": of} for starts, of in rows) == formation
