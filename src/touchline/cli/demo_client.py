"""The demo as a client: HTTP, event stream and socket, nothing else of the house."""

import asyncio
import email
import email.policy
import json
import mimetypes
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import websockets
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from touchline.cli.console import clock_text, err, out
from touchline.foundation.settings import Settings

EMAIL = "coach@demo.example"
OWN_TEAM = "Harbour Town FC"
OPPONENT = "Hill Rovers"


class DemoFailedError(Exception):
    """A step of the demo did not work; `str(error)` says which and why."""


@dataclass(frozen=True)
class Account:
    """The account that the demo made; kept in the data folder, readable by its owner only."""

    email: str
    password: str


class DemoClient:
    """Walks the main job once and prints what a coach would see."""

    def __init__(self, classic: str, analysis: str, settings: Settings) -> None:
        self._classic = classic
        self._analysis = analysis
        self._settings = settings
        self._account_file = settings.data_dir / "demo-account.json"

    async def run(self, video: Path | None) -> bool:
        """Returns whether the analysis was completed.

        Raises:
            DemoFailedError: a door answered otherwise than the contract says.
        """
        timeout = httpx2.Timeout(30, read=120)
        async with httpx2.AsyncClient(timeout=timeout) as http:
            account, token = await self._sign_in(http)
            http.headers["Authorization"] = f"Bearer {token}"
            out.print(f"Signed in as {account.email}", markup=False)
            match_id = await self._match(http, is_synthetic=video is None)
            run_id = await self._upload(http, match_id, video or _demo_clip())
            status = await self._follow(http, run_id, match_id, token)
            await self._results(http, run_id, account, status)
            return status == "COMPLETED"

    async def _sign_in(self, http: httpx2.AsyncClient) -> tuple[Account, str]:
        if self._account_file.exists():
            account = Account(**json.loads(self._account_file.read_text(encoding="utf-8")))
        else:
            account = Account(EMAIL, secrets.token_urlsafe(12))
            await self._register(http, account)
        form = {"username": account.email, "password": account.password}
        answer = await _ok(http.post(f"{self._classic}/api/token", data=form), "sign in")
        return account, str(answer["access_token"])

    async def _register(self, http: httpx2.AsyncClient, account: Account) -> None:
        body = {"email": account.email, "password": account.password, "full_name": "Demo Coach"}
        await _ok(http.post(f"{self._classic}/api/register", json=body), "register")
        code = await asyncio.to_thread(_newest_code, self._mail_dir, account.email)
        verified = {"email": account.email, "code": code}
        await _ok(http.post(f"{self._classic}/api/register/verify", json=verified), "verify the address")
        self._account_file.touch(mode=0o600)
        self._account_file.write_text(json.dumps(vars(account)), encoding="utf-8")

    @property
    def _mail_dir(self) -> Path:
        return self._settings.mail_dir or self._settings.data_dir / "mail"

    async def _match(self, http: httpx2.AsyncClient, *, is_synthetic: bool) -> str:
        profile = _demo_profile() if is_synthetic else {}
        home = await self._team(http, OWN_TEAM, profile.get("home_color", "#FFFFFF"))
        away = await self._team(http, OPPONENT, profile.get("away_color", "#CC2222"))
        kick_off = (datetime.now() + timedelta(minutes=1)).replace(microsecond=0)  # noqa: DTZ005 — typed, so naive
        venue = "Drawn by Touchline" if is_synthetic else "Home"
        fixture = {"home_team_id": home, "away_team_id": away, "date_time": kick_off.isoformat(), "venue": venue}
        match = await _ok(http.post(f"{self._classic}/api/matches", json=fixture), "create the match")
        match_id = str(match["id"])
        if is_synthetic:
            camera = {"label": "Drawn camera", "video_source": "demo.mp4", "calibration": profile["points"]}
            settings = {"camera_type": "Fixed", "attacks": profile["attacks"]}
            body: dict[str, Any] = {
                "name": "Demo",
                "match_id": match_id,
                "engine_settings": settings,
                "cameras": [camera],
            }
            await _ok(http.post(f"{self._analysis}/api/tracking-profiles", json=body), "store the tracking profile")
        return match_id

    async def _team(self, http: httpx2.AsyncClient, name: str, color: str) -> str:
        found = await http.get(f"{self._classic}/api/teams/by_name/{name}")
        if found.status_code == httpx2.codes.OK:
            return str(found.json()["id"])
        body = {"name": name, "primary_color": color}
        team = await _ok(http.post(f"{self._classic}/api/teams", json=body), f"create the team {name}")
        return str(team["id"])

    async def _upload(self, http: httpx2.AsyncClient, match_id: str, video: Path) -> str:
        media_type = mimetypes.guess_type(video.name)[0] or "application/octet-stream"
        with video.open("rb") as file:
            answer = await _ok(
                http.post(
                    f"{self._analysis}/api/analyze_match",
                    data={"match_id": match_id},
                    files={"file": (video.name, file, media_type)},
                ),
                "upload the video",
            )
        out.print(f"Uploaded {video.name}; run {answer['analysis_id']}", markup=False)
        return str(answer["analysis_id"])

    async def _follow(self, http: httpx2.AsyncClient, run_id: str, match_id: str, token: str) -> str:
        bar = Progress(
            TextColumn("{task.percentage:>3.0f} %"),
            BarColumn(40),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=err,
            transient=True,
        )
        alerts = asyncio.create_task(self._alerts(match_id, token))
        status = "FAILED"
        try:
            with bar:
                task = bar.add_task("waiting", total=1.0)
                url = f"{self._analysis}/api/analysis/{run_id}/segments/stream"
                async with http.stream("GET", url, timeout=httpx2.Timeout(30, read=60)) as stream:
                    if stream.status_code != httpx2.codes.OK:
                        raise DemoFailedError(f"Could not follow the run: {stream.status_code}")
                    async for line in stream.aiter_lines():
                        if not line.startswith("data: "):
                            continue
                        message = json.loads(line.removeprefix("data: "))
                        match message.get("type"):
                            case "progress":
                                bar.update(task, completed=message["progress"], description=message["message"])
                            case "segment":
                                _print_segment(message)
                            case "done":
                                status = str(message["status"])
        finally:
            alerts.cancel()
            await asyncio.gather(alerts, return_exceptions=True)
        return status

    async def _alerts(self, match_id: str, token: str) -> None:
        address = self._classic.replace("http", "ws", 1) + f"/ws/alerts/{match_id}"
        seen: set[str] = set()
        async with websockets.connect(address, additional_headers={"Authorization": f"Bearer {token}"}) as socket:
            async for frame in socket:
                alert = json.loads(frame)
                if "alert_id" in alert and alert["alert_id"] not in seen:
                    seen.add(alert["alert_id"])
                    when = alert["timestamp"]
                    out.print(f"ALERT [{when}] {alert['decision_type']}: {alert['action']}", markup=False)

    async def _results(self, http: httpx2.AsyncClient, run_id: str, account: Account, status: str) -> None:
        run = await _ok(http.get(f"{self._analysis}/api/analysis_status/{run_id}"), "read the result")
        if status != "COMPLETED":
            raise DemoFailedError(str(run.get("message") or "The analysis did not complete."))
        links = (await _ok(http.get(f"{self._analysis}/api/analysis/{run_id}/links"), "read the links"))["links"]
        alerts: Any = await _ok(http.get(f"{self._classic}/api/matches/{run['match_id']}/alerts"), "list the alerts")
        outputs = run["outputs"]
        out.print(f"\n{outputs.get('segments_count', 0)} windows, {len(alerts)} alerts. Results:")
        root = self._settings.output_root
        for key in sorted(outputs):
            if key.endswith("_path"):
                out.print(f"  {key.removesuffix('_path')}: {root / outputs[key]}", markup=False)
        out.print("Open in a browser (links are signed and expire):")
        for key in ("tracking_video_path", "backline_video_path", "heatmap_video_path", "animation_video_path"):
            if key in links:
                out.print(f"  {key.removesuffix('_path')}: {links[key]}", markup=False)
        out.print(f"Classic API {self._classic}/docs   analysis API {self._analysis}/docs", markup=False)
        out.print(f"Account: {account.email}  password: {account.password}", markup=False)


def _print_segment(segment: dict[str, Any]) -> None:
    narrative = segment["analysis_json"].get("tactical_narrative") or ""
    span = f"{clock_text(segment['start_sec'])}–{clock_text(segment['end_sec'])}"
    out.print(f"[{span}] {segment['severity_label']}: {narrative}", markup=False)


async def _ok(call: Any, what: str) -> Any:
    try:
        answer = await call
    except httpx2.HTTPError as error:
        raise DemoFailedError(f"Could not {what}: {error}") from error
    if answer.is_success:
        return answer.json()
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError, TypeError):
        detail = answer.text[:200]
    raise DemoFailedError(f"Could not {what}: {answer.status_code} {detail}")


def _newest_code(folder: Path, address: str) -> str:
    for path in sorted(folder.glob("*.eml"), key=lambda found: found.stat().st_mtime, reverse=True):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body = mail.get_body()
        code = re.search(r"\b\d{6}\b", body.get_content() if body else "")
        if address in str(mail["To"]) and code:
            return code.group()
    raise DemoFailedError(f"The verification mail did not arrive in {folder}.")


def _demo_clip() -> Path:
    from touchline.engine.synthetic import demo_clip

    return demo_clip()


def _demo_profile() -> dict[str, Any]:
    from touchline.engine.synthetic import demo_profile

    return demo_profile()
