"""Laying a picture into a network's input, and finding the way back."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from touchline.engine.stages.detect.looks import Look
from touchline.engine.stages.detect.network import FloatMaps
from touchline.engine.types import FloatArray, Image
from touchline.engine.weights import InputNotes


@dataclass(frozen=True, slots=True)
class InputForm:
    """How a network wants its picture; the words are those of `weights.InputNotes`, nothing is left open here.

    size: width and height where the network takes only one, None where it takes every multiple.
    """

    order: str = "BGR"
    scale: float = 255.0
    mean: tuple[float, float, float] | None = None
    std: tuple[float, float, float] | None = None
    place: str = "top-left"
    pad: float = 0.0
    multiple: int = 32
    size: tuple[int, int] | None = None

    def with_notes(self, notes: InputNotes) -> "InputForm":
        """The form with everything that a description says."""
        said = {name: getattr(notes, name) for name in InputNotes.__dataclass_fields__}
        return replace(self, **{name: value for name, value in said.items() if value is not None})


@dataclass(frozen=True, slots=True)
class Laid:
    """A part of a picture in a network's input.

    blob: (1, 3, H, W) float32 as the network wants it.
    inside: x0, y0, x1, y1 input pixels that the picture covers.
    scale: (2,) input pixels per source pixel along x and y; origin: (2,) source pixels of the part's corner.
    """

    blob: FloatMaps
    inside: tuple[int, int, int, int]
    scale: FloatArray
    origin: FloatArray

    @property
    def width(self) -> int:
        return int(self.blob.shape[3])

    @property
    def height(self) -> int:
        return int(self.blob.shape[2])

    def to_source(self, points: FloatArray) -> FloatArray:
        """Points (N, 2) x, y or boxes (N, 4) from input pixels to source pixels."""
        pairs = points.shape[1] // 2
        offset = np.tile(np.array(self.inside[:2], np.float32), pairs)
        return np.asarray((points - offset) / np.tile(self.scale, pairs) + np.tile(self.origin, pairs))


def fitted(look: Look, form: InputForm) -> Look:
    """The look at the scale at which its part fills an input of fixed size; free inputs see it as it is."""
    if form.size is None:
        return look
    scale = min(form.size[0] / (look.x1 - look.x0), form.size[1] / (look.y1 - look.y0))
    return replace(look, scale=scale)


def lay(image: Image, look: Look, form: InputForm) -> Laid:
    """The part of a picture that a look means, scaled and laid into an input.

    Args:
        image: (H, W, 3) BGR.
        look: part and scale; an input of fixed size limits the scale to what fits into it.
        form: how the network wants it.
    """
    crop = image[look.y0 : look.y1, look.x0 : look.x1]
    tall, wide = crop.shape[:2]
    if form.size is not None and form.place == "stretch":
        shown = form.size
    else:
        scale = look.scale if form.size is None else min(look.scale, fitted(look, form).scale)
        shown = max(1, round(wide * scale)), max(1, round(tall * scale))
    width, height = form.size or (_round_up(shown[0], form.multiple), _round_up(shown[1], form.multiple))
    left, top = ((width - shown[0]) // 2, (height - shown[1]) // 2) if form.place == "centre" else (0, 0)
    inside = left, top, left + shown[0], top + shown[1]
    return Laid(
        blob=_blob(_resized(crop, shown), (width, height), inside, form),
        inside=inside,
        # Of the very sizes, not of the scale that was asked for: half a pixel of rounding is seen at the far edge.
        scale=np.array([shown[0] / wide, shown[1] / tall], np.float32),
        origin=np.array([look.x0, look.y0], np.float32),
    )


def _resized(crop: Image, size: tuple[int, int]) -> Image:
    if size == (crop.shape[1], crop.shape[0]):
        return crop
    is_smaller = size[0] < crop.shape[1]
    return cv2.resize(crop, size, interpolation=cv2.INTER_AREA if is_smaller else cv2.INTER_LINEAR)  # type: ignore[return-value]  # uint8 in, uint8 out


def _blob(crop: Image, size: tuple[int, int], inside: tuple[int, int, int, int], form: InputForm) -> FloatMaps:
    x0, y0, x1, y1 = inside
    blob = np.full((1, 3, size[1], size[0]), form.pad, np.float32)
    for plane in range(3):
        blob[0, plane, y0:y1, x0:x1] = crop[:, :, plane if form.order == "BGR" else 2 - plane]
    if form.scale != 255.0:
        blob *= form.scale / 255.0
    if form.mean is not None:
        blob -= np.array(form.mean, np.float32)[:, None, None]
    if form.std is not None:
        blob /= np.array(form.std, np.float32)[:, None, None]
    return blob


def _round_up(pixels: int, multiple: int) -> int:
    return -(-pixels // multiple) * multiple
