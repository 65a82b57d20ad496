"""Can this installation store what an engine says? Plays a recorded stream into a scratch database and reads it back."""

import asyncio
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from touchline.adapters.engine_replay import ReplayEngine
from touchline.adapters.video_av import AvVideoTools
from touchline.apps import migrate
from touchline.features.alerts.reactions import AlertReactions
from touchline.features.alerts.tables import tactical_alerts
from touchline.features.analysis.jobs import RunJob
from touchline.features.analysis.tables import analysis_runs, analysis_segments
from touchline.football.updates import AlertRaised, SegmentDone
from touchline.foundation.announce import Announcer
from touchline.foundation.clock import SystemClock
from touchline.foundation.db import Database
from touchline.foundation.events import InProcessBus
from touchline.foundation.ids import new_id
from touchline.foundation.storage import DiskStore

RECORDING = Path(__file__).parent / "data" / "recorded_updates.jsonl"


@dataclass(frozen=True)
class Played:
    """What was sent and what was read back."""

    segments_sent: int
    segments_read: int
    alerts_sent: int
    alerts_read: int
    status: str

    @property
    def is_complete(self) -> bool:
        return (self.segments_sent, self.alerts_sent, "COMPLETED") == (
            self.segments_read,
            self.alerts_read,
            self.status,
        )


def play_recorded_stream(recording: Path = RECORDING) -> Played:
    """Play a recording through the whole recorder on a fresh SQLite database; blocks."""
    with tempfile.TemporaryDirectory(prefix="touchline-smoke-") as folder:
        url = f"sqlite+aiosqlite:///{folder}/smoke.db"
        migrate.upgrade(url)
        return asyncio.run(_play(url, Path(folder), recording))


async def _play(url: str, folder: Path, recording: Path) -> Played:
    engine = ReplayEngine(recording)
    database = Database(url)
    clock = SystemClock()
    announcer = Announcer(database=database, bus=InProcessBus(), clock=clock)
    store = DiskStore(folder)
    run_id, match_id = new_id(), new_id()
    upload = f"temp_uploads/{run_id}_1.mp4"
    part = store.open_part(upload)
    part.write(b"recorded")
    part.commit()
    job = RunJob(
        announcer=announcer,
        store=store,
        engine=engine,
        video=AvVideoTools(),
        reactions=AlertReactions(),
        worker_id="smoke",
    )
    try:
        async with database.begin() as db:
            await db.execute(insert(analysis_runs).values(_row(run_id, match_id, upload, clock.now())))
        await job(run_id)
        async with database.begin() as db:
            status = await db.scalar(select(analysis_runs.c.status).where(analysis_runs.c.id == run_id))
            segments = await db.scalar(
                select(func.count()).select_from(analysis_segments).where(analysis_segments.c.analysis_id == run_id)
            )
            alerts = await db.scalar(
                select(func.count()).select_from(tactical_alerts).where(tactical_alerts.c.run_id == run_id)
            )
    finally:
        await database.close()
    sent = [update for update in engine.updates if isinstance(update, SegmentDone)]
    raised = {update.alert_id for update in engine.updates if isinstance(update, AlertRaised)}
    return Played(len({update.index for update in sent}), segments or 0, len(raised), alerts or 0, status or "missing")


def _row(run_id: str, match_id: str, upload: str, now: datetime) -> dict[str, Any]:
    return {
        "id": run_id,
        "match_id": match_id,
        "is_adhoc": True,
        "input_video_name": "recorded.mp4",
        "input_video_path": upload,
        "options": {},
        "outputs": {},
        "submitted_at": now,
        "updated_at": now,
    }
