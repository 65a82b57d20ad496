"""Matches over HTTP."""

import pytest
from sqlalchemy import insert, select

from factories import a_match, a_staff_member, a_team, an_owner
from houses import CLASSIC, a_house, client_of
from touchline.apps.schema import club
from touchline.features import matches as room
from touchline.features.matches.tables import matches
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

FIELDS = {
    "id",
    "home_team_id",
    "away_team_id",
    "home_team_name",
    "away_team_name",
    "home_score",
    "away_score",
    "date_time",
    "status",
    "venue",
    "event_id",
    "event_name",
    "video_anchor_seconds",
}


async def a_competition(house, owner=None, name="Cup") -> str:
    event_id = new_id()
    async with house.database.begin() as db:
        await db.execute(
            insert(club.events).values(
                id=event_id, name=name, owner_id=owner.user_id if owner else None, created_at=house.clock.now()
            )
        )
    return event_id


async def test_anonymous_callers_see_no_matches(client, house):
    match_id = await a_match(house, await an_owner(house))
    for answer in (
        await client.get("/api/matches"),
        await client.post("/api/matches", json={}),
        await client.get(f"/api/matches/{match_id}"),
        await client.delete(f"/api/matches/{match_id}"),
    ):
        assert answer.status_code == 401


async def test_matches_of_ones_teams_are_listed_by_date_home_and_away(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    opponent = await a_team(house, owner, name="Opponent")
    body = {"home_team_id": opponent, "away_team_id": owner.team_id, "date_time": "2026-01-31T20:45:00"}
    away = (await client.post("/api/matches", json=body, headers=owner.headers)).json()
    home = await a_match(house, owner)
    await a_match(house, stranger)
    answer = await client.get("/api/matches", headers=owner.headers)
    assert [match["id"] for match in answer.json()] == [away["id"], home]
    assert answer.headers["X-Total-Count"] == "2"
    page = await client.get("/api/matches?limit=1&offset=1", headers=owner.headers)
    assert [match["id"] for match in page.json()] == [home]


async def test_a_new_match_comes_back_as_it_was_written(client, house):
    owner = await an_owner(house)
    opponent = await a_team(house, owner, name="Opponent")
    event_id = await a_competition(house, owner)
    body = {
        "home_team_id": owner.team_id,
        "away_team_id": opponent,
        "date_time": "2026-08-15T15:30:45.123",
        "venue": " Stade نادي ",
        "event_id": event_id,
        "status": "completed",
        "home_score": 3,
        "away_score": 1,
        "video_anchor_seconds": 12,
        "id": "ignored",
        "home_team_name": "ignored",
    }
    answer = await client.post("/api/matches", json=body, headers=owner.headers)
    assert answer.status_code == 200
    match = answer.json()
    assert set(match) == FIELDS
    assert match["id"] != "ignored"
    assert (match["home_team_name"], match["away_team_name"]) == ("Rovers", "Opponent")
    assert match["date_time"] == "2026-08-15T15:30:45"
    assert (match["status"], match["home_score"], match["away_score"]) == ("completed", 3, 1)
    assert (match["venue"], match["event_id"], match["event_name"]) == ("Stade نادي", event_id, "Cup")
    assert match["video_anchor_seconds"] == 12
    assert (await client.get(f"/api/matches/{match['id']}", headers=owner.headers)).json() == match


async def test_what_is_left_out_or_null_takes_its_usual_value(client, house):
    owner = await an_owner(house)
    body = {
        "home_team_id": owner.team_id,
        "away_team_id": await a_team(house, owner),
        "date_time": "2026-08-15T15:30",
        "venue": "",
        "event_id": "",
        "status": None,
        "home_score": None,
    }
    match = (await client.post("/api/matches", json=body, headers=owner.headers)).json()
    assert (match["status"], match["home_score"], match["away_score"]) == ("upcoming", 0, 0)
    assert (match["venue"], match["event_id"], match["event_name"]) == (None, None, None)
    assert match["video_anchor_seconds"] is None


async def test_a_date_with_an_offset_is_told_in_the_clubs_time(database, keys, tmp_path):
    house = a_house(database, data=tmp_path / "data", keys=keys, club_timezone="Africa/Tunis")
    owner = await an_owner(house)
    body = {"home_team_id": owner.team_id, "away_team_id": await a_team(house, owner)}
    async with client_of(house.app(*CLASSIC)) as client:
        for given, told in {
            "2026-08-15T15:30:00Z": "2026-08-15T16:30:00",
            "2026-08-15T15:30:00+05:00": "2026-08-15T11:30:00",
            "2026-08-15T15:30:00": "2026-08-15T15:30:00",
        }.items():
            answer = await client.post("/api/matches", json={**body, "date_time": given}, headers=owner.headers)
            assert answer.json()["date_time"] == told


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"date_time": "soon"}, "date_time"),
        ({"date_time": None}, "date_time"),
        ({"date_time": "0001-01-01T00:00:00+14:00"}, "date_time"),
        ({"status": "postponed"}, "status"),
        ({"home_score": -1}, "home_score"),
        ({"away_score": 256}, "away_score"),
        ({"home_score": 1.5}, "home_score"),
        ({"video_anchor_seconds": -1}, "video_anchor_seconds"),
        ({"venue": "x" * 101}, "venue"),
        ({"venue": "\x00"}, "venue"),
        ({"home_team_id": None}, "home_team_id"),
    ],
)
async def test_matches_that_make_no_sense_are_refused(small_house, changes, field):
    owner = await an_owner(small_house)
    body = {
        "home_team_id": owner.team_id,
        "away_team_id": await a_team(small_house, owner),
        "date_time": "2026-08-15T15:30:00",
        **changes,
    }
    async with client_of(small_house.app(*CLASSIC)) as client:
        answer = await client.post("/api/matches", json=body, headers=owner.headers)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(f"`{field}`: ")


async def test_a_team_does_not_play_itself(client, house):
    owner = await an_owner(house)
    body = {"home_team_id": owner.team_id, "away_team_id": owner.team_id, "date_time": "2026-08-15T15:30:00"}
    assert (await client.post("/api/matches", json=body, headers=owner.headers)).status_code == 422


async def test_both_sides_must_be_visible_and_one_ones_own(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    coach = await a_staff_member(house, owner)
    shared = [await a_team(house, None, name=name) for name in ("Shared 1", "Shared 2")]
    second = await a_team(house, owner, name="Second")

    async def attempt(who, home, away) -> int:
        body = {"home_team_id": home, "away_team_id": away, "date_time": "2026-08-15T15:30:00"}
        return (await client.post("/api/matches", json=body, headers=who.headers)).status_code

    assert await attempt(owner, owner.team_id, shared[0]) == 200
    assert await attempt(owner, shared[0], second) == 200
    assert await attempt(coach, shared[0], owner.team_id) == 200
    assert await attempt(owner, shared[0], shared[1]) == 403
    assert await attempt(coach, second, shared[0]) == 403
    assert await attempt(owner, owner.team_id, stranger.team_id) == 404
    assert await attempt(owner, owner.team_id, new_id()) == 404


async def test_a_competition_must_be_visible(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    body = {
        "home_team_id": owner.team_id,
        "away_team_id": await a_team(house, owner),
        "date_time": "2026-08-15T15:30:00",
    }
    events = {
        await a_competition(house, owner, "Own"): 200,
        await a_competition(house, None, "Shared"): 200,
        await a_competition(house, stranger, "Foreign"): 404,
        new_id(): 404,
    }
    for event_id, status in events.items():
        answer = await client.post("/api/matches", json={**body, "event_id": event_id}, headers=owner.headers)
        assert answer.status_code == status


async def test_filters_hold_for_home_and_away(client, house):
    owner = await an_owner(house)
    opponent = await a_team(house, owner, name="Opponent")
    cup = await a_competition(house, owner)
    sides = [(owner.team_id, opponent), (opponent, owner.team_id)]
    made = {}
    for home, away in sides:
        for status in ("upcoming", "completed"):
            for event_id in (cup, None):
                body = {
                    "home_team_id": home,
                    "away_team_id": away,
                    "date_time": "2026-08-15T15:30:00",
                    "status": status,
                    "event_id": event_id,
                }
                made[(home, status, event_id)] = (
                    await client.post("/api/matches", json=body, headers=owner.headers)
                ).json()["id"]
    answer = await client.get(f"/api/matches?status=completed&event_id={cup}", headers=owner.headers)
    assert {match["id"] for match in answer.json()} == {made[(home, "completed", cup)] for home, _ in sides}
    assert len((await client.get("/api/matches?status=upcoming", headers=owner.headers)).json()) == 4
    assert (await client.get("/api/matches?status=never", headers=owner.headers)).status_code == 422


async def test_another_clubs_match_is_as_good_as_absent(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    match_id = await a_match(house, owner)
    answer = await client.get(f"/api/matches/{match_id}", headers=stranger.headers)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Match not found."})
    assert (await client.delete(f"/api/matches/{match_id}", headers=stranger.headers)).status_code == 404
    assert (await client.get("/api/matches", headers=stranger.headers)).json() == []
    assert (await client.get("/api/matches/nonsense", headers=owner.headers)).status_code == 404


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [("head_coach", 200, 200), ("assistant_coach", 200, 200), ("analyst", 200, 403), ("player", 200, 403)],
)
async def test_who_may_read_and_write_matches(small_house, role, reads, writes):
    owner = await an_owner(small_house)
    member = await a_staff_member(small_house, owner, role=role)
    match_id = await a_match(small_house, owner)
    body = {
        "home_team_id": owner.team_id,
        "away_team_id": await a_team(small_house, owner),
        "date_time": "2026-08-15T15:30:00",
    }
    async with client_of(small_house.app(*CLASSIC)) as client:
        assert (await client.get(f"/api/matches/{match_id}", headers=member.headers)).status_code == reads
        assert (await client.post("/api/matches", json=body, headers=member.headers)).status_code == writes
        assert (await client.delete(f"/api/matches/{match_id}", headers=member.headers)).status_code == writes


async def test_someone_without_a_team_gets_an_empty_list(client, house):
    nobody = await an_owner(house, team=None)
    answer = await client.get("/api/matches", headers=nobody.headers)
    assert (answer.status_code, answer.json()) == (200, [])
    assert (await client.get(f"/api/matches/{new_id()}", headers=nobody.headers)).status_code == 404


async def test_when_a_match_goes_higher_rooms_react_in_the_same_transaction(house):
    owner = await an_owner(house)
    match_id = await a_match(house, owner)
    seen = []

    async def remember(db, fact) -> None:
        still_there = await db.scalar(select(matches.c.id).where(matches.c.id == fact.match_id))
        seen.append((fact, still_there))

    async def refuse(db, fact) -> None:
        raise RuntimeError

    for reaction, status, left in ((refuse, 500, 1), (remember, 200, 0)):
        extra = room.services(house.settings, reactions=[reaction])
        async with client_of(house.app(*CLASSIC, extra=extra), expects={500}) as client:
            answer = await client.delete(f"/api/matches/{match_id}", headers=owner.headers)
            assert answer.status_code == status
            assert len((await client.get("/api/matches", headers=owner.headers)).json()) == left
    assert seen == [(room.MatchDeleted(match_id), match_id)]


async def test_other_rooms_may_ask_about_matches(house):
    owner, stranger = await an_owner(house), await an_owner(house)
    match_id = await a_match(house, owner)
    async with house.database.begin() as db:
        match = await room.visible_match(db, owner.principal, match_id)
        assert (match.id, match.home_team_id, match.home_color) == (match_id, owner.team_id, "#0000FF")
        assert await room.match_access(db, owner.principal, match_id)
        assert not await room.match_access(db, stranger.principal, match_id)
        with pytest.raises(room.MatchNotFoundError):
            await room.visible_match(db, stranger.principal, match_id)
