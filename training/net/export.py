"""From a training's state to the model file that ships, with what is to be known of it.

python -m training.net.export OUT.onnx [--state FOLDER]     writes OUT.onnx, and its description OUT.json
"""

import argparse
import hashlib
import json
import warnings
from pathlib import Path
from typing import Any

import torch

from training.net import state
from training.net.commit import commit
from training.net.model import Net, Shipped, parameters_of
from training.net.sizes import MULTIPLE, STRIDE

LARGEST_BYTES = 4_000_000
_OPSET = 17


def main() -> None:
    """Export the committed weights with their description."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--state", type=Path, default=Path(__file__).parent.parent / "state")
    wanted = parser.parse_args()
    net = Net()
    progress = state.load_weights(net, wanted.state)
    if progress is None:
        parser.error(f"{wanted.state} holds no trained weights; run training.net.train first")
    if commit().endswith("+"):
        parser.error("this checkout has changes that no commit holds; commit them, so that the model can be made again")
    export(net, wanted.out)
    described = describe(net, progress)
    wanted.out.with_suffix(".json").write_text(json.dumps(described, indent=2) + "\n")
    print(f"{wanted.out}, sha256 {hashlib.sha256(wanted.out.read_bytes()).hexdigest()}")


def describe(net: Net, progress: state.Progress) -> dict[str, Any]:
    """What stands beside a model file for whoever opens it; its operating points are measured afterwards."""
    known = commit().removesuffix("+")
    training = {
        "commit": known,
        "seeds": [progress.seed],
        "scenes": progress.scenes,
        "configuration": progress.config,
    }
    described = {"licence": "Apache-2.0", "layout": "centre-heatmap", "parameters": parameters_of(net)}
    return described if known == "unknown" else described | {"training": training}


def export(net: Net, path: Path) -> None:
    """Write a network as ONNX with the interface of the shipped detectors: `x` in, `hm` and `wh` out.

    Raises:
        ValueError: the file would be larger than a shipped model may be.
    """
    picture = torch.zeros(1, 3, 8 * MULTIPLE, 8 * MULTIPLE)
    axes = {
        "x": {2: "h", 3: "w"},
        "hm": {2: f"h/{STRIDE}", 3: f"w/{STRIDE}"},
        "wh": {2: f"h/{STRIDE}", 3: f"w/{STRIDE}"},
    }
    with warnings.catch_warnings():
        # The older exporter writes plain convolutions with free sizes; the newer one needs another package for it.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Shipped(net).eval(),
            (picture,),
            str(path),
            input_names=["x"],
            output_names=["hm", "wh"],
            dynamic_axes=axes,
            opset_version=_OPSET,
            dynamo=False,
        )
    if path.stat().st_size > LARGEST_BYTES:
        path.unlink()
        raise ValueError(f"The model would need more than {LARGEST_BYTES} bytes.")


if __name__ == "__main__":
    main()
