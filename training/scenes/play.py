"""Where the balls are: at somebody's feet, on the grass, in the air, in a keeper's hands."""

from dataclasses import dataclass

import numpy as np

from training.scenes.balls import LEAST_PX, RADIUS_M
from training.scenes.camera import Camera, Floats
from training.scenes.recipe import Recipe

_CHANCE = {"train": 0.74, "free": 0.7, "hard": 0.65, "second_look": 0.93}


@dataclass(frozen=True)
class BallSpot:
    """A ball's middle and diameter in pixels, its distance for the order of painting, how far it moves while exposed,
    and the point of the grass below it (3,) metres with its height above that; None where it is held."""

    middle_px: tuple[float, float]
    diameter_px: float
    depth_m: float
    streak_px: tuple[float, float]
    below: Floats | None
    height_m: float


def ball_spots(rng: np.random.Generator, recipe: Recipe, feet: Floats, held: list[BallSpot]) -> list[BallSpot]:
    """The balls of a scene; `feet` (N, 3) metres of those who may have one, `held` those in hands already."""
    if held and rng.random() < 0.8:
        return held
    if rng.random() > _CHANCE[recipe.kind]:
        return []
    draw = rng.random()
    count = (
        1
        if draw < 0.88 or recipe.kind == "second_look"
        else int(rng.integers(2, 4))
        if draw < 0.97
        else int(rng.integers(4, 9))
    )
    found = []
    for number in range(count):
        for _ in range(12):
            spot = _spot(rng, recipe, feet, first=number == 0)
            if spot is not None:
                found.append(spot)
                break
    return found


def _spot(rng: np.random.Generator, recipe: Recipe, feet: Floats, *, first: bool) -> BallSpot | None:
    camera, size = recipe.camera, recipe.draw_px
    draw, height = rng.random(), RADIUS_M
    looked_at = recipe.kind == "second_look" and first
    if draw < 0.42 and len(feet) and not looked_at:
        way, apart = rng.uniform(0, 2 * np.pi), rng.uniform(0.12, 0.9)
        below = feet[int(rng.integers(len(feet)))] + (apart * np.cos(way), apart * np.sin(way), 0)
        if rng.random() < 0.25:
            height = rng.uniform(0.11, 1.9)
    else:
        at = np.array([rng.uniform(0, size), rng.uniform(0, size)])
        if looked_at:
            # The place where the ball was expected is the middle; it may be a quarter of the picture off, rarely more.
            at = size / 2 + rng.uniform(-0.27, 0.27, 2) * size if rng.random() < 0.9 else at
        grass = camera.ground(at)
        flying = rng.random() < 0.42 or not np.all(np.isfinite(grass))
        if flying:
            height = float(rng.exponential(3.0)) + 0.25
            scale = _scale_here(camera, at)
            for _ in range(
                2
            ):  # the grass below a ball in the air lies lower in the picture, where the scale is another
                grass = camera.ground(np.add(at, (0, height * scale)))
                if not np.all(np.isfinite(grass)):
                    return None
                scale = float(camera.px_per_m((*grass, 0.0)))
        if np.hypot(*(grass - camera.position[:2])) > 160:
            return None
        below = np.append(grass, 0.0)
    middle = camera.project(np.add(below, (0, 0, height)))
    scale = float(camera.px_per_m(np.add(below, (0, 0, height))))
    diameter = 2 * RADIUS_M * scale * rng.uniform(0.93, 1.05)
    if (
        not np.all(np.isfinite(middle))
        or not LEAST_PX <= diameter * recipe.out_px / size < 70
        or np.any(middle < 0)
        or np.any(middle > size)
    ):
        return None
    fast = rng.random() < (0.4 if height > 0.3 else 0.15)
    length, turn = (diameter * rng.uniform(0.2, 2.2), rng.uniform(0, np.pi)) if fast else (0.0, 0.0)
    streak = (float(length * np.cos(turn)), float(length * np.sin(turn) * 0.6))
    return BallSpot((float(middle[0]), float(middle[1])), diameter, float(camera.depth(below)), streak, below, height)


def _scale_here(camera: Camera, at: Floats) -> float:
    grass = camera.ground((at[0], camera.size_px - 1.0))
    scale = float(camera.px_per_m((*grass, 0.0)))
    return scale if np.isfinite(scale) else 10.0
