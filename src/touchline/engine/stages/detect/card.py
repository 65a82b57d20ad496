"""What a person should know of a model before trusting it: its card."""

from dataclasses import dataclass
from pathlib import Path

from touchline.engine.stages.detect.network import open_network
from touchline.engine.stages.detect.onnx_file import OnnxFile, read_onnx
from touchline.engine.stages.detect.reading import Reading, read_as
from touchline.engine.weights import Figure, ModelFile, load_model
from touchline.engine.weights.facts import UNKNOWN_LICENCE

_NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model as `touchline doctor` tells of it. `warning` is empty unless its licence binds whoever uses it."""

    model: ModelFile
    licence: str
    parameters: int
    size_bytes: int
    reading: Reading
    backend: str
    warning: str

    def lines(self) -> list[str]:
        """The card, a fact on a line."""
        model, form, classes = self.model, self.reading.form, self.reading.classes
        size = f"{form.size[0]}×{form.size[1]} only" if form.size else f"any, multiples of {form.multiple}"
        scale = "0..255" if form.scale == 255.0 else "0..1"
        normal = "" if form.mean is None and form.std is None else ", normalised"
        people = ", ".join(str(one) for one in classes.person)
        ball = "no ball" if classes.ball is None else f"ball {classes.ball}"
        lines = [
            f"layout {self.reading.layout.name}, run by {self.backend}",
            f"input {size}; {form.order} {scale}{normal}, {form.place}; classes: people {people}, {ball}",
            f"operating points {model.person_threshold:g} people, {model.ball_threshold:g} ball (raw scores)",
            f"{self.parameters:,} parameters, {self.size_bytes / 1e6:.1f} MB, sha256 {model.sha256}",
            f"licence {self.licence}" + (", ask whoever made it" if self.licence == UNKNOWN_LICENCE else ""),
            f"origin: {model.origin}",
            f"trained on: {model.trained_on or 'unknown'}",
        ]
        if model.height_px is not None:
            height = model.height_px
            lines.append(f"people {height.least:g} to {height.most:g} px tall at its input, well from {height.good:g}")
        if model.training is not None:
            made = model.training
            seeds = ", ".join(str(seed) for seed in made.seeds)
            lines.append(f"made at commit {made.commit}, seeds {seeds}, {made.scenes:,} scenes")
        return [
            *lines,
            *(_figure_line(figure) for figure in model.figures or (Figure("figures", None, "", _NOT_MEASURED),)),
        ]


def model_card(path: str | Path | None = None, *, backend: str = "auto") -> ModelCard:
    """The card of a model by path, or of the one that ships; the network is loaded and run once.

    Raises:
        ModelMismatchError: as `open_detector`.
        SettingsInvalidError: as `open_detector`.
    """
    model = load_model(path)
    file = read_onnx(model.path)
    network = open_network(model.path, backend=backend, file=file)
    return ModelCard(
        model=model,
        licence=licence_of(model, file),
        parameters=file.parameters if model.parameters is None else model.parameters,
        size_bytes=model.path.stat().st_size,
        reading=read_as(model, file, network),
        backend=network.name,
        warning=copyleft_warning(model, file),
    )


def licence_of(model: ModelFile, file: OnnxFile) -> str:
    """What the description says, else what the file says of itself, else unknown."""
    if model.licence != UNKNOWN_LICENCE:
        return model.licence
    noted = {key.lower(): text.strip() for key, text in file.notes.items()}
    said = noted.get("license") or noted.get("licence")
    if said:
        return f"{said} (its own note)"
    if "ultralytics" in noted.get("author", "").lower():
        return "AGPL-3.0, presumably: its note names Ultralytics as author"
    return UNKNOWN_LICENCE


def copyleft_warning(model: ModelFile, file: OnnxFile) -> str:
    """What a model under the AGPL asks of whoever uses it; empty for others."""
    licence = licence_of(model, file).lower()
    if "agpl" not in licence and "affero" not in licence:
        return ""
    return (
        "This model is under the AGPL. Touchline does not ship it; whoever offers analyses made with it to others over "
        "a network may owe them the source of the whole service. Read its licence, or use another model."
    )


def _figure_line(figure: Figure) -> str:
    if figure.value is None:
        return f"{figure.name}: {figure.words}"
    return f"{figure.name} {figure.value:g}{f' {figure.unit}' if figure.unit else ''}, {figure.words}"
