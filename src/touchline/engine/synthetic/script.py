"""What happens when: who has the ball, where it is played, and how deep the away team defends.

Home (white) attacks x = 0, away (red) attacks x = 105 in frame P.
"""

from dataclasses import dataclass

import numpy as np

HOME_SIDE, AWAY_SIDE = 0, 1
SIEGE_FROM_S = 10.0
_LEAD_IN_S = 7.2  # ordinary play before the siege; the block is in place by `SIEGE_FROM_S`
_SHORTEST_WITH_SIEGE_S = 45.0


@dataclass(frozen=True)
class Spell:
    """A stretch of play by one side.

    side: `HOME_SIDE` or `AWAY_SIDE` has the ball; ball_x_m: the range of x, frame P, between which it is played;
    away_deep: whether the away team falls back to its own box.
    """

    start_s: float
    end_s: float
    side: int
    ball_x_m: tuple[float, float]
    away_deep: bool = False


def script(seconds: float, rng: np.random.Generator) -> tuple[Spell, ...]:
    """The spells of a match of this length, without gaps.

    From 45 s on the away team is besieged from 10 s for at least three 10 s windows (from three minutes on for two
    fifths of the time), while the ball is mostly kept further than 35 m from its goal.
    """
    if seconds < _SHORTEST_WITH_SIEGE_S:
        return tuple(_ordinary(0.0, seconds, rng))
    siege_end = 41.0 if seconds < 180 else SIEGE_FROM_S + 60 * round(0.4 * seconds / 60) + 51
    spells = [Spell(0.0, 3.6, AWAY_SIDE, (38.0, 54.0)), Spell(3.6, _LEAD_IN_S, HOME_SIDE, (46.0, 60.0))]
    spells += _siege(_LEAD_IN_S, siege_end, rng)
    return (*spells, *_break_out(siege_end, seconds, rng))


def _ordinary(start_s: float, end_s: float, rng: np.random.Generator) -> list[Spell]:
    side = int(rng.integers(2))
    spells: list[Spell] = []
    while start_s < end_s - 1e-9:
        stop = start_s + float(rng.uniform(4.0, 9.0))
        stop = end_s if end_s - stop < 3.0 else stop
        low = float(rng.uniform(32, 42))
        spells.append(Spell(start_s, stop, side, (low, low + 18)))
        start_s, side = stop, 1 - side
    return spells


def _siege(start_s: float, end_s: float, rng: np.random.Generator) -> list[Spell]:
    """Patient passing in front of a deep block; once in ten seconds a ball is played into it and out again."""
    spells: list[Spell] = []
    while start_s < end_s - 1e-9:
        stop = min(start_s + float(rng.uniform(6.5, 7.5)), end_s)
        spells.append(Spell(start_s, stop, HOME_SIDE, (40.0, 56.0), away_deep=True))
        if end_s - stop > 5.0:
            probe = stop + 2.0
            spells.append(Spell(stop, probe, HOME_SIDE, (27.0, 34.0), away_deep=True))
            stop = probe
        start_s = stop
    return spells


def _break_out(start_s: float, end_s: float, rng: np.random.Generator) -> list[Spell]:
    """The besieged side wins the ball and carries it out; ordinary play follows."""
    stop = end_s if end_s - start_s < 9.0 else start_s + 6.0
    return [Spell(start_s, stop, AWAY_SIDE, (38.0, 66.0)), *_ordinary(stop, end_s, rng)]
