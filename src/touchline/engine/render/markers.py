"""Marks on the picture: a ring at each person's feet with the track's id, and a pointer over the ball."""

from typing import NamedTuple

import cv2
import numpy as np

from touchline.engine.render import canvas
from touchline.engine.render.canvas import Align, Rect, Sprite
from touchline.engine.render.colors import BALL, BLACK, Inks, rim_of, text_on
from touchline.engine.render.job import Bgr
from touchline.engine.render.labels import Words
from touchline.engine.render.look import Look, looks
from touchline.engine.render.timeline import Moment
from touchline.engine.types import FloatArray, Image

_ID_SIZE = 16
# A figure shorter than this has no room for a ring: it gets a thin box.
_SMALLEST_RINGED_PX = 14
_RING_OPEN_DEG = (-45, 225)  # open behind the legs, as if painted on the grass
_FLATNESS = 0.42  # a circle on the grass, seen from a stand
_BELOW, _ABOVE = 0, 1
# A label leaves its place when more of it than this is covered by nearer ones, and the other place is free.
_COVERED, _FREE = 0.35, 0.1
_MOST_PLATES = 500
_ROOM = 10  # it comes back under the feet when so many pixels around that place are free


class MarkerPainter:
    """Draws the people and ball of successive moments on pictures of the tracked video."""

    def __init__(self, inks: Inks, words: Words, scale: float) -> None:
        self._inks, self._words, self._scale = inks, words, scale
        self._letters = max(_ID_SIZE, round(_ID_SIZE * scale))
        self._label_places: dict[int, int] = {}
        self._plates: dict[tuple[str, Bgr], Sprite] = {}

    def draw(self, image: Image, moment: Moment, picture_scale: tuple[float, float]) -> None:
        """Draw everybody. picture_scale: drawn pixels per source pixel, along x and y."""
        boxes = moment.boxes * np.tile(picture_scale, 2)
        everybody, corners = looks(moment, self._inks), boxes.tolist()
        marks = [
            _Mark(everybody[index], corners[index], everybody[index].ink, self._label(everybody[index]))
            for index in np.argsort(boxes[:, 3], kind="stable").tolist()
        ]
        for mark in marks:
            self._draw_ring(image, mark)
        for mark, rect in self._placed_labels(marks, image.shape[0]):
            self._plate(mark).onto(image, rect[0] - 1, rect[1] - 1)
        if np.isfinite(moment.ball_box).all():
            self._draw_ball(image, moment.ball_box * np.tile(picture_scale, 2))

    def _label(self, look: Look) -> str:
        """People beside the match, and of no known team, go without a number."""
        if look.is_referee:
            return self._words.referee
        if not look.in_team:
            return ""
        return f"{self._words.keeper} {look.track}" if look.is_keeper else str(look.track)

    def _draw_ring(self, image: Image, mark: "_Mark") -> None:
        x1, y1, x2, y2 = mark.box
        if y2 - y1 < _SMALLEST_RINGED_PX * self._scale:
            corners = np.array([[x1, y1], [x2, y1], [x2, y2], [x1, y2]])
            canvas.path(image, corners, rim_of(mark.ink), 3, closed=True)
            canvas.path(image, corners, mark.ink, 1, closed=True)
            return
        # Width from the height: arms and strides make a box's own width jump.
        radius = self._radius(mark)
        centre = canvas.fixed(((x1 + x2) / 2, y2 - 0.15 * radius))
        axes = canvas.fixed((radius, _FLATNESS * radius))
        thick = max(2, round(2.2 * self._scale * min(2.0, max(1.0, (y2 - y1) / 90))))
        if not (mark.look.in_team or mark.look.is_referee):
            thick = 1  # staff and strangers stay in the background
        for color, thickness in ((rim_of(mark.ink), thick + 2), (mark.ink, thick)):
            cv2.ellipse(image, centre, axes, 0, *_RING_OPEN_DEG, color, thickness, cv2.LINE_AA, 4)

    def _radius(self, mark: "_Mark") -> float:
        return max(0.32 * (mark.box[3] - mark.box[1]), 11 * self._scale)

    def _placed_labels(self, marks: list["_Mark"], lines: int) -> list[tuple["_Mark", Rect]]:
        """Where each label stands: under the feet, or over the head where nearer labels would cover it.

        Nearer people choose first. A label stays where it was as long as it can be read there, so that labels do
        not hop between pictures.
        """
        placed: list[tuple[_Mark, Rect]] = []
        taken: list[Rect] = []
        before, self._label_places = self._label_places, {}
        for mark in reversed(marks):
            if not mark.label:
                continue
            rects = self._label_rects(mark)
            fits_below = rects[_BELOW][1] + rects[_BELOW][3] <= lines
            usual = before.get(mark.look.track, _BELOW) if fits_below else _ABOVE
            wide = _grown(rects[_BELOW], by=_ROOM)
            covered = [max((_overlap(rect, other) for other in taken), default=0.0) for rect in rects]
            other = 1 - usual
            place = other if covered[usual] > _COVERED and covered[other] < _FREE and rects[other][1] > 0 else usual
            if place == usual == _ABOVE and fits_below and not any(_overlap(wide, rect) for rect in taken):
                place = _BELOW
            self._label_places[mark.look.track] = place
            taken.append(rects[place])
            placed.append((mark, rects[place]))
        return placed[::-1]

    def _plate(self, mark: "_Mark") -> Sprite:
        """The drawn label, one pixel larger on every side than its rectangle; drawn once."""
        key = mark.label, mark.ink
        if key not in self._plates:
            if len(self._plates) >= _MOST_PLATES:
                self._plates.clear()
            _, _, width, height = self._label_rects(mark)[_BELOW]
            picture, opacity = canvas.panel(width + 2, height + 2, rim_of(mark.ink), 1.0, radius=5)
            canvas.rounded(picture, (1, 1, width, height), mark.ink, radius=4)
            at = 1 + width / 2, 1 + round(self._letters * 0.86)
            canvas.text(picture, mark.label, at, self._letters, text_on(mark.ink), align=Align.CENTER)
            self._plates[key] = Sprite.of(picture, opacity)
        return self._plates[key]

    def _label_rects(self, mark: "_Mark") -> tuple[Rect, Rect]:
        """The two places of a label: under the feet and over the head."""
        width, height = canvas.text_width(mark.label, self._letters) + 8, self._letters + 1
        x = round((mark.box[0] + mark.box[2]) / 2 - width / 2)
        below = round(mark.box[3] + (_FLATNESS - 0.15) * self._radius(mark) + 4 * self._scale)
        above = round(mark.box[1] - height - 4 * self._scale)
        return (x, below, width, height), (x, above, width, height)

    def _draw_ball(self, image: Image, box: FloatArray) -> None:
        x, top = float(box[0] + box[2]) / 2, float(box[1])
        size = 9 * self._scale
        tip = top - 4 * self._scale
        for grow, color in ((2.5 * self._scale, BLACK), (0.0, BALL)):
            base, half = tip - 1.5 * size - grow, size + grow
            canvas.filled(image, np.array([[x, tip + grow], [x - half, base], [x + half, base]]), color)


class _Mark(NamedTuple):
    """One person as drawn: box x1, y1, x2, y2 in pixels of the picture."""

    look: Look
    box: list[float]
    ink: Bgr
    label: str


def _grown(rect: Rect, by: int = 1) -> Rect:
    return rect[0] - by, rect[1] - by, rect[2] + 2 * by, rect[3] + 2 * by


def _overlap(rect: Rect, other: Rect) -> float:
    """Share of a rectangle that another covers."""
    width = min(rect[0] + rect[2], other[0] + other[2]) - max(rect[0], other[0])
    if width <= 0:
        return 0.0
    height = min(rect[1] + rect[3], other[1] + other[3]) - max(rect[1], other[1])
    return width * max(0, height) / (rect[2] * rect[3])
