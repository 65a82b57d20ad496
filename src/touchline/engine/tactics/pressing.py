"""Pressing actions: a defender closes the player who has the ball. Rules: tactics specification §8."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from touchline.engine.tactics.ball import runs
from touchline.engine.tactics.possession import Control
from touchline.engine.tactics.preprocess import GRID_HZ
from touchline.engine.tactics.span import BoolArray
from touchline.engine.types import FloatArray, IntArray

NEAR_M = 2.0
CLOSING_M = 4.5
CLOSING_MPS = 1.5
MIN_S = 0.3
MERGE_S = 1.0


@dataclass(frozen=True)
class Pressing:
    """starts: (K,) first frame of each action; active (G,) whether anyone presses; control (G,) opponent on the ball."""

    starts: IntArray
    active: BoolArray
    control: BoolArray

    def actions(self, core: slice) -> int:
        """Actions that begin inside a stretch of frames."""
        return int(((self.starts >= core.start) & (self.starts < core.stop)).sum())


def pressing_of(
    team: int, control: Control, positions: FloatArray, velocities: FloatArray, teams: IntArray, live: BoolArray
) -> Pressing:
    """Pressing actions of one team.

    A defender presses while the opponent controls the ball and he is within 2 m of the carrier, or within 4.5 m
    and closing at more than 1.5 m/s, for at least 0.3 s; bursts on the same carrier under 1 s apart are one action.

    Args:
        team: of TeamCode, the pressing team.
        control: controllers per frame.
        positions: (G, P, 2) metres.
        velocities: (G, P, 2) m/s, NaN where unknown (no closing speed then).
        teams: (P,) of TeamCode.
        live: (G,) frames in play.
    """
    frames = len(live)
    on_ball = (control.team >= 0) & (control.team != team) & live
    defenders = np.flatnonzero(teams == team)
    if len(defenders) == 0 or not on_ball.any():
        return Pressing(np.zeros(0, np.int64), np.zeros(frames, bool), on_ball)
    carrier = np.where(on_ball, control.controller, 0)
    rows = np.arange(frames)
    offset = positions[rows, carrier][:, None] - positions[:, defenders]
    distance = np.linalg.norm(offset, axis=-1)
    relative = velocities[:, defenders] - velocities[rows, carrier][:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        closing = (relative * offset).sum(axis=-1) / distance
        presses = (distance < NEAR_M) | ((distance < CLOSING_M) & (closing > CLOSING_MPS))
    presses &= on_ball[:, None]
    starts: list[int] = []
    active = np.zeros(frames, bool)
    for column in range(len(defenders)):
        starts += _actions(presses[:, column], carrier, active)
    return Pressing(np.array(sorted(starts), np.int64), active, on_ball)


def _actions(presses: BoolArray, carrier: IntArray, active: BoolArray) -> list[int]:
    """First frames of one defender's actions; marks his frames in `active`."""
    # Runs end where the carrier changes: a press is on a man.
    changed = np.concatenate([[False], carrier[1:] != carrier[:-1]])
    starts: list[int] = []
    last_stop: dict[int, int] = {}
    for start, stop in zip(*runs(presses), strict=True):
        cuts = [int(start), *(np.flatnonzero(changed[start + 1 : stop]) + start + 1).tolist(), int(stop)]
        for begin, end in pairwise(cuts):
            if end - begin < MIN_S * GRID_HZ - 1e-6:
                continue
            active[begin:end] = True
            man = int(carrier[begin])
            if begin - last_stop.get(man, -(10**9)) >= MERGE_S * GRID_HZ:
                starts.append(begin)
            last_stop[man] = end
    return starts
