"""The detector's network: one picture in, a heat map of centres and the distances to the box's sides out.

Inverted residuals with 5x5 depthwise convolutions (Sandler et al. 2018) down to stride 32, a feature pyramid back up to
stride 4 (Lin et al. 2017), centres as points (Zhou et al. 2019). There is no batch normalisation: blocks that are added
begin as identity, so a network that sees already can be made larger without forgetting, training costs a quarter less on
a processor, and small batches (as on a club's own machine) are no worse than large ones.
"""

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional

DISTANCE_PX = 4.0
"""A distance of exp(0) in input pixels."""

# Width at strides 8, 16 and 32, and by how much each block widens.
_STAGES = ((48, (2, 2)), (80, (2, 2, 2, 2)), (112, (2, 2, 3, 3, 3)))
_STEM, _QUARTER = 12, 24
_PYRAMID = 48


class Block(nn.Module):
    """Widen, look around within each channel, narrow, add. It begins as identity."""

    def __init__(self, width: int, *, expand: int = 2, dilation: int = 1) -> None:
        super().__init__()
        wide = width * expand
        self.widen = nn.Conv2d(width, wide, 1)
        self.around = nn.Conv2d(wide, wide, 5, padding=2 * dilation, dilation=dilation, groups=wide)
        self.narrow = nn.Conv2d(wide, width, 1)
        nn.init.zeros_(self.narrow.weight)
        nn.init.zeros_(self.narrow.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        inside = functional.relu(self.widen(x), inplace=True)
        inside = functional.relu(self.around(inside), inplace=True)
        return x + self.narrow(inside)


class Down(nn.Module):
    """Half the size."""

    def __init__(self, narrow: int, wide: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(narrow, wide, 3, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(self.conv(x), inplace=True)


class Net(nn.Module):
    """(N, 3, H, W) BGR 0..255, H and W multiples of 32, to logits (N, 2, H/4, W/4) of persons and balls and to the
    logarithms (N, 4, H/4, W/4) of distances to left, top, right and bottom, in units of `DISTANCE_PX` input pixels
    from the middle of the cell.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = Down(3, _STEM)
        self.quarter = Down(_STEM, _QUARTER)
        stages, width = [], _QUARTER
        for wide, blocks in _STAGES:
            stages.append(nn.Sequential(Down(width, wide), *(Block(wide, expand=expand) for expand in blocks)))
            width = wide
        self.eighth, self.sixteenth, self.thirtysecond = stages
        self.side4 = nn.Conv2d(_QUARTER, _QUARTER, 1)
        self.side8, self.side16, self.side32 = (nn.Conv2d(narrow, _PYRAMID, 1) for narrow, _ in _STAGES)
        self.merged16 = Block(_PYRAMID, expand=3)
        self.merged8 = _blocks(_PYRAMID, (1, 1))
        self.reduce8 = nn.Conv2d(_PYRAMID, _QUARTER, 1)
        # The third one looks farther: the sides of a box lie many cells from its middle.
        self.fine = _blocks(_QUARTER, (1, 1, 2))
        self.head = nn.Conv2d(_QUARTER, _QUARTER, 3, padding=1)
        self.heat = nn.Conv2d(_QUARTER, 2, 1)
        self.box = Block(_QUARTER, dilation=2)
        self.sides = nn.Conv2d(_QUARTER, 4, 1)

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        x = picture / 127.5 - 1.0
        x4 = self.quarter(self.stem(x))
        x8 = self.eighth(x4)
        x16 = self.sixteenth(x8)
        x32 = self.thirtysecond(x16)
        top = self.merged16(self.side16(x16) + _twice(self.side32(x32)))
        top = self.merged8(self.side8(x8) + _twice(top))
        top = self.fine(self.side4(x4) + _twice(self.reduce8(top)))
        top = functional.relu(self.head(top), inplace=True)
        return self.heat(top), self.sides(self.box(top))


class Shipped(nn.Module):
    """The same with probabilities and input pixels at its end: the interface of the model file."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        heat, sides = self.net(picture)
        return heat.sigmoid(), sides.exp() * DISTANCE_PX


def parameters_of(net: nn.Module) -> int:
    return sum(weight.numel() for weight in net.parameters())


def _blocks(width: int, dilations: Sequence[int]) -> nn.Sequential:
    return nn.Sequential(*(Block(width, dilation=dilation) for dilation in dilations))


def _twice(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0, mode="nearest")
