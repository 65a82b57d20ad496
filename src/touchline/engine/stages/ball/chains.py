"""The best chain of candidates that ends in each candidate: dynamic programming over the last seconds (Viterbi 1967).

Every candidate remembers one chain: where it leads (a constant-velocity filter, Kalman 1960) and what it is worth.
A new candidate is compared with all that came before it within reach, so a frame costs the square of what it holds.
"""

import numpy as np
from numpy.typing import NDArray

from touchline.engine.types import BoolArray, CameraStep, FloatArray

Nodes = NDArray[np.void]

NODE = np.dtype(
    [
        ("frame", np.int64),
        ("time_s", np.float64),
        ("box", np.float64, 4),  # in its own picture
        ("score", np.float64),
        ("place", np.float64, 2),  # in the latest picture
        ("metres", np.float64, 2),
        ("px_per_m", np.float64, (2, 2)),
        ("scale", np.float64),  # pixels of a metre, in the latest picture
        ("lift", np.float64, 2),
        ("own", np.float64),  # what the candidate alone speaks for, before marks are taken off
        ("at_feet", np.bool_),
        ("at_rim", np.bool_),
        ("is_spot", np.bool_),  # on a spot that the pitch has
        ("still_since_s", np.float64),  # something was found here most of the time since; inf: it was not
        ("is_caption", np.bool_),
        # The chain that ends here. Places and velocities are metres where the node is placed, else pixels.
        ("worth", np.float64),
        ("before", np.int64),  # number of the node before, -1 at a start
        ("estimate", np.float64, 2),
        ("velocity", np.float64, 2),
        ("spread", np.float64, 3),  # variance of place, covariance, variance of velocity; pixels and seconds
        ("home", np.float64, 2),
        ("home_since_s", np.float64),
        ("moves", np.int64),
        ("is_marked", np.bool_),
    ]
)

TOP_SPEED_MPS = 36.0  # the hardest shots measured reach 36 m/s over the first metres
LONGEST_GAP_S = 1.2
# Among bodies, or beyond the edge of the picture, a ball may stay away longer, but then nobody shoots it far.
LONGEST_HIDDEN_S, _HIDDEN_SPEED_MPS = 2.5, 9.0
REST_RADIUS_M, _REST_RADIUS_PX = 0.35, 2.5
LONGEST_REST_S = 60.0

_ACCELERATION_MPS2 = 12.0  # rolling, bouncing, or how a flight looks from above
_KICK_MPS = 12.0
_KICK_COST, _LONE_KICK_COST = 0.1, 0.7  # at somebody's feet; where nobody stands
_LATE_COST = 0.7  # the longer nothing was seen, the more places a kick would explain
_WORST_MISFIT = 12.0
# Half the square of a two-dimensional normal deviation is 1 on average: what fits costs nothing.
_USUAL_MISFIT = 1.0
_PLACE_NOISE_PX = 1.2
_UNKNOWN_SPEED_MPS = 9.0
_SPEED_COST = 0.01  # per metre: long ways are rarer than short ones
_START_COST = 0.8
# What a chain was worth fades, so that an old mistake does not outweigh what is seen now; per second.
_MEMORY = 0.7
_GAP_COST, _HIDDEN_GAP_COST = 0.8, 0.5  # per second
_STILL_COST, _SPOT_COST, _CAPTION_COST = 0.5, 1.0, 1.5
_MOVES_TO_BELIEVE = 3
_ARRIVAL_SLACK_S = 1.0


class Chains:
    """The candidates of the last seconds with the best chain into each; nodes are numbered in order of arrival."""

    def __init__(self, *, keep_s: float) -> None:
        self._keep_s = keep_s
        self._nodes: Nodes = np.zeros(0, NODE)
        self._first = 0  # number of the oldest node kept
        self._frame_s = 0.2

    def __len__(self) -> int:
        return len(self._nodes)

    def shift(self, step: CameraStep) -> None:
        """Move everything known with the picture."""
        turn, offset = np.asarray(step.affine[:, :2], float), np.asarray(step.affine[:, 2], float)
        zoom = float(np.sqrt(abs(np.linalg.det(turn))))
        nodes = self._nodes
        nodes["place"] = nodes["place"] @ turn.T + offset
        nodes["scale"] *= zoom
        nodes["spread"] *= zoom**2
        in_px = ~_is_placed(nodes)
        for name in ("estimate", "home"):
            nodes[name][in_px] = nodes[name][in_px] @ turn.T + offset
        nodes["velocity"][in_px] = nodes["velocity"][in_px] @ turn.T

    def add(self, new: Nodes, *, time_s: float) -> None:
        """Link the candidates of the next frame, and forget what is too old to matter."""
        if len(self._nodes):
            since = time_s - float(self._nodes["time_s"][-1])
            self._frame_s = float(np.clip(since, 0.02, 0.5)) if since > 0 else self._frame_s
        self._link(new, time_s)
        keep = self._nodes["time_s"] >= time_s - self._keep_s
        dropped = int(np.argmax(keep)) if keep.any() else len(keep)
        self._first += dropped
        self._nodes = np.concatenate([self._nodes[dropped:], new])

    def best_end(self, now_s: float) -> int:
        """Number of the node in which the likeliest chain ends; -1 when none is worth anything."""
        nodes = self._nodes
        if len(nodes) == 0:
            return -1
        waited = now_s - nodes["time_s"]
        # An earlier end must outweigh that nothing was seen since.
        worth = nodes["worth"] * _MEMORY**waited - _GAP_COST * np.minimum(waited, LONGEST_GAP_S)
        worth[nodes["worth"] <= 0] = -np.inf
        best = int(np.argmax(worth))
        return self._first + best if np.isfinite(worth[best]) else -1

    def chain(self, end: int) -> Nodes:
        """The nodes of the chain that ends in a node, in time order, as far back as they are kept."""
        rows = []
        while end >= self._first:
            rows.append(end - self._first)
            end = int(self._nodes["before"][end - self._first])
        return self._nodes[rows[::-1]]

    def node(self, number: int) -> Nodes:
        """One node as an array of length 1."""
        return self._nodes[number - self._first : number - self._first + 1]

    def _link(self, new: Nodes, time_s: float) -> None:
        _begin(new, time_s)
        recent = int(np.searchsorted(self._nodes["time_s"], time_s - LONGEST_HIDDEN_S - 1e-6))
        old = self._nodes[recent:]
        if len(old) == 0 or len(new) == 0:
            return
        reach = _Reach(old, new, time_s, frame_s=self._frame_s)
        best = np.argmax(reach.worth, axis=0)
        columns = np.arange(len(new))
        linked = reach.worth[best, columns] > new["worth"] - new["own"]
        for column in columns[linked]:
            _continue(new[column : column + 1], old[best[column]], reach, row=int(best[column]), column=int(column))
            new["before"][column] = self._first + recent + int(best[column])


class _Reach:
    """How well each earlier node (N) leads to each new one (M)."""

    def __init__(self, old: Nodes, new: Nodes, time_s: float, *, frame_s: float) -> None:
        wait = (time_s - old["time_s"])[:, None]
        scale = new["scale"][None, :]
        self.noise_px2 = _noise_px2(new)
        self.miss, misfit_px, unknown = self._miss(old, new, wait)
        q = (_ACCELERATION_MPS2 * scale) ** 2
        lost = (_noise_px2(old)[:, None], 0.0, (_UNKNOWN_SPEED_MPS * scale) ** 2)
        spread = [np.where(unknown, lost[part], old["spread"][:, part, None]) for part in range(3)]
        rolled = np.stack(
            [
                spread[0] + 2 * wait * spread[1] + wait**2 * spread[2] + q * wait**4 / 4,
                spread[1] + wait * spread[2] + q * wait**3 / 2,
                spread[2] + q * wait**2,
            ]
        )
        kick = (_KICK_MPS * scale) ** 2 * np.stack(np.broadcast_arrays(wait**2 / 3, wait / 2, np.ones_like(wait)))
        kicked = rolled + kick
        square = misfit_px**2
        roll_cost = square / (rolled[0] + self.noise_px2) / 2
        kick_cost = square / (kicked[0] + self.noise_px2) / 2
        kick_cost += np.where(old["at_feet"], _KICK_COST, _LONE_KICK_COST)[:, None]
        kick_cost += _LATE_COST * np.log(np.maximum(wait / frame_s, 1.0))
        self.is_kick = kick_cost < roll_cost
        self.spread = np.where(self.is_kick, kicked, rolled)
        misfit = np.maximum(0.0, np.minimum(roll_cost, kick_cost) - _USUAL_MISFIT)
        far_px = np.hypot(*(new["place"][None] - old["place"][:, None]).transpose(2, 0, 1))
        way_m = far_px / scale
        slack_m = 3.0 / scale
        hidden = (old["at_feet"][:, None] & new["at_feet"]) | (old["at_rim"][:, None] & new["at_rim"])
        possible = way_m <= TOP_SPEED_MPS * wait + slack_m
        possible &= (wait <= LONGEST_GAP_S + 1e-6) | (hidden & (way_m <= _HIDDEN_SPEED_MPS * wait + slack_m))
        possible &= misfit <= _WORST_MISFIT
        gap = np.maximum(0.0, wait - frame_s) * np.where(hidden, _HIDDEN_GAP_COST, _GAP_COST)
        self.same_home, self.is_marked, mark = self._marks(old, new, time_s)
        worth = old["worth"][:, None] * _MEMORY**wait - gap - misfit - _SPEED_COST * way_m - mark
        self.worth = np.where(possible, worth, -np.inf)

    @staticmethod
    def _miss(old: Nodes, new: Nodes, wait: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """How new nodes miss where chains lead.

        Returns:
            the miss (N, M, 2), the same in pixels (N, M), and which chains do not say where they lead, as one end is
            placed and the other is not (N, M).
        """
        old_placed, new_placed = _is_placed(old), _is_placed(new)
        ahead = old["estimate"] + old["velocity"] * wait
        here = np.where(new_placed[:, None], new["metres"], new["place"])
        miss = here[None] - ahead[:, None]
        unknown = old_placed[:, None] != new_placed
        miss = np.where(unknown[..., None], new["place"][None] - old["place"][:, None], miss)
        turned = np.where((new_placed[None] & ~unknown)[..., None, None], new["px_per_m"][None], np.eye(2))
        px = np.einsum("nmij,nmj->nmi", turned, miss)
        return miss, np.hypot(px[..., 0], px[..., 1]), unknown

    @staticmethod
    def _marks(old: Nodes, new: Nodes, time_s: float) -> tuple[BoolArray, BoolArray, FloatArray]:
        """Whether a chain stays where it rests, whether it sits on a mark then, and what that costs; (N, M) each.

        A ball that rests is one that was seen to come: its chain moved, and nothing was found at the place before it
        came. Everything else that stays is a mark, as is what rests for more than a minute.
        """
        same = _is_home(old, new)
        came = (old["moves"] >= _MOVES_TO_BELIEVE)[:, None] & ~(same & old["is_marked"][:, None])
        since = np.where(same, old["home_since_s"][:, None], time_s)
        is_still = np.isfinite(new["still_since_s"])[None]
        fresh = new["still_since_s"][None] >= since - _ARRIVAL_SLACK_S
        rests = came & (time_s - since <= LONGEST_REST_S) & (~is_still | fresh)
        is_mark = (is_still | new["is_spot"][None]) & ~rests
        cost = np.where(is_mark, np.where(new["is_spot"], _SPOT_COST, _STILL_COST)[None], 0.0)
        return same, is_mark, cost + _CAPTION_COST * new["is_caption"]


def _begin(new: Nodes, time_s: float) -> None:
    """Let every node begin a chain of its own."""
    placed = _is_placed(new)
    here = np.where(placed[:, None], new["metres"], new["place"])
    new["before"], new["moves"], new["velocity"] = -1, 0, 0.0
    new["estimate"], new["home"], new["home_since_s"] = here, here, time_s
    new["spread"][:, 0], new["spread"][:, 1] = _noise_px2(new), 0.0
    new["spread"][:, 2] = (_UNKNOWN_SPEED_MPS * new["scale"]) ** 2
    new["is_marked"] = np.isfinite(new["still_since_s"]) | new["is_spot"] | new["is_caption"]
    mark = _STILL_COST * np.isfinite(new["still_since_s"])
    mark = np.where(new["is_spot"], _SPOT_COST, mark) + _CAPTION_COST * new["is_caption"]
    new["worth"] = new["own"] - _START_COST - mark


def _continue(node: Nodes, earlier: Nodes, reach: _Reach, *, row: int, column: int) -> None:
    """Let one node (an array of length 1) carry on the chain of an earlier one."""
    place, cross, speed = reach.spread[:, row, column]
    noise = float(reach.noise_px2[column])
    gain, gain_speed = place / (place + noise), cross / (place + noise)
    here = node["metres"][0] if np.isfinite(node["metres"]).all() else node["place"][0]
    miss = reach.miss[row, column]
    before = here - miss
    velocity = earlier["velocity"] if np.isfinite(earlier["metres"]).all() == np.isfinite(node["metres"]).all() else 0.0
    node["estimate"] = before + gain * miss
    node["velocity"] = velocity + gain_speed * miss
    node["spread"] = (place * (1 - gain), cross * (1 - gain), speed - gain_speed * cross)
    node["worth"] = node["own"] + reach.worth[row, column]
    node["is_marked"] = reach.is_marked[row, column]
    if reach.same_home[row, column]:
        node["home"], node["home_since_s"], node["moves"] = earlier["home"], earlier["home_since_s"], earlier["moves"]
    else:
        node["moves"] = earlier["moves"] + 1


def _is_home(old: Nodes, new: Nodes) -> BoolArray:
    """(N, M) whether new nodes lie where the chains rest."""
    placed = _is_placed(new)
    here = np.where(placed[:, None], new["metres"], new["place"])
    away = here[None] - old["home"][:, None]
    turned = np.where(placed[:, None, None], new["px_per_m"], np.eye(2))
    px = np.einsum("mij,nmj->nmi", turned, away)
    radius = np.maximum(_REST_RADIUS_PX, REST_RADIUS_M * new["scale"])
    comparable = _is_placed(old)[:, None] == placed
    return np.asarray(comparable & (np.hypot(px[..., 0], px[..., 1]) < radius))


def _is_placed(nodes: Nodes) -> BoolArray:
    return np.asarray(np.isfinite(nodes["metres"][:, 0]))


def _noise_px2(nodes: Nodes) -> FloatArray:
    return np.asarray((_PLACE_NOISE_PX + 0.02 * nodes["scale"]) ** 2)
