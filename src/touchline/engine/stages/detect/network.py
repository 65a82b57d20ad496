"""Running a network: ONNX Runtime always works, OpenVINO is used when it is installed."""

import importlib
import importlib.util
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from touchline.engine.errors import ModelMismatchError, SettingsInvalidError
from touchline.engine.stages.detect.onnx_file import FLOAT, FLOAT16, INT32, INT64, OnnxFile, Port, read_onnx

FloatMaps = NDArray[np.float32]
Outputs = Mapping[str, NDArray[Any]]
_KINDS: dict[int, type[np.generic]] = {FLOAT: np.float32, FLOAT16: np.float16, INT32: np.int32, INT64: np.int64}


class Network(Protocol):
    """A network with one picture in and its outputs, by name, out; may be called from several threads at a time.

    Every call works on one core: pictures side by side beat several cores on one picture.
    """

    @property
    def name(self) -> str: ...

    def __call__(self, blob: FloatMaps) -> Outputs:
        """Run on (1, 3, H, W); floating outputs come back as float32."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where the picture goes in, and where its size does in networks that ask for it.

    Such networks (the deployed form of RT-DETR and D-FINE) scale their boxes by the width and height they are told.
    """

    picture: Port
    size: Port | None

    @property
    def fixed_size(self) -> tuple[int, int] | None:
        """Width and height of the only input that the network takes; None where they are free."""
        height, width = self.picture.dims[2:]
        return None if height is None or width is None else (width, height)

    def feed(self, blob: FloatMaps) -> dict[str, NDArray[Any]]:
        fed: dict[str, NDArray[Any]] = {self.picture.name: blob.astype(_KINDS[self.picture.kind], copy=False)}
        if self.size is not None:
            fed[self.size.name] = np.array([[blob.shape[3], blob.shape[2]]], _KINDS[self.size.kind])
        return fed


class OnnxNetwork:
    """The network on ONNX Runtime's CPU provider."""

    name = "onnxruntime"

    def __init__(self, path: Path, entrance: Entrance) -> None:
        import onnxruntime  # loads a large native library; only an engine that analyses needs it

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises a family of its own without a common public base
            raise ModelMismatchError(f"The model file {path.name} is not an ONNX model that can be loaded.") from error
        self._entrance = entrance
        self._names = [output.name for output in self._session.get_outputs()]

    def __call__(self, blob: FloatMaps) -> Outputs:
        answer = self._session.run(self._names, self._entrance.feed(blob))
        return {name: _plain(value) for name, value in zip(self._names, answer, strict=True)}


class OpenVinoNetwork:
    """The network on OpenVINO's CPU plug-in, about twice as fast where the processor multiplies bfloat16 in tiles.

    There boxes may differ by a few pixels from ONNX Runtime's; measured on labelled frames neither is better.
    """

    name = "openvino"

    def __init__(self, path: Path, entrance: Entrance, *, outputs: tuple[str, ...], calls: int) -> None:
        openvino: Any = importlib.import_module("openvino")  # optional extra

        core = openvino.Core()
        # Pinning would put two engines on the same core.
        settings: dict[str, Any] = {"NUM_STREAMS": calls, "INFERENCE_NUM_THREADS": calls, "ENABLE_CPU_PINNING": False}
        if _is_slow_with_bfloat16():
            settings["INFERENCE_PRECISION_HINT"] = "f32"
        try:
            self._compiled = core.compile_model(core.read_model(str(path)), "CPU", settings)
        except RuntimeError as error:
            raise ModelMismatchError(f"The model file {path.name} cannot be loaded by OpenVINO.") from error
        self._entrance = entrance
        self._outputs = {name: self._compiled.output(name) for name in outputs}
        self._of_thread = threading.local()

    def __call__(self, blob: FloatMaps) -> Outputs:
        if not hasattr(self._of_thread, "request"):
            # A request serves one call at a time.
            self._of_thread.request = self._compiled.create_infer_request()
        answer = self._of_thread.request.infer(self._entrance.feed(blob))
        # The request's memory is written anew by this thread's next picture, and fusion keeps answers a little longer.
        return {name: _plain(np.array(answer[output])) for name, output in self._outputs.items()}


def open_network(path: Path, *, backend: str, calls: int = 1, file: OnnxFile | None = None) -> Network:
    """Load a model on the backend asked for; "auto" takes OpenVINO when it is installed.

    Args:
        path: the model file.
        backend: auto, onnxruntime or openvino.
        calls: how many calls will run at the same time.
        file: what the model file says of itself, where it was read already.

    Raises:
        ModelMismatchError: not a model, or one that does not take one picture.
        SettingsInvalidError: an unknown backend, or one that is not installed.
    """
    file = file or read_onnx(path)
    entrance = entrance_of(file, path.name)
    has_openvino = importlib.util.find_spec("openvino") is not None
    if backend == "onnxruntime" or (backend == "auto" and not has_openvino):
        return OnnxNetwork(path, entrance)
    if backend not in {"auto", "openvino"}:
        raise SettingsInvalidError(f"Unknown backend “{backend}”; choose auto, onnxruntime or openvino.")
    if not has_openvino:
        raise SettingsInvalidError("OpenVINO is not installed; install touchline[fast] or use onnxruntime.")
    return OpenVinoNetwork(path, entrance, outputs=tuple(port.name for port in file.outputs), calls=calls)


def entrance_of(file: OnnxFile, name: str) -> Entrance:
    """Where the picture and, if asked for, its size go in.

    Raises:
        ModelMismatchError: the network does not take one picture of three colour planes.
    """
    pictures = [port for port in file.inputs if len(port.dims) == 4]
    sizes = [port for port in file.inputs if port.kind in {INT32, INT64} and port.dims[1:] == (2,)]
    told = f"The model {name} takes {', '.join(str(port) for port in file.inputs)}"
    if len(pictures) != 1 or len(sizes) > 1 or len(pictures) + len(sizes) != len(file.inputs):
        raise ModelMismatchError(
            f"{told}; this version runs models that take one picture (1, 3, height, width) and, if they ask for it, "
            "its size (1, 2)."
        )
    picture = pictures[0]
    if picture.dims[1] not in {3, None} or picture.kind not in {FLOAT, FLOAT16}:
        raise ModelMismatchError(
            f"{told}; this version feeds floating-point pictures with the colour planes first: "
            "(1, 3, height, width). Export the model in that form."
        )
    if picture.dims[0] not in {1, None}:
        raise ModelMismatchError(f"{told}: {picture.dims[0]} pictures at a time. Export it for one.")
    return Entrance(picture, sizes[0] if sizes else None)


def _plain(value: NDArray[Any]) -> NDArray[Any]:
    is_other_float = np.issubdtype(value.dtype, np.floating) and value.dtype != np.float32
    return value.astype(np.float32) if is_other_float else value


def _is_slow_with_bfloat16(processors: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether OpenVINO would choose bfloat16 here although it takes half as long again as float32.

    It does where the processor knows the format (AVX-512 BF16) but not the tiles that make it fast (AMX).
    """
    try:
        text = processors.read_text("utf-8", errors="replace")
    except OSError:
        return False
    flags = next((line.split() for line in text.splitlines() if line.startswith("flags")), [])
    return "avx512_bf16" in flags and "amx_bf16" not in flags
