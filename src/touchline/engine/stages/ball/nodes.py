"""A candidate and the best chain that ends in it, as one row of an array."""

import numpy as np
from numpy.typing import NDArray

from touchline.engine.types import BoolArray, FloatArray

Nodes = NDArray[np.void]

NOBODY = -1

NODE = np.dtype(
    [
        # The candidate.
        ("frame", np.int64),
        ("time_s", np.float64),
        ("box", np.float64, 4),  # in its own picture
        ("score", np.float64),
        ("place", np.float64, 2),  # in the latest picture
        ("metres", np.float64, 2),
        ("px_per_m", np.float64, (2, 2)),
        ("scale", np.float64),  # pixels of a metre, in the latest picture
        ("lift", np.float64, 2),
        ("own", np.float64),  # what it alone speaks for, before marks are taken off
        ("at_feet", np.bool_),
        ("at_rim", np.bool_),
        ("is_spot", np.bool_),  # on a spot that the pitch has
        ("still_since_s", np.float64),  # something was found here most of the time since; inf: it was not
        ("is_caption", np.bool_),
        ("body", np.int64),  # the person on whose boots it lies, or NOBODY
        ("worn_since_s", np.float64),  # something was found on these boots most of the time since; inf: it was not
        # The chain. Places and velocities are metres where the node is placed, else pixels.
        ("worth", np.float64),
        ("net", np.float64),  # what this node added to it, marks taken off
        ("before", np.int64),  # number of the node before, -1 at a start
        ("estimate", np.float64, 2),
        ("velocity", np.float64, 2),
        ("spread", np.float64, 3),  # variance of place, covariance, variance of velocity; pixels and seconds
        ("home", np.float64, 2),  # where it rests
        ("home_since_s", np.float64),
        ("moves", np.int64),  # how often in a row it left a place without resting there
        ("has_moved", np.bool_),  # it moved as only a ball does
        ("trial", np.int64),  # grows whenever the chain leaps where nobody saw it go: then it has to prove itself anew
        ("is_marked", np.bool_),  # rests on a mark
        ("free", np.int64),  # how often it moved on since it was last at anybody's feet
        ("freed_s", np.float64),  # when it last moved across open ground, -inf: never
    ]
)


def is_placed(nodes: Nodes) -> BoolArray:
    """(N,) whether nodes have a place on the pitch."""
    return np.asarray(np.isfinite(nodes["metres"][:, 0]))


def here(nodes: Nodes) -> FloatArray:
    """(N, 2) metres of placed nodes, pixels of the latest picture of the others."""
    return np.where(is_placed(nodes)[:, None], nodes["metres"], nodes["place"])


def to_px(nodes: Nodes) -> FloatArray:
    """(N, 2, 2) what makes pixels of differences in the units of `here`."""
    return np.where(is_placed(nodes)[:, None, None], nodes["px_per_m"], np.eye(2))


def turned(maps: FloatArray, differences: FloatArray) -> FloatArray:
    """Differences (N, M, 2) in pixels, each by the map (M, 2, 2) of its column."""
    x, y = differences[..., 0], differences[..., 1]
    return np.stack([maps[:, 0, 0] * x + maps[:, 0, 1] * y, maps[:, 1, 0] * x + maps[:, 1, 1] * y], axis=-1)


def apart(places: FloatArray, others: FloatArray) -> FloatArray:
    """(N, M) pixels between places (N, 2) and others (M, 2)."""
    x, y = (places[:, None, axis] - others[None, :, axis] for axis in range(2))
    return np.asarray(np.sqrt(x * x + y * y))  # hypot guards against overflow, which costs three times as much here
