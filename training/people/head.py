"""The naked rest of a person, from the model's body: face, hair, arms, hands, knees; and what is worn on the head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.people.body import FloatArray, RestBody
from training.people.look import Clothes, Hair
from training.people.pieces import Piece, Surface, grid, on_bone, piece_of, vertex_normals
from training.people.regions import BoolArray, Regions
from training.people.sprite import Part

# Where hair begins, as height above the eyes in units of eyes to crown, by degrees around the head from its front.
HAIRLINE_DEG = (0, 35, 60, 78, 90, 108, 125, 180)
HAIRLINE = (0.66, 0.6, 0.3, -0.1, 0.22, 0.2, -0.5, -0.85)


@dataclass(frozen=True)
class HeadFrame:
    """The head of a rest body, measured from a point between its ears at the height of its eyes."""

    middle: FloatArray  # (3,) metres
    unit_m: float  # eyes to crown
    eyes: FloatArray  # (2, 3) metres
    heights: FloatArray  # (N,) of each vertex above the eyes, in units
    around_deg: FloatArray  # (N,) 0 at the front, 180 at the back, both sides alike
    local: FloatArray  # (N, 3) from the middle, in units


def head_frame(skin: Surface, body: RestBody, r: Regions) -> HeadFrame:
    """Measures the head among the vertices of the skin."""
    bone = skin.model.bone_index
    eyes = body.joints[[bone["eye.L"], bone["eye.R"]]]
    head = r.points[r.is_head]
    eye_z, crown_z = float(eyes[:, 2].mean()), float(head[:, 2].max())
    level = head[np.abs(head[:, 2] - eye_z - 0.03) < 0.02, 1]
    middle = np.array([0, (level.min() + level.max()) / 2, eye_z], np.float32)
    local = (r.points - middle) / (crown_z - eye_z)
    return HeadFrame(
        middle=middle,
        unit_m=crown_z - eye_z,
        eyes=eyes,
        heights=local[:, 2],
        around_deg=np.degrees(np.arctan2(np.abs(local[:, 0]), -local[:, 1])),
        local=local,
    )


def undressed(
    skin: Surface, body: RestBody, clothes: Clothes, hair: Hair, rng: np.random.Generator
) -> tuple[Piece, HeadFrame]:
    """The skin that clothes leave open, with hair grown out of the scalp."""
    r = skin.regions(body)
    frame = head_frame(skin, body, r)
    points = r.points
    normals = vertex_normals(points, skin.triangles)
    line = np.interp(frame.around_deg, HAIRLINE_DEG, HAIRLINE).astype(np.float32)
    line += np.where(frame.around_deg < 90, hair.hairline * (1 - frame.around_deg / 90), 0)
    over_line = np.where(r.is_head, frame.heights - line, -1).astype(np.float32)
    if hair.form == "bald":
        over_line[:] = -1
    rough = 1 + 0.25 * np.sin(frame.local @ rng.normal(0, 5, (3, 3))).sum(axis=1) / 1.5
    grown = _grown(hair) * np.clip(over_line / 0.3, 0, 1) ** 0.6 * rough
    hand = np.maximum(*(limb.member * limb.along for limb in r.arms))
    if clothes.has_gloves:
        grown = np.where(hand > 1.9, 0.006, grown)
    points = points + normals * grown.astype(np.float32)[:, None]

    triangles = skin.triangles
    head = r.is_head[triangles].all(axis=1)
    part = np.where(head, Part.FACE, Part.SKIN)
    beyond, edge = np.full(len(triangles), Part.HAIR), over_line[triangles]
    if clothes.has_gloves:
        at_hand = hand[triangles].max(axis=1) > 1.8
        beyond[at_hand] = Part.GLOVE
        edge[at_hand] = hand[triangles[at_hand]] - 1.88
    middle = points[triangles].mean(axis=1)
    near_eye = np.minimum(*(np.linalg.norm(middle - eye, axis=1) for eye in frame.eyes)) < 0.15 * frame.unit_m
    part[head & near_eye] = Part.EYE
    if hair.has_beard:
        part[head & _bearded(frame)[triangles].all(axis=1)] = Part.HAIR
    hidden = _hidden(r, body, skin, clothes)[triangles]
    shown = np.logical_not(hidden.all(axis=1))
    nothing = np.zeros(len(points), np.float32)
    piece = piece_of(skin, points, shown, part, around=nothing, v=nothing, beyond=beyond, edge=edge)
    return piece, frame


def _grown(hair: Hair) -> float:
    """Thickness of the hair on the scalp, metres; under a cap it is pressed."""
    return {"bald": 0.0, "shaved": 0.003, "cap": 0.008, "hat": 0.004, "tail": 0.01, "bun": 0.01}.get(
        hair.form, hair.thickness_m
    )


def _bearded(frame: HeadFrame) -> BoolArray:
    """(N,) cheeks below the mouth's height, lip and chin."""
    x, _, z = frame.local.T
    lips = (np.abs(x) < 0.24) & (np.abs(z + 0.62) < 0.08)
    chosen: BoolArray = (z < -0.45) & (z > -1.25) & (frame.around_deg < 85) & ~lips
    return chosen


def _hidden(r: Regions, body: RestBody, skin: Surface, clothes: Clothes) -> BoolArray:
    """(N,) vertices well under cloth, which need not be drawn and could only poke through it."""
    bone = skin.model.bone_index
    neck_z = body.joints[bone["neck01"], 2]
    hip_z = body.joints[bone["upperleg01.L"], 2]
    arm = np.maximum(*(limb.member * limb.along for limb in r.arms))
    leg = np.maximum(*(limb.member * limb.along for limb in r.legs))
    z = r.points[:, 2]
    sleeve_end = 1.9 if clothes.has_sleeve_layer else clothes.sleeve_end
    leg_end = 1.2 if clothes.has_leg_layer else clothes.leg_end
    sock_top = 0.0 if clothes.has_long_legs else clothes.sock_top
    trunk = ~r.is_arm & ~r.is_head & ~r.is_leg & (z < neck_z - 0.03)
    under_sleeve = r.is_arm & (arm < sleeve_end - 0.15)
    under_legs = r.is_leg & ((leg < leg_end - 0.2) | (z > hip_z - 0.05))
    under_sock = r.is_leg & (leg > sock_top + 0.05)
    hidden: BoolArray = np.logical_or.reduce([trunk, under_sleeve, under_legs, under_sock])
    return hidden


def headwear(skin: Surface, body: RestBody, frame: HeadFrame, hair: Hair) -> list[Piece]:
    """Cap with its peak, or woollen hat."""
    if hair.form not in ("cap", "hat"):
        return []
    r = skin.regions(body)
    is_cap = hair.form == "cap"
    front, back = (0.5, 0.2) if is_cap else (0.42, -0.1)
    line = front + (back - front) * (1 - np.cos(np.radians(frame.around_deg))) / 2
    over = np.where(r.is_head, frame.heights - line, -1)
    normals = vertex_normals(r.points, skin.triangles)
    points = r.points + normals * np.float32(0.016)
    points[:, 2] += np.where(over < 0, -over * frame.unit_m, 0)
    keep = np.any(over[skin.triangles] > 0, axis=1)
    nothing = np.zeros(len(points), np.float32)
    part = np.full(len(skin.triangles), Part.CAP)
    pieces = [piece_of(skin, points, keep, part, around=nothing, v=nothing)]
    if is_cap:
        pieces.append(_peak(skin, frame))
    return pieces


def _peak(skin: Surface, frame: HeadFrame) -> Piece:
    """Half a disc in front of the forehead, sloping down."""
    angles, reach = np.meshgrid(np.radians(np.linspace(-65, 65, 9)), np.linspace(0.75, 1.5, 4))
    unit = frame.unit_m
    points = np.stack(
        [np.sin(angles) * 0.72 * unit, -np.cos(angles) * reach * unit, (0.62 - 0.25 * reach) * unit], axis=2
    ).reshape(-1, 3)
    return on_bone(skin.model, frame.middle + points.astype(np.float32), grid(4, 9), "head", Part.CAP)


def hair_down(curtain: Surface, body: RestBody, frame: HeadFrame, hair: Hair) -> list[Piece]:
    """What hangs or stands off the head: long hair, a tail, a bun."""
    if hair.form == "long":
        return [_curtain(curtain, body, frame, hair)]
    if hair.form == "tail":
        down = np.linspace(0, 1, 7)[:, None]
        start = np.array([0.0, 0.95, 0.35])
        path = (
            start
            + np.array([0.0, 0.28, 0.0]) * np.sin(down * 2.2)
            + np.array([0, 0, -1.0]) * down**1.3 * (hair.length_m / frame.unit_m)
        )
        radius = 0.2 * np.sin(np.clip(down[:, 0] * 0.85 + 0.15, 0, 1) * np.pi) ** 0.6 + 0.02
        return [on_bone(curtain.model, *_tube(frame, path, radius), "head", Part.HAIR)]
    if hair.form == "bun":
        down = np.linspace(0, 1, 7)
        path = np.array([0.0, 0.85, 0.5]) + np.outer(down, np.array([0.0, 0.5, 0.12]))
        radius = 0.32 * np.sqrt(np.clip(1 - (2 * down - 1) ** 2, 0.0, 1)) + 0.01
        return [on_bone(curtain.model, *_tube(frame, path, radius), "head", Part.HAIR)]
    return []


def _curtain(curtain: Surface, body: RestBody, frame: HeadFrame, hair: Hair) -> Piece:
    """The model's own long hair, cut to length behind the face."""
    points = body.vertices[curtain.vertices].copy()
    end = frame.middle[2] + frame.unit_m - hair.length_m
    corners = points[curtain.triangles]
    is_face = (corners[..., 1].mean(axis=1) < frame.middle[1] - 0.25 * frame.unit_m) & (
        corners[..., 2].mean(axis=1) < frame.middle[2] + 0.5 * frame.unit_m
    )
    keep = (corners[..., 2] > end).any(axis=1) & ~is_face
    points[:, 2] = np.maximum(points[:, 2], end)
    nothing = np.zeros(len(points), np.float32)
    return piece_of(curtain, points, keep, np.full(len(curtain.triangles), Part.HAIR), around=nothing, v=nothing)


def _tube(
    frame: HeadFrame, path: NDArray[np.float64], radius: NDArray[np.float64]
) -> tuple[FloatArray, NDArray[np.int32]]:
    """A round tube along a path in the head's units, in the plane x = 0."""
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = np.cross(along, [1.0, 0, 0])
    angles = np.linspace(0, 2 * np.pi, 11)
    ring = np.cos(angles)[None, :, None] * np.array([1.0, 0, 0]) + np.sin(angles)[None, :, None] * across[:, None]
    points = (path[:, None] + ring * radius[:, None, None]).reshape(-1, 3)
    return (frame.middle + points * frame.unit_m).astype(np.float32), grid(len(path), len(angles))
