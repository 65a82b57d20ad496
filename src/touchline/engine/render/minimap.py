"""A small translucent pitch in the corner of the tracked video, with everybody whose place is known in metres."""

import math
from collections.abc import Mapping

import numpy as np

from touchline.engine.render import canvas
from touchline.engine.render.canvas import REGULAR, Align, Sprite
from touchline.engine.render.colors import BALL, BLACK, MUTED, SLATE, WHITE, Inks, rim_of
from touchline.engine.render.labels import Words
from touchline.engine.render.look import looks
from touchline.engine.render.pitchview import PitchView
from touchline.engine.render.scene import PitchScene
from touchline.engine.render.timeline import Moment
from touchline.engine.types import Image
from touchline.football.pitch import PitchSize
from touchline.football.vocabulary import Side

_WIDTH, _FOOT, _OPACITY = 310, 28, 0.8


class Minimap:
    """Drawn bottom right; its ground is painted once per direction of play, which stands below the pitch."""

    def __init__(
        self,
        pitch: PitchSize,
        inks: Inks,
        *,
        names: Mapping[Side, str],
        words: Words,
        frame_size: tuple[int, int],
        scale: float,
    ) -> None:
        self._inks, self._names, self._words, self._scale = inks, names, words, scale
        self._pitch = pitch
        width = round(min(_WIDTH * scale, 0.46 * frame_size[0]))
        self._size = width, round(width * (pitch.width_m + 6) / (pitch.length_m + 6))
        self._foot, margin = round(_FOOT * scale), round(16 * scale)
        self._corner = frame_size[0] - width - margin, frame_size[1] - self._size[1] - self._foot - margin
        self._scene = PitchScene(PitchView(pitch, (*self._corner, *self._size)))
        self._sprites: dict[bool | None, Sprite] = {}

    def draw(self, image: Image, moment: Moment, *, attacks_right_a: bool | None) -> None:
        """Lay the map on a picture of the size given at the start."""
        if attacks_right_a not in self._sprites:
            self._sprites[attacks_right_a] = self._sprite(attacks_right_a)
        self._sprites[attacks_right_a].onto(image, *self._corner)
        places = self._scene.places(moment)
        radius = max(3.5, 4.8 * self._scale)
        everybody, spots = looks(moment, self._inks), places.tolist()
        # The two teams last: a referee never hides a player.
        for index in np.argsort(moment.teams, kind="stable").tolist():
            look, (x, y) = everybody[index], spots[index]
            if look.is_beside or not (math.isfinite(x) and math.isfinite(y)):
                continue
            canvas.dot(image, (x, y), radius + 1.3, rim_of(look.ink))
            canvas.dot(image, (x, y), radius if look.in_team else radius * 0.7, look.ink)
            if look.is_keeper:
                canvas.dot(image, (x, y), radius * 0.45, rim_of(look.ink))
        ball = self._scene.ball_place(moment)
        if np.isfinite(ball).all():
            at = float(ball[0]), float(ball[1])
            canvas.dot(image, at, radius * 0.95, BLACK)
            canvas.dot(image, at, radius * 0.6, BALL)

    def _sprite(self, attacks_right_a: bool | None) -> Sprite:
        width, height = self._size
        ground, opacity = canvas.panel(width, height + self._foot, SLATE, _OPACITY, radius=round(8 * self._scale))
        PitchView(self._pitch, (0, 0, width, height)).draw_ground(ground, stripes=False)
        middle, size = height + self._foot / 2, 16 * self._scale
        if attacks_right_a is None:
            at = width / 2, middle + size * 0.34
            words = canvas.shortened(self._words.direction_unknown, width - 16, size, weight=REGULAR)
            canvas.text(ground, words, at, size, MUTED, weight=REGULAR, align=Align.CENTER)
            return Sprite.of(ground, opacity)
        # The team that attacks right stands left, with its arrow; the other one the other way round.
        sides = (Side.A, Side.B) if attacks_right_a else (Side.B, Side.A)
        for side, edge, along, align in ((sides[0], 10, 1, Align.LEFT), (sides[1], width - 10, -1, Align.RIGHT)):
            name = canvas.shortened(self._names[side], width / 2 - 70 * self._scale, size)
            canvas.text(ground, name, (edge, middle + size * 0.34), size, WHITE, align=align)
            tail = edge + along * (canvas.text_width(name, size) + 10 * self._scale)
            tip = tail + along * 30 * self._scale
            ink = self._inks.side(side)
            canvas.rimmed_arrow(ground, (tail, middle), (tip, middle), (ink, rim_of(ink)), head=10 * self._scale)
        return Sprite.of(ground, opacity)
