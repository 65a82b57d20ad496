"""A whole club in rows: everybody who works there, and at least one row of every kind, with a word of its own in each text."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert

from factories import Person, a_staff_member, an_owner, person
from touchline.features.alerts.tables import alert_suppressions, decision_feedback, tactical_alerts
from touchline.features.analysis.tables import analysis_runs, analysis_segments, camera_configs, tracking_profiles
from touchline.features.assistant.tables import system_modes, tactical_insights
from touchline.features.club.tables import events, formations, players
from touchline.features.identity.tables import staff, teams, users
from touchline.features.matches.tables import analysis_reports, match_events, match_lineups, matches, video_segments
from touchline.features.performance.tables import match_team_statistics, player_match_statistics
from touchline.features.planning.tables import match_notes, reunions, training_sessions
from touchline.foundation.ids import new_id
from whole import Whole

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
KICKOFF = datetime(2026, 5, 9, 15, 30)
STAFF = {"coach": "head_coach", "assistant_coach": "assistant_coach", "analyst": "analyst", "player": "player"}


@dataclass
class Club:
    """word: stands in every text of this club and nowhere else. ids: one row of each kind, by the name of the kind."""

    word: str
    people: dict[str, Person] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)

    @property
    def owner(self) -> Person:
        return self.people["account_manager"]


async def a_club(whole: Whole, word: str) -> Club:
    """A club with an owner, four staff, an account without a team, and rows of every kind."""
    club = Club(word)
    house = whole.house
    owner = await an_owner(house, email=f"owner@{word}.example", team=f"{word} Rovers", full_name=f"{word} Owner")
    club.people["account_manager"] = owner
    for role, post in STAFF.items():
        club.people[role] = await a_staff_member(house, owner, role=post, full_name=f"{word} {role}")
    rows = _Rows(whole, club)
    teamless = rows.add(
        users,
        "spare_user",
        email=f"spare@{word}.example",
        password_hash="x",
        full_name=f"{word} spare",
        user_type="staff",
        created_by=owner.user_id,
    )
    _club(rows, owner)
    _matches(rows, owner)
    _planning(rows, owner)
    _analysis(rows, owner)
    _alerts_and_memory(rows, owner)
    await rows.write()
    club.people["teamless"] = await person(house, teamless)
    for kind, path in club.paths.items():
        whole.put_file(path, MP4 + word.encode() if path.endswith(".mp4") else f'{{"{kind}": "{word}"}}'.encode())
    return club


class _Rows:
    """Collects rows; written in one transaction, table by table."""

    def __init__(self, whole: Whole, club: Club) -> None:
        self.whole = whole
        self.club = club
        self.waiting: list[tuple[Table, dict[str, Any]]] = []
        self.now = whole.clock.now()

    def text(self, what: str) -> str:
        return f"{self.club.word} {what}"

    def add(self, table: Table, kind: str, **values: Any) -> str:
        row = {"id": new_id(), **values}
        if "created_at" in table.c:
            row.setdefault("created_at", self.now)
        if "id" not in table.c:
            del row["id"]
        self.waiting.append((table, row))
        self.club.ids[kind] = str(row.get("id", ""))
        return self.club.ids[kind]

    async def write(self) -> None:
        async with self.whole.house.database.begin() as db:
            for table, row in self.waiting:
                await db.execute(insert(table).values(**row))


def _club(rows: _Rows, owner: Person) -> None:
    ids = rows.club.ids
    ids["team"] = owner.team_id
    rows.add(teams, "opponent", name=rows.text("Visitors"), user_id=owner.user_id)
    rows.add(teams, "spare_team", name=rows.text("Spares"), user_id=owner.user_id)
    rows.add(staff, "staff", team_id=ids["team"], name=rows.text("Physio"), role="physio", email=rows.text("p@x"))
    ids["user"] = rows.club.people["coach"].user_id
    for kind, number in (("player", 9), ("spare_player", 10)):
        rows.add(
            players,
            kind,
            team_id=ids["team"],
            name=rows.text(kind),
            position="FWD",
            jersey_number=number,
            nationality=rows.text("n"),
            image_url=f"/static/images/players/{rows.club.word}.png",
        )
    rows.add(events, "competition", name=rows.text("Cup"), owner_id=owner.user_id)
    rows.add(
        formations,
        "formation",
        name=rows.text("4-4-2"),
        description=rows.text("flat"),
        positions=[[rows.text("p"), 0.5]],
        user_id=owner.user_id,
    )


def _matches(rows: _Rows, owner: Person) -> None:
    ids = rows.club.ids
    for kind in ("match", "spare_match"):
        rows.add(
            matches,
            kind,
            home_team_id=ids["team"],
            away_team_id=ids["opponent"],
            date_time=KICKOFF,
            venue=rows.text("Ground"),
            status="completed",
            home_score=2,
            event_id=ids["competition"],
        )
    match = {"match_id": ids["match"]}
    rows.add(
        match_events,
        "match_event",
        **match,
        player_id=ids["player"],
        event_type="goal",
        minute=12,
        coordinates=rows.text("c"),
    )
    rows.add(
        match_lineups,
        "lineup",
        **match,
        team_id=ids["team"],
        formation_id=ids["formation"],
        is_starting=True,
        player_id=ids["player"],
        position_in_formation="0.5000,0.2000",
    )
    rows.add(
        player_match_statistics, "statistics", **match, player_id=ids["player"], notes=rows.text("stat"), rating=7.5
    )
    rows.add(
        match_team_statistics,
        "team_statistics",
        **match,
        team_id=ids["team"],
        total_shots=3,
        tactical_weakness_data={"reason": rows.text("weak"), "exposed_defender": "x", "weak_side": "left"},
    )
    rows.add(
        analysis_reports,
        "report",
        **match,
        report_type=rows.text("r"),
        report_data={"text": rows.text("report")},
        generated_at=rows.now,
        generated_by=owner.user_id,
    )
    rows.add(
        video_segments,
        "clip",
        **match,
        event_id=ids["match_event"],
        analysis_report_id=ids["report"],
        start_time_sec=1,
        end_time_sec=2,
        description=rows.text("clip"),
        video_url=f"https://{rows.club.word}.example/v.mp4",
    )


def _planning(rows: _Rows, owner: Person) -> None:
    ids = rows.club.ids
    for role, author in rows.club.people.items():
        rows.add(
            match_notes, f"note_of_{role}", match_id=ids["match"], user_id=author.user_id, content=rows.text("note")
        )
    ids["note"] = ids["note_of_account_manager"]
    planned = {"team_id": ids["team"], "title": rows.text("plan"), "date": KICKOFF, "icon_name": rows.text("i")}
    rows.add(reunions, "reunion", **planned, location=rows.text("room"))
    rows.add(training_sessions, "session", **planned, focus=rows.text("focus"))


def _analysis(rows: _Rows, owner: Person) -> None:
    ids, paths = rows.club.ids, rows.club.paths
    for kind, status, match_id in (
        ("run", "COMPLETED", ids["match"]),
        ("active_run", "PROCESSING", ids["spare_match"]),
        ("adhoc_run", "COMPLETED", new_id()),
    ):
        run_id = new_id()
        folder = f"outputs/analysis_{run_id}_20260502_140000"
        paths |= {
            f"{kind}_upload": f"temp_uploads/{run_id}_1.mp4",
            f"{kind}_video": f"{folder}/tracking_output.mp4",
            f"{kind}_json": f"{folder}/analytics/possession_analysis_results.json",
        }
        rows.add(
            analysis_runs,
            kind,
            id=run_id,
            match_id=match_id,
            is_adhoc=kind == "adhoc_run",
            input_video_name=f"{rows.club.word}.mp4",
            input_video_path=paths[f"{kind}_upload"],
            status=status,
            progress=1 if status == "COMPLETED" else 0.5,
            message=rows.text("message"),
            options={},
            outputs={
                "tracking_video_path": paths[f"{kind}_video"],
                "possession_analysis_path": paths[f"{kind}_json"],
            },
            live_stats={"7": {"distance": 12.5}},
            submitted_at=rows.now,
            updated_at=rows.now,
            generated_by=owner.user_id,
            team_id=ids["team"],
        )
        ids[f"{kind}_match"] = match_id
        rows.add(
            analysis_segments,
            f"{kind}_segment",
            analysis_id=run_id,
            match_id=match_id,
            segment_index=0,
            end_sec=60,
            analysis_json={"team_a": {}, "team_b": {}, "tactical_narrative": rows.text("story")},
            recommendation=rows.text("advice"),
            status="COMPLETED",
        )
    for kind, match_id in (("profile", ids["match"]), ("own_profile", None)):
        rows.add(
            tracking_profiles,
            kind,
            match_id=match_id,
            name=rows.text("profile"),
            engine_settings={"note": rows.text("e")},
            created_by=owner.user_id,
        )
        rows.add(
            camera_configs,
            f"{kind}_camera",
            profile_id=ids[kind],
            label=rows.text("cam"),
            video_source=rows.text("src"),
            calibration_json=[],
            roi_json=[],
            order_index=0,
        )


def _alerts_and_memory(rows: _Rows, owner: Person) -> None:
    ids = rows.club.ids
    for kind, match_id, run_id in (
        ("alert", ids["match"], ids["run"]),
        ("adhoc_alert", ids["adhoc_run_match"], ids["adhoc_run"]),
    ):
        rows.add(
            tactical_alerts,
            kind,
            match_id=match_id,
            run_id=run_id,
            alert_id=f"{rows.club.word}-{kind}",
            decision_id=f"{rows.club.word}-{kind}-decision",
            timestamp="12:00",
            match_time=720.0,
            severity_score=0.5,
            severity_label="MODERATE",
            category=rows.text("cat"),
            decision_type=rows.text("type"),
            recommended_action=rows.text("do"),
            action=rows.text("act"),
            context={"analysis": {"tactical_narrative": rows.text("context")}},
        )
    ids["alert_id"] = f"{rows.club.word}-alert"
    ids["decision_id"] = f"{rows.club.word}-alert-decision"
    rows.add(alert_suppressions, "suppression", match_id=ids["match"], decision_type=rows.text("other"), remaining=2)
    rows.add(
        decision_feedback,
        "feedback",
        user_id=owner.user_id,
        match_id=ids["match"],
        decision_id=f"{rows.club.word}-earlier",
        decision_type=rows.text("type"),
        action="ACCEPT",
        severity_at_time=0.5,
    )
    rows.add(
        tactical_insights,
        "insight",
        user_id=owner.user_id,
        insight_type="trend",
        subject_type="player",
        subject_id=ids["player"],
        metric_name="average_rating",
        metric_value=7.5,
        window_definition="last_5_matches",
        match_range=rows.text("range"),
        insight_hash=new_id() + new_id()[:28],
    )
    rows.add(system_modes, "mode", owner_id=owner.user_id, mode="assistant", updated_at=rows.now)
