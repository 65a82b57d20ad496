"""Lasting ids for people in the picture: where they should be, how much boxes overlap, and what they wear.

Built for five pictures a second: between two of them a runner leaves his own box, so motion and colour carry more than
overlap. Purity comes before completeness: a broken track can be joined later, a mixed one spoils two players.
The two rounds (sure detections first, faint ones only for tracks that would else be lost) follow ByteTrack
(Zhang et al. 2022, doi 10.1007/978-3-031-20047-2_1).
"""

from dataclasses import dataclass, fields

import numpy as np
from scipy.optimize import linear_sum_assignment

from touchline.engine.appearance import worn_colors
from touchline.engine.types import BoolArray, CameraStep, Detections, FloatArray, Frame, IntArray, Tracks

# Distances are in heights of the person (1.8 m), so one set of numbers serves near and far people.
_BOX_NOISE = 0.06
_ACCELERATION = 2.5  # per s²: 4.5 m/s²
_START_SPEED = 2.2  # per s: 4 m/s, one standard deviation
_TOP_SPEED = 6.0  # per s: 11 m/s
_GATE = 3.5  # standard deviations
# Shirt and shorts in Lab: lightness changes with shadow, shorts are seen badly.
_COLOR_SCALE = np.array([0.6, 1.0, 1.0, 0.3, 0.4, 0.4])
_COLOR_SPREAD, _COLOR_GATE = 14.0, 45.0
_WEIGHTS = {"motion": 1.2, "overlap": 0.7, "color": 0.9, "size": 0.5}
_WORST_COST, _WORST_FAINT_COST = 1.9, 1.3
_NEVER = 1e6
# Two tracks whose exchange would cost about as much are not told apart by what is seen.
_UNDECIDED = 0.4
_CONFIRM_HITS = 2
_NEW_OVERLAP, _PAIR_OVERLAP = 0.45, 0.2
_FAINT_LOST = 2
# Share of a colour that stays for a fifth of a second: over seconds, and over the last looks.
_COLOR_MEMORY, _RECENT_MEMORY = 0.985, 0.8
# When somebody wears something else for this many looks, the track has passed to another person: it is cut.
_CHANGED, _CHANGED_LOOKS, _CHANGED_AFTER = 15.0, 5, 10
_PER_LOST_FRAME = 0.05


@dataclass
class _People:
    """Known people as columns; K rows."""

    ids: IntArray  # 0 while tentative
    state: FloatArray  # (K, 2, 2): x and foot y; value and speed per s
    spread: FloatArray  # (K, 2, 2, 2) covariance of each axis
    size: FloatArray  # (K, 2) width and height
    color: FloatArray  # (K, 6) Lab of shirt and shorts over seconds
    recent: FloatArray  # (K, 6) the same over the last few looks
    odd: IntArray  # looks in a row at which the two did not agree
    hits: IntArray
    lost: IntArray  # frames since seen

    @staticmethod
    def nobody() -> "_People":
        return _People(
            np.zeros(0, np.int32),
            np.zeros((0, 2, 2)),
            np.zeros((0, 2, 2, 2)),
            np.zeros((0, 2)),
            np.zeros((0, 6)),
            np.zeros((0, 6)),
            np.zeros(0, np.int32),
            np.zeros(0, np.int32),
            np.zeros(0, np.int32),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def keep(self, rows: BoolArray) -> None:
        for column in fields(self):
            setattr(self, column.name, getattr(self, column.name)[rows])

    def join(self, others: "_People") -> None:
        for column in fields(self):
            setattr(self, column.name, np.concatenate([getattr(self, column.name), getattr(others, column.name)]))


class MotionColorTracker:
    """Tracker port. Ids count from 1 and are never used again."""

    def __init__(self, *, confidence: float = 0.5, max_lost_frames: int = 15) -> None:
        """Args:
        confidence: detections from here on may start a track.
        max_lost_frames: analysed frames after which somebody unseen is forgotten.
        """
        self._confidence = confidence
        self._max_lost = max_lost_frames
        self._people = _People.nobody()
        self._next_id = 1
        self._time_s: float | None = None
        self._step_s = 0.2

    def shift(self, step: CameraStep) -> None:
        """Move everything known with the picture."""
        people = self._people
        if len(people) == 0:
            return
        turn, offset = step.affine[:, :2], step.affine[:, 2]
        people.state[:, :, 0] = people.state[:, :, 0] @ turn.T + offset
        people.state[:, :, 1] = people.state[:, :, 1] @ turn.T
        people.size *= float(np.hypot(turn[0, 0], turn[1, 0]))

    def update(self, frame: Frame, detections: Detections) -> Tracks:
        step_s = 0.2 if self._time_s is None else max(1e-3, frame.time_s - self._time_s)
        is_first = self._time_s is None
        self._time_s, self._step_s = frame.time_s, step_s
        self._predict(step_s)
        boxes = np.asarray(detections.boxes, float)
        scores = np.asarray(detections.scores, float)
        colors, trust = worn_colors(frame.image, boxes)
        seen = np.full(len(boxes), -1)  # row of the person each detection shows
        sure = np.flatnonzero(scores >= self._confidence)
        faint = np.flatnonzero(scores < self._confidence)
        people = self._people
        self._match(seen, sure, np.arange(len(people)), boxes, colors, trust, worst=_WORST_COST)
        left = np.setdiff1d(np.flatnonzero((people.lost <= _FAINT_LOST) & (people.ids > 0)), seen)
        self._match(seen, faint, left, boxes, colors, trust, worst=_WORST_FAINT_COST)
        self._correct(seen, boxes, colors, trust)
        self._forget(seen)
        self._start(seen, sure, boxes, colors, confirmed=is_first)
        return self._listed(seen, boxes, scores)

    def _predict(self, step_s: float) -> None:
        people = self._people
        if len(people) == 0:
            return
        move = np.array([[1.0, step_s], [0.0, 1.0]])
        people.state = people.state @ move.T
        noise = np.array([[step_s**4 / 4, step_s**3 / 2], [step_s**3 / 2, step_s**2]])
        strength = (_ACCELERATION * people.size[:, 1]) ** 2
        people.spread = move @ people.spread @ move.T + strength[:, None, None, None] * noise
        people.lost += 1

    def _match(
        self,
        seen: IntArray,
        columns: IntArray,
        rows: IntArray,
        boxes: FloatArray,
        colors: FloatArray,
        trust: FloatArray,
        *,
        worst: float,
    ) -> None:
        """Assign detections `columns` to people `rows`; writes the rows into `seen`."""
        if len(columns) == 0 or len(rows) == 0:
            return
        cost = self._costs(rows, boxes[columns], colors[columns], trust[columns])
        cost[cost > worst] = _NEVER
        picked_rows, picked_columns = linear_sum_assignment(cost)
        good = cost[picked_rows, picked_columns] < _NEVER
        picked_rows, picked_columns = picked_rows[good], picked_columns[good]
        doubtful = self._doubtful(cost, picked_rows, picked_columns, self._people.lost[rows])
        seen[columns[picked_columns[~doubtful]]] = rows[picked_rows[~doubtful]]
        # Nobody can tell who is who: both tracks end here and new ones start.
        self._people.lost[rows[picked_rows[doubtful]]] = self._max_lost + 1

    def _costs(self, rows: IntArray, boxes: FloatArray, colors: FloatArray, trust: FloatArray) -> FloatArray:
        """(R, C) cost of every pair; above the gates it is out of the question."""
        people = self._people
        state, size = people.state[rows], people.size[rows]
        feet = _feet(boxes)
        tall = np.sqrt(size[:, None, 1] * (boxes[:, 3] - boxes[:, 1])[None, :])
        noise = (_BOX_NOISE * tall) ** 2
        apart = feet[None, :, :] - state[:, None, :, 0]
        variance = people.spread[rows][:, None, :, 0, 0] + noise[:, :, None]
        motion = np.sqrt((apart**2 / variance).sum(axis=2) / 2)
        overlap = _overlaps(self._expected_boxes(rows), boxes)
        color = np.linalg.norm((people.color[rows][:, None] - colors[None]) * _COLOR_SCALE, axis=2)
        believed = np.clip(trust * 2, 0.0, 1.0)[None, :]
        size_change = np.abs(np.log((boxes[:, 3] - boxes[:, 1])[None, :] / size[:, None, 1]))
        cost = (
            _WEIGHTS["motion"] * motion / _GATE
            + _WEIGHTS["overlap"] * (1 - overlap)
            + _WEIGHTS["color"] * believed * np.minimum(color / _COLOR_SPREAD, 3.0) / 2
            + _WEIGHTS["size"] * size_change
            + _PER_LOST_FRAME * (people.lost[rows] - 1)[:, None]
        )
        reach = (0.4 + _TOP_SPEED * 0.2 * np.maximum(people.lost[rows], 1))[:, None] * tall
        impossible = (motion > _GATE) | (np.hypot(apart[..., 0], apart[..., 1]) > reach)
        impossible |= (color * believed > _COLOR_GATE) | (size_change > 0.7)
        cost[impossible] = _NEVER
        return np.asarray(cost)

    def _expected_boxes(self, rows: IntArray | BoolArray) -> FloatArray:
        """(R, 4) boxes of people where they should be now."""
        state, size = self._people.state[rows], self._people.size[rows]
        x, y, half, tall = state[:, 0, 0], state[:, 1, 0], size[:, 0] / 2, size[:, 1]
        return np.column_stack([x - half, y - tall, x + half, y])

    @staticmethod
    def _doubtful(cost: FloatArray, rows: IntArray, columns: IntArray, lost: IntArray) -> BoolArray:
        """(P,) pairs that could as well be exchanged with another one, after somebody was out of sight."""
        if len(rows) < 2:
            return np.zeros(len(rows), bool)
        own = cost[rows, columns]
        crossed = cost[rows[:, None], columns[None, :]]
        exchange = crossed + crossed.T - own[:, None] - own[None, :]
        np.fill_diagonal(exchange, np.inf)
        hidden = lost[rows] > 1
        return np.asarray(((exchange < _UNDECIDED) & (hidden[:, None] | hidden[None, :])).any(axis=1))

    def _correct(self, seen: IntArray, boxes: FloatArray, colors: FloatArray, trust: FloatArray) -> None:
        """Kalman update of the people who were seen."""
        columns = np.flatnonzero(seen >= 0)
        if len(columns) == 0:
            return
        people, rows = self._people, seen[columns]
        feet = _feet(boxes[columns])
        noise = (_BOX_NOISE * people.size[rows, 1]) ** 2
        spread = people.spread[rows]
        gain = spread[..., :, 0] / (spread[..., 0, 0] + noise[:, None])[..., None]
        miss = feet - people.state[rows][:, :, 0]
        people.state[rows] += gain * miss[..., None]
        people.spread[rows] = spread - gain[..., :, None] * spread[..., 0, None, :]
        measured = np.column_stack([boxes[columns, 2] - boxes[columns, 0], boxes[columns, 3] - boxes[columns, 1]])
        people.size[rows] = 0.7 * people.size[rows] + 0.3 * measured
        self._dress(rows, colors[columns], np.clip(trust[columns] * 2, 0, 1))
        people.hits[rows] += 1
        people.lost[rows] = 0
        fresh = rows[(people.ids[rows] == 0) & (people.hits[rows] >= _CONFIRM_HITS)]
        for row in fresh:
            people.ids[row] = self._next_id
            self._next_id += 1

    def _dress(self, rows: IntArray, colors: FloatArray, trust: FloatArray) -> None:
        """Learn what people wear, and give a new id to a track that goes on in other clothes."""
        people, fifths = self._people, self._step_s / 0.2
        for memory, known in ((_COLOR_MEMORY, people.color), (_RECENT_MEMORY, people.recent)):
            share = trust[:, None] * (1 - memory**fifths)
            known[rows] = (1 - share) * known[rows] + share * colors
        apart = np.linalg.norm((people.recent[rows] - people.color[rows]) * _COLOR_SCALE, axis=1)
        is_odd = (apart > _CHANGED) & (people.hits[rows] > _CHANGED_AFTER)
        people.odd[rows] = np.where(is_odd, people.odd[rows] + (trust > 0.3), 0)
        for row in rows[people.odd[rows] >= _CHANGED_LOOKS]:
            people.color[row], people.odd[row], people.hits[row] = people.recent[row], 0, _CONFIRM_HITS
            if people.ids[row] > 0:
                people.ids[row] = self._next_id
                self._next_id += 1

    def _forget(self, seen: IntArray) -> None:
        people = self._people
        # Someone seen once and then not at all was no one.
        keep = np.where(people.ids > 0, people.lost <= self._max_lost, people.lost <= 1)
        place = np.cumsum(keep) - 1
        known = seen >= 0
        seen[known] = place[seen[known]]
        people.keep(keep)

    def _start(self, seen: IntArray, sure: IntArray, boxes: FloatArray, colors: FloatArray, *, confirmed: bool) -> None:
        """Begin a track for every sure detection that shows nobody known and covers nobody seen."""
        new = sure[seen[sure] < 0]
        taken = boxes[seen >= 0]
        if len(taken) and len(new):
            new = new[_overlaps(boxes[new], taken).max(axis=1) < _NEW_OVERLAP]
        hidden = (self._people.lost > 0) & (self._people.lost <= _FAINT_LOST) & (self._people.ids > 0)
        if hidden.any() and len(new):
            # One box around two people who were just seen apart is neither of them, nor a third.
            new = new[(_overlaps(boxes[new], self._expected_boxes(hidden)) > _PAIR_OVERLAP).sum(axis=1) < 2]
        if len(new) == 0:
            return
        count = len(new)
        size = np.column_stack([boxes[new, 2] - boxes[new, 0], boxes[new, 3] - boxes[new, 1]])
        state = np.zeros((count, 2, 2))
        state[:, :, 0] = _feet(boxes[new])
        spread = np.zeros((count, 2, 2, 2))
        spread[:, :, 0, 0] = ((_BOX_NOISE * size[:, 1]) ** 2)[:, None]
        spread[:, :, 1, 1] = ((_START_SPEED * size[:, 1]) ** 2)[:, None]
        ids = np.zeros(count, np.int32)
        if confirmed:
            ids = np.arange(self._next_id, self._next_id + count, dtype=np.int32)
            self._next_id += count
        seen[new] = len(self._people) + np.arange(count)
        self._people.join(
            _People(
                ids,
                state,
                spread,
                size,
                colors[new].astype(float),
                colors[new].astype(float),
                np.zeros(count, int),
                np.ones(count, int),
                np.zeros(count, int),
            )
        )

    def _listed(self, seen: IntArray, boxes: FloatArray, scores: FloatArray) -> Tracks:
        columns = np.flatnonzero(seen >= 0)
        ids = self._people.ids[seen[columns]]
        columns, ids = columns[ids > 0], ids[ids > 0]
        order = np.argsort(ids, kind="stable")
        columns, ids = columns[order], ids[order]
        return Tracks(ids.astype(np.int32), boxes[columns].astype(np.float32), scores[columns].astype(np.float32))


def _feet(boxes: FloatArray) -> FloatArray:
    """(N, 2) middle of the lower edge."""
    return np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]])


def _overlaps(a: FloatArray, b: FloatArray) -> FloatArray:
    """(A, B) intersection over union."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:4], b[None, :, 2:4])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    area_a = np.prod(a[:, 2:4] - a[:, :2], axis=1)
    area_b = np.prod(b[:, 2:4] - b[:, :2], axis=1)
    return np.asarray(shared / np.maximum(area_a[:, None] + area_b[None, :] - shared, 1e-9))
