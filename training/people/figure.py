"""A person put together: body, clothes and hair in one mesh, posed and set on the ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.people.body import BodyModel, FloatArray, Traits
from training.people.garments import dress
from training.people.head import hair_down, headwear, undressed
from training.people.look import Clothes, Hair
from training.people.pieces import Piece, Surface, vertex_normals
from training.people.skeleton import Pose, bone_transforms, skin
from training.people.things import held_things
from training.people.waves import Waves

CONTACT_M = 0.04


@dataclass(frozen=True)
class Wardrobe:
    """The body model with its surfaces, made once and used for all people."""

    model: BodyModel
    body: Surface
    tights: Surface
    skirt: Surface
    curtain: Surface

    @classmethod
    def of(cls, model: BodyModel) -> Wardrobe:
        names = ("body", "helper-tights", "helper-skirt", "helper-hair")
        return cls(model, *(Surface(model, name) for name in names))


@dataclass(frozen=True)
class Figure:
    """A posed person: N vertices, T triangles; metres, z up from the ground, facing -y."""

    vertices: FloatArray  # (N, 3)
    rest: FloatArray  # (N, 3) where they lie on the body at rest; folds are fixed to it
    normals: FloatArray  # (N, 3) unit, outwards
    triangles: NDArray[np.int32]  # (T, 3)
    part: NDArray[np.uint8]  # (T,)
    beyond: NDArray[np.uint8]  # (T,) part where edge is above 0
    edge: FloatArray  # (T, 3)
    around: FloatArray  # (T, 3) radians
    v: FloatArray  # (T, 3)
    folds: Waves
    fold_m: float  # depth of the folds
    ground: FloatArray  # (3,) middle of the ground contact, or the point of the ground below the body
    head: FloatArray  # (3,) middle of the head
    hands: FloatArray  # (3,) middle between the palms


def figure(
    wardrobe: Wardrobe,
    traits: Traits,
    clothes: Clothes,
    hair: Hair,
    pose: Pose,
    *,
    rng: np.random.Generator,
) -> Figure:
    """Dresses a body of those traits and poses it."""
    model = wardrobe.model
    body = model.rest(traits)
    naked, frame = undressed(wardrobe.body, body, clothes, hair, rng)
    pieces = [
        naked,
        *dress(wardrobe.tights, wardrobe.skirt, body, clothes, rng),
        *headwear(wardrobe.body, body, frame, hair),
        *hair_down(wardrobe.curtain, body, frame, hair),
        *held_things(model, body, frame, pose, rng),
    ]
    transforms = bone_transforms(model, body, pose)
    posed = [_posed(piece, transforms) for piece in pieces]
    vertices = np.concatenate([points for points, _ in posed])
    normals = np.concatenate([normal for _, normal in posed])
    starts = np.cumsum([0, *(len(points) for points, _ in posed)])
    triangles = np.concatenate([piece.triangles + start for piece, start in zip(pieces, starts, strict=False)])

    drawn = np.zeros(len(vertices), bool)
    drawn[triangles.ravel()] = True
    rise = np.float32(pose.lift_m - vertices[drawn, 2].min())
    vertices[:, 2] += rise
    up = np.array([0, 0, rise], np.float32)
    head = _moved(transforms[model.bone_index["head"]], frame.middle) + up
    left, right = (
        _moved(transforms[model.bone_index[f"wrist.{side}"]], body.joints[model.bone_index[f"finger3-1.{side}"]]) + up
        for side in ("L", "R")
    )
    root = _moved(transforms[0], body.joints[model.bone_index["spine05"]])
    return Figure(
        vertices=vertices,
        rest=np.concatenate([piece.vertices for piece in pieces]),
        normals=normals,
        triangles=triangles.astype(np.int32),
        part=np.concatenate([piece.part for piece in pieces]),
        beyond=np.concatenate([piece.beyond for piece in pieces]),
        edge=np.concatenate([piece.edge for piece in pieces]),
        around=np.concatenate([piece.around for piece in pieces]),
        v=np.concatenate([piece.v for piece in pieces]),
        folds=Waves.drawn(rng, shortest_m=0.05, longest_m=0.16),
        fold_m=clothes.fold_m * 0.4,
        ground=_ground_point(vertices[drawn], root, is_airborne=pose.lift_m > 0),
        head=head,
        hands=(left + right) / 2,
    )


def _posed(piece: Piece, transforms: FloatArray) -> tuple[FloatArray, FloatArray]:
    points = skin(piece.vertices, piece.weights, transforms)
    return points, vertex_normals(points, piece.triangles)


def _moved(transform: FloatArray, point: FloatArray) -> FloatArray:
    moved: FloatArray = transform[:, :3] @ point + transform[:, 3]
    return moved


def _ground_point(vertices: FloatArray, root: FloatArray, *, is_airborne: bool) -> FloatArray:
    if is_airborne:
        return np.array([root[0], root[1], 0], np.float32)
    touching = vertices[vertices[:, 2] < CONTACT_M, :2]
    x, y = (touching.min(axis=0) + touching.max(axis=0)) / 2
    return np.array([x, y, 0], np.float32)
