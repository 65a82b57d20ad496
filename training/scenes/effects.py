"""What camera, weather and processing do to the picture."""

from dataclasses import dataclass

import cv2
import numpy as np

from training.scenes import noise
from training.scenes.paint import Floats32, Picture


@dataclass(frozen=True)
class Effects:
    """How a picture is taken: each 0 or 1 (or NaN-free neutral value) where nothing happens.

    Lengths are pixels of the picture as it comes out; `tone` is (256, 3) values for each input value of each colour.
    """

    blur_px: float
    shake_px: tuple[float, float]
    halo: float
    halo_px: float
    saturation: float
    tone: Picture
    haze: float
    haze_colour: tuple[float, float, float]
    rain: int
    vignette: float
    noise_level: float
    noise_shot: float
    noise_sheet: int
    squeeze: float


def choose_effects(rng: np.random.Generator, *, gentle: bool, soft: bool) -> Effects:
    """A camera at random; with `gentle` a decent one, with `soft` one whose picture is enlarged anyway."""
    wild = not gentle
    gamma = np.exp(rng.normal(-0.03, 0.14))
    gain = np.exp(rng.normal(0.16, 0.14)) * (rng.uniform(0.4, 0.7) if wild and rng.random() < 0.04 else 1)
    contrast, lift = rng.uniform(0.85, 1.22), rng.uniform(-8, 14)
    balance = np.exp(rng.normal(0, 0.035, 3)) if rng.random() < 0.88 else np.exp(rng.normal(0, 0.1, 3))
    ramp = (np.arange(256) / 255.0)[:, None] ** gamma * 255 * gain * balance
    tone = np.clip((ramp - 110) * contrast + 110 + lift, 0, 255).astype(np.uint8)
    angle, shake = rng.uniform(0, np.pi), rng.uniform(1, 6) if wild and rng.random() < 0.1 else 0.0
    draw = rng.random()
    blur = 0.0 if draw < 0.55 else rng.uniform(0.3, 0.8) if draw < 0.9 or gentle or soft else rng.uniform(0.8, 1.6)
    return Effects(
        blur_px=float(blur),
        shake_px=(shake * float(np.cos(angle)), shake * float(np.sin(angle)) * 0.4),
        halo=rng.uniform(0.2, 1.5) if rng.random() < 0.4 else 0.0,
        halo_px=rng.uniform(0.7, 1.6),
        saturation=rng.uniform(0.65, 1.3),
        tone=tone,
        haze=rng.uniform(0.06, 0.4) if wild and rng.random() < 0.08 else 0.0,
        haze_colour=(rng.uniform(120, 225),) * 3,
        rain=int(rng.integers(20, 160)) if wild and rng.random() < 0.025 else 0,
        vignette=rng.uniform(0.05, 0.35) if rng.random() < 0.3 else 0.0,
        noise_level=rng.uniform(0, 2) if gentle or rng.random() < 0.8 else rng.uniform(2, 8),
        noise_shot=rng.uniform(0, 2) if rng.random() < 0.4 else 0.0,
        noise_sheet=int(rng.integers(6)),
        squeeze=rng.uniform(0.55, 0.85) if wild and not soft and rng.random() < 0.12 else 1.0,
    )


def take(image: Picture, effects: Effects, rng: np.random.Generator) -> Picture:
    """The picture (S, S, 3) as that camera takes it."""
    shown = image
    shake = max(abs(effects.shake_px[0]), abs(effects.shake_px[1]))
    if shake > 1:
        shown = _shaken(shown, effects.shake_px)
    if effects.blur_px > 0.25:
        shown = cv2.GaussianBlur(shown, (0, 0), effects.blur_px)
    if effects.halo:
        soft = cv2.GaussianBlur(shown, (0, 0), effects.halo_px)
        shown = cv2.addWeighted(shown, 1 + effects.halo, soft, -effects.halo, 0)
    if abs(effects.saturation - 1) > 0.05:
        shown = cv2.transform(shown, _saturated(effects.saturation))
    shown = cv2.LUT(shown, effects.tone[None])
    if effects.haze:
        veil = np.full_like(shown, np.asarray(effects.haze_colour, np.uint8))
        shown = cv2.addWeighted(shown, 1 - effects.haze, veil, effects.haze, 0)
    if effects.rain:
        shown = _rained(shown, effects.rain, rng)
    if effects.vignette:
        shown = cv2.convertScaleAbs(shown * _darker_corner(shown.shape[0], effects.vignette, rng))
    shown = _noisy(shown, effects, rng)
    if effects.squeeze < 1:
        side = round(shown.shape[0] * effects.squeeze)
        small = cv2.resize(shown, (side, side), interpolation=cv2.INTER_AREA)
        shown = cv2.resize(
            small, shown.shape[:2], interpolation=cv2.INTER_CUBIC if rng.random() < 0.5 else cv2.INTER_LINEAR
        )
    return shown


def _shaken(image: Picture, shake_px: tuple[float, float]) -> Picture:
    steps = 5
    total = np.zeros(image.shape, np.float32)
    for share in np.linspace(-0.5, 0.5, steps):
        move = np.array([[1, 0, shake_px[0] * share], [0, 1, shake_px[1] * share]], float)
        total += cv2.warpAffine(image, move, image.shape[:2], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return cv2.convertScaleAbs(total, alpha=1 / steps)


def _saturated(amount: float) -> Floats32:
    grey = np.array([0.114, 0.587, 0.299])
    return np.asarray(np.eye(3) * amount + (1 - amount) * grey[None], np.float32)


def _rained(image: Picture, drops: int, rng: np.random.Generator) -> Picture:
    mask = np.zeros(image.shape[:2], np.uint8)
    size = image.shape[0]
    slant = rng.uniform(-0.4, 0.4)
    for x, y, length in zip(
        rng.uniform(0, size, drops), rng.uniform(0, size, drops), rng.uniform(4, 22, drops), strict=True
    ):
        cv2.line(
            mask,
            (int(x), int(y)),
            (int(x + slant * length), int(y + length)),
            int(rng.integers(40, 130)),
            1,
            cv2.LINE_AA,
        )
    share = mask.astype(np.float32)[..., None] * np.float32(1 / 255)
    return cv2.convertScaleAbs(image + (215 - image.astype(np.float32)) * share)


def _darker_corner(size: int, strong: float, rng: np.random.Generator) -> Floats32:
    """Factors (S, S, 1): a cut of a frame sees the fall-off towards one of its corners."""
    line = np.linspace(-1, 1, size, dtype=np.float32)
    x, y = line - np.float32(rng.uniform(-1.5, 1.5)), line - np.float32(rng.uniform(-1.5, 1.5))
    away = np.minimum((x * x)[None] + (y * y)[:, None], 4) * np.float32(0.25)
    return np.asarray(1 - np.float32(strong) * away)[..., None]


def _noisy(image: Picture, effects: Effects, rng: np.random.Generator) -> Picture:
    if effects.noise_level + effects.noise_shot < 0.4:
        return image
    size = image.shape[0]
    sheet = noise.sensor(effects.noise_sheet)
    top, left = rng.integers(sheet.shape[0] - size + 1, size=2)
    piece = sheet[top : top + size, left : left + size]
    level = effects.noise_level / noise.SENSOR_SPREAD
    noisy = cv2.addWeighted(image, 1, piece, level, -128 * level)
    if effects.noise_shot < 0.2:
        return noisy
    # The noise of light grows with its root: where the picture is bright, the stronger of two noises is taken.
    strong = level + effects.noise_shot / noise.SENSOR_SPREAD
    shot = cv2.addWeighted(image, 1, piece, strong, -128 * strong)
    return cv2.copyTo(shot, cv2.threshold(cv2.extractChannel(image, 1), 110, 255, cv2.THRESH_BINARY)[1], noisy)
