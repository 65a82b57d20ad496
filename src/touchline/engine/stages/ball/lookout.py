"""Where a closer look is worth its work: at the expected place, and once the ball is lost, at the likeliest ones.

A look costs about a quarter of a whole picture's work. While the ball is followed there is at most one look a frame
(none where the whole picture already shows it for sure) and now and then one elsewhere, so that a wrong path does not
last; once it is lost there are two a frame.
"""

from dataclasses import dataclass

import numpy as np

from touchline.engine.types import Calibration, FloatArray
from touchline.football.pitch import PitchSize

LOOKS_PER_FRAME = 2
_TILE_PX = 224  # a little smaller than a look, so that neighbours overlap by more than a ball
_ELSEWHERE_EVERY_S = 0.6
_FEET = 3
_LAST_PLACE_S = 3.0
_BESIDE_M = 6.0
_SURE_SCORE = 0.5
# Neighbouring tiles follow each other late: a ball that crosses the picture is not always one tile ahead.
_GOLDEN = 0.618


@dataclass(frozen=True)
class Expectation:
    """Where the ball should be, (2,) source pixels, and how far around it may be; last seen at `seen_s`."""

    place: FloatArray
    reach_px: float
    seen_s: float


class Lookout:
    """Chooses the places of closer looks, frame by frame."""

    def __init__(self, *, pitch: PitchSize, looks_per_frame: int = LOOKS_PER_FRAME) -> None:
        self._pitch, self._budget = pitch, looks_per_frame
        self._turn, self._near_turn = 0, 0
        self._elsewhere_s = -np.inf

    def places(
        self,
        time_s: float,
        expected: Expectation | None,
        *,
        is_followed: bool,
        boxes: FloatArray,
        scores: FloatArray,
        people: FloatArray,
        size: tuple[int, int],
        calibration: Calibration | None,
    ) -> list[tuple[float, float]]:
        """Places (x, y) in source pixels, likeliest first, at most `looks_per_frame` of them.

        Args:
            time_s: of the frame.
            expected: where the ball should be, None when it was never seen.
            is_followed: whether it was seen just now.
            boxes: (N, 4) candidates of the whole picture.
            scores: (N,).
            people: (M, 4) boxes.
            size: width and height of the picture.
            calibration: of the frame.
        """
        chosen: list[FloatArray] = []
        if expected is not None and is_followed:
            if not _is_sure(expected, boxes, scores):
                chosen.append(expected.place)
        elif expected is not None:
            chosen.append(self._near(time_s, expected, people))
        if not (expected is not None and is_followed) or time_s - self._elsewhere_s >= _ELSEWHERE_EVERY_S:
            self._elsewhere_s = time_s
            chosen += self._elsewhere(self._budget - len(chosen), size, calibration)
        inside = [place for place in chosen if 0 <= place[0] < size[0] and 0 <= place[1] < size[1]]
        return [(float(x), float(y)) for x, y in inside[: self._budget]]

    def _near(self, time_s: float, expected: Expectation, people: FloatArray) -> FloatArray:
        """In turn the last place and the feet of the players nearest to it."""
        feet = np.column_stack([(people[:, 0] + people[:, 2]) / 2, people[:, 3]])
        away = np.hypot(*(feet - expected.place).T)
        likely = [expected.place] if time_s - expected.seen_s <= _LAST_PLACE_S or len(feet) == 0 else []
        likely += list(feet[np.argsort(away, kind="stable")[:_FEET]])
        self._near_turn += 1
        return likely[self._near_turn % len(likely)]

    def _elsewhere(self, count: int, size: tuple[int, int], calibration: Calibration | None) -> list[FloatArray]:
        """The next tiles of the picture in a fixed, scattered order."""
        tiles = self._tiles(size, calibration)
        chosen = []
        for _ in range(min(count, len(tiles))):
            chosen.append(tiles[self._turn % len(tiles)])
            self._turn += 1
        return chosen

    def _tiles(self, size: tuple[int, int], calibration: Calibration | None) -> FloatArray:
        """(K, 2) middles of tiles that show some of the pitch."""
        columns, rows = max(1, -(-size[0] // _TILE_PX)), max(1, -(-size[1] // _TILE_PX))
        x, y = (np.arange(columns) + 0.5) * size[0] / columns, (np.arange(rows) + 0.5) * size[1] / rows
        tiles = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        order = np.argsort((np.arange(len(tiles)) * _GOLDEN) % 1.0, kind="stable")
        tiles = tiles[order]
        if calibration is None:
            return tiles
        metres = calibration.to_pitch(tiles)
        end = np.array([self._pitch.length_m, self._pitch.width_m]) + _BESIDE_M
        with np.errstate(invalid="ignore"):
            shows = ((metres > -_BESIDE_M) & (metres < end)).all(axis=1)
        return tiles[shows] if shows.any() else tiles


def _is_sure(expected: Expectation, boxes: FloatArray, scores: FloatArray) -> bool:
    """Whether the whole picture shows a sure candidate near the expected place."""
    if len(boxes) == 0:
        return False
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    near = np.hypot(*(middles - expected.place).T) < expected.reach_px
    return bool((near & (scores >= _SURE_SCORE)).any())
