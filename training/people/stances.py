"""What football poses are made of: strides of a gait, a low stance, the usual arms, and standing about."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from training.people.skeleton import Arm, Leg, Pose

Rng = np.random.Generator

# One stride at eight phases from the heel's touch: hip, knee, ankle of one leg in degrees; the other leg is
# half a stride behind. After the sagittal joint curves of gait studies (Novacheck 1998,
# doi:10.1016/S0966-6362(97)00038-6), rounded.
WALK = ((25, 20, 8, -2, -10, -4, 16, 27), (4, 14, 10, 4, 12, 42, 58, 24), (0, -6, 4, 8, 4, -16, -2, 2))
JOG = ((36, 28, 12, -6, -16, -2, 28, 44), (18, 38, 32, 18, 30, 82, 92, 52), (4, 12, 16, 4, -18, -14, 2, 6))
SPRINT = ((42, 26, 4, -16, -24, 8, 56, 72), (28, 34, 26, 16, 42, 108, 118, 72), (2, 12, 14, -4, -26, -16, 4, 8))


def standing(rng: Rng) -> Pose:
    return Pose(
        bend=near(rng, 4, 4),
        side=near(rng, 0, 3),
        left_leg=still_leg(rng),
        right_leg=still_leg(rng),
        left_arm=hanging_arm(rng),
        right_arm=hanging_arm(rng),
    )


def easy_stand(rng: Rng) -> Pose:
    """Weight on one leg, the other bent beside it."""
    shift = rng.uniform(3, 9)
    return replace(
        standing(rng),
        roll=-shift / 2,
        side=shift,
        left_leg=Leg(hip=near(rng, 12, 6), out=near(rng, 11, 3), turn=near(rng, 18, 8), knee=near(rng, 22, 7)),
        right_leg=Leg(hip=0, out=near(rng, 3, 2), turn=near(rng, 8, 5), knee=2),
    )


def walking(rng: Rng) -> Pose:
    return stride(rng, WALK, pitch=near(rng, 3, 2), arm_swing=26, elbow=22, twist=8)


def walking_tired(rng: Rng) -> Pose:
    """Walking with the hands on the hips."""
    step = stride(rng, WALK, pitch=near(rng, 4, 3), arm_swing=0, elbow=0, twist=4)
    return replace(step, left_arm=hand_on_hip(rng), right_arm=hand_on_hip(rng), nod=near(rng, 12, 8))


def jogging(rng: Rng) -> Pose:
    return stride(rng, JOG, pitch=near(rng, 7, 3), arm_swing=34, elbow=85, twist=10, flight_m=0.03)


def sprinting(rng: Rng) -> Pose:
    return stride(rng, SPRINT, pitch=near(rng, 14, 5), arm_swing=56, elbow=92, twist=13, flight_m=0.06)


def accelerating(rng: Rng) -> Pose:
    """First steps of a sprint, far forward."""
    return stride(rng, SPRINT, pitch=near(rng, 30, 6), arm_swing=55, elbow=95, twist=12, flight_m=0.02)


def near(rng: Rng, middle: float, spread: float) -> float:
    """A normal number that stays within two and a half spreads."""
    return middle + spread * float(np.clip(rng.normal(), -2.5, 2.5))


def still_leg(rng: Rng) -> Leg:
    return Leg(hip=near(rng, 2, 4), out=near(rng, 7, 4), turn=near(rng, 10, 6), knee=abs(near(rng, 4, 4)))


def hanging_arm(rng: Rng) -> Arm:
    return Arm(
        lift=near(rng, 3, 8), out=near(rng, 12, 4), elbow=abs(near(rng, 16, 8)), palm=near(rng, 10, 14),
        fist=rng.uniform(0.1, 0.6),
    )  # fmt: skip


def hand_on_hip(rng: Rng) -> Arm:
    return Arm(lift=near(rng, -24, 4), out=near(rng, 44, 4), roll=near(rng, 40, 5), elbow=near(rng, 88, 5), fist=0.5)


def moved(leg: Leg, *, hip: float = 0.0, knee: float = 0.0) -> Leg:
    return replace(leg, hip=leg.hip + hip, knee=leg.knee + knee)


def crouched(rng: Rng, *, hip: float, out: float, arm_out: float, roll: float) -> Pose:
    """Low and ready, the weight on both feet."""
    leg = Leg(hip=hip, knee=hip * 1.25, out=out, turn=near(rng, 14, 5), ankle=hip * 0.35)
    arm = Arm(lift=near(rng, 14, 12), out=arm_out, elbow=near(rng, 52, 16), fist=rng.uniform(0, 0.5))
    return Pose(
        pitch=hip * 0.45,
        roll=roll,
        bend=near(rng, 14, 6),
        nod=-hip * 0.3,
        left_leg=leg,
        right_leg=moved(leg, hip=near(rng, 0, 5), knee=near(rng, 0, 6)),
        left_arm=arm,
        right_arm=replace(arm, lift=near(rng, arm.lift, 8), elbow=near(rng, arm.elbow, 8)),
    )


def stride(
    rng: Rng,
    gait: tuple[tuple[float, ...], ...],
    *,
    pitch: float,
    arm_swing: float,
    elbow: float,
    twist: float,
    flight_m: float = 0.0,
) -> Pose:
    """A gait at a random phase; the arms swing against the legs, the chest against the pelvis."""
    phase = rng.uniform(0, 8)
    vigour = rng.uniform(0.8, 1.15)
    left, right = (_gait_leg(rng, gait, at, vigour) for at in (phase, phase + 4))
    swing = (right.hip - left.hip) / 60 * arm_swing * vigour

    def arm(forward: float) -> Arm:
        return Arm(
            lift=near(rng, forward, 5),
            out=near(rng, 13, 4),
            roll=near(rng, 18 if forward > 0 else 4, 5),
            elbow=max(near(rng, elbow + 0.35 * forward, 9), 4),
            palm=near(rng, 5, 8),
            fist=rng.uniform(0.3, 0.9) if elbow > 50 else rng.uniform(0.1, 0.5),
        )

    # both feet are off the ground twice in a stride, after either has pushed off
    in_flight = flight_m > 0 and min((phase - 4.6) % 4, 4) < 1.2
    turned = np.clip((left.hip - right.hip) / 70, -1, 1) * twist
    return Pose(
        pitch=pitch,
        pelvis=-0.5 * turned,
        twist=turned,
        bend=near(rng, 4, 3),
        side=near(rng, 0, 3),
        nod=-pitch * 0.6,
        left_leg=left,
        right_leg=right,
        left_arm=arm(swing),
        right_arm=arm(-swing),
        lift_m=flight_m * rng.uniform(0.4, 1.6) if in_flight else 0.0,
    )


def _gait_leg(rng: Rng, gait: tuple[tuple[float, ...], ...], phase: float, vigour: float) -> Leg:
    hip, knee, ankle = (float(np.interp(phase % 8, range(9), (*curve, curve[0]))) for curve in gait)
    return Leg(
        hip=near(rng, hip * vigour, 3),
        knee=max(near(rng, knee * vigour, 4), 0),
        ankle=ankle,
        out=near(rng, 3, 2),
        turn=near(rng, 6, 4),
    )
