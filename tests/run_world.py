"""A small world for tests about runs: rows of an owner, a match and runs, an engine that follows a script, a still clock."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from fastapi import APIRouter, FastAPI
from sqlalchemy import func, insert, select

from fakes import StillClock
from touchline.features.alerts.reactions import AlertReactions
from touchline.features.analysis import lifecycle
from touchline.features.analysis.events import cancel_fact, done_facts
from touchline.features.analysis.jobs import RunJob
from touchline.features.analysis.recorder import Recorder
from touchline.features.analysis.rooms_above import RunRef
from touchline.features.analysis.rules import STALE
from touchline.features.analysis.tables import analysis_runs, analysis_segments
from touchline.features.identity.access import TeamWrites
from touchline.features.identity.authenticator import Authenticator
from touchline.features.identity.errors import InactiveUserError, NotSignedInError
from touchline.features.identity.principal import Principal
from touchline.features.identity.roles import EFFECTIVE, AppRole
from touchline.features.identity.tables import teams, users
from touchline.features.matches.tables import matches
from touchline.football.updates import (
    AlertRaised,
    AnalysisRequest,
    AnalysisResult,
    Finished,
    FoundBox,
    SegmentDone,
    Update,
)
from touchline.foundation.announce import Announcer
from touchline.foundation.clock import Clock
from touchline.foundation.db import Database
from touchline.foundation.events import BusUnavailableError, InProcessBus, outbox
from touchline.foundation.http.app import create_app
from touchline.foundation.ids import new_id
from touchline.foundation.settings import Settings
from touchline.foundation.storage import DiskStore


class PretendVideo:
    """Writes a few bytes where a preview is asked for; `broken` names steps that raise."""

    def __init__(self, *broken: str) -> None:
        self.broken = broken
        self.did: list[tuple[str, str]] = []

    def sniff(self, head: bytes) -> str | None:
        return "mp4"

    def is_faststart(self, path: Path) -> bool:
        return "faststart" not in self.broken

    def faststart(self, path: Path, *, limit_s: float = 180) -> None:
        self.did.append(("faststart", path.name))
        raise RuntimeError("no room for the metadata")

    def preview(self, source: Path, target: Path, *, lines: int = 480, limit_s: float = 300) -> None:
        self.did.append(("preview", source.name))
        if "preview" in self.broken:
            raise RuntimeError("no encoder")
        target.write_bytes(b"small " + source.read_bytes())


class PretendAuthenticator:
    """Knows people by tokens that are their names; `forget` takes somebody's access away."""

    def __init__(self, people: dict[str, Principal]) -> None:
        self.people = dict(people)
        self.disabled: set[str] = set()

    async def principal_for_token(self, token: str) -> Principal:
        if token not in self.people:
            raise NotSignedInError
        return self._active(self.people[token])

    async def principal_for_user(self, user_id: str, *, token_version: int | None = None) -> Principal:
        found = next((person for person in self.people.values() if person.user_id == user_id), None)
        if found is None or token_version not in (None, found.token_version):
            raise NotSignedInError
        return self._active(found)

    def _active(self, person: Principal) -> Principal:
        if person.user_id in self.disabled:
            raise InactiveUserError
        return person


def an_app(
    name: str, routers: Iterable[APIRouter], world: "World", authenticator: object, *services: object
) -> FastAPI:
    """One of the two apps with these routers and services."""
    wired = {
        Database: world.database,
        Clock: world.clock,
        Authenticator: authenticator,
        TeamWrites: TeamWrites(by_managers_only=False),
        **{type(service): service for service in services},
    }
    settings = Settings(_env_file=None)
    return create_app(title=name, service_name=name, routers=routers, services=wired, settings=settings)


class AbsentBus(InProcessBus):
    """A broker that nobody reaches."""

    async def publish(self, events) -> None:
        raise BusUnavailableError

    def subscribe(self, *channels: str, backlog: int = 1000):
        raise BusUnavailableError


Script = Callable[[AnalysisRequest], AsyncIterator[Update]]


class PlayingEngine:
    """Says what a script says; remembers its requests and whether it was told to stop."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[AnalysisRequest] = []
        self.stopped = asyncio.Event()

    async def analyse(self, request: AnalysisRequest) -> AsyncIterator[Update]:
        self.requests.append(request)
        try:
            async for update in self.script(request):
                yield update
        except (GeneratorExit, asyncio.CancelledError):
            self.stopped.set()
            raise

    async def detect(self, picture: bytes) -> list[FoundBox]:
        return []

    async def health(self) -> str:
        return "up"

    async def close(self) -> None:
        return None


def a_segment(number: int, /, **changes) -> SegmentDone:
    fields = {
        "index": number,
        "start_s": 60.0 * number,
        "end_s": 60.0 * (number + 1),
        "video_start_s": 60.0 * number,
        "analysis": {"team_a": {"width": 41.5}, "team_b": {}, "tactical_narrative": f"Window {number}."},
        "recommendation": None,
        "severity_score": 0.25,
        "severity_label": "LOW",
    }
    return SegmentDone(**{**fields, **changes})


def an_alert(alert_id: str = "a1", **changes) -> AlertRaised:
    fields = {
        "alert_id": alert_id,
        "timestamp": "12:00-13:00",
        "severity_score": 0.5,
        "severity_label": "MODERATE",
        "category": "COMPACTNESS",
        "decision_type": "Block disconnected",
        "status": "ACTIVE",
        "action": "Close the gap.",
        "review_countdown": 180,
        "category_trigger_count": 1,
        "match_time": 720.0,
    }
    return AlertRaised(**{**fields, **changes})


FILES = {
    "tracking_video_path": "tracking_output.mp4",
    "possession_analysis_path": "analytics/possession_analysis_results.json",
    "tactical_advisory_path": "analytics/tactical_advisory.json",
}


@dataclass
class World:
    """One database, one disk, one bus."""

    database: Database
    root: Path
    clock: StillClock = field(default_factory=StillClock)
    bus: InProcessBus = field(default_factory=InProcessBus)
    owner: Principal = field(init=False)
    stranger: Principal = field(init=False)
    match_id: str = field(init=False)

    @property
    def announcer(self) -> Announcer:
        return Announcer(self.database, self.bus, self.clock)

    @property
    def deaf_announcer(self) -> Announcer:
        """That of a process which hears nothing from others, and whom others do not hear."""
        return Announcer(self.database, AbsentBus(), self.clock)

    @property
    def store(self) -> DiskStore:
        return DiskStore(self.root)

    async def populate(self) -> "World":
        self.owner = await self._an_owner("coach@example.org")
        self.stranger = await self._an_owner("other@example.org")
        self.match_id = await self.a_match(self.owner)
        return self

    async def _an_owner(self, email: str) -> Principal:
        user_id, team_id = new_id(), new_id()
        async with self.database.begin() as db:
            await db.execute(
                insert(users).values(id=user_id, email=email, password_hash="x", created_at=self.clock.now())
            )
            await db.execute(
                insert(teams).values(id=team_id, name=email[:5], user_id=user_id, created_at=self.clock.now())
            )
        role = AppRole.ACCOUNT_MANAGER
        return Principal(
            user_id=user_id,
            email=email,
            full_name=None,
            user_type="owner",
            role=role,
            permissions=EFFECTIVE[role],
            organisation_id=user_id,
            team_ids=(team_id,),
            primary_team_id=team_id,
            token_version=0,
        )

    async def a_match(self, by: Principal) -> str:
        match_id, opponent = new_id(), new_id()
        async with self.database.begin() as db:
            await db.execute(insert(teams).values(id=opponent, name="Visitors", created_at=self.clock.now()))
            await db.execute(
                insert(matches).values(
                    id=match_id,
                    home_team_id=by.primary_team_id,
                    away_team_id=opponent,
                    date_time=datetime(2026, 5, 2, 16, 0),
                )
            )
        return match_id

    async def clubs(self) -> tuple[str, str]:
        """Home and away team of the match."""
        async with self.database.begin() as db:
            row = (await db.execute(select(matches).where(matches.c.id == self.match_id))).one()
        return row.home_team_id, row.away_team_id

    async def a_run(self, *, adhoc: bool = False, with_upload: bool = True, **changes) -> str:
        run_id = new_id()
        upload = f"temp_uploads/{run_id}_1.mp4"
        if with_upload:
            (self.root / "temp_uploads").mkdir(parents=True, exist_ok=True)
            (self.root / upload).write_bytes(b"a video")
        row = {
            "id": run_id,
            "match_id": new_id() if adhoc else self.match_id,
            "is_adhoc": adhoc,
            "source": "analyze_page",
            "input_video_name": "match.mp4",
            "input_video_path": upload,
            "status": "PENDING",
            "progress": 0,
            "message": "Waiting for a worker.",
            "options": {},
            "outputs": {},
            "submitted_at": self.clock.now(),
            "updated_at": self.clock.now(),
            "generated_by": self.owner.user_id,
            "team_id": self.owner.primary_team_id,
            "part": "whole",
        }
        async with self.database.begin() as db:
            await db.execute(insert(analysis_runs).values(**{**row, **changes}))
        return run_id

    def job(self, script: Script, *, worker_id: str = "w1", video: PretendVideo | None = None, **changes) -> RunJob:
        return RunJob(
            announcer=changes.pop("announcer", self.announcer),
            store=self.store,
            engine=PlayingEngine(script),
            video=video or PretendVideo(),
            reactions=AlertReactions(),
            worker_id=worker_id,
            **{"check_every_s": 0.05, **changes},
        )

    async def record(self, run: RunRef, *updates: Update) -> None:
        recorder = Recorder(self.announcer, AlertReactions(), run)
        for update in updates:
            await recorder.record(update)

    async def claim(self, run_id: str, *, worker_id: str = "w1") -> RunRef:
        async with self.database.begin() as db:
            claimed = await lifecycle.claim(
                db, run_id, worker_id=worker_id, reactions=AlertReactions(), now=self.clock.now()
            )
        assert claimed is not None
        return claimed[0]

    async def run(self, run_id: str) -> dict:
        async with self.database.begin() as db:
            return dict((await db.execute(select(analysis_runs).where(analysis_runs.c.id == run_id))).mappings().one())

    async def segments(self, run_id: str) -> list[dict]:
        wanted = (
            select(analysis_segments)
            .where(analysis_segments.c.analysis_id == run_id)
            .order_by(analysis_segments.c.segment_index)
        )
        async with self.database.begin() as db:
            return [dict(row) for row in (await db.execute(wanted)).mappings()]

    async def facts(self, kind: str, *, channel: str = "run:") -> list[dict]:
        wanted = select(outbox).where(outbox.c.kind == kind, outbox.c.channel.startswith(channel)).order_by(outbox.c.id)
        async with self.database.begin() as db:
            return [dict(row) for row in (await db.execute(wanted)).mappings()]

    async def pending_facts(self) -> int:
        async with self.database.begin() as db:
            return int(await db.scalar(select(func.count()).select_from(outbox).where(outbox.c.published.is_(False))))

    async def cancel(self, run_id: str) -> None:
        """What the front of the house does when somebody cancels a run."""
        await self._end(run_id, is_cancelled=True, message="Cancelled by the user.", reason="cancelled")

    async def end_as_stale(self, run_id: str) -> None:
        await self._end(run_id, is_cancelled=False, message=STALE, reason="stale")

    async def delete(self, run_id: str) -> None:
        match_id = (await self.run(run_id))["match_id"]
        async with self.announcer.unit() as unit:
            await unit.db.execute(analysis_runs.delete().where(analysis_runs.c.id == run_id))
            unit.tell(
                [
                    cancel_fact(run_id),
                    *done_facts(run_id=run_id, match_id=match_id, status="FAILED", reason="cancelled"),
                ]
            )

    async def _end(self, run_id: str, *, is_cancelled: bool, message: str, reason: str) -> None:
        match_id = (await self.run(run_id))["match_id"]
        async with self.announcer.unit() as unit:
            await unit.db.execute(
                analysis_runs.update()
                .where(analysis_runs.c.id == run_id)
                .values(
                    status="FAILED",
                    progress=0,
                    is_cancelled=is_cancelled,
                    message=message,
                    completed_at=self.clock.now(),
                )
            )
            unit.tell(
                [cancel_fact(run_id), *done_facts(run_id=run_id, match_id=match_id, status="FAILED", reason=reason)]
            )

    @property
    def listeners(self) -> int:
        """How many channels somebody listens to."""
        return len(self.bus._fanout.channels)

    async def listened(self, channel: str, count: int = 1) -> None:
        """Wait until so many listen to a channel."""
        async with asyncio.timeout(10):
            while len(self.bus._fanout._listeners.get(channel, ())) < count:
                await asyncio.sleep(0)

    def write(self, path: str, content: bytes = b"made") -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def result(self, request: AnalysisRequest, **changes) -> Finished:
        """The end of a run that wrote `FILES` into the folder it was given."""
        for name in FILES.values():
            self.write(f"{request.output_dir}/{name}", name.encode())
        paths = {key: f"{request.output_dir}/{name}" for key, name in FILES.items()}
        return Finished(
            AnalysisResult(run_id=request.run_id, total_frames=140, players_tracked=22, **{**paths, **changes})
        )


def script(*steps: Update | Callable[[AnalysisRequest], Update] | Awaitable) -> Script:
    """Updates, functions of the request that make one, and things to wait for, in this order."""

    async def say(request: AnalysisRequest) -> AsyncIterator[Update]:
        for step in steps:
            if callable(step):
                yield step(request)
            elif isinstance(step, asyncio.Event):
                await step.wait()
            else:
                yield step

    return say
