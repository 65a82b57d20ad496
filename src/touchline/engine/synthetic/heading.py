"""Which way people face and how their legs move, worked out from their motion; drawing only."""

import numpy as np

from touchline.engine.synthetic.motion import Motion
from touchline.engine.synthetic.painter import Pose
from touchline.engine.synthetic.skeleton import GAIT_PHASES, Gait
from touchline.engine.types import FloatArray

_STAND_BELOW_MPS, _RUN_ABOVE_MPS = 0.45, 2.4
_CYCLE_M = {Gait.STAND: 1.0, Gait.WALK: 1.45, Gait.RUN: 2.7}  # ground covered in a double step
_TURN_RATE_RAD_S = 6.0
_FACE_BALL_BELOW_MPS = 0.9


class Stride:
    """Follows everybody's heading and stride through a scene, frame by frame."""

    def __init__(self, motion: Motion) -> None:
        self._motion = motion
        people = motion.position.shape[1]
        self._heading: FloatArray = self._wanted(0)
        self._walked_m = np.linspace(0, 3, people, endpoint=False)  # nobody keeps step with his neighbour

    def poses(self, frame: int) -> list[Pose]:
        """Poses of frame `frame`; frames are asked for in order."""
        motion, dt = self._motion, 1 / self._motion.fps
        pace = np.linalg.norm(motion.velocity[frame], axis=1)
        turn = (self._wanted(frame) - self._heading + np.pi) % (2 * np.pi) - np.pi
        self._heading = self._heading + np.clip(turn, -_TURN_RATE_RAD_S * dt, _TURN_RATE_RAD_S * dt)
        self._walked_m = self._walked_m + pace * dt
        return [self._pose(frame, person, float(pace[person])) for person in range(len(pace))]

    def _wanted(self, frame: int) -> FloatArray:
        """Where people move, or where the ball is for those who hardly move."""
        velocity, position = self._motion.velocity[frame], self._motion.position[frame]
        to_ball = self._motion.ball[frame, :2] - position
        slow = np.linalg.norm(velocity, axis=1) < _FACE_BALL_BELOW_MPS
        way = np.where(slow[:, None], to_ball, velocity)
        return np.asarray(np.arctan2(way[:, 1], way[:, 0]))

    def _pose(self, frame: int, person: int, pace: float) -> Pose:
        gait = Gait.STAND if pace < _STAND_BELOW_MPS else Gait.WALK if pace < _RUN_ABOVE_MPS else Gait.RUN
        share = self._walked_m[person] / _CYCLE_M[gait]
        phase = 0 if gait is Gait.STAND else int(share * GAIT_PHASES) % GAIT_PHASES
        x, y = self._motion.position[frame, person]
        return Pose((float(x), float(y)), float(self._heading[person]), gait, phase)
