"""Notes, meetings and training sessions."""

from touchline.features.planning.build import services

__all__ = ["services"]
