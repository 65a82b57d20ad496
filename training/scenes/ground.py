"""The ground under the match: grass in all its states, mown in stripes, worn, lit by sun through a roof or by lamps."""

from dataclasses import dataclass

import cv2
import numpy as np

from training.scenes import noise
from training.scenes.camera import Camera
from training.scenes.markings import Pitch
from training.scenes.paint import Floats32, Picture

Colour = tuple[float, float, float]
"""BGR, 0..255."""

# Share among training scenes, then hue (OpenCV, 0..180), saturation and value, each as a range.
_TURF: dict[str, tuple[float, tuple[float, float], tuple[float, float], tuple[float, float]]] = {
    "grass": (0.52, (36, 60), (85, 175), (85, 165)),
    "dark": (0.06, (36, 66), (90, 180), (45, 85)),
    "artificial": (0.13, (38, 72), (70, 190), (70, 160)),
    "worn": (0.09, (28, 48), (60, 140), (85, 155)),
    "yellow": (0.06, (22, 34), (60, 140), (110, 180)),
    "brown": (0.05, (10, 24), (45, 120), (80, 160)),
    "grey": (0.04, (5, 110), (3, 28), (80, 185)),
    "snow": (0.02, (98, 120), (2, 14), (180, 230)),
    "wet": (0.03, (34, 60), (50, 120), (60, 120)),
    "hall": (0.01, (5, 120), (20, 110), (90, 190)),
}


@dataclass(frozen=True)
class Turf:
    """What the ground is made of: its colour, what shows where it is worn, how it is mown."""

    kind: str
    colour: Colour
    bare: Colour
    bare_share: float
    stripe: float
    stripe_m: float
    stripe_rad: float
    chequered: bool
    blotch: float
    grain: float
    surround: str
    surround_colour: Colour
    surround_m: float


@dataclass(frozen=True)
class Light:
    """Where light comes from. `suns` are directions of shadows on the grass (radians from the pitch's x axis) with the
    shadow's length (metres a metre of height) and strength 0..1; `shade` is how bright a roof's shadow leaves things."""

    suns: tuple[tuple[float, float, float], ...]
    hard: float
    shade: float
    edges: tuple[tuple[float, float, float, float], ...]
    dappled: float
    fall_off: float


def _hsv(hue: float, saturation: float, value: float) -> Colour:
    pixel = np.array([[[hue % 180, np.clip(saturation, 0, 255), np.clip(value, 0, 255)]]], np.uint8)
    blue, green, red = cv2.cvtColor(pixel, cv2.COLOR_HSV2BGR)[0, 0]
    return float(blue), float(green), float(red)


def choose_turf(rng: np.random.Generator, *, kinds: tuple[str, ...] = ()) -> Turf:
    """A ground at random; only of these kinds if any are named."""
    names = kinds or tuple(_TURF)
    weights = np.cumsum([_TURF[name][0] for name in names])
    kind = names[int(np.searchsorted(weights, rng.random() * weights[-1], side="right").clip(0, len(names) - 1))]
    _, hue, saturation, value = _TURF[kind]
    h, s, v = rng.uniform(*hue), rng.uniform(*saturation), rng.uniform(*value)
    tidy = rng.random() < (0.85 if kind == "artificial" else 0.62)
    grown = kind in {"grass", "dark", "worn", "yellow", "wet"}
    striped = (kind == "grass" and rng.random() < 0.75) or rng.random() < 0.15
    surround = ("same", "same", "grass", "tartan", "asphalt", "gravel")[rng.integers(6)]
    around = {
        "tartan": lambda: _hsv(rng.uniform(0, 12), rng.uniform(90, 190), rng.uniform(90, 170)),
        "asphalt": lambda: _hsv(rng.uniform(90, 130), rng.uniform(0, 40), rng.uniform(60, 150)),
        "gravel": lambda: _hsv(rng.uniform(8, 25), rng.uniform(20, 90), rng.uniform(110, 190)),
    }.get(surround, lambda: _hsv(h + rng.uniform(-6, 6), s * rng.uniform(0.7, 1.1), v * rng.uniform(0.75, 1.2)))()
    return Turf(
        kind=kind,
        colour=_hsv(h, s, v),
        bare=_hsv(rng.uniform(12, 28), rng.uniform(40, 110), v * rng.uniform(0.8, 1.3)),
        bare_share={"worn": rng.uniform(0.15, 0.6), "snow": rng.uniform(0, 0.3)}.get(
            kind, rng.uniform(0, 0.25) if grown and rng.random() < 0.45 else 0.0
        ),
        stripe=rng.uniform(0.03, 0.17) if striped else 0.0,
        stripe_m=rng.uniform(2.5, 9),
        stripe_rad=float(rng.integers(2)) * np.pi / 2 if rng.random() < 0.8 else rng.uniform(0, np.pi),
        chequered=bool(rng.random() < 0.15),
        blotch=rng.uniform(0.005, 0.03) if tidy else rng.uniform(0.02, 0.08),
        grain=rng.uniform(0.003, 0.018) if tidy else rng.uniform(0.015, 0.06),
        surround=surround,
        surround_colour=around,
        surround_m=rng.uniform(0.8, 6),
    )


def choose_light(rng: np.random.Generator, pitch: Pitch) -> Light:
    """Sun, cloud or floodlights, and the shadow of a stand in a quarter of the sunny scenes."""
    draw = rng.random()
    around = rng.uniform(0, 2 * np.pi)
    edges: list[tuple[float, float, float, float]] = []
    dappled = 0.0
    suns: tuple[tuple[float, float, float], ...]
    if draw < 0.42:  # sun
        suns = ((around, float(np.exp(rng.uniform(np.log(0.35), np.log(3.5)))), rng.uniform(0.35, 0.75)),)
        hard, shade = rng.uniform(0.5, 1), rng.uniform(0.35, 0.75)
        for _ in range(int(rng.choice([0, 1, 2, 3], p=[0.6, 0.25, 0.1, 0.05]))):
            turn = rng.choice([0, 0.5, 1, 1.5]) * np.pi + rng.normal(0, 0.12)
            edges.append((turn, rng.uniform(0, pitch.length_m), rng.uniform(0, pitch.width_m), rng.uniform(0.1, 2.0)))
        dappled = rng.uniform(0.3, 1) if rng.random() < 0.08 else 0.0
    elif draw < 0.67:  # floodlights: several short faint shadows
        count = int(rng.integers(2, 5))
        start = rng.uniform(0, np.pi)
        suns = tuple(
            (start + i * 2 * np.pi / count + rng.normal(0, 0.2), rng.uniform(0.4, 2.2), rng.uniform(0.08, 0.3))
            for i in range(count)
        )
        hard, shade = rng.uniform(0.1, 0.5), 1.0
    else:  # cloud: only a soft darkness at the feet
        suns = ((around, 0.25, rng.uniform(0.1, 0.35)),)
        hard, shade = rng.uniform(0, 0.3), 1.0
    return Light(suns, hard, shade, tuple(edges), dappled, rng.uniform(0, 0.25))


def light_on(light: Light, x: Floats32, y: Floats32, rng: np.random.Generator) -> Floats32:
    """How brightly places (h, w) of the pitch are lit, 1 in the open and `light.shade` in a stand's shadow."""
    open_share = np.ones_like(x)
    for turn, at_x, at_y, soft_m in light.edges:
        inside = (x - np.float32(at_x)) * np.float32(np.cos(turn)) + (y - np.float32(at_y)) * np.float32(np.sin(turn))
        open_share = np.minimum(open_share, np.clip(inside / np.float32(soft_m) + 0.5, 0, 1))
    if light.dappled:
        turn = rng.uniform(0, np.pi)
        c, s = np.float32(np.cos(turn)), np.float32(np.sin(turn))
        streaks = noise.sample(noise.blotches(0), (x * c + y * s) * 1.5, (y * c - x * s) * 8)
        open_share = open_share * np.clip(streaks * np.float32(1.6 + 2 * light.dappled) + 0.3, 0, 1)
    return np.float32(light.shade) + np.float32(1 - light.shade) * open_share


def _stripes(turf: Turf, x: Floats32, y: Floats32, px_per_m: Floats32) -> Floats32:
    c, s = np.float32(np.cos(turf.stripe_rad)), np.float32(np.sin(turf.stripe_rad))
    half = np.float32(np.pi / turf.stripe_m)
    # Steeper than a sine, softer than a box; soft also where a stripe is a few pixels only.
    sharp = np.clip(px_per_m * np.float32(turf.stripe_m * 0.25), 1, 6)
    wave = np.clip(np.sin((x * c + y * s) * half) * sharp, -1, 1)
    if turf.chequered:
        wave = wave * np.clip(np.sin((y * c - x * s) * half) * sharp, -1, 1)
    return wave * np.clip(px_per_m * np.float32(turf.stripe_m / 6), 0, 1)


def draw_ground(
    camera: Camera, pitch: Pitch, turf: Turf, light: Light, rng: np.random.Generator
) -> tuple[Picture, Floats32, Floats32]:
    """The ground alone: picture (S, S, 3), light on it (S/2, S/2), and where it is worn (S, S) in 0..1.

    Above the horizon it holds the colour of the distance and means nothing.
    """
    size = camera.size_px
    cells = size // 2
    x, y, far = camera.ground_grid(cells)
    px_per_m = np.float32(camera.focal_px) / far
    # How many pixels a metre of depth takes: noise finer than that would only flicker.
    depth_px = px_per_m * np.clip(np.float32(camera.position[2]) / far, 0.02, 1)
    fade = np.clip(depth_px / 3, 0, 1)

    shift = rng.uniform(0, noise.SHEET, 4).astype(np.float32)
    coarse = noise.sample(noise.blotches(int(rng.integers(3))), x * 9 + shift[0], y * 9 + shift[1])
    fine = noise.sample(noise.blotches(3), x * 40 + shift[2], y * 40 + shift[3])
    worn_noise = noise.sample(noise.blotches(1), x * 5 + shift[1], y * 5 + shift[2])
    bright = 1 + np.float32(turf.blotch) * fade * (coarse * 0.7 + fine * np.clip(depth_px / 25, 0, 0.8))
    if turf.stripe:
        bright = bright + np.float32(turf.stripe) * _stripes(turf, x, y, px_per_m)
    worn = np.clip((worn_noise - np.float32(1.6 - 3 * turf.bare_share)) * 0.8 + fine * 0.15, 0, 1)
    base = np.asarray(turf.colour, np.float32)
    bare = np.asarray(turf.bare, np.float32) - base
    ground = base + (worn * (np.float32(0.85) if turf.bare_share else 0))[..., None] * bare
    if turf.surround != "same":
        out = np.maximum(np.maximum(-x, x - np.float32(pitch.length_m)), np.maximum(-y, y - np.float32(pitch.width_m)))
        share = np.clip((out - np.float32(turf.surround_m)) * px_per_m * 0.5 + 0.5, 0, 1)
        ground += share[..., None] * (np.asarray(turf.surround_colour, np.float32) - ground)
    lit = light_on(light, x, y, rng)
    if light.fall_off:
        lit = lit * (
            1 - np.float32(light.fall_off) * np.clip(noise.sample(noise.blotches(0), x * 2 + shift[3], y * 2), -1, 1)
        )
    bright *= lit
    if turf.kind == "wet":
        bright += np.clip(coarse - 1.2, 0, 1) * np.float32(0.5)
    ground *= bright[..., None]
    full = cv2.resize(ground, (size, size), interpolation=cv2.INTER_LINEAR)
    # Blades of grass lie flatter in the picture the lower the camera.
    steep = float(camera.position[2] / np.hypot(camera.position[2], far[-1, cells // 2]))
    flat = 0 if steep > 0.5 else 1 if steep > 0.22 else 2
    blades = noise.cut(rng, noise.grain(flat), size, size)
    strong = np.clip(px_per_m.mean(axis=1) / 40, 0.25, 1) * np.float32(turf.grain)
    rows = cv2.resize(strong[:, None].astype(np.float32), (1, size))
    full *= (1 + blades * rows)[..., None]
    return cv2.convertScaleAbs(full), lit, cv2.resize(worn, (size, size))
