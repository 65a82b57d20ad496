"""Letters and figures of strokes, for boards, shirts and captions. They are drawn here so that no font is needed."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

# Points of strokes on a grid, x 0..4 to the right, y 0..6 down; strokes apart by a space.
_STROKES = {
    "A": "062046 1434",
    "B": "00063645443303 3342413000",
    "C": "4130100105163645",
    "D": "000626444220 2000",
    "E": "40000646 0333",
    "F": "400006 0333",
    "G": "41301001051636454323",
    "H": "0006 4046 0343",
    "I": "2026",
    "J": "4045361605",
    "K": "0006 400346",
    "L": "000646",
    "M": "0600234046",
    "N": "06004640",
    "O": "100105163645413010",
    "P": "06003041423303",
    "Q": "100105163645413010 2446",
    "R": "06003041423303 2346",
    "S": "413010010213334445361605",
    "T": "0040 2026",
    "U": "000516364540",
    "V": "002640",
    "W": "0016233640",
    "X": "0046 4006",
    "Y": "002340 2326",
    "Z": "00400646",
    "0": "100105163645413010",
    "1": "012026",
    "2": "01103041420646",
    "3": "011030414233 13334445361605",
    "4": "36300444",
    "5": "400003334445361605",
    "6": "4130100105163645443303",
    "7": "004016",
    "8": "13020110304142331304051636454433",
    "9": "0516364541301001021343",
    ":": "2122 2425",
    "-": "0343",
    ".": "2526",
    "/": "0640",
}
_SHIFT = 4


@cache
def _lines(letter: str) -> tuple[NDArray[np.float64], ...]:
    strokes = _STROKES[letter].split()
    return tuple(np.array([[int(s[i]), int(s[i + 1])] for i in range(0, len(s), 2)], float) / (4, 6) for s in strokes)


def width_of(text: str, height: float, aspect: float = 0.6) -> float:
    """Width of a line of text of this height, in the same unit."""
    return len(text) * height * aspect * 1.35


def write(
    canvas: NDArray[np.uint8],
    text: str,
    left: float,
    top: float,
    height: float,
    colour: tuple[float, ...] | float,
    *,
    weight: float = 0.16,
    aspect: float = 0.6,
    slant: float = 0.0,
) -> float:
    """Write on a canvas in its pixels; returns where the text ends. Letters without strokes leave a gap."""
    thick = max(1, round(height * weight))
    wide = height * aspect
    at = left
    for letter in text:
        if letter in _STROKES:
            for line in _lines(letter):
                x = at + line[:, 0] * wide + (1 - line[:, 1]) * height * slant
                points = np.stack([x, top + line[:, 1] * height], axis=1) * (1 << _SHIFT)
                cv2.polylines(canvas, [np.round(points).astype(np.int32)], False, colour, thick, cv2.LINE_AA, _SHIFT)
        at += wide * 1.35
    return at


def word(rng: np.random.Generator, least: int = 3, most: int = 9) -> str:
    """An invented word, vowels and consonants in turn."""
    vowels, others = "AEIOU", "BCDFGHKLMNPRSTVWXZ"
    start = int(rng.integers(2))
    count = int(rng.integers(least, most + 1))
    picks = rng.integers(0, 90, count)
    return "".join(
        (vowels if (i + start) % 2 else others)[picks[i] % (5 if (i + start) % 2 else 18)] for i in range(count)
    )
