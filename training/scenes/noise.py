"""Sheets of noise that repeat without a seam, made once in a process and cut from ever after."""

from functools import cache

import cv2
import numpy as np

from training.scenes.paint import Floats32, Picture

SHEET = 512
_GRAIN = 1024


def _shaped(rng: np.random.Generator, size: int, power: float, stretch: float = 1.0, low: float = 1.0) -> Floats32:
    """Noise (size, size) of zero mean and unit spread whose spectrum falls with this power above `low` waves."""
    up = np.fft.fftfreq(size)[:, None] * size
    along = np.fft.rfftfreq(size)[None] * size * stretch
    radius = np.hypot(up, along)
    gain = np.where(radius >= low, 1.0, 0.0) / np.maximum(radius, 1) ** power
    waves = np.fft.rfft2(rng.standard_normal((size, size))) * gain
    sheet = np.fft.irfft2(waves, s=(size, size))
    return np.asarray((sheet - sheet.mean()) / sheet.std(), np.float32)


@cache
def blotches(number: int) -> Floats32:
    """Cloudy noise (SHEET, SHEET): worn areas, uneven light, leaves; four different ones."""
    rng = np.random.default_rng([101, number])
    return _shaped(rng, SHEET, (1.2, 1.5, 1.8, 1.0)[number], low=(2, 3, 2, 6)[number])


@cache
def grain(number: int) -> Floats32:
    """Fine noise (1024, 1024) of grass blades and gravel: even, and two that are stretched along the rows."""
    rng = np.random.default_rng([102, number])
    return _shaped(rng, _GRAIN, 0.45, stretch=(1.0, 2.5, 5.0)[number], low=6)


SENSOR_SPREAD = 24.0
"""Spread of `sensor` sheets around their middle of 128."""


@cache
def sensor(number: int) -> Picture:
    """Noise of a sensor (1024, 1024, 3) around 128: grey, half coloured, coloured, each fine (0..2) and soft (3..5)."""
    rng = np.random.default_rng([103, number])
    own = rng.standard_normal((_GRAIN, _GRAIN, 3), np.float32)
    share = (0.15, 0.55, 0.9)[number % 3]
    mixed = own * np.float32(share) + rng.standard_normal((_GRAIN, _GRAIN, 1), np.float32) * np.float32(
        np.sqrt(1 - share**2)
    )
    if number >= 3:
        mixed = cv2.GaussianBlur(mixed, (0, 0), 0.7)
        mixed = mixed / np.std(mixed)
    return np.clip(128 + SENSOR_SPREAD * mixed, 0, 255).astype(np.uint8)


def cut(rng: np.random.Generator, sheet: Floats32, height: int, width: int) -> Floats32:
    """A piece of a sheet from a random place, mirrored or not."""
    top = int(rng.integers(sheet.shape[0] - height + 1))
    left = int(rng.integers(sheet.shape[1] - width + 1))
    piece = sheet[top : top + height, left : left + width]
    return piece[:, ::-1] if rng.random() < 0.5 else piece


def sample(sheet: Floats32, x: Floats32, y: Floats32) -> Floats32:
    """A sheet read at (h, w) coordinates of any size, in its own pixels."""
    size = np.float32(sheet.shape[0])
    # OpenCV keeps places as 16-bit numbers: they are brought into the sheet first.
    column, row = x - np.floor(x / size) * size, y - np.floor(y / size) * size
    return cv2.remap(sheet, column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
