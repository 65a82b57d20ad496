"""Who counts as being on the pitch."""

from touchline.engine.stages.gate.pitch import PitchGate
from touchline.engine.stages.gate.turf import Turf

__all__ = ["PitchGate", "Turf"]
