"""What broadcasters lay over the picture: score, clock, names, marks, watermarks."""

import cv2
import numpy as np

from training.scenes.glyphs import width_of, word, write
from training.scenes.paint import Floats32, Picture, tint


def draw_captions(image: Picture, rng: np.random.Generator) -> Floats32:
    """Lay one to three captions over the picture (S, S, 3); returns how far each pixel is hidden (S, S), 0..1."""
    size = image.shape[0]
    hidden = np.zeros((size, size), np.float32)
    for _ in range(int(rng.integers(1, 4))):
        draw = rng.random()
        if draw < 0.45:
            _score(image, hidden, rng)
        elif draw < 0.75:
            _text(image, hidden, rng)
        elif draw < 0.9:
            _mark(image, hidden, rng)
        else:
            _bar(image, hidden, rng)
    return hidden


def _over(image: Picture, hidden: Floats32, layer: Picture, mask: Picture, opacity: float) -> None:
    share = mask.astype(np.float32) * np.float32(opacity / 255)
    tint(image, share, (0, 0, image.shape[1], image.shape[0]), layer)
    np.maximum(hidden, share, out=hidden)


def _corner(size: int, wide: float, high: float, rng: np.random.Generator) -> tuple[float, float]:
    # A cut of the frame may hold only a piece of a caption.
    return rng.uniform(-wide * 0.5, size - wide * 0.5), rng.uniform(-high * 0.3, size - high * 0.7)


def _score(image: Picture, hidden: Floats32, rng: np.random.Generator) -> None:
    size = image.shape[0]
    high = rng.uniform(12, 30)
    parts = [
        f"{rng.integers(0, 95):02d}:{rng.integers(0, 60):02d}",
        word(rng, 3, 3),
        f"{rng.integers(0, 5)}",
        f"{rng.integers(0, 5)}",
        word(rng, 3, 3),
    ]
    widths = [width_of(p, high * 0.6) + high * 0.5 for p in parts]
    x, y = _corner(size, sum(widths), high, rng)
    layer, mask = np.zeros_like(image), np.zeros((size, size), np.uint8)
    dark = rng.uniform(5, 70, 3)
    for text, wide in zip(parts, widths, strict=True):
        ground = dark if rng.random() < 0.6 else rng.uniform(0, 255, 3)
        cv2.rectangle(layer, (int(x), int(y)), (int(x + wide), int(y + high)), tuple(ground), -1)
        cv2.rectangle(mask, (int(x), int(y)), (int(x + wide), int(y + high)), 255, -1)
        ink = (245.0,) * 3 if ground.mean() < 140 else (15.0,) * 3
        write(layer, text, x + high * 0.25, y + high * 0.2, high * 0.6, ink, weight=rng.uniform(0.1, 0.18))
        x += wide
    _over(image, hidden, layer, mask, rng.uniform(0.75, 1))


def _text(image: Picture, hidden: Floats32, rng: np.random.Generator) -> None:
    size = image.shape[0]
    high = rng.uniform(8, 34)
    text = word(rng, 4, 12)
    x, y = _corner(size, width_of(text, high), high, rng)
    mask = np.zeros((size, size), np.uint8)
    write(mask, text, x, y, high, 255, weight=rng.uniform(0.1, 0.26), slant=rng.choice([0, 0.2]))
    layer = np.full_like(image, 245 if rng.random() < 0.85 else 20)
    _over(image, hidden, layer, mask, rng.uniform(0.25, 1))


def _mark(image: Picture, hidden: Floats32, rng: np.random.Generator) -> None:
    """A round or square mark of a channel or club."""
    size = image.shape[0]
    radius = rng.uniform(6, 26)
    x, y = _corner(size, radius, radius, rng)
    layer, mask = np.zeros_like(image), np.zeros((size, size), np.uint8)
    middle = (int(x), int(y))
    if rng.random() < 0.6:
        cv2.circle(mask, middle, int(radius), 255, -1, cv2.LINE_AA)
    else:
        cv2.rectangle(mask, (int(x - radius), int(y - radius)), (int(x + radius), int(y + radius)), 255, -1)
    layer[:] = rng.uniform(0, 255, 3)
    cv2.circle(layer, middle, int(radius * 0.65), tuple(rng.uniform(0, 255, 3)), int(radius * 0.25) + 1, cv2.LINE_AA)
    write(layer, word(rng, 1, 2), x - radius * 0.4, y - radius * 0.35, radius * 0.7, (245, 245, 245))
    _over(image, hidden, layer, mask, rng.uniform(0.3, 1))


def _bar(image: Picture, hidden: Floats32, rng: np.random.Generator) -> None:
    """A black bar that hides something, or the edge of a letterbox."""
    size = image.shape[0]
    mask = np.zeros((size, size), np.uint8)
    if rng.random() < 0.5:
        x, y = _corner(size, 120, 30, rng)
        cv2.rectangle(mask, (int(x), int(y)), (int(x + rng.uniform(60, 260)), int(y + rng.uniform(15, 60))), 255, -1)
    elif rng.random() < 0.5:
        mask[: int(rng.uniform(5, 60))] = 255
    else:
        mask[-int(rng.uniform(5, 60)) :] = 255
    _over(image, hidden, np.full_like(image, int(rng.uniform(0, 20))), mask, 1.0)
