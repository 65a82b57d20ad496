"""The random choices behind a scene: where the camera stands, what ground, what light, who plays."""

from dataclasses import dataclass

import numpy as np

from training.scenes.camera import Aim, Camera
from training.scenes.effects import Effects, choose_effects
from training.scenes.ground import Light, Turf, choose_light, choose_turf
from training.scenes.markings import Paint, Pitch, choose_pitch

KINDS = ("train", "free", "hard", "second_look")


@dataclass(frozen=True)
class Recipe:
    """Everything chosen before the first stroke. `draw_px` is the side at which the scene is drawn, `out_px` the side
    of the finished picture, `late` whether it is enlarged only after compression. Heights are of the drawn picture."""

    kind: str
    out_px: int
    draw_px: int
    late: bool
    camera: Camera
    pitch: Pitch
    turf: Turf
    light: Light
    paint: Paint
    margin_m: float
    stadium: bool
    night: bool
    young: bool
    people: int
    gathering: str
    least_px: float
    most_px: float
    effects: Effects
    has_captions: bool


def choose(rng: np.random.Generator, kind: str, size: int) -> Recipe:
    """A scene of that kind at random.

    Raises:
        ValueError: there is no such kind.
    """
    if kind not in KINDS:
        raise ValueError(f"There is no kind of scene called {kind!r}; the kinds are {', '.join(KINDS)}.")
    draw_px, late = _drawn_at(rng, kind, size)
    zoom = size / draw_px
    people = _count(rng, kind)
    is_broadcast = kind in {"train", "second_look"} and rng.random() < _BROADCAST
    height = _height(rng, kind, people, is_broadcast=is_broadcast) / zoom
    small = kind != "free" and not is_broadcast and rng.random() < 0.2
    pitch = choose_pitch(rng, small=small)
    stadium = is_broadcast or rng.random() < (0.15 if small else 0.5)
    margin = rng.uniform(1.5, 8) if stadium else rng.uniform(1.5, 6)
    turf = choose_turf(rng, kinds=_HARD_TURF if kind == "hard" else _GREEN if kind == "free" or is_broadcast else ())
    light = choose_light(rng, pitch)
    camera = _camera(rng, kind, draw_px, height, pitch, margin, is_broadcast=is_broadcast)
    return Recipe(
        kind=kind,
        out_px=size,
        draw_px=draw_px,
        late=late,
        camera=camera,
        pitch=pitch,
        turf=turf,
        light=light,
        paint=_paint(rng, turf),
        margin_m=margin,
        stadium=bool(stadium),
        night=bool(len(light.suns) > 1 or rng.random() < 0.1),
        young=bool(rng.random() < (0.5 if small else 0.12)),
        people=_fitting(people, kind, height * zoom, size),
        gathering="apart" if kind == "free" else _pick(rng, _GATHERINGS),
        least_px=(24 if kind == "free" else 120 if kind == "hard" else 10) / zoom,
        most_px=(48 if kind == "free" else 330 if kind == "hard" else 540) / zoom,
        effects=choose_effects(
            rng, gentle=kind == "free" or rng.random() < (0.6 if is_broadcast else 0.2), soft=draw_px < size
        ),
        has_captions=bool(kind != "free" and rng.random() < 0.25),
    )


_BROADCAST = 0.36
"""Share of pictures as a broadcaster or a scouting camera takes them: from a stand, of a green and well kept pitch."""

_GREEN, _HARD_TURF = ("grass", "artificial", "dark"), ("grey", "brown", "worn")
_GATHERINGS = {"loose": 0.36, "pairs": 0.32, "crowd": 0.2, "wall": 0.05, "huddle": 0.07}


def _pick(rng: np.random.Generator, shares: dict[str, float]) -> str:
    steps = np.cumsum(list(shares.values()))
    return list(shares)[int(np.searchsorted(steps, rng.random() * steps[-1], side="right").clip(0, len(steps) - 1))]


def _log(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _drawn_at(rng: np.random.Generator, kind: str, size: int) -> tuple[int, bool]:
    if kind == "second_look":
        return size // 2, True
    if kind == "train" and rng.random() < 0.3:
        return round(size * rng.uniform(0.5, 0.8) / 2) * 2, bool(rng.random() < 0.6)
    return size, False


def _height(rng: np.random.Generator, kind: str, people: float, *, is_broadcast: bool) -> float:
    """Height of a standing adult at the anchor, in pixels of the finished picture."""
    if is_broadcast:
        return _log(rng, 20, 80) * (2 if kind == "second_look" else 1)
    if people == 0:
        return _log(rng, 18, 110)
    if kind == "free":
        return _log(rng, 29, 42)
    if kind == "hard":
        return _log(rng, 135, 290)
    if kind == "second_look":
        return 2 * _log(rng, 16, 150)
    draw = rng.random()
    if draw < 0.1:
        return _log(rng, 12, 18)
    if draw < 0.81:
        return _log(rng, 18, 110)
    return _log(rng, 110, 330) if draw < 0.97 else _log(rng, 330, 480)


def _count(rng: np.random.Generator, kind: str) -> float:
    """How many people the picture is meant to hold, for a mean of one; 0 in a few."""
    if kind in {"hard", "free"}:
        return float(rng.uniform(0.4, 1.6))
    return 0.0 if rng.random() < 0.035 else float(rng.gamma(2.6, 1 / 2.6))


def _fitting(people: float, kind: str, height: float, size: int) -> int:
    """That many times what usually stands in such a picture."""
    if people == 0:
        return 0
    room = (size / 320) ** 2
    if kind in {"hard", "free"}:
        return max(1, round((3.5 if kind == "hard" else 7) * people * room))
    usual = (9.0 if height < 60 else 7.5 if height < 110 else 4.5) * min(room, 1.6)
    return int(np.clip(round(usual * people * (0.6 if kind == "second_look" else 1)), 1, 25))


def _camera(
    rng: np.random.Generator, kind: str, size: int, height: float, pitch: Pitch, margin: float, *, is_broadcast: bool
) -> Camera:
    draw = rng.random()
    degrees = rng.uniform(8, 24) if draw < 0.4 else rng.uniform(2.5, 11) if draw < 0.7 else rng.uniform(20, 50)
    if is_broadcast or kind == "free":
        degrees = rng.uniform(8, 24) if is_broadcast else rng.uniform(12, 40)
    elevation = np.radians(degrees)
    px_per_m = height / 1.75
    distance = float(np.clip(_log(rng, 450, 5200) * size / 320 / px_per_m, 5, 150))
    if kind == "free" or is_broadcast:
        distance = max(distance, 60 if kind == "free" else rng.uniform(35, 90))
    # Nobody films from a hole in the ground, and few from higher than a roof.
    elevation = float(np.clip(elevation, np.arcsin(min(0.8, 1.3 / distance)), np.arcsin(min(0.77, 38 / distance))))
    draw = rng.random()
    turn = (
        rng.normal(0, 0.22)
        if draw < (0.9 if is_broadcast else 0.45)
        else np.pi / 2 * rng.choice([1, -1]) + rng.normal(0, 0.12)
        if draw < (0.95 if is_broadcast else 0.7)
        else rng.uniform(-0.9, 0.9)
    )
    heading = float(turn + (np.pi if rng.random() < 0.5 else 0))
    draw = rng.random()
    look = "field" if draw < 0.68 or kind == "free" else "far" if draw < 0.92 else "near"
    across = size * rng.uniform(0.2, 0.8)
    anchor = (
        across,
        size * (rng.uniform(0.02, 0.6) if look == "far" else rng.uniform(0.62, 1.0) if look == "near" else 0.5),
    )
    is_beyond_welcome = rng.random() < 0.2
    reach = size / 320
    aim = Aim(
        size_px=size,
        height_px=height,
        elevation_rad=elevation,
        distance_m=distance,
        anchor_px=anchor,
        principal_px=(size / 2 + rng.uniform(-460, 460) * reach, size / 2 + rng.uniform(-190, 190) * reach),
        roll_rad=float(rng.normal(0, np.radians(0.8))) if rng.random() < 0.7 else rng.uniform(-0.05, 0.05),
        bend=rng.uniform(-0.06, 0.03) if rng.random() < 0.5 else 0.0,
    )
    best, least = aim.over(_spot(rng, look, heading, pitch, margin), heading), 1.0
    for _ in range(8 if look == "field" else 0):  # of several places on the field the one that shows most of it
        camera = aim.over(_spot(rng, look, heading, pitch, margin), heading)
        beyond = _beyond(camera, pitch, margin)
        if beyond < least:
            best, least = camera, beyond
        if least < 0.02 or (is_beyond_welcome and least < 0.5):
            break
    return best


def _beyond(camera: Camera, pitch: Pitch, margin: float) -> float:
    """Share of the picture that lies outside the strip around the pitch."""
    x, y, _ = camera.ground_grid(10)
    inside = (x > -margin) & (x < pitch.length_m + margin) & (y > -margin) & (y < pitch.width_m + margin)
    return 1 - float(inside.mean())


def _spot(rng: np.random.Generator, look: str, heading: float, pitch: Pitch, margin: float) -> tuple[float, float]:
    """The place on the pitch at the anchor: anywhere, or on the surround's rim that is farthest or nearest."""
    x, y = rng.uniform(0, pitch.length_m), rng.uniform(0, pitch.width_m)
    if look == "field":
        if rng.random() < 0.3:  # before a goal, where most happens
            x = rng.uniform(-2, 20) * pitch.share
            x = x if rng.random() < 0.5 else pitch.length_m - x
            y = pitch.width_m / 2 + rng.normal(0, 10) * pitch.share
        return float(x), float(y)
    away = np.array([np.sin(heading), np.cos(heading)]) * (1 if look == "far" else -1)
    rim = margin if look == "far" else rng.uniform(0, margin)
    if abs(away[0]) > abs(away[1]):
        if rng.random() < 0.5:  # a picture of a goal line mostly shows the goal
            y = pitch.width_m / 2 + rng.normal(0, 8)
        return (pitch.length_m + rim if away[0] > 0 else -rim), float(y)
    return float(x), (pitch.width_m + rim if away[1] > 0 else -rim)


def _paint(rng: np.random.Generator, turf: Turf) -> Paint:
    tone = rng.uniform(205, 252)
    colour = (tone * rng.uniform(0.9, 1), tone, tone)
    if turf.kind in {"snow", "hall"} or rng.random() < 0.02:
        colour = ((200.0, 80.0, 30.0), (40.0, 40.0, 200.0), (40.0, 210.0, 230.0), (30.0, 30.0, 30.0))[
            int(rng.integers(4))
        ]
    vivid = (
        (40.0, 215.0, 235.0),
        (210.0, 110.0, 40.0),
        (50.0, 60.0, 220.0),
        (235.0, 235.0, 235.0),
        (40.0, 140.0, 245.0),
    )
    chance = {"artificial": 0.35, "grey": 0.45, "hall": 0.9}.get(turf.kind, 0.04)
    count = int(rng.integers(1, 3)) if rng.random() < chance else 0
    return Paint(
        colour=colour,
        opacity=rng.uniform(0.55, 0.98) if rng.random() < 0.75 else rng.uniform(0.15, 0.55),
        worn=rng.uniform(0, 0.9) if rng.random() < 0.5 else 0.0,
        blur_px=rng.uniform(0, 0.7),
        other=tuple(vivid[int(rng.integers(5))] for _ in range(count)),
        spot_only=bool(rng.random() < 0.03),
    )
