"""Draw a contact sheet of scenes with their boxes: `python -m training.scenes.sheet BANK OUT.png`."""

import argparse
from pathlib import Path

import cv2
import numpy as np

from training.people import bank as banks
from training.scenes.scene import Scene, draw_scene


def boxed(scene: Scene, zoom: int = 1) -> np.ndarray:
    """A copy of the picture, enlarged, with its boxes: people green (fainter where hidden), balls red, ignored blue."""
    image = (
        cv2.resize(scene.image, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_NEAREST)
        if zoom > 1
        else scene.image.copy()
    )
    for boxes, shares, colour in (
        (scene.ignore, np.ones(len(scene.ignore)), (255, 60, 0)),
        (scene.people, scene.people_visible, (0, 255, 0)),
        (scene.balls, scene.balls_visible, (0, 0, 255)),
    ):
        for box, share in zip(boxes * zoom, shares, strict=True):
            corner, other = np.round(box[:2]).astype(int).tolist(), (np.round(box[2:]).astype(int) - 1).tolist()
            cv2.rectangle(image, corner, other, tuple(float(c * (0.4 + 0.6 * share)) for c in colour), 1)
    return np.asarray(image)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bank", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--first", type=int, default=0, help="number of the first scene")
    parser.add_argument("--kind", default="train")
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--columns", type=int, default=6)
    parser.add_argument("--size", type=int, default=320)
    parser.add_argument("--zoom", type=int, default=1)
    parser.add_argument("--plain", action="store_true", help="no boxes")
    wish = parser.parse_args()
    bank = banks.open(wish.bank)
    tiles = []
    for number in range(wish.first, wish.first + wish.count):
        scene = draw_scene(bank, wish.seed, number, size=wish.size, kind=wish.kind)
        tiles.append(scene.image if wish.plain else boxed(scene, wish.zoom))
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % wish.columns)
    rows = [np.hstack(tiles[i : i + wish.columns]) for i in range(0, len(tiles), wish.columns)]
    cv2.imwrite(str(wish.out), np.vstack(rows))


if __name__ == "__main__":
    main()
