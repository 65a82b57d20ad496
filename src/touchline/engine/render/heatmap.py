"""The heat map: where each team's outfield players spent the time in which they were seen.

24 × 16 cells, seconds per cell ÷ seconds visible, Gaussian blur of 3 m (`tactics.md` §12). A map that rests on
less than five player-minutes is not drawn, except in a run whose windows are flagged illustrative; it then says so.
Where the direction of play is known, both teams attack to the right, so that both halves of a match add up.
"""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from touchline.engine.positions import PositionsReader
from touchline.engine.render import canvas
from touchline.engine.render.canvas import BOLD, REGULAR, Align, Rect
from touchline.engine.render.colors import MUTED, SLATE_LIGHT, WHITE, Inks
from touchline.engine.render.directions import Directions
from touchline.engine.render.job import RenderError, RenderJob
from touchline.engine.render.labels import Words, clock
from touchline.engine.render.page import (
    HEADER,
    MARGIN,
    PAGE_FPS,
    PAGE_SIZE,
    draw_direction,
    draw_name,
    new_page,
    page_times,
    team_names,
    write_pages,
)
from touchline.engine.render.pitchview import PitchView
from touchline.engine.render.scene import PictureScene
from touchline.engine.render.timeline import Moment, moments
from touchline.engine.types import FloatArray, Image
from touchline.football.pitch import to_team_frame
from touchline.football.vocabulary import Role, Side, TeamCode

COLUMNS, ROWS = 24, 16
FEWEST_MINUTES = 5.0
_BLUR_M = 3.0
_REDRAW_EVERY_S = 0.5
_GAP = 28
_MAP_WIDTH = (PAGE_SIZE[0] - 2 * MARGIN - _GAP) // 2
_MAP_TOP, _MAP_HEIGHT = HEADER + 76, 412
_CODES = {Side.A: TeamCode.A, Side.B: TeamCode.B}
# Clear over yellow and orange to red, BGR with opacity; light means little time, as on printed maps.
_RAMP = (
    (0.0, (90, 200, 250), 0.0),
    (0.25, (80, 220, 255), 0.45),
    (0.6, (40, 140, 255), 0.78),
    (1.0, (40, 40, 225), 0.92),
)


class HeatGrid:
    """Seconds spent per cell by one team's outfield players.

    The plane is the pitch in metres (frame P), or the picture in fractions 0..1 when there are no metres.
    """

    def __init__(self, *, size: tuple[float, float], blur: float) -> None:
        """size: extent of the plane along x and y; blur: standard deviation in the same unit."""
        self._size = np.asarray(size)
        self._sigma = blur * COLUMNS / size[0], blur * ROWS / size[1]
        self._cells_s = np.zeros((ROWS, COLUMNS))

    @property
    def visible_s(self) -> float:
        """Player-seconds counted so far."""
        return float(self._cells_s.sum())

    def add(self, points: FloatArray, seconds: float) -> None:
        """Count the given time at each point (N, 2); points beside the plane and NaN are left out."""
        cells = np.floor(points / self._size * (COLUMNS, ROWS))
        with np.errstate(invalid="ignore"):
            inside = ((cells >= 0) & (cells < (COLUMNS, ROWS))).all(axis=1)
        chosen = cells[inside].astype(int)
        np.add.at(self._cells_s, (chosen[:, 1], chosen[:, 0]), seconds)

    def shares(self) -> FloatArray:
        """(ROWS, COLUMNS) share of the visible time, blurred; all zero while nothing was seen."""
        if not self.visible_s:
            return np.zeros((ROWS, COLUMNS))
        # Reflection keeps the time of players at the touchline on the pitch.
        blurred = cv2.GaussianBlur(
            self._cells_s, (0, 0), sigmaX=self._sigma[0], sigmaY=self._sigma[1], borderType=cv2.BORDER_REFLECT
        )
        return np.asarray(blurred / self.visible_s)


def render_heatmap(job: RenderJob, path: Path, *, inks: Inks, words: Words) -> Iterator[tuple[float, int]]:
    """Write the heat-map video: the map as it grows."""
    return write_pages(job, path, HeatmapPainter(job, inks, words).draw)


def render_heatmap_picture(job: RenderJob, path: Path, *, inks: Inks, words: Words) -> Iterator[tuple[float, int]]:
    """Write the heat map of the whole span as a PNG picture."""
    reader = PositionsReader(job.positions)
    painter = HeatmapPainter(job, inks, words)
    last_s = job.start_s
    for moment in moments(reader, page_times(job, reader)):
        painter.count(moment)
        last_s = moment.time_s
        yield moment.time_s - job.start_s, 0
    page = painter.page(span=f"{clock(job.start_s)}–{clock(last_s + 1 / PAGE_FPS)}")
    encoded, data = cv2.imencode(".png", page, [cv2.IMWRITE_PNG_COMPRESSION, 6])
    if not encoded:
        raise RenderError("The heat-map picture could not be encoded.")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(data.tobytes())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    yield last_s - job.start_s, 1


class HeatmapPainter:
    """Counts moments in time order and draws both teams' maps side by side."""

    def __init__(self, job: RenderJob, inks: Inks, words: Words) -> None:
        self._job, self._inks, self._words = job, inks, words
        self._is_calibrated = job.calibration is not None
        self._is_illustrative = any(bool(segment.analysis.get("illustrative")) for segment in job.segments)
        pitch = job.pitch
        self._directions = Directions(job.segments, job.attacks_right_a)
        self._is_turned = self._is_calibrated and self._directions.are_known
        size = (pitch.length_m, pitch.width_m) if self._is_calibrated else (1.0, 1.0)
        # Without metres the blur is the same share of the plane as 3 m are of a pitch's length.
        blur = _BLUR_M if self._is_calibrated else _BLUR_M / 105.0
        self._grids = {side: HeatGrid(size=size, blur=blur) for side in Side}
        self._rects: dict[Side, Rect] = {
            Side.A: (MARGIN, _MAP_TOP, _MAP_WIDTH, _MAP_HEIGHT),
            Side.B: (MARGIN + _MAP_WIDTH + _GAP, _MAP_TOP, _MAP_WIDTH, _MAP_HEIGHT),
        }
        self._ground = self._draw_ground()
        self._drawn_s: float | None = None
        self._drawn = self._ground

    def count(self, moment: Moment) -> None:
        """Add a moment's tenth of a second for everybody in view."""
        points = moment.positions if self._is_calibrated else self._feet(moment)
        for side, grid in self._grids.items():
            own = points[(moment.teams == _CODES[side]) & (moment.roles == Role.PLAYER)]
            if self._is_turned:
                attacks_right = bool(self._directions.attacks_right(side, moment.time_s))
                own = to_team_frame(own, attacks_right=attacks_right, pitch=self._job.pitch)
            grid.add(own, 1 / PAGE_FPS)

    def draw(self, moment: Moment) -> Image:
        """The page after this moment; maps are redrawn twice a second."""
        self.count(moment)
        if self._drawn_s is None or moment.time_s - self._drawn_s >= _REDRAW_EVERY_S - 1e-6:
            self._drawn, self._drawn_s = self.page(), moment.time_s
        page = self._drawn.copy()
        self._draw_time(page, clock(moment.time_s))
        return page

    def page(self, span: str = "") -> Image:
        """The page with everything counted so far; `span` is written where the video shows its clock."""
        page = self._ground.copy()
        shares = {side: grid.shares() for side, grid in self._grids.items()}
        drawn = {side: self._may_draw(side) for side in Side}
        top = max((float(shares[side].max()) for side in Side if drawn[side]), default=0.0)
        for side in Side:
            if drawn[side] and top > 0:
                self._draw_heat(page, self._plane(side), shares[side] / top)
            self._draw_minutes(page, side)
        self._draw_legend(page, top)
        if span:
            self._draw_time(page, span)
        return page

    def _feet(self, moment: Moment) -> FloatArray:
        feet = np.column_stack([moment.boxes[:, [0, 2]].mean(axis=1), moment.boxes[:, 3]])
        return np.asarray(feet / (self._job.facts.width, self._job.facts.height + 1e-6)).clip(0, 1 - 1e-9)

    def _minutes(self, side: Side) -> float:
        return self._grids[side].visible_s / 60

    def _may_draw(self, side: Side) -> bool:
        return self._minutes(side) >= FEWEST_MINUTES or self._is_illustrative

    def _draw_ground(self) -> Image:
        words, job = self._words, self._job
        page = new_page(words.heatmap_title, words.heatmap_unit if self._is_calibrated else words.picture_plane)
        names = team_names(job, words)
        for side, rect in self._rects.items():
            base_y = _MAP_TOP - 20
            width = draw_name(page, names[side], self._inks, side, x=rect[0], base_y=base_y)
            if self._is_calibrated:
                PitchView(job.pitch, rect).draw_ground(page, stripes=False)
                self._draw_direction(page, side, rect[0] + width + 14, base_y)
            else:
                PictureScene(rect, (job.facts.width, job.facts.height)).draw_ground(page)
        return page

    def _draw_direction(self, page: Image, side: Side, x: int, base_y: int) -> None:
        if self._is_turned:
            draw_direction(page, self._inks.side(side), x, x + 54, base_y)
        else:
            canvas.text(page, self._words.direction_unknown, (x, base_y), 16, MUTED, weight=REGULAR)

    def _plane(self, side: Side) -> Rect:
        """Pixels that the grid covers."""
        job, rect = self._job, self._rects[side]
        if not self._is_calibrated:
            return PictureScene(rect, (job.facts.width, job.facts.height)).frame
        corners = PitchView(job.pitch, rect).to_px(np.array([[0, 0], [job.pitch.length_m, job.pitch.width_m]]))
        (left, top), (right, bottom) = np.round(corners).astype(int).tolist()
        return left, top, right - left, bottom - top

    def _draw_heat(self, page: Image, plane: Rect, levels: FloatArray) -> None:
        x, y, width, height = plane
        fine = cv2.resize(levels.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
        steps = np.round(np.clip(fine, 0, 1) * 255).astype(np.uint8)
        color, opacity = _ramp()
        canvas.Sprite.of(color[steps], opacity[steps]).onto(page, x, y)

    def _draw_minutes(self, page: Image, side: Side) -> None:
        minutes, words = self._minutes(side), self._words
        x, y, _, height = self._rects[side]
        at = x, y + height + 30
        if minutes >= FEWEST_MINUTES:
            canvas.text(page, words.visible_minutes.format(minutes=f"{minutes:.0f}"), at, 18, WHITE)
            return
        note = words.of_needed.format(minutes=f"{minutes:.1f}", needed=f"{FEWEST_MINUTES:.0f}")
        if self._is_illustrative:
            note = f"{note} · {words.illustrative}"
        canvas.text(page, note, at, 18, MUTED, weight=REGULAR)

    def _draw_legend(self, page: Image, top: float) -> None:
        """What the darkest colour means, in share of visible time per cell."""
        if top <= 0:
            return
        width, height = 260, 14
        x, y = MARGIN, PAGE_SIZE[1] - 76
        steps = np.repeat(np.linspace(0, 255, width).astype(np.uint8)[None], height, axis=0)
        color, opacity = _ramp()
        page[y : y + height, x : x + width] = SLATE_LIGHT
        canvas.Sprite.of(color[steps], opacity[steps]).onto(page, x, y)
        canvas.text(page, "0", (x, y + 34), 16, MUTED, weight=REGULAR)
        canvas.text(page, f"{100 * top:.1f} %", (x + width, y + 34), 16, MUTED, weight=REGULAR, align=Align.RIGHT)
        if self._is_calibrated:
            cell = f"{self._job.pitch.length_m / COLUMNS:.1f} × {self._job.pitch.width_m / ROWS:.1f} m"
            at = x + width + 24, y + height
            canvas.text(page, self._words.heatmap_cell.format(cell=cell), at, 16, MUTED, weight=REGULAR)

    def _draw_time(self, page: Image, words: str) -> None:
        canvas.text(page, words, (PAGE_SIZE[0] - MARGIN, 40), 26, WHITE, weight=BOLD, align=Align.RIGHT)


def _ramp() -> tuple[Image, Image]:
    """Colours (256, 3) BGR and opacities (256,) of the levels 0..255."""
    levels = np.linspace(0, 1, 256)
    stops = [stop for stop, _, _ in _RAMP]
    channels = [np.interp(levels, stops, [color[channel] for _, color, _ in _RAMP]) for channel in range(3)]
    opacity = np.interp(levels, stops, [255 * alpha for _, _, alpha in _RAMP])
    return np.column_stack(channels).astype(np.uint8), opacity.astype(np.uint8)
