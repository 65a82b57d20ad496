"""The ball: kept at somebody's feet, then played to a team-mate (or lost to an opponent when the spell ends).

Pure state over time: `step` is told where everybody is and answers where the ball is and who should run to it.
"""

from dataclasses import dataclass

import numpy as np

from touchline.engine.synthetic.lineups import TEAM_SIZE
from touchline.engine.synthetic.script import Spell
from touchline.engine.types import FloatArray
from touchline.football.pitch import PitchSize

_FEET_M = 0.75  # the ball in front of its holder
_KEPT_SPEED_MPS = 9.0
_PASS_SPEED_MPS = (11.0, 16.0)
_LONGEST_PASS_M, _SHORTEST_PASS_M = 34.0, 6.0


@dataclass(frozen=True)
class BallEvent:
    """A pass or a lost ball, at the moment it is played; indices count people of the scene."""

    time_s: float
    kind: str
    passer: int
    receiver: int
    is_aerial: bool


@dataclass
class _Flight:
    receiver: int
    start: FloatArray
    target: FloatArray
    start_s: float
    duration_s: float
    rise_m: float


class BallPlay:
    """The ball's state over a scene; `holder` is the last person on it, `receiver` whom it travels to, or -1."""

    def __init__(self, *, holder: int, position: FloatArray, pitch: PitchSize, rng: np.random.Generator) -> None:
        self.holder, self.receiver = holder, -1
        self.position = np.array((position[0], position[1], 0.0))
        self.events: list[BallEvent] = []
        self._pitch, self._rng = pitch, rng
        self._flight: _Flight | None = None
        self._release_s = 0.6

    @property
    def side(self) -> int:
        """Which team touched it last: 0 home, 1 away."""
        return self.holder // TEAM_SIZE

    @property
    def landing(self) -> FloatArray | None:
        """(2,) metres where a travelling ball comes down; None while it is kept."""
        return None if self._flight is None else self._flight.target

    def step(self, time_s: float, dt_s: float, *, people: FloatArray, velocity: FloatArray, spell: Spell) -> None:
        """Move on by one frame; people (P, 2) metres and velocity (P, 2) m/s at `time_s`."""
        if self._flight is not None:
            self._fly(time_s, dt_s, people)
            return
        self._keep(dt_s, people, velocity)
        if time_s >= self._release_s:
            self._play(time_s + dt_s, people, velocity, spell)

    def _keep(self, dt_s: float, people: FloatArray, velocity: FloatArray) -> None:
        pace = float(np.linalg.norm(velocity[self.holder]))
        ahead = velocity[self.holder] / max(pace, 0.5)
        goal = people[self.holder] + ahead * (_FEET_M + 0.12 * pace)
        step = goal - self.position[:2]
        length = float(np.linalg.norm(step))
        self.position[:2] += step * min(1.0, _KEPT_SPEED_MPS * dt_s / max(length, 1e-6))
        self.position[2] = 0.0

    def _play(self, time_s: float, people: FloatArray, velocity: FloatArray, spell: Spell) -> None:
        lost = self.side != spell.side
        receiver = self._opponent(people) if lost else self._team_mate(people, spell)
        start = self.position[:2].copy()
        distance = float(np.linalg.norm(people[receiver] - start))
        is_aerial = distance > 26 or (distance > 18 and self._rng.random() < 0.25)
        pace = float(self._rng.uniform(*_PASS_SPEED_MPS)) * (1.15 if is_aerial else 1.0)
        target = people[receiver] + velocity[receiver] * distance / pace * 0.7
        target = np.clip(target, 1.5, (self._pitch.length_m - 1.5, self._pitch.width_m - 1.5))
        duration = max(float(np.linalg.norm(target - start)) / pace, 0.35)
        rise = (0.10 * distance if is_aerial else 0.0) + float(self._rng.uniform(0, 0.15))
        self._flight = _Flight(receiver, start, target, time_s, duration, rise)
        self.events.append(BallEvent(time_s, "turnover" if lost else "pass", self.holder, receiver, is_aerial))
        self.receiver = receiver

    def _fly(self, time_s: float, dt_s: float, people: FloatArray) -> None:
        flight = self._flight
        assert flight is not None
        # a receiver who could not get to the spot pulls it towards himself: he meets the ball
        pull = people[flight.receiver] - flight.target
        flight.target = flight.target + pull * min(1.0, 2.0 * dt_s / max(float(np.linalg.norm(pull)), 1e-6))
        share = min((time_s + dt_s - flight.start_s) / flight.duration_s, 1.0)
        run = 1 - (1 - share) ** 1.25  # slows as it rolls
        self.position[:2] = flight.start + (flight.target - flight.start) * run
        self.position[2] = 4 * flight.rise_m * share * (1 - share)
        near = float(np.linalg.norm(people[flight.receiver] - self.position[:2])) < 1.3
        if share >= 1.0 and near:
            self.holder, self.receiver, self._flight = flight.receiver, -1, None
            self._release_s = time_s + float(self._rng.uniform(0.6, 1.7))

    def _team_mate(self, people: FloatArray, spell: Spell) -> int:
        first = self.side * TEAM_SIZE
        others = people[(1 - self.side) * TEAM_SIZE : (2 - self.side) * TEAM_SIZE]
        mates = [index for index in range(first + 1, first + TEAM_SIZE) if index != self.holder]
        wanted_x = float(self._rng.uniform(*spell.ball_x_m))
        scores = []
        for mate in mates:
            distance = float(np.linalg.norm(people[mate] - self.position[:2]))
            room = float(np.linalg.norm(others - people[mate], axis=1).min())
            score = -abs(people[mate, 0] - wanted_x) / 4 - abs(distance - 14) / 10 + min(room, 6) / 4
            score -= 3.0 * (distance < _SHORTEST_PASS_M) + 3.0 * (distance > _LONGEST_PASS_M)
            scores.append(score + float(self._rng.normal(0, 0.9)))
        return mates[int(np.argmax(scores))]

    def _opponent(self, people: FloatArray) -> int:
        first = (1 - self.side) * TEAM_SIZE
        others = people[first + 1 : first + TEAM_SIZE]
        return first + 1 + int(np.argmin(np.linalg.norm(others - self.position[:2], axis=1)))
