"""Finding persons and ball in one picture."""

from touchline.engine.stages.detect.heatmap import HeatmapDetector
from touchline.engine.stages.detect.network import Network, OnnxNetwork, OpenVinoNetwork, open_network

__all__ = ["HeatmapDetector", "Network", "OnnxNetwork", "OpenVinoNetwork", "open_network"]
