"""A run's files over HTTP: with a bearer header, a signed link, or a token in the query."""

from pathlib import Path
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from touchline.features.analysis.errors import FileMissingError
from touchline.features.analysis.file_response import FileRangeResponse, OpenFile
from touchline.features.analysis.files import RunFiles, media_type, stream_type
from touchline.features.identity.access import MediaReader
from touchline.foundation.http.openapi import refusals
from touchline.foundation.http.provide import provided

file_router = APIRouter(prefix="/api/analysis", tags=["files"])

Files = Annotated[RunFiles, Depends(provided(RunFiles))]
WantedPath = Annotated[
    str, Query(alias="path", description="A path from `outputs`, `video_path` or `input_video_path`.")
]
_MISSING = {400: "Not a path of a run's file.", 404: "Absent, or of a run that the caller may not see."}
_BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}},
    206: {"description": "A part of the file.", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}},
    **refusals({**_MISSING, 416: "The file has no such part."}),
}


@file_router.head("/files", include_in_schema=False)
@file_router.get("/files", responses=_BYTES, response_class=Response)
async def whole_file(by: MediaReader, files: Files, path: WantedPath) -> Response:
    """A file of a run, whole or in part."""
    return await _answer(await files.find(by, path), media_type(path))


@file_router.head("/stream", include_in_schema=False)
@file_router.get("/stream", responses=_BYTES, response_class=Response)
async def stream_video(by: MediaReader, files: Files, path: WantedPath) -> Response:
    """A video for a player, in the parts that it asks for."""
    return await _answer(await files.find(by, path), stream_type(path))


@file_router.get(
    "/files/json",
    responses={
        200: {"content": {"application/json": {"schema": {"description": "Whatever the file holds."}}}},
        **refusals(_MISSING),
    },
    response_class=Response,
)
async def json_file(by: MediaReader, files: Files, path: WantedPath) -> Response:
    """A JSON artefact of a run."""
    return await _answer(await files.find_json(by, path), "application/json")


async def _answer(path: Path, kind: str) -> Response:
    try:
        return FileRangeResponse(await anyio.to_thread.run_sync(OpenFile, path), media_type=kind)
    except FileNotFoundError as error:
        raise FileMissingError from error
