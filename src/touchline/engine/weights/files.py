"""Finding a model file and telling what is known of it.

Two sources tell: the manifest of the package, by checksum, and a description beside a model of one's own (`mine.json`
beside `mine.onnx`), which wins where both speak. A file of the package that is not the one in the manifest is refused:
results must be traceable to one exact model. What neither source says, the network's own shape has to tell.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from touchline.engine.errors import ModelMismatchError
from touchline.engine.weights import description
from touchline.engine.weights.description import Description
from touchline.engine.weights.facts import (
    UNKNOWN_LICENCE,
    UNMEASURED_BALL,
    UNMEASURED_PERSON,
    InputNotes,
    ModelFile,
)

MODELS_FOLDER = Path(__file__).parent.parent / "models"
DEFAULT_DETECTOR = "syn.onnx"
_MOST_DESCRIPTION_BYTES = 1 << 20
_ENTRIES = (
    "name", "version", "origin", "trained_on", "licence", "layout", "classes", "input", "operating_points",
    "person_height_px", "parameters", "training", "figures",
)  # fmt: skip


def load_model(path: str | Path | None = None, *, models_folder: Path = MODELS_FOLDER) -> ModelFile:
    """Check a model file and tell what is known of it.

    Args:
        path: a model of one's own, or None for the detector that ships with the package. Of a file that neither the
            manifest nor a description beside it knows, licence and layout are unknown and the operating points are
            the raw scores 0.5 for people and 0.3 for the ball.
        models_folder: where the manifest and its models are.

    Raises:
        ModelMismatchError: the file is missing, has a known name but other contents, or its description has an entry
            that cannot be understood.
    """
    file = models_folder / DEFAULT_DETECTOR if path is None else Path(path)
    if not file.is_file():
        raise ModelMismatchError(f"The model file {file.name} is missing; reinstall Touchline or check the path.")
    entries = _manifest(models_folder)
    found = _sha256(file)
    known = next((entry for entry in entries if entry.get("sha256") == found), None)
    is_shipped = file.resolve().parent == models_folder.resolve()
    if known is None and is_shipped:
        raise ModelMismatchError(
            f"The model file {file.name} is not the one that its manifest describes "
            f"(checksum {found[:12]}…); reinstall Touchline."
        )
    beside = {} if is_shipped else _beside(file)
    described = {key: value for key, value in (known or {}).items() if key not in {"file", "sha256"}}
    where = f"The description of {file.name}"
    return _model(Description({**described, **beside}, where), file, sha256=found, is_shipped=is_shipped)


def _model(raw: Description, file: Path, *, sha256: str, is_shipped: bool) -> ModelFile:
    points = raw.part("operating_points")
    person, ball = (None, None) if points is None else description.read_operating_points(points)
    classes, notes = raw.part("classes"), raw.part("input")
    heights, training = raw.part("person_height_px"), raw.part("training")
    model = ModelFile(
        path=file,
        name=raw.text("name") or file.stem,
        sha256=sha256,
        origin=raw.text("origin") or "given by path",
        licence=raw.text("licence") or UNKNOWN_LICENCE,
        version=raw.text("version") or "",
        trained_on=raw.text("trained_on") or "",
        layout=raw.text("layout"),
        classes=None if classes is None else description.read_classes(classes),
        input=InputNotes() if notes is None else description.read_input(notes),
        person_threshold=person or UNMEASURED_PERSON,
        ball_threshold=ball or UNMEASURED_BALL,
        height_px=None if heights is None else description.read_heights(heights),
        parameters=raw.take("parameters", description.read_whole, "a whole number"),
        training=None if training is None else description.read_training(training),
        figures=tuple(description.read_figure(one) for one in raw.parts("figures")),
        is_shipped=is_shipped,
    )
    raw.finish(*_ENTRIES)
    return model


def _manifest(folder: Path) -> list[Mapping[str, Any]]:
    file = folder / "manifest.json"
    raw = _json(file, "The manifest of the models")
    models = raw.get("models")
    if not isinstance(models, list) or not all(isinstance(entry, Mapping) for entry in models):
        raise ModelMismatchError("The manifest of the models has no list “models”; reinstall Touchline.")
    return models


def _beside(file: Path) -> Mapping[str, Any]:
    """The description beside a model of one's own; empty where there is none."""
    beside = file.with_suffix(".json")
    return _json(beside, f"The description {beside.name}") if beside.is_file() else {}


def _json(file: Path, what: str) -> Mapping[str, Any]:
    try:
        content = file.read_bytes()
        if len(content) > _MOST_DESCRIPTION_BYTES:
            raise ModelMismatchError(f"{what} is larger than 1 MiB; it does not belong to a model.")
        raw = json.loads(content)
    except (OSError, ValueError, RecursionError) as error:
        raise ModelMismatchError(f"{what} cannot be read as JSON ({error}).") from error
    if not isinstance(raw, Mapping):
        raise ModelMismatchError(f"{what} must be a JSON object.")
    return raw


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
