"""Numbers of the network's interface that drawing needs too, without loading PyTorch."""

STRIDE = 4
"""Input pixels between two cells of what comes out."""

MULTIPLE = 32
"""Width and height of the input are multiples of this."""
