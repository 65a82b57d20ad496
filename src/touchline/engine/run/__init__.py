"""One run from request to finished files: the iterator that every door of the engine drives."""

from touchline.engine.run.steps import analyse

__all__ = ["analyse"]
