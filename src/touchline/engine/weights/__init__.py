"""The model files that the engine may load, and what is known of each."""

from touchline.engine.weights.facts import Classes, Figure, HeightRange, InputNotes, ModelFile, Training
from touchline.engine.weights.files import DEFAULT_DETECTOR, MODELS_FOLDER, load_model

__all__ = [
    "DEFAULT_DETECTOR",
    "MODELS_FOLDER",
    "Classes",
    "Figure",
    "HeightRange",
    "InputNotes",
    "ModelFile",
    "Training",
    "load_model",
]
