"""What one listener of live windows has had and what it gets next: each window once, in order, whatever was lost.

A listener replays what is stored, then turns facts into frames. Frames are bytes that all listeners share.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from functools import partial

from touchline.features.analysis import lifecycle_queries as queries
from touchline.features.analysis.events import done_facts, match_channel, run_channel
from touchline.features.analysis.rules import STALE, is_terminal
from touchline.features.analysis.segment_intake import segment_message
from touchline.foundation.db import Database
from touchline.foundation.events import Event, fact

REPLAY_PAGE = 100
"""Windows that are read at a time."""

_LINE_BREAKS = str.maketrans({"\u0085": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})
"""Line breaks that JSON lets through as they are, and that some clients split lines at."""

Frames = AsyncGenerator[bytes, None]


# --- frames


def data_frame(event: Event) -> bytes:
    """A message without an id: progress, flow analysis."""
    return f"data: {event.data.translate(_LINE_BREAKS)}\n\n".encode()


def done_frame(event: Event) -> bytes:
    """The last message of a stream."""
    return f"event: done\ndata: {event.data.translate(_LINE_BREAKS)}\n\n".encode()


def segment_frame(event: Event, *, with_run: bool) -> bytes:
    """A window; its id is the index, in match scope after the run's."""
    index = event.payload["segment_index"]
    place = f"{event.payload['analysis_id']}:{index}" if with_run else str(index)
    return f"id: {place}\n".encode() + data_frame(event)


_segment_of_run = partial(segment_frame, with_run=False)
_segment_of_match = partial(segment_frame, with_run=True)


# --- what one connection has had, and what it gets next


@dataclass
class _Delivered:
    """Windows of one run that went over one connection."""

    above: int = -1
    indexes: set[int] = field(default_factory=set)

    @property
    def last(self) -> int:
        return max(self.indexes, default=self.above)

    def is_new(self, index: int) -> bool:
        return index > self.above and index not in self.indexes


class Listener(ABC):
    """One connection. `replay` first, then `frames_of` each fact; `catch_up` now and then."""

    def __init__(self, database: Database, channel: str, *, frame_name: str, with_run: bool) -> None:
        self.channel = channel
        self.has_ended = False
        self._database = database
        self._frame_name = frame_name
        self._make_frame = _segment_of_match if with_run else _segment_of_run
        self._delivered: dict[str, _Delivered] = {}
        self._heard: set[str] = set()

    @abstractmethod
    def replay(self) -> Frames:
        """What is stored already, and the end when it has come."""

    @abstractmethod
    def catch_up(self) -> Frames:
        """What is stored and was not heard of, and the end when it was missed."""

    async def frames_of(self, event: Event) -> list[bytes]:
        """What a fact means for this connection; empty when it is not its business or it has had it."""
        match event.kind:
            case "segment":
                return await self._segment(event)
            case "progress" | "flow_analysis":
                self._hear_of(event.payload.get("analysis_id", ""))
                return [event.encoded("sse", data_frame)] if self._is_news(event) else []
            case "done":
                return await self._done(event)
        return []

    def _is_news(self, event: Event) -> bool:
        """Whether a keyed fact comes for the first time: one whose publisher died is published again."""
        if not event.key:
            return True
        is_news = event.key not in self._heard
        self._heard.add(event.key)
        return is_news

    @abstractmethod
    async def _done(self, event: Event) -> list[bytes]:
        """A run has ended."""

    @abstractmethod
    def _hear_of(self, run_id: str) -> None:
        """A run shows that it is alive."""

    async def _segment(self, event: Event) -> list[bytes]:
        run_id, index = event.payload["analysis_id"], event.payload["segment_index"]
        self._hear_of(run_id)
        had = self._delivered.setdefault(run_id, _Delivered())
        if not had.is_new(index):
            return []
        # A gap means that a fact is late; what lies before is in the rows.
        frames = [frame async for frame in self._stored(run_id, below=index)] if index > had.last + 1 else []
        had.indexes.add(index)
        return [*frames, event.encoded(self._frame_name, self._make_frame)]

    async def _stored(self, run_id: str, *, below: int | None = None) -> AsyncIterator[bytes]:
        """Stored windows that this connection has not had, ascending."""
        had = self._delivered.setdefault(run_id, _Delivered())
        after = had.last
        while True:
            async with self._database.begin() as db:
                rows = await queries.segments_after(db, run_id, after, limit=REPLAY_PAGE)
            for row in rows:
                after = row["segment_index"]
                if below is not None and after >= below:
                    return
                if had.is_new(after):
                    had.indexes.add(after)
                    yield self._make_frame(fact(self.channel, "segment", segment_message(row)))
            if len(rows) < REPLAY_PAGE:
                return

    def _end(self, run_id: str, row: queries.Row | None) -> bytes:
        """The last frame, from a run's row; a run that is gone was deleted."""
        self.has_ended = True
        status = "FAILED" if row is None else row["status"]
        reason = None if status == "COMPLETED" else _reason(row)
        match_id = "" if row is None else row["match_id"]
        return done_frame(done_facts(run_id=run_id, match_id=match_id, status=status, reason=reason)[0])


class ListenerOfRun(Listener):
    def __init__(self, database: Database, run_id: str, last_event_id: str | None) -> None:
        super().__init__(database, run_channel(run_id), frame_name="sse run", with_run=False)
        self._run_id = run_id
        self._delivered[run_id] = _Delivered(above=_index_of(last_event_id))

    async def replay(self) -> Frames:
        # The state first: what is stored by the time it reads "ended" is everything.
        async with self._database.begin() as db:
            row = await queries.run_end(db, self._run_id)
        async for frame in self._stored(self._run_id):
            yield frame
        if row is None or is_terminal(row["status"]):
            yield self._end(self._run_id, row)

    def catch_up(self) -> Frames:
        return self.replay()

    def _hear_of(self, run_id: str) -> None:
        return None  # only one run speaks here, and its state was read

    async def _done(self, event: Event) -> list[bytes]:
        frames = [frame async for frame in self._stored(self._run_id)]
        self.has_ended = True
        return [*frames, event.encoded("sse done", done_frame)]


class ListenerOfMatch(Listener):
    def __init__(self, database: Database, match_id: str, last_event_id: str | None) -> None:
        super().__init__(database, match_channel(match_id), frame_name="sse match", with_run=True)
        self._match_id = match_id
        self._active: set[str] = set()
        self._last_run, _, last_index = (last_event_id or "").rpartition(":")
        if self._last_run:
            self._delivered[self._last_run] = _Delivered(above=_index_of(last_index))

    async def replay(self) -> Frames:
        async with self._database.begin() as db:
            newest = await queries.newest_run(db, self._match_id)
            self._active = set(await queries.active_runs(db, self._match_id))
            runs = [] if newest is None else [newest["id"]]
            if self._last_run and self._last_run not in runs:
                named = await queries.run_end(db, self._last_run)
                if named is not None and named["match_id"] == self._match_id:
                    runs.insert(0, self._last_run)  # the rest of what it was listening to
            for run_id in self._active.difference(runs):
                # Older than the newest: live from here on, without what it said before.
                self._delivered[run_id] = _Delivered(above=await queries.last_segment_index(db, run_id))
        for run_id in runs:
            async for frame in self._stored(run_id):
                yield frame

    async def catch_up(self) -> Frames:
        async with self._database.begin() as db:
            active = set(await queries.active_runs(db, self._match_id))
        ended = self._active - active
        for run_id in sorted(self._active):
            async for frame in self._stored(run_id):
                yield frame
        self._active = active
        if ended and not active:
            last = max(ended)
            async with self._database.begin() as db:
                row = await queries.run_end(db, last)
            yield self._end(last, row)

    def _hear_of(self, run_id: str) -> None:
        self._active.add(run_id)

    async def _done(self, event: Event) -> list[bytes]:
        run_id = event.payload["analysis_id"]
        frames = [frame async for frame in self._stored(run_id)]
        self._active.discard(run_id)
        if self._active:
            return frames
        self.has_ended = True
        return [*frames, event.encoded("sse done", done_frame)]


def _reason(row: queries.Row | None) -> str:
    if row is None or row["is_cancelled"]:
        return "cancelled"
    return "stale" if (row["message"] or "").startswith(STALE) else "error"


def _index_of(last_event_id: str | None) -> int:
    """The index that a client has had, -1 when it says nothing that can be one."""
    text = (last_event_id or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
