"""The engine's network door: gRPC service, health, the process around them. `Runs` also serves callers in process."""

from touchline.engine.server.process import AddressUnavailableError, engine_main, serve
from touchline.engine.server.runs import Analyse, Detect, Runs, SupersededError

__all__ = ["AddressUnavailableError", "Analyse", "Detect", "Runs", "SupersededError", "engine_main", "serve"]
