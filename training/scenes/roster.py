"""Who is where: players alone, in pairs, in crowds before a goal, in walls; officials, keepers, staff at the line."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from training.people.sprite import Kind
from training.scenes.camera import ADULT_M, Camera
from training.scenes.markings import Pitch
from training.scenes.recipe import Recipe
from training.scenes.surroundings import CLEAR_M

Role = Literal["home", "away", "keeper", "referee", "staff", "other"]

KIND_OF = {
    "home": Kind.PLAYER,
    "away": Kind.PLAYER,
    "keeper": Kind.KEEPER,
    "referee": Kind.REFEREE,
    "staff": Kind.STAFF,
    "other": Kind.OTHER,
}


@dataclass(frozen=True)
class Place:
    """Somebody's role and where his feet are, metres on the pitch; `is_behind` the boards or not."""

    role: Role
    x: float
    y: float
    is_behind: bool = False


def _outside(at: NDArray[np.float64], pitch: Pitch) -> NDArray[np.float64]:
    """How far (N, 2) metres lie outside the lines; negative inside."""
    x, y = at[:, 0], at[:, 1]
    return np.maximum(np.maximum(-x, x - pitch.length_m), np.maximum(-y, y - pitch.width_m))


def _scattered(rng: np.random.Generator, camera: Camera, count: int) -> NDArray[np.float64]:
    """Places (N, 2) on the grass that are spread evenly over the picture and a little beyond it."""
    size = camera.size_px
    edge = 0.06 * size
    at = camera.ground(np.add(rng.uniform(-edge, size + edge, (count, 2)), (0, 0.06 * size)))
    return np.asarray(at[np.all(np.isfinite(at), axis=1)])


def _height_px(camera: Camera, at: NDArray[np.float64]) -> NDArray[np.float64]:
    return camera.px_per_m(np.column_stack([at, np.full(len(at), 0.9)])) * ADULT_M


def roster(rng: np.random.Generator, recipe: Recipe) -> list[Place]:
    """The people of a scene; none where the recipe says so."""
    camera, pitch = recipe.camera, recipe.pitch
    if recipe.people == 0:
        return []
    free = _scattered(rng, camera, 40 + 12 * recipe.people)
    inside = free[_outside(free, pitch) < 0.8]
    heights = _height_px(camera, inside)
    inside = inside[(heights >= recipe.least_px) & (heights <= recipe.most_px)]
    places = [Place(_role(rng), float(x), float(y)) for x, y in _gathered(rng, recipe, inside)]
    if recipe.kind == "free":
        return _apart(places, camera)
    places += _keepers(rng, camera, pitch)
    around = free[(_outside(free, pitch) > 0.6) & (_outside(free, pitch) < recipe.margin_m + CLEAR_M)]
    heights = _height_px(camera, around)
    around = around[(heights >= recipe.least_px) & (heights <= recipe.most_px)]
    for x, y in around[: int(rng.poisson(min(2.6, 0.35 * len(around))))]:
        behind = bool(_outside(np.array([[x, y]]), pitch)[0] > recipe.margin_m + 0.2)
        draw = rng.random()
        role: Role = "staff" if draw < 0.6 else "other" if draw < 0.8 else "referee" if not behind else "other"
        places.append(Place(role, float(x), float(y), behind))
        if rng.random() < 0.35:  # staff stand together
            places.append(Place(role, float(x + rng.normal(0, 0.9)), float(y + rng.normal(0, 0.5)), behind))
    if len(around) and recipe.stadium and rng.random() < 0.14:
        places += _photographers(rng, recipe, around[0])
    return places


def _photographers(rng: np.random.Generator, recipe: Recipe, near: NDArray[np.float64]) -> list[Place]:
    """A row of people who sit and crouch before the boards nearest to a place beside the pitch."""
    pitch, before = recipe.pitch, recipe.margin_m - rng.uniform(0.4, 0.9)
    x, y = near
    number = int(rng.integers(3, 15))
    steps = np.cumsum(rng.uniform(0.5, 1.5, number)) - number / 2
    if min(y, pitch.width_m - y) < min(x, pitch.length_m - x):
        line = pitch.width_m + before if y > pitch.width_m / 2 else -before
        return [Place("other", float(x + step), float(line + rng.normal(0, 0.15))) for step in steps]
    line = pitch.length_m + before if x > pitch.length_m / 2 else -before
    return [Place("other", float(line + rng.normal(0, 0.15)), float(y + step)) for step in steps]


def _keepers(rng: np.random.Generator, camera: Camera, pitch: Pitch) -> list[Place]:
    """A keeper before each goal that is in the picture, three times in four."""
    found = []
    for goal_x, inward in ((0.0, 1.0), (pitch.length_m, -1.0)):
        x = goal_x + inward * rng.uniform(0.1, 4)
        y = pitch.width_m / 2 + rng.normal(0, 0.2 * pitch.goal_width_m)
        at = camera.project((x, y, 0.9))
        if np.all(at > 0) and np.all(at < camera.size_px) and rng.random() < 0.75:
            found.append(Place("keeper", float(x), float(y)))
    return found


def _role(rng: np.random.Generator) -> Role:
    draw = rng.random()
    return (
        "home"
        if draw < 0.45
        else "away"
        if draw < 0.9
        else "keeper"
        if draw < 0.945
        else "referee"
        if draw < 0.985
        else "staff"
    )


def _gathered(rng: np.random.Generator, recipe: Recipe, spots: NDArray[np.float64]) -> NDArray[np.float64]:
    """Up to `recipe.people` places (N, 2) out of free ones, drawn together as the gathering says."""
    if len(spots) == 0:
        return spots
    count, way = recipe.people, recipe.gathering
    if way == "pairs":
        lone = spots[: max(1, round(count * 0.6))]
        mates = lone[rng.integers(0, len(lone), max(0, count - len(lone)))]
        return np.concatenate([lone, mates + rng.normal(0, 1, mates.shape) * rng.uniform(0.25, 1.1)])
    if way in {"crowd", "huddle"}:
        spread = rng.uniform(1.2, 3.5) if way == "crowd" else rng.uniform(0.35, 0.8)
        close = min(25, count + int(rng.integers(2, 7))) if way == "crowd" else min(count, 8)
        group = spots[0] + rng.normal(0, 1, (close, 2)) * spread
        return np.concatenate([group, spots[1 : 1 + max(0, count - close)]])
    if way == "wall":
        turn, number = rng.uniform(0, np.pi), int(rng.integers(3, 7))
        steps = (np.arange(number) - number / 2)[:, None] * rng.uniform(0.42, 0.6)
        row = spots[0] + steps * (np.cos(turn), np.sin(turn)) + rng.normal(0, 0.06, (number, 2))
        return np.concatenate([row, spots[1 : 1 + max(0, count - number)]])
    return spots[:count]


def _apart(places: list[Place], camera: Camera) -> list[Place]:
    """Those who stand clear of all before them in the picture, and whole inside it."""
    kept: list[Place] = []
    rooms: list[tuple[float, float, float]] = []
    for place in places:
        foot = camera.project((place.x, place.y, 0.0))
        tall = float(camera.px_per_m((place.x, place.y, 0.9))) * ADULT_M
        inside = (
            tall * 0.7 < foot[0] < camera.size_px - tall * 0.7 and tall * 1.25 < foot[1] < camera.size_px - tall * 0.35
        )
        clear = all(abs(foot[0] - x) > 0.75 * (tall + t) or abs(foot[1] - y) > 0.85 * (tall + t) for x, y, t in rooms)
        if inside and clear:
            kept.append(place)
            rooms.append((float(foot[0]), float(foot[1]), tall))
    return kept
