"""A run's files as clients may open them: the path judged, the run's scope asked, the file opened."""

import json
import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import anyio

from touchline.features.analysis.errors import FileMissingError, NotJsonError, NotJsonNameError
from touchline.features.analysis.rules import owning_folder, run_id_of
from touchline.features.analysis.scope import run_behind
from touchline.features.identity.principal import Principal
from touchline.foundation.db import Database
from touchline.foundation.storage import InvalidPathError, MediaStore, checked_path

_TYPES = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".mkv": "video/x-matroska",
    ".webm": "video/webm",
    ".avi": "video/x-msvideo",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}
_PARSED_BYTES = 32 << 20


def media_type(path: str) -> str:
    """Type by extension; anything unknown is only bytes."""
    return _TYPES.get(PurePosixPath(path).suffix.lower(), "application/octet-stream")


def stream_type(path: str) -> str:
    """What a player is told: MP4, else only bytes."""
    found = media_type(path)
    return found if found == "video/mp4" else "application/octet-stream"


@dataclass(frozen=True)
class RunFiles:
    """Finds files for people. One statement by primary key and one look at the disk for each."""

    database: Database
    media: MediaStore

    async def find(self, by: Principal, path: str) -> Path:
        """Where a file that the caller may read lies on this machine.

        Raises:
            InvalidPathError: absolute, with `..`, or leading outside by a link (rule 6.7).
            FileMissingError: absent, internal, not a file, or of a run that is not in scope.
        """
        wanted = str(checked_path(path))
        if run_id_of(wanted) is None:
            raise FileMissingError
        async with self.database.begin() as db:
            if await run_behind(db, by, wanted) is None:
                raise FileMissingError
        return await anyio.to_thread.run_sync(self._resolve, wanted)

    def _resolve(self, path: str) -> Path:
        try:
            found, folder = self.media.local(path), self.media.local(owning_folder(path))
        except InvalidPathError:
            raise
        except (OSError, RuntimeError, ValueError) as error:  # a name too long, a loop of links, undecodable text
            raise FileMissingError from error
        if not found.is_relative_to(folder):
            raise InvalidPathError
        if not found.is_file():
            raise FileMissingError
        return found

    async def find_json(self, by: Principal, path: str) -> Path:
        """Where a JSON artefact lies, once its content is checked to be JSON.

        Up to 32 MiB are parsed; larger ones (hours of tracking) come from our own engine and are judged by their
        first and last character.

        Raises:
            NotJsonNameError: the name does not end in `.json`.
            NotJsonError: the content is not JSON.
            InvalidPathError, FileMissingError: as `find`.
        """
        checked_path(path)
        if not path.lower().endswith(".json"):
            raise NotJsonNameError
        found = await self.find(by, path)
        await anyio.to_thread.run_sync(_check_json, found)
        return found


def _check_json(path: Path) -> None:
    try:
        with path.open("rb") as file:
            if path.stat().st_size > _PARSED_BYTES:
                head = file.read(64).lstrip()[:1]
                file.seek(-64, os.SEEK_END)
                if head + file.read().rstrip()[-1:] not in (b"{}", b"[]"):
                    raise NotJsonError
            else:
                json.loads(file.read(), parse_constant=_refuse)
    except FileNotFoundError as error:
        raise FileMissingError from error
    except (ValueError, RecursionError) as error:
        raise NotJsonError from error


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
