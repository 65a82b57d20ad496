"""The back-line video: each team's two deepest players, the block around all its outfield players, and the
height of the line over the last minute.

What is drawn is the line at this moment, smoothed for the eye; the window's value, on which all judgement rests,
stands in the table beside it.
"""

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from touchline.engine.render import canvas
from touchline.engine.render.canvas import BOLD, REGULAR, Align, Rect
from touchline.engine.render.colors import MUTED, SLATE_LIGHT, WHITE, Inks, rim_of
from touchline.engine.render.directions import Directions
from touchline.engine.render.job import RenderJob
from touchline.engine.render.labels import MISSING, Words
from touchline.engine.render.page import (
    HEADER,
    MARGIN,
    PANEL_X,
    draw_name,
    new_page,
    panel_for,
    team_names,
    write_pages,
)
from touchline.engine.render.pitchview import PitchView
from touchline.engine.render.scene import PictureScene, PitchScene, draw_ball, draw_people
from touchline.engine.render.timeline import Moment
from touchline.engine.types import Calibration, FloatArray, Image, VideoFacts
from touchline.football.pitch import PitchSize, to_team_frame
from touchline.football.vocabulary import Role, Side, TeamCode

CHART_S = 60.0
# Tactics §3, line_ok: six outfield players, and the own keeper or 8 m of ground behind the deepest one in view.
_FEWEST_SEEN = 6
_GROUND_BEHIND_M = 8.0
# Tactics §7: heights between which a block is called middle.
_LOW_BLOCK_M, _HIGH_BLOCK_M = 28.0, 44.0
_SMOOTHING_S = 0.8
_FORGET_S = 2.0
_CHART_TOP_M = 65.0
_PITCH: Rect = (MARGIN + 140, HEADER, PANEL_X - 2 * MARGIN - 280, 424)
_CHART: Rect = (MARGIN + 58, HEADER + 424 + 52, PANEL_X - 2 * MARGIN - 58, 160)
_CODES = {Side.A: TeamCode.A, Side.B: TeamCode.B}


@dataclass(frozen=True, slots=True)
class BackLine:
    """A team's back line at one moment.

    height_m: mean distance of the two deepest outfield players from their own goal line; None with the reason.
    block: (N, 2) metres, frame P, all outfield players seen.
    """

    height_m: float | None
    reason: str
    block: FloatArray


def back_line(
    moment: Moment,
    side: Side,
    *,
    attacks_right: bool,
    pitch: PitchSize,
    seen_x_m: tuple[float, float],
    words: Words,
) -> BackLine:
    """The back line where enough of the team is in view (`tactics.md` §3 line_ok, §5).

    seen_x_m: the part of the pitch's length that the camera shows, frame P.
    """
    own = (moment.teams == _CODES[side]) & np.isfinite(moment.positions).all(axis=1)
    block = moment.positions[own & (moment.roles == Role.PLAYER)]
    if len(block) < _FEWEST_SEEN:
        return BackLine(None, words.too_few_seen.format(seen=len(block)), block)
    depths = np.sort(to_team_frame(block, attacks_right=attacks_right, pitch=pitch)[:, 0])
    reach_m = seen_x_m[0] if attacks_right else pitch.length_m - seen_x_m[1]
    sees_keeper = bool((own & (moment.roles == Role.KEEPER)).any())
    if not sees_keeper and reach_m > max(float(depths[0]) - _GROUND_BEHIND_M, 0.5):
        return BackLine(None, words.goal_side_unseen, block)
    return BackLine(float(depths[:2].mean()), "", block)


def seen_length_m(calibration: Calibration, facts: VideoFacts, pitch: PitchSize) -> tuple[float, float]:
    """Smallest and largest x of the pitch that lies in the picture, metres, frame P; empty view gives (L, 0)."""
    columns, rows = np.meshgrid(np.linspace(0, facts.width, 49), np.linspace(0, facts.height, 49))
    ground = calibration.to_pitch(np.column_stack([columns.ravel(), rows.ravel()]))
    with np.errstate(invalid="ignore"):
        inside = ((ground >= 0) & (ground <= (pitch.length_m, pitch.width_m))).all(axis=1)
    xs = ground[inside, 0]
    return (float(xs.min()), float(xs.max())) if len(xs) else (pitch.length_m, 0.0)


def render_backline(job: RenderJob, path: Path, *, inks: Inks, words: Words) -> Iterator[tuple[float, int]]:
    """Write the back-line video; without metres its pages say why, and how to get them."""
    painter = UncalibratedPainter(job, inks, words) if job.calibration is None else BacklinePainter(job, inks, words)
    return write_pages(job, path, painter.draw)


class BacklinePainter:
    """Draws pitch, lines and chart of one moment after the other."""

    def __init__(self, job: RenderJob, inks: Inks, words: Words) -> None:
        assert job.calibration is not None
        self._job, self._inks, self._words = job, inks, words
        self._names = team_names(job, words)
        self._panel = panel_for(job, words, inks)
        self._view = PitchView(job.pitch, _PITCH)
        self._scene = PitchScene(self._view)
        self._seen_x_m = seen_length_m(job.calibration, job.facts, job.pitch)
        self._smooth = {side: _Smoothed() for side in Side}
        self._history: deque[tuple[float, dict[Side, float | None]]] = deque()
        self._directions = Directions(job.segments, job.attacks_right_a)
        self._right: dict[Side, bool | None] = {}
        self._grounds: dict[bool | None, Image] = {}

    def draw(self, moment: Moment) -> Image:
        self._right = {side: self._directions.attacks_right(side, moment.time_s) for side in Side}
        page = self._ground().copy()
        heights: dict[Side, float | None] = {}
        for side in Side:
            line = self._line(moment, side)
            heights[side] = self._smooth[side].add(moment.time_s, line.height_m)
            self._draw_block(page, side, line.block)
            self._draw_value(page, side, heights[side], line.reason)
        for side in Side:
            self._draw_line(page, side, heights[side])
        draw_people(page, moment, self._scene.places(moment), self._inks, radius=8, with_ids=False)
        draw_ball(page, self._scene.ball_place(moment), 4)
        self._draw_chart(page, moment.time_s, heights)
        self._panel.draw(page, PANEL_X, HEADER, moment.time_s)
        return page

    def _ground(self) -> Image:
        """The empty page; one is drawn per direction of play."""
        right_a = self._right[Side.A]
        if right_a not in self._grounds:
            ground = new_page(self._words.backline_title)
            self._view.draw_ground(ground)
            for side in Side:
                self._draw_plate(ground, side)
            self._draw_chart_ground(ground)
            self._grounds[right_a] = ground
        return self._grounds[right_a]

    def _line(self, moment: Moment, side: Side) -> BackLine:
        attacks_right = self._right[side]
        line = back_line(
            moment,
            side,
            attacks_right=bool(attacks_right),
            pitch=self._job.pitch,
            seen_x_m=self._seen_x_m,
            words=self._words,
        )
        return line if attacks_right is not None else BackLine(None, self._words.direction_unknown, line.block)

    def _at_left(self, side: Side) -> bool:
        """Whether the team's plate stands left: beside the goal that it defends."""
        attacks_right = self._right[side]
        return side is Side.A if attacks_right is None else attacks_right

    def _draw_plate(self, ground: Image, side: Side) -> None:
        name = canvas.shortened(self._names[side], 106, 18)
        x = MARGIN if self._at_left(side) else PANEL_X - MARGIN
        draw_name(ground, name, self._inks, side, x=x, base_y=HEADER + 130, align_right=not self._at_left(side))

    def _draw_value(self, page: Image, side: Side, height_m: float | None, reason: str) -> None:
        at_left = self._at_left(side)
        x, align = (MARGIN, Align.LEFT) if at_left else (PANEL_X - MARGIN, Align.RIGHT)
        value = MISSING if height_m is None else f"{height_m:.0f} m"
        canvas.text(page, value, (x, HEADER + 190), 44, WHITE, weight=BOLD, align=align)
        if height_m is None:
            for row, words in enumerate(canvas.wrapped(reason, 128, 16, lines=4, weight=REGULAR)):
                canvas.text(page, words, (x, HEADER + 220 + 20 * row), 16, MUTED, weight=REGULAR, align=align)

    def _draw_block(self, page: Image, side: Side, block: FloatArray) -> None:
        if len(block) < 3:
            return
        hull = np.asarray(cv2.convexHull(self._view.to_px(block).astype(np.float32)), np.float64).reshape(-1, 2)
        left, top = np.floor(hull.min(axis=0)).astype(int) - 2
        right, bottom = np.ceil(hull.max(axis=0)).astype(int) + 3
        area = page[max(top, 0) : bottom, max(left, 0) : right]
        tinted = area.copy()
        canvas.filled(tinted, hull - (max(left, 0), max(top, 0)), self._inks.side(side))
        area[:] = cv2.addWeighted(area, 0.78, tinted, 0.22, 0)
        canvas.path(page, hull, self._inks.side(side), 1, closed=True)

    def _draw_line(self, page: Image, side: Side, height_m: float | None) -> None:
        if height_m is None:
            return
        length, width = self._job.pitch.length_m, self._job.pitch.width_m
        attacks_right = bool(self._right[side])
        x_m = height_m if attacks_right else length - height_m
        ends = self._view.to_px(np.array([[x_m, 0], [x_m, width]]))
        ink = self._inks.side(side)
        canvas.path(page, ends, rim_of(ink), 6)
        canvas.path(page, ends, ink, 3)
        # A measure from the goal line; the teams use different heights so that both stay readable.
        y_m = width * (0.04 if side is Side.A else 0.96)
        goal_m = 0.0 if attacks_right else length
        tail, tip = self._view.point(goal_m, y_m), self._view.point(x_m, y_m)
        if abs(tip[0] - tail[0]) > 24:
            canvas.rimmed_arrow(page, tail, tip, (ink, rim_of(ink)), thickness=2, head=11)

    def _draw_chart_ground(self, page: Image) -> None:
        x, y, width, _ = _CHART
        words = self._words
        title = words.backline_chart.format(seconds=round(CHART_S))
        canvas.text(page, title, (MARGIN, y - 16), 17, MUTED, weight=REGULAR)
        for height_m in (0.0, 20.0, 40.0, 60.0):
            level = round(self._chart_y(height_m))
            page[level, x : x + width] = SLATE_LIGHT
            canvas.text(page, f"{height_m:.0f} m", (x - 8, level + 6), 16, MUTED, weight=REGULAR, align=Align.RIGHT)
        for height_m, name in ((_LOW_BLOCK_M, words.low_block), (_HIGH_BLOCK_M, words.high_block)):
            level = round(self._chart_y(height_m))
            for dash in range(x, x + width, 12):
                page[level, dash : min(dash + 5, x + width)] = MUTED
            base_y = level + 18 if height_m == _LOW_BLOCK_M else level - 6
            canvas.text(page, name, (x + 6, base_y), 16, MUTED, weight=REGULAR)

    def _chart_y(self, height_m: float) -> float:
        _, y, _, height = _CHART
        return y + height - height * min(max(height_m, 0.0), _CHART_TOP_M) / _CHART_TOP_M

    def _draw_chart(self, page: Image, now_s: float, heights: dict[Side, float | None]) -> None:
        x, _, width, _ = _CHART
        self._history.append((now_s, heights))
        while self._history[0][0] < now_s - CHART_S:
            self._history.popleft()
        for side in Side:
            for stretch in self._stretches(side):
                points = np.array(
                    [(x + width * (1 - (now_s - at_s) / CHART_S), self._chart_y(value)) for at_s, value in stretch]
                )
                ink = self._inks.side(side)
                canvas.path(page, points, rim_of(ink), 5)
                canvas.path(page, points, ink, 3)

    def _stretches(self, side: Side) -> Iterator[list[tuple[float, float]]]:
        """Unbroken pieces of a team's line: unseen time is left open."""
        piece: list[tuple[float, float]] = []
        for at_s, heights in self._history:
            value = heights[side]
            if value is not None:
                piece.append((at_s, value))
            elif piece:
                yield piece
                piece = []
        if piece:
            yield piece


class _Smoothed:
    """A value that follows its input within about a second; unknown while the input is."""

    def __init__(self) -> None:
        self._value: float | None = None
        self._time_s = -math.inf

    def add(self, time_s: float, value: float | None) -> float | None:
        if value is None:
            return None
        gap_s = time_s - self._time_s
        if self._value is None or gap_s > _FORGET_S:
            self._value = value
        else:
            self._value += (value - self._value) * (1 - math.exp(-gap_s / _SMOOTHING_S))
        self._time_s = time_s
        return self._value


class UncalibratedPainter:
    """What can be shown without metres: where people stand in the picture, and how to get metres."""

    def __init__(self, job: RenderJob, inks: Inks, words: Words) -> None:
        self._inks = inks
        self._panel = panel_for(job, words, inks)
        rect = (MARGIN, HEADER + 64, PANEL_X - 2 * MARGIN, 720 - HEADER - 64 - MARGIN)
        self._scene = PictureScene(rect, (job.facts.width, job.facts.height))
        self._ground = new_page(words.backline_title)
        canvas.text(self._ground, words.no_metres, (MARGIN, HEADER + 20), 20, WHITE)
        canvas.text(self._ground, words.no_metres_way_out, (MARGIN, HEADER + 46), 18, MUTED, weight=REGULAR)
        self._scene.draw_ground(self._ground)

    def draw(self, moment: Moment) -> Image:
        page = self._ground.copy()
        draw_people(page, moment, self._scene.places(moment), self._inks, radius=11)
        draw_ball(page, self._scene.ball_place(moment), 6)
        self._panel.draw(page, PANEL_X, HEADER, moment.time_s)
        return page
