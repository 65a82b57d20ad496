"""Cuts a stream of sightings into windows; keeps only the open window and a few seconds around it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from touchline.engine.tactics.preprocess import GRID_HZ
from touchline.engine.tactics.quality import FULL_WINDOW_S
from touchline.engine.tactics.span import Sighting

SHORT_WINDOW_S = 10.0
FEWEST_WINDOWS = 3
OVERLAP_S = 5.0
HIGHEST_RATE_HZ = 10.0
TEAMS_AWAITED_S = 30.0


@dataclass(frozen=True)
class Cut:
    """A window, [start_s, end_s) in video seconds, with its sightings and up to 5 s of those on either side."""

    start_s: float
    end_s: float
    sightings: tuple[Sighting, ...]


def window_length_s(window_s: float, span_s: float | None) -> float:
    """Length of a run's windows: as asked, else 60 s, else 10 s for a clip that has no room for three of those."""
    if window_s > 0:
        return window_s
    if span_s is not None and span_s < FEWEST_WINDOWS * FULL_WINDOW_S:
        return SHORT_WINDOW_S
    return FULL_WINDOW_S


class WindowCutter:
    """Feed sightings in time order; `ready` and `rest` hand out windows, each once, without gaps or overlap."""

    def __init__(self, window_s: float, *, start_s: float, span_s: float | None) -> None:
        self.window_s = window_s
        self._start_s, self._span_s = start_s, span_s
        self._origin_s: float | None = None
        self._next_s = 0.0
        self._due_s = 0.0
        self._last_s = 0.0
        self._has_teams = False
        self._is_first = True
        self._kept: list[Sighting] = []

    @property
    def seen_s(self) -> float:
        """Seconds from the first window's start to the newest frame."""
        return 0.0 if self._origin_s is None else self._last_s - self._origin_s

    def add(self, sighting: Sighting) -> None:
        """Take one frame."""
        time_s = sighting.time_s
        if self._origin_s is None:
            # Windows begin where the span begins, though its first picture may stand half a picture before it; a video
            # whose first picture comes late begins there.
            self._origin_s = self._start_s if abs(time_s - self._start_s) <= 1.0 else time_s
            self._next_s, self._due_s = self._origin_s, time_s
        self._last_s = time_s
        # Ten frames a second are enough for every metric; more would only cost memory.
        if time_s >= self._due_s - 0.25 / HIGHEST_RATE_HZ:
            self._due_s = max(self._due_s + 1 / HIGHEST_RATE_HZ, time_s)
            self._has_teams = self._has_teams or bool((sighting.teams >= 0).any())
            self._kept.append(sighting)

    def ready(self) -> Iterator[Cut]:
        """Windows that nothing still to come can change."""
        while self._is_ready():
            yield self._cut(self._next_s + self.window_s)

    def rest(self) -> Iterator[Cut]:
        """What is open at the end: the last piece from half a window on, else merged with the one before."""
        if self._origin_s is None:
            return
        end_s = self._last_s + self._spacing_s()
        while end_s - self._next_s >= 1.5 * self.window_s - 1e-6:
            yield self._cut(self._next_s + self.window_s)
        if end_s - self._next_s > 1e-6 or self._is_first:
            yield self._cut(max(end_s, self._next_s + 1 / GRID_HZ))

    def _is_ready(self) -> bool:
        if self._origin_s is None:
            return False
        end_s = self._next_s + self.window_s
        if self._last_s < end_s + OVERLAP_S:
            return False
        # Kits may be unknown in the first seconds; the labels that come then hold for what was seen before, too.
        if not self._has_teams and self.seen_s < TEAMS_AWAITED_S:
            return False
        # A short remainder belongs to this window, so another one must be certain to come.
        if self._span_s is not None and self._origin_s + self._span_s - end_s >= self.window_s:
            return True
        return self._last_s >= end_s + self.window_s / 2

    def _cut(self, end_s: float) -> Cut:
        start_s = self._next_s
        around = [sighting for sighting in self._kept if sighting.time_s >= start_s - OVERLAP_S]
        self._kept = [sighting for sighting in around if sighting.time_s >= end_s - OVERLAP_S]
        self._next_s, self._is_first = end_s, False
        return Cut(start_s, end_s, tuple(around))

    def _spacing_s(self) -> float:
        times = [sighting.time_s for sighting in self._kept]
        return float(np.median(np.diff(times))) if len(times) > 1 else 1 / GRID_HZ
