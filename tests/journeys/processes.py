"""Real processes of the house for journey tests, and a small client that signs up and uploads."""

import contextlib
import email
import email.policy
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx2

T = TypeVar("T")

# Everything below waits for conditions with a limit; nothing sleeps for a fixed time and hopes.
LIMIT_S = 240


def wait_for(what: str, look: Callable[[], T | None], *, limit_s: float = LIMIT_S, every_s: float = 0.1) -> T:
    """The first true answer of `look`."""
    end = time.monotonic() + limit_s
    while True:
        with contextlib.suppress(httpx2.TransportError):
            if found := look():
                return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {limit_s:.0f} s for {what}")
        time.sleep(every_s)


def clean_environment(**extra: str) -> dict[str, str]:
    """The environment without settings of the person who runs the tests."""
    own = {
        key: value for key, value in os.environ.items() if not key.startswith(("TOUCHLINE_", "DB_", "REDIS_", "JWT_"))
    }
    return own | {"PYTHONUNBUFFERED": "1", "NO_COLOR": "1", "COLUMNS": "200"} | extra


@dataclass
class Process:
    """A `touchline` process whose output goes to a file."""

    popen: subprocess.Popen[bytes]
    log: Path

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """End it the hard way, without a chance to tidy up."""
        self.popen.send_signal(signal.SIGKILL)
        self.popen.wait(30)

    def stop(self) -> int:
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGTERM)
        try:
            return self.popen.wait(30)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            raise


@contextlib.contextmanager
def touchline(*arguments: str, log: Path, **environment: str) -> Iterator[Process]:
    """Run `touchline …` beside the test; it is ended with the block."""
    with log.open("ab") as sink:
        popen = subprocess.Popen(
            [sys.executable, "-m", "touchline", *arguments],
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=clean_environment(**environment),
            cwd=log.parent,
        )
    process = Process(popen, log)
    try:
        yield process
    finally:
        if popen.poll() is None:
            popen.terminate()
            try:
                popen.wait(20)
            except subprocess.TimeoutExpired:
                popen.kill()
                popen.wait(10)


@dataclass(frozen=True)
class Addresses:
    classic: str
    analysis: str


def addresses_of(process: Process) -> Addresses:
    """The addresses that `touchline up` prints once it serves."""

    def look() -> Addresses | None:
        if process.popen.poll() is not None:
            raise AssertionError(f"touchline up ended: {process.output()}")
        found = dict(re.findall(r"(Classic|Analysis) API\s+(http://\S+)", process.output()))
        return Addresses(found["Classic"], found["Analysis"]) if len(found) == 2 else None

    return wait_for("the addresses", look, limit_s=60)


@dataclass
class Coach:
    """A signed-in account and what it does over HTTP."""

    http: httpx2.Client
    at: Addresses

    def get(self, url: str, **options: Any) -> Any:
        answer = self.http.get(url, **options)
        answer.raise_for_status()
        return answer.json()

    def match(self) -> str:
        teams = self.get(f"{self.at.classic}/api/teams")
        away = self.http.post(f"{self.at.classic}/api/teams", json={"name": "Hill Rovers", "primary_color": "#C8202F"})
        away.raise_for_status()
        body = {
            "home_team_id": teams[0]["id"],
            "away_team_id": away.json()["id"],
            "date_time": "2026-11-28T15:00:00",
        }
        answer = self.http.post(f"{self.at.classic}/api/matches", json=body)
        answer.raise_for_status()
        return str(answer.json()["id"])

    def profile(self, match_id: str, points: list[dict[str, float]], **settings: Any) -> None:
        camera = {"label": "Main", "video_source": "clip.mp4", "calibration": points}
        body = {
            "name": "Main stand",
            "match_id": match_id,
            "engine_settings": {"camera_type": "Fixed", **settings},
            "cameras": [camera],
        }
        self.http.post(f"{self.at.analysis}/api/tracking-profiles", json=body).raise_for_status()

    def upload(self, video: Path, **fields: Any) -> str:
        with video.open("rb") as file:
            answer = self.http.post(
                f"{self.at.analysis}/api/analyze_match",
                data={key: str(value) for key, value in fields.items()},
                files={"file": (video.name, file, "video/mp4")},
            )
        answer.raise_for_status()
        return str(answer.json()["analysis_id"])

    def status(self, run_id: str) -> dict[str, Any]:
        return self.get(f"{self.at.analysis}/api/analysis_status/{run_id}")

    def ended(self, run_id: str, *, limit_s: float = LIMIT_S) -> dict[str, Any]:
        """The status of a run once it is terminal."""

        def look() -> dict[str, Any] | None:
            run = self.status(run_id)
            return run if run["status"] in ("COMPLETED", "FAILED") else None

        return wait_for(f"the end of run {run_id}", look, limit_s=limit_s, every_s=0.25)

    def stream(self, run_id: str, *, base: str | None = None) -> list[dict[str, Any]]:
        """Every data message of a run's stream until it closes."""
        url = f"{base or self.at.analysis}/api/analysis/{run_id}/segments/stream"
        with self.http.stream("GET", url) as stream:
            assert stream.status_code == 200
            return [
                json.loads(line.removeprefix("data: ")) for line in stream.iter_lines() if line.startswith("data: ")
            ]


@contextlib.contextmanager
def sign_up(at: Addresses, mail_dir: Path, address: str = "coach@club.example") -> Iterator[Coach]:
    """Register, read the mail, verify; the client is closed with the block."""
    with httpx2.Client(timeout=httpx2.Timeout(30, read=LIMIT_S)) as http:
        yield _signed_up(http, at, mail_dir, address)


def _signed_up(http: httpx2.Client, at: Addresses, mail_dir: Path, address: str) -> Coach:
    body = {"email": address, "password": "long enough", "full_name": "Robin"}
    http.post(f"{at.classic}/api/register", json=body).raise_for_status()

    def code() -> str | None:
        for path in sorted(mail_dir.glob("*.eml"), key=lambda found: found.stat().st_mtime, reverse=True):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            text = mail.get_body()
            found = re.search(r"\b\d{6}\b", text.get_content() if text else "")
            if address in str(mail["To"]) and found:
                return found.group()
        return None

    answer = http.post(
        f"{at.classic}/api/register/verify", json={"email": address, "code": wait_for("the mail", code, limit_s=20)}
    )
    answer.raise_for_status()
    http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return Coach(http, at)
