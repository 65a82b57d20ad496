"""The ball's path through noisy candidates: the best chain over seconds, decided two seconds late; gaps stay gaps.

A single candidate proves little (spots, boots and lamps look like balls), a chain that moves as a ball can move does.
The chain is found by dynamic programming (Viterbi 1967) over a sliding window.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from touchline.engine.types import BallFound, CameraStep, FloatArray, IntArray

# Distances are in heights of a person (1.8 m).
_TOP_SPEED = 19.0  # per s: 34 m/s
_SPEED_COST = 0.035  # per height and second: slow chains are likelier
_TURN_COST = 0.02  # per height and second of changed speed
_START_COST = 0.8
# What a chain was worth fades, so that an old mistake does not outweigh what is seen now.
_MEMORY = 0.93  # per fifth of a second
_GAP_COST = 0.16  # per analysed fifth of a second without a candidate
_LONGEST_GAP_S = 1.2
_NEUTRAL, _WORTH = 0.24, 2.0
_IN_BODY, _AT_FEET = 0.40, 0.06
_FEET_FROM = 0.72
# Something that stays on one spot for most of this long, from many looks, is a mark and not the ball.
_STILL_S, _STILL_SHARE, _STILL_RADIUS = 8.0, 0.55, 0.12
# A ball that rests exactly on a spot cannot be told from the spot: it is believed again when it moves.
_STILL_COST, _MARK_COST = 0.5, 1.0
_MARK_RADIUS = 0.35
_SURE_SCORE = 0.5
_EXPECT_FOR_S = 0.8


@dataclass(slots=True)
class _Node:
    """One candidate: place and speed in source pixels, its worth as the end of the best chain."""

    time_s: float
    place: FloatArray
    box: FloatArray
    score: float
    worth: float
    speed: FloatArray | None = None
    before: "_Node | None" = None


class BallPath:
    """Chooses the ball among the candidates of successive frames.

    Feed every analysed frame in order with `add`; answers come `lag_s` later, each frame exactly once and in order.
    """

    def __init__(self, *, lag_s: float = 2.0) -> None:
        self._lag_s = lag_s
        self._frames: deque[tuple[int, float, list[_Node]]] = deque()
        self._undecided: deque[tuple[int, float]] = deque()
        self._seen: deque[tuple[float, FloatArray]] = deque()
        self._all_seen: tuple[FloatArray, IntArray] = (np.zeros((0, 2)), np.zeros(0, np.intp))
        self._height_px = 40.0

    def shift(self, step: CameraStep) -> None:
        """Move everything known with the picture."""
        turn, offset = step.affine[:, :2], step.affine[:, 2]
        for _, _, nodes in self._frames:
            for node in nodes:
                node.place = node.place @ turn.T + offset
                if node.speed is not None:
                    node.speed = node.speed @ turn.T
        self._seen.clear()

    def expected(self, time_s: float) -> FloatArray | None:
        """Where the ball should be now (2,), source pixels; None when nothing was seen lately."""
        end = self._best_end()
        if end is None or time_s - end.time_s > _EXPECT_FOR_S:
            return None
        speed = end.speed if end.speed is not None else np.zeros(2)
        # A rolling ball slows down; a kicked one is found again by the size of the look.
        return end.place + 0.8 * speed * (time_s - end.time_s)

    def needs_second_look(self, expected: FloatArray, boxes: FloatArray, scores: FloatArray) -> bool:
        """Whether no sure candidate lies near the expected place."""
        if len(boxes) == 0:
            return True
        near = np.hypot(*(_centres(boxes) - expected).T) < 2.5 * self._height_px
        return not bool((near & (scores >= _SURE_SCORE)).any())

    def add(
        self,
        frame_index: int,
        time_s: float,
        *,
        boxes: FloatArray,
        scores: FloatArray,
        people: FloatArray,
        marks: FloatArray | None = None,
    ) -> list[BallFound]:
        """Add one frame's candidates.

        Args:
            frame_index: index of the analysed frame.
            time_s: its presentation time.
            boxes: (N, 4) ball candidates, source pixels.
            scores: (N,) on the contract's scale.
            people: (M, 4) person boxes of the same frame.
            marks: (K, 2) source pixels of pitch marks that look like balls (spots), when known.

        Returns:
            The decisions that are due.
        """
        if len(people):
            self._height_px = float(np.median(people[:, 3] - people[:, 1]))
        nodes = self._nodes(time_s, boxes, scores, people, marks)
        for node in nodes:
            self._link(node)
        self._frames.append((frame_index, time_s, nodes))
        self._undecided.append((frame_index, time_s))
        self._remember(time_s, boxes)
        due = []
        while self._undecided and self._undecided[0][1] <= time_s - self._lag_s + 1e-6:
            due.append(self._undecided.popleft())
        found = self._decide(due)
        horizon = time_s - self._lag_s - 2 * _LONGEST_GAP_S
        while self._frames and self._frames[0][1] < horizon:
            self._frames.popleft()
            self._cut_loose()
        return found

    def finish(self) -> list[BallFound]:
        """Decide what is still open, at the end of the video."""
        due = list(self._undecided)
        self._undecided.clear()
        return self._decide(due)

    def _nodes(
        self, time_s: float, boxes: FloatArray, scores: FloatArray, people: FloatArray, marks: FloatArray | None
    ) -> list[_Node]:
        nodes = []
        for box, score in zip(np.asarray(boxes, float), np.asarray(scores, float), strict=True):
            place = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
            worth = _WORTH * (float(score) - _NEUTRAL) - self._doubt(place, people) - self._still_cost(place, marks)
            nodes.append(_Node(time_s, place, box, float(score), worth))
        return nodes

    def _link(self, node: _Node) -> None:
        """Give a node its best predecessor, or none when a fresh start is better."""
        own = node.worth
        best, chosen, speed = -_START_COST, None, None
        for _, then_s, earlier in reversed(self._frames):
            wait_s = node.time_s - then_s
            if wait_s > _LONGEST_GAP_S:
                break
            gap = _GAP_COST * max(0.0, wait_s / 0.2 - 1)
            memory = _MEMORY ** (wait_s / 0.2)
            for other in earlier:
                way = node.place - other.place
                pace = float(np.hypot(*way)) / self._height_px / wait_s
                if pace > _TOP_SPEED or other.worth * memory - gap <= best:
                    continue
                turn = 0.0
                if other.speed is not None:
                    turn = float(np.hypot(*(way / wait_s - other.speed))) / self._height_px
                worth = other.worth * memory - gap - _SPEED_COST * pace - _TURN_COST * turn
                if worth > best:
                    best, chosen, speed = worth, other, way / wait_s
        node.worth, node.before, node.speed = own + best, chosen, speed

    def _doubt(self, place: FloatArray, people: FloatArray) -> float:
        """What a candidate loses for lying on somebody: much on the body, a little at the feet."""
        if len(people) == 0:
            return 0.0
        x0, y0, x1, y1 = people.T
        inside = (place[0] > x0) & (place[0] < x1) & (place[1] > y0) & (place[1] < y1)
        if not inside.any():
            return 0.0
        down = (place[1] - y0[inside]) / np.maximum(y1[inside] - y0[inside], 1e-6)
        return _IN_BODY if bool((down < _FEET_FROM).all()) else _AT_FEET

    def _still_cost(self, place: FloatArray, marks: FloatArray | None) -> float:
        cost = 0.0
        if marks is not None and len(marks):
            cost = _MARK_COST * float(np.hypot(*(marks - place).T).min() < _MARK_RADIUS * self._height_px)
        if len(self._seen) >= 10 and self._seen[-1][0] - self._seen[0][0] > _STILL_S / 2:
            places, frames = self._all_seen
            radius = max(2.0, _STILL_RADIUS * self._height_px)
            there = frames[np.abs(places - place).max(axis=1) < radius]
            cost += _STILL_COST * float(len(np.unique(there)) > _STILL_SHARE * len(self._seen))
        return cost

    def _remember(self, time_s: float, boxes: FloatArray) -> None:
        self._seen.append((time_s, _centres(np.asarray(boxes, float))))
        while self._seen[0][0] < time_s - _STILL_S:
            self._seen.popleft()
        places = [seen for _, seen in self._seen]
        self._all_seen = (np.concatenate(places), np.repeat(np.arange(len(places)), [len(seen) for seen in places]))

    def _best_end(self) -> _Node | None:
        """The best chain that is still alive."""
        if not self._frames:
            return None
        best: _Node | None = None
        most, now_s = -np.inf, self._frames[-1][1]
        for _, then_s, nodes in reversed(self._frames):
            wait_s = now_s - then_s
            if wait_s > _LONGEST_GAP_S + self._lag_s:
                break
            # An earlier end must outweigh that nothing was seen since.
            memory, gap = _MEMORY ** (wait_s / 0.2), _GAP_COST * min(wait_s, _LONGEST_GAP_S) / 0.2
            for node in nodes:
                if node.worth > 0 and node.worth * memory - gap > most:
                    best, most = node, node.worth * memory - gap
        return best

    def _decide(self, due: list[tuple[int, float]]) -> list[BallFound]:
        if not due:
            return []
        on_chain: dict[float, _Node] = {}
        node = self._best_end()
        while node is not None:
            on_chain[node.time_s] = node
            node = node.before
        return [_found(index, on_chain.get(time_s)) for index, time_s in due]

    def _cut_loose(self) -> None:
        """Let chains end at the oldest frame kept, so that memory does not grow."""
        if not self._frames:
            return
        nodes = [node for _, _, frame_nodes in self._frames for node in frame_nodes]
        oldest = self._frames[0][1]
        for node in nodes:
            if node.before is not None and node.before.time_s < oldest:
                node.before = None


def _found(index: int, node: _Node | None) -> BallFound:
    if node is None:
        return BallFound(index, np.full(4, np.nan, np.float32), float("nan"))
    return BallFound(index, node.box.astype(np.float32), node.score)


def _centres(boxes: FloatArray) -> FloatArray:
    boxes = np.asarray(boxes, float).reshape(-1, 4)
    return np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2])
