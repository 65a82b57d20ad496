"""The best chain of candidates that ends in each candidate: dynamic programming over the last seconds (Viterbi 1967).

Every candidate remembers one chain: where it leads (a constant-velocity filter, Kalman 1960) and what it is worth.
A new candidate is compared with all that came before it within reach, so a frame costs the square of what it holds.
"""

import numpy as np

from touchline.engine.stages.ball.marks import begin, carry_on, cost_of_start, marks_of_links
from touchline.engine.stages.ball.nodes import NODE, Nodes, apart, here, is_placed, to_px, turned
from touchline.engine.types import BoolArray, CameraStep, FloatArray, IntArray

TOP_SPEED_MPS = 36.0  # the hardest shots measured reach 36 m/s over the first metres
LONGEST_GAP_S = 1.2
# Among bodies, or beyond the edge of the picture, a ball may stay away longer, but then nobody shoots it far.
LONGEST_HIDDEN_S, _HIDDEN_SPEED_MPS = 2.5, 9.0

_ACCELERATION_MPS2 = 12.0  # rolling, bouncing, or how a flight looks from above
_KICK_MPS = 12.0
_KICK_COST, _LONE_KICK_COST = 0.1, 0.7  # at somebody's feet; where nobody stands
_LATE_COST = 0.7  # the longer nothing was seen, the more places a kick would explain
_WORST_MISFIT = 12.0
# A ball is seen to go where it is found again so soon, a kick only from somebody's feet.
_SEEN_S, _LEAP_M = 0.5, 2.0
# Half the square of a two-dimensional normal deviation is 1 on average: what fits costs nothing.
_USUAL_MISFIT = 1.0
_PLACE_NOISE_PX, _PLACE_NOISE_M = 1.2, 0.02
_UNKNOWN_SPEED_MPS = 18.0
_WAY_COST = 0.01  # per metre
_START_COST = 0.8
# What a chain was worth fades, so that an old mistake does not outweigh what is seen now; per second.
_MEMORY = 0.7
_GAP_COST, _HIDDEN_GAP_COST = 0.8, 0.5  # per second


class Chains:
    """The candidates of the last seconds with the best chain into each; nodes are numbered in order of arrival."""

    def __init__(self, *, keep_s: float) -> None:
        self._keep_s = keep_s
        self._nodes: Nodes = np.zeros(0, NODE)
        self._first = 0  # number of the oldest node kept

    def shift(self, step: CameraStep) -> None:
        """Move everything known with the picture."""
        turn, offset = np.asarray(step.affine[:, :2], float), np.asarray(step.affine[:, 2], float)
        zoom = float(np.sqrt(abs(np.linalg.det(turn))))
        nodes = self._nodes
        nodes["place"] = nodes["place"] @ turn.T + offset
        nodes["scale"] *= zoom
        nodes["spread"] *= zoom**2
        in_px = ~is_placed(nodes)
        for name in ("estimate", "home"):
            nodes[name][in_px] = nodes[name][in_px] @ turn.T + offset
        nodes["velocity"][in_px] = nodes["velocity"][in_px] @ turn.T

    def add(self, new: Nodes, *, time_s: float, frame_s: float, weight: float) -> None:
        """Link the candidates of the next frame, and forget what is too old to matter.

        Args:
            new: candidates without chains.
            time_s: of the frame.
            frame_s: usual time from frame to frame.
            weight: of one frame's evidence.
        """
        self._link(new, time_s, frame_s=frame_s, weight=weight)
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

    def _link(self, new: Nodes, time_s: float, *, frame_s: float, weight: float) -> None:
        _begin(new, time_s, weight=weight)
        rows = self._worth_a_link(new, time_s, frame_s=frame_s)
        if len(rows) == 0:
            return
        old = self._nodes[rows]
        links = _Links(old, new, time_s, frame_s=frame_s, weight=weight)
        best = np.argmax(links.worth, axis=0)
        columns = np.arange(len(new))
        better = links.worth[best, columns] > new["worth"] - new["own"]
        for column in columns[better]:
            row = int(best[column])
            links.carry_on(new[column : column + 1], old[row : row + 1], row=row, column=int(column))
            new["before"][column] = self._first + rows[row]

    def _worth_a_link(self, new: Nodes, time_s: float, *, frame_s: float) -> IntArray:
        """Rows of the earlier nodes that can be better than a fresh start for some new node; most clutter cannot."""
        recent = int(np.searchsorted(self._nodes["time_s"], time_s - LONGEST_HIDDEN_S - 1e-6))
        old = self._nodes[recent:]
        if len(old) == 0 or len(new) == 0:
            return np.zeros(0, np.intp)
        wait = time_s - old["time_s"]
        most = old["worth"] * _MEMORY**wait - _HIDDEN_GAP_COST * np.maximum(0.0, wait - frame_s)
        return recent + np.flatnonzero(most > (new["worth"] - new["own"]).min())


class _Links:
    """Every earlier node (N) with every new one (M): what the chain would be worth, and what is known along it."""

    def __init__(self, old: Nodes, new: Nodes, time_s: float, *, frame_s: float, weight: float) -> None:
        self._weight = weight
        self._wait = (time_s - old["time_s"])[:, None]
        self._scale = new["scale"]
        self._noise_px2 = _noise_px2(new)
        self._is_lost = is_placed(old)[:, None] != is_placed(new)
        self._miss, miss_px2 = self._misses(old, new)
        misfit, self._is_kick = self._fit(old, miss_px2, frame_s=frame_s)
        self._marks = marks_of_links(old, new, time_s)
        way_m = apart(old["place"], new["place"]) / self._scale
        is_late = self._wait > _SEEN_S + 1e-6
        self._is_astray = self._is_kick & (is_late | ~old["at_feet"][:, None]) & (way_m > _LEAP_M)
        self._is_leap = self._is_astray | (is_late & (way_m > _LEAP_M))
        hidden = (old["at_feet"][:, None] & new["at_feet"]) | (old["at_rim"][:, None] & new["at_rim"])
        gap = np.maximum(0.0, self._wait - frame_s) * np.where(hidden, _HIDDEN_GAP_COST, _GAP_COST)
        worth = old["worth"][:, None] * _MEMORY**self._wait
        worth = worth - gap - misfit - _WAY_COST * way_m - weight * self._marks.cost
        can_be = self._is_possible(way_m, hidden) & (misfit <= _WORST_MISFIT)
        self.worth = np.where(can_be, worth, -np.inf)

    def carry_on(self, node: Nodes, earlier: Nodes, *, row: int, column: int) -> None:
        """Let one node (an array of length 1) carry on the chain of an earlier one."""
        node["worth"] = node["own"] + self.worth[row, column]
        node["net"] = node["own"] - self._weight * self._marks.cost[row, column]
        carry_on(
            node,
            earlier,
            stays=bool(self._marks.stays[row, column]),
            is_marked=bool(self._marks.is_marked[row, column]),
            is_leap=bool(self._is_leap[row, column]),
            is_astray=bool(self._is_astray[row, column]),
        )
        if self._is_lost[row, column]:
            return
        place, cross, speed = self._predicted(earlier["spread"][0], row=row, column=column)
        whole = place + float(self._noise_px2[column])
        miss = self._miss[row, column]
        node["estimate"] = here(node) - (1 - place / whole) * miss
        node["velocity"] = earlier["velocity"] + cross / whole * miss
        node["spread"] = (place * (1 - place / whole), cross * (1 - place / whole), speed - cross**2 / whole)

    def _misses(self, old: Nodes, new: Nodes) -> tuple[FloatArray, FloatArray]:
        """By how much new nodes miss where chains lead (N, M, 2), and the square of that in pixels (N, M).

        Where only one end is placed nobody knows where the chain leads: it is compared with where it was.
        """
        ahead = old["estimate"] + old["velocity"] * self._wait
        miss = here(new)[None] - ahead[:, None]
        px = turned(to_px(new), miss)
        if self._is_lost.any():
            px = np.where(self._is_lost[..., None], new["place"][None] - old["place"][:, None], px)
        return miss, px[..., 0] ** 2 + px[..., 1] ** 2

    def _fit(self, old: Nodes, miss_px2: FloatArray, *, frame_s: float) -> tuple[FloatArray, BoolArray]:
        """What the miss costs whether the ball went on or was kicked, and whether it was; (N, M)."""
        wait, scale = self._wait, self._scale
        place, cross, speed = (old["spread"][:, part, None] for part in range(3))
        known = place + 2 * wait * cross + wait**2 * speed
        if self._is_lost.any():
            known = np.where(self._is_lost, _noise_px2(old)[:, None] + (_UNKNOWN_SPEED_MPS * scale * wait) ** 2, known)
        rolled = known + (_ACCELERATION_MPS2 * scale * wait**2) ** 2 / 4 + self._noise_px2
        # A kick right after the ball was last seen; a later one takes it less far.
        kicked = rolled + (_KICK_MPS * scale * wait) ** 2
        roll_cost = np.maximum(0.0, miss_px2 / 2 / rolled - _USUAL_MISFIT)
        kick_cost = np.maximum(0.0, miss_px2 / 2 / kicked - _USUAL_MISFIT)
        kick_cost += np.where(old["at_feet"], _KICK_COST, _LONE_KICK_COST)[:, None]
        kick_cost += _LATE_COST * np.log(np.maximum(wait / frame_s, 1.0))
        is_kick = kick_cost < roll_cost
        return np.where(is_kick, kick_cost, roll_cost), is_kick

    def _predicted(self, spread: FloatArray, *, row: int, column: int) -> tuple[float, float, float]:
        """Spread of where one chain leads, before the new node is looked at."""
        wait, scale = float(self._wait[row, 0]), float(self._scale[column])
        place, cross, speed = (float(part) for part in spread)
        push = (_ACCELERATION_MPS2 * scale) ** 2
        kick = (_KICK_MPS * scale) ** 2 if self._is_kick[row, column] else 0.0
        return (
            place + 2 * wait * cross + wait**2 * (speed + kick) + push * wait**4 / 4,
            cross + wait * (speed + kick) + push * wait**3 / 2,
            speed + kick + push * wait**2,
        )

    def _is_possible(self, way_m: FloatArray, hidden: BoolArray) -> BoolArray:
        """(N, M) whether any ball can have come that way in that time; by what faces the camera, so flights too."""
        slack_m = 2.5 * _PLACE_NOISE_PX / self._scale
        lasting = (self._wait <= LONGEST_GAP_S + 1e-6) | (hidden & (way_m <= _HIDDEN_SPEED_MPS * self._wait + slack_m))
        return np.asarray(lasting & (way_m <= TOP_SPEED_MPS * self._wait + slack_m))


def _begin(new: Nodes, time_s: float, *, weight: float) -> None:
    """Let every node begin a chain of its own."""
    new["before"], new["velocity"], new["estimate"] = -1, 0.0, here(new)
    new["spread"][:, 0], new["spread"][:, 1] = _noise_px2(new), 0.0
    new["spread"][:, 2] = (_UNKNOWN_SPEED_MPS * new["scale"]) ** 2
    begin(new, time_s)
    new["net"] = new["own"] - weight * cost_of_start(new)
    new["worth"] = new["net"] - _START_COST


def _noise_px2(nodes: Nodes) -> FloatArray:
    return np.asarray((_PLACE_NOISE_PX + _PLACE_NOISE_M * nodes["scale"]) ** 2)
