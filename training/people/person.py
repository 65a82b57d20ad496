"""Who stands on a pitch: kind, age, build, clothes and hair, drawn from one stream of random numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.people.body import Traits
from training.people.look import Clothes, Hair, HairForm
from training.people.poses import (
    KEEPER_POSES,
    OTHER_POSES,
    PLAYER_POSES,
    REFEREE_POSES,
    STAFF_POSES,
    draw_pose,
)
from training.people.skeleton import Pose
from training.people.sprite import Kind, Outfit

KIND_SHARES = {Kind.PLAYER: 0.66, Kind.KEEPER: 0.09, Kind.REFEREE: 0.08, Kind.STAFF: 0.11, Kind.OTHER: 0.06}
YOUTH_SHARE = 0.2
FEMALE_SHARE = 0.35
POSES = {
    Kind.PLAYER: PLAYER_POSES,
    Kind.KEEPER: KEEPER_POSES,
    Kind.REFEREE: REFEREE_POSES,
    Kind.STAFF: STAFF_POSES,
    Kind.OTHER: OTHER_POSES,
}
COAT_POSES = frozenset({"standing", "easy_stand", "walking", "arms_folded", "hands_in_pockets", "pointing", "clapping"})
# Median standing heights in metres by age; growth references of the WHO (5-19 years), adults as in leagues.
AGES = (10, 11, 12, 13, 14, 15, 16, 17, 18)
BOYS_M = (1.38, 1.43, 1.49, 1.56, 1.63, 1.69, 1.73, 1.76, 1.80)
GIRLS_M = (1.38, 1.45, 1.51, 1.56, 1.60, 1.62, 1.63, 1.64, 1.67)


@dataclass(frozen=True)
class Person:
    kind: Kind
    traits: Traits
    clothes: Clothes
    hair: Hair
    pose_name: str
    pose: Pose


def draw_person(rng: np.random.Generator) -> Person:
    """One person as found on and beside football pitches."""
    kinds = list(KIND_SHARES)
    kind = kinds[int(rng.choice(len(kinds), p=list(KIND_SHARES.values())))]
    traits = _traits(rng, kind)
    pose_name, pose = draw_pose(rng, POSES[kind])
    clothes = _clothes(rng, kind, pose_name)
    return Person(kind, traits, clothes, _hair(rng, traits, kind), pose_name, pose)


def _traits(rng: np.random.Generator, kind: Kind) -> Traits:
    is_female = bool(rng.random() < FEMALE_SHARE)
    if kind in (Kind.STAFF, Kind.OTHER):
        age = float(rng.uniform(10, 16)) if kind == Kind.OTHER and rng.random() < 0.2 else float(rng.uniform(20, 65))
    elif rng.random() < YOUTH_SHARE and kind != Kind.REFEREE:
        age = float(rng.uniform(10, 17))
    else:
        age = float(rng.triangular(17, 24, 45))
    median = float(np.interp(age, AGES, GIRLS_M if is_female else BOYS_M))
    athlete = kind in (Kind.PLAYER, Kind.KEEPER, Kind.REFEREE)
    if kind == Kind.KEEPER and age > 16:
        median += 0.06
    races = rng.dirichlet([0.5, 0.5, 0.5])
    return Traits(
        age_years=age,
        is_female=is_female,
        height_m=float(np.clip(rng.normal(median, 0.065), median - 0.16, median + 0.17)),
        muscle=float(np.clip(rng.normal(0.62 if athlete else 0.45, 0.14), 0.15, 0.95)),
        weight=float(np.clip(rng.normal(0.46 if athlete else 0.6, 0.11 if athlete else 0.17), 0.2, 1)),
        stature=float(rng.uniform(0.2, 0.8)),
        african=float(races[0]),
        asian=float(races[1]),
        caucasian=float(races[2]),
    )


def _clothes(rng: np.random.Generator, kind: Kind, pose_name: str) -> Clothes:
    outfit = _outfit(rng, kind, pose_name)
    in_kit = outfit == Outfit.KIT or (outfit == Outfit.BIB and rng.random() < 0.5)
    long_sleeves = not in_kit or rng.random() < {Kind.KEEPER: 0.65}.get(kind, 0.16)
    long_legs = not in_kit or (kind == Kind.KEEPER and rng.random() < 0.12)
    looseness = rng.beta(2, 2)  # 0 tight, 1 wide
    return Clothes(
        outfit=outfit,
        sleeve_end=float(rng.uniform(1.9, 1.97) if long_sleeves else rng.uniform(0.55, 0.98)),
        shirt_hem_m=float(rng.uniform(0.0, 0.1)),
        shirt_ease_m=float(0.008 + 0.024 * looseness),
        shirt_taper=float(0.26 - 0.22 * looseness),
        is_tucked=bool(in_kit and rng.random() < 0.22),
        has_collar=bool(rng.random() < (0.75 if not in_kit else 0.3)),
        leg_end=float(rng.uniform(1.9, 1.99) if long_legs else rng.uniform(0.58, 0.95)),
        leg_ease_m=float(0.008 + 0.016 * looseness),
        leg_flare=float(rng.uniform(0.0, 0.14)),
        sock_top=float(rng.uniform(1.1, 1.24) if rng.random() < 0.8 else rng.uniform(1.4, 1.88)),
        has_gloves=bool(kind == Kind.KEEPER or rng.random() < 0.05),
        has_sleeve_layer=bool(in_kit and not long_sleeves and rng.random() < 0.1),
        has_leg_layer=bool(in_kit and not long_legs and rng.random() < 0.07),
        coat_end=float(rng.uniform(0.35, 1.15)),
        fold_m=float(rng.uniform(0.003, 0.009)),
    )


def _outfit(rng: np.random.Generator, kind: Kind, pose_name: str) -> Outfit:
    if kind in (Kind.PLAYER, Kind.KEEPER):
        return Outfit.BIB if kind == Kind.PLAYER and rng.random() < 0.06 else Outfit.KIT
    if kind == Kind.REFEREE:
        return Outfit.KIT
    draw = rng.random()
    if draw < 0.25 and pose_name in COAT_POSES:
        return Outfit.COAT
    if draw < 0.45:
        return Outfit.BIB
    return Outfit.KIT if draw > 0.9 else Outfit.TRACKSUIT


def _hair(rng: np.random.Generator, traits: Traits, kind: Kind) -> Hair:
    covered = {Kind.STAFF: 0.3, Kind.OTHER: 0.35}.get(kind, 0.02)
    if rng.random() < covered:
        form: HairForm = "cap" if rng.random() < 0.6 else "hat"
    elif traits.is_female:
        form = _one_of(rng, {"tail": 5, "bun": 2, "long": 2, "short": 1, "curly": 1})
    else:
        age_bald = 0.4 if traits.age_years < 25 else 1.5
        form = _one_of(
            rng, {"short": 6, "shaved": 2, "curly": 1.2, "long": 0.5, "tail": 0.2, "bun": 0.3, "bald": age_bald}
        )
    thickness = rng.uniform(0.025, 0.06) if form == "curly" else rng.uniform(0.008, 0.026)
    recedes = not traits.is_female and traits.age_years > 28
    return Hair(
        form=form,
        thickness_m=float(thickness),
        hairline=float(rng.uniform(0, 0.35)) if recedes else float(rng.uniform(-0.06, 0.06)),
        has_beard=bool(not traits.is_female and traits.age_years > 19 and rng.random() < 0.35),
        length_m=float(rng.uniform(0.3, 0.5)),
    )


def _one_of(rng: np.random.Generator, shares: dict[HairForm, float]) -> HairForm:
    forms = list(shares)
    weights = np.array([shares[form] for form in forms])
    return forms[int(rng.choice(len(forms), p=weights / weights.sum()))]
