"""What lies beyond a pitch without stands: sky, trees, hedges, houses, fences, cars."""

from functools import lru_cache

import cv2
import numpy as np

from training.scenes import noise
from training.scenes.camera import Camera
from training.scenes.paint import Floats32, Picture
from training.scenes.textures import Texture, texture

PX_PER_M = 24
KINDS = ("trees", "hedge", "houses", "fence", "cars", "wall", "net", "scaffold")
COUNT = 4
"""Different ones of each kind in one edition of the textures."""

_LENGTH_PX = 1536


def _leaves(height: int, width: int, rng: np.random.Generator, colour: np.ndarray) -> Floats32:
    coarse = cv2.resize(noise.cut(rng, noise.blotches(3), 256, 384), (width, height))
    fine = cv2.resize(noise.cut(rng, noise.grain(0), height, min(width, 1024)), (width, height))
    return np.asarray(colour, np.float32) * (1 + 0.3 * coarse + 0.22 * fine)[..., None]


def _green(rng: np.random.Generator) -> np.ndarray:
    draw = rng.random()
    if draw < 0.12:  # autumn
        return np.array([rng.uniform(20, 60), rng.uniform(60, 120), rng.uniform(90, 160)])
    if draw < 0.22:  # bare
        return np.array([rng.uniform(60, 100), rng.uniform(65, 105), rng.uniform(70, 115)])
    return np.array([rng.uniform(20, 60), rng.uniform(45, 110), rng.uniform(25, 80)])


def _trees(rng: np.random.Generator) -> Picture:
    height = 12 * PX_PER_M
    colour = _leaves(height, _LENGTH_PX, rng, _green(rng))
    mask = np.zeros((height, _LENGTH_PX), np.uint8)
    for _ in range(int(rng.integers(8, 60))):
        x, top = rng.uniform(0, _LENGTH_PX), rng.uniform(0.05, 0.8) * height
        wide = rng.uniform(1, 4) * PX_PER_M
        bright = rng.uniform(0.6, 1.3)
        blob = np.zeros_like(mask)
        cv2.ellipse(blob, (int(x), int(top + wide)), (int(wide), int(wide * rng.uniform(0.8, 1.6))), 0, 0, 360, 255, -1)
        cv2.rectangle(blob, (int(x - wide * 0.8), int(top + wide)), (int(x + wide * 0.8), height), 255, -1)
        colour[blob > 0] *= np.float32(bright)
        mask |= blob
    # Leaves break the outline.
    ragged = (
        cv2.GaussianBlur(mask, (0, 0), 5)
        + 46 * noise.cut(rng, noise.grain(0), height, 1024).repeat(2, axis=1)[:, :_LENGTH_PX]
    )
    cover = np.clip((ragged - 110) * 6, 0, 255)
    return cv2.merge([*cv2.split(cv2.convertScaleAbs(colour)), cover.astype(np.uint8)])


def _hedge(rng: np.random.Generator) -> Picture:
    height = int(rng.uniform(1.2, 4) * PX_PER_M)
    colour = _leaves(height, _LENGTH_PX, rng, _green(rng))
    colour *= np.linspace(1.2, 0.6, height, dtype=np.float32)[:, None, None]
    cover = np.full((height, _LENGTH_PX), 255, np.uint8)
    cover[: PX_PER_M // 4] = np.clip(
        128 + 90 * noise.cut(rng, noise.grain(0), PX_PER_M // 4, 1024).repeat(2, axis=1)[:, :_LENGTH_PX], 0, 255
    )
    return cv2.merge([*cv2.split(cv2.convertScaleAbs(colour)), cover])


def _houses(rng: np.random.Generator) -> Picture:
    height = 10 * PX_PER_M
    canvas = np.zeros((height, _LENGTH_PX, 4), np.uint8)
    x = 0.0
    while x < _LENGTH_PX:
        wide, high = rng.uniform(6, 20) * PX_PER_M, rng.uniform(3, 9) * PX_PER_M
        wall = (*np.clip(rng.uniform(60, 210) + rng.normal(0, 18, 3), 0, 255), 255)
        cv2.rectangle(canvas, (int(x), int(height - high)), (int(x + wide), height), wall, -1)
        roof = (*np.clip(rng.uniform(30, 110, 3), 0, 255), 255)
        peak = height - high - rng.uniform(0, 3) * PX_PER_M
        ring = np.array(
            [[x - 8, height - high], [x + wide * 0.2, peak], [x + wide * 0.8, peak], [x + wide + 8, height - high]]
        )
        cv2.fillPoly(canvas, [ring.astype(np.int32)], roof, cv2.LINE_AA)
        pane = (*rng.uniform(20, 120, 3), 255)
        step = rng.uniform(1.6, 3.4) * PX_PER_M
        for y in np.arange(height - high + 14, height - 20, 2.6 * PX_PER_M):
            for left in np.arange(x + 12, x + wide - 24, step):
                cv2.rectangle(canvas, (int(left), int(y)), (int(left + step * 0.5), int(y + 1.2 * PX_PER_M)), pane, -1)
        x += wide + rng.uniform(0, 8) * PX_PER_M
    return canvas


def _fence(rng: np.random.Generator) -> Picture:
    height = int(rng.uniform(1.0, 3.5) * PX_PER_M)
    canvas = np.zeros((height, _LENGTH_PX, 4), np.uint8)
    canvas[..., :3] = np.clip(rng.uniform(30, 220) + rng.normal(0, 15, 3), 0, 255)
    wire = int(rng.uniform(50, 160))
    step = int(rng.integers(4, 12))
    if rng.random() < 0.5:  # bars
        for x in range(0, _LENGTH_PX, step):
            cv2.line(canvas, (x, 0), (x, height), (*map(int, canvas[0, 0, :3]), wire + 60), 1)
    else:  # mesh
        for x in range(-height, _LENGTH_PX + height, step):
            for way in (-1, 1):
                cv2.line(canvas, (x, 0), (x + way * height, height), (*map(int, canvas[0, 0, :3]), wire), 1)
    post = (*map(int, canvas[0, 0, :3]), 255)
    for x in range(0, _LENGTH_PX, int(rng.uniform(2, 3.5) * PX_PER_M)):
        cv2.line(canvas, (x, 0), (x, height), post, 3)
    cv2.line(canvas, (0, 1), (_LENGTH_PX, 1), post, 3)
    return canvas


def _cars(rng: np.random.Generator) -> Picture:
    height = 2 * PX_PER_M
    canvas = np.zeros((height, _LENGTH_PX, 4), np.uint8)
    x = 0.0
    while x < _LENGTH_PX:
        long, high = rng.uniform(3.6, 5) * PX_PER_M, rng.uniform(1.35, 1.9) * PX_PER_M
        paint = (*np.clip(rng.choice([20, 60, 130, 220]) + rng.normal(0, 30, 3), 0, 255), 255)
        cv2.rectangle(canvas, (int(x), int(height - high * 0.6)), (int(x + long), height - 6), paint, -1)
        ring = np.array([[0.12, 0.58], [0.28, 1], [0.75, 1], [0.93, 0.58]]) * (long, -high) + (x, height)
        cv2.fillPoly(canvas, [ring.astype(np.int32)], paint, cv2.LINE_AA)
        glass = np.array([[0.2, 0.62], [0.31, 0.94], [0.72, 0.94], [0.86, 0.62]]) * (long, -high) + (x, height)
        cv2.fillPoly(canvas, [glass.astype(np.int32)], (60, 50, 45, 255), cv2.LINE_AA)
        for wheel in (0.2, 0.8):
            cv2.circle(canvas, (int(x + long * wheel), height - 8), 8, (25, 25, 25, 255), -1, cv2.LINE_AA)
        x += long + rng.uniform(0.3, 6) * PX_PER_M
    return canvas


def _wall(rng: np.random.Generator) -> Picture:
    height = int(rng.uniform(1, 5) * PX_PER_M)
    tone = np.clip(rng.uniform(50, 200) + rng.normal(0, 15, 3), 0, 255)
    rough = cv2.resize(noise.cut(rng, noise.blotches(3), 200, 400), (_LENGTH_PX, height))
    colour = tone.astype(np.float32) * (1 + 0.06 * rough)[..., None]
    step = rng.uniform(0.3, 3) * PX_PER_M
    for x in np.arange(0, _LENGTH_PX, step):
        colour[:, int(x) : int(x) + 2] *= 0.75
    return cv2.merge([*cv2.split(cv2.convertScaleAbs(colour)), np.full((height, _LENGTH_PX), 255, np.uint8)])


def _net(rng: np.random.Generator) -> Picture:
    height = int(rng.uniform(4, 8) * PX_PER_M)
    canvas = np.zeros((height, _LENGTH_PX, 4), np.uint8)
    canvas[..., :3] = rng.uniform(20, 230)
    canvas[::4, :, 3] = 60
    canvas[:, ::4, 3] = 60
    for x in range(0, _LENGTH_PX, int(rng.uniform(4, 9) * PX_PER_M)):
        cv2.line(canvas, (x, 0), (x, height), (120, 120, 120, 255), 4)
    return canvas


def _scaffold(rng: np.random.Generator) -> Picture:
    height = int(rng.uniform(3, 8) * PX_PER_M)
    canvas = np.zeros((height, _LENGTH_PX, 4), np.uint8)
    tube = (*np.full(3, rng.uniform(90, 210)), 255)
    for x in range(0, _LENGTH_PX, int(rng.uniform(1.5, 3) * PX_PER_M)):
        cv2.line(canvas, (x, 0), (x, height), tube, 3)
        if rng.random() < 0.5:
            cv2.line(canvas, (x, height), (x + 2 * PX_PER_M, height // 2), tube, 2)
    for y in range(0, height, int(2 * PX_PER_M)):
        cv2.line(canvas, (0, y), (_LENGTH_PX, y), tube, 4)
    return canvas


_DRAW = dict(zip(KINDS, (_trees, _hedge, _houses, _fence, _cars, _wall, _net, _scaffold), strict=True))


@lru_cache(maxsize=len(KINDS) * COUNT * 2)
def strip(edition: int, kind: str, number: int) -> Texture:
    """A row of one kind of thing, of the edition; made when it is first needed."""
    rng = np.random.default_rng([204, edition, KINDS.index(kind), number])
    return texture(_DRAW[kind](rng), PX_PER_M)


def draw_sky(image: Picture, camera: Camera, rng: np.random.Generator, *, night: bool) -> None:
    """Fill the picture above the horizon."""
    size = image.shape[0]
    middle = camera.ground_grid(8)[2]
    if np.all(middle < 2000):
        return
    if night:
        top = np.full(3, rng.uniform(8, 40))
        low = top * 0.9
    else:  # from grey to blue
        clear = rng.uniform(0, 1)
        top = rng.uniform(150, 245) - clear * np.array([0, rng.uniform(15, 50), rng.uniform(50, 110)])
        low = np.clip(top + rng.uniform(0, 60), 0, 252)
    share = np.linspace(0, 1, size, dtype=np.float32)[:, None, None]
    sky = np.broadcast_to(top + (low - top) * share, (size, size, 3)).astype(np.float32)
    if not night and rng.random() < 0.6:
        cloud = np.clip(cv2.resize(noise.cut(rng, noise.blotches(1), 200, 200), (size, size)), 0, 1.5)[..., None]
        sky = sky + (np.float32(rng.uniform(190, 250)) - sky) * cloud * np.float32(0.5)
    above = camera.ground_grid(size // 4)[2] > 2000
    mask = cv2.resize(above.astype(np.float32), (size, size), interpolation=cv2.INTER_LINEAR)[..., None]
    image[:] = cv2.convertScaleAbs(image + (sky - image) * mask)
