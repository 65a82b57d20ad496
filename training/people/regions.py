"""Where on the body a vertex lies: how far along a limb, how far around it. Clothes are cut by these numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.people.body import BodyModel, FloatArray, RestBody

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Limb:
    """One arm or leg of a rest body, for N vertices; those of other limbs have numbers too, but no meaning."""

    member: BoolArray  # (N,) the vertex belongs to this limb
    along: FloatArray  # (N,) 0 at hip or shoulder, 1 at knee or elbow, 2 at ankle or wrist, more beyond
    around: FloatArray  # (N,) radians around the limb, 0 at its front, growing to the person's left
    radius_m: FloatArray  # (N,) from the limb's axis
    outward: FloatArray  # (N, 3) unit vector away from the axis
    axis: FloatArray  # (N, 3) unit vector down the limb
    length_m: tuple[float, float]  # of upper and lower link


@dataclass(frozen=True)
class Regions:
    """The regions of N vertices of a rest body."""

    points: FloatArray  # (N, 3) metres
    legs: tuple[Limb, Limb]  # left, right
    arms: tuple[Limb, Limb]
    is_arm: BoolArray
    is_leg: BoolArray
    is_head: BoolArray
    around: FloatArray  # (N,) radians around the trunk, 0 at the front, growing to the person's left
    radius_m: FloatArray  # (N,) from the trunk's axis
    outward: FloatArray  # (N, 3) level unit vector away from the trunk's axis


@dataclass(frozen=True)
class Membership:
    """What the skinning weights say about N vertices, the same for all bodies."""

    legs: tuple[BoolArray, BoolArray]
    arms: tuple[BoolArray, BoolArray]
    head: BoolArray


LEG_BONES = ("upperleg", "lowerleg", "foot", "toe")
ARM_BONES = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
# A trunk is about 1.4 times as broad as deep; angles around it are taken on that ellipse, so that equal
# angles are about equal lengths of cloth.
TRUNK_BREADTH = 1.4


def membership(model: BodyModel, vertices: NDArray[np.int32]) -> Membership:
    """Which limb each of those vertices belongs to, by the bones that hold most of it."""
    weights = model.weights[vertices]

    def share(prefixes: tuple[str, ...], side: str) -> BoolArray:
        chosen = [i for i, bone in enumerate(model.bones) if bone.startswith(prefixes) and bone.endswith(side)]
        held: BoolArray = weights[:, chosen].sum(axis=1) > 0.5
        return held

    x = model.template[vertices, 0]
    # at the seat the weights of both thighs mix: the side decides there
    legs = share(LEG_BONES, ".L") | share(LEG_BONES, ".R")
    head_bones = [model.bone_index[bone] for bone in ("head", "neck03")]
    return Membership(
        legs=(legs & (x >= 0), legs & (x < 0)),
        arms=(share(ARM_BONES, ".L"), share(ARM_BONES, ".R")),
        head=weights[:, head_bones].sum(axis=1) > 0.5,
    )


def regions(model: BodyModel, body: RestBody, vertices: NDArray[np.int32], members: Membership) -> Regions:
    """Regions of those vertices of a rest body."""
    points = body.vertices[vertices]

    def limb(bones: tuple[str, str, str], side: str, member: BoolArray) -> Limb:
        ends = [body.joints[model.bone_index[f"{bone}.{side}"]] for bone in bones]
        return _limb(points, ends, member)

    spine_y = float(body.joints[model.bone_index["spine03"], 1])
    level = points - np.array([0, spine_y, 0], np.float32)
    level[:, 2] = 0
    radius = np.linalg.norm(level, axis=1)
    return Regions(
        points=points,
        legs=(
            limb(("upperleg01", "lowerleg01", "foot"), "L", members.legs[0]),
            limb(("upperleg01", "lowerleg01", "foot"), "R", members.legs[1]),
        ),
        arms=(
            limb(("upperarm01", "lowerarm01", "wrist"), "L", members.arms[0]),
            limb(("upperarm01", "lowerarm01", "wrist"), "R", members.arms[1]),
        ),
        is_arm=np.logical_or(*members.arms),
        is_leg=np.logical_or(*members.legs),
        is_head=members.head,
        around=np.arctan2(level[:, 0], -level[:, 1] * TRUNK_BREADTH),
        radius_m=radius,
        outward=level / np.maximum(radius, 1e-6)[:, None],
    )


def _limb(points: FloatArray, ends: list[FloatArray], member: BoolArray) -> Limb:
    first, middle, last = ends
    upper, lower = middle - first, last - middle
    lengths = float(np.linalg.norm(upper)), float(np.linalg.norm(lower))
    upper, lower = upper / lengths[0], lower / lengths[1]
    on_upper = (points - first) @ upper / lengths[0]
    on_lower = (points - middle) @ lower / lengths[1]
    is_lower = on_upper + np.maximum(on_lower, 0) > 1
    along = np.where(is_lower, 1 + np.maximum(on_lower, 0), np.minimum(on_upper, 1))
    axis = np.where(is_lower[:, None], lower, upper)
    base = np.where(is_lower[:, None], middle, first)
    off = points - base
    off = off - np.einsum("va,va->v", off, axis)[:, None] * axis
    radius = np.sqrt(np.einsum("va,va->v", off, off))
    outward = off / np.maximum(radius, 1e-6)[:, None]
    return Limb(
        member=member,
        along=along.astype(np.float32),
        around=np.arctan2(outward[:, 0], -outward[:, 1]),
        radius_m=radius,
        outward=outward,
        axis=axis,
        length_m=lengths,
    )
