"""A house with a season in it, served for the load of `bench.api`.

python -m bench.api_server DATA [DATABASE_URL]      prints its addresses and ids once it serves
"""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import insert

from touchline.apps import analysis, classic, migrate
from touchline.apps.schema import metadata
from touchline.apps.serving import http_server, run_together
from touchline.apps.sockets import listen
from touchline.apps.wiring import House, opened, wire
from touchline.foundation.clock import SystemClock
from touchline.foundation.db import Connection
from touchline.foundation.ids import new_id
from touchline.foundation.settings import Settings

EMAIL, PASSWORD = "coach@bench.example", "long enough"
PLAYERS, MATCHES, RUNS = 25, 20, 200


async def serve(settings: Settings) -> None:
    wired = wire(settings)
    async with opened(wired, engine=False):
        match_id = await _season(wired)
        doors = [listen("127.0.0.1", None, default=0, flag="") for _ in range(2)]

        async def announce() -> None:
            print(f"Classic API  {doors[0].url}\nAnalysis API  {doors[1].url}\nMatch  {match_id}", flush=True)

        servers = [
            (http_server(classic.create_app(wired)), doors[0]),
            (http_server(analysis.create_app(wired)), doors[1]),
        ]
        await run_together(servers, when_ready=announce)


async def _season(wired: House) -> str:
    """An owner with a squad, an opponent, matches with one written up, and runs; returns the written-up match's id."""
    async with wired.database.begin() as db:
        owner = await wired.identity.create_owner(db, email=EMAIL, password=PASSWORD)
        team = str(await db.scalar(metadata.tables["teams"].select().with_only_columns(metadata.tables["teams"].c.id)))
        now = SystemClock().now()
        opponent = new_id()
        await _insert(db, "teams", [{"id": opponent, "name": "Hill Rovers", "user_id": None, "created_at": now}])
        squads = {
            side: [
                {"id": new_id(), "team_id": side, "name": f"Player {number:02}", "position": "MID"}
                | {"jersey_number": number, "nationality": "Tunisia", "country_code": "TN"}
                for number in range(1, PLAYERS + 1)
            ]
            for side in (team, opponent)
        }
        # The opponent is shared, so its eleven are not in the list of the owner's players.
        squads[opponent] = squads[opponent][:11]
        await _insert(db, "players", [player for squad in squads.values() for player in squad])
        kick_off = now.replace(tzinfo=None, microsecond=0)
        played = [
            {"id": new_id(), "home_team_id": team, "away_team_id": opponent, "status": "completed"}
            | {"date_time": kick_off - timedelta(days=7 * week), "home_score": 1, "away_score": 0}
            for week in range(MATCHES)
        ]
        await _insert(db, "matches", played)
        match_id = str(played[0]["id"])
        await _write_up(db, match_id, squads)
        runs = [
            {"id": new_id(), "match_id": match_id, "is_adhoc": False, "input_video_name": "half.mp4"}
            | {"input_video_path": f"temp_uploads/{index}_1.mp4", "options": {}, "status": "COMPLETED", "progress": 1}
            | {"outputs": {"total_frames": 13500, "fps": 5.0, "tracking_video_path": f"outputs/{index}/tracking.mp4"}}
            | {"submitted_at": now - timedelta(hours=index), "updated_at": now, "completed_at": now}
            | {"generated_by": owner, "team_id": team}
            for index in range(RUNS)
        ]
        await _insert(db, "analysis_runs", runs)
    return match_id


async def _write_up(db: Connection, match_id: str, squads: dict[str, list[dict[str, object]]]) -> None:
    for team_id, squad in squads.items():
        starters = squad[:11]
        await _insert(
            db,
            "match_lineups",
            [
                {"id": new_id(), "match_id": match_id, "team_id": team_id, "player_id": player["id"]}
                | {"is_starting": True, "position_in_formation": "0.5000,0.9000"}
                for player in starters
            ],
        )
        await _insert(
            db,
            "player_match_statistics",
            [
                {"id": new_id(), "match_id": match_id, "player_id": player["id"], "minutes_played": 90, "rating": 7.5}
                for player in starters
            ],
        )
        await _insert(
            db,
            "match_team_statistics",
            [{"id": new_id(), "match_id": match_id, "team_id": team_id, "possession_percentage": 50, "pressures": 120}],
        )
        await _insert(
            db,
            "match_events",
            [
                {"id": new_id(), "match_id": match_id, "player_id": starters[index]["id"], "event_type": "goal"}
                | {"minute": 10 * index}
                for index in range(4)
            ],
        )


async def _insert(db: Connection, table: str, rows: list[dict[str, object]]) -> None:
    await db.execute(insert(metadata.tables[table]), rows)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    given: dict[str, Any] = {"database_url": sys.argv[2]} if len(sys.argv) > 2 else {}
    configured = Settings(touchline_data=folder, rate_limits="off", log_level="WARNING", **given)
    migrate.upgrade(configured.db_url)
    uvloop.run(serve(configured))
