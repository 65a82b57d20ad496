"""How one model is fed and read: what its description says, then what its file and an empty picture tell."""

import ast
from dataclasses import dataclass, replace

import numpy as np

from touchline.engine.errors import ModelMismatchError
from touchline.engine.stages.detect.layouts import FORMS, LAYOUTS, CentreHeatmap, Layout, Seen, recognise
from touchline.engine.stages.detect.network import Network, Outputs, entrance_of
from touchline.engine.stages.detect.onnx_file import OnnxFile
from touchline.engine.stages.detect.picture import InputForm
from touchline.engine.weights import Classes, ModelFile

# Sides of the empty picture for networks that take any: unlike each other, and multiples of what networks ask for.
_PROBE = (320, 256)
_COCO = Classes((0,), 32)
# By the number of classes. COCO's 91 are its sparse categories, in which a person is 1 and a sports ball 37.
_USUAL_CLASSES = {1: Classes((0,), None), 2: Classes((0,), 1), 80: _COCO, 91: Classes((1,), 37)}
_PEOPLE = frozenset({"person", "people", "human", "player", "goalkeeper", "keeper", "referee", "pedestrian"})
_BALLS = frozenset({"ball", "sports ball", "football", "soccer ball", "soccerball"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A layout, how the network wants its pictures, and which of its classes are people and the ball."""

    layout: Layout
    form: InputForm
    classes: Classes


# What the project's own models are, whoever runs them.
OWN = Reading(CentreHeatmap(), CentreHeatmap().form, Classes((0,), 1))


def read_as(model: ModelFile, file: OnnxFile, network: Network) -> Reading:
    """Find out how a model is fed and read, with one run on an empty picture.

    Raises:
        ModelMismatchError: its outputs fit no layout, or not the one that its description names, or it cannot be told
            which of its classes are people.
    """
    name = model.path.name
    if model.layout is not None and model.layout not in LAYOUTS:
        raise ModelMismatchError(
            f"The description of {name} names the layout {model.layout}; this version reads {', '.join(LAYOUTS)}."
        )
    size = _size(model, file)
    width, height = size or _PROBE
    multiple = model.input.multiple or 32
    width, height = (width, height) if size else (-(-width // multiple) * multiple, -(-height // multiple) * multiple)
    seen = Seen(_answer(name, network, width, height), width, height, (0, 0, width, height))
    layout = recognise(seen, model.layout)
    if layout is None:
        raise ModelMismatchError(_unreadable(model, seen))
    form = layout.form.with_notes(replace(model.input, size=size))
    return Reading(layout, form, _classes(model, file, layout))


def class_names(file: OnnxFile) -> dict[int, str]:
    """Names of the classes by index as exports of YOLO carry them; empty where the file has none."""
    try:
        named = ast.literal_eval(file.notes.get("names", ""))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return {}
    pairs = named.items() if isinstance(named, dict) else enumerate(named) if isinstance(named, list) else ()
    return {index: str(text).strip().lower() for index, text in pairs if isinstance(index, int)}


def _size(model: ModelFile, file: OnnxFile) -> tuple[int, int] | None:
    fixed, said = entrance_of(file, model.path.name).fixed_size, model.input.size
    if fixed is not None and said is not None and fixed != said:
        raise ModelMismatchError(
            f"The description of {model.path.name} says that its input is {said[0]}×{said[1]} pixels; the model takes "
            f"{fixed[0]}×{fixed[1]} only."
        )
    return fixed or said


def _answer(name: str, network: Network, width: int, height: int) -> Outputs:
    try:
        return network(np.zeros((1, 3, height, width), np.float32))
    except Exception as error:  # backends raise families of their own without a common public base
        raise ModelMismatchError(
            f"The model {name} cannot run on an empty picture of {width}×{height} pixels. If it takes one size only, "
            "say so in its description (input, size)."
        ) from error


def _unreadable(model: ModelFile, seen: Seen) -> str:
    answer = ", ".join(f"{name} {value.shape}" for name, value in seen.outputs.items())
    told = f"The model {model.path.name} answers a picture of {seen.width}×{seen.height} pixels with {answer}"
    if model.layout is not None:
        return f"{told}; its description says {model.layout}, which is {FORMS[model.layout]}."
    return f"{told}; this version reads " + "; ".join(f"{name}: {form}" for name, form in FORMS.items()) + "."


def _classes(model: ModelFile, file: OnnxFile, layout: Layout) -> Classes:
    count = layout.classes
    names = {
        index: text for index, text in class_names(file).items() if index >= 0 and (count is None or index < count)
    }
    if model.classes is not None:
        largest = max(*model.classes.person, model.classes.ball or 0)
        if layout.classes is not None and largest >= layout.classes:
            raise ModelMismatchError(
                f"The description of {model.path.name} names the class {largest}; the model has {layout.classes}, "
                "counted from 0."
            )
        return model.classes
    people = tuple(index for index, text in sorted(names.items()) if text in _PEOPLE)
    if people:
        return Classes(people, next((index for index, text in sorted(names.items()) if text in _BALLS), None))
    usual = _COCO if layout.classes is None else _USUAL_CLASSES.get(layout.classes)
    if usual is None:
        raise ModelMismatchError(
            f"The model {model.path.name} tells {layout.classes} classes apart, and which of them are people is not "
            f'known. Say it in {model.path.stem}.json beside it: {{"classes": {{"person": 0, "ball": 1}}}}.'
        )
    return usual
