"""Where everybody is at any time: tracks interpolated between analysed frames.

Streaming: only the frames within reach of a bridge are held, whatever the length of the video.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from touchline.engine.positions import PositionsReader
from touchline.engine.types import BoolArray, FloatArray, IntArray, Observation

# Gaps up to here inside a track are always bridged: no marker flickers because of one or two missed detections.
ALWAYS_BRIDGED_S = 0.5
# Longer gaps are bridged up to here when the motion is possible for a person (tactics §2.4: 1.0 s, 9 m/s).
LONGEST_BRIDGE_S = 1.0
FASTEST_BRIDGE_MPS = 9.0
# Between two sightings faster than this lies a change of identity, not a run (tactics §2.2): nothing glides across.
JUMP_MPS = 12.0
# Without metres a person's height is the yardstick: 1.8 m.
PERSON_HEIGHT_M = 1.8
LONGEST_BALL_BRIDGE_S = 0.5


@dataclass(frozen=True, slots=True)
class Moment:
    """All that is to be drawn at one time.

    ids (N,) int32; boxes (N, 4) x1, y1, x2, y2 source pixels; teams, roles (N,) int8 of TeamCode, Role;
    positions (N, 2) metres, frame P, NaN where unknown; ball_box (4,) and ball_position (2,) NaN when unseen.
    """

    time_s: float
    ids: IntArray
    boxes: FloatArray
    teams: IntArray
    roles: IntArray
    positions: FloatArray
    ball_box: FloatArray
    ball_position: FloatArray


class _Sighting(NamedTuple):
    """One person (or the ball) in one analysed frame; `row` is box and position side by side, (6,)."""

    time_s: float
    row: FloatArray
    label: tuple[int, int]


class _Seen(NamedTuple):
    """One analysed frame: who was seen where."""

    time_s: float
    persons: dict[int, _Sighting]
    ball: _Sighting | None

    @staticmethod
    def of(frame: Observation) -> "_Seen":
        rows = np.concatenate([frame.boxes, frame.positions], axis=1).astype(np.float64)
        persons = {
            int(key): _Sighting(frame.time_s, row, (int(team), int(role)))
            for key, row, team, role in zip(frame.track_ids, rows, frame.teams, frame.roles, strict=True)
        }
        if not np.isfinite(frame.ball_box).all():
            return _Seen(frame.time_s, persons, None)
        ball = np.concatenate([frame.ball_box, frame.ball_position]).astype(np.float64)
        return _Seen(frame.time_s, persons, _Sighting(frame.time_s, ball, (-1, -1)))


class _Link(NamedTuple):
    """A stretch of time in which something is drawn, and its rows at both ends."""

    key: int
    begin_s: float
    end_s: float
    from_row: FloatArray
    to_row: FloatArray
    label: tuple[int, int]
    jumps: bool = False


@dataclass(frozen=True, slots=True)
class _Stretch:
    """All links that touch the time from one analysed frame to the next, as arrays."""

    begin_s: float
    keys: IntArray
    begins_s: FloatArray
    ends_s: FloatArray
    from_rows: FloatArray
    to_rows: FloatArray
    teams: IntArray
    roles: IntArray
    jumps: BoolArray
    ball: list[_Link]

    @staticmethod
    def of(begin_s: float, links: list[_Link], ball: list[_Link]) -> "_Stretch":
        blank = np.zeros((0, 6))
        return _Stretch(
            begin_s=begin_s,
            keys=np.array([link.key for link in links], np.int32),
            begins_s=np.array([link.begin_s for link in links]),
            ends_s=np.array([link.end_s for link in links]),
            from_rows=np.array([link.from_row for link in links]) if links else blank,
            to_rows=np.array([link.to_row for link in links]) if links else blank,
            teams=np.array([link.label[0] for link in links], np.int8),
            roles=np.array([link.label[1] for link in links], np.int8),
            jumps=np.array([link.jumps for link in links], bool),
            ball=ball,
        )

    def at(self, time_s: float) -> Moment:
        seen = (self.begins_s <= time_s) & (time_s <= self.ends_s)
        share = _share(time_s, self.begins_s[seen], self.ends_s[seen])
        share = np.where(self.jumps[seen], np.round(share), share)[:, None]
        rows = self.from_rows[seen] * (1 - share) + self.to_rows[seen] * share
        ball = np.full(6, np.nan)
        for link in self.ball:
            if link.begin_s <= time_s <= link.end_s:
                part = float(_share(time_s, np.array([link.begin_s]), np.array([link.end_s]))[0])
                ball = link.from_row * (1 - part) + link.to_row * part
        return Moment(
            time_s=time_s,
            ids=self.keys[seen],
            boxes=rows[:, :4],
            teams=self.teams[seen],
            roles=self.roles[seen],
            positions=rows[:, 4:],
            ball_box=ball[:4],
            ball_position=ball[4:],
        )


def moments(reader: PositionsReader, times_s: Iterable[float]) -> Iterator[Moment]:
    """What to draw at each of the given times.

    A person seen in two analysed frames is drawn between them when the gap is at most `ALWAYS_BRIDGED_S`, or at
    most `LONGEST_BRIDGE_S` at a speed a runner can reach; a longer gap stays a gap. Around single sightings and at
    the ends of a track the person stays drawn for half an analysed interval. Two sightings too far apart for any
    runner are not joined by a glide: the marker changes place halfway.

    Args:
        reader: the stored positions of the run.
        times_s: ascending, seconds from the video's first frame.
    """
    stretches = _stretches(reader)
    current = _Stretch.of(-np.inf, [], [])
    following = next(stretches, None)
    for time_s in times_s:
        while following is not None and following.begin_s <= time_s:
            current, following = following, next(stretches, None)
        yield current.at(time_s)


def _stretches(reader: PositionsReader) -> Iterator[_Stretch]:
    """One stretch from each analysed frame to the next, and one before the first."""
    interval_s = 1 / float(reader.header["rate_hz"])
    reach_s = max(LONGEST_BRIDGE_S, 1.5 * interval_s)
    frames = (_Seen.of(frame) for frame in reader)
    pending: deque[_Seen] = deque()
    persons: dict[int, _Sighting] = {}
    ball: _Sighting | None = None
    is_first = True
    while True:
        # Look ahead as far as a bridge can span from the frame that is at the head.
        while not pending or pending[-1].time_s <= pending[0].time_s + reach_s:
            frame = next(frames, None)
            if frame is None:
                break
            pending.append(frame)
        if not pending:
            return
        if is_first:
            yield _before(pending[0], interval_s)
            is_first = False
        head = pending.popleft()
        persons = {key: seen for key, seen in persons.items() if seen.time_s >= head.time_s - reach_s} | head.persons
        ball = head.ball or ball
        # After the last analysed frame everybody in it stays for the interval that it stands for.
        hold_s = interval_s / 2 if pending else interval_s
        persons = persons if pending else head.persons
        next_ball = next((frame.ball for frame in pending if frame.ball), None)
        ball_links = _join(0, ball, next_ball, hold_s, longest_s=LONGEST_BALL_BRIDGE_S)
        yield _Stretch.of(head.time_s, _links(persons, pending, hold_s), ball_links)


def _before(first: _Seen, interval_s: float) -> _Stretch:
    """The moments just before the first analysed frame show what it shows."""
    begin_s = first.time_s - interval_s / 2
    links = [_Link(key, begin_s, first.time_s, seen.row, seen.row, seen.label) for key, seen in first.persons.items()]
    return _Stretch.of(begin_s, links, [])


def _links(last: dict[int, _Sighting], ahead: Iterable[_Seen], hold_s: float) -> list[_Link]:
    coming: dict[int, _Sighting] = {}
    for frame in ahead:
        for key, seen in frame.persons.items():
            coming.setdefault(key, seen)
    keys = last.keys() | coming.keys()
    return [link for key in sorted(keys) for link in _join(key, last.get(key), coming.get(key), hold_s)]


def _join(
    key: int, before: _Sighting | None, after: _Sighting | None, hold_s: float, *, longest_s: float = 0.0
) -> list[_Link]:
    """The links of one person around a gap: one bridge, or a short hold at either side.

    longest_s: a fixed limit for the ball, whose speed says nothing; 0 applies the rules for persons.
    """
    if before and after:
        gap_s = after.time_s - before.time_s
        bridged = gap_s <= longest_s + 1e-6 if longest_s else is_bridged(gap_s, before.row, after.row)
        if bridged or gap_s <= 2 * hold_s + 1e-6:
            jumps = not longest_s and speed_mps(gap_s, before.row, after.row) > JUMP_MPS
            return [_Link(key, before.time_s, after.time_s, before.row, after.row, after.label, jumps)]
    links = []
    if before:
        links.append(_Link(key, before.time_s, before.time_s + hold_s, before.row, before.row, before.label))
    if after:
        links.append(_Link(key, after.time_s - hold_s, after.time_s, after.row, after.row, after.label))
    return links


def is_bridged(gap_s: float, before: FloatArray, after: FloatArray) -> bool:
    """Whether a person's gap is filled: rows are box and position, (6,) each."""
    if gap_s <= ALWAYS_BRIDGED_S + 1e-6:
        return True
    return gap_s <= LONGEST_BRIDGE_S + 1e-6 and speed_mps(gap_s, before, after) <= FASTEST_BRIDGE_MPS


def speed_mps(gap_s: float, before: FloatArray, after: FloatArray) -> float:
    """Mean speed across a gap, from metres where both ends have them, else from the picture by body height."""
    if np.isfinite(before[4:]).all() and np.isfinite(after[4:]).all():
        return float(np.hypot(*(after[4:] - before[4:]))) / gap_s
    heights_px = ((before[3] - before[1]) + (after[3] - after[1])) / 2
    shift_px = float(np.hypot((after[0] + after[2] - before[0] - before[2]) / 2, after[3] - before[3]))
    return shift_px / max(float(heights_px), 1.0) * PERSON_HEIGHT_M / gap_s


def _share(time_s: float, begins_s: FloatArray, ends_s: FloatArray) -> FloatArray:
    """How far between the ends a time lies, 0..1."""
    return np.clip((time_s - begins_s) / np.maximum(ends_s - begins_s, 1e-9), 0, 1)
