"""TrackingEngine in this process: the engine's iterator in a thread. For tests, examples and tools of one person."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from touchline.engine.errors import EngineError
from touchline.engine.server import Analyse, Detect, Runs, SupersededError
from touchline.features.analysis.ports import EngineUnavailableError
from touchline.football.updates import AnalysisRequest, FoundBox, Update


class LocalEngine:
    """Runs the engine beside the caller; relative paths are meant below `output_root`."""

    def __init__(
        self,
        analyse: Analyse,
        *,
        output_root: Path,
        detect: Detect | None = None,
        threads: int = 1,
        detector_path: str | None = None,
        max_runs: int = 2,
    ) -> None:
        self._output_root = output_root
        self._detect = detect
        self._closed = False
        self._runs = Runs(
            analyse, output_root=output_root, threads=threads, detector_path=detector_path, max_runs=max_runs
        )

    async def analyse(self, request: AnalysisRequest) -> AsyncGenerator[Update]:
        """See `TrackingEngine.analyse`; closing waits until partial outputs are gone."""
        if self._closed:
            raise EngineUnavailableError("Tracking engine unavailable")
        second = request.second_video_path
        wanted = replace(
            request,
            video_path=str(self._output_root / request.video_path),
            second_video_path=str(self._output_root / second) if second else "",
        )
        try:
            async with aclosing(self._runs.stream(wanted)) as updates:
                async for update in updates:
                    yield update
        except SupersededError as error:
            raise EngineUnavailableError("Another request took over this analysis") from error

    async def detect(self, picture: bytes) -> list[FoundBox]:
        """See `TrackingEngine.detect`."""
        if self._detect is None or self._closed:
            raise EngineUnavailableError("Tracking engine does not support this")
        try:
            return list(await asyncio.to_thread(self._detect, picture))
        except EngineError as error:
            raise EngineUnavailableError(str(error)) from error

    async def health(self) -> str:
        """`up` until closed."""
        return "down" if self._closed else "up"

    async def close(self) -> None:
        """Stop every run and wait for its clean-up."""
        self._closed = True
        await self._runs.close()
