"""Observations in, segments and alerts out."""

from touchline.engine.windows.analyst import MatchAnalyst

__all__ = ["MatchAnalyst"]
