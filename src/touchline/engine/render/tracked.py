"""The tracked video: the match picture with marks at the feet, a minimap and the window's table."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from touchline.engine.decode import open_video
from touchline.engine.errors import VideoUnreadableError
from touchline.engine.positions import PositionsReader
from touchline.engine.render.colors import Inks
from touchline.engine.render.directions import Directions
from touchline.engine.render.job import RenderJob
from touchline.engine.render.labels import Words, drawable_name
from touchline.engine.render.markers import MarkerPainter
from touchline.engine.render.minimap import Minimap
from touchline.engine.render.readout import ReadoutPanel
from touchline.engine.render.timeline import Moment, moments
from touchline.engine.render.writer import VideoWriter
from touchline.engine.types import Frame, Image
from touchline.football.vocabulary import Side

_UI_LINES = 720  # the height for which sizes are given
_NARROWEST_WITH_PANEL = 300
_NARROWEST_WITH_MAP = 560


def frame_size(width: int, height: int, lines: int) -> tuple[int, int]:
    """Width and height of the drawn video: `lines` high, the source's shape, both even as H.264 wants."""
    even_lines = max(2, lines - lines % 2)
    return max(2, round(width * even_lines / height / 2) * 2), even_lines


def render_tracked(job: RenderJob, path: Path, *, inks: Inks, words: Words) -> Iterator[tuple[float, int]]:
    """Write the tracked video; yields (seconds of video done, pictures written) after every picture.

    The rate is constant: where the source has no new picture (variable rate, a hole), the last one is repeated.

    Raises:
        VideoUnreadableError: the source is gone or holds no picture in the span.
    """
    rate = min(job.facts.fps, job.fps)
    source = open_video(job.video, analysis_fps=rate, start_s=job.start_s, end_s=job.end_s, threads=1)
    size = frame_size(job.facts.width, job.facts.height, job.lines)
    painter = _Painter(job, size, inks, words)
    frames = source.frames()
    pending: list[Frame] = []

    def times() -> Iterator[float]:
        for frame in frames:
            pending.append(frame)
            yield frame.time_s

    with VideoWriter(path, size=size, fps=rate) as writer:
        drawn: Image | None = None
        for moment in moments(PositionsReader(job.positions), times()):
            frame = pending.pop()
            place = round((frame.time_s - job.start_s) * rate)
            while drawn is not None and writer.frames < place:
                writer.write(drawn)
            drawn = painter.draw(frame.image, moment)
            if writer.frames <= place:
                writer.write(drawn)
            yield frame.time_s - job.start_s, writer.frames
        if drawn is None:
            raise VideoUnreadableError("The video holds no picture in the chosen span.")


class _Painter:
    """Everything that lies over the picture."""

    def __init__(self, job: RenderJob, size: tuple[int, int], inks: Inks, words: Words) -> None:
        width, lines = size
        scale = lines / _UI_LINES
        self._size = size
        self._margin = round(16 * scale)
        self._ratio = width / job.facts.width, lines / job.facts.height
        self._markers = MarkerPainter(inks, words, scale)
        names = {side: drawable_name(job.team_names.get(side, ""), side, words) for side in Side}
        self._panel = ReadoutPanel(
            job.segments,
            words=words,
            inks=inks,
            names=names,
            is_calibrated=job.calibration is not None,
            scale=scale,
        )
        self._shows_panel = width >= _NARROWEST_WITH_PANEL * scale
        self._minimap: Minimap | None = None
        if job.calibration is not None and width >= _NARROWEST_WITH_MAP * scale:
            self._minimap = Minimap(job.pitch, inks, names=names, words=words, frame_size=size, scale=scale)
        self._directions = Directions(job.segments, job.attacks_right_a)

    def draw(self, source: Image, moment: Moment) -> Image:
        """The finished picture; the source picture may be drawn on."""
        image = source
        if source.shape[1::-1] != self._size:
            shrinks = source.shape[0] > self._size[1]
            how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
            image = np.asarray(cv2.resize(source, self._size, interpolation=how), np.uint8)
        self._markers.draw(image, moment, self._ratio)
        if self._minimap:
            right_a = self._directions.attacks_right_a(moment.time_s)
            self._minimap.draw(image, moment, attacks_right_a=right_a)
        if self._shows_panel:
            self._panel.draw(image, self._margin, self._margin, moment.time_s)
        return image
