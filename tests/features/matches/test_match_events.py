"""What happened in a match, over HTTP."""

import pytest

from factories import a_match, a_player, a_team, an_owner
from houses import CLASSIC, client_of
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

ROOT = "/api/match_events"


async def post(game, who=None, **fields):
    body = {"match_id": game.match_id, "event_type": "goal", "minute": 10, **fields}
    return await game.client.post(ROOT, json=body, headers=(who or game.owner).headers)


async def test_an_event_comes_back_as_it_was_written(game):
    answer = await post(
        game, game.coach, id="", player_id=game.home_player_id, minute=67, video_timestamp=4105.5, coordinates="34.5,12"
    )
    event = answer.json()
    assert answer.status_code == 200
    assert event == {
        "id": event["id"],
        "match_id": game.match_id,
        "player_id": game.home_player_id,
        "event_type": "goal",
        "minute": 67,
        "video_timestamp": 4105.5,
        "coordinates": "34.5,12",
    }
    assert (await game.client.get(f"{ROOT}/{event['id']}", headers=game.player.headers)).json() == event
    bare = (await post(game, player_id=None, coordinates="")).json()
    assert (bare["player_id"], bare["video_timestamp"], bare["coordinates"]) == (None, None, None)


async def test_events_are_listed_by_minute_of_one_match_or_all_own_ones(game):
    other = await a_match(game.house, game.owner)
    late, early, same = [(await post(game, minute=minute)).json()["id"] for minute in (80, 5, 80)]
    elsewhere = (await post(game, match_id=other, minute=30)).json()["id"]
    await post(game, game.rival, match_id=game.rivals_match_id)

    async def listed(query="", who=game.player) -> list[str]:
        answer = await game.client.get(f"{ROOT}{query}", headers=who.headers)
        assert answer.status_code == 200
        return [event["id"] for event in answer.json()]

    assert await listed(f"?match_id={game.match_id}") == [early, late, same]
    assert await listed() == [early, elsewhere, late, same]
    assert await listed("?limit=2&offset=1") == [elsewhere, late]
    assert await listed(f"?match_id={game.match_id}", game.rival) == []
    assert await listed(f"?match_id={game.rivals_match_id}") == await listed(f"?match_id={new_id()}") == []
    page = await game.client.get(f"{ROOT}?limit=1", headers=game.player.headers)
    assert page.headers["X-Total-Count"] == "4"


async def test_the_player_is_of_a_side_or_of_an_own_team(game):
    second = await a_team(game.house, game.owner, name="Second")
    shared = await a_team(game.house, None, name="Shared")
    for player_id, status in {
        game.home_player_id: 200,
        game.away_player_id: 200,
        await a_player(game.house, second): 200,
        await a_player(game.house, shared): 404,
        game.rivals_player_id: 404,
        new_id(): 404,
    }.items():
        assert (await post(game, player_id=player_id)).status_code == status
    reserve = await a_player(game.house, second)
    assert (await post(game, game.coach, player_id=reserve)).status_code == 404  # the coach works with the first team


async def test_an_event_is_changed_in_part_and_stays_in_its_match(game):
    event = (await post(game, player_id=game.home_player_id, coordinates="1,2")).json()
    path = f"{ROOT}/{event['id']}"

    async def change(**changes):
        return await game.client.put(path, json=changes, headers=game.coach.headers)

    answer = await change(**{**event, "minute": 11})
    assert (answer.status_code, answer.json()) == (200, {**event, "minute": 11})
    answer = await change(event_type="assist", coordinates=None)
    assert answer.json() == {**event, "minute": 11, "event_type": "assist", "coordinates": None}
    assert (await game.client.get(path, headers=game.coach.headers)).json() == answer.json()
    assert (await change()).json() == answer.json()
    assert (await change(player_id=game.rivals_player_id)).status_code == 404
    assert (await change(match_id=game.rivals_match_id)).status_code == 404
    assert (await change(match_id=await a_match(game.house, game.owner))).status_code == 422
    assert (await game.client.get(path, headers=game.coach.headers)).json() == answer.json()


async def test_another_clubs_events_are_as_good_as_absent(game):
    event = (await post(game)).json()
    for method, body in (("GET", None), ("PUT", {"minute": 1}), ("DELETE", None)):
        for path in (f"{ROOT}/{event['id']}", f"{ROOT}/{new_id()}"):
            answer = await game.client.request(method, path, json=body, headers=game.rival.headers)
            assert (answer.status_code, answer.json()) == (404, {"detail": "Match event not found."})
    assert (await post(game, game.rival)).status_code == 404
    assert (await game.client.get(f"{ROOT}/{event['id']}", headers=game.owner.headers)).json() == event


async def test_who_may_write_events(game):
    event_id = (await post(game)).json()["id"]
    body = {"match_id": game.match_id, "event_type": "goal", "minute": 1}
    for method, path in (("POST", ROOT), ("PUT", f"{ROOT}/{event_id}"), ("DELETE", f"{ROOT}/{event_id}")):
        assert (await game.client.request(method, path, json=body)).status_code == 401
        for reader in (game.player, game.analyst):
            answer = await game.client.request(method, path, json=body, headers=reader.headers)
            assert answer.status_code == 403
        assert (await game.client.request(method, path, json=body, headers=game.coach.headers)).status_code == 200
    assert (await game.client.get(ROOT)).status_code == 401
    assert (await game.client.delete(f"{ROOT}/{event_id}", headers=game.coach.headers)).status_code == 404


async def test_a_player_in_an_event_cannot_be_deleted(game):
    await post(game, player_id=game.home_player_id)
    answer = await game.client.delete(f"/api/players/{game.home_player_id}", headers=game.owner.headers)
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"event_type": "own_goal"}, "event_type"),
        ({"event_type": None}, "event_type"),
        ({"minute": -1}, "minute"),
        ({"minute": 201}, "minute"),
        ({"minute": 2**63}, "minute"),
        ({"minute": 4.5}, "minute"),
        ({"minute": True}, "minute"),
        ({"minute": None}, "minute"),
        ({"video_timestamp": -1}, "video_timestamp"),
        ({"video_timestamp": "NaN"}, "video_timestamp"),
        ({"video_timestamp": 1e300}, "video_timestamp"),
        ({"coordinates": "12"}, "coordinates"),
        ({"coordinates": "1,2,3"}, "coordinates"),
        ({"coordinates": "nan,inf"}, "coordinates"),
        ({"coordinates": "1," + "9" * 50}, "coordinates"),
        ({"coordinates": [1, 2]}, "coordinates"),
        ({"match_id": None}, "match_id"),
        ({"match_id": "x" * 100_000}, "match_id"),
        ({"player_id": "\x00"}, "player_id"),
    ],
)
async def test_events_that_make_no_sense_are_refused(small_house, changes, field):
    owner = await an_owner(small_house)
    body = {"match_id": await a_match(small_house, owner), "event_type": "goal", "minute": 10}
    async with client_of(small_house.app(*CLASSIC)) as client:
        made = (await client.post(ROOT, json=body, headers=owner.headers)).json()
        for method, path in (("POST", ROOT), ("PUT", f"{ROOT}/{made['id']}")):
            answer = await client.request(method, path, json={**body, **changes}, headers=owner.headers)
            assert (answer.status_code, answer.json()["detail"].split(":")[0]) == (422, f"`{field}`")
        assert (await client.get(ROOT, headers=owner.headers)).json() == [made]
