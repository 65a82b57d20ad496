"""Who has the upper hand: what both teams did in a window, compared, and three windows summed up. Pure numbers.

A window's score is the weighted mean of what team A did better
than team B, each measure in standard deviations of the match so far; windows are nearly independent, so the error of
their mean is sd/√n.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import erf, inf, isfinite, sqrt
from statistics import fmean, stdev
from typing import Any

from touchline.football.vocabulary import Side

WINDOWS = 3
"""How many windows one message sums up."""

NOTICEABLE = 0.6
"""About the error of the mean of three scores of unit variance; less is called stable."""

DOMINANT = 1.2
CHANGED = 1.3
"""A change counts from so many errors on."""

_PRIOR_WINDOWS = 5
_LEAST_TERMS = 2
_LEAST_SPREAD_SHARE = 0.5
_PRIOR_WINDOW_S = 60.0


@dataclass(frozen=True)
class Term:
    """One measure of both teams.

    spread: standard deviation of A minus B over the minutes of one broadcast-tracked professional match (58 to 88
    windows that could be measured), a prior for the first windows; is_sum: it grows with the length of a window.
    """

    weight: float
    spread: float
    is_sum: bool = False

    def prior(self, length_s: float) -> float:
        return self.spread * sqrt(max(length_s, 1.0) / _PRIOR_WINDOW_S) if self.is_sum else self.spread


TERMS: Mapping[str, Term] = {
    "threat": Term(0.40, 0.16, is_sum=True),  # xT
    "territory": Term(0.25, 26.0),  # metres of mean ball x'
    "possession": Term(0.20, 49.0),  # points of the ball
    "regains": Term(0.15, 0.76, is_sum=True),  # stable regains in the far half
}


@dataclass(frozen=True)
class Window:
    """What was measured of both teams in one window: A minus B by term; what was not measured is absent."""

    index: int
    length_s: float
    ahead: Mapping[str, float]


def ahead_of(terms: object, *, possession_a: object = None) -> dict[str, float]:
    """A minus B from a segment's `flow_terms`; team A's share of the ball stands in where they lack possession."""
    teams = terms if isinstance(terms, Mapping) else {}
    a, b = (_object(teams.get(team)) for team in ("team_a", "team_b"))
    found = {}
    for name in TERMS:
        ours, theirs = number(a.get(name)), number(b.get(name))
        if ours is not None and theirs is not None:
            found[name] = ours - theirs
    share = number(possession_a)
    if "possession" not in found and share is not None:
        found["possession"] = 2 * share - 100
    return found


def scores(windows: Sequence[Window]) -> list[float | None]:
    """Each window's score, from the windows up to it; None where fewer than two terms were measured."""
    so_far: dict[str, list[float]] = {name: [] for name in TERMS}
    found: list[float | None] = []
    for window in windows:
        standings = {}
        for name, value in window.ahead.items():
            so_far[name].append(value)
            standings[name] = _standing(value, so_far[name], TERMS[name].prior(window.length_s))
        found.append(_weighted(standings))
    return found


def _standing(value: float, so_far: Sequence[float], prior: float) -> float:
    """A value in standard deviations; the first few are read against the prior, whose teams are equals."""
    if len(so_far) <= _PRIOR_WINDOWS:
        return value / prior
    return (value - fmean(so_far)) / max(stdev(so_far), _LEAST_SPREAD_SHARE * prior)


def _weighted(standings: Mapping[str, float]) -> float | None:
    if len(standings) < _LEAST_TERMS:
        return None
    weight = sum(TERMS[name].weight for name in standings)
    return sum(TERMS[name].weight * value for name, value in standings.items()) / weight


@dataclass(frozen=True)
class Mean:
    """Mean of a few windows and its error."""

    value: float
    error: float


def mean_of(values: Sequence[float | None]) -> Mean | None:
    """None with fewer than two values: one window says nothing about its own error."""
    known = [value for value in values if value is not None]
    if len(known) < _LEAST_TERMS:
        return None
    return Mean(fmean(known), stdev(known) / sqrt(len(known)))


class Momentum(StrEnum):
    """Where a match is going; RISING and DOMINANT have a team."""

    STABLE = "stable"
    RISING = "rising"
    DOMINANT = "dominant"
    SHIFTING = "shifting"


def leader(score: Mean | None) -> Side | None:
    """Who has the upper hand, None for nobody."""
    if score is None or abs(score.value) < NOTICEABLE:
        return None
    return Side.A if score.value > 0 else Side.B


def momentum(score: Mean | None, before: Mean | None) -> Momentum:
    """The word for three windows, given the three before them."""
    ahead, was_ahead = leader(score), leader(before)
    if score is None or ahead is None:
        return Momentum.STABLE
    if was_ahead is not None and was_ahead is not ahead:
        return Momentum.SHIFTING
    return Momentum.DOMINANT if abs(score.value) > DOMINANT else Momentum.RISING


def confidence(score: Mean | None, quality: float | None) -> float:
    """How sure that word is, 0..1, never above the quality of what was seen; 0 when nothing could be told.

    Args:
        score: mean of the three windows.
        quality: mean quality of the windows, 0..1; None when the engine does not say.
    """
    if score is None or quality is None:
        return 0.0
    size = abs(score.value)
    if size < NOTICEABLE:
        return _unit(quality * (1 - size))
    certainty = erf(size / score.error / sqrt(2)) if score.error > 0 else 1.0  # 2Φ(x) - 1
    return _unit(min(quality, certainty))


@dataclass(frozen=True)
class Change:
    """A term that moved since the three windows before; `size` is positive and in the term's unit, towards `side`."""

    term: str
    side: Side
    size: float


def change(now: Sequence[Window], before: Sequence[Window]) -> Change | None:
    """The clearest change, if any is larger than its error allows by chance."""
    found: list[tuple[float, Change]] = []
    for name in TERMS:
        new, old = (mean_of([window.ahead.get(name) for window in three]) for three in (now, before))
        if new is None or old is None or new.value == old.value:
            continue
        moved, error = new.value - old.value, sqrt(new.error**2 + old.error**2)
        ratio = abs(moved) / error if error > 0 else inf
        if ratio > CHANGED:
            found.append((ratio, Change(name, Side.A if moved > 0 else Side.B, abs(moved))))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def number(value: object) -> float | None:
    """A finite number, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return float(value)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _unit(value: float) -> float:
    return min(max(value, 0.0), 1.0)
