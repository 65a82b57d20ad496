"""A footballer's body as a cloud of balls in metres, posed by gait and phase.

Body frame: x to the front, y to the body's left, z up, metres; the soles rest on z = 0. The figure is 1.80 m tall;
whoever draws it scales it. Proportions follow the usual eight-heads figure of drawing schools, limbs a little thick
so that they survive at twenty pixels.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache
from math import cos, pi, radians, sin

import numpy as np

from touchline.engine.types import FloatArray, IntArray

BODY_HEIGHT_M = 1.80
GAIT_PHASES = 12


class Part(IntEnum):
    """What a drawn pixel of a figure belongs to; the kit decides its colour."""

    NONE = 0
    SKIN = 1
    HAIR = 2
    SHIRT = 3
    SLEEVE = 4
    SHORTS = 5
    SOCKS = 6
    BOOTS = 7


class Gait(StrEnum):
    """How a figure moves."""

    STAND = "stand"
    WALK = "walk"
    RUN = "run"


@dataclass(frozen=True)
class _Swing:
    """Amplitudes of one gait, degrees; `lean` tips the trunk forward."""

    hip: float
    hip_mean: float
    knee_rest: float
    knee_swing: float
    arm: float
    elbow: float
    lean: float


_SWINGS = {
    Gait.STAND: _Swing(hip=4, hip_mean=2, knee_rest=8, knee_swing=0, arm=6, elbow=25, lean=4),
    Gait.WALK: _Swing(hip=24, hip_mean=3, knee_rest=8, knee_swing=38, arm=24, elbow=22, lean=4),
    Gait.RUN: _Swing(hip=42, hip_mean=12, knee_rest=18, knee_swing=72, arm=42, elbow=80, lean=13),
}

_HIP_Z, _SHOULDER_Z, _NECK_Z = 0.94, 0.50, 0.56  # shoulder and neck above the hip
_THIGH, _SHANK, _UPPER_ARM, _FOREARM = 0.44, 0.42, 0.30, 0.26


@dataclass(frozen=True)
class Body:
    """A posed body: (B, 3) centres in metres, (B,) radii in metres, (B,) `Part` values."""

    centres: FloatArray
    radii: FloatArray
    parts: IntArray


@lru_cache(maxsize=64)
def posed(gait: Gait, phase: int) -> Body:
    """The body in one of `GAIT_PHASES` moments of a gait's double step (a standing body has one pose)."""
    swing, angle = _SWINGS[gait], 2 * pi * phase / GAIT_PHASES
    balls = _Balls()
    _trunk(balls, lean=radians(swing.lean))
    for side, offset in ((1, 0.0), (-1, pi)):
        _leg(balls, side=side, swing=swing, angle=angle + offset)
        _arm(balls, side=side, swing=swing, angle=angle + offset + pi)
    return balls.grounded()


class _Balls:
    def __init__(self) -> None:
        self._rows: list[tuple[float, ...]] = []

    def add(self, centre: FloatArray, radius: float, part: Part) -> None:
        self._rows.append((*centre.tolist(), radius, int(part)))

    def chain(self, start: FloatArray, stop: FloatArray, radii: tuple[float, float], parts: tuple[Part, ...]) -> None:
        """A tapering limb; `parts` share its length evenly from start to stop."""
        count = max(2, int(np.linalg.norm(stop - start) / 0.025))
        for step in range(count):
            share = step / (count - 1)
            part = parts[min(int(share * len(parts)), len(parts) - 1)]
            self.add(start + (stop - start) * share, radii[0] + (radii[1] - radii[0]) * share, part)

    def grounded(self) -> Body:
        rows = np.array(self._rows)
        rows[:, 2] -= (rows[:, 2] - rows[:, 3]).min()
        return Body(rows[:, :3], rows[:, 3], rows[:, 4].astype(np.uint8))


def _trunk(balls: _Balls, *, lean: float) -> None:
    def at(forward: float, left: float, up: float) -> FloatArray:
        return np.array((forward + up * sin(lean), left, _HIP_Z + up * cos(lean)))

    for up in np.linspace(0.06, 0.46, 14):
        half = 0.075 + 0.055 * (up - 0.06) / 0.40  # the chest is wider than the waist
        for left in np.linspace(-half, half, 5):
            balls.add(at(0.0, left, up), 0.115, Part.SHIRT)
    for left in np.linspace(-0.15, 0.15, 5):
        balls.add(at(0.0, left, _SHOULDER_Z), 0.085, Part.SHIRT)
    for left in (-0.09, -0.03, 0.03, 0.09):
        balls.add(at(0.0, left, 0.01), 0.115, Part.SHORTS)
    balls.add(at(0.01, 0.0, _NECK_Z + 0.03), 0.06, Part.SKIN)
    balls.add(at(0.035, 0.0, _NECK_Z + 0.165), 0.105, Part.SKIN)
    balls.add(at(0.015, 0.0, _NECK_Z + 0.20), 0.112, Part.HAIR)


def _leg(balls: _Balls, *, side: int, swing: _Swing, angle: float) -> None:
    thigh = radians(swing.hip_mean + swing.hip * sin(angle))
    # the knee folds while the leg swings forward, i.e. while the hip angle grows
    knee = radians(swing.knee_rest + swing.knee_swing * max(0.0, cos(angle)) ** 1.5)
    spread = radians(3.5)
    hip = np.array((0.0, side * 0.095, _HIP_Z))
    middle = hip + _THIGH * np.array((sin(thigh), side * sin(spread), -cos(thigh)))
    ankle = middle + _SHANK * np.array((sin(thigh - knee), 0.0, -cos(thigh - knee)))
    balls.chain(hip, hip + (middle - hip) * 0.72, (0.105, 0.10), (Part.SHORTS,))
    balls.chain(hip + (middle - hip) * 0.6, middle, (0.075, 0.06), (Part.SKIN,))
    balls.chain(middle, ankle, (0.06, 0.042), (Part.SKIN, Part.SOCKS, Part.SOCKS, Part.SOCKS, Part.SOCKS))
    sole = thigh - knee + radians(90 - 8)
    toe = ankle + 0.17 * np.array((sin(sole), 0.0, -cos(sole)))
    balls.chain(ankle - np.array((0.03, 0.0, 0.03)), toe - np.array((0.0, 0.0, 0.035)), (0.046, 0.038), (Part.BOOTS,))


def _arm(balls: _Balls, *, side: int, swing: _Swing, angle: float) -> None:
    lean, raised = radians(swing.lean), radians(swing.arm * sin(angle))
    spread = radians(11)
    shoulder = np.array((_SHOULDER_Z * sin(lean), side * 0.205, _HIP_Z + _SHOULDER_Z * cos(lean) - 0.02))
    elbow = shoulder + _UPPER_ARM * np.array((sin(raised), side * sin(spread), -cos(raised)))
    bend = raised + radians(swing.elbow)
    hand = elbow + _FOREARM * np.array((sin(bend), side * 0.05, -cos(bend)))
    balls.chain(shoulder, elbow, (0.062, 0.052), (Part.SLEEVE, Part.SLEEVE, Part.SLEEVE, Part.SKIN))
    balls.chain(elbow, hand, (0.045, 0.038), (Part.SKIN,))
