"""A wired house for tests: real services on a real database, a clock that stands still, mail that stays here."""

import shutil
from collections.abc import AsyncIterator, Callable, Container, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import APIRouter, FastAPI

from touchline.adapters.google_accounts import HttpGoogle
from touchline.adapters.llm_http import model_from
from touchline.adapters.pictures_pillow import PillowCleaner
from touchline.adapters.rate_limits import limiter_from
from touchline.features import assistant, club, identity, matches, planning
from touchline.features.alerts.reactions import forget_match as alerts_forget_match
from touchline.features.analysis.reactions import outlive_match
from touchline.features.assistant.routes import router as assistant_router
from touchline.features.club.competition_routes import router as competition_router
from touchline.features.club.formation_routes import router as formation_router
from touchline.features.club.picture_routes import router as player_picture_router
from touchline.features.club.routes import router as player_router
from touchline.features.identity import policy
from touchline.features.identity.google_routes import router as google_router
from touchline.features.identity.keys import KeyRing, make_first_keys
from touchline.features.identity.logo_routes import router as logo_router
from touchline.features.identity.ports import Google, Limiter, MailError
from touchline.features.identity.routes import router as identity_router
from touchline.features.identity.staff_routes import router as staff_router
from touchline.features.identity.team_routes import router as team_router
from touchline.features.identity.user_routes import router as user_router
from touchline.features.matches.clip_routes import router as clip_router
from touchline.features.matches.event_routes import router as match_event_router
from touchline.features.matches.lineup_routes import router as lineup_router
from touchline.features.matches.report_routes import router as report_router
from touchline.features.matches.routes import router as match_router
from touchline.features.performance.reactions import keep_teams_with_statistics
from touchline.features.performance.routes import router as performance_router
from touchline.features.planning.appointment_routes import router as appointment_router
from touchline.features.planning.reactions import forget_match as planning_forget_match
from touchline.features.planning.routes import router as note_router
from touchline.foundation.clock import Clock
from touchline.foundation.db import Database
from touchline.foundation.gallery import Gallery
from touchline.foundation.http.app import create_app
from touchline.foundation.http.static import router as static_router
from touchline.foundation.settings import Settings
from touchline.foundation.storage import DiskStore

START = datetime(2026, 5, 2, 14, 0, tzinfo=UTC)


class StillClock:
    """Stands until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def forward(self, **by: float) -> None:
        self._now += timedelta(**by)


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str

    @property
    def code(self) -> str:
        """The six digits in it."""
        return next(word for word in self.text.split() if len(word) == 6 and word.isdecimal())


@dataclass
class MailBox:
    """A mailer that keeps what it is given; `fails` makes it refuse."""

    mails: list[Mail] = field(default_factory=list)
    fails: bool = False

    async def send(self, to: str, subject: str, text: str) -> None:
        if self.fails:
            raise MailError("the post office is closed")
        self.mails.append(Mail(to, subject, text))

    def last(self, to: str) -> Mail:
        return [mail for mail in self.mails if mail.to == to][-1]


@dataclass
class House:
    """What a test needs to reach: the wired services by type, and the parts that it turns by hand."""

    settings: Settings
    database: Database
    clock: StillClock
    mail: MailBox
    keys: KeyRing
    services: dict[Any, object]

    def app(
        self,
        *routers: APIRouter,
        name: str = "classic",
        extra: Mapping[Any, object] | None = None,
        check: Callable[[FastAPI], None] | None = policy.check_policy,
    ) -> FastAPI:
        """An application of these routers on this house's services and `extra` ones."""
        return create_app(
            title="Touchline",
            service_name=name,
            routers=routers,
            services={**self.services, **(extra or {})},
            settings=self.settings,
            policy=check,
        )


class UndeclaredFailureError(AssertionError):
    """An app answered with a failure of ours that its route does not declare."""


@dataclass(frozen=True)
class Declared:
    """An app that fails its test when it answers with a status above 499 that neither route nor test expects."""

    app: Any
    expects: Container[int] = ()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def watch(message: Any) -> None:
            if message["type"] == "http.response.start":
                self._judge(scope, message["status"])
            await send(message)

        await self.app(scope, receive, watch)

    def _judge(self, scope: Any, status: int) -> None:
        declared = getattr(scope.get("route"), "responses", {})
        if status >= 500 and status not in self.expects and status not in declared:
            raise UndeclaredFailureError(f"{scope['method']} {scope['path']} answered {status}")


@asynccontextmanager
async def client_of(app: FastAPI, *, expects: Container[int] = (), **headers: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A client that speaks to an app without a network; failures that no route declares raise, but those it expects."""
    transport = httpx2.ASGITransport(app=Declared(app, expects))
    async with httpx2.AsyncClient(transport=transport, base_url="http://touchline.test", headers=headers) as client:
        yield client


def a_house(
    database: Database,
    *,
    data: Path,
    keys: KeyRing,
    clock: StillClock | None = None,
    limiter: Limiter | None = None,
    has_mail: bool = True,
    is_loopback: bool = True,
    google: Google | None = None,
    **settings: object,
) -> House:
    """A house on a migrated database; settings by the names of their fields or aliases."""
    made = Settings(_env_file=None, touchline_data=data, **settings)
    clock, mail = clock or StillClock(), MailBox()
    gallery = Gallery(
        media=DiskStore(made.output_root), cleaner=PillowCleaner(), clock=clock, max_bytes=made.max_image_bytes
    )
    services: dict[Any, object] = {
        Settings: made,
        Database: database,
        Clock: clock,
        **identity.services(
            made,
            clock=clock,
            database=database,
            mailer=mail if has_mail else None,
            limiter=limiter or limiter_from(made, is_loopback=is_loopback),
            is_loopback=is_loopback,
            google=google or HttpGoogle(keys_url=made.google_keys_url, token_info_url=made.google_token_info_url),
            gallery=gallery,
            keys=keys,
        ),
        **matches.services(
            made,
            clock=clock,
            reactions=(outlive_match, planning_forget_match, alerts_forget_match),
            questions=(keep_teams_with_statistics,),
        ),
        **club.services(clock=clock, database=database, gallery=gallery),
        Gallery: gallery,
        **planning.services(made, clock=clock),
        **assistant.services(database=database, clock=clock, model=model_from(made)),
    }
    return House(settings=made, database=database, clock=clock, mail=mail, keys=keys, services=services)


CLASSIC: Iterable[APIRouter] = (
    player_router,
    competition_router,
    formation_router,
    note_router,
    appointment_router,
    identity_router,
    user_router,
    staff_router,
    google_router,
    team_router,
    logo_router,
    player_picture_router,
    static_router,
    match_router,
    match_event_router,
    lineup_router,
    clip_router,
    report_router,
    performance_router,
    assistant_router,
)


@pytest.fixture(scope="session")
def first_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of keys to copy: making them takes a while."""
    folder = tmp_path_factory.mktemp("keys")
    make_first_keys(folder)
    return folder


@pytest.fixture
def keys(first_keys: Path, tmp_path: Path) -> KeyRing:
    folder = tmp_path / "data" / "certs"
    shutil.copytree(first_keys, folder)
    return KeyRing(folder)


@pytest.fixture
def house(database: Database, keys: KeyRing, tmp_path: Path) -> House:
    """A house on each kind of database in turn."""
    return a_house(database, data=tmp_path / "data", keys=keys)


@pytest.fixture
async def small_house(sqlite_url: str, keys: KeyRing, tmp_path: Path) -> AsyncIterator[House]:
    """A house on SQLite, for tests in which the database is not the point."""
    database = Database(sqlite_url)
    yield a_house(database, data=tmp_path / "data", keys=keys)
    await database.close()


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the classic app."""
    async with client_of(house.app(*CLASSIC)) as opened:
        yield opened
