"""What an ONNX file says of itself: inputs, outputs, weights and notes, read without a library or a backend.

An ONNX file is a protocol-buffers message; only the few fields named here are read (onnx.proto3 of the ONNX standard,
https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from touchline.engine.errors import ModelMismatchError

FLOAT, FLOAT16, INT32, INT64 = 1, 10, 6, 7
_NAMES = {1: "float32", 2: "uint8", 3: "int8", 6: "int32", 7: "int64", 9: "bool", 10: "float16", 11: "float64"}
# Weights are kept as floats or, quantised, as 8-bit numbers; whole numbers of other widths are shapes and indices.
_WEIGHT_TYPES = frozenset({1, 2, 3, 10, 11, 16})

# Numbers of the fields, message by message.
_MODEL_PRODUCER, _MODEL_GRAPH, _MODEL_NOTES = 2, 7, 14
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_INPUT, _GRAPH_OUTPUT = 1, 5, 11, 12
_NODE_ATTRIBUTE, _ATTRIBUTE_TENSOR = 5, 5
_TENSOR_DIMS, _TENSOR_TYPE, _TENSOR_NAME = 1, 2, 8
_VALUE_NAME, _VALUE_TYPE, _TYPE_TENSOR, _TENSOR_ELEM, _TENSOR_SHAPE, _SHAPE_DIM, _DIM_VALUE = 1, 2, 1, 1, 2, 1, 1


@dataclass(frozen=True, slots=True)
class Port:
    """One input or output. `dims` holds None where the size is free; `kind` is ONNX's number of the element type."""

    name: str
    kind: int
    dims: tuple[int | None, ...]

    def __str__(self) -> str:
        sizes = ", ".join("?" if size is None else str(size) for size in self.dims)
        return f"{self.name} ({sizes}) {_NAMES.get(self.kind, f'type {self.kind}')}"


@dataclass(frozen=True, slots=True)
class OnnxFile:
    """What the file says. `notes` are its own key-value pairs; `parameters` counts its weights."""

    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    notes: Mapping[str, str]
    producer: str
    parameters: int


def read_onnx(path: Path) -> OnnxFile:
    """Read what a file says of itself.

    Raises:
        ModelMismatchError: it is not an ONNX model.
    """
    try:
        return _model(memoryview(path.read_bytes()))
    except (ValueError, OSError) as error:
        raise ModelMismatchError(f"The model file {path.name} is not an ONNX model that can be loaded.") from error


def _model(data: memoryview) -> OnnxFile:
    producer, notes, graph = "", dict[str, str](), None
    for number, value in _fields(data):
        if number == _MODEL_PRODUCER:
            producer = _text(value)
        elif number == _MODEL_GRAPH:
            graph = _message(value)
        elif number == _MODEL_NOTES:
            pair = dict(_fields(_message(value)))
            notes[_text(pair.get(1, _EMPTY))] = _text(pair.get(2, _EMPTY))
    if graph is None:
        raise ValueError("no graph")
    inputs, outputs, weights, parameters = list[Port](), list[Port](), set[str](), 0
    for number, value in _fields(graph):
        if number == _GRAPH_INPUT:
            inputs.append(_port(_message(value)))
        elif number == _GRAPH_OUTPUT:
            outputs.append(_port(_message(value)))
        elif number == _GRAPH_INITIALIZER:
            name, size = _tensor(_message(value))
            weights.add(name)
            parameters += size
        elif number == _GRAPH_NODE:
            parameters += sum(_constants(_message(value)))
    if not inputs or not outputs:
        raise ValueError("no inputs or outputs")
    # Older files list their weights among the inputs.
    real = tuple(port for port in inputs if port.name not in weights)
    return OnnxFile(real, tuple(outputs), notes, producer, parameters)


def _port(data: memoryview) -> Port:
    name, kind, dims = "", 0, tuple[int | None, ...]()
    for number, value in _fields(data):
        if number == _VALUE_NAME:
            name = _text(value)
        elif number == _VALUE_TYPE:
            for inner, typed in _fields(_message(value)):
                if inner == _TYPE_TENSOR:
                    tensor = dict(_fields(_message(typed)))
                    kind = _number(tensor.get(_TENSOR_ELEM, 0))
                    dims = _shape(_message(tensor.get(_TENSOR_SHAPE, _EMPTY)))
    return Port(name, kind, dims)


def _shape(data: memoryview) -> tuple[int | None, ...]:
    dims = [dict(_fields(_message(value))) for number, value in _fields(data) if number == _SHAPE_DIM]
    sizes = [_number(dim[_DIM_VALUE]) if _DIM_VALUE in dim else None for dim in dims]
    # Some exporters write a free size as 0 or -1.
    return tuple(size if size is not None and 0 < size < 1 << 31 else None for size in sizes)


def _tensor(data: memoryview) -> tuple[str, int]:
    """Name and number of weights of a tensor; 0 where it holds no weights."""
    name, kind, dims = "", 0, list[int]()
    for number, value in _fields(data):
        if number == _TENSOR_NAME:
            name = _text(value)
        elif number == _TENSOR_TYPE:
            kind = _number(value)
        elif number == _TENSOR_DIMS:
            dims += [value] if isinstance(value, int) else _packed(value)
    return name, math.prod(dims) if kind in _WEIGHT_TYPES else 0


def _constants(node: memoryview) -> Iterator[int]:
    """Weights that a node carries itself: some exporters write all of them so."""
    for number, value in _fields(node):
        if number == _NODE_ATTRIBUTE:
            for inner, tensor in _fields(_message(value)):
                if inner == _ATTRIBUTE_TENSOR:
                    yield _tensor(_message(tensor))[1]


# --- protocol buffers

_EMPTY = memoryview(b"")
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Every field of a message: its number, and a whole number or the bytes; fixed-width fields are passed over."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, at = _varint(data, at)
            yield number, value
        elif wire == _LENGTH:
            size, at = _varint(data, at)
            if at + size > len(data):
                raise ValueError("a field reaches beyond the end")
            yield number, data[at : at + size]
            at += size
        elif wire in {_FIXED64, _FIXED32}:
            at += 8 if wire == _FIXED64 else 4
        else:
            raise ValueError(f"unknown kind of field {wire}")


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise ValueError("a number does not end")
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return value, at


def _packed(data: memoryview) -> list[int]:
    values, at = list[int](), 0
    while at < len(data):
        value, at = _varint(data, at)
        values.append(value)
    return values


def _message(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise ValueError("a number stands where a message should")  # noqa: TRY004 - one kind of error for one damage
    return value


def _text(value: int | memoryview) -> str:
    return bytes(_message(value)).decode("utf-8")


def _number(value: int | memoryview) -> int:
    if isinstance(value, memoryview):
        raise ValueError("a message stands where a number should")  # noqa: TRY004 - one kind of error for one damage
    return value
