"""One fake per port, for tests that ask how a room behaves and not how a vendor does."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from touchline.features.analysis.ports import EngineUnavailableError
from touchline.football.updates import AnalysisRequest, FoundBox, Update
from touchline.foundation.jobs import Handler


class StillClock:
    """Time that moves only when told to."""

    def __init__(self, at: datetime = datetime(2026, 11, 24, 9, tzinfo=UTC)) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def pass_time(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


class RecordingQueue:
    """Remembers what was queued; a known key is a no-op."""

    def __init__(self) -> None:
        self.added: list[tuple[str, str]] = []
        self.refuses: Exception | None = None

    async def add(self, job: str, row_id: str) -> None:
        if self.refuses is not None:
            raise self.refuses
        if (job, row_id) not in self.added:
            self.added.append((job, row_id))

    async def serve(self, handlers: Mapping[str, Handler], *, concurrency: int) -> None:
        for job, row_id in self.added:
            await handlers[job](row_id)

    async def close(self) -> None:
        return None


class ScriptedEngine:
    """Says what a test told it to say."""

    def __init__(self, updates: Iterable[Update] = (), found: Iterable[FoundBox] = ()) -> None:
        self.updates = list(updates)
        self.found = list(found)
        self.requests: list[AnalysisRequest] = []
        self.pictures: list[bytes] = []
        self.is_away = False
        self.reads_picture: Callable[[bytes], bool] = lambda _: True

    async def analyse(self, request: AnalysisRequest) -> AsyncIterator[Update]:
        self.requests.append(request)
        if self.is_away:
            raise EngineUnavailableError("Tracking engine unavailable")
        for update in self.updates:
            yield update

    async def detect(self, picture: bytes) -> list[FoundBox]:
        self.pictures.append(picture)
        if self.is_away:
            raise EngineUnavailableError("Tracking engine unavailable")
        if not self.reads_picture(picture):
            raise ValueError("The picture cannot be decoded.")
        return self.found

    async def health(self) -> str:
        return "down" if self.is_away else "up"

    async def close(self) -> None:
        return None


class HeadSniffer:
    """Tells containers by the same first bytes as the real tools; makes no videos."""

    def sniff(self, head: bytes) -> str | None:
        if head[4:8] == b"ftyp":
            return "mov" if head[8:10] == b"qt" else "mp4"
        if head[:4] == b"\x1aE\xdf\xa3":
            return "webm" if b"webm" in head else "mkv"
        return "avi" if head[:4] == b"RIFF" and head[8:12] == b"AVI " else None

    def is_faststart(self, path: object) -> bool:
        return True

    def faststart(self, path: object, *, limit_s: float = 180) -> None:
        return None

    def preview(self, source: object, target: object, *, lines: int = 480, limit_s: float = 300) -> None:
        return None
