"""The difficulty ladder of the synthetic match: what the camera and the encoder do to the picture."""

from dataclasses import dataclass
from typing import Literal

LevelName = Literal["L0", "L1"]


@dataclass(frozen=True)
class Level:
    """One rung.

    k1: radial distortion in the form of `types.Calibration` (per half picture diagonal, squared; > 0 = barrel).
    full_width_at_m: from which x on the picture holds the pitch's whole width; sets the focal length.
    noise: standard deviation of the sensor noise in grey levels. blur_px: standard deviation of the lens blur.
    crf: constant rate factor of the encoder.
    """

    name: LevelName
    k1: float
    full_width_at_m: float
    noise: float
    blur_px: float
    crf: int


LEVELS: dict[str, Level] = {
    "L0": Level("L0", k1=0.0, full_width_at_m=12.0, noise=0.0, blur_px=0.0, crf=14),
    "L1": Level("L1", k1=0.025, full_width_at_m=14.0, noise=1.2, blur_px=0.35, crf=23),
}
