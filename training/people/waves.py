"""Waves and folds of cloth: heights that are a function of the place on the body at rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.people.body import FloatArray

COUNT = 6


@dataclass(frozen=True)
class Waves:
    """A few plane waves, bent by one another so that they do not repeat."""

    numbers: FloatArray  # (COUNT, 3) radians a metre along x, y, z
    phases: FloatArray  # (COUNT,) radians

    @classmethod
    def drawn(cls, rng: np.random.Generator, *, shortest_m: float, longest_m: float) -> Waves:
        """Waves of lengths between those."""
        length_m = rng.uniform(shortest_m, longest_m, COUNT)
        direction = rng.normal(size=(COUNT, 3)) * [1, 1, 0.5]  # folds run rather down than across
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        return cls(
            numbers=(2 * np.pi * direction / length_m[:, None]).astype(np.float32),
            phases=rng.uniform(0, 2 * np.pi, COUNT).astype(np.float32),
        )

    def __call__(self, points: FloatArray) -> FloatArray:
        """(N,) heights, about -1..1, at (N, 3) points in metres."""
        phase = points @ self.numbers.T + self.phases
        bent = phase + 1.2 * np.sin(np.roll(phase, 1, axis=1) * 0.45)
        height: FloatArray = np.sin(bent).sum(axis=1) / 2.5
        return height
