"""Hand-made play for tactical tests: two 4-4-2 teams whose every number can be worked out on paper."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from touchline.engine.types import Observation
from touchline.football.pitch import STANDARD_PITCH, PitchSize
from touchline.football.vocabulary import Role, TeamCode

Array = NDArray[np.float64]


def four_four_two(*, line_m: float = 30.0, width_m: float = 40.0, gap_m: float = 10.0, keeper_m: float = 5.0) -> Array:
    """(11, 2) metres in the team's own frame: keeper, four backs, four midfielders, two forwards, even spacing."""
    y = 34.0 + np.linspace(-width_m / 2, width_m / 2, 4)
    back = np.column_stack([np.full(4, line_m), y])
    middle = np.column_stack([np.full(4, line_m + gap_m), y])
    front = np.column_stack([np.full(2, line_m + 2 * gap_m), y[1:3]])
    return np.vstack([[[keeper_m, 34.0]], back, middle, front])


def shifted(team: Array, along_m: float, across_m: float = 0.0) -> Array:
    """The team as a whole somewhere else."""
    return team + np.array([along_m, across_m])


@dataclass(frozen=True)
class Play:
    """Where everybody is at a time. Team A attacks x = 105 unless `a_right` says otherwise.

    a, b: time to (11, 2) metres, each in its own team frame; ball: time to (2,) metres in A's frame, or None.
    """

    a: Callable[[float], Array]
    b: Callable[[float], Array]
    ball: Callable[[float], Array | None]
    a_right: bool = True
    pitch: PitchSize = STANDARD_PITCH


def still(positions: Array) -> Callable[[float], Array]:
    """A team that does not move."""
    return lambda _time: positions


def sway(time_s: float, *, speed_mps: float = 2.0, reach_m: float = 6.0) -> float:
    """Back and forth at constant speed: -reach..reach."""
    phase = (time_s * speed_mps) % (4 * reach_m)
    return phase - reach_m if phase <= 2 * reach_m else 3 * reach_m - phase


def carried_by_b(*, a: Array, b: Array, player: int = 9, **kwargs: object) -> Play:
    """Team B has the ball all the time: one of its players carries it across the pitch and back."""
    length, width = STANDARD_PITCH.length_m, STANDARD_PITCH.width_m

    def team_b(time_s: float) -> Array:
        moved = b.copy()
        moved[player, 1] += sway(time_s)
        return moved

    def ball(time_s: float) -> Array:
        x, y = team_b(time_s)[player]
        return np.array([length - x - 0.5, width - y])

    return Play(still(a), team_b, ball, **kwargs)  # type: ignore[arg-type]  # plain pass-through


def observe(
    play: Play,
    *,
    seconds: float,
    rate_hz: float = 5.0,
    start_s: float = 0.0,
    noise_m: float = 0.0,
    seed: int = 1,
    hidden: Sequence[int] = (),
    keepers: bool = True,
    swap_teams: bool = False,
    unknown_teams: bool = False,
    visible: Array | None = None,
) -> list[Observation]:
    """Frames of a play. Track ids: 1..11 team A, 12..22 team B; `hidden` ids are never seen."""
    rng = np.random.default_rng(seed)
    ids = np.array([track for track in range(1, 23) if track not in hidden], np.int32)
    teams = np.where(ids <= 11, TeamCode.A, TeamCode.B)
    if swap_teams:
        teams = 1 - teams
    roles = np.full(len(ids), Role.PLAYER)
    if keepers:
        roles[np.isin(ids, (1, 12))] = Role.KEEPER
    if unknown_teams:
        teams, roles = np.full(len(ids), TeamCode.UNKNOWN), np.full(len(ids), Role.UNKNOWN)
    frames = []
    for index in range(round(seconds * rate_hz)):
        time_s = index / rate_hz
        people = np.vstack([_placed(play, play.a(time_s), right=True), _placed(play, play.b(time_s), right=False)])
        positions = people[ids - 1] + rng.normal(0, noise_m, (len(ids), 2)) if noise_m else people[ids - 1]
        spot = play.ball(time_s)
        ball = np.full(2, np.nan) if spot is None else _placed(play, spot, right=True)
        frames.append(
            Observation(
                frame_index=index,
                source_index=index,
                time_s=start_s + time_s,
                track_ids=ids,
                boxes=np.zeros((len(ids), 4), np.float32),
                scores=np.ones(len(ids), np.float32),
                teams=teams.astype(np.int8),
                roles=roles.astype(np.int8),
                positions=positions.astype(np.float32),
                ball_score=float("nan") if spot is None else 0.9,
                ball_position=ball.astype(np.float32),
                visible=visible,
            )
        )
    return frames


def _placed(play: Play, points: Array, *, right: bool) -> Array:
    """From a team's frame on 105 by 68 to frame P of the play's pitch."""
    size = np.array([STANDARD_PITCH.length_m, STANDARD_PITCH.width_m])
    in_p = points if right == play.a_right else size - points
    return in_p * np.array([play.pitch.length_m, play.pitch.width_m]) / size
