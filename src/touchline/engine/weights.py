"""The model files that the engine may load: name, checksum, origin, licence and the thresholds they were measured at.

A file that is named here but has other contents is refused: results must be traceable to one exact model.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from touchline.engine.errors import ModelMismatchError

MODELS_FOLDER = Path(__file__).parent / "models"
DEFAULT_DETECTOR = "syn.onnx"


@dataclass(frozen=True)
class ModelFile:
    """One checked model.

    person_threshold, ball_threshold: raw scores at the operating points that the contract's default confidences mean.
    good_height_px: height of a person at the network's input from which on it finds most of them.
    """

    path: Path
    name: str
    sha256: str
    origin: str
    licence: str
    layout: str
    person_threshold: float
    ball_threshold: float
    good_height_px: float


def load_model(path: str | Path | None = None) -> ModelFile:
    """Check a model file and tell what is known of it.

    Args:
        path: a model of one's own, or None for the detector that ships with the package. A file that the manifest
            does not know is taken as a centre-heatmap model with the shipped one's thresholds.

    Raises:
        ModelMismatchError: the file is missing, or has a known name but other contents.
    """
    entries = _manifest()
    file = MODELS_FOLDER / DEFAULT_DETECTOR if path is None else Path(path)
    if not file.is_file():
        raise ModelMismatchError(f"The model file {file.name} is missing; reinstall Touchline or check the path.")
    found = _sha256(file)
    shipped = next(entry for entry in entries if entry["file"] == DEFAULT_DETECTOR)
    known = next((entry for entry in entries if entry["sha256"] == found), None)
    if known is None and (path is None or file.resolve().parent == MODELS_FOLDER.resolve()):
        raise ModelMismatchError(
            f"The model file {file.name} is not the one that its manifest describes "
            f"(checksum {found[:12]}…); reinstall Touchline."
        )
    facts = known or {
        **shipped,
        "name": file.stem,
        "origin": "given by path",
        "licence": "unknown",
    }
    return ModelFile(
        path=file,
        name=facts["name"],
        sha256=found,
        origin=facts["origin"],
        licence=facts["licence"],
        layout=facts["layout"],
        person_threshold=facts["operating_points"]["person"],
        ball_threshold=facts["operating_points"]["ball"],
        good_height_px=facts["person_height_px"]["good"],
    )


def _manifest() -> list[dict[str, Any]]:
    models: list[dict[str, Any]] = json.loads((MODELS_FOLDER / "manifest.json").read_text(encoding="utf-8"))["models"]
    return models


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
