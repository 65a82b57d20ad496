"""Things that people on and beside a pitch hold: an assistant referee's flag, a photographer's camera."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.people.body import BodyModel, FloatArray, RestBody
from training.people.head import HeadFrame
from training.people.pieces import Piece, grid, on_bone
from training.people.skeleton import Pose
from training.people.sprite import Part

STICK_M, STICK_WIDTH_M = 0.5, 0.014
CLOTH_M = (0.3, 0.36)  # along the stick and away from it; flags are about 30 by 40 cm
BEHIND_GRIP_M = 0.07


def held_things(
    model: BodyModel, body: RestBody, frame: HeadFrame, pose: Pose, rng: np.random.Generator
) -> list[Piece]:
    """What the pose says is in the hands or before the face."""
    pieces = []
    for side, has_flag in (("L", pose.left_flag), ("R", pose.right_flag)):
        if has_flag:
            pieces += _flag(model, body, side=side, rng=rng)
    if pose.has_camera:
        pieces += _camera(model, frame)
    return pieces


def _flag(model: BodyModel, body: RestBody, *, side: str, rng: np.random.Generator) -> list[Piece]:
    """A stick in the fist, on along the arm, and its cloth."""
    wrist, knuckle = (body.joints[model.bone_index[f"{bone}.{side}"]] for bone in ("wrist", "finger3-1"))
    ahead = (knuckle - wrist) / np.linalg.norm(knuckle - wrist)
    across = np.cross(ahead, [0.0, 0.0, 1.0])
    across /= np.linalg.norm(across)
    third = np.cross(ahead, across)
    angle = rng.uniform(0, 2 * np.pi)
    away = np.cos(angle) * across + np.sin(angle) * third
    off = np.cross(ahead, away)
    start = knuckle - ahead * BEHIND_GRIP_M
    stick = _box(
        start + ahead * STICK_M / 2, np.stack([ahead * STICK_M, away * STICK_WIDTH_M, off * STICK_WIDTH_M]) / 2
    )
    along, out = np.meshgrid(np.linspace(0, 1, 5), np.linspace(0, 1, 7), indexing="ij")
    wave = 0.05 * out * np.sin(out * rng.uniform(3, 7) + along * rng.uniform(-2, 2) + rng.uniform(0, 6))
    hang = rng.uniform(0.5, 1.0)  # how far the cloth is blown open
    cloth = (
        start
        + ahead * (STICK_M - along[..., None] * CLOTH_M[0] - 0.15 * (1 - hang) * out[..., None])
        + away * (out[..., None] * CLOTH_M[1] * hang)
        + off * wave[..., None]
    )
    bone = f"wrist.{side}"
    return [
        on_bone(model, *stick, bone, Part.GEAR),
        on_bone(model, cloth.reshape(-1, 3).astype(np.float32), grid(5, 7), bone, Part.FLAG),
    ]


def _camera(model: BodyModel, frame: HeadFrame) -> list[Piece]:
    """A camera with a long lens, held to the eye."""
    unit = frame.unit_m
    middle = frame.middle + np.array([0.15, -1.45, -0.1], np.float32) * unit
    lens = frame.middle + np.array([0.15, -2.4, -0.1], np.float32) * unit
    return [
        on_bone(model, *_box(middle, np.diag([0.075, 0.04, 0.055])), "head", Part.GEAR),
        on_bone(model, *_box(lens, np.diag([0.045, 0.11, 0.045])), "head", Part.GEAR),
    ]


def _box(middle: FloatArray, half_sides: NDArray[np.float64]) -> tuple[FloatArray, NDArray[np.int32]]:
    """A box by its middle and its (3, 3) half sides, one a row; each face has corners of its own, to look flat."""
    corners: list[FloatArray] = []
    triangles: list[list[int]] = []
    for axis in range(3):
        u, v, w = (half_sides[(axis + k) % 3] for k in range(3))
        for sign in (1.0, -1.0):
            first = len(corners)
            # turned so that the face is seen from outside
            corners += [middle + sign * w + a * u + sign * b * v for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
            triangles += [[first, first + 1, first + 2], [first, first + 2, first + 3]]
    return np.array(corners, np.float32), np.array(triangles, np.int32)
