"""Measure how many scenes one core draws in a second: `python -m training.scenes.rate BANK`."""

import argparse
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from training.people import bank as banks
from training.scenes.scene import draw_scene


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bank", type=Path)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--size", type=int, default=320)
    parser.add_argument("--kind", default="train")
    parser.add_argument("--seed", type=int, default=5)
    wish = parser.parse_args()
    cv2.setNumThreads(1)
    bank = banks.open(wish.bank)
    for number in range(60):  # the textures are made when they are first needed
        draw_scene(bank, wish.seed, number, size=wish.size, kind=wish.kind)
    took, people, empty, with_ball = [], 0, 0, 0
    for number in range(60, 60 + wish.count):
        start = time.process_time()
        scene = draw_scene(bank, wish.seed, number, size=wish.size, kind=wish.kind)
        took.append(time.process_time() - start)
        people += len(scene.people)
        empty += not len(scene.people)
        with_ball += bool(len(scene.balls))
    mean, slow = float(np.mean(took)) * 1000, float(np.quantile(took, 0.95)) * 1000
    sys.stdout.write(
        f"{1000 / mean:.1f} scenes a second of processor time ({mean:.1f} ms, 95 % under {slow:.1f} ms); "
        f"{people / wish.count:.1f} people a scene, {empty / wish.count:.0%} without, {with_ball / wish.count:.0%} with a ball\n"
    )


if __name__ == "__main__":
    main()
