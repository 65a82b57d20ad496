"""Rows of what the engine makes of a detector: who counts as being on the pitch, and where the ball was."""

from bench import vision_gate
from bench.vision_figures import Figure


def gate_figures() -> list[Figure]:
    return vision_gate.gate_figures()


def ball_figures() -> list[Figure]:
    return []
