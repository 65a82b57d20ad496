"""The motion of a whole scene: two blocks that follow the ball, people within human limits, officials who keep up.

The table it makes is the truth; drawing only looks at it.
"""

from dataclasses import dataclass

import numpy as np

from touchline.engine.synthetic.ball import BallEvent, BallPlay
from touchline.engine.synthetic.lineups import (
    ASSISTANT_LEFT,
    ASSISTANT_RIGHT,
    AWAY_PLACES,
    HOME_PLACES,
    PEOPLE,
    REFEREE,
    TEAM_SIZE,
)
from touchline.engine.synthetic.script import AWAY_SIDE, HOME_SIDE, Spell
from touchline.engine.synthetic.shapes import Block, back_indices, keeper_place_m, places_m, wanted_block
from touchline.engine.types import FloatArray, IntArray
from touchline.football.pitch import PitchSize, to_team_frame

ATTACKS_RIGHT = {HOME_SIDE: False, AWAY_SIDE: True}
TOP_SPEED_MPS, TOP_ACCELERATION_MPS2 = 8.0, 4.5
_JOG_MPS = 5.2
_BURN_IN_S = 4.0
_WANDER_M, _WANDER_S = 1.7, 1.6
_BESIDE_LINE_M = 1.6
_PRESSER_OFF_M = 2.5
_FIRST_ON_THE_BALL = 4  # a full-back
_ROOM_M, _ROOM_PUSH_MPS = np.array((3.5, 1.4)), np.array((1.0, 4.0))  # along, across the pitch
_PLACES = {HOME_SIDE: HOME_PLACES, AWAY_SIDE: AWAY_PLACES}


@dataclass(frozen=True)
class Motion:
    """Everybody's way through a scene of T frames.

    position: (T, 25, 2) metres, frame P; velocity: (T, 25, 2) m/s; ball: (T, 3) metres with height;
    side: (T,) team that touched the ball last (0 home, 1 away); holder: (T,) person on the ball, -1 while it travels.
    """

    fps: float
    position: FloatArray
    velocity: FloatArray
    ball: FloatArray
    side: IntArray
    holder: IntArray
    events: tuple[BallEvent, ...]


def move(spells: tuple[Spell, ...], *, frames: int, fps: float, pitch: PitchSize, rng: np.random.Generator) -> Motion:
    """Play a script; the players start in their places and have settled when the first frame is taken."""
    stage = _Stage(spells, fps=fps, pitch=pitch, rng=rng)
    lead = round(_BURN_IN_S * fps)
    for step in range(lead):
        stage.step((step - lead) / fps)
    position, velocity = np.empty((frames, PEOPLE, 2)), np.empty((frames, PEOPLE, 2))
    ball, side, holder = np.empty((frames, 3)), np.empty(frames, np.int8), np.empty(frames, np.int16)
    for frame in range(frames):
        position[frame], velocity[frame], ball[frame] = stage.position, stage.velocity, stage.ball.position
        side[frame] = stage.ball.side
        holder[frame] = stage.ball.holder if stage.ball.receiver < 0 else -1
        stage.step(frame / fps)
    events = tuple(event for event in stage.ball.events if 0 <= event.time_s < frames / fps)
    return Motion(fps, position, velocity, ball, side, holder, events)


class _Stage:
    """The moving state: blocks, people and ball."""

    def __init__(self, spells: tuple[Spell, ...], *, fps: float, pitch: PitchSize, rng: np.random.Generator) -> None:
        self._spells, self._dt, self._pitch, self._rng = spells, 1 / fps, pitch, rng
        first = spells[0]
        start = np.array((sum(first.ball_x_m) / 2, pitch.width_m / 2))
        self._blocks = {team: self._wanted(team, start, first) for team in (HOME_SIDE, AWAY_SIDE)}
        self._in_share = {team: float(first.side == team) for team in (HOME_SIDE, AWAY_SIDE)}
        self._wander = np.zeros((PEOPLE, 2))
        self._chaser = -1
        self.velocity: FloatArray = np.zeros((PEOPLE, 2))
        self.position: FloatArray = self._targets(start)
        holder = first.side * TEAM_SIZE + _FIRST_ON_THE_BALL
        self.ball = BallPlay(holder=holder, position=self.position[holder], pitch=pitch, rng=rng)

    def step(self, time_s: float) -> None:
        spell = self._spell(time_s)
        ball = self.ball.position[:2]
        for team in (HOME_SIDE, AWAY_SIDE):
            wanted = self._wanted(team, ball, spell)
            self._blocks[team] = self._blocks[team].blended(wanted, self._dt / 1.3)
            has = float(self.ball.side == team)
            self._in_share[team] += (has - self._in_share[team]) * self._dt / 1.6
        noise = self._rng.normal(0, 1, (PEOPLE, 2))
        self._wander += -self._wander * self._dt / _WANDER_S + noise * _WANDER_M * np.sqrt(2 * self._dt / _WANDER_S)
        targets, limits = self._targets(ball) + self._wander, np.full(PEOPLE, _JOG_MPS)
        self._chase(targets, limits, spell)
        self._move(targets, limits)
        self.ball.step(time_s, self._dt, people=self.position, velocity=self.velocity, spell=spell)

    def _spell(self, time_s: float) -> Spell:
        for spell in self._spells:
            if time_s < spell.end_s:
                return spell
        return self._spells[-1]

    def _wanted(self, team: int, ball: FloatArray, spell: Spell) -> Block:
        own = to_team_frame(ball, attacks_right=ATTACKS_RIGHT[team], pitch=self._pitch)
        deep = spell.away_deep and team == AWAY_SIDE
        return wanted_block(own, has_ball=spell.side == team, deep=deep, pitch=self._pitch)

    def _targets(self, ball: FloatArray) -> FloatArray:
        targets = np.empty((PEOPLE, 2))
        for team in (HOME_SIDE, AWAY_SIDE):
            first, right = team * TEAM_SIZE, ATTACKS_RIGHT[team]
            targets[first : first + TEAM_SIZE] = places_m(
                self._blocks[team], _PLACES[team], in_share=self._in_share[team], attacks_right=right, pitch=self._pitch
            )
            own = to_team_frame(ball, attacks_right=right, pitch=self._pitch)
            targets[first] = keeper_place_m(own, attacks_right=right, pitch=self._pitch)
        self._stay_onside(targets)
        targets[REFEREE] = ball + np.where(ball[0] < self._pitch.length_m / 2, (9.0, 7.0), (-9.0, -7.0))
        last_away = float(targets[TEAM_SIZE + 1 : 2 * TEAM_SIZE, 0].min())
        last_home = float(targets[1:TEAM_SIZE, 0].max())
        targets[ASSISTANT_LEFT] = min(last_away, self._pitch.length_m / 2), -_BESIDE_LINE_M
        targets[ASSISTANT_RIGHT] = max(last_home, self._pitch.length_m / 2), self._pitch.width_m + _BESIDE_LINE_M
        return targets

    def _stay_onside(self, targets: FloatArray) -> None:
        last_away = float(targets[TEAM_SIZE + 1 : 2 * TEAM_SIZE, 0].min())
        last_home = float(targets[1:TEAM_SIZE, 0].max())
        home, away = np.s_[1:TEAM_SIZE], np.s_[TEAM_SIZE + 1 : 2 * TEAM_SIZE]
        targets[home, 0] = np.maximum(targets[home, 0], min(last_away, self._pitch.length_m / 2) + 1.5)
        targets[away, 0] = np.minimum(targets[away, 0], max(last_home, self._pitch.length_m / 2) - 1.5)

    def _chase(self, targets: FloatArray, limits: FloatArray, spell: Spell) -> None:
        """The receiver runs to the ball, its holder plays on, one opponent closes him down."""
        ball = self.ball.position[:2]
        if self.ball.landing is not None:
            targets[self.ball.receiver], limits[self.ball.receiver] = self.ball.landing, TOP_SPEED_MPS
        else:
            targets[self.ball.holder] = self.position[self.ball.holder] + self._carry_step(self.ball.holder)
        defenders = 1 - self.ball.side
        chaser = self._nearest_free(defenders, ball, deep=spell.away_deep and defenders == AWAY_SIDE)
        if chaser >= 0 and chaser != self.ball.receiver:
            # goal side of the ball, on the flank he comes from: beside the holder, not behind him in the picture
            goalward = -1.2 if ATTACKS_RIGHT[defenders] else 1.2
            flank = 2.2 if self.position[chaser, 1] > ball[1] else -2.2
            targets[chaser] = ball + np.array((goalward, flank))
            limits[chaser] = 6.6
        self._chaser = chaser

    def _carry_step(self, holder: int) -> FloatArray:
        """(2,) metres ahead of a player with the ball: mostly across the pitch, to the side with more room."""
        forward = 0.6 if ATTACKS_RIGHT[holder // TEAM_SIZE] else -0.6
        inward = 1.6 if self.position[holder, 1] < self._pitch.width_m / 2 else -1.6
        return np.array((forward, inward))

    def _nearest_free(self, team: int, ball: FloatArray, *, deep: bool) -> int:
        """Who closes the ball down: the nearest, with some loyalty to the present one; a deep back line stays."""
        first = team * TEAM_SIZE
        staying = {0, *(back_indices(_PLACES[team]) if deep else ())}
        free = [first + index for index in range(TEAM_SIZE) if index not in staying]
        distance = [
            float(np.linalg.norm(self.position[index] - ball)) - 2.5 * (index == self._chaser) for index in free
        ]
        best = int(np.argmin(distance))
        return free[best] if distance[best] < 14.0 else -1

    def _move(self, targets: FloatArray, limits: FloatArray) -> None:
        wanted = (targets - self.position) * 1.15 + self._elbow_room() + self._respect()
        pace = np.linalg.norm(wanted, axis=1)
        wanted *= np.minimum(1.0, limits / np.maximum(pace, 1e-6))[:, None]
        change = (wanted - self.velocity) / 0.25
        effort = np.linalg.norm(change, axis=1)
        change *= np.minimum(1.0, TOP_ACCELERATION_MPS2 / np.maximum(effort, 1e-6))[:, None]
        self.velocity = self.velocity + change * self._dt
        self.position = self.position + self.velocity * self._dt

    def _respect(self) -> FloatArray:
        """(P, 2) m/s that keep the other side from standing on a ball that somebody has: duels are for harder levels."""
        push = np.zeros((PEOPLE, 2))
        if self.ball.landing is None:
            first = (1 - self.ball.side) * TEAM_SIZE
            apart = self.position[first : first + TEAM_SIZE] - self.ball.position[:2]
            distance = np.linalg.norm(apart, axis=1, keepdims=True)
            near = np.clip(_PRESSER_OFF_M - distance, 0, None)
            push[first : first + TEAM_SIZE] = apart / np.maximum(distance, 0.1) * near * 2.5
        return push

    def _elbow_room(self) -> FloatArray:
        """(P, 2) m/s that keeps people from standing in each other.

        Room is wider along the pitch than across it: seen from behind the goal, people in line hide each other, and
        crowds belong to a harder level than these. The referee gives way to everybody, further off.
        """
        room = np.tile(_ROOM_M, (PEOPLE, 1, 1))
        room[REFEREE] *= 1.8
        apart = self.position[:, None] - self.position[None]
        distance = np.linalg.norm(apart / room, axis=2) + np.eye(PEOPLE) * 99
        push = np.clip(1.0 - distance, 0, None)[..., None] * np.sign(apart) * _ROOM_PUSH_MPS
        return np.asarray(push.sum(axis=1))
