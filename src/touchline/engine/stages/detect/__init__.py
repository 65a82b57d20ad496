"""Finding persons and ball in one picture."""

from touchline.engine.stages.detect.card import ModelCard, model_card
from touchline.engine.stages.detect.detector import Floors, NetworkDetector, open_detector
from touchline.engine.stages.detect.fusion import FusedDetector, open_fused
from touchline.engine.stages.detect.layouts import LAYOUTS
from touchline.engine.stages.detect.network import Network, OnnxNetwork, OpenVinoNetwork, open_network

# The name under which the project's own models were read before there were other layouts.
HeatmapDetector = NetworkDetector

__all__ = [
    "LAYOUTS",
    "Floors",
    "FusedDetector",
    "HeatmapDetector",
    "ModelCard",
    "Network",
    "NetworkDetector",
    "OnnxNetwork",
    "OpenVinoNetwork",
    "model_card",
    "open_detector",
    "open_fused",
    "open_network",
]
