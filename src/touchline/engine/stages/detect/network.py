"""Running a centre-heatmap network: ONNX Runtime always works, OpenVINO is used when it is installed."""

import importlib
import importlib.util
import threading
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from touchline.engine.errors import ModelMismatchError, SettingsInvalidError

FloatMaps = NDArray[np.float32]


class Network(Protocol):
    """A network with one picture in and two maps out; may be called from several threads at the same time.

    Every call works on one core: pictures side by side beat several cores on one picture.
    """

    @property
    def name(self) -> str: ...

    def __call__(self, blob: NDArray[np.float32]) -> tuple[FloatMaps, FloatMaps]:
        """Run on (1, 3, H, W) BGR 0..255; heat (2, H/4, W/4) and distances (4, H/4, W/4) come back."""


class OnnxNetwork:
    """The network on ONNX Runtime's CPU provider."""

    name = "onnxruntime"

    def __init__(self, path: Path) -> None:
        import onnxruntime  # loads a large native library; only an engine that analyses needs it

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises a family of its own without a common public base
            raise ModelMismatchError(f"The model file {path.name} is not an ONNX model that can be loaded.") from error
        outputs = {output.name for output in self._session.get_outputs()}
        if not {"hm", "wh"} <= outputs:
            raise ModelMismatchError(
                f"The model {path.name} has outputs {', '.join(sorted(outputs))}; this version reads centre-heatmap "
                "models with the outputs hm and wh."
            )
        self._input = self._session.get_inputs()[0].name

    def __call__(self, blob: NDArray[np.float32]) -> tuple[FloatMaps, FloatMaps]:
        heat, distances = self._session.run(["hm", "wh"], {self._input: blob})
        return heat[0], distances[0]


class OpenVinoNetwork:
    """The network on OpenVINO's CPU plug-in, about twice as fast where the processor knows bfloat16.

    There boxes may differ by a few pixels from ONNX Runtime's; measured on labelled frames neither is better.
    """

    name = "openvino"

    def __init__(self, path: Path, *, calls: int) -> None:
        openvino: Any = importlib.import_module("openvino")  # optional extra

        core = openvino.Core()
        # Pinning would put two engines on the same core.
        settings = {"NUM_STREAMS": calls, "INFERENCE_NUM_THREADS": calls, "ENABLE_CPU_PINNING": False}
        try:
            self._compiled = core.compile_model(core.read_model(str(path)), "CPU", settings)
        except RuntimeError as error:
            raise ModelMismatchError(f"The model file {path.name} cannot be loaded by OpenVINO.") from error
        self._heat, self._distances = self._compiled.output("hm"), self._compiled.output("wh")
        self._of_thread = threading.local()

    def __call__(self, blob: NDArray[np.float32]) -> tuple[FloatMaps, FloatMaps]:
        if not hasattr(self._of_thread, "request"):
            # A request serves one call at a time.
            self._of_thread.request = self._compiled.create_infer_request()
        answer = self._of_thread.request.infer([blob])
        return answer[self._heat][0], answer[self._distances][0]


def open_network(path: Path, *, backend: str, calls: int = 1) -> Network:
    """Load a model on the backend asked for; "auto" takes OpenVINO when it is installed.

    Args:
        path: the model file.
        backend: auto, onnxruntime or openvino.
        calls: how many calls will run at the same time.

    Raises:
        ModelMismatchError: not a model, or not of the layout that this version reads.
        SettingsInvalidError: an unknown backend, or one that is not installed.
    """
    has_openvino = importlib.util.find_spec("openvino") is not None
    if backend == "onnxruntime" or (backend == "auto" and not has_openvino):
        return OnnxNetwork(path)
    if backend not in {"auto", "openvino"}:
        raise SettingsInvalidError(f"Unknown backend “{backend}”; choose auto, onnxruntime or openvino.")
    if not has_openvino:
        raise SettingsInvalidError("OpenVINO is not installed; install touchline[fast] or use onnxruntime.")
    return OpenVinoNetwork(path, calls=calls)
