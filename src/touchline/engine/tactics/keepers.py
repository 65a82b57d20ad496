"""Who keeps goal: the tracks labelled so, else the deepest lone player near a goal."""

import numpy as np

from touchline.engine.tactics.span import BoolArray
from touchline.engine.types import FloatArray, IntArray
from touchline.football.pitch import PitchSize
from touchline.football.vocabulary import Role

_NEAR_GOAL_SHARE = 0.24  # of the pitch length: 25 m of 105
_ALONE_M = 6.0
_TEAM_PLAYERS = 5  # with fewer in the picture the deepest one says nothing
_SHARE = 0.5
_MAX_OTHER_END = 0.1
_MIN_FRAMES = 15


def keeper_columns(
    team: int, positions: FloatArray, teams: IntArray, roles: IntArray, pitch: PitchSize, *, attacks_right: bool | None
) -> BoolArray:
    """Which tracks are the keeper of a team, (P,) bool.

    Labelled keepers win. Without any, a track counts when it is the lone deepest player near the team's goal (either
    goal while the direction of play is unknown) in at least half of its frames.

    Args:
        team: of TeamCode.
        positions: (G, P, 2) metres, frame P.
        teams: (P,).
        roles: (P,).
        pitch: size of the pitch.
        attacks_right: of this team, None when unknown.
    """
    own = teams == team
    labelled = own & (roles == Role.KEEPER)
    if labelled.any() or not own.any():
        return np.asarray(labelled, bool)
    out = np.zeros(len(teams), bool)
    columns = np.flatnonzero(own)
    x = positions[:, columns, 0]
    seen_frames = np.isfinite(x).sum(axis=0)
    for at_left in (True, False):
        if attacks_right is not None and attacks_right != at_left:
            continue
        player, lone = lone_deepest(x, pitch, at_left=at_left)
        times_lone = np.bincount(player[lone], minlength=len(columns))
        out[columns] |= (times_lone >= _SHARE * seen_frames) & (times_lone >= _MIN_FRAMES)
    return out


def lone_deepest(x: FloatArray, pitch: PitchSize, *, at_left: bool) -> tuple[IntArray, BoolArray]:
    """The player nearest to one goal line per frame, and whether he is alone there.

    Args:
        x: (G, M) metres along the pitch, frame P, one team, NaN where unseen.
        pitch: size of the pitch.
        at_left: which goal line.

    Returns:
        column (G,) and lone (G,): within 25 m of the line (on 105 m) and 6 m deeper than the next team-mate.
    """
    frames = len(x)
    if x.shape[1] < 2:
        return np.zeros(frames, np.int64), np.zeros(frames, bool)
    depth = x if at_left else pitch.length_m - x
    depth = np.where(np.isfinite(depth), depth, np.inf)
    order = np.argsort(depth, axis=1)[:, :2]
    first, second = np.take_along_axis(depth, order, axis=1).T
    enough = np.isfinite(x).sum(axis=1) >= _TEAM_PLAYERS
    with np.errstate(invalid="ignore"):
        lone = enough & (first <= _NEAR_GOAL_SHARE * pitch.length_m) & (second - first >= _ALONE_M)
    return order[:, 0], lone


def keeper_side_samples(
    team: int, positions: FloatArray, teams: IntArray, roles: IntArray, pitch: PitchSize
) -> FloatArray:
    """Where a team's keeper stood, whatever the direction of play.

    Returns:
        (K,) metres along the pitch, frame P, of each frame in which he could be told; empty when the lone player
        stands at both ends by turns.
    """
    own = teams == team
    labelled = positions[:, own & (roles == Role.KEEPER), 0]
    if labelled.shape[1]:
        return labelled[np.isfinite(labelled)]
    x = positions[:, own, 0]
    ends = []
    for at_left in (True, False):
        player, lone = lone_deepest(x, pitch, at_left=at_left)
        ends.append(x[lone, player[lone]])
    counted = max(int((np.isfinite(x).sum(axis=1) >= _TEAM_PLAYERS).sum()), 1)
    shares = [len(end) / counted for end in ends]
    if max(shares) < _SHARE or min(shares) > _MAX_OTHER_END:
        return np.zeros(0)
    return ends[int(np.argmax(shares))]
