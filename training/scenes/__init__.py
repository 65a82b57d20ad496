"""Training pictures: a football scene drawn from a seed, with the boxes of its people and balls."""

from training.scenes.scene import Scene, draw_scene

__all__ = ["Scene", "draw_scene"]
