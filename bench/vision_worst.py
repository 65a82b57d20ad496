"""Draw the labelled real frames on which a detector does worst, to be looked at by a person.

    python -m bench.vision_worst --model MODEL.onnx --count 20 --out FOLDER

The worst frame has most people missed and false boxes together, at the operating point. White: found labels; red:
missed ones; magenta: false boxes that count; grey: boxes that are not judged because nobody near them is labelled;
yellow: labelled balls; orange: ball candidates at the operating point. The pictures belong to others: the folder has
to lie outside the repository.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from bench.vision_frames import FOLDER, footage, labelled_frames
from bench.vision_measures import Floats
from bench.vision_models import BALL_POINT, SETTINGS, open_subject
from bench.vision_people import Judgement, judge
from touchline.engine.types import Image

ROOT = Path(__file__).resolve().parent.parent
_WHITE, _RED, _MAGENTA, _GREY = (255, 255, 255), (40, 40, 255), (255, 0, 255), (150, 150, 150)
_YELLOW, _ORANGE = (0, 255, 255), (0, 140, 255)
# So that the frame does not hide what is in it.
_BALL_ROOM = (-6, -6, 6, 6)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="bench.vision_worst", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, help="an ONNX file; none: the shipped detector")
    parser.add_argument("--setting", default="1280", choices=[setting.name for setting in SETTINGS])
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--out", type=Path, required=True, help="folder outside the repository")
    wanted = parser.parse_args(arguments)
    if wanted.out.resolve().is_relative_to(ROOT):
        parser.error("the pictures belong to others; choose a folder outside the repository")
    folder = footage()
    if folder is None:
        parser.error("set TOUCHLINE_TEST_FOOTAGE to the folder that holds footage/players")
    setting = next(one for one in SETTINGS if one.name == wanted.setting)
    judgements = judge(open_subject(wanted.model), labelled_frames(folder / FOLDER), setting)
    wanted.out.mkdir(parents=True, exist_ok=True)
    for place, one in enumerate(worst_first(judgements)[: wanted.count], 1):
        missed, false = one.mistakes()
        print(
            f"{place:3d} {one.frame.name[:40]:40s} {len(one.frame.people):3d} people {missed:3d} missed {false:3d} false"
        )
        cv2.imwrite(str(wanted.out / f"{place:02d}-{one.frame.name[:24]}.png"), drawn(one))
    return 0


def worst_first(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Most mistakes first; equally many in the order of the names."""
    return sorted(judgements, key=lambda one: (-sum(one.mistakes()), one.frame.name))


def drawn(one: Judgement) -> Image:
    """The picture with labels and finds, (H, W, 3) BGR."""
    picture = one.frame.image()
    for label, is_found in zip(one.frame.people, one.recalled(), strict=True):
        _box(picture, label, _WHITE if is_found else _RED, width=1 if is_found else 2)
    for find in np.nonzero(one.sure & (one.label_of < 0))[0]:
        color = _MAGENTA if one.near[find] else _GREY
        _box(picture, one.found.boxes[find], color, width=2, text=f"{one.found.scores[find]:.2f}")
    for ball in one.frame.balls:
        _box(picture, ball + np.array(_BALL_ROOM), _YELLOW, width=1)
    for box in one.found.ball_boxes[one.found.ball_scores >= BALL_POINT]:
        _box(picture, box + np.array(_BALL_ROOM) / 2, _ORANGE, width=1)
    return picture


def _box(picture: Image, box: Floats, color: tuple[int, int, int], *, width: int, text: str = "") -> None:
    x0, y0, x1, y1 = (round(float(side)) for side in box)
    cv2.rectangle(picture, (x0, y0), (x1, y1), color, width)
    if text:
        cv2.putText(picture, text, (x0, max(10, y0 - 3)), cv2.FONT_HERSHEY_SIMPLEX, 0.4, color, 1)


if __name__ == "__main__":
    sys.exit(main())
