"""The demo club, read by the mobile client's main screens."""

import base64
import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from factories import an_owner
from touchline.apps.demo_club import DemoClubExistsError, install, numbers
from touchline.apps.demo_club.squads import OPPONENT, OWN
from touchline.apps.demo_club.story import HAPPENINGS
from touchline.features.club.tables import players
from touchline.features.identity.tables import teams, users
from touchline.features.matches import EventType
from touchline.features.matches.tables import matches
from touchline.features.performance.schemas import PlayerStatisticsIn, TeamStatisticsIn

pytestmark = pytest.mark.anyio


async def signed_in(whole, login):
    nobody = await whole.client()
    answer = await nobody.post("/api/token", data={"username": login.email, "password": login.password})
    assert answer.status_code == 200, answer.text
    return await whole.client(token=answer.json()["access_token"])


async def counted(whole, *tables) -> list[int]:
    async with whole.wired.database.begin() as db:
        return [await db.scalar(select(func.count()).select_from(table)) for table in tables]


async def read(client, path: str):
    answer = await client.get(path)
    assert answer.status_code == 200, (path, answer.text)
    return answer.json()


async def test_the_screens_of_the_client_show_the_demo_club(whole_anywhere):
    whole = whole_anywhere
    club = await install(whole.wired)
    owner = await signed_in(whole, club.logins[0])

    (team,) = await read(owner, "/api/teams")
    assert team["name"] == club.team
    opponent = await read(owner, f"/api/teams/by_name/{club.opponent}")
    assert opponent["user_id"] is None
    assert len(await read(owner, "/api/players")) == 11
    roles = [member["role"] for member in await read(owner, "/api/staff")]
    assert sorted(roles) == ["analyst", "assistant_coach", "head_coach", "player"]

    played, following = await read(owner, "/api/matches")
    today = whole.clock.now().replace(tzinfo=None)
    assert (played["id"], played["status"]) == (club.played_match_id, "completed")
    assert (following["id"], following["status"]) == (club.next_match_id, "upcoming")
    assert today - timedelta(days=7) < datetime.fromisoformat(played["date_time"]) < today
    assert today < datetime.fromisoformat(following["date_time"]) < today + timedelta(days=7)

    details = await read(owner, f"/api/matches/{played['id']}/details")
    for side, squad in (("home_lineup", OWN), ("away_lineup", OPPONENT)):
        assert [player["jersey_number"] for player in details[side]["players"]] == sorted(
            member.number for member in squad.members
        )
        assert all(player["position_in_formation"] for player in details[side]["players"])
        assert details[side]["formation"]["name"] == squad.formation
    assert len(details["events"]) == 9
    assert [happened["minute"] for happened in details["events"]] == [happening.minute for happening in HAPPENINGS]
    assert len(details["player_stats"]) == 22
    assert [row["team_id"] for row in details["team_stats"]] == [team["id"], opponent["id"]]
    assert all(value is not None for row in details["team_stats"] for value in row.values())

    before = await read(owner, f"/api/matches/{following['id']}/details")
    assert (before["home_lineup"]["team_name"], before["away_lineup"]["team_name"]) == (OPPONENT.name, OWN.name)
    assert [len(before[side]["players"]) for side in ("home_lineup", "away_lineup")] == [11, 11]
    assert (before["events"], before["player_stats"]) == ([], [])

    notes = await read(owner, f"/api/matches/{played['id']}/notes")
    assert len(notes) == 4
    assert {note["author_role"] for note in notes} == {"head_coach", "analyst", "Owner"}
    alerts = await read(owner, f"/api/matches/{played['id']}/alerts")
    told = [
        (alert["severity_score"], alert["severity_label"], alert["timestamp"], alert["match_time"]) for alert in alerts
    ]
    assert told == [
        (0.85, "CRITICAL", "15:00", 900.0),
        (0.65, "HIGH", "35:20", 2120.0),
        (0.45, "MODERATE", "55:45", 3345.0),
    ]
    (report,) = await read(owner, f"/api/analysis_reports?match_id={played['id']}")
    clips = await read(owner, f"/api/video_segments?match_id={played['id']}")
    assert [clip["analysis_report_id"] for clip in clips] == [None, report["id"]]
    goals = {event["id"] for event in details["events"] if event["event_type"] == "goal"}
    assert {clip["event_id"] for clip in clips} <= goals
    for path in ("/api/reunions", "/api/training_sessions"):
        assert len(await read(owner, path)) == 3


async def test_everybody_of_the_demo_club_signs_in_with_his_role(whole):
    club = await install(whole.wired)
    assert [login.role.value for login in club.logins] == [
        "account_manager", "coach", "assistant_coach", "analyst", "player",
    ]  # fmt: skip
    assert len({login.password for login in club.logins}) == 5
    for login in club.logins:
        person = await signed_in(whole, login)
        payload = person.headers["Authorization"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
        assert (claims["sub"], claims["app_role"]) == (login.email, login.role.value)
        assert (await read(person, "/api/users/me"))["full_name"] == login.name
        assert len(await read(person, "/api/matches")) == 2


async def test_a_second_demo_club_is_refused_and_leaves_no_trace(whole_anywhere):
    whole = whole_anywhere
    first = await install(whole.wired)
    with pytest.raises(DemoClubExistsError, match=first.logins[0].email):
        await install(whole.wired)
    assert await counted(whole, users, teams, players, matches) == [5, 2, 22, 2]


async def test_when_a_part_cannot_be_written_nothing_is(whole_anywhere):
    whole = whole_anywhere
    await an_owner(whole.house, email="analyst@demo.example")
    with pytest.raises(DemoClubExistsError, match="already: analyst@demo"):
        await install(whole.wired)
    assert await counted(whole, users, teams, players, matches) == [1, 1, 0, 0]


def test_the_figures_add_up_and_fit_the_doors():
    ours, theirs = numbers.of_players(OWN, OPPONENT)
    assert (ours, theirs) == numbers.of_players(OWN, OPPONENT)
    goals = [
        sum(happening.kind is EventType.GOAL and happening.is_own is is_own for happening in HAPPENINGS)
        for is_own in (True, False)
    ]
    assert goals == [2, 1]
    for players_of, others, scored, squad in ((ours, theirs, goals[0], OWN), (theirs, ours, goals[1], OPPONENT)):
        on_target = sum(figures["shots_on_target"] for figures in players_of)
        assert on_target == scored + others[0]["saves"]
        assert sum(figures["fouls_committed"] for figures in players_of) == sum(
            figures["fouls_suffered"] for figures in others
        )
        for figures in players_of:
            assert figures["shots_on_target"] <= figures["shots"]
            assert figures["accurate_passes"] <= figures["passes"]
            assert figures["avg_speed_kmh"] < figures["max_speed_kmh"]
            assert PlayerStatisticsIn(match_id="m", player_id="p", **figures).figures() == figures
        ids = [str(member.number) for member in squad.members]
        of_team = numbers.of_team(squad, players_of, ids, is_home=squad is OWN)
        assert of_team["total_shots"] == sum(figures["shots"] for figures in players_of)
        assert TeamStatisticsIn(**of_team).figures() == of_team
    sent_off = theirs[[member.number for member in OPPONENT.members].index(5)]
    assert sent_off["minutes_played"] == 84
