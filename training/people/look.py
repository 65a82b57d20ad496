"""What a person wears and how the hair is cut: choices and measures, no geometry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from training.people.sprite import Outfit

HairForm = Literal["bald", "shaved", "short", "curly", "long", "tail", "bun", "cap", "hat"]


@dataclass(frozen=True)
class Hair:
    form: HairForm
    thickness_m: float = 0.015  # of the hair over the scalp
    hairline: float = 0.0  # share by which it has receded
    has_beard: bool = False
    length_m: float = 0.25  # below the crown, for long hair and tails


@dataclass(frozen=True)
class Clothes:
    """Ends are counted along a limb: 0 hip or shoulder, 1 knee or elbow, 2 ankle or wrist."""

    outfit: Outfit
    sleeve_end: float = 0.75
    shirt_hem_m: float = 0.04  # below the hip joints
    shirt_ease_m: float = 0.015
    shirt_taper: float = 0.12  # metres it comes in for each metre down
    is_tucked: bool = False
    has_collar: bool = False
    leg_end: float = 0.8  # of shorts or trousers
    leg_ease_m: float = 0.012
    leg_flare: float = 0.06
    sock_top: float = 1.16
    has_gloves: bool = False
    has_sleeve_layer: bool = False  # tight long sleeves under the shirt
    has_leg_layer: bool = False  # tights under the shorts
    coat_end: float = 0.9  # of a long coat, along the legs
    fold_m: float = 0.005  # depth of the cloth's waves

    @property
    def has_long_legs(self) -> bool:
        return self.leg_end > 1.5
