"""The existing mobile client, replayed: its exact requests and its strict parsers, from registration to the assistant.

Both applications run in one process; the engine is a stand-in that says what a script says, through the messages of the
protocol, and in one form of the journey fills only what the first thirteen fields hold. Owner and staff walk the same
screens, with one team and with two, with and without a model.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from api.contract import ROUTES
from api.valid import PNG
from api.walk import shape
from houses import client_of
from journeys import mobile_parsers as read
from journeys.mobile_client import ApiError, MobileClient
from live import LiveSocket, LiveStream
from run_world import a_segment, an_alert
from touchline.football.updates import AnalysisRequest, AnalysisResult, Finished, Progress, TrackingVideoReady, Update
from touchline.protocol import analysis_pb2 as pb
from touchline.protocol.responses import update_from_message, update_to_message
from whole import Whole, a_whole_house

pytestmark = pytest.mark.anyio

VIDEO = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(range(256)) * 40
PASSWORD, NEW_PASSWORD = "hunter22", "hunter23"
PRESETS = {
    "4-3-3", "4-4-2", "3-4-3", "3-5-2", "4-2-4", "4-2-3-1", "4-4-1-1", "4-2-2-2 (Narrow)", "5-3-2", "5-4-1", "4-5-1",
    "4-1-4-1", "4-2-2-2 (Brazil)", "3-2-2-3", "3-3-1-3", "4-4-2 Diamond",
}  # fmt: skip
OPTIONS = {
    "confidence_threshold": "0.5", "ball_confidence": "0.3", "max_lost_frames": "15", "enable_reid": "false",
    "target_team": "Both", "camera_count": "1", "camera_type": "TV Camera",
}  # fmt: skip
FILES = {
    "tracking_video_path": ("tracking_output.mp4", VIDEO),
    "tracking_json_path": ("tracking_results.json", b'{"frames": []}'),
    "possession_analysis_path": (
        "analytics/possession_analysis_results.json",
        b'{"possession_percentage": {"team_a": 55.5, "team_b": 44.5}, "events": []}',
    ),
    "tactical_advisory_path": ("analytics/tactical_advisory.json", b'{"advisories": []}'),
}


@dataclass(frozen=True)
class Form:
    """How the journey is made: a second team, a model, an engine of the first thirteen fields only."""

    has_two_teams: bool
    has_model: bool
    is_old_engine: bool


FORMS = {
    "one team, no model": Form(has_two_teams=False, has_model=False, is_old_engine=False),
    "one team, a model, an old engine": Form(has_two_teams=False, has_model=True, is_old_engine=True),
    "two teams, a model": Form(has_two_teams=True, has_model=True, is_old_engine=False),
    "two teams, no model, an old engine": Form(has_two_teams=True, has_model=False, is_old_engine=True),
}


class StandInEngine:
    """Says a script through the messages of the protocol; an old one fills only what they held at first."""

    def __init__(self, whole: Whole, *, is_old: bool) -> None:
        self.whole = whole
        self.is_old = is_old
        self.may_go_on = asyncio.Event()
        self.requests: list[AnalysisRequest] = []

    async def say(self, request: AnalysisRequest) -> AsyncIterator[Update]:
        self.requests.append(request)
        for update in self._first(request):
            yield self._through_the_wire(update, request)
        await self.may_go_on.wait()
        for number in (3, 4):
            yield self._through_the_wire(a_segment(number), request)
        paths = {}
        for key, (name, content) in FILES.items():
            paths[key] = f"{request.output_dir}/{name}"
            self.whole.put_file(paths[key], content)
        result = AnalysisResult(run_id=request.run_id, total_frames=140, players_tracked=22, fps=25.0, **paths)
        yield self._through_the_wire(Finished(result, "Done"), request)

    def _first(self, request: AnalysisRequest) -> list[Update]:
        video = f"{request.output_dir}/tracking_output.mp4"
        self.whole.put_file(video, VIDEO)
        severities = (0.85, 0.65, 0.45)
        alerts: list[Update] = [
            replace(
                an_alert(f"a{number}", severity_score=severity, severity_label="HIGH"),
                timestamp=f"{number + 1}0:00-{number + 1}1:00",
                match_time=600.0 * (number + 1),
                decision_id=f"d{number}",
                context={"players": [{"id": 7, "x": 10.0, "y": 20.0, "team": "A"}]},
            )
            for number, severity in enumerate(severities)
        ]
        return [
            Progress(0.05, "Queued at the engine", status="QUEUED"),
            Progress(0.1, "Reading the video", {"7": {"distance": 12.5}}),
            TrackingVideoReady(video, 140),
            a_segment(0),
            alerts[0],
            a_segment(1),
            a_segment(2),
            *alerts[1:],
        ]

    def _through_the_wire(self, update: Update, request: AnalysisRequest) -> Update:
        message = update_to_message(update, run_id=request.run_id)
        if self.is_old:
            if message.status == "ALERT":
                message.message = ""
            message.result.statistics_path = message.result.positions_path = ""
        return update_from_message(pb.AnalysisResponse.FromString(message.SerializeToString()))


@asynccontextmanager
async def a_model() -> AsyncIterator[str]:
    """An endpoint that takes a prompt and answers with a sentence."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        assert "prompt" in json.loads(await reader.readexactly(length))
        body = json.dumps({"status": "ok", "response": "**The model** has looked at it."}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n")
        writer.write(f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/generate"


class Journey:
    """What the screens remember between steps."""

    def __init__(self, whole: Whole, form: Form, client: MobileClient) -> None:
        self.whole, self.form, self.client = whole, form, client
        self.engine = StandInEngine(whole, is_old=form.is_old_engine)
        whole.engine.script = self.engine.say
        self.ids: dict[str, str] = {}
        self.email = "Coach@Club.example"

    @property
    def address(self) -> str:
        return self.email.lower()

    # --- accounts

    async def registers(self) -> None:
        phone = self.client
        body = {"email": self.email, "password": PASSWORD, "full_name": "Ada Coach"}
        answer = await phone.post("/register", body, open_=True)
        assert (read.text(answer["email"]), bool(read.text(answer["detail"]))) == (self.address, True)
        await self._fails(401, "account does not exist", phone.sign_in("nobody@club.example", PASSWORD))
        await self._fails(403, "email not verified", phone.sign_in(self.email, PASSWORD))
        await self._fails(
            400, "code", phone.post("/register/verify", {"email": self.email, "code": "000000"}, open_=True)
        )
        again = await phone.post("/register/resend", {"email": self.email}, open_=True)
        assert read.filled(again["detail"])
        code = self.whole.code(self.address)
        phone.token = await phone.post("/register/verify", {"email": self.email, "code": code}, read.token, open_=True)
        await self._fails(400, "code", phone.post("/register/verify", {"email": self.email, "code": code}, open_=True))
        await self._fails(400, "in use", phone.post("/register", body, open_=True))
        await self._fails(401, "incorrect password", phone.sign_in(self.email, "wrong password"))
        phone.token = read.token(await phone.sign_in(self.email, PASSWORD))
        me = await phone.get("/users/me", read.user)
        assert (me["email"], me["user_type"]) == (self.address, "owner")
        google = {"access_token": "from-google", "id_token": None}
        await self._fails(400, "not set up", phone.post("/auth/google", google, open_=True))

    async def forgets_the_password(self) -> None:
        phone = self.client
        for email in (self.email, "nobody@club.example"):
            assert read.filled((await phone.post("/password/forgot", {"email": email}, open_=True))["detail"])
        body = {"email": self.email, "code": self.whole.code(self.address), "new_password": NEW_PASSWORD}
        short = {**body, "new_password": "12345"}
        await self._fails(400, "6 characters", phone.post("/password/reset", short, open_=True))
        assert read.filled((await phone.post("/password/reset", body, open_=True))["detail"])
        await self._fails(401, "credentials", phone.get("/users/me"))
        phone.token = read.token(await phone.sign_in(self.email, NEW_PASSWORD))

    # --- teams, staff, players

    async def sets_up_teams(self) -> None:
        phone = self.client
        team = (await phone.rows("/teams", read.team))[0]
        assert team["name"] == "Ada Coach's team"
        self.ids["team"] = team["id"]
        logo = read.team(await phone.picture(f"/teams/{team['id']}/upload_logo", PNG))["logo_url"]
        assert await phone.image(logo)
        named = {**team, "name": "Rovers", "primary_color": "#FF0000", "secondary_color": "", "logo_url": None}
        kept = await phone.put(f"/teams/{team['id']}", named, read.team)
        assert (kept["name"], kept["logo_url"], kept["secondary_color"]) == ("Rovers", logo, None)
        assert (await phone.get(f"/teams/{team['id']}", read.team))["name"] == "Rovers"
        if self.form.has_two_teams:
            await phone.post("/teams", {"name": "Academy", "primary_color": "#00FF00"}, read.team)
        await self._fails(404, "", phone.get("/teams/by_name/Hill United"))
        body = {"name": "Hill United", "primary_color": None, "secondary_color": None, "logo_url": None}
        opponent = await phone.post("/teams", body, read.team)
        assert opponent["primary_color"] is None
        assert (await phone.get("/teams/by_name/hill united", read.team))["id"] == opponent["id"]
        assert (await phone.rows("/teams", read.team))[0]["id"] == team["id"]
        self.ids["opponent"] = opponent["id"]

    async def hires_staff(self) -> None:
        phone = self.client
        for role, level in (
            ("head_coach", "full_access"),
            ("assistant_coach", "view_only"),
            ("analyst", "notes_only"),
            ("player", "view_only"),
            ("physio", "view_only"),
        ):
            body = {
                "team_id": self.ids["team"],
                "name": f"Kim {role}",
                "role": role,
                "email": f"{role}@club.example",
                "password": PASSWORD,
            }
            made = await phone.post("/staff/create_with_account", body, read.staff)
            assert made["permission_level"] == level
            self.ids[role] = made["id"]
            await self._fails(400, "in use", phone.post("/staff/create_with_account", body))
        assert len(await phone.rows("/staff", read.staff)) == 5
        member = await phone.get(f"/staff/{self.ids['physio']}", read.staff)
        changed = await phone.put(
            f"/staff/{member['id']}", {**member, "role": "analyst", "permission_level": "full_access"}, read.staff
        )
        assert (changed["role"], changed["permission_level"]) == ("analyst", "notes_only")
        assert await phone.delete(f"/staff/{member['id']}")
        await self._fails(403, "disabled", phone.sign_in("physio@club.example", PASSWORD))

    async def fills_the_squad(self) -> None:
        phone = self.client
        players = []
        for number in range(1, 12):
            body = {
                "team_id": self.ids["team"],
                "name": f"Player {number}",
                "position": "GK" if number == 1 else "MID",
                "jersey_number": number,
                "birth_date": "2004-11-30T00:00:00.000",
                "dominant_foot": "left",
                "height_cm": 182,
                "weight_kg": 76,
                "nationality": "Tunisia",
                "country_code": "TN",
                "image_url": "",
                "market_value": 450000,
            }
            made = await phone.post("/players", body, read.player)
            assert (made["image_url"], made["birth_date"]) == (None, "2004-11-30")
            players.append(made)
        changed = await phone.put(
            f"/players/{players[0]['id']}", {**players[0], "market_value": 1.5, "name": "Sami Kappa"}, read.player
        )
        assert (changed["market_value"], changed["name"]) == (1.5, "Sami Kappa")
        shown = read.player(await phone.picture(f"/players/{players[0]['id']}/upload_image", PNG))
        assert await phone.image(shown["image_url"])
        listed = await phone.rows("/players", read.player)
        assert [one["name"] for one in listed] == sorted(one["name"] for one in listed)
        assert len(listed) == 11
        self.ids["player"] = players[0]["id"]

    # --- matches

    async def plays_matches(self) -> None:
        phone = self.client
        cup = await phone.post("/events", {"name": "Spring Cup"}, read.competition)
        gone = await phone.post("/events", {"name": "Old Cup"}, read.competition)
        assert await phone.delete(f"/events/{gone['id']}")
        assert [one["name"] for one in await phone.rows("/events", read.competition)] == ["Spring Cup"]
        home, away = self.ids["team"], self.ids["opponent"]
        for name, (first, second) in {"match": (home, away), "away_match": (away, home)}.items():
            body = {
                "home_team_id": first,
                "away_team_id": second,
                "date_time": "2026-08-15T15:30:00.000",
                "venue": "Riverside",
                "event_id": cup["id"],
                "status": "completed",
                "home_score": 2,
                "away_score": 1,
                "video_anchor_seconds": None,
            }
            made = await phone.post("/matches", body, read.match)
            assert (made["date_time"], made["event_name"]) == ("2026-08-15T15:30:00", "Spring Cup")
            self.ids[name] = made["id"]
        assert len(await phone.rows("/matches", read.match)) == 2
        assert len(await phone.rows(f"/matches?status=completed&event_id={cup['id']}", read.match)) == 2
        for match_id in (self.ids["match"], self.ids["away_match"]):
            await phone.get(f"/matches/{match_id}", read.match)
            state = await phone.get(f"/matches/{match_id}/analysis")
            assert state["status"] == "NO_ANALYSIS"
            read.details(await phone.get(f"/matches/{match_id}/details"))

    async def names_lineups(self) -> None:
        phone = self.client
        formations = await phone.rows("/formations", read.formation)
        assert {one["name"] for one in formations} >= PRESETS
        preset = next(one["id"] for one in formations if one["name"] == "4-3-3")
        players = await phone.rows("/players", read.player)
        for match_id in (self.ids["match"], self.ids["away_match"]):
            # The client keeps its players under the home side even when its team plays away.
            side = (await phone.get(f"/matches/{match_id}", read.match))["home_team_id"]
            for _ in range(2):
                for old in await phone.rows(f"/match_lineups?match_id={match_id}", read.lineup):
                    if old["team_id"] == side:
                        assert await phone.delete(f"/match_lineups/{old['id']}")
                for number, one in enumerate(players):
                    body = {
                        "id": "",
                        "match_id": match_id,
                        "team_id": side,
                        "formation_id": preset,
                        "is_starting": True,
                        "player_id": one["id"],
                        "position_in_formation": f"0.5000,{number / 12:.4f}",
                    }
                    await phone.post("/match_lineups", body, read.lineup)
            shown = read.details(await phone.get(f"/matches/{match_id}/details"))
            assert len(shown["home_lineup"]["players"]) == 11
            assert shown["home_lineup"]["formation"]["name"] == "4-3-3"
        assert await phone.rows(f"/player_match_statistics?match_id={match_id}", read.player_statistics) == []
        path = f"/player_match_statistics/player/{self.ids['player']}"
        assert await phone.rows(path, read.player_statistics) == []

    async def anchors_the_video(self) -> None:
        phone, path = self.client, f"/matches/{self.ids['match']}/video-anchor"
        assert await phone.post(f"{path}?force=false", {"video_anchor_seconds": 95}) == {
            "status": "ok",
            "video_anchor_seconds": 95,
        }
        await self._fails(409, "force", phone.post(f"{path}?force=false", {"video_anchor_seconds": 96}))
        assert (await phone.post(f"{path}?force=true", {"video_anchor_seconds": 96}))["video_anchor_seconds"] == 96
        assert (await phone.post(f"{path}/reset", None)) == {"status": "ok", "video_anchor_seconds": None}

    async def writes_notes(self, match_id: str) -> None:
        phone = self.client
        body = {"match_id": match_id, "content": "Press their left back", "note_type": "live_reaction"}
        made = await phone.post(f"/matches/{match_id}/notes", {**body, "video_timestamp": 12.5}, read.note)
        assert made["author_name"]
        listed = await phone.rows(f"/matches/{match_id}/notes", read.note)
        assert [one["id"] for one in listed] == [made["id"]]
        assert await phone.delete(f"/notes/{made['id']}")

    async def plans(self) -> None:
        phone = self.client
        for path, place, icon in (("/reunions", "location", "analytics"), ("/training_sessions", "focus", "shield")):
            body = {"title": "Talk", "date": "2026-08-14T10:00:00.000", place: "Room 1", "icon_name": icon}
            made = read.appointment(await phone.post(path, body), place)
            assert made["team_id"] == self.ids["team"]
            bare = read.appointment(await phone.post(path, {"title": "Bare", "date": "2026-08-13T10:00:00"}), place)
            listed = [read.appointment(one, place) for one in await phone.get(path)]
            assert [one["id"] for one in listed] == [made["id"], bare["id"]]
            assert await phone.delete(f"{path}/{bare['id']}")

    # --- analysis

    async def calibrates(self) -> None:
        phone = self.client
        points = [{"u": u, "v": v, "x": x, "y": y} for u, v, x, y in ((0, 0, 0, 0), (9, 0, 105, 0), (9, 9, 105, 68))]
        camera = {
            "label": "Main",
            "video_source": "/storage/emulated/0/a.mp4",
            "sync_offset_ms": -150,
            "calibration": [*points, {"u": 0, "v": 9.5, "x": 0, "y": 68}],
            "roi": [{"label": "pitch", "points": [{"x": 0, "y": 0}, {"x": 1, "y": 0}, {"x": 1, "y": 1}]}],
        }
        body = {"name": "Stand", "match_id": self.ids["match"], "engine_settings": {}, "is_active": True}
        for app in ("A", "K"):
            made = await phone.post("/api/tracking-profiles", {**body, "cameras": [camera]}, read.profile, app=app)
            assert made["cameras"][0]["profile_id"] == made["id"]
            await phone.get(f"/api/tracking-profiles/{made['id']}", read.profile, app=app)
            path = f"/matches/{self.ids['match']}/tracking-profiles"
            for prefix in ("/api", ""):
                assert (await phone.rows(prefix + path, read.profile, app=app))[0]["id"] == made["id"]
        await phone.post("/tracking-profiles", {**body, "match_id": None, "cameras": []}, read.profile, app="A")

    async def analyses_a_video(self) -> None:
        """An upload of the analyse page: watched by status, stream and list, then played and talked about."""
        phone = self.client
        accepted = await phone.video("/analyze_match", OPTIONS, [VIDEO], app="A", accepted={200, 202})
        run_id = read.filled(accepted["analysis_id"])
        assert len(run_id[0:6]) == 6
        match_id = read.filled(accepted["match_id"])
        assert read.filled(accepted["video_path"]).startswith("temp_uploads/")
        await self._watched(run_id, match_id)
        assert [request.camera_type for request in self.engine.requests] == ["TV"]
        await self.writes_notes(match_id)

    async def _watched(self, run_id: str, match_id: str) -> None:
        phone = self.client
        waiting = await phone.get(f"/analysis_status/{run_id}", read.run, app="A")
        assert waiting["status"] == "PENDING"
        signed = {"Authorization": f"Bearer {phone.token}", "Accept": "text/event-stream"}
        path = f"/api/analysis/{run_id}/segments/stream"
        phone.steps.append(("A", "GET", path))
        async with LiveStream(self.whole.apps["analysis"], path, headers=signed) as stream:
            assert (stream.status, stream.headers["content-type"].partition(";")[0]) == (200, "text/event-stream")
            assert await phone.rows(f"/matches/{match_id}/alerts", read.alert) == []
            phone.steps.append(("K", "WS", f"/ws/alerts/{match_id}"))
            async with (
                LiveSocket(self.whole.apps["classic"], f"/ws/alerts/{match_id}") as socket,
                asyncio.TaskGroup() as tasks,
            ):
                assert socket.accepted  # by the grant that the list before it opened
                worker = tasks.create_task(self.whole.work())
                seen = [await _message(stream, "segment") for _ in range(3)]
                # With a model, the flow waits for its words.
                pushed = [json.loads(await socket.text()) for _ in range(3)]
                await self.whole.tick(1)
                pushed.append(json.loads(await socket.text()))
                flows = [read.flow(one) for one in pushed if one.get("type") == "flow_analysis"]
                alerts = [read.alert(one) for one in pushed if one.get("type") != "flow_analysis"]
                assert (len(flows), [one["alert_id"] for one in alerts]) == (1, ["a0", "a1", "a2"])
                running = await phone.get(f"/analysis_status/{run_id}", read.run, app="A")
                read.live_stats(running)
                assert running["status"] == "PROCESSING"
                assert (await phone.media("stream", running["tracking_video_path"])).status_code == 200
                self.engine.may_go_on.set()
                seen += [await _message(stream, "segment") for _ in range(2)]
                done = await _message(stream, "done")
                await worker
        assert [one["segment_index"] for one in seen] == [0, 1, 2, 3, 4]
        assert len({one["id"] for one in seen}) == 5
        assert (done["status"], done["analysis_id"]) == ("COMPLETED", run_id)
        ended = await phone.get(f"/analysis_status/{run_id}", read.run, app="A")
        assert (ended["status"], ended["progress"]) == ("COMPLETED", 1)
        await self._talked_about(run_id, match_id)
        await self._played(run_id, ended["outputs"])

    async def _talked_about(self, run_id: str, match_id: str) -> None:
        phone = self.client
        for path in (f"/analysis/{run_id}/segments", f"/matches/{match_id}/segments"):
            for app in ("A", "K"):
                listed = await phone.get(path, app=app)
                assert read.integer(listed["count"]) == len([read.segment(one) for one in listed["segments"]]) == 5
        alerts = await phone.rows(f"/matches/{match_id}/alerts", read.alert)
        assert len(alerts) == 3
        assert all(one["match_time"] for one in alerts)
        before = await phone.get("/decision/metrics", read.metrics)
        decided = {"match_time": alerts[0]["match_time"], "match_id": match_id}
        for one, action in zip(alerts, ("ACCEPT", "DISMISS"), strict=False):
            body = {"decision_id": one["decision_id"], "action": action, **decided}
            answer = await phone.post("/decision/feedback", body)
            assert (answer["status"], answer["idempotent"]) == ("success", False)
            assert (await phone.post("/decision/feedback", body))["idempotent"] is True
        shown = await phone.rows(f"/matches/{match_id}/alerts", read.alert)
        assert [one["feedback"] for one in shown] == ["accepted", "dismissed", "none"]
        assert shown[0]["decision_effective"] == 1
        after = await phone.get(f"/decision/metrics?match_id={match_id}", read.metrics)
        assert after["summary"]["total_feedbacks"] == 2
        assert (
            before["summary"]["total_feedbacks"] + 2
            == (await phone.get("/decision/metrics", read.metrics))["summary"]["total_feedbacks"]
        )

    async def _played(self, run_id: str, found: read.Json) -> None:
        phone = self.client
        video = found.get("tracking_video_preview_path") or found["tracking_video_path"]
        whole = await phone.media("stream", video)
        assert (whole.status_code, whole.headers["Accept-Ranges"], len(whole.content)) == (200, "bytes", len(VIDEO))
        for asked, expected in {
            "bytes=0-9": VIDEO[:10], "bytes=100-": VIDEO[100:], "bytes=-5": VIDEO[-5:], "bytes=5-999999": VIDEO[5:],
        }.items():  # fmt: skip
            part = await phone.media("stream", video, Range=asked)
            assert (part.status_code, part.content) == (206, expected), asked
            assert part.headers["Content-Range"].endswith(f"/{len(VIDEO)}")
        assert (await phone.media("stream", video, Range="bytes=999999-")).status_code == 416
        assert (await phone.media("files", video)).content == VIDEO
        for key in ("possession_analysis_path", "tactical_advisory_path"):
            artefact = await phone.media("files/json", found[key])
            assert (artefact.status_code, type(artefact.json())) == (200, dict)
        assert (await phone.media("stream", found["input_video_path"])).content == VIDEO
        history = await phone.rows("/analysis_history", read.run, app="A")
        shown = next(one for one in history if one["analysis_id"] == run_id)
        assert shown["outputs"]["segments_count"] == 5
        # Opened as it stands, without headers.
        alone = await self.whole.client("analysis")
        assert (await alone.get(shown["outputs"]["output_video"])).content == VIDEO

    async def stops_and_repeats(self) -> None:
        phone = self.client
        two = {**OPTIONS, "camera_count": "2"}
        accepted = await phone.video("/analyze_match", two, [VIDEO, VIDEO], app="A", accepted={200, 202})
        run_id = accepted["analysis_id"]
        await self._fails(409, "", phone.post(f"/analysis/{run_id}/retry", {}, app="A"))
        assert (await phone.post(f"/analysis/{run_id}/cancel", {}, app="A"))["status"] == "cancelled"
        await self._fails(400, "ended", phone.post(f"/analysis/{run_id}/cancel", {}, app="A"))
        stopped = await phone.get(f"/analysis_status/{run_id}", read.run, app="A")
        assert (stopped["status"], stopped["is_cancelled"]) == ("FAILED", True)
        again = await phone.post(f"/analysis/{run_id}/retry", {}, app="A")
        assert (again["status"], again["original_id"]) == ("retry_started", run_id)
        assert read.filled(again["video_path"])
        self.whole.queue.added = [job for job in self.whole.queue.added if job[1] != run_id]
        await self.whole.work()
        assert (await phone.get(f"/analysis_status/{again['analysis_id']}", read.run, app="A"))["status"] == "COMPLETED"
        for gone in (run_id, again["analysis_id"]):
            assert await phone.delete(f"/analysis_history/{gone}", app="A")
            await self._fails(404, "", phone.get(f"/analysis_status/{gone}", app="A"))

    async def analyses_a_match(self) -> None:
        phone, match_id = self.client, self.ids["match"]
        await self._fails(400, "", phone.video(f"/matches/{match_id}/analyze", {"x": "y"}, [], app="K", accepted={200}))
        fields = {"frame_limit": "330", "skip_json": "false"}
        started = await phone.video(f"/matches/{match_id}/analyze", fields, [VIDEO], app="K", accepted={200})
        assert (read.filled(started["job_id"]), started["status"]) == (started["job_id"], "PENDING")
        self.ids["job"] = started["job_id"]
        read.job(await phone.get(f"/analysis/{started['job_id']}/status"))
        await self.whole.work()
        assert read.job(await phone.get(f"/analysis/{started['job_id']}/status"))["status"] == "COMPLETED"
        assert read.job(await phone.get(f"/matches/{match_id}/analysis"))["status"] == "COMPLETED"
        await self._fails(404, "", phone.get("/analysis/nonsense/status"))
        assert len((await phone.get(f"/matches/{match_id}/segments"))["segments"]) == 5
        assert len(await phone.rows(f"/matches/{match_id}/alerts", read.alert)) == 3

    async def asks(self) -> None:
        phone = self.client
        answers = [
            read.said(await phone.post("/assistant/query", {"question": question}))
            for question in (
                "what was the result of our last match?",
                "show stats for Sami Kappa",
                "best pressing formation",
                "explain a low block",
                "give me a team overview",
                "hello",
            )
        ]
        assert "Rovers" in answers[0] or "model" in answers[0]
        assert any("The model" in answer for answer in answers) == self.form.has_model

    # --- staff

    async def staff_walks_the_same_screens(self) -> None:
        phone, owner = self.client, self.client.token
        match_id = self.ids["match"]
        for post, role in (
            ("head_coach", "coach"),
            ("assistant_coach", "assistant_coach"),
            ("analyst", "analyst"),
            ("player", "player"),
        ):
            phone.token = read.token(await phone.sign_in(f"{post}@club.example", PASSWORD))
            claims = read.token_claims(phone.token)
            assert (claims["app_role"], claims["team_id"]) == (role, self.ids["team"])
            assert (await phone.get("/users/me", read.user))["user_type"] == "staff"
            assert (await phone.rows("/teams", read.team))[0]["id"] == self.ids["team"]
            assert len(await phone.rows("/players", read.player)) >= 11
            assert len(await phone.rows("/matches", read.match)) == 2
            read.details(await phone.get(f"/matches/{match_id}/details"))
            await phone.rows("/staff", read.staff)
            await phone.rows("/formations", read.formation)
            for path, place in (("/reunions", "location"), ("/training_sessions", "focus")):
                assert [read.appointment(one, place) for one in await phone.get(path)]
            assert len(await phone.rows(f"/matches/{match_id}/alerts", read.alert)) == 3
            assert await phone.rows("/analysis_history", read.run, app="A")
            read.metrics(await phone.get("/decision/metrics"))
            read.said(await phone.post("/assistant/query", {"question": "hello"}))
            await self._staff_writes(match_id, claims["app_permissions"])
        phone.token = owner

    async def _staff_writes(self, match_id: str, rights: list[str]) -> None:
        phone = self.client
        player = {"team_id": self.ids["team"], "name": "Trialist", "image_url": ""}
        anchor = f"/matches/{match_id}/video-anchor?force=true"
        await self._may("football.write" in rights, phone.post("/players", player))
        await self._may(False, phone.post("/staff/create_with_account", {}))
        await self._may(False, phone.post(anchor, {"video_anchor_seconds": 1}))
        note = {"content": "Seen", "note_type": "tactical", "video_timestamp": 0}
        await self._may("notes.write" in rights, phone.post(f"/matches/{match_id}/notes", note))
        await self._may("notes.read" in rights, phone.get(f"/matches/{match_id}/notes"))
        alerts = await phone.rows(f"/matches/{match_id}/alerts", read.alert)
        body = {"decision_id": alerts[0]["decision_id"], "action": "ACCEPT", "match_id": match_id, "match_time": None}
        await self._may("analysis.run" in rights, phone.post("/decision/feedback", body))

    # --- expectations

    async def _may(self, is_allowed: bool, call) -> None:
        if is_allowed:
            await call
        else:
            with pytest.raises(ApiError) as refused:
                await call
            assert refused.value.status in {403, 422}, refused.value

    async def _fails(self, status: int, words: str, call) -> None:
        with pytest.raises(ApiError) as refused:
            await call
        assert (refused.value.status, words.lower() in refused.value.detail.lower()) == (status, True), refused.value


async def _message(stream: LiveStream, kind: str) -> read.Json:
    """The next message of a kind, read line by line as the client does."""
    while True:
        block = await stream.block()
        assert block is not None
        for line in block.decode().splitlines():
            if line.startswith("data: "):
                message = json.loads(line.removeprefix("data: "))
                if message["type"] == "segment":
                    assert message["status"] == "SEGMENT_DONE"
                    read.segment(message)
                if message["type"] == kind:
                    return message


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
async def test_the_mobile_client_walks_its_screens(form, sqlite_url, first_keys, tmp_path):
    await _walk(form, sqlite_url, first_keys, tmp_path)


async def test_the_mobile_client_walks_its_screens_on_every_database(database_url, first_keys, tmp_path):
    await _walk(FORMS["two teams, a model"], database_url, first_keys, tmp_path)


async def _walk(form: Form, url: str, first_keys: Path, tmp_path: Path) -> None:
    async with a_model() as model:
        settings = {"alert_ws_grants": "on", "remote_llm_url": model if form.has_model else None}
        async with (
            a_whole_house(url, data=tmp_path / "data", first_keys=first_keys, **settings) as whole,
            client_of(whole.apps["classic"]) as classic,
            client_of(whole.apps["analysis"]) as analysis,
        ):
            journey = Journey(whole, form, MobileClient(classic, analysis))
            for step in (
                journey.registers,
                journey.sets_up_teams,
                journey.hires_staff,
                journey.fills_the_squad,
                journey.plays_matches,
                journey.names_lineups,
                journey.anchors_the_video,
                journey.plans,
                journey.calibrates,
                journey.analyses_a_video,
                journey.stops_and_repeats,
                journey.analyses_a_match,
                journey.asks,
                journey.staff_walks_the_same_screens,
                journey.forgets_the_password,
            ):
                await step()
            await journey.writes_notes(journey.ids["away_match"])
            _assert_everything_was_called(journey.client)


def _assert_everything_was_called(client: MobileClient) -> None:
    """Every call that the contract marks as the client's, C or B."""
    called = {(method, _named(path)) for _, method, path in client.steps}
    wanted = {(row.method, shape(row.path)) for row in ROUTES if row.src in {"B", "C"}}
    assert sorted(route for route in wanted - called if route[0] != "HEAD") == []


def _named(path: str) -> str:
    """The shape of a path that was called."""
    shapes = sorted((shape(row.path) for row in ROUTES), key=lambda one: one.count("{}"))
    parts = path.split("/")
    for one in shapes:
        pattern = one.split("/")
        if len(pattern) == len(parts) and all(a in {"{}", b} for a, b in zip(pattern, parts, strict=True)):
            return one
    return path
