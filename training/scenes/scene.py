"""One training picture from a seed: chosen, painted from back to front, photographed, compressed, and labelled."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.scenes.captions import draw_captions
from training.scenes.casting import Bank, casting
from training.scenes.codec import through_h264, through_jpeg
from training.scenes.effects import take
from training.scenes.paint import Picture
from training.scenes.painter import Painter
from training.scenes.recipe import Recipe, choose
from training.scenes.stage import Shown, Stage

EDITION = 16_384
"""After so many scenes the stands, boards and backdrops are drawn anew."""

JUDGED = 0.3
"""Of whom less than this share can be seen is neither right nor wrong to find."""

_LEAST_PX = (2.5, 6.0)  # width and height of a person's box inside the picture; smaller ones are not judged

Boxes = NDArray[np.float32]


@dataclass(frozen=True)
class Scene:
    """A picture and what is in it. Boxes are x0, y0, x1, y1 in pixels of the picture, clipped to it.

    A person's or ball's box is tight around the whole body, as if nothing stood before it, without the shadow. The
    visible share counts pixels that nothing hides and that lie in the picture, out of all that the body would fill.
    In `ignore` neither a box nor its absence may be judged: people and balls of whom less than `JUDGED` can be seen
    (they are not among `people` and `balls`), crowds so near that their heads look like people, and whoever has not
    the size that the kind promises.
    """

    image: Picture
    people: Boxes
    people_visible: NDArray[np.float32]
    balls: Boxes
    balls_visible: NDArray[np.float32]
    ignore: Boxes


def draw_scene(bank: Bank, seed: int, index: int, *, size: int = 320, kind: str = "train") -> Scene:
    """The scene of that number: a picture (size, size, 3) BGR with its boxes.

    Everything follows from the arguments; the same numbers come out in every process (of the same OpenCV). Kinds are
    "train", "free" (people of 24 to 48 px who stand apart), "hard" (poor grounds, people above 120 px) and
    "second_look" (a cut around a ball's expected place, enlarged twice).

    Raises:
        ValueError: there is no such kind, the bank is empty, or the size is no multiple of 4 or under 64.
    """
    if size < 64 or size % 4:
        raise ValueError(f"A scene's side must be a multiple of 4 and at least 64 px, not {size}.")
    rng = np.random.Generator(np.random.PCG64([seed, index]))
    recipe = choose(rng, kind, size)
    painter = Painter(recipe, casting(bank), rng, index // EDITION)
    painter.paint()
    image = _develop(painter.stage, recipe, rng)
    return _labelled(image, painter.stage.shown, painter.ignored, recipe)


def _develop(stage: Stage, recipe: Recipe, rng: np.random.Generator) -> Picture:
    """The painted picture as a camera takes it and a codec leaves it, at its final size."""
    shown = stage.image
    if not recipe.late:
        shown = _enlarged(shown, recipe.out_px, rng)
    shown = take(shown, recipe.effects, rng)
    if recipe.has_captions:
        hidden = draw_captions(shown, rng)
        if len(hidden) != recipe.draw_px:
            hidden = cv2.resize(hidden, (recipe.draw_px, recipe.draw_px), interpolation=cv2.INTER_AREA)
        stage.hide(hidden, (0, 0, recipe.draw_px, recipe.draw_px))
    if rng.random() < 0.15:
        shift = (float(rng.normal(0, 1.5)), float(rng.normal(0, 0.5)))
        shown = through_h264(shown, int(rng.integers(20, 39)), shift, int(rng.integers(2, 4)))
    else:
        shown = through_jpeg(shown, int(rng.triangular(25, 85, 97)), quarter_colour=bool(rng.random() < 0.85))
    return _enlarged(shown, recipe.out_px, rng)


def _enlarged(image: Picture, side: int, rng: np.random.Generator) -> Picture:
    if len(image) == side:
        return image
    way = (cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4)[int(rng.choice(3, p=(0.6, 0.3, 0.1)))]
    return np.asarray(cv2.resize(image, (side, side), interpolation=way), np.uint8)


def _labelled(
    image: Picture, shown: list[Shown], ignored: list[tuple[float, float, float, float]], recipe: Recipe
) -> Scene:
    size, zoom = len(image), recipe.out_px / recipe.draw_px
    kept: dict[str, list[tuple[np.ndarray, float]]] = {"person": [], "ball": []}
    ignore = [np.clip(np.multiply(area, zoom), 0, size) for area in ignored]
    for one in shown:
        box = np.clip(np.multiply(one.box, zoom), 0, size)
        wide, high = box[2] - box[0], box[3] - box[1]
        if wide <= 0 or high <= 0:
            continue
        least = _LEAST_PX if one.label == "person" else (1.2, 1.2)
        fits = one.label == "ball" or _promised(one.box, recipe)
        if one.share >= JUDGED and wide >= least[0] and high >= least[1] and fits:
            kept[one.label].append((box, one.share))
        elif one.share > 0.01:
            ignore.append(box)
    return Scene(
        image=image,
        people=_boxes([box for box, _ in kept["person"]]),
        people_visible=np.array([share for _, share in kept["person"]], np.float32),
        balls=_boxes([box for box, _ in kept["ball"]]),
        balls_visible=np.array([share for _, share in kept["ball"]], np.float32),
        ignore=_boxes(ignore),
    )


def _promised(box: tuple[float, float, float, float], recipe: Recipe) -> bool:
    """Whether a person has the size that the kind of scene promises; who lies or crouches may not."""
    if recipe.kind not in {"free", "hard"}:
        return True
    longest = max(box[2] - box[0], box[3] - box[1])
    return recipe.least_px <= longest <= recipe.most_px


def _boxes(boxes: list[np.ndarray]) -> Boxes:
    return np.array(boxes, np.float32).reshape(-1, 4)
