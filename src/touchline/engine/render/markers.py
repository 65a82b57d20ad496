"""Marks on the picture: a ring at each person's feet with the track's id, and a pointer over the ball."""

import cv2
import numpy as np

from touchline.engine.render import canvas
from touchline.engine.render.canvas import Align
from touchline.engine.render.colors import BALL, BLACK, Inks, text_on
from touchline.engine.render.job import Bgr
from touchline.engine.render.labels import Words
from touchline.engine.render.timeline import Moment
from touchline.engine.types import FloatArray, Image
from touchline.football.vocabulary import Role, TeamCode

_ID_SIZE = 16
# A figure shorter than this has no room for a ring: it gets a thin box.
_SMALLEST_RINGED_PX = 14
_RING_OPEN_DEG = (-45, 225)  # open behind the legs, as if painted on the grass

_FLATNESS = 0.42  # a circle on the grass, seen from a stand


class MarkerPainter:
    """Draws a moment's people and ball on a picture of the tracked video."""

    def __init__(self, inks: Inks, words: Words, scale: float) -> None:
        self._inks, self._words, self._scale = inks, words, scale

    def draw(self, image: Image, moment: Moment, picture_scale: tuple[float, float]) -> None:
        """Draw everybody, far ones first. picture_scale: drawn pixels per source pixel, along x and y."""
        boxes = moment.boxes * np.tile(picture_scale, 2)
        order = np.argsort(boxes[:, 3], kind="stable")
        for index in order:
            self._foot(image, boxes[index], self._ink(moment, index))
        for index in order:
            self._label(image, boxes[index], self._ink(moment, index), self._name(moment, index))
        if np.isfinite(moment.ball_box).all():
            self._ball(image, moment.ball_box * np.tile(picture_scale, 2))

    def _ink(self, moment: Moment, index: int) -> Bgr:
        if moment.roles[index] in {Role.REFEREE, Role.OTHER}:
            return self._inks.neutral
        return self._inks.of(int(moment.teams[index]))

    def _name(self, moment: Moment, index: int) -> str:
        role, track = moment.roles[index], int(moment.ids[index])
        if role == Role.KEEPER:
            return f"{self._words.keeper} {track}"
        if role == Role.REFEREE:
            return self._words.referee
        # People beside the match keep their ring and go without a number.
        return "" if role == Role.OTHER or moment.teams[index] == TeamCode.UNKNOWN else str(track)

    def _foot(self, image: Image, box: FloatArray, ink: Bgr) -> None:
        x1, y1, x2, y2 = box.tolist()
        if y2 - y1 < _SMALLEST_RINGED_PX * self._scale:
            corners = np.array([[x1, y1], [x2, y1], [x2, y2], [x1, y2]])
            canvas.path(image, corners, BLACK, 3, closed=True)
            canvas.path(image, corners, ink, 1, closed=True)
            return
        # Width from the height: arms and strides make a box's own width jump.
        radius = self._radius(y1, y2)
        centre = canvas.fixed(((x1 + x2) / 2, y2 - 0.15 * radius))
        axes = canvas.fixed((radius, _FLATNESS * radius))
        thick = max(2, round(2.2 * self._scale * min(2.0, max(1.0, (y2 - y1) / 90))))
        for color, thickness in ((BLACK, thick + 2), (ink, thick)):
            cv2.ellipse(image, centre, axes, 0, *_RING_OPEN_DEG, color, thickness, cv2.LINE_AA, 4)

    def _radius(self, top: float, bottom: float) -> float:
        return max(0.32 * (bottom - top), 11 * self._scale)

    def _label(self, image: Image, box: FloatArray, ink: Bgr, name: str) -> None:
        if not name:
            return
        size = max(_ID_SIZE, round(_ID_SIZE * self._scale))
        width = canvas.text_width(name, size) + 8
        height = size + 1
        x = round((box[0] + box[2]) / 2 - width / 2)
        y = round(box[3] + (_FLATNESS - 0.15) * self._radius(box[1], box[3]) + 4 * self._scale)
        canvas.rounded(image, (x - 1, y - 1, width + 2, height + 2), BLACK, radius=5)
        canvas.rounded(image, (x, y, width, height), ink, radius=4)
        canvas.text(image, name, (x + width / 2, y + round(size * 0.86)), size, text_on(ink), align=Align.CENTER)

    def _ball(self, image: Image, box: FloatArray) -> None:
        x, top = float(box[0] + box[2]) / 2, float(box[1])
        size = 9 * self._scale
        tip = top - 4 * self._scale
        for grow, color in ((2.5 * self._scale, BLACK), (0.0, BALL)):
            corners = np.array(
                [
                    [x, tip + grow],
                    [x - size - grow, tip - 1.5 * size - grow],
                    [x + size + grow, tip - 1.5 * size - grow],
                ]
            )
            canvas.filled(image, corners, color)
