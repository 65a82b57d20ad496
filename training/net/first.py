"""The first detector's weights in the larger network, which then sees exactly what the first one saw."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from training.net.model import Block, Net


def load_first(net: Net, path: Path) -> None:
    """Take over every convolution of the first model; blocks that it had not stay identity.

    Raises:
        ValueError: the file is another network.
    """
    convolutions = _convolutions(path)
    wanted = dict(_places(net))
    if convolutions.keys() != wanted.keys():
        odd = sorted(convolutions.keys() ^ wanted.keys())
        raise ValueError(f"{path.name} is not the first detector: {', '.join(odd)}")
    with torch.no_grad():
        for name, conv in wanted.items():
            weight, bias = convolutions[name]
            conv.weight.copy_(torch.tensor(weight))
            assert conv.bias is not None
            conv.bias.copy_(torch.tensor(bias))


def _places(net: Net) -> Iterator[tuple[str, nn.Conv2d]]:
    """Names of the first model's convolutions and where they live here."""
    yield "s1/s1.0", net.stem.conv
    yield "s2/s2.0", net.quarter.conv
    for name, stage, blocks in (("s3", net.eighth, 2), ("s4", net.sixteenth, 3), ("s5", net.thirtysecond, 2)):
        yield f"{name}/{name}.0/{name}.0.0", stage[0].conv
        for index in range(1, blocks + 1):
            yield from _block(f"{name}/{name}.{index}", stage[index])
    yield "l2", net.side4
    yield "l3", net.side8
    yield "l4", net.side16
    yield "l5", net.side32
    yield from _block("o3", net.merged8[0])
    yield "r3", net.reduce8
    for index in range(2):
        yield from _block(f"fine/fine.{index}", net.fine[index])
    yield "h/h.0", net.head
    yield "hm", net.heat
    yield "wh", net.sides


def _block(name: str, block: nn.Module) -> Iterator[tuple[str, nn.Conv2d]]:
    assert isinstance(block, Block)
    yield f"{name}/f/f.0/f.0.0", block.widen
    yield f"{name}/f/f.1/f.1.0", block.around
    yield f"{name}/f/f.2", block.narrow


def _convolutions(path: Path) -> Mapping[str, tuple[np.ndarray, np.ndarray]]:
    """Weights and biases by name; batch normalisation is folded into them."""
    graph = onnx.load(str(path)).graph
    values = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    found = {}
    for node in graph.node:
        if node.op_type == "Conv":
            name = node.output[0].removeprefix("/n/").removesuffix("/Conv_output_0")
            found[name] = (values[node.input[1]], values[node.input[2]])
    return found
