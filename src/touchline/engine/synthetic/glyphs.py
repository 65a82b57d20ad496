"""Digits and capital letters as strokes, for shirt numbers and boards; drawn by ourselves so that no font is embedded.

Strokes are polylines on a grid of 4 columns by 6 rows, (column, row) from the top left.
"""

import cv2
import numpy as np

from touchline.engine.types import Image

_STROKES: dict[str, str] = {
    "0": "10 30 41 45 36 16 05 01 10",
    "1": "11 20 26",
    "2": "01 10 30 41 42 06 46",
    "3": "00 40 22 32 43 45 36 16 05",
    "4": "36 30 04 44",
    "5": "40 00 02 32 43 45 36 16 05",
    "6": "40 10 01 05 16 36 45 44 33 13 04",
    "7": "00 40 16",
    "8": "13 02 01 10 30 41 42 33 13 04 05 16 36 45 44 33",
    "9": "06 36 45 41 30 10 01 02 13 33 42",
    "C": "41 30 10 01 05 16 36 45",
    "E": "40 00 06 46|03 33",
    "H": "00 06|40 46|03 43",
    "I": "20 26",
    "L": "00 06 46",
    "N": "06 00 46 40",
    "O": "10 30 41 45 36 16 05 01 10",
    "T": "00 40|20 26",
    "U": "00 05 16 36 45 40",
}
_COLUMNS, _ROWS = 4, 6


def text_mask(text: str, *, height_px: int, stroke_px: int) -> Image:
    """(H, W) uint8 coverage 0..255 of a text; characters that are not known leave a gap."""
    cell = height_px / (_ROWS + 2)
    advance = cell * (_COLUMNS + 2)
    mask = np.zeros((height_px, max(1, round(advance * len(text)))), np.uint8)
    for index, character in enumerate(text):
        for stroke in _STROKES.get(character, "").split("|"):
            points = [(int(xy[0]), int(xy[1])) for xy in stroke.split()]
            if points:
                _draw_stroke(mask, points, left=index * advance, cell=cell, stroke_px=stroke_px)
    return mask


def _draw_stroke(mask: Image, points: list[tuple[int, int]], *, left: float, cell: float, stroke_px: int) -> None:
    bits = 4
    placed = [((left + (x + 1) * cell) * (1 << bits), (y + 1) * cell * (1 << bits)) for x, y in points]
    line = np.round(placed).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(mask, [line], isClosed=False, color=255, thickness=stroke_px, lineType=cv2.LINE_AA, shift=bits)
