"""What the network should answer for a scene, cell by cell."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.net.sizes import STRIDE
from training.scenes.scene import Scene

Floats = NDArray[np.float32]

# A person's peak spreads over this share of his box (Liu et al. 2020, TTFNet); a ball's over these cells.
_SPREAD = 0.54 / 6
_LEAST_CELLS = 0.45
_BALL_CELLS = 0.6
# Cells that near to the middle (as height of the peak) learn the sides of the box.
_CORE = 0.35
_LEAST_VISIBLE = 0.3
# Whoever labels pictures by hand leaves about a pixel around a person, more around large ones.
MARGIN_PX, MARGIN_OF_HEIGHT = 0.4, 0.012


@dataclass(frozen=True)
class Targets:
    """One scene's targets on its (h, w) cells.

    heat: (2, h, w) 0..1, one at the middle of each person and ball.
    judged: (2, h, w) bool, where the answer counts.
    sides: (4, h, w) distances left, top, right, bottom in input pixels; 1 where nobody is.
    share: (h, w) weight of each cell in the loss of the sides; the cells of one person add up to 1.
    """

    heat: Floats
    judged: NDArray[np.bool_]
    sides: Floats
    share: Floats


def targets_of(scene: Scene) -> Targets:
    """Targets of a scene; whoever stands in front owns the cells."""
    cells = scene.image.shape[0] // STRIDE
    heat = np.zeros((2, cells, cells), np.float32)
    sides = np.ones((4, cells, cells), np.float32)
    share = np.zeros((cells, cells), np.float32)
    owner = np.full((cells, cells), -1, np.int32)
    core = np.zeros((cells, cells), np.float32)
    judged = np.ones((2, cells, cells), bool)
    for x0, y0, x1, y1 in scene.ignore:
        judged[:, _cell(y0) : _cell(y1) + 1, _cell(x0) : _cell(x1) + 1] = False
    middle = (np.arange(cells, dtype=np.float32) + 0.5) * STRIDE
    nearest_last = np.argsort(scene.people[:, 3], kind="stable")
    for index in nearest_last:
        if scene.people_visible[index] < _LEAST_VISIBLE:
            continue
        x0, y0, x1, y1 = with_margin(scene.people[index])
        spread = np.maximum(np.array([x1 - x0, y1 - y0]) * _SPREAD / STRIDE, _LEAST_CELLS)
        rows, columns, peak = _peak((x0 + x1) / 2, (y0 + y1) / 2, spread, cells)
        here = heat[0, rows, columns]
        np.maximum(here, peak, out=here)
        judged[0, rows, columns] |= peak >= _CORE
        # A nearer person takes a cell unless it is clearly more the other one's.
        takes = (peak >= _CORE) & (peak >= 0.7 * core[rows, columns])
        owner[rows, columns][takes] = index
        core[rows, columns][takes] = peak[takes]
        x, y = middle[columns][None, :], middle[rows][:, None]
        for side, distance in enumerate((x - x0, y - y0, x1 - x, y1 - y)):
            sides[side, rows, columns][takes] = np.broadcast_to(distance, takes.shape)[takes]
    for index in np.unique(owner[owner >= 0]):
        mine = owner == index
        share[mine] = core[mine] / core[mine].sum()
    for (x0, y0, x1, y1), visible in zip(scene.balls, scene.balls_visible, strict=True):
        if visible < _LEAST_VISIBLE:
            judged[1, _cell(y0) : _cell(y1) + 1, _cell(x0) : _cell(x1) + 1] = False
            continue
        spread = np.maximum(np.array([x1 - x0, y1 - y0]) * _SPREAD / STRIDE, _BALL_CELLS)
        rows, columns, peak = _peak((x0 + x1) / 2, (y0 + y1) / 2, spread, cells)
        here = heat[1, rows, columns]
        np.maximum(here, peak, out=here)
        judged[1, rows, columns] |= peak >= _CORE
    return Targets(heat, judged, np.maximum(sides, 0.5), share)


def with_margin(boxes: Floats) -> Floats:
    """Boxes (..., 4) as the detector is to find them: the outline's, and a little around it."""
    margin = MARGIN_PX + MARGIN_OF_HEIGHT * (boxes[..., 3:] - boxes[..., 1:2])
    return np.concatenate([boxes[..., :2] - margin, boxes[..., 2:] + margin], axis=-1)


def _peak(x: float, y: float, spread: NDArray[np.float64], cells: int) -> tuple[slice, slice, Floats]:
    """A bell around a point in pixels that is one at the point's cell: where it lies, and its values."""
    column = int(np.clip(x // STRIDE, 0, cells - 1))
    row = int(np.clip(y // STRIDE, 0, cells - 1))
    reach = np.ceil(3 * spread).astype(int)
    columns = slice(max(0, column - reach[0]), min(cells, column + reach[0] + 1))
    rows = slice(max(0, row - reach[1]), min(cells, row + reach[1] + 1))
    dx = (np.arange(columns.start, columns.stop) - column) / spread[0]
    dy = (np.arange(rows.start, rows.stop) - row) / spread[1]
    return rows, columns, np.exp(-(dx[None, :] ** 2 + dy[:, None] ** 2) / 2).astype(np.float32)


def _cell(pixels: float) -> int:
    return max(0, int(pixels // STRIDE))
