"""Both applications as they are wired, in one process, with an engine that follows a script and mail that stays here."""

import email
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from fastapi import FastAPI

from fakes import RecordingQueue
from houses import House, MailBox, StillClock, client_of
from run_world import PlayingEngine, script
from touchline.apps import analysis, classic, wiring
from touchline.features.identity.keys import KeyRing
from touchline.foundation.db import Database
from touchline.foundation.events import InProcessBus
from touchline.foundation.settings import Settings


@dataclass
class Whole:
    """The wired house, its two applications, and the parts that a test turns by hand.

    house: the same services in the form that `factories` take.
    """

    wired: wiring.House
    house: House
    clock: StillClock
    queue: RecordingQueue
    engine: PlayingEngine
    apps: dict[str, FastAPI]
    _closing: AsyncExitStack
    _clients: dict[tuple[str, str | None], httpx2.AsyncClient] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """Where runs keep their files."""
        return self.wired.settings.output_root

    async def client(self, app: str = "classic", *, token: str | None = None) -> httpx2.AsyncClient:
        """A client of one of the applications, with somebody's token or nobody's."""
        key = (app, token)
        if key not in self._clients:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            self._clients[key] = await self._closing.enter_async_context(client_of(self.apps[app], **headers))
        return self._clients[key]

    async def work(self) -> None:
        """Carry out the runs that wait, as a worker would."""
        waiting, self.queue.added = self.queue.added, []
        for _, run_id in waiting:
            await self.wired.run_job(run_id)

    async def tick(self, seconds: float) -> None:
        """Do once what a worker does at least every so many seconds."""
        for every, run in self.wired.periodic:
            if every.total_seconds() <= seconds:
                await run()

    def mails(self, to: str) -> list[str]:
        """The texts of the mails to an address, oldest first."""
        folder = self.wired.settings.mail_dir
        assert folder is not None
        found = [email.message_from_bytes(file.read_bytes()) for file in sorted(folder.glob("*.eml"))]
        return [str(mail.get_payload()) for mail in found if mail["To"] == to]

    def code(self, to: str) -> str:
        """The six digits of the last mail to an address."""
        return next(word for word in self.mails(to)[-1].split() if len(word) == 6 and word.isdecimal())

    def put_file(self, path: str, content: bytes) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


@asynccontextmanager
async def a_whole_house(url: str, *, data: Path, first_keys: Path, **settings: object) -> AsyncIterator[Whole]:
    """Everything on a migrated database; settings by their names. No limits of rates unless asked for."""
    certs = data / "certs"
    if not certs.exists():
        shutil.copytree(first_keys, certs)
    made = Settings(
        _env_file=None,
        touchline_data=data,
        **{"mail_dir": data / "mail", "rate_limits": "off", **settings},
    )
    clock, queue, engine = StillClock(), RecordingQueue(), PlayingEngine(script())
    database = Database(url)
    wired = wiring._wired(
        made, clock, database, InProcessBus(), queue, engine, worker_id="worker of these tests", is_loopback=True
    )
    house = House(
        settings=made,
        database=database,
        clock=clock,
        mail=MailBox(),
        keys=KeyRing(certs),
        services=wired.services,
    )
    async with wiring.opened(wired, engine=False), AsyncExitStack() as closing:
        apps = {"classic": classic.create_app(wired), "analysis": analysis.create_app(wired)}
        yield Whole(wired, house, clock, queue, engine, apps, closing)
