"""The plain page on which back line, heat map and top view are drawn: 16:9, slate ground, one title."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from touchline.engine.positions import PositionsReader
from touchline.engine.render import canvas
from touchline.engine.render.canvas import BOLD, REGULAR, Align
from touchline.engine.render.colors import MUTED, SLATE, WHITE, Inks, rim_of, text_on
from touchline.engine.render.job import Bgr, RenderError, RenderJob
from touchline.engine.render.labels import Words, drawable_name
from touchline.engine.render.readout import ReadoutPanel
from touchline.engine.render.timeline import Moment, moments
from touchline.engine.render.writer import VideoWriter
from touchline.engine.types import Image
from touchline.football.vocabulary import Side

PAGE_FPS = 10.0
PAGE_SIZE = (1280, 720)
MARGIN, HEADER = 24, 60
PANEL_X = PAGE_SIZE[0] - MARGIN - 284


def team_names(job: RenderJob, words: Words) -> Mapping[Side, str]:
    """Both names as they can be drawn."""
    return {side: drawable_name(job.team_names.get(side, ""), side, words) for side in Side}


def new_page(title: str, note: str = "") -> Image:
    """An empty page with its title and, beside it, a quieter note."""
    page = np.empty((PAGE_SIZE[1], PAGE_SIZE[0], 3), np.uint8)
    page[:] = SLATE
    canvas.text(page, title, (MARGIN, 40), 28, WHITE, weight=BOLD)
    if note:
        x = MARGIN + canvas.text_width(title, 28, weight=BOLD) + 20
        canvas.text(page, note, (x, 39), 18, MUTED, weight=REGULAR)
    return page


def panel_for(job: RenderJob, words: Words, inks: Inks) -> ReadoutPanel:
    """The table of the window, as it stands at the right of a page."""
    return ReadoutPanel(
        job.segments,
        words=words,
        inks=inks,
        names=team_names(job, words),
        is_calibrated=job.calibration is not None,
        opacity=1.0,
    )


def draw_directions(
    page: Image,
    names: Mapping[Side, str],
    inks: Inks,
    *,
    attacks_right_a: bool | None,
    span: tuple[int, int],
    base_y: int,
    unknown: str = "",
) -> None:
    """Names of both teams with an arrow where each attacks; the team that attacks right stands left.

    span: left and right end of the line; unknown: what is written between the names when nobody knows.
    """
    left, right = span
    sides = (Side.A, Side.B) if attacks_right_a is not False else (Side.B, Side.A)
    for side, x, goes_right in ((sides[0], left, True), (sides[1], right, False)):
        width = draw_name(page, names[side], inks, side, x=x, base_y=base_y, align_right=not goes_right)
        if attacks_right_a is None:
            continue
        tail = x + (width + 14 if goes_right else -width - 14)
        tip = tail + (54 if goes_right else -54)
        draw_direction(page, inks.side(side), tail, tip, base_y)
    if attacks_right_a is None:
        canvas.text(page, unknown, ((left + right) / 2, base_y), 17, MUTED, weight=REGULAR, align=Align.CENTER)


def draw_direction(page: Image, ink: Bgr, tail_x: int, tip_x: int, base_y: int) -> None:
    """A team's arrow beside its name."""
    canvas.rimmed_arrow(page, (tail_x, base_y - 6), (tip_x, base_y - 6), (ink, rim_of(ink)), thickness=4, head=14)


def draw_name(page: Image, name: str, inks: Inks, side: Side, *, x: int, base_y: int, align_right: bool = False) -> int:
    """A team's name on a plate of its colour; returns the plate's width. `x` is its left, or right, edge."""
    shown = canvas.shortened(name, 240, 18)
    width = canvas.text_width(shown, 18) + 20
    start = x - width if align_right else x
    canvas.rounded(page, (start - 1, base_y - 20, width + 2, 28), rim_of(inks.side(side)), radius=6)
    canvas.rounded(page, (start, base_y - 19, width, 26), inks.side(side), radius=5)
    canvas.text(page, shown, (start + 10, base_y), 18, text_on(inks.side(side)))
    return width


def page_times(job: RenderJob, reader: PositionsReader) -> Iterator[float]:
    """Ten times a second from the start of the span to the end of what was analysed.

    Raises:
        RenderError: nothing was analysed.
    """
    if not len(reader):
        raise RenderError("Nothing was analysed in this video, so there is nothing to draw.")
    end_s = float(reader.times_s[-1]) + 1 / float(reader.header["rate_hz"])
    end_s = end_s if job.end_s is None else min(end_s, job.end_s)
    count = max(1, round((end_s - job.start_s) * PAGE_FPS))
    return (job.start_s + index / PAGE_FPS for index in range(count))


def write_pages(job: RenderJob, path: Path, draw: Callable[[Moment], Image]) -> Iterator[tuple[float, int]]:
    """Write one drawn page for every time; yields (seconds of video done, pictures written)."""
    reader = PositionsReader(job.positions)
    times_s = page_times(job, reader)
    with VideoWriter(path, size=PAGE_SIZE, fps=PAGE_FPS, crf=20) as writer:
        for moment in moments(reader, times_s):
            writer.write(draw(moment))
            yield moment.time_s - job.start_s, writer.frames
