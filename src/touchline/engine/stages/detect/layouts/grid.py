"""Cells of networks that look at a picture at several strides, finest first, row by row."""

from functools import lru_cache

import numpy as np

from touchline.engine.types import FloatArray


@lru_cache(maxsize=32)
def cells(width: int, height: int, strides: tuple[int, ...]) -> tuple[FloatArray, FloatArray]:
    """Column and row (N, 2) and stride (N,) of every cell of an input of that size, in the networks' order."""
    places, steps = [], []
    for stride in strides:
        rows, columns = np.mgrid[: -(-height // stride), : -(-width // stride)]
        places.append(np.column_stack([columns.ravel(), rows.ravel()]))
        steps.append(np.full(rows.size, stride))
    return np.concatenate(places).astype(np.float32), np.concatenate(steps).astype(np.float32)


def count(width: int, height: int, strides: tuple[int, ...]) -> int:
    """How many cells an input of that size has."""
    return sum(-(-height // stride) * -(-width // stride) for stride in strides)
