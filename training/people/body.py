"""A body for given traits, out of a body model kept as plain arrays; `makehuman` makes the arrays.

Frame of reference of a body: metres, x to the person's left, y to his back, z up.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating[Any]]

SURFACES = ("body", "helper-tights", "helper-skirt", "helper-hair")


@dataclass(frozen=True)
class Traits:
    """How a body is built; all shares between 0 and 1."""

    age_years: float
    is_female: bool
    height_m: float
    muscle: float
    weight: float
    stature: float  # build of a tall (1) or a small (0) person, apart from the height itself
    african: float
    asian: float
    caucasian: float  # the three are shares of one


@dataclass(frozen=True)
class RestBody:
    """A body at rest, arms and legs spread; heights from the soles."""

    vertices: FloatArray  # (V, 3) metres
    joints: FloatArray  # (J, 3) metres, heads of the bones


@dataclass(frozen=True)
class BodyModel:
    """Mesh, targets and rig of the body; V vertices of all surfaces, J bones, K targets."""

    template: FloatArray  # (V, 3)
    targets: FloatArray  # (K, V, 3) offsets
    target_traits: tuple[tuple[str, ...], ...]  # traits whose product weighs a target
    joints: FloatArray  # (J, 3)
    joint_targets: FloatArray  # (K, J, 3)
    bones: tuple[str, ...]
    parents: tuple[int, ...]  # -1 for the root; parents come first
    weights: FloatArray  # (V, J) share of each bone in a vertex
    surfaces: dict[str, NDArray[np.int32]]  # triangles of each surface, (T, 3) vertices

    @cached_property
    def sole_and_crown(self) -> tuple[int, int]:
        """Lowest and highest vertex of the template; the legs' cloth ends at the soles, the body at the crown."""
        worn = np.unique(self.surfaces["helper-tights"])
        return int(worn[self.template[worn, 2].argmin()]), int(self.template[:, 2].argmax())

    @cached_property
    def bone_index(self) -> dict[str, int]:
        return {bone: i for i, bone in enumerate(self.bones)}

    def rest(self, traits: Traits) -> RestBody:
        """The body of those traits, scaled to its height."""
        shares = trait_shares(traits)
        weights = np.array([math.prod(shares[trait] for trait in names) for names in self.target_traits])
        used = np.flatnonzero(weights)
        chosen = weights[used].astype(np.float32)
        vertices = self.template + np.tensordot(chosen, self.targets[used], axes=1)
        joints = self.joints + np.tensordot(chosen, self.joint_targets[used], axes=1)
        floor, crown = vertices[self.sole_and_crown, 2]
        scale = np.float32(traits.height_m / (crown - floor))
        lift = np.array([0, 0, floor], np.float32)
        return RestBody(vertices=(vertices - lift) * scale, joints=(joints - lift) * scale)


def trait_shares(traits: Traits) -> dict[str, float]:
    """How much of each of the model's named traits such a person has; each group sums to one."""
    age = _between(_model_age(traits.age_years), {"child": 1 / 3, "young": 2 / 3, "old": 1.0})
    races = {"african": traits.african, "asian": traits.asian, "caucasian": traits.caucasian}
    return {
        "male": float(not traits.is_female),
        "female": float(traits.is_female),
        **age,
        **_between(traits.muscle, {"minmuscle": 0.0, "averagemuscle": 0.5, "maxmuscle": 1.0}),
        **_between(traits.weight, {"minweight": 0.0, "averageweight": 0.5, "maxweight": 1.0}),
        **_between(traits.stature, {"minheight": 0.0, "maxheight": 1.0}),
        "idealproportions": 0.5,
        "averagecup": 1.0,
        "averagefirmness": 1.0,
        **races,
    }


def _model_age(years: float) -> float:
    """The model's age: 1/3 a child of ten, 2/3 a young adult, 1 at ninety; growth is over at eighteen."""
    return float(np.interp(years, [10, 18, 30, 90], [1 / 3, 0.63, 2 / 3, 1.0]))


def _between(value: float, anchors: dict[str, float]) -> dict[str, float]:
    """Shares of the two anchors around a value, by straight lines."""
    at = list(anchors.values())
    return {name: float(np.interp(value, at, np.eye(len(at))[i])) for i, name in enumerate(anchors)}


def load_model(folder: Path) -> BodyModel:
    """The model that `save_model` left, mapped from its files."""
    rig = json.loads((folder / "rig.json").read_text(encoding="utf-8"))
    return BodyModel(
        template=np.load(folder / "template.npy"),
        targets=np.load(folder / "targets.npy", mmap_mode="r"),
        target_traits=tuple(tuple(traits) for traits in rig["target_traits"]),
        joints=np.load(folder / "joints.npy"),
        joint_targets=np.load(folder / "joint_targets.npy"),
        bones=tuple(rig["bones"]),
        parents=tuple(rig["parents"]),
        weights=np.load(folder / "weights.npy"),
        surfaces={name: np.load(folder / f"{name}.npy") for name in SURFACES},
    )
