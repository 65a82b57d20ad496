"""The 2-D animation: everybody from above with ids and a tail of two seconds, the ball, the window's table."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from touchline.engine.render import canvas
from touchline.engine.render.colors import GRASS, Inks
from touchline.engine.render.directions import Directions
from touchline.engine.render.job import Bgr, RenderJob
from touchline.engine.render.labels import Words
from touchline.engine.render.look import looks
from touchline.engine.render.page import (
    HEADER,
    MARGIN,
    PANEL_X,
    draw_directions,
    new_page,
    panel_for,
    team_names,
    write_pages,
)
from touchline.engine.render.scene import PLANE, draw_ball, draw_people, scene_for
from touchline.engine.render.timeline import Moment
from touchline.engine.types import FloatArray, Image

TRAIL_S = 2.0
_RECT = (MARGIN, HEADER, PANEL_X - 2 * MARGIN, 614)


def render_animation(job: RenderJob, path: Path, *, inks: Inks, words: Words) -> Iterator[tuple[float, int]]:
    """Write the animation; without calibration people move on the picture plane, and the page says so."""
    return write_pages(job, path, AnimationPainter(job, inks, words).draw)


class AnimationPainter:
    """Draws one page per moment, in time order."""

    def __init__(self, job: RenderJob, inks: Inks, words: Words) -> None:
        self._inks, self._names = inks, team_names(job, words)
        self._panel = panel_for(job, words, inks)
        self._scene = scene_for(job, _RECT)
        self._directions = Directions(job.segments, job.attacks_right_a)
        is_calibrated = job.calibration is not None
        self._ground_color: Bgr = GRASS if is_calibrated else PLANE
        self._title = (
            (words.animation_title,) if is_calibrated else (words.animation_title_picture, words.picture_plane)
        )
        self._unknown = words.direction_unknown if is_calibrated else ""
        self._grounds: dict[bool | None, Image] = {}
        self._trail: deque[tuple[float, dict[int, FloatArray]]] = deque()

    def draw(self, moment: Moment) -> Image:
        page = self._ground(moment.time_s).copy()
        places = self._scene.places(moment)
        self._remember(moment, places)
        self._draw_trails(page, moment)
        draw_people(page, moment, places, self._inks, radius=12)
        draw_ball(page, self._scene.ball_place(moment), 6)
        self._panel.draw(page, PANEL_X, HEADER, moment.time_s)
        return page

    def _ground(self, time_s: float) -> Image:
        """The empty page; one is drawn per direction of play."""
        right_a = self._directions.attacks_right_a(time_s)
        if right_a not in self._grounds:
            ground = new_page(*self._title)
            self._scene.draw_ground(ground)
            draw_directions(
                ground,
                self._names,
                self._inks,
                attacks_right_a=right_a,
                span=(MARGIN, PANEL_X - MARGIN),
                base_y=HEADER + _RECT[3] + 32,
                unknown=self._unknown,
            )
            self._grounds[right_a] = ground
        return self._grounds[right_a]

    def _remember(self, moment: Moment, places: FloatArray) -> None:
        known = np.isfinite(places).all(axis=1)
        self._trail.append(
            (moment.time_s, {int(key): place for key, place in zip(moment.ids[known], places[known], strict=True)})
        )
        while self._trail[0][0] < moment.time_s - TRAIL_S - 1e-6:
            self._trail.popleft()

    def _draw_trails(self, page: Image, moment: Moment) -> None:
        half_s = moment.time_s - TRAIL_S / 2
        for look in looks(moment, self._inks):
            if not look.in_team:
                continue
            # The older half is fainter. A gap ends the tail: what was not seen is not drawn.
            newer: list[FloatArray] = []
            older: list[FloatArray] = []
            for time_s, places in reversed(self._trail):
                place = places.get(look.track)
                if place is None:
                    break
                (newer if time_s >= half_s else older).append(place)
            if newer:
                canvas.path(page, np.array([newer[-1], *older]), _mixed(look.ink, self._ground_color, 0.35), 3)
                canvas.path(page, np.array(newer), _mixed(look.ink, self._ground_color, 0.7), 4)


def _mixed(ink: Bgr, ground: Bgr, share: float) -> Bgr:
    blue, green, red = (round(share * one + (1 - share) * other) for one, other in zip(ink, ground, strict=True))
    return blue, green, red
