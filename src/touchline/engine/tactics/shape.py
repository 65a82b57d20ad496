"""Team shape per frame: line, width, length, spread, spacing and units. All in metres, frame T of the team.

Every function takes (G, M, 2) outfield positions with NaN padding and answers NaN where too few were seen.
Formulas: tactics specification §5; stretch index after Rico-González et al. 2022.
"""

import numpy as np

from touchline.engine.types import FloatArray

_HULL_FRAMES = 64


def pack_outfield(positions: FloatArray) -> FloatArray:
    """Move the seen players of each frame to the front and drop columns nobody needs: (G, P, 2) to (G, M, 2)."""
    seen = np.isfinite(positions[..., 0])
    most = int(seen.sum(axis=1).max(initial=0))
    order = np.argsort(~seen, axis=1, kind="stable")[:, :most]
    return np.take_along_axis(positions, order[..., None], axis=1)


def line_height(outfield: FloatArray, *, deepest: int = 2) -> FloatArray:
    """Mean distance of the deepest players to their own goal line, (G,)."""
    if outfield.shape[1] < deepest:
        return np.full(len(outfield), np.nan)
    return np.asarray(np.sort(outfield[..., 0], axis=1)[:, :deepest].mean(axis=1))  # NaN sorts last


def extent(outfield: FloatArray, *, axis: int) -> FloatArray:
    """Largest minus smallest coordinate: axis 0 is length, axis 1 is width. (G,), NaN below two players."""
    values = outfield[..., axis]
    seen = np.isfinite(values)
    spread = np.where(seen, values, -np.inf).max(axis=1, initial=-np.inf) - np.where(seen, values, np.inf).min(
        axis=1, initial=np.inf
    )
    return np.where(seen.sum(axis=1) >= 2, spread, np.nan)


def centroid(outfield: FloatArray) -> FloatArray:
    """Mean position of the seen outfield players, (G, 2)."""
    seen = np.isfinite(outfield[..., 0])
    count = seen.sum(axis=1)
    total = np.where(seen[..., None], outfield, 0.0).sum(axis=1)
    return np.where((count > 0)[:, None], total / np.maximum(count, 1)[:, None], np.nan)


def stretch_index(outfield: FloatArray) -> FloatArray:
    """Mean distance of the players to their centroid (lower = tighter), (G,)."""
    distance = np.linalg.norm(outfield - centroid(outfield)[:, None], axis=-1)
    return _row_mean(distance)


def pair_distances(outfield: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean distance of all pairs, and standard deviation of nearest-team-mate distances (lower = more even).

    Returns:
        mean_pair_distance (G,), uniformity (G,); NaN below two players.
    """
    frames, players, _ = outfield.shape
    if players < 2:
        return np.full(frames, np.nan), np.full(frames, np.nan)
    gaps = np.linalg.norm(outfield[:, :, None] - outfield[:, None], axis=-1)
    upper = np.triu_indices(players, k=1)
    mean_pair = _row_mean(gaps[:, upper[0], upper[1]])
    gaps[:, np.arange(players), np.arange(players)] = np.nan
    nearest = np.fmin.reduce(gaps, axis=2)
    spread = nearest - _row_mean(nearest)[:, None]
    return mean_pair, np.sqrt(_row_mean(spread**2))


def hull_area(outfield: FloatArray) -> FloatArray:
    """Convex hull area in m², (G,); NaN below three players.

    Between the leftmost and the rightmost player the hull's upper edge is, at every player's x, the highest chord
    between any two players on either side; the lower edge likewise. Exact, and free of a loop over frames.
    """
    frames, players, _ = outfield.shape
    if players < 3:
        return np.full(frames, np.nan)
    # Every chord at every player needs players³ numbers a frame, so a minute is worked off in blocks.
    blocks = [_hull_area(outfield[start : start + _HULL_FRAMES]) for start in range(0, frames, _HULL_FRAMES)]
    return np.concatenate(blocks) if blocks else np.zeros(0)


def _hull_area(outfield: FloatArray) -> FloatArray:
    order = np.argsort(outfield[..., 0], axis=1)  # NaN sorts last
    x = np.take_along_axis(outfield[..., 0], order, axis=1)
    y = np.take_along_axis(outfield[..., 1], order, axis=1)
    left, right, at = x[:, :, None, None], x[:, None, :, None], x[:, None, None, :]
    base, top = y[:, :, None, None], y[:, None, :, None]
    with np.errstate(invalid="ignore"):
        width = right - left
        share = np.where(width > 1e-6, (at - left) / np.where(width > 1e-6, width, 1.0), 0.0)
        spans = (left <= at) & (at <= right)
    chord = base + share * (top - base)
    upper = np.where(spans, chord, -np.inf).max(axis=(1, 2))
    lower = np.where(spans, chord, np.inf).min(axis=(1, 2))
    height = upper - lower
    strip = np.diff(x, axis=1) * (height[:, 1:] + height[:, :-1]) / 2
    area = np.where(np.isfinite(strip), strip, 0.0).sum(axis=1)
    return np.where(np.isfinite(x).sum(axis=1) >= 3, area, np.nan)


def unit_gaps(outfield: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Distances between the means of back, middle and front group.

    Groups: the three-way split of the sorted x' with three to five players at the back and the least variance
    within groups; needs nine players.

    Returns:
        gap_def_mid (G,), gap_mid_att (G,).
    """
    frames = len(outfield)
    def_mid, mid_att = np.full(frames, np.nan), np.full(frames, np.nan)
    ordered = np.sort(outfield[..., 0], axis=1)
    count = np.isfinite(ordered).sum(axis=1)
    for players in np.unique(count[count >= 9]):
        rows = np.flatnonzero(count == players)
        def_mid[rows], mid_att[rows] = _best_split(ordered[rows, :players])
    return def_mid, mid_att


def _best_split(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    rows, players = x.shape
    total = np.concatenate([np.zeros((rows, 1)), np.cumsum(x, axis=1)], axis=1)
    squares = np.concatenate([np.zeros((rows, 1)), np.cumsum(x**2, axis=1)], axis=1)

    def group(start: int, stop: int) -> tuple[FloatArray, FloatArray]:
        size = stop - start
        mean = (total[:, stop] - total[:, start]) / size
        return mean, squares[:, stop] - squares[:, start] - size * mean**2

    best = np.full(rows, np.inf)
    gaps = np.full((2, rows), np.nan)
    for back in (3, 4, 5):
        for front_from in range(back + 1, players):
            means, costs = zip(*(group(0, back), group(back, front_from), group(front_from, players)), strict=True)
            cost = costs[0] + costs[1] + costs[2]
            better = cost < best
            best = np.where(better, cost, best)
            gaps = np.where(better, np.stack([means[1] - means[0], means[2] - means[1]]), gaps)
    return gaps[0], gaps[1]


def _row_mean(values: FloatArray) -> FloatArray:
    """Mean over the finite entries of each row, NaN where there are none; silent, unlike nanmean."""
    seen = np.isfinite(values)
    count = seen.sum(axis=1)
    return np.where(count > 0, np.where(seen, values, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)
