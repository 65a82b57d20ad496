"""Finding persons and ball in one picture."""

from touchline.engine.stages.detect.card import ModelCard, model_card
from touchline.engine.stages.detect.detector import Floors, NetworkDetector, open_detector
from touchline.engine.stages.detect.fusion import FusedDetector, open_fused
from touchline.engine.stages.detect.layouts import LAYOUTS
from touchline.engine.stages.detect.network import Network, OnnxNetwork, OpenVinoNetwork, open_network

__all__ = [
    "LAYOUTS",
    "Floors",
    "FusedDetector",
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
