"""How cloth hangs: from the widest place above it straight down, across hollows, never into the body."""

from __future__ import annotations

from functools import cache

import numpy as np

from training.people.body import FloatArray
from training.people.pieces import Surface, relaxed, smooth

ROW_M = 0.03
SECTORS = 32


def hang(
    around: FloatArray,
    down_m: FloatArray,
    radius_m: FloatArray,
    *,
    ease_m: float,
    taper: float,
    flare: float = 0.0,
) -> FloatArray:
    """Radius of cloth around an axis, given the radius of the body under it.

    Args:
        around: (N,) radians around the axis.
        down_m: (N,) metres along it, growing downwards.
        radius_m: (N,) metres of the body from the axis.
        ease_m: least gap between body and cloth.
        taper: metres by which the cloth may come in for each metre down; 0 hangs like a tube.
        flare: metres by which it goes out for each metre down.

    Returns:
        (N,) metres, nowhere less than radius_m + ease_m.
    """
    if not len(radius_m):
        return radius_m
    start = float(down_m.min())
    row = ((down_m - start) / ROW_M).astype(int)
    sector = np.floor((around / (2 * np.pi)) % 1 * SECTORS).astype(int) % SECTORS
    table = np.zeros((row.max() + 1, SECTORS), np.float32)
    np.maximum.at(table, (row, sector), radius_m)
    cloth = _bridged(_filled(table)) + ease_m
    for i in range(1, len(cloth)):
        cloth[i] = np.maximum(cloth[i], cloth[i - 1] - (taper - flare) * ROW_M)
    for _ in range(2):
        cloth = (np.roll(cloth, 1, axis=1) + 2 * cloth + np.roll(cloth, -1, axis=1)) / 4
        padded = np.concatenate([cloth[:1], cloth, cloth[-1:]])
        cloth = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    radius: FloatArray = np.maximum(_between_cells(cloth, around, (down_m - start) / ROW_M), radius_m + ease_m)
    return radius


@cache
def crotch_share(tights: Surface) -> FloatArray:
    """(N,) 1 where the legs meet, 0 a hand's breadth away: there cloth spans what the tights follow."""
    points = tights.model.template[tights.vertices]
    hip_z = tights.model.joints[tights.model.bone_index["upperleg01.L"], 2]
    middle = points[(np.abs(points[:, 0]) < 0.01) & (points[:, 2] > hip_z - 0.25)]
    lowest = middle[middle[:, 2].argmin()]
    away = (points - lowest) / [0.1, 0.17, 0.1]
    near: FloatArray = smooth(1.5 * (1 - np.linalg.norm(away, axis=1)))
    return near * ~np.logical_or(*tights.members.arms)


@cache
def loose_leg_weights(tights: Surface) -> FloatArray:
    """(N, J) weights of shorts and trousers: cloth passes more softly from one thigh to the other than skin."""
    return relaxed(tights.weights, tights.edges, crotch_share(tights), rounds=12)


def _filled(table: FloatArray) -> FloatArray:
    """Cells that no vertex fell into take the larger of their neighbours."""
    for _ in range(SECTORS):
        empty = table == 0
        if not empty.any():
            break
        sides = np.maximum(np.roll(table, 1, axis=1), np.roll(table, -1, axis=1))
        padded = np.pad(table, ((1, 1), (0, 0)))
        table = np.where(empty, np.maximum(sides, np.maximum(padded[:-2], padded[2:])), table)
    return table


def _bridged(table: FloatArray) -> FloatArray:
    """Cloth goes straight across hollows: a sector is never inside the chord of those beside it."""
    for reach in (4, 3, 2, 1):
        chord = (
            np.cos(2 * np.pi * reach / SECTORS) * (np.roll(table, reach, axis=1) + np.roll(table, -reach, axis=1)) / 2
        )
        table = np.maximum(table, chord)
    return table


def _between_cells(table: FloatArray, around: FloatArray, row: FloatArray) -> FloatArray:
    """The table read between the middles of its cells, around the circle and clamped at its ends."""
    column = (around / (2 * np.pi)) % 1 * SECTORS - 0.5
    left = np.floor(column).astype(int)
    row = np.clip(row - 0.5, 0, len(table) - 1)
    top = np.minimum(row.astype(int), max(len(table) - 2, 0))
    bottom = np.minimum(top + 1, len(table) - 1)
    across, down = column - left, row - top
    left %= SECTORS
    right = (left + 1) % SECTORS
    upper = table[top, left] * (1 - across) + table[top, right] * across
    lower = table[bottom, left] * (1 - across) + table[bottom, right] * across
    read: FloatArray = upper * (1 - down) + lower * down
    return read
