"""The analysis room behind both apps, on a real database, with an organisation, a rival and a player to look in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import insert, select, update

from fakes import HeadSniffer, RecordingQueue, ScriptedEngine, StillClock
from houses import Declared
from touchline.features.analysis.files import RunFiles
from touchline.features.analysis.history import RunHistory
from touchline.features.analysis.links import MediaLinks
from touchline.features.analysis.overview import RunOverview
from touchline.features.analysis.profiles import ProfileService
from touchline.features.analysis.routes import analysis_router, classic_router
from touchline.features.analysis.schemas import written_run
from touchline.features.analysis.service import RunService
from touchline.features.analysis.starting import RunPolicy
from touchline.features.analysis.tables import analysis_runs, analysis_segments
from touchline.features.analysis.upload import UploadLimits
from touchline.features.identity.access import TeamWrites
from touchline.features.identity.authenticator import Authenticator
from touchline.features.identity.keys import KeyRing
from touchline.features.identity.policy import check_policy
from touchline.features.identity.ports import MediaLinkChecker
from touchline.features.identity.tables import staff, teams, users
from touchline.features.identity.tokens import Tokens
from touchline.features.matches.tables import matches
from touchline.foundation.announce import Announcer
from touchline.foundation.clock import Clock
from touchline.foundation.db import Database
from touchline.foundation.events import Event, InProcessBus
from touchline.foundation.http.app import create_app
from touchline.foundation.ids import new_id
from touchline.foundation.settings import Settings
from touchline.foundation.storage import DiskStore

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(range(256)) * 40


class ListeningBus(InProcessBus):
    """Remembers what it carried."""

    def __init__(self) -> None:
        super().__init__()
        self.carried: list[Event] = []

    async def publish(self, events: Any) -> None:
        told = list(events)
        self.carried += told
        await super().publish(told)


@dataclass
class Room:
    """Everything a test of this room needs to arrange and to look at."""

    database: Database
    root: Path
    clock: StillClock
    queue: RecordingQueue
    engine: ScriptedEngine
    bus: ListeningBus
    links: MediaLinks
    tokens: dict[str, str]
    people: dict[str, str]
    team: dict[str, str]
    match: dict[str, str]
    apps: dict[str, FastAPI]
    services: dict[Any, Any]
    clients: dict[tuple[str, str], httpx2.AsyncClient] = field(default_factory=dict)
    expects: set[int] = field(default_factory=set)

    def by(self, person: str | None, app: str = "analysis") -> httpx2.AsyncClient:
        """A client of one of the apps, signed in as somebody (`None`: nobody)."""
        key = (person or "", app)
        if key not in self.clients:
            headers = {"Authorization": f"Bearer {self.tokens[person]}"} if person else {}
            transport = httpx2.ASGITransport(app=Declared(self.apps[app], self.expects))
            self.clients[key] = httpx2.AsyncClient(transport=transport, base_url="http://touchline", headers=headers)
        return self.clients[key]

    async def run(self, run_id: str) -> dict[str, Any] | None:
        """A run's row."""
        async with self.database.begin() as db:
            row = (await db.execute(select(analysis_runs).where(analysis_runs.c.id == run_id))).mappings().first()
        return None if row is None else dict(row)

    async def put_run(self, by: str = "coach", **values: Any) -> str:
        """A run that is there already: ad-hoc and waiting unless told otherwise, with its upload on the disk."""
        run_id = values.pop("id", new_id())
        path = f"temp_uploads/{run_id}_1.mp4"
        row = {
            "id": run_id,
            "match_id": new_id(),
            "is_adhoc": "match_id" not in values,
            "input_video_name": "derby.mp4",
            "input_video_path": path,
            "status": "PENDING",
            "message": "Waiting for a worker.",
            "options": {},
            "outputs": {},
            "submitted_at": self.clock.now(),
            "updated_at": self.clock.now(),
            "generated_by": self.people[by],
            "team_id": self.team.get(by),
            **values,
        }
        async with self.database.begin() as db:
            await db.execute(insert(analysis_runs).values(**row))
        if row["input_video_path"] == path:
            self.put_file(path, MP4)
        return run_id

    async def put_segment(self, run_id: str, index: int, **values: Any) -> str:
        run = await self.run(run_id)
        assert run is not None
        segment_id = new_id()
        row = {
            "id": segment_id,
            "analysis_id": run_id,
            "match_id": run["match_id"],
            "segment_index": index,
            "start_sec": 60.0 * index,
            "end_sec": 60.0 * index + 60,
            "video_start_sec": 60.0 * index,
            "analysis_json": {"team_a": {"width": 40.5}},
            "severity_score": 0.25,
            "status": "COMPLETED",
            "created_at": self.clock.now(),
            **values,
        }
        async with self.database.begin() as db:
            # As the recorder does: whatever changes a run's segments writes to its row too.
            await db.execute(
                update(analysis_runs).where(analysis_runs.c.id == run_id).values(updated_at=self.clock.now())
            )
            await db.execute(insert(analysis_segments).values(**row))
        return segment_id

    def put_file(self, path: str, content: bytes) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return target

    def files(self) -> list[str]:
        """Every file below the root."""
        return sorted(p.relative_to(self.root).as_posix() for p in self.root.glob("**/*") if p.is_file())

    def set_policy(self, **values: Any) -> None:
        """Other limits for the runs to come."""
        service = self.services[RunService]
        policy = RunPolicy(**{"limits": UploadLimits(max_bytes=50 << 20), **values})
        self.services[RunService] = RunService(**{**vars(service), "policy": policy})


@pytest.fixture
async def room(sqlite_url: str, tmp_path: Path, first_keys: Path) -> AsyncIterator[Room]:
    """The room on SQLite, for tests in which the database is not the point."""
    database = Database(sqlite_url)
    async with a_room(database, tmp_path, KeyRing(first_keys)) as room:
        yield room
    await database.close()


@pytest.fixture
async def room_anywhere(database: Database, tmp_path: Path, first_keys: Path) -> AsyncIterator[Room]:
    """The room on each kind of database in turn."""
    async with a_room(database, tmp_path, KeyRing(first_keys)) as room:
        yield room


@asynccontextmanager
async def a_room(database: Database, tmp_path: Path, keys: KeyRing) -> AsyncIterator[Room]:
    """Two clubs. Ours: the owner `boss`, a `coach`, an `analyst`, a `player`. Theirs: the owner `rival`.

    Matches `derby` (our team at home against a shared opponent) and `theirs` (their team against it).
    """
    clock, queue, engine, bus = StillClock(), RecordingQueue(), ScriptedEngine(), ListeningBus()
    people, team, match = await _populate(database, clock)
    root = tmp_path / "media"
    root.mkdir()
    media = DiskStore(root)
    authenticator = Authenticator(database, Tokens(keys, clock, timedelta(days=90)))
    links = MediaLinks("key of these tests", ttl_s=3600)
    overview = RunOverview(clock, links)
    runs = RunService(
        announcer=Announcer(database, bus, clock),
        media=media,
        jobs=queue,
        clock=clock,
        engine=engine,
        video=HeadSniffer(),
        policy=RunPolicy(limits=UploadLimits(max_bytes=50 << 20)),
    )
    settings = Settings(_env_file=None)
    services: dict[Any, Any] = {
        Settings: settings,
        Database: database,
        Clock: clock,
        Authenticator: authenticator,
        TeamWrites: TeamWrites(by_managers_only=False),
        MediaLinkChecker: links,
        RunService: runs,
        RunOverview: overview,
        RunHistory: RunHistory(overview=overview, clock=clock, write=written_run),
        RunFiles: RunFiles(database, media),
        ProfileService: ProfileService(clock),
    }
    apps = _apps()
    for app in apps.values():
        app.state.services = services
    tokens = {}
    for name, user_id in people.items():
        account = await authenticator.account(user_id)
        assert account is not None
        tokens[name] = authenticator.tokens.issue(account)
    room = Room(
        database, root, clock, queue, engine, bus, links, tokens, people, team, match, apps=apps, services=services
    )
    yield room
    for client in room.clients.values():
        await client.aclose()


@cache
def _apps() -> dict[str, FastAPI]:
    """Both applications with this room alone; made once, each test gives them its services."""
    return {
        name: create_app(
            title=name,
            service_name=name,
            routers=[router],
            services={},
            settings=Settings(_env_file=None),
            policy=check_policy,
        )
        for name, router in (("analysis", analysis_router), ("classic", classic_router))
    }


async def _populate(database: Database, clock: StillClock) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    now = clock.now()
    people = {name: new_id() for name in ("boss", "coach", "analyst", "player", "rival")}
    club, theirs, shared = new_id(), new_id(), new_id()
    match = {"derby": new_id(), "theirs": new_id()}
    async with database.begin() as db:
        await db.execute(
            insert(users),
            [
                {
                    "id": user_id,
                    "email": f"{name}-{user_id}@club.example",
                    "password_hash": "x",
                    "user_type": "owner" if name in ("boss", "rival") else "staff",
                    "created_by": None if name in ("boss", "rival") else people["boss"],
                    "created_at": now,
                }
                for name, user_id in people.items()
            ],
        )
        await db.execute(
            insert(teams),
            [
                {"id": club, "name": "Club", "user_id": people["boss"], "primary_color": "#FF0000", "created_at": now},
                {"id": theirs, "name": "Rivals", "user_id": people["rival"], "primary_color": None, "created_at": now},
                {"id": shared, "name": "Opponents", "user_id": None, "primary_color": "#0000FF", "created_at": now},
            ],
        )
        await db.execute(
            insert(staff),
            [
                {"id": new_id(), "team_id": club, "user_id": people[name], "name": name, "role": role}
                for name, role in (("coach", "head_coach"), ("analyst", "analyst"), ("player", "player"))
            ],
        )
        await db.execute(
            insert(matches),
            [
                {
                    "id": match_id,
                    "home_team_id": club if name == "derby" else theirs,
                    "away_team_id": shared,
                    "date_time": now.replace(tzinfo=None),
                }
                for name, match_id in match.items()
            ],
        )
    team = dict.fromkeys(("boss", "coach", "analyst", "player"), club) | {"rival": theirs, "shared": shared}
    return people, team, match
