"""Gestures of players, keepers, referees and people beside the pitch; frames and signs are those of `skeleton`."""

from __future__ import annotations

from dataclasses import replace

from training.people.actions import heading, lunging, side_step
from training.people.skeleton import Arm, Leg, Pose
from training.people.stances import (
    WALK,
    Rng,
    crouched,
    easy_stand,
    hand_on_hip,
    jogging,
    near,
    standing,
    stride,
    walking,
)


def hands_on_hips(rng: Rng) -> Pose:
    return replace(
        easy_stand(rng) if rng.random() < 0.5 else standing(rng),
        left_arm=hand_on_hip(rng),
        right_arm=hand_on_hip(rng),
        nod=near(rng, 6, 10),
    )


def pointing(rng: Rng) -> Pose:
    arm = Arm(lift=near(rng, 88, 16), out=near(rng, 10, 8), swing=rng.uniform(-15, 85), elbow=near(rng, 6, 5), fist=0.6)
    base = stride(rng, WALK, pitch=2, arm_swing=18, elbow=25, twist=5) if rng.random() < 0.4 else standing(rng)
    return replace(base, left_arm=arm, look=arm.swing * 0.6, twist=base.twist + arm.swing * 0.15)


def arm_up(rng: Rng) -> Pose:
    """Calling for the ball, or asking for the flag."""
    arm = Arm(lift=near(rng, 165, 12), out=near(rng, 10, 8), elbow=near(rng, 12, 8), fist=rng.uniform(0, 0.8))
    base = jogging(rng) if rng.random() < 0.4 else easy_stand(rng)
    return replace(base, left_arm=arm)


def clapping(rng: Rng) -> Pose:
    arm = Arm(lift=near(rng, 46, 14), out=0, swing=-4, roll=near(rng, 20, 5), elbow=near(rng, 76, 14), fist=0)
    return replace(standing(rng), left_arm=arm, right_arm=arm)


def bending(rng: Rng) -> Pose:
    """Out of breath, hands on the knees."""
    bend = near(rng, 42, 8)
    hip = near(rng, 40, 7)
    leg = Leg(hip=hip, knee=near(rng, 34, 7), out=near(rng, 12, 3), ankle=8)
    arm = Arm(lift=near(rng, 74, 7), out=near(rng, 14, 4), elbow=near(rng, 12, 7))
    return Pose(
        pitch=hip * 0.75, bend=bend, nod=near(rng, -12, 16), left_leg=leg, right_leg=leg, left_arm=arm, right_arm=arm
    )


def keeper_ready(rng: Rng) -> Pose:
    pose = crouched(rng, hip=near(rng, 48, 9), out=near(rng, 17, 4), arm_out=near(rng, 30, 9), roll=0)
    arm = Arm(lift=near(rng, 32, 12), out=near(rng, 28, 9), elbow=near(rng, 66, 18), palm=-40, fist=0)
    return replace(pose, left_arm=arm, right_arm=replace(arm, lift=near(rng, arm.lift, 5)))


def keeper_dive(rng: Rng) -> Pose:
    """Flat or rising through the air, or landed, arms to the ball; towards the left."""
    tilt = rng.uniform(42, 92)
    arm = Arm(lift=near(rng, 152, 14), out=near(rng, 12, 7), elbow=near(rng, 16, 9), palm=-30, fist=0)
    return Pose(
        pitch=near(rng, 4, 8),
        roll=tilt,
        side=near(rng, 8, 6),
        nod=-8,
        left_leg=Leg(hip=near(rng, 22, 14), knee=near(rng, 48, 22), out=near(rng, 4, 4), ankle=-25),
        right_leg=Leg(hip=near(rng, 14, 16), knee=near(rng, 34, 22), out=near(rng, 16, 8), ankle=-25),
        left_arm=arm,
        right_arm=replace(arm, lift=near(rng, 146, 14), out=near(rng, 4, 6)),
        lift_m=0.0 if rng.random() < 0.3 else rng.uniform(0.05, 0.8),
    )


def keeper_catch(rng: Rng) -> Pose:
    arm = Arm(lift=near(rng, 164, 10), out=0, roll=12, elbow=near(rng, 18, 8), palm=-25, wrist=-10, fist=0.1)
    jump = heading(rng)
    right = Leg(hip=near(rng, 64, 14), knee=near(rng, 82, 14), ankle=-20)
    return replace(jump, left_arm=arm, right_arm=arm, right_leg=right, nod=-18, bend=-6)


def keeper_with_ball(rng: Rng) -> Pose:
    """The ball held before the chest or the belly."""
    arm = Arm(lift=near(rng, 36, 10), out=3, roll=near(rng, 17, 4), elbow=near(rng, 84, 12), palm=-10, fist=0.2)
    base = stride(rng, WALK, pitch=3, arm_swing=0, elbow=0, twist=4) if rng.random() < 0.6 else standing(rng)
    return replace(base, left_arm=arm, right_arm=arm)


def keeper_throw(rng: Rng) -> Pose:
    arm = Arm(lift=near(rng, 120, 22), out=near(rng, 42, 10), elbow=near(rng, 36, 16), fist=0.3)
    return replace(
        lunging(rng), right_arm=arm, left_arm=Arm(lift=near(rng, 62, 12), out=30, elbow=20), twist=near(rng, -18, 8)
    )


def whistling(rng: Rng) -> Pose:
    arm = Arm(lift=near(rng, 62, 8), out=4, roll=near(rng, 34, 6), elbow=near(rng, 122, 7), fist=0.8)
    return replace(standing(rng) if rng.random() < 0.6 else walking(rng), right_arm=arm)


def referee_signal(rng: Rng) -> Pose:
    """An arm out to the side, ahead or straight up."""
    arm = Arm(
        lift=float(rng.choice([88.0, 88.0, 168.0])) + near(rng, 0, 8),
        out=near(rng, 6, 5),
        swing=rng.uniform(-10, 90),
        elbow=near(rng, 4, 3),
        fist=rng.uniform(0, 0.8),
    )
    base = walking(rng) if rng.random() < 0.4 else standing(rng)
    return replace(base, left_arm=arm if arm.lift < 120 else replace(arm, swing=0))


def flag_up(rng: Rng) -> Pose:
    arm = Arm(lift=rng.choice([172.0, 92.0]) + near(rng, 0, 6), out=near(rng, 6, 4), elbow=4, fist=1)
    return replace(
        standing(rng), left_arm=arm if arm.lift > 120 else replace(arm, swing=rng.uniform(0, 60)), left_flag=True
    )


def flag_down(rng: Rng) -> Pose:
    base = side_step(rng) if rng.random() < 0.5 else jogging(rng)
    return replace(
        base, left_arm=Arm(lift=near(rng, 6, 8), out=near(rng, 16, 5), elbow=near(rng, 12, 6), fist=1), left_flag=True
    )


def arms_folded(rng: Rng) -> Pose:
    arm = Arm(lift=near(rng, 34, 4), out=near(rng, 12, 3), roll=near(rng, 72, 5), elbow=near(rng, 102, 5), fist=0.5)
    return replace(easy_stand(rng), left_arm=arm, right_arm=replace(arm, lift=arm.lift + 9))


def hands_in_pockets(rng: Rng) -> Pose:
    arm = Arm(lift=near(rng, -8, 4), out=near(rng, 16, 3), roll=near(rng, 18, 4), elbow=near(rng, 44, 6), fist=0.9)
    return replace(easy_stand(rng), left_arm=arm, right_arm=arm)


def shouting(rng: Rng) -> Pose:
    """A coach with his hands at the mouth, or waving players forward."""
    if rng.random() < 0.5:
        arm = Arm(lift=near(rng, 66, 6), out=4, roll=near(rng, 30, 5), elbow=near(rng, 124, 6), fist=0.1)
        return replace(standing(rng), left_arm=arm, right_arm=arm, bend=10)
    arm = Arm(lift=near(rng, 74, 16), out=near(rng, 28, 10), elbow=near(rng, 48, 20), fist=0.1)
    return replace(lunging(rng) if rng.random() < 0.3 else standing(rng), left_arm=arm)


def crouching(rng: Rng) -> Pose:
    """Squatting on both feet, as a photographer or a ball boy does; hands before the face or on the knees."""
    knee = near(rng, 126, 7)
    leg = Leg(hip=near(rng, 118, 6), knee=knee, out=near(rng, 18, 5), turn=18, ankle=32)
    arm = Arm(lift=near(rng, 72, 8), out=4, roll=near(rng, 26, 5), elbow=near(rng, 96, 12), fist=0.6)
    return Pose(
        pitch=near(rng, 22, 5),
        bend=near(rng, 18, 6),
        nod=-18,
        left_leg=leg,
        right_leg=leg,
        left_arm=arm,
        right_arm=arm,
        has_camera=bool(rng.random() < 0.6),
    )


def sitting_on_seat(rng: Rng) -> Pose:
    """On a bench or a camera stool, feet on the ground."""
    leg = Leg(hip=near(rng, 84, 5), knee=near(rng, 84, 10), out=near(rng, 10, 4))
    arm = Arm(lift=near(rng, 34, 10), out=8, roll=18, elbow=near(rng, 46, 14))
    return Pose(pitch=near(rng, 4, 6), bend=near(rng, 14, 10), left_leg=leg, right_leg=leg, left_arm=arm, right_arm=arm)
