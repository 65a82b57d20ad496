"""One team of a stretch of play in its own frame of reference: the arrays that its metrics share."""

from dataclasses import dataclass

import numpy as np

from touchline.engine.tactics import shape
from touchline.engine.tactics.ball import BallMotion
from touchline.engine.tactics.direction import Direction
from touchline.engine.tactics.keepers import keeper_columns
from touchline.engine.tactics.play import Play
from touchline.engine.tactics.preprocess import GRID_HZ
from touchline.engine.tactics.quality import QualityScore, Reason, quality_score
from touchline.engine.tactics.span import BoolArray
from touchline.engine.tactics.speed import team_speed
from touchline.engine.tactics.visibility import OUTFIELD_PLAYERS, FrameValidity, frame_validity, turned
from touchline.engine.types import FloatArray
from touchline.football.pitch import to_team_frame
from touchline.football.vocabulary import TeamCode

_CALIBRATION_WORST_M = 2.0
_BREAKS_WORST_PER_MIN = 6.0
_EDGE_M = 3.0


@dataclass(frozen=True)
class TeamFrames:
    """outfield (G, M, 2) packed, metres, frame T; velocity_x (G, P') m/s towards the opponent's goal, one column per
    track; speed (G,); ball in frame T; live, ip, oop, usable (G,) frames inside the window; vis: mean share of the
    team seen in usable frames. While the direction is unknown, frame T is an arbitrary one.
    """

    team: TeamCode
    play: Play
    attacks_right: bool | None
    direction_trust: float
    outfield: FloatArray
    velocity_x: FloatArray
    speed: FloatArray
    ball: BallMotion
    validity: FrameValidity
    live: BoolArray
    ip: BoolArray
    oop: BoolArray
    usable: BoolArray
    vis: float | None

    @property
    def known_s(self) -> float:
        """Seconds of the window in which some team is known to have the ball."""
        return float((self.ip | self.oop).sum() / GRID_HZ)

    @property
    def ball_share(self) -> float:
        """Share of the window's live frames with a ball."""
        return float((self.play.ball.seen & self.live).sum() / max(self.live.sum(), 1))

    def blocked(self, *, needs_direction: bool) -> str | None:
        """The reason why nothing can be measured at all, or None."""
        if not self.play.is_calibrated:
            return Reason.NOT_CALIBRATED.value
        if not (self.play.teams >= 0).any():
            return Reason.TEAMS_UNKNOWN.value
        if needs_direction and self.attacks_right is None:
            return Reason.DIRECTION_UNKNOWN.value
        return None

    def cut_reason(self) -> str:
        """Why frames were mostly refused: too few players, or too much of the team out of the picture."""
        few = float((self.validity.players[self.live] < 7).mean()) if self.live.any() else 1.0
        return Reason.TOO_FEW_PLAYERS.value if few > 0.5 else Reason.TEAM_CUT.value


def team_frames(play: Play, direction: Direction, team: TeamCode) -> TeamFrames:
    """Turn a stretch of play into the frame of one team and mark the frames that it may be judged on."""
    attacks_right = direction.attacks_right(team)
    right = True if attacks_right is None else attacks_right
    pitch, positions = play.scene.pitch, play.motion.positions
    keepers = keeper_columns(team, positions, play.teams, play.roles, pitch, attacks_right=attacks_right)
    own = (play.teams == team) & ~keepers
    outfield = shape.pack_outfield(to_team_frame(positions[:, own], attacks_right=right, pitch=pitch))
    sign = 1.0 if right else -1.0
    keeper_seen = np.asarray(np.isfinite(positions[:, keepers, 0]).any(axis=1) & (attacks_right is not None), bool)
    validity = frame_validity(
        outfield,
        keeper_seen=keeper_seen,
        reach=None if play.reach is None else turned(play.reach, attacks_right=right),
    )
    live = play.core_mask & play.live
    usable = validity.usable & live
    share = np.minimum(validity.players / OUTFIELD_PLAYERS, 1.0)
    return TeamFrames(
        team=team,
        play=play,
        attacks_right=attacks_right,
        direction_trust=direction.trust,
        outfield=outfield,
        velocity_x=sign * play.motion.velocities[:, own, 0],
        speed=team_speed(play.motion.velocities[:, own]),
        ball=BallMotion(
            to_team_frame(play.ball.positions, attacks_right=right, pitch=pitch), sign * play.ball.velocities
        ),
        validity=validity,
        live=live,
        ip=live & (play.possession == team),
        oop=live & (play.possession >= 0) & (play.possession != team),
        usable=usable,
        vis=float(share[usable].mean()) if usable.any() else None,
    )


def team_quality(frames: TeamFrames) -> QualityScore:
    """Data quality of a team in the window; parts that nobody knows are left out."""
    live_frames = int(frames.live.sum())
    error_m = frames.play.scene.calibration_error_m
    return quality_score(
        {
            "cov": float(frames.usable.sum()) / live_frames if live_frames else 0.0,
            "vis": frames.vis,
            "ball": frames.ball_share,
            "cal": None if error_m is None else 1 - error_m / _CALIBRATION_WORST_M,
            "id": _identity_part(frames),
        }
    )


def _identity_part(frames: TeamFrames) -> float | None:
    """1 - identity breaks per visible player-minute / 6; a player who walks into the picture breaks nothing."""
    play = frames.play
    own = play.teams == frames.team
    seen = np.isfinite(play.motion.positions[play.core][:, own, 0])
    minutes = seen.sum() / GRID_HZ / 60
    if minutes < 0.1:
        return None
    born = seen[1:] & ~seen[:-1]
    rows, columns = np.nonzero(born)
    at = play.motion.positions[play.core][:, own][rows + 1, columns]
    breaks = len(rows) if play.reach is None else int((~_at_edge(frames, rows + 1, at)).sum())
    return float(1 - breaks / minutes / _BREAKS_WORST_PER_MIN)


def _at_edge(frames: TeamFrames, rows: np.ndarray, at: FloatArray) -> BoolArray:
    """Whether points (K, 2), frame P, lie within 3 m of the picture's edge along the pitch or across it."""
    reach = frames.play.reach
    assert reach is not None
    along, across = reach.along[frames.play.core], reach.across[frames.play.core]
    pitch = reach.pitch
    y_row = np.clip((at[:, 1] / pitch.width_m * along.shape[1]).astype(np.int64), 0, along.shape[1] - 1)
    x_row = np.clip((at[:, 0] / pitch.length_m * across.shape[1]).astype(np.int64), 0, across.shape[1] - 1)
    x_edges, y_edges = along[rows, y_row], across[rows, x_row]
    with np.errstate(invalid="ignore"):
        near_x = (at[:, 0] - x_edges[:, 0] < _EDGE_M) | (x_edges[:, 1] - at[:, 0] < _EDGE_M)
        near_y = (at[:, 1] - y_edges[:, 0] < _EDGE_M) | (y_edges[:, 1] - at[:, 1] < _EDGE_M)
    return np.asarray(near_x | near_y, bool)
