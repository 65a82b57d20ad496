"""What a bank of rendered people hands out: one sprite, its parts and what is known of it.

Needs only numpy, so that scenes are composed without the body model. `bank` stores and reads sprites;
`render` draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray

Uint8Array = NDArray[np.uint8]
Int8Array = NDArray[np.int8]


class Part(IntEnum):
    """What is seen at a pixel; left and right are the person's own.

    The torso and the sleeves of a tracksuit or jacket are `SHIRT` and `SLEEVE_*` too: `outfit` tells them apart.
    """

    NONE = 0
    SKIN = 1  # arms, hands, legs, neck
    FACE = 2  # front of the head, ears; skin as well
    HAIR = 3  # also a beard
    CAP = 4  # cap with peak, or woollen hat
    SHIRT = 5  # torso of shirt, tracksuit top or jacket
    SLEEVE_LEFT = 6
    SLEEVE_RIGHT = 7
    COLLAR = 8
    SHORTS = 9
    TROUSERS = 10  # long legs
    SOCK = 11
    BOOT = 12  # upper of the boot
    SOLE = 13  # under side and edge of the boot
    GLOVE = 14
    BIB = 15  # worn over shirt or tracksuit, no sleeves
    COAT = 16  # long coat, torso, skirt and sleeves
    BASELAYER = 17  # tight sleeves or tights under the kit
    FLAG = 18  # cloth of an assistant referee's flag
    GEAR = 19  # stick, whistle, camera
    EYE = 20  # dark of eyes and brows, a few pixels, near people only


class Kind(StrEnum):
    PLAYER = "player"
    KEEPER = "keeper"
    REFEREE = "referee"
    STAFF = "staff"
    OTHER = "other"  # photographers, ball boys, stewards


class Outfit(StrEnum):
    KIT = "kit"  # shirt, shorts, socks, boots
    TRACKSUIT = "tracksuit"
    COAT = "coat"
    BIB = "bib"  # a bib over kit or tracksuit


@dataclass(frozen=True, slots=True)
class SpriteMeta:
    """What is known of a sprite. Pixels are those of the sprite, (0, 0) its upper left corner, y down.

    `heading_deg` is where the body faces, seen from above, counter-clockwise: 0 looks at the camera, 90 to the
    right of the picture, 180 away, 270 to the left. `elevation_deg` is the camera's angle above the horizon.
    """

    index: int
    kind: Kind
    outfit: Outfit
    pose: str
    age_years: float
    is_female: bool
    height_m: float  # standing height of the body without boots
    heading_deg: float
    elevation_deg: float
    px_per_m: float
    foot_x: float  # ground point below the body: middle of the ground contact; may lie outside when airborne
    foot_y: float
    head_x: float  # middle of the head
    head_y: float
    ball_x: float  # where a ball held in the hands would be; NaN where the hands hold none
    ball_y: float
    is_airborne: bool
    sleeve: str  # "short" or "long"
    sock: str  # "high" or "low"; "none" under long trousers
    hair: str  # "bald", "shaved", "short", "curly", "long", "tail", "bun", "cap", "hat"


@dataclass(frozen=True, slots=True)
class Sprite:
    """One person, cropped to what is seen of him plus a margin of 2 px; views of the bank's columns, read only.

    `normal` is (h, w, 2): x to the right and y up in the camera's frame, times 127; z, towards the camera,
    follows from unit length. `occlusion` is 255 in the open and falls in folds and under arms. `u` runs around
    the body, 0..255 with 64 at the middle of the front, 128 at the person's left side, 192 at the middle of the
    back; `v` is 0 at the shoulder, waist or knee and 255 at the hem of the garment. Both are 0 on skin, hair and
    boots; on sleeves, trouser legs and socks `u` runs around the limb.
    """

    alpha: Uint8Array  # (h, w) coverage
    part: Uint8Array  # (h, w) values of Part; NONE where alpha is 0
    normal: Int8Array
    occlusion: Uint8Array
    u: Uint8Array
    v: Uint8Array
    meta: SpriteMeta

    @property
    def height_px(self) -> int:
        return int(self.alpha.shape[0])

    @property
    def width_px(self) -> int:
        return int(self.alpha.shape[1])
