"""One stretch of play, cleaned: what every metric of a window reads. Frame P until a team turns it to its own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from touchline.engine.tactics.ball import BallMotion, ball_motion, in_play
from touchline.engine.tactics.possession import Control, ball_control, control_radius_m, team_possession
from touchline.engine.tactics.preprocess import GRID_HZ, Motion, smooth_motion
from touchline.engine.tactics.span import BoolArray, Sighting, gather
from touchline.engine.tactics.speed import team_speed
from touchline.engine.tactics.visibility import Reach, reach_of
from touchline.engine.types import FloatArray, IntArray
from touchline.football.pitch import STANDARD_PITCH, PitchSize


@dataclass(frozen=True)
class Scene:
    """What stays the same over a run. `calibration_error_m` None means that nobody measured it."""

    pitch: PitchSize = STANDARD_PITCH
    is_broadcast: bool = True
    calibration_error_m: float | None = None


@dataclass(frozen=True)
class Play:
    """A window with some seconds on either side, on a 10 Hz grid.

    core: grid rows of the window itself; ids, teams, roles (P,); motion, ball on the grid; live (G,);
    control and possession (G,); reach: what the camera sees, None without polygons.
    """

    core: slice
    ids: IntArray
    teams: IntArray
    roles: IntArray
    motion: Motion
    ball: BallMotion
    live: BoolArray
    control: Control
    possession: IntArray
    reach: Reach | None
    scene: Scene

    @property
    def core_mask(self) -> BoolArray:
        """(G,) true inside the window."""
        mask = np.zeros(len(self.live), bool)
        mask[self.core] = True
        return mask

    @property
    def is_calibrated(self) -> bool:
        return bool(np.isfinite(self.motion.positions).any())


def prepare_play(
    sightings: Sequence[Sighting], *, start_s: float, end_s: float, scene: Scene, initial_possession: int = -1
) -> Play:
    """Clean a window's sightings, with whatever lies around it for the smoother and for what follows an event.

    Args:
        sightings: in time order; may begin before and end after the window.
        start_s: of the window, video seconds.
        end_s: of the window, exclusive.
        scene: of the run.
        initial_possession: TeamCode at the first sighting, when an earlier window knew.
    """
    raw = gather(sightings)
    grid_s, core = _grid(raw.times_s, start_s, end_s)
    error_m = scene.calibration_error_m or 0.0
    motion = smooth_motion(raw, scene.pitch, grid_s=grid_s, calibration_error_m=error_m)
    ball = ball_motion(raw.times_s, raw.ball, raw.positions, grid_s=grid_s, pitch=scene.pitch)
    on_team = raw.teams >= 0
    live = in_play(ball, team_speed(motion.velocities[:, on_team], min_players=4), scene.pitch)
    noise = float(np.median(motion.noise_m[on_team])) if on_team.any() else 0.0
    radius = control_radius_m(float(np.hypot(noise, error_m)), is_broadcast=scene.is_broadcast)
    control = ball_control(motion.positions, raw.teams, ball.positions, radius_m=radius)
    possession = team_possession(control.team, ball.seen, live, initial=initial_possession)
    nearest = _nearest_frame(raw.times_s, grid_s)
    polygon = raw.polygon[nearest] if len(raw.times_s) else np.zeros(0, np.int64)
    return Play(
        core=core,
        ids=raw.ids,
        teams=raw.teams,
        roles=raw.roles,
        motion=motion,
        ball=ball,
        live=live,
        control=control,
        possession=possession,
        reach=reach_of(raw.polygons, polygon, scene.pitch),
        scene=scene,
    )


def _grid(times_s: FloatArray, start_s: float, end_s: float) -> tuple[FloatArray, slice]:
    """Grid through the window's start, reaching as far as the frames do on either side."""
    first = min(float(times_s[0]), start_s) if len(times_s) else start_s
    last = max(float(times_s[-1]), end_s) if len(times_s) else end_s
    before = int((start_s - first) * GRID_HZ + 1e-6)
    inside = max(int(np.ceil((end_s - start_s) * GRID_HZ - 1e-6)), 1)
    after = int((last - end_s) * GRID_HZ + 1e-6)
    rows = np.arange(-before, inside + after)
    return start_s + rows / GRID_HZ, slice(before, before + inside)


def _nearest_frame(times_s: FloatArray, grid_s: FloatArray) -> IntArray:
    if len(times_s) < 2:
        return np.zeros(len(grid_s), np.int64)
    right = np.clip(np.searchsorted(times_s, grid_s), 1, len(times_s) - 1)
    return np.where(grid_s - times_s[right - 1] <= times_s[right] - grid_s, right - 1, right)
