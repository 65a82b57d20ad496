"""A finished run's videos made ready for viewing: metadata first, and a small preview of each (rule 6.6).

All of it happens in threads; what fails is logged, leaves the original as it was and never fails the run.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path, PurePosixPath

from touchline.features.analysis.ports import VideoTools
from touchline.features.analysis.rules import PATH_KEYS, VIDEO_KEYS
from touchline.foundation.logs import get_logger

log = get_logger(__name__)


def preview_name(key: str) -> str:
    """`backline_video_path` -> `previews/backline_analysis_preview.mp4`, within the run's folder."""
    return f"previews/{PurePosixPath(PATH_KEYS[key]).stem}_preview.mp4"


async def make_viewable(
    tools: VideoTools, videos: Mapping[str, Path], *, folder: Path, before_each: Callable[[], Awaitable[None]]
) -> list[str]:
    """Prepare videos one after the other.

    Args:
        tools: what remuxes and encodes.
        videos: `outputs` key -> file; keys without a file are absent.
        folder: the previews go below it (`preview_name`).
        before_each: a sign of life; what it raises ends the work.

    Returns:
        `outputs` keys of the videos whose preview was made.
    """
    made: list[str] = []
    for key in VIDEO_KEYS:
        video = videos.get(key)
        if video is None:
            continue
        await before_each()
        await _tried("faststart", key, partial(_faststart, tools, video))
        if await _tried("preview", key, partial(_preview, tools, video, folder / preview_name(key))):
            made.append(key)
    return made


def _faststart(tools: VideoTools, video: Path) -> None:
    if not tools.is_faststart(video):
        tools.faststart(video)


def _preview(tools: VideoTools, video: Path, preview: Path) -> None:
    preview.parent.mkdir(parents=True, exist_ok=True)
    tools.preview(video, preview)
    if not preview.is_file():
        raise FileNotFoundError(preview.name)


async def _tried(step: str, key: str, work: Callable[[], None]) -> bool:
    try:
        await asyncio.to_thread(work)
    except Exception as error:  # noqa: BLE001 — codecs fail in many ways, and the original is still there
        log.warning("video.left_as_it_is", step=step, output=key, error=str(error))
        return False
    return True
