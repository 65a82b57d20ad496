"""Rows of what the engine makes of a detector: who counts as being on the pitch, and where the ball was."""

from bench.vision_figures import Figure


def gate_figures() -> list[Figure]:
    return []


def ball_figures() -> list[Figure]:
    return []
