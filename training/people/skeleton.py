"""From the angles of a pose to transforms of the bones, in words of anatomy instead of rig axes.

Angles are degrees from a neutral stand: upright, feet forward, arms hanging, palms to the thighs. Frame of
reference as in `body`: x to the person's left, y to his back, z up.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from training.people.body import BodyModel, FloatArray, RestBody

Rotation = NDArray[np.float64]  # (3, 3)


@dataclass(frozen=True)
class Leg:
    hip: float = 0.0  # thigh forward
    out: float = 4.0  # thigh outward
    turn: float = 6.0  # toes outward
    knee: float = 4.0  # heel towards the seat
    ankle: float = 0.0  # toes up


@dataclass(frozen=True)
class Arm:
    lift: float = 0.0  # forward and up; 180 is overhead
    out: float = 10.0  # outward
    swing: float = 0.0  # around the upright axis, outward; turns a forward arm to the side
    roll: float = 0.0  # around the upper arm's own axis, forearm inward
    elbow: float = 15.0
    palm: float = 0.0  # palm turned down or back
    wrist: float = 0.0  # hand bent towards the palm
    fist: float = 0.35  # 0 stretched fingers, 1 a fist
    shrug: float = 0.0  # shoulder up


@dataclass(frozen=True)
class Pose:
    """One stance. `pitch` leans the whole body forward, `roll` to its left, `bend`, `side` and `twist` the back."""

    pitch: float = 0.0
    roll: float = 0.0
    pelvis: float = 0.0  # pelvis turned to the left, against the heading
    bend: float = 3.0
    side: float = 0.0
    twist: float = 0.0
    nod: float = 0.0  # head down
    tilt: float = 0.0  # head towards the left shoulder
    look: float = 0.0  # head turned to the left
    left_leg: Leg = field(default_factory=Leg)
    right_leg: Leg = field(default_factory=Leg)
    left_arm: Arm = field(default_factory=Arm)
    right_arm: Arm = field(default_factory=Arm)
    lift_m: float = 0.0  # clearance between the ground and the lowest point
    left_flag: bool = False  # an assistant referee's flag in that hand
    right_flag: bool = False
    has_camera: bool = False  # held to the face

    def mirrored(self) -> Pose:
        """The same stance with left and right exchanged."""
        return replace(
            self,
            roll=-self.roll,
            pelvis=-self.pelvis,
            side=-self.side,
            twist=-self.twist,
            tilt=-self.tilt,
            look=-self.look,
            left_leg=self.right_leg,
            right_leg=self.left_leg,
            left_arm=self.right_arm,
            right_arm=self.left_arm,
            left_flag=self.right_flag,
            right_flag=self.left_flag,
        )


def bone_transforms(model: BodyModel, body: RestBody, pose: Pose) -> FloatArray:
    """(J, 3, 4) transforms from the body at rest to the posed one, its pelvis still at its place."""
    turns = _world_turns(model, body, pose)
    transforms = np.zeros((len(model.bones), 3, 4))
    joints = body.joints.astype(np.float64)
    for j, (bone, parent) in enumerate(zip(model.bones, model.parents, strict=True)):
        if parent < 0:
            turn, joint = turns[bone], joints[j]
        else:
            turn = turns.get(bone, transforms[parent, :, :3])
            joint = transforms[parent, :, :3] @ joints[j] + transforms[parent, :, 3]
        transforms[j, :, :3] = turn
        transforms[j, :, 3] = joint - turn @ joints[j]
    return transforms.astype(np.float32)


def skin(vertices: FloatArray, weights: FloatArray, transforms: FloatArray) -> FloatArray:
    """Linear blend skinning: (V, 3) vertices moved by the bones' transforms, (V, J) their shares."""
    blended = (weights @ transforms.reshape(len(transforms), 12)).reshape(-1, 3, 4)
    moved: FloatArray = np.einsum("vij,vj->vi", blended[:, :, :3], vertices) + blended[:, :, 3]
    return moved


def _world_turns(model: BodyModel, body: RestBody, pose: Pose) -> dict[str, Rotation]:
    """Orientation of each bone that a pose sets, against the body at rest; the others follow their parents."""
    turns: dict[str, Rotation] = {}
    root = about_y(pose.roll) @ about_x(pose.pitch)
    pelvis = root @ about_z(pose.pelvis)
    turns["root"] = pelvis
    spine = ("spine05", "spine04", "spine03", "spine02", "spine01")
    for step, bone in enumerate(spine, start=1):
        share = step / len(spine)
        turns[bone] = (
            root
            @ about_z(pose.pelvis * (1 - share) + pose.twist * share)
            @ about_y(pose.side * share)
            @ about_x(pose.bend * share)
        )
    chest = turns["spine01"]
    for step, bone in enumerate(("neck01", "neck02", "neck03", "head"), start=1):
        share = step / 4
        turns[bone] = chest @ about_z(pose.look * share) @ about_y(pose.tilt * share) @ about_x(pose.nod * share)
    for side, leg, arm in (("L", pose.left_leg, pose.left_arm), ("R", pose.right_leg, pose.right_arm)):
        sign = 1.0 if side == "L" else -1.0
        turns |= _leg_turns(model, body, pelvis, leg, side=side, sign=sign)
        turns |= _arm_turns(model, body, chest, arm, side=side, sign=sign)
    return turns


def _leg_turns(
    model: BodyModel, body: RestBody, pelvis: Rotation, leg: Leg, *, side: str, sign: float
) -> dict[str, Rotation]:
    hip, knee, ankle = (_joint(model, body, f"{bone}.{side}") for bone in ("upperleg01", "lowerleg01", "foot"))
    swing = pelvis @ about_y(-sign * leg.out) @ about_x(-leg.hip)
    thigh = swing @ about_z(sign * leg.turn)
    shank = thigh @ about_x(leg.knee)
    foot = shank @ about_x(-leg.ankle)
    thigh_down, shank_down = turn_onto(knee - hip, DOWN), turn_onto(ankle - knee, DOWN)
    return {
        # half of the twist at the hip, so that the seat does not wring
        f"upperleg01.{side}": swing @ about_z(sign * leg.turn / 2) @ thigh_down,
        f"upperleg02.{side}": thigh @ thigh_down,
        f"lowerleg01.{side}": shank @ shank_down,
        f"lowerleg02.{side}": shank @ shank_down,
        f"foot.{side}": foot,
    }


def _arm_turns(
    model: BodyModel, body: RestBody, chest: Rotation, arm: Arm, *, side: str, sign: float
) -> dict[str, Rotation]:
    shoulder, elbow, wrist = (_joint(model, body, f"{bone}.{side}") for bone in ("upperarm01", "lowerarm01", "wrist"))
    swing = chest @ about_z(sign * arm.swing) @ about_y(-sign * arm.out) @ about_x(-arm.lift)
    upper = swing @ about_z(-sign * arm.roll)
    fore = upper @ about_x(-arm.elbow)
    upper_down, fore_down = turn_onto(elbow - shoulder, DOWN), turn_onto(wrist - elbow, DOWN)
    # at rest the palms look half forward; in the neutral stand they look at the thighs
    natural = about_z(-sign * (55.0 + arm.palm))
    hand = fore @ about_z(-sign * (55.0 + arm.palm)) @ about_y(sign * arm.wrist)
    # the collarbone follows a raised arm by a third, as a shoulder does
    raised = max(0.0, abs(arm.lift) - 40.0, arm.out - 40.0) / 3 + arm.shrug
    turns = {
        f"clavicle.{side}": chest @ about_y(-sign * min(raised, 35.0) * 0.6),
        f"shoulder01.{side}": chest @ about_y(-sign * min(raised, 35.0)),
        f"upperarm01.{side}": swing @ about_z(-sign * arm.roll / 2) @ upper_down,
        f"upperarm02.{side}": upper @ upper_down,
        f"lowerarm01.{side}": fore @ fore_down,
        f"lowerarm02.{side}": fore @ _part_of(natural, 0.5) @ fore_down,
        f"wrist.{side}": hand @ fore_down,
    }
    return turns | _finger_turns(hand @ fore_down, model, body, arm, side=side)


def _finger_turns(hand: Rotation, model: BodyModel, body: RestBody, arm: Arm, *, side: str) -> dict[str, Rotation]:
    """Fingers bent about the line through the knuckles, each link further than the one before."""
    first, last = (_joint(model, body, f"finger{n}-1.{side}") for n in (2, 5))
    across = (last - first) / np.linalg.norm(last - first)
    sign = 1.0 if side == "L" else -1.0
    turns: dict[str, Rotation] = {}
    for finger in range(2, 6):
        for link in range(1, 4):
            turns[f"finger{finger}-{link}.{side}"] = hand @ about(across, sign * 80.0 * arm.fist * link)
    return turns


DOWN = np.array([0.0, 0.0, -1.0])


def about(axis: NDArray[np.float64], degrees: float) -> Rotation:
    """Right-handed rotation about a unit axis (Rodrigues)."""
    angle = np.radians(degrees)
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    turn: Rotation = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    return turn


def about_x(degrees: float) -> Rotation:
    return about(np.array([1.0, 0.0, 0.0]), degrees)


def about_y(degrees: float) -> Rotation:
    return about(np.array([0.0, 1.0, 0.0]), degrees)


def about_z(degrees: float) -> Rotation:
    return about(np.array([0.0, 0.0, 1.0]), degrees)


def turn_onto(source: NDArray[np.floating], target: NDArray[np.float64]) -> Rotation:
    """The smallest rotation of one direction onto another; they must not be opposite."""
    a = source.astype(np.float64) / np.linalg.norm(source)
    cross = np.cross(a, target)
    sine = float(np.linalg.norm(cross))
    if sine < 1e-9:
        return np.eye(3)
    return about(cross / sine, float(np.degrees(np.arctan2(sine, a @ target))))


def _part_of(turn: Rotation, share: float) -> Rotation:
    """A share of a rotation about the upright axis."""
    return about_z(share * float(np.degrees(np.arctan2(turn[1, 0], turn[0, 0]))))


def _joint(model: BodyModel, body: RestBody, bone: str) -> NDArray[np.float64]:
    joint: NDArray[np.float64] = body.joints[model.bone_index[bone]].astype(np.float64)
    return joint
