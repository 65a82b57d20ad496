"""A house whose one run is told by a script: windows at a steady pace, each stamped when it is handed over.

python -m bench.stream_server DATA EVENTS EVERY_S      starts when the file DATA/go appears
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from sqlalchemy import insert

from touchline.apps import analysis, classic, migrate
from touchline.apps.serving import http_server, run_together
from touchline.apps.sockets import listen
from touchline.apps.wiring import House, opened, wire
from touchline.features.analysis.tables import analysis_runs
from touchline.football.updates import AnalysisRequest, AnalysisResult, Finished, SegmentDone, Update
from touchline.foundation.clock import SystemClock
from touchline.foundation.ids import new_id
from touchline.foundation.settings import Settings


class PacedEngine:
    """Says a window every so often; `sent_at` in it is the machine's clock at that moment."""

    def __init__(self, events: int, every_s: float) -> None:
        self._events, self._every_s = events, every_s

    async def analyse(self, request: AnalysisRequest) -> AsyncIterator[Update]:
        for index in range(self._events):
            await asyncio.sleep(self._every_s)
            said = {"team_a": {}, "team_b": {}, "sent_at": time.time()}
            yield SegmentDone(index, index * 10.0, index * 10.0 + 10, index * 10.0, said, None, 0.1, "LOW")
        yield Finished(AnalysisResult(run_id=request.run_id))

    async def health(self) -> str:
        return "up"

    async def close(self) -> None:
        return None


async def serve(data: Path, events: int, every_s: float) -> None:
    wired = wire(Settings(touchline_data=data))
    async with opened(wired, engine=False):
        run_id = await _prepare(wired)
        doors = [listen("127.0.0.1", None, default=0, flag="") for _ in range(2)]

        async def drive(stop: asyncio.Event) -> None:
            # The signal comes from another process.
            while not (data / "go").exists():
                if stop.is_set():
                    return
                await asyncio.sleep(0.02)
            job = replace(wired.run_job, engine=PacedEngine(events, every_s))
            await job(run_id)
            await stop.wait()

        async def announce() -> None:
            print(f"Classic API  {doors[0].url}\nAnalysis API  {doors[1].url}\nRun  {run_id}", flush=True)

        servers = [
            (http_server(classic.create_app(wired)), doors[0]),
            (http_server(analysis.create_app(wired)), doors[1]),
        ]
        await run_together(servers, beside=[drive], when_ready=announce)


async def _prepare(wired: House) -> str:
    run_id, now = new_id(), SystemClock().now()
    upload = f"temp_uploads/{run_id}_1.mp4"
    part = wired.store.open_part(upload)
    part.write(b"scripted")
    part.commit()
    async with wired.database.begin() as db:
        owner = await wired.identity.create_owner(db, email="coach@bench.example", password="long enough")
        row = {
            "id": run_id,
            "match_id": new_id(),
            "is_adhoc": True,
            "input_video_name": "scripted.mp4",
            "input_video_path": upload,
            "options": {},
            "outputs": {},
            "submitted_at": now,
            "updated_at": now,
            "generated_by": owner,
        }
        await db.execute(insert(analysis_runs).values(row))
    return run_id


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(Settings(touchline_data=folder).db_url)
    asyncio.run(serve(folder, int(sys.argv[2]), float(sys.argv[3])))
