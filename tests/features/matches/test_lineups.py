"""Line-ups over HTTP."""

import asyncio

import pytest
from sqlalchemy import insert

from factories import a_match, a_player, a_team, an_owner
from houses import CLASSIC, client_of
from touchline.features import matches as room
from touchline.features.club.tables import formations
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

ROOT = "/api/match_lineups"


async def post(game, who=None, **fields):
    body = {
        "id": "",
        "match_id": game.match_id,
        "team_id": game.home_id,
        "player_id": game.home_player_id,
        "is_starting": True,
        **fields,
    }
    return await game.client.post(ROOT, json=body, headers=(who or game.owner).headers)


async def listed(game, query="", who=None) -> list[dict]:
    answer = await game.client.get(f"{ROOT}{query}", headers=(who or game.owner).headers)
    assert answer.status_code == 200
    return answer.json()


async def a_formation(house, creator=None) -> str:
    formation_id = new_id()
    user_id = creator.user_id if creator else None
    async with house.database.begin() as db:
        await db.execute(
            insert(formations).values(id=formation_id, name="Box", user_id=user_id, created_at=house.clock.now())
        )
    return formation_id


async def test_a_place_comes_back_as_it_was_written(game):
    formation_id = await a_formation(game.house, game.coach)
    answer = await post(game, game.coach, formation_id=formation_id, position_in_formation="0.2500,1.0000")
    place = answer.json()
    assert answer.status_code == 200
    assert place == {
        "id": place["id"],
        "match_id": game.match_id,
        "team_id": game.home_id,
        "formation_id": formation_id,
        "is_starting": True,
        "player_id": game.home_player_id,
        "position_in_formation": "0.2500,1.0000",
    }
    assert len(place["id"]) == 36
    assert (await game.client.get(f"{ROOT}/{place['id']}", headers=game.player.headers)).json() == place


async def test_the_same_player_on_the_same_side_is_written_over(game):
    first = (await post(game, position_in_formation="0.1,0.2")).json()
    again = (await post(game, is_starting=False, formation_id="")).json()
    assert again == {**first, "is_starting": False, "position_in_formation": None}
    assert await listed(game, f"?match_id={game.match_id}") == [again]
    other_side = (await post(game, team_id=game.opponent_id)).json()
    assert other_side["id"] != first["id"]


async def test_many_who_write_one_place_at_once_leave_one_row(game):
    answers = await asyncio.gather(*(post(game, is_starting=number % 2 == 0) for number in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(await listed(game)) == 1


async def test_line_ups_are_read_like_a_team_sheet(game):
    keeper, late, unnumbered, bench = [
        await a_player(game.house, game.home_id, jersey_number=number) for number in (1, 22, None, 3)
    ]
    away = (await post(game, team_id=game.opponent_id, player_id=game.away_player_id)).json()["player_id"]
    await post(game, player_id=bench, is_starting=False)
    for player_id in (unnumbered, late, game.home_player_id, keeper):
        await post(game, player_id=player_id)
    expected = [keeper, game.home_player_id, late, unnumbered, bench, away]
    assert [place["player_id"] for place in await listed(game, f"?match_id={game.match_id}")] == expected
    assert [place["player_id"] for place in await listed(game, "?limit=2&offset=1")] == expected[1:3]
    assert await listed(game, f"?match_id={game.match_id}", game.rival) == []
    assert await listed(game, who=game.rival) == []
    async with game.house.database.begin() as db:
        places = await room.lineups_of(db, game.match_id)
    assert [place.player_id for place in places] == expected


async def test_a_side_is_one_that_plays_and_not_another_clubs(game):
    shared = await a_team(game.house, None, name="Shared")
    against = {
        "shared": await a_match(game.house, game.owner, opponent_id=shared),
        "rival": await a_match(game.house, game.owner, opponent_id=game.rival.team_id),
    }
    assert (await post(game, match_id=against["shared"], team_id=shared)).status_code == 200
    assert (await post(game, match_id=against["rival"], team_id=game.home_id)).status_code == 200
    refused = await post(game, match_id=against["rival"], team_id=game.rival.team_id)
    assert (refused.status_code, "another club" in refused.json()["detail"]) == (403, True)
    assert (await post(game, team_id=shared)).status_code == 422
    assert (await post(game, team_id=game.rival.team_id)).status_code == 404
    assert (await post(game, team_id=new_id())).status_code == 404


async def test_another_clubs_side_of_a_common_match_is_read_only(game):
    common = await a_match(game.house, game.owner, opponent_id=game.rival.team_id)
    theirs = {"match_id": common, "team_id": game.rival.team_id, "player_id": game.rivals_player_id}
    place = (await post(game, game.rival, **theirs)).json()
    path = f"{ROOT}/{place['id']}"
    assert (await game.client.get(path, headers=game.owner.headers)).json() == place
    changes = {"is_starting": False, "team_id": game.home_id}
    assert (await game.client.put(path, json=changes, headers=game.owner.headers)).status_code == 403
    assert (await game.client.delete(path, headers=game.owner.headers)).status_code == 403
    assert (await post(game, match_id=common, player_id=game.rivals_player_id)).status_code == 404
    assert (await game.client.delete(path, headers=game.rival.headers)).status_code == 200


async def test_own_players_stand_under_either_side_and_strangers_under_none(game):
    second = await a_team(game.house, game.owner, name="Second")
    own = await a_player(game.house, second)
    # The older client stores its own players under the home side even when they play away.
    await game.client.put(
        f"/api/matches/{game.match_id}",
        json={"home_team_id": game.opponent_id, "away_team_id": game.home_id},
        headers=game.owner.headers,
    )
    for player_id, status in {
        game.home_player_id: 200,
        game.away_player_id: 200,
        own: 200,
        game.rivals_player_id: 404,
        new_id(): 404,
    }.items():
        assert (await post(game, team_id=game.opponent_id, player_id=player_id)).status_code == status


async def test_a_formation_must_be_everybodys_or_the_clubs(game):
    for formation_id, status in {
        await a_formation(game.house): 200,
        await a_formation(game.house, game.coach): 200,
        await a_formation(game.house, game.rival): 404,
        new_id(): 404,
    }.items():
        assert (await post(game, formation_id=formation_id)).status_code == status


async def test_a_place_is_changed_in_part_and_stays_in_its_match(game):
    place = (await post(game, position_in_formation="0.1,0.2")).json()
    path = f"{ROOT}/{place['id']}"

    async def change(**changes):
        return await game.client.put(path, json=changes, headers=game.coach.headers)

    answer = await change(**{**place, "is_starting": False})
    assert (answer.status_code, answer.json()) == (200, {**place, "is_starting": False})
    answer = await change(team_id=game.opponent_id, player_id=game.away_player_id, position_in_formation="")
    moved = {"team_id": game.opponent_id, "player_id": game.away_player_id, "position_in_formation": None}
    assert answer.json() == {**place, "is_starting": False, **moved}
    assert (await game.client.get(path, headers=game.coach.headers)).json() == answer.json()
    assert (await change(player_id=game.rivals_player_id)).status_code == 404
    assert (await change(team_id=game.rival.team_id)).status_code == 404
    assert (await change(match_id=game.rivals_match_id)).status_code == 404
    assert (await change(match_id=await a_match(game.house, game.owner))).status_code == 422
    await post(game, team_id=game.opponent_id, player_id=game.home_player_id)
    taken = await change(player_id=game.home_player_id)
    assert (taken.status_code, taken.json()["detail"]) == (409, "This player is in that line-up already.")
    assert (await game.client.get(path, headers=game.coach.headers)).json() == answer.json()


async def test_another_clubs_line_ups_are_as_good_as_absent(game):
    place = (await post(game)).json()
    for method, body in (("GET", None), ("PUT", {"is_starting": False}), ("DELETE", None)):
        for path in (f"{ROOT}/{place['id']}", f"{ROOT}/{new_id()}"):
            answer = await game.client.request(method, path, json=body, headers=game.rival.headers)
            assert (answer.status_code, answer.json()) == (404, {"detail": "Line-up entry not found."})
    assert (await post(game, game.rival)).status_code == 404
    assert await listed(game) == [place]


async def test_who_may_write_line_ups(game):
    place = (await post(game)).json()
    for method, path in (("POST", ROOT), ("PUT", f"{ROOT}/{place['id']}"), ("DELETE", f"{ROOT}/{place['id']}")):
        assert (await game.client.request(method, path, json=place)).status_code == 401
        for reader in (game.player, game.analyst):
            answer = await game.client.request(method, path, json=place, headers=reader.headers)
            assert answer.status_code == 403
        assert (await game.client.request(method, path, json=place, headers=game.coach.headers)).status_code == 200
    assert (await game.client.get(ROOT)).status_code == 401
    assert (await game.client.delete(f"{ROOT}/{place['id']}", headers=game.coach.headers)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"is_starting": None}, "is_starting"),
        ({"is_starting": "perhaps"}, "is_starting"),
        ({"position_in_formation": "0.5"}, "position_in_formation"),
        ({"position_in_formation": "0.5,1.2"}, "position_in_formation"),
        ({"position_in_formation": "-0.1,0.5"}, "position_in_formation"),
        ({"position_in_formation": "left back"}, "position_in_formation"),
        ({"position_in_formation": "0.5,0." + "5" * 60}, "position_in_formation"),
        ({"team_id": None}, "team_id"),
        ({"player_id": None}, "player_id"),
        ({"player_id": {}}, "player_id"),
        ({"match_id": "\x00"}, "match_id"),
        ({"formation_id": "f" * 65}, "formation_id"),
    ],
)
async def test_places_that_make_no_sense_are_refused(small_house, changes, field):
    owner = await an_owner(small_house)
    body = {
        "match_id": await a_match(small_house, owner),
        "team_id": owner.team_id,
        "player_id": await a_player(small_house, owner.team_id),
        "is_starting": True,
    }
    async with client_of(small_house.app(*CLASSIC)) as client:
        made = (await client.post(ROOT, json=body, headers=owner.headers)).json()
        for method, path in (("POST", ROOT), ("PUT", f"{ROOT}/{made['id']}")):
            answer = await client.request(method, path, json={**body, **changes}, headers=owner.headers)
            assert (answer.status_code, answer.json()["detail"].split(":")[0]) == (422, f"`{field}`")
        assert (await client.get(ROOT, headers=owner.headers)).json() == [made]
