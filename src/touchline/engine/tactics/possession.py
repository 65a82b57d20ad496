"""Who has the ball: the controller of each frame, and the team possession that persists while the ball is loose.

Rules and check (92.5 % agreement with a provider's flag on a complete sample): tactics specification §6.
"""

from dataclasses import dataclass

import numpy as np

from touchline.engine.tactics.preprocess import GRID_HZ
from touchline.engine.tactics.span import BoolArray
from touchline.engine.types import FloatArray, IntArray
from touchline.football.vocabulary import TeamCode

SWITCH_S = 0.4
LOST_S = 3.0
STABLE_S = 2.0
STABLE_SHARE = 0.9
INTERCEPTION_M = 3.0
TACKLE_M = 2.0
BASE_RADIUS_M = 1.5
BROADCAST_RADIUS_M = 2.5


@dataclass(frozen=True)
class Control:
    """controller (G,) column of the player on the ball or -1; team (G,) his team or -1; nearest_m (G,) his distance."""

    controller: IntArray
    team: IntArray


@dataclass(frozen=True)
class Turnover:
    """The ball changed teams. `frame` is the first control by the winner; distance is what the ball travelled."""

    frame: int
    loser: int
    winner: int
    kind: str
    distance_m: float
    is_stable: bool


def control_radius_m(noise_m: float, *, is_broadcast: bool) -> float:
    """Distance up to which the nearest player controls the ball; grows with the position noise."""
    return BROADCAST_RADIUS_M if is_broadcast else min(BASE_RADIUS_M + 2 * noise_m, BROADCAST_RADIUS_M)


def ball_control(positions: FloatArray, teams: IntArray, ball: FloatArray, *, radius_m: float) -> Control:
    """The nearest player within the radius controls the ball.

    Args:
        positions: (G, P, 2) metres, frame P, keepers included.
        teams: (P,) of TeamCode; players of no team never control.
        ball: (G, 2) metres, frame P.
        radius_m: largest distance of control.
    """
    frames = len(ball)
    nobody = np.full(frames, -1, np.int64)
    columns = np.flatnonzero(teams >= 0)
    if frames == 0 or len(columns) == 0:
        return Control(nobody, nobody.copy())
    distance = np.linalg.norm(positions[:, columns] - ball[:, None], axis=-1)
    distance = np.where(np.isfinite(distance), distance, np.inf)
    nearest = distance.argmin(axis=1)
    held = distance[np.arange(frames), nearest] < radius_m
    controller = np.where(held, columns[nearest], -1)
    return Control(controller, np.where(held, teams[controller], -1))


def team_possession(
    control: IntArray, ball_seen: BoolArray, live: BoolArray, *, initial: int = int(TeamCode.UNKNOWN)
) -> IntArray:
    """Team possession per frame.

    It switches when the other team has controlled the ball for 0.4 s on end (counted from its first touch), lasts
    while the ball is loose or in flight, is unknown after 3 s without a ball, and ends with dead play.

    Args:
        control: (G,) team in control or -1.
        ball_seen: (G,) whether the ball has a position.
        live: (G,) whether the ball is in play.
        initial: possession before the first frame.

    Returns:
        (G,) TeamCode values, UNKNOWN where nobody is known to have the ball or play is dead.
    """
    out = np.full(len(control), -1, np.int64)
    switch, lost = round(SWITCH_S * GRID_HZ), round(LOST_S * GRID_HZ)
    owner, challenger, since, unseen = initial, -1, 0, 0
    for frame, (team, seen, alive) in enumerate(zip(control.tolist(), ball_seen.tolist(), live.tolist(), strict=True)):
        unseen = 0 if seen else unseen + 1
        if not alive or unseen > lost:
            owner, challenger = -1, -1
            continue
        if team in (-1, owner):
            challenger = -1
        elif team != challenger:
            challenger, since = team, frame
        if challenger >= 0 and frame - since + 1 >= switch:
            owner, challenger = challenger, -1
            out[since:frame] = owner
        out[frame] = owner
    return out


def turnovers(possession: IntArray, control: Control, positions: FloatArray, ball: FloatArray) -> list[Turnover]:
    """Changes of team possession with their kind.

    Interception: the ball travelled at least 3 m between the two teams' players; tackle: both were within 2 m of
    each other; else a loose ball. Stable: 90 % of the 2 s before and after belong to the one and the other.

    Args:
        possession: (G,) as `team_possession` answers.
        control: controllers on the same frames.
        positions: (G, P, 2) metres.
        ball: (G, 2) metres.
    """
    found: list[Turnover] = []
    last_owner, last_frame = -1, -1
    for frame, owner in enumerate(possession.tolist()):
        if owner < 0:
            continue
        if last_owner >= 0 and owner != last_owner and frame - last_frame <= LOST_S * GRID_HZ:
            found.append(_turnover(frame, (last_owner, owner), possession, control, positions, ball))
        last_owner, last_frame = owner, frame
    return found


def is_stable(possession: IntArray, frame: int, loser: int, winner: int) -> bool:
    """Whether two seconds before belong to the loser and two seconds after to the winner."""
    reach = round(STABLE_S * GRID_HZ)
    if frame < reach or frame + reach > len(possession):
        return False
    before, after = possession[frame - reach : frame], possession[frame : frame + reach]
    return bool((before == loser).mean() >= STABLE_SHARE and (after == winner).mean() >= STABLE_SHARE)


def _turnover(
    frame: int,
    teams: tuple[int, int],
    possession: IntArray,
    control: Control,
    positions: FloatArray,
    ball: FloatArray,
) -> Turnover:
    loser, winner = teams
    earlier = np.flatnonzero(control.team[:frame] == loser)
    from_frame = int(earlier[-1]) if len(earlier) else frame
    travelled = _finite(np.linalg.norm(ball[frame] - ball[from_frame]))
    kind = "loose_ball"
    if travelled >= INTERCEPTION_M:
        kind = "interception"
    elif len(earlier) and control.controller[frame] >= 0:
        old, new = control.controller[from_frame], control.controller[frame]
        apart = _finite(np.linalg.norm(positions[frame, old] - positions[frame, new]), missing=np.inf)
        kind = "tackle" if apart < TACKLE_M else kind
    return Turnover(frame, loser, winner, kind, travelled, is_stable(possession, frame, loser, winner))


def _finite(value: np.floating, *, missing: float = 0.0) -> float:
    return float(value) if np.isfinite(value) else missing
