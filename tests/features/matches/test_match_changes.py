"""What may be changed about a match, where it begins in its video, and what goes with it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from factories import a_match, a_staff_member, a_team, an_owner
from houses import CLASSIC, client_of
from touchline.features.alerts.tables import alert_suppressions, decision_feedback, tactical_alerts, ws_grants
from touchline.features.analysis.tables import analysis_runs, analysis_segments, tracking_profiles
from touchline.features.identity.access import TeamWrites
from touchline.features.matches.tables import analysis_reports, match_events, match_lineups, video_segments
from touchline.features.performance.tables import match_team_statistics, player_match_statistics
from touchline.features.planning.tables import match_notes
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio


def url(game, rest="") -> str:
    return f"/api/matches/{game.match_id}{rest}"


async def put(game, who=None, **changes):
    return await game.client.put(url(game), json=changes, headers=(who or game.owner).headers)


async def anchor(game, seconds, *, who=None, query=""):
    return await game.client.post(
        url(game, f"/video-anchor{query}"),
        json={"video_anchor_seconds": seconds},
        headers=(who or game.owner).headers,
    )


async def test_a_client_echoes_the_whole_match_and_only_what_it_changed_changes(game):
    await anchor(game, 12)
    was = (await game.client.get(url(game), headers=game.coach.headers)).json()
    answer = await put(game, game.coach, **{**was, "home_score": 2, "venue": "", "video_anchor_seconds": 99})
    assert answer.status_code == 200
    assert answer.json() == {**was, "home_score": 2, "venue": None}
    assert (await game.client.get(url(game), headers=game.coach.headers)).json() == answer.json()


async def test_what_a_change_leaves_out_stays(game):
    await put(game, date_time="2026-08-15T15:30:00", venue="Park", status="live", home_score=3, away_score=1)
    answer = await put(game, away_score=2)
    match = answer.json()
    assert (match["date_time"], match["venue"], match["status"]) == ("2026-08-15T15:30:00", "Park", "live")
    assert (match["home_score"], match["away_score"]) == (3, 2)
    assert (await put(game)).json() == match
    assert (await put(game, status=None, home_score=None)).json() == match


async def test_a_side_may_be_changed_while_one_stays_ones_own(game):
    shared = await a_team(game.house, None, name="Shared")
    assert (await put(game, away_team_id=shared)).json()["away_team_name"] == "Shared"
    swapped = (await put(game, home_team_id=shared, away_team_id=game.home_id)).json()
    assert (swapped["home_team_id"], swapped["away_team_id"]) == (shared, game.home_id)
    refusals = {
        (await a_team(game.house, None, name="Other"), "away_team_id"): 403,
        (game.rival.team_id, "home_team_id"): 404,
        (new_id(), "home_team_id"): 404,
        (game.home_id, "home_team_id"): 422,
    }
    for (team_id, side), status in refusals.items():
        assert (await put(game, **{side: team_id})).status_code == status
    assert (await game.client.get(url(game), headers=game.owner.headers)).json() == swapped


async def test_a_team_with_a_line_up_or_statistics_cannot_leave(game):
    shared = await a_team(game.house, None, name="Shared")
    lineup = {
        "match_id": game.match_id,
        "team_id": game.opponent_id,
        "player_id": game.away_player_id,
        "is_starting": True,
    }
    made = await game.client.post("/api/match_lineups", json=lineup, headers=game.owner.headers)
    refused = await put(game, away_team_id=shared)
    assert (refused.status_code, "line-up" in refused.json()["detail"]) == (409, True)
    await game.client.delete(f"/api/match_lineups/{made.json()['id']}", headers=game.owner.headers)
    path = url(game, f"/team_statistics/{game.opponent_id}")
    await game.client.put(path, json={"total_shots": 3}, headers=game.owner.headers)
    refused = await put(game, away_team_id=shared)
    assert (refused.status_code, "statistics" in refused.json()["detail"]) == (409, True)
    assert (await put(game, home_team_id=game.opponent_id, away_team_id=game.home_id)).status_code == 200


async def test_a_changed_competition_must_be_visible(game):
    own, foreign = [
        (await game.client.post("/api/events", json={"name": "Cup"}, headers=who.headers)).json()["id"]
        for who in (game.owner, game.rival)
    ]
    assert (await put(game, event_id=own)).json()["event_name"] == "Cup"
    assert (await put(game, event_id=foreign)).status_code == 404
    assert (await put(game, event_id=None)).json()["event_id"] is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"date_time": None}, "date_time"),
        ({"date_time": "0001-01-01T00:00:00+14:00"}, "date_time"),
        ({"home_team_id": None}, "home_team_id"),
        ({"home_score": 256}, "home_score"),
        ({"status": "over"}, "status"),
        ({"venue": "x" * 101}, "venue"),
    ],
)
async def test_changes_that_make_no_sense_are_refused(small_house, changes, field):
    owner = await an_owner(small_house)
    match_id = await a_match(small_house, owner)
    async with client_of(small_house.app(*CLASSIC)) as client:
        answer = await client.put(f"/api/matches/{match_id}", json=changes, headers=owner.headers)
    assert (answer.status_code, answer.json()["detail"].split(":")[0]) == (422, f"`{field}`")


async def test_strangers_and_readers_change_no_match(game):
    calls = (("PUT", "", {"home_score": 9}), ("POST", "/video-anchor", {"video_anchor_seconds": 5}))
    for method, rest, body in (*calls, ("POST", "/video-anchor/reset", None)):
        for headers, status in ((None, 401), (game.player.headers, 403), (game.rival.headers, 404)):
            answer = await game.client.request(method, url(game, rest), json=body, headers=headers)
            assert answer.status_code == status
    absent = await game.client.put(f"/api/matches/{new_id()}", json={}, headers=game.rival.headers)
    assert absent.json() == (await put(game, game.rival)).json()
    match = (await game.client.get(url(game), headers=game.owner.headers)).json()
    assert (match["home_score"], match["video_anchor_seconds"]) == (0, None)


# --- the anchor


async def test_an_anchor_is_set_once_and_only_the_owner_replaces_it(game):
    answer = await anchor(game, 95, who=game.analyst, query="?force=false")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "video_anchor_seconds": 95})
    again = await anchor(game, 96)
    assert (again.status_code, again.json()["detail"]) == (409, "The anchor is set; pass force=true to replace it.")
    assert (await anchor(game, 96, who=game.coach, query="?force=true")).status_code == 403
    assert (await anchor(game, 0, query="?force=true")).json()["video_anchor_seconds"] == 0
    assert (await anchor(game, 1)).status_code == 409  # the first second is as good an anchor as any


async def test_an_anchor_is_forgotten_whatever_the_body(game):
    for body in (b"null", b"", b"{}"):
        await anchor(game, 95)
        answer = await game.client.post(
            url(game, "/video-anchor/reset"),
            content=body,
            headers={**game.owner.headers, "Content-Type": "application/json; charset=UTF-8"},
        )
        assert (answer.status_code, answer.json()) == (200, {"status": "ok", "video_anchor_seconds": None})
        match = (await game.client.get(url(game), headers=game.owner.headers)).json()
        assert match["video_anchor_seconds"] is None
    refused = await game.client.post(url(game, "/video-anchor/reset"), json=None, headers=game.coach.headers)
    assert refused.status_code == 403


@pytest.mark.parametrize("seconds", [-1, 2**31, 2**63, 1.5, "x", None, [], "NaN", True])
async def test_an_anchor_is_a_whole_second_of_the_video(small_house, seconds):
    owner = await an_owner(small_house)
    path = f"/api/matches/{await a_match(small_house, owner)}/video-anchor"
    async with client_of(small_house.app(*CLASSIC)) as client:
        answer = await client.post(path, json={"video_anchor_seconds": seconds}, headers=owner.headers)
    assert answer.status_code == 422


async def test_of_several_people_who_set_an_anchor_at_once_one_is_heard(game):
    answers = await asyncio.gather(*(anchor(game, 10 + number) for number in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5
    heard = next(answer for answer in answers if answer.status_code == 200)
    match = (await game.client.get(url(game), headers=game.owner.headers)).json()
    assert match["video_anchor_seconds"] == heard.json()["video_anchor_seconds"]


async def test_only_managers_write_matches_where_the_setting_says_so(small_house):
    strict = small_house.app(*CLASSIC, extra={TeamWrites: TeamWrites(by_managers_only=True)})
    owner = await an_owner(small_house)
    coach = await a_staff_member(small_house, owner)
    match_id = await a_match(small_house, owner)
    async with client_of(strict) as client:
        path = f"/api/matches/{match_id}"
        assert (await client.put(path, json={"home_score": 1}, headers=coach.headers)).status_code == 403
        assert (await client.put(path, json={"home_score": 1}, headers=owner.headers)).status_code == 200
        body = {"video_anchor_seconds": 5}
        assert (await client.post(f"{path}/video-anchor", json=body, headers=coach.headers)).status_code == 200


# --- what goes with a match


async def test_a_match_takes_everything_along_that_belongs_to_it(game):
    kept = await a_match(game.house, game.owner)
    await _hang_everything_on(game, game.match_id)
    await _hang_everything_on(game, kept)
    assert (await game.client.delete(url(game), headers=game.coach.headers)).status_code == 200
    assert (await game.client.delete(url(game), headers=game.coach.headers)).status_code == 404
    gone = (
        match_events, match_lineups, video_segments, analysis_reports, player_match_statistics, match_team_statistics,
        match_notes, tracking_profiles, tactical_alerts, alert_suppressions, ws_grants,
    )  # fmt: skip
    for table in gone:
        assert await _count(game, table, game.match_id) == 0, table.name
        assert await _count(game, table, kept) == 1, table.name
    assert await _count(game, decision_feedback, game.match_id) == 1  # what somebody decided stays for the metrics


async def test_a_run_outlives_its_match_with_windows_and_alerts(game):
    await _hang_everything_on(game, game.match_id)
    run_id = new_id()
    now = game.house.clock.now()
    async with game.house.database.begin() as db:
        await db.execute(
            insert(analysis_runs).values(
                id=run_id,
                match_id=game.match_id,
                input_video_name="a.mp4",
                options={},
                outputs={},
                submitted_at=now,
                updated_at=now,
                generated_by=game.coach.user_id,
                team_id=game.home_id,
            )
        )
        await db.execute(
            insert(analysis_segments).values(
                id=new_id(),
                analysis_id=run_id,
                match_id=game.match_id,
                segment_index=0,
                analysis_json={},
                created_at=now,
            )
        )
    assert (await game.client.delete(url(game), headers=game.owner.headers)).status_code == 200
    for table, left in {match_notes: 0, tracking_profiles: 0, tactical_alerts: 1, analysis_segments: 1}.items():
        assert await _count(game, table, game.match_id) == left, table.name
    async with game.house.database.begin() as db:
        assert await db.scalar(select(analysis_runs.c.is_adhoc).where(analysis_runs.c.id == run_id)) is True


async def _hang_everything_on(game, match_id) -> None:
    now, run_id = game.house.clock.now(), new_id()
    of_match = {"id": new_id(), "match_id": match_id}
    feedback = {"decision_id": "d1", "decision_type": "PRESS", "action": "DISMISS", "severity_at_time": 0.5}
    alert = {"alert_id": "d1", "decision_id": "d1", "timestamp": "10:00", "severity_score": 0.5}
    rows = {
        match_events: {"event_type": "goal", "minute": 3, "player_id": game.home_player_id},
        match_lineups: {"team_id": game.home_id, "player_id": game.home_player_id, "is_starting": True},
        analysis_reports: {"generated_at": now},
        video_segments: {"event_id": of_match["id"], "analysis_report_id": of_match["id"], "start_time_sec": 1,
                         "end_time_sec": 2},
        player_match_statistics: {"player_id": game.home_player_id},
        match_team_statistics: {"team_id": game.home_id},
        match_notes: {"user_id": game.coach.user_id, "content": "Press higher.", "created_at": now},
        tracking_profiles: {"name": "Mast", "engine_settings": {}, "created_at": now},
        tactical_alerts: {**alert, "run_id": run_id, "severity_label": "MODERATE", "context": {}, "created_at": now},
        decision_feedback: {"user_id": game.coach.user_id, **feedback, "created_at": now},
    }  # fmt: skip
    async with game.house.database.begin() as db:
        for table, columns in rows.items():
            await db.execute(insert(table).values(**of_match, **columns))
        await db.execute(insert(alert_suppressions).values(match_id=match_id, decision_type="PRESS", remaining=2))
        grant = {"client_address": "10.0.0.1", "user_id": game.coach.user_id, "expires_at": now + timedelta(seconds=60)}
        await db.execute(insert(ws_grants).values(match_id=match_id, **grant))


async def _count(game, table, match_id) -> int:
    async with game.house.database.begin() as db:
        return int(await db.scalar(select(func.count()).select_from(table).where(table.c.match_id == match_id)) or 0)
