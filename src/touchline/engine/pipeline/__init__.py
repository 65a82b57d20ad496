"""Frames through the stages: a video becomes a stream of observations."""

from touchline.engine.pipeline.flow import Pipeline, PipelineState

__all__ = ["Pipeline", "PipelineState"]
