"""How many SQL statements a request costs, with one row and with many: never more with more rows."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event, insert

from api.club import a_club
from touchline.features.alerts.tables import tactical_alerts
from touchline.features.analysis.tables import analysis_runs, analysis_segments
from touchline.features.club.tables import players
from touchline.features.identity.tables import teams
from touchline.features.matches.tables import match_events, match_lineups, matches
from touchline.features.performance.tables import player_match_statistics
from touchline.features.planning.tables import match_notes, reunions
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio


@contextmanager
def counted(database):
    """The statements sent to a database while the block runs."""
    sent: list[str] = []

    def remember(connection, cursor, statement, parameters, context, executemany) -> None:
        sent.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", remember)
    try:
        yield sent
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", remember)


# Path, application, most statements (one of them is the caller's own account).
READS = [
    ("/api/teams", "classic", 3),
    ("/api/players", "classic", 3),
    ("/api/matches", "classic", 3),
    ("/api/matches/{match}/details", "classic", 8),
    ("/api/matches/{match}/alerts", "classic", 3),
    ("/api/matches/{match}/notes", "classic", 3),
    ("/api/match_lineups?match_id={match}", "classic", 3),
    ("/api/player_match_statistics?match_id={match}", "classic", 3),
    ("/api/reunions", "classic", 3),
    ("/api/matches/{match}/analysis", "classic", 3),
    ("/api/analysis_history", "analysis", 3),
    ("/api/analysis_status/{run}", "analysis", 3),
]


async def _many(whole, club) -> None:
    """25 rows, and 200 runs with a window each, beside what is there."""
    ids, now = club.ids, whole.clock.now()
    squad = [{"id": new_id(), "team_id": ids["team"], "name": f"Player {n}"} for n in range(25)]
    match = {"match_id": ids["match"]}
    runs = [
        {
            "id": new_id(), "match_id": ids["match"], "input_video_name": "a.mp4", "status": "COMPLETED",
            "options": {}, "outputs": {}, "submitted_at": now, "updated_at": now,
            "generated_by": club.owner.user_id, "team_id": ids["team"],
        }
        for _ in range(200)
    ]  # fmt: skip
    rows = {
        teams: [
            {"id": new_id(), "name": f"T{n}", "user_id": club.owner.user_id, "created_at": now} for n in range(25)
        ],
        players: squad,
        matches: [
            {
                "id": new_id(), "home_team_id": ids["team"], "away_team_id": ids["opponent"],
                "date_time": now.replace(tzinfo=None),
            }
            for _ in range(25)
        ],
        match_events: [
            {"id": new_id(), **match, "player_id": one["id"], "event_type": "goal", "minute": 1} for one in squad
        ],
        match_lineups: [
            {"id": new_id(), **match, "team_id": ids["team"], "is_starting": True, "player_id": one["id"]}
            for one in squad
        ],
        player_match_statistics: [{"id": new_id(), **match, "player_id": one["id"]} for one in squad],
        match_notes: [
            {"id": new_id(), **match, "user_id": club.owner.user_id, "content": "x", "created_at": now}
            for _ in range(25)
        ],
        reunions: [
            {
                "id": new_id(), "team_id": ids["team"], "title": "x", "date": now.replace(tzinfo=None),
                "created_at": now,
            }
            for _ in range(25)
        ],
        tactical_alerts: [
            {
                "id": new_id(), **match, "alert_id": f"a{n}", "timestamp": "1:00", "severity_score": 0.5,
                "severity_label": "HIGH", "context": {}, "created_at": now,
            }
            for n in range(25)
        ],
        analysis_runs: runs,
        analysis_segments: [
            {
                "id": new_id(), "analysis_id": run["id"], "match_id": ids["match"], "segment_index": 0,
                "analysis_json": {}, "created_at": now,
            }
            for run in runs
        ],
    }  # fmt: skip
    async with whole.house.database.begin() as db:
        for table, many in rows.items():
            await db.execute(insert(table), many)


async def test_reads_cost_few_statements_and_no_more_with_more_rows(whole_anywhere):
    whole = whole_anywhere
    club = await a_club(whole, "amber")
    costs = {}
    for rows in ("few", "many"):
        for path, app, _ in READS:
            client = await whole.client(app, token=club.owner.token)
            with counted(whole.house.database) as sent:
                answer = await client.get(path.format(**club.ids))
            assert answer.status_code == 200, (path, answer.text)
            costs[path, rows] = list(sent)
        if rows == "few":
            await _many(whole, club)
    for path, _, most in READS:
        few, many = costs[path, "few"], costs[path, "many"]
        assert len(many) <= most, (path, many)
        assert len(few) == len(many), (path, few, many)


async def test_a_note_costs_three_statements(whole_anywhere):
    whole = whole_anywhere
    club = await a_club(whole, "amber")
    client = await whole.client(token=club.people["coach"].token)
    for has_many in (False, True):
        if has_many:
            await _many(whole, club)
        with counted(whole.house.database) as sent:
            answer = await client.post(f"/api/matches/{club.ids['match']}/notes", json={"content": "Press"})
        assert answer.status_code == 200
        assert len(sent) <= 3, sent
