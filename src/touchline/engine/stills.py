"""One picture judged by itself: the scale rule and the grass, without anything that other pictures taught.

A first look within the profile's usual work measures the people on the grass; a second one follows only where they are
too small in it, or where nobody is seen (they may be smaller than what a first look shows).
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from touchline.engine.errors import SettingsInvalidError
from touchline.engine.stages.detect.looks import Look, choose_look
from touchline.engine.stages.gate import Turf
from touchline.engine.types import LEAST_PLAYER_PX, BoolArray, Detections, FloatArray, Frame, Image

# On the contract's scale: the model's operating point.
_CERTAIN = 0.5
# So many pixels of a network's input take about 4 GiB.
_MOST_INPUT_PX = 16e6
# Stands for people of unknown height who are smaller than a first look shows.
_TINY_PX = 1.0


class PictureSearch(Protocol):
    """A detector that sees one picture in one look and remembers nothing."""

    def search(self, image: Image, look: Look) -> Detections: ...


@dataclass(frozen=True, slots=True)
class Still:
    """What was found in one picture.

    found: everybody, on the pitch or not; on_pitch: (N,) for `found.boxes`, None where no grass tells; look: the one
    that `found` comes from; looks: how many it took.
    """

    found: Detections
    on_pitch: BoolArray | None
    look: Look
    looks: int


def search_still(detector: PictureSearch, image: Image, *, budget_px: float, scale: float | None = None) -> Still:
    """Find people and ball candidates in one picture.

    Args:
        detector: of any layout.
        image: (H, W, 3) BGR.
        budget_px: the profile's usual work: input pixels of a picture; the rule may go beyond it for small people.
        scale: of the network's input to the picture; None follows the scale rule.

    Raises:
        SettingsInvalidError: at that scale the picture would not fit into the memory.
    """
    size = (image.shape[1], image.shape[0])
    if scale is not None:
        look = Look(0, 0, *size, scale)
        if look.input_px > _MOST_INPUT_PX:
            raise SettingsInvalidError(
                f"At scale {scale:g} a picture of {size[0]}×{size[1]} pixels is too large for the detector; it takes "
                f"up to {_MOST_INPUT_PX / 1e6:g} megapixels. Choose a smaller scale or auto."
            )
        return _judged(image, detector.search(image, look), look, looks=1)
    first = choose_look(size=size, region=None, budget_px=budget_px, median_px=None)
    still = _judged(image, detector.search(image, first), first, looks=1)
    median_px = _median_px(still)
    if median_px is not None and median_px * first.scale >= LEAST_PLAYER_PX:
        return still
    second = choose_look(size=size, region=None, budget_px=budget_px, median_px=median_px or _TINY_PX)
    if second.scale <= first.scale:
        return still
    closer = _judged(image, detector.search(image, second), second, looks=2)
    # Where the larger look shows nobody either, it has nothing to tell.
    return closer if _median_px(closer) is not None else Still(still.found, still.on_pitch, first, looks=2)


def _judged(image: Image, found: Detections, look: Look, *, looks: int) -> Still:
    turf = Turf()
    turf.look(Frame(0, 0, 0.0, image), found.boxes[found.scores >= _CERTAIN])
    return Still(found, None if turf.coverage is None else turf.holds(found.boxes), look, looks)


def _median_px(still: Still) -> float | None:
    """Height of the median player in source pixels; None without players."""
    is_player = still.found.scores >= _CERTAIN
    if still.on_pitch is not None:
        is_player = is_player & still.on_pitch
    boxes: FloatArray = still.found.boxes[is_player]
    return float(np.median(boxes[:, 3] - boxes[:, 1])) if len(boxes) else None
