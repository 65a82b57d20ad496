"""What the analysis room needs of the outside world."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from touchline.football.updates import AnalysisRequest, FoundBox, Update

__all__ = ["EngineUnavailableError", "FoundBox", "TrackingEngine", "VideoTools"]


class EngineUnavailableError(Exception):
    """The engine cannot be reached or broke off; `str(error)` is a short text for the coach."""


class TrackingEngine(Protocol):
    """Analyses videos, in process or far away; one contract for both."""

    def analyse(self, request: AnalysisRequest) -> AsyncIterator[Update]:
        """Updates as they happen, ending with Finished or Failed.

        Closing the iterator (`aclose`) cancels: the engine stops work and deletes partial outputs.
        A second request for the same run takes over from the first.

        Raises:
            EngineUnavailableError: not reachable, broke off, or silent for longer than the idle limit.
        """
        ...

    async def detect(self, picture: bytes) -> list[FoundBox]:
        """Persons and ball in one encoded picture.

        Raises:
            ValueError: the picture cannot be decoded.
            EngineUnavailableError: not reachable.
        """
        ...

    async def health(self) -> str:
        """`up`, `down` or `unknown`."""
        ...

    async def close(self) -> None: ...


class VideoTools(Protocol):
    """Remux and preview jobs on files; blocking, called in a thread."""

    def sniff(self, head: bytes) -> str | None:
        """Container of a file by its first bytes (mp4, mov, mkv, webm, avi), None when it is no video."""
        ...

    def is_faststart(self, path: Path) -> bool: ...

    def faststart(self, path: Path, *, limit_s: float = 180) -> None:
        """Move the metadata to the front, in place; the original stays when anything goes wrong."""
        ...

    def preview(self, source: Path, target: Path, *, lines: int = 480, limit_s: float = 300) -> None:
        """A small soundless copy, even width, metadata first; nothing is left when it fails."""
        ...
