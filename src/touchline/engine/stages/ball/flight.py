"""Does a stretch of a path lie on the ground? A ball in the air seems to curve and brake as no rolling ball can.

What is h metres high is drawn where the ground behind it is, the further away the flatter the camera looks. Gravity
therefore bends the path drawn on the ground towards the camera by 9.81 m/s² times that factor.
"""

import numpy as np
from numpy.typing import NDArray

from touchline.engine.stages.ball.chains import TOP_SPEED_MPS
from touchline.engine.stages.ball.nodes import Nodes
from touchline.engine.types import FloatArray

_GRAVITY_MPS2 = 9.81
# A stretch must last this long to show its curve, and cannot be longer than a long pass.
_SHORTEST_S, _LONGEST_S, _LEAST_NODES = 0.55, 2.6, 5
_LONGEST_GAP_S = 0.65
_ENDS_PER_S = 6.0
_FIT_PX = 2.0  # root mean square within which a stretch is one smooth movement without a kick
_NOISE_PX = 1.2
# A ball on grass is braked by up to so much, most where it stops in long or wet grass, and swerves a little.
_BRAKE_MPS2, _SWERVE_MPS2 = 6.0, 2.0
_LEAST_GRAVITY = 0.3  # share of gravity that a curve must show to speak for a flight
_LEAST_RISE_M = 0.5  # lower flights do not matter
_FEET_SHARE = 0.6


def in_the_air(path: Nodes, row: int) -> bool:
    """Whether the longest smooth stretch of a path around one of its nodes can only be a flight.

    Args:
        path: placed nodes of one chain in time order.
        row: the node that is asked about.
    """
    reach = np.abs(path["time_s"] - path["time_s"][row]) <= _LONGEST_S
    first = int(np.argmax(reach))
    near, here = path[reach], row - first
    times = near["time_s"] - near["time_s"][here]
    to_px = near["px_per_m"][here]
    drawn_px = (near["metres"] - near["metres"][here]) @ to_px.T
    starts, stops = _stretches(times, here)
    if len(starts) == 0:
        return False
    motion, spread, rms = _fits(times, drawn_px, starts, stops)
    length = np.where(rms <= _FIT_PX, times[stops] - times[starts], 0.0)
    best = int(np.argmax(length))
    if length[best] <= 0:
        return False
    inside = slice(int(starts[best]), int(stops[best]) + 1)
    if near["at_feet"][inside].mean() > _FEET_SHARE:
        return False
    return _is_flight(motion[best], float(spread[best]), float(length[best]), to_px=to_px, lift=near["lift"][here])


def _is_flight(
    motion: FloatArray, acceleration_sd_px: float, length_s: float, *, to_px: FloatArray, lift: FloatArray
) -> bool:
    """Judge one fitted stretch; motion (2, 2): velocity in its middle and acceleration, pixels and seconds."""
    velocity, acceleration = np.linalg.solve(to_px, motion.T).T
    speed = float(np.hypot(*velocity))
    if speed > TOP_SPEED_MPS:
        return True
    factor = float(np.hypot(*lift))
    if factor < 1e-6:
        return False
    ahead = velocity / max(speed, 1e-6)
    brake = float(np.clip(-acceleration @ ahead, 0.0, _BRAKE_MPS2)) if speed > 0.5 else 0.0
    left_over = acceleration + brake * ahead
    towards = float(-left_over @ lift) / factor
    rise_px = float(np.hypot(*(to_px @ lift)))
    doubt = 2.0 * acceleration_sd_px / rise_px * factor
    rise_m = towards / factor * length_s**2 / 8
    least = max(_SWERVE_MPS2, _LEAST_GRAVITY * _GRAVITY_MPS2 * factor)
    return towards - doubt > least and rise_m > _LEAST_RISE_M


def _stretches(times: FloatArray, here: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and last rows of all stretches around a row that are long enough and have no long gap."""
    broken = np.flatnonzero(np.diff(times) > _LONGEST_GAP_S)
    low = int(broken[broken < here].max(initial=-1)) + 1
    high = int(broken[broken >= here].min(initial=len(times) - 1))
    earlier, later = _spread(times, here, low), _spread(times, here, high)
    starts, stops = (part.ravel() for part in np.meshgrid(earlier, later, indexing="ij"))
    lasting = times[stops] - times[starts]
    fits = (lasting >= _SHORTEST_S) & (lasting <= _LONGEST_S) & (stops - starts + 1 >= _LEAST_NODES)
    return starts[fits], stops[fits]


def _spread(times: FloatArray, here: int, end: int) -> NDArray[np.intp]:
    """Rows from `here` to `end`, about five a second: ends need not be known better than that."""
    rows = np.arange(here, end + 1) if end >= here else np.arange(here, end - 1, -1)
    if len(rows) < 3:
        return rows
    steps = np.floor(np.abs(times[rows] - times[here]) * _ENDS_PER_S + 1e-6)
    fresh = np.append(True, np.diff(steps) > 0)
    fresh[-1] = True
    return np.asarray(rows[fresh])


def _fits(
    times: FloatArray, places: FloatArray, starts: NDArray[np.intp], stops: NDArray[np.intp]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Least-squares parabolas over all stretches at once, from running sums.

    Returns:
        motion (W, 2, 2): velocity in the middle and acceleration; standard deviation of the acceleration (W,) for
        the usual noise of places; root mean square of what is left (W,).
    """
    powers = np.stack([times**k for k in range(5)])
    sums = _running(powers, starts, stops)  # (5, W)
    mixed = _running(np.concatenate([powers[k] * places.T for k in range(3)]), starts, stops)  # (6, W): x, y by power
    squares = _running((places**2).sum(axis=1)[None], starts, stops)[0]
    normal = np.stack([np.stack([sums[i + j] for j in range(3)], axis=-1) for i in range(3)], axis=-2)  # (W, 3, 3)
    right = mixed.reshape(3, 2, -1).transpose(2, 0, 1)  # (W, 3, 2)
    normal = normal + 1e-9 * np.eye(3)
    solved = np.linalg.solve(normal, right)
    left = np.maximum(squares - (solved * right).sum(axis=(1, 2)), 0.0)
    count = sums[0]
    rms = np.sqrt(left / np.maximum(count - 1.5, 1.0))
    middle = (times[starts] + times[stops]) / 2
    velocity = solved[:, 1] + 2 * solved[:, 2] * middle[:, None]
    acceleration_sd = 2 * np.sqrt(np.maximum(np.linalg.inv(normal)[:, 2, 2], 0.0)) * _NOISE_PX
    return np.stack([velocity, 2 * solved[:, 2]], axis=1), acceleration_sd, rms


def _running(values: FloatArray, starts: NDArray[np.intp], stops: NDArray[np.intp]) -> FloatArray:
    """Sums of values (K, T) over rows start..stop of each stretch: (K, W)."""
    total = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    return np.asarray(total[:, stops + 1] - total[:, starts])
