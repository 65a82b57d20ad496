"""Command: python -m training.people.sheet FOLDER OUT.png; a bank's sprites side by side in test colours, to look at."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.people import bank
from training.people.sprite import Part, Sprite, Uint8Array

TURF = (70, 120, 66)
# red, green, blue; every part has its own, so that a wrong label is seen
COLOURS: dict[Part, tuple[int, int, int]] = {
    Part.NONE: TURF,
    Part.SKIN: (196, 148, 116),
    Part.FACE: (212, 164, 132),
    Part.HAIR: (52, 36, 26),
    Part.CAP: (24, 40, 92),
    Part.SHIRT: (186, 32, 40),
    Part.SLEEVE_LEFT: (222, 190, 40),
    Part.SLEEVE_RIGHT: (40, 92, 200),
    Part.COLLAR: (240, 240, 240),
    Part.SHORTS: (232, 232, 228),
    Part.TROUSERS: (56, 58, 66),
    Part.SOCK: (36, 52, 168),
    Part.BOOT: (28, 28, 30),
    Part.SOLE: (214, 220, 60),
    Part.GLOVE: (60, 200, 210),
    Part.BIB: (240, 140, 20),
    Part.COAT: (34, 44, 60),
    Part.BASELAYER: (150, 84, 160),
    Part.FLAG: (250, 80, 0),
    Part.GEAR: (16, 16, 18),
    Part.EYE: (70, 48, 40),
}
LIGHT = np.array([0.42, 0.6, 0.68])  # right, up, towards the camera
TILE_PX = (250, 150)


def painted(sprite: Sprite, *, colours: dict[Part, tuple[int, int, int]] = COLOURS) -> Uint8Array:
    """(h, w, 3) the sprite on turf, RGB, lit from the upper right."""
    table = np.array([colours[part] for part in Part], float)
    side = sprite.normal / 127.0
    towards = np.sqrt(np.clip(1 - (side**2).sum(axis=2), 0, 1))
    lit = np.clip(side[..., 0] * LIGHT[0] + side[..., 1] * LIGHT[1] + towards * LIGHT[2], 0, 1)
    shade = (0.42 + 0.62 * lit) * (sprite.occlusion / 255.0)
    cover = sprite.alpha[..., None] / 255.0
    image = table[sprite.part] * shade[..., None] * cover + np.array(TURF) * (1 - cover)
    lit_image: Uint8Array = np.clip(image, 0, 255).astype(np.uint8)
    return lit_image


def sheet(folder: Path, *, first: int = 0, count: int = 96, columns: int = 16, marks: bool = False) -> Uint8Array:
    """Sprites of a bank in rows, near ones reduced to the scale of the others; marks show foot, head and ball."""
    people = bank.open(folder)
    tiles = [_tile(people.sprite(i), marks=marks) for i in range(first, min(first + count, len(people)))]
    tiles += [np.full_like(tiles[0], TURF)] * (-len(tiles) % columns)
    return np.vstack([np.hstack(tiles[i : i + columns]) for i in range(0, len(tiles), columns)])


def _tile(sprite: Sprite, *, marks: bool) -> Uint8Array:
    image = painted(sprite)
    if marks:
        meta = sprite.meta
        for x, y, colour in (
            (meta.foot_x, meta.foot_y, (255, 0, 255)),
            (meta.head_x, meta.head_y, (0, 255, 0)),
            (meta.ball_x, meta.ball_y, (255, 255, 255)),
        ):
            if not np.isnan(x):
                cv2.circle(image, (round(x), round(y)), 3, colour, -1)
    height, width = image.shape[:2]
    scale = min(1.0, TILE_PX[0] / height, TILE_PX[1] / width, 110 / sprite.meta.px_per_m)
    if scale < 1:
        image = np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    return _centred(image)


def _centred(image: NDArray[np.uint8]) -> Uint8Array:
    tile = np.full((*TILE_PX, 3), TURF, np.uint8)
    height, width = image.shape[:2]
    left = (TILE_PX[1] - width) // 2
    tile[TILE_PX[0] - height :, left : left + width] = image
    return tile


def main() -> None:
    """Draws a contact sheet of a bank of people."""
    parser = argparse.ArgumentParser(prog="python -m training.people.sheet", description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path, help="PNG to write")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=96)
    parser.add_argument("--marks", action="store_true", help="show foot, head and ball points")
    given = parser.parse_args()
    try:
        image = sheet(given.folder, first=given.first, count=given.count, marks=given.marks)
    except bank.BankError as refusal:
        sys.exit(str(refusal))
    if not cv2.imwrite(str(given.out), cv2.cvtColor(image, cv2.COLOR_RGB2BGR)):
        sys.exit(f"{given.out} cannot be written; name a PNG in a folder that exists.")


if __name__ == "__main__":
    main()
