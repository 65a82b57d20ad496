"""The ground on which people are drawn from above: the pitch in metres, or the bare picture plane without metres."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from touchline.engine.render import canvas
from touchline.engine.render.canvas import BOLD, Align, Rect
from touchline.engine.render.colors import BALL, BLACK, MUTED, SLATE_LIGHT, WHITE, Inks, rim_of, text_on
from touchline.engine.render.job import Bgr, RenderJob
from touchline.engine.render.look import looks
from touchline.engine.render.pitchview import PitchView
from touchline.engine.render.timeline import Moment
from touchline.engine.types import FloatArray, Image

PLANE: Bgr = (46, 38, 32)


class Scene(Protocol):
    """Where people stand, in pixels of the drawing."""

    def draw_ground(self, image: Image) -> None: ...

    def places(self, moment: Moment) -> FloatArray:
        """(N, 2) pixels; NaN for people whose place is unknown."""
        ...

    def ball_place(self, moment: Moment) -> FloatArray:
        """(2,) pixels; NaN when unseen."""
        ...


@dataclass(frozen=True)
class PitchScene:
    """Everybody at their metres."""

    view: PitchView

    def draw_ground(self, image: Image) -> None:
        self.view.draw_ground(image)

    def places(self, moment: Moment) -> FloatArray:
        return self._inside(self.view.to_px(moment.positions))

    def ball_place(self, moment: Moment) -> FloatArray:
        return self._inside(self.view.to_px(moment.ball_position))

    def _inside(self, places: FloatArray) -> FloatArray:
        x, y, width, height = self.view.rect
        lies_in = np.all((places >= (x, y)) & (places <= (x + width, y + height)), axis=-1, keepdims=True)
        return np.where(lies_in, places, np.nan)


@dataclass(frozen=True)
class PictureScene:
    """Everybody at their feet in the picture, on an empty frame of the picture's shape; distances mean nothing."""

    rect: Rect
    picture: tuple[int, int]

    @property
    def frame(self) -> Rect:
        """The largest rectangle of the picture's shape inside `rect`."""
        x, y, width, height = self.rect
        ratio = min(width / self.picture[0], height / self.picture[1])
        inner = round(self.picture[0] * ratio), round(self.picture[1] * ratio)
        return x + (width - inner[0]) // 2, y + (height - inner[1]) // 2, *inner

    def draw_ground(self, image: Image) -> None:
        x, y, width, height = self.frame
        image[y : y + height, x : x + width] = PLANE
        for share in (0.25, 0.5, 0.75):
            image[y : y + height, x + round(width * share)] = SLATE_LIGHT
            image[y + round(height * share), x : x + width] = SLATE_LIGHT
        corners = np.array([[x, y], [x + width - 1, y], [x + width - 1, y + height - 1], [x, y + height - 1]])
        canvas.path(image, corners, MUTED, 1, closed=True)

    def places(self, moment: Moment) -> FloatArray:
        return self._to_px(np.column_stack([moment.boxes[:, [0, 2]].mean(axis=1), moment.boxes[:, 3]]))

    def ball_place(self, moment: Moment) -> FloatArray:
        return self._to_px(np.array([moment.ball_box[[0, 2]].mean(), moment.ball_box[3]]))

    def _to_px(self, points: FloatArray) -> FloatArray:
        x, y, width, _ = self.frame
        inside = np.clip(points, (0, 0), self.picture)
        return np.asarray(np.array([x, y]) + inside * (width / self.picture[0]))


def scene_for(job: RenderJob, rect: Rect) -> Scene:
    """The pitch when the run is calibrated, else the picture plane."""
    if job.calibration is not None:
        return PitchScene(PitchView(job.pitch, rect))
    return PictureScene(rect, (job.facts.width, job.facts.height))


def draw_people(
    image: Image, moment: Moment, places: FloatArray, inks: Inks, *, radius: float, with_ids: bool = True
) -> None:
    """Discs in team colours with the track's id; keepers wear a double ring, referees are small and nameless."""
    everybody = looks(moment, inks)
    spots = places.tolist()
    letters = max(16, round(radius * 1.25))
    # The teams last: a referee never hides a player.
    for index in np.argsort(moment.teams, kind="stable").tolist():
        look, (x, y) = everybody[index], spots[index]
        if look.is_beside or not (math.isfinite(x) and math.isfinite(y)):
            continue
        size, name = (radius, str(look.track)) if look.in_team else (radius * 0.6, "")
        if with_ids and name:
            size = max(size, canvas.text_width(name, letters, weight=BOLD) / 2 + 2)  # three digits need more room
        if look.is_keeper:
            canvas.dot(image, (x, y), size + 4.5, WHITE)
            canvas.dot(image, (x, y), size + 3, BLACK)
        canvas.dot(image, (x, y), size + 1.5, rim_of(look.ink))
        canvas.dot(image, (x, y), size, look.ink)
        if with_ids and name:
            at = x, y + letters * 0.36
            canvas.text(image, name, at, letters, text_on(look.ink), weight=BOLD, align=Align.CENTER)


def draw_ball(image: Image, place: FloatArray, radius: float) -> None:
    """A white disc with a dark rim; nothing when the ball was not seen."""
    if np.isfinite(place).all():
        at = float(place[0]), float(place[1])
        canvas.dot(image, at, radius + 2, BLACK)
        canvas.dot(image, at, radius, BALL)
