"""Choosing the ball among candidates: its path over seconds, and what is said of each frame."""

from touchline.engine.stages.ball.path import BallPath

__all__ = ["BallPath"]
