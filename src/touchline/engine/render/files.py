"""All drawn files of a run, one after the other, as a stream of steps that can be stopped at any time."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from touchline.engine.errors import CancelledError, EngineError
from touchline.engine.positions import PositionsReader
from touchline.engine.render.animation import render_animation
from touchline.engine.render.backline import render_backline
from touchline.engine.render.colors import Inks, inks_for
from touchline.engine.render.heatmap import render_heatmap, render_heatmap_picture
from touchline.engine.render.job import RenderJob, RenderStep
from touchline.engine.render.labels import Words, words_in
from touchline.engine.render.tracked import render_tracked

_log = logging.getLogger(__name__)
_STEP_EVERY_S = 0.25


class _Render(Protocol):
    def __call__(self, job: RenderJob, path: Path, *, inks: Inks, words: Words) -> Iterator[tuple[float, int]]: ...


@dataclass(frozen=True)
class _File:
    """One file: its key in `outputs`, its place in the run's folder, how it is made, its share of the work."""

    key: str
    name: str
    render: _Render
    cost: float


# Places: the contract's output naming. Costs: measured on two cores with a 720-line source.
_FILES = (
    _File("tracking_video_path", "tracking_output.mp4", render_tracked, 0.66),
    _File("backline_video_path", "analytics/backline_analysis.mp4", render_backline, 0.12),
    _File("heatmap_video_path", "heatmaps/heatmap_analysis.mp4", render_heatmap, 0.09),
    _File("animation_video_path", "analytics/tracking_animation.mp4", render_animation, 0.12),
    _File("heatmap_image_path", "heatmaps/heatmap.png", render_heatmap_picture, 0.01),
)
FILE_NAMES = tuple(file.name for file in _FILES)


def render_files(job: RenderJob) -> Iterator[RenderStep]:
    """Draw the tracked video, back-line video, heat-map video, animation and heat-map picture, in this order.

    Yields a step about four times a second and one at the end of each file. A file that cannot be made gives a step
    with its key and `error`, leaves nothing behind and does not stop the next. Closing the iterator stops at once
    and removes the file in progress; finished files stay.
    """
    inks, words = inks_for(job.team_colors), words_in(job.language)
    span_s = _span_s(job)
    done = 0.0
    for file in _FILES:
        path = job.out / file.name
        frames = 0
        told_at = time.monotonic()
        try:
            for seconds, written in file.render(job, path, inks=inks, words=words):
                frames = written
                if time.monotonic() - told_at >= _STEP_EVERY_S:
                    told_at = time.monotonic()
                    yield RenderStep(done=done + file.cost * min(1.0, seconds / span_s))
        except CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 a fault in one drawing must not cost a finished analysis the others
            done += file.cost
            _log.exception("render.failed file=%s", file.name)
            yield RenderStep(done=min(1.0, done), finished_key=file.key, error=_sentence(file, error))
            continue
        done += file.cost
        yield RenderStep(done=min(1.0, done), finished_key=file.key, path=path, frames=frames)


def _span_s(job: RenderJob) -> float:
    """Seconds to be drawn, for progress only."""
    ends = [end for end in (job.facts.duration_s, job.end_s) if end is not None]
    if not ends:
        times_s = PositionsReader(job.positions).times_s
        ends = [float(times_s[-1])] if len(times_s) else []
    return max(0.1, min(ends, default=0.1) - job.start_s)


def _sentence(file: _File, error: Exception) -> str:
    why = str(error) if isinstance(error, EngineError) else "the picture or the disk failed; the log tells more"
    return f"The file {file.name} could not be made: {why}"
