"""Football poses as angles, each drawn with variation; frames and signs are those of `skeleton`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from training.people.skeleton import Arm, Leg, Pose

Rng = np.random.Generator
PoseMaker = Callable[[Rng], Pose]

# One stride at eight phases from the heel's touch: hip, knee, ankle of one leg in degrees; the other leg is
# half a stride behind. After the sagittal joint curves of gait studies (Novacheck 1998,
# doi:10.1016/S0966-6362(97)00038-6), rounded.
WALK = ((25, 20, 8, -2, -10, -4, 16, 27), (4, 14, 10, 4, 12, 42, 58, 24), (0, -6, 4, 8, 4, -16, -2, 2))
JOG = ((36, 28, 12, -6, -16, -2, 28, 44), (18, 38, 32, 18, 30, 82, 92, 52), (4, 12, 16, 4, -18, -14, 2, 6))
SPRINT = ((42, 26, 4, -16, -24, 8, 56, 72), (28, 34, 26, 16, 42, 108, 118, 72), (2, 12, 14, -4, -26, -16, 4, 8))


def standing(rng: Rng) -> Pose:
    return Pose(
        bend=_near(rng, 4, 4),
        side=_near(rng, 0, 3),
        left_leg=_still_leg(rng),
        right_leg=_still_leg(rng),
        left_arm=_hanging_arm(rng),
        right_arm=_hanging_arm(rng),
    )


def easy_stand(rng: Rng) -> Pose:
    """Weight on one leg, the other bent beside it."""
    shift = rng.uniform(3, 9)
    return replace(
        standing(rng),
        roll=-shift / 2,
        side=shift,
        left_leg=Leg(hip=_near(rng, 12, 6), out=_near(rng, 11, 3), turn=_near(rng, 18, 8), knee=_near(rng, 22, 7)),
        right_leg=Leg(hip=0, out=_near(rng, 3, 2), turn=_near(rng, 8, 5), knee=2),
    )


def walking(rng: Rng) -> Pose:
    return _stride(rng, WALK, pitch=_near(rng, 3, 2), arm_swing=26, elbow=22, twist=8)


def walking_tired(rng: Rng) -> Pose:
    """Walking with the hands on the hips."""
    stride = _stride(rng, WALK, pitch=_near(rng, 4, 3), arm_swing=0, elbow=0, twist=4)
    return replace(stride, left_arm=_hand_on_hip(rng), right_arm=_hand_on_hip(rng), nod=_near(rng, 12, 8))


def jogging(rng: Rng) -> Pose:
    return _stride(rng, JOG, pitch=_near(rng, 7, 3), arm_swing=34, elbow=85, twist=10, flight_m=0.03)


def sprinting(rng: Rng) -> Pose:
    return _stride(rng, SPRINT, pitch=_near(rng, 14, 5), arm_swing=56, elbow=92, twist=13, flight_m=0.06)


def accelerating(rng: Rng) -> Pose:
    """First steps of a sprint, far forward."""
    return _stride(rng, SPRINT, pitch=_near(rng, 30, 6), arm_swing=55, elbow=95, twist=12, flight_m=0.02)


def turning(rng: Rng) -> Pose:
    """A run with a sharp change of direction: the body leans into the curve."""
    lean = rng.uniform(10, 24)
    return replace(_stride(rng, JOG, pitch=_near(rng, 8, 4), arm_swing=25, elbow=80, twist=10), roll=lean, look=lean)


def side_step(rng: Rng) -> Pose:
    gap = rng.uniform(8, 26)
    return _crouched(rng, hip=_near(rng, 32, 8), out=gap, arm_out=_near(rng, 26, 8), roll=_near(rng, 0, 5))


def back_pedal(rng: Rng) -> Pose:
    step = _stride(rng, WALK, pitch=_near(rng, 8, 3), arm_swing=14, elbow=65, twist=5)
    return replace(
        step,
        bend=_near(rng, 12, 4),
        left_leg=_moved(step.left_leg, hip=_near(rng, 10, 4), knee=_near(rng, 24, 6)),
        right_leg=_moved(step.right_leg, hip=_near(rng, 10, 4), knee=_near(rng, 24, 6)),
    )


def jockeying(rng: Rng) -> Pose:
    """A defender half turned, low, arms spread."""
    pose = _crouched(rng, hip=_near(rng, 38, 8), out=_near(rng, 16, 4), arm_out=_near(rng, 34, 10), roll=0)
    return replace(pose, left_leg=_moved(pose.left_leg, hip=16, knee=6), right_leg=_moved(pose.right_leg, hip=-18))


def kick_backswing(rng: Rng) -> Pose:
    return Pose(
        pitch=_near(rng, -2, 5),
        bend=_near(rng, 8, 5),
        twist=_near(rng, -16, 6),
        side=_near(rng, 4, 4),
        nod=_near(rng, 18, 6),
        left_leg=Leg(hip=_near(rng, 14, 5), knee=_near(rng, 24, 6), out=_near(rng, 4, 3)),
        right_leg=Leg(hip=_near(rng, -28, 8), knee=_near(rng, 82, 16), out=_near(rng, 14, 6), ankle=-25),
        left_arm=Arm(lift=_near(rng, 22, 14), out=_near(rng, 62, 14), elbow=_near(rng, 28, 12)),
        right_arm=Arm(lift=_near(rng, -18, 12), out=_near(rng, 24, 9), elbow=_near(rng, 42, 14)),
    )


def kick_through(rng: Rng) -> Pose:
    """Just after the ball is struck."""
    high = rng.uniform(28, 88)
    return Pose(
        pitch=_near(rng, -10, 5),
        bend=_near(rng, 16, 5),
        twist=_near(rng, 16, 7),
        nod=_near(rng, 12, 6),
        left_leg=Leg(hip=_near(rng, 4, 4), knee=_near(rng, 14, 6), ankle=-8),
        right_leg=Leg(hip=high, knee=_near(rng, 14, 9), out=_near(rng, 2, 7), ankle=-25),
        left_arm=Arm(lift=_near(rng, 34, 14), out=_near(rng, 48, 14), elbow=_near(rng, 30, 12), swing=-15),
        right_arm=Arm(lift=_near(rng, -34, 12), out=_near(rng, 26, 9), elbow=_near(rng, 30, 12)),
    )


def passing(rng: Rng) -> Pose:
    """Inside of the foot, the hip turned out."""
    swing = rng.uniform(-20, 34)
    return Pose(
        pitch=_near(rng, 3, 4),
        bend=_near(rng, 12, 5),
        nod=_near(rng, 20, 7),
        left_leg=Leg(hip=_near(rng, 12, 4), knee=_near(rng, 22, 6), turn=4),
        right_leg=Leg(hip=swing, knee=_near(rng, 32, 9), out=_near(rng, 12, 4), turn=_near(rng, 52, 9), ankle=5),
        left_arm=Arm(lift=_near(rng, 18, 12), out=_near(rng, 38, 11), elbow=_near(rng, 38, 14)),
        right_arm=Arm(lift=_near(rng, -16, 12), out=_near(rng, 30, 9), elbow=_near(rng, 42, 14)),
    )


def controlling(rng: Rng) -> Pose:
    """A foot lifted to the ball, or set on it."""
    return Pose(
        pitch=_near(rng, 5, 4),
        bend=_near(rng, 14, 6),
        nod=_near(rng, 28, 8),
        left_leg=Leg(hip=_near(rng, 16, 5), knee=_near(rng, 26, 8)),
        right_leg=Leg(hip=_near(rng, 46, 16), knee=_near(rng, 58, 18), out=_near(rng, 12, 6), turn=_near(rng, 24, 12)),
        left_arm=Arm(lift=_near(rng, 12, 12), out=_near(rng, 44, 12), elbow=_near(rng, 45, 16)),
        right_arm=Arm(lift=_near(rng, 8, 12), out=_near(rng, 40, 12), elbow=_near(rng, 45, 16)),
    )


def dribbling(rng: Rng) -> Pose:
    run = _stride(rng, JOG, pitch=_near(rng, 11, 4), arm_swing=24, elbow=62, twist=9)
    return replace(run, nod=_near(rng, 26, 8), bend=_near(rng, 12, 5))


def heading(rng: Rng) -> Pose:
    knees = rng.uniform(15, 75)
    return Pose(
        pitch=_near(rng, 2, 9),
        bend=_near(rng, 4, 12),
        nod=_near(rng, 4, 14),
        twist=_near(rng, 0, 10),
        left_leg=Leg(hip=_near(rng, 4, 9), knee=knees, out=_near(rng, 8, 3), ankle=-25),
        right_leg=Leg(hip=_near(rng, -4, 9), knee=_near(rng, knees, 12), out=_near(rng, 8, 3), ankle=-25),
        left_arm=Arm(lift=_near(rng, 28, 20), out=_near(rng, 48, 14), elbow=_near(rng, 62, 20)),
        right_arm=Arm(lift=_near(rng, 18, 20), out=_near(rng, 48, 14), elbow=_near(rng, 62, 20)),
        lift_m=rng.uniform(0.1, 0.6),
    )


def celebrating(rng: Rng) -> Pose:
    up = Arm(lift=_near(rng, 158, 14), out=_near(rng, 20, 9), elbow=_near(rng, 24, 14), fist=rng.uniform(0, 1))
    other = up if rng.random() < 0.6 else Arm(lift=20, out=30, elbow=60)
    jump = rng.random() < 0.4
    base = heading(rng) if jump else _stride(rng, JOG, pitch=2, arm_swing=10, elbow=60, twist=6)
    return replace(base, left_arm=up, right_arm=replace(other, out=other.out + 8), nod=-12, lift_m=base.lift_m)


def throw_in(rng: Rng) -> Pose:
    """Both hands behind or above the head, the feet on the ground."""
    arm = Arm(
        lift=_near(rng, 166, 12),
        out=0,
        roll=_near(rng, 14, 4),
        elbow=rng.uniform(28, 98),
        palm=-20,
        wrist=-15,
        fist=0.1,
    )
    back = rng.uniform(-14, 8)
    return Pose(
        pitch=back,
        bend=-back / 2 - 6,
        left_leg=Leg(hip=_near(rng, 18, 6), knee=_near(rng, 12, 6)),
        right_leg=Leg(hip=_near(rng, -16, 6), knee=_near(rng, 16, 6), ankle=-12),
        left_arm=arm,
        right_arm=arm,
    )


def sliding(rng: Rng) -> Pose:
    """A tackle on the thigh, one leg stretched to the ball."""
    return Pose(
        pitch=_near(rng, -54, 8),
        roll=_near(rng, 18, 8),
        bend=_near(rng, 22, 8),
        nod=_near(rng, 20, 8),
        left_leg=Leg(hip=_near(rng, 40, 8), knee=_near(rng, 92, 14), out=_near(rng, 16, 6), turn=_near(rng, 22, 8)),
        right_leg=Leg(hip=_near(rng, 40, 9), knee=_near(rng, 12, 7), out=_near(rng, 8, 5), ankle=5),
        left_arm=Arm(lift=_near(rng, -34, 12), out=_near(rng, 42, 12), elbow=_near(rng, 28, 12)),
        right_arm=Arm(lift=_near(rng, 30, 20), out=_near(rng, 64, 16), elbow=_near(rng, 32, 16)),
    )


def lunging(rng: Rng) -> Pose:
    """A block or a stretched tackle, still on the feet."""
    return Pose(
        pitch=_near(rng, 4, 7),
        bend=_near(rng, 18, 8),
        left_leg=Leg(hip=_near(rng, 62, 12), knee=_near(rng, 32, 16), out=_near(rng, 8, 6)),
        right_leg=Leg(hip=_near(rng, -24, 8), knee=_near(rng, 44, 16), out=_near(rng, 8, 5), ankle=-20),
        left_arm=Arm(lift=_near(rng, 12, 16), out=_near(rng, 48, 14), elbow=_near(rng, 36, 14)),
        right_arm=Arm(lift=_near(rng, -12, 16), out=_near(rng, 48, 14), elbow=_near(rng, 36, 14)),
    )


def falling(rng: Rng) -> Pose:
    lean = _near(rng, 52, 12)
    return Pose(
        pitch=lean,
        roll=_near(rng, 0, 14),
        bend=_near(rng, -4, 8),
        nod=-18,
        left_leg=Leg(hip=_near(rng, 34, 14), knee=_near(rng, 58, 18), ankle=-20),
        right_leg=Leg(hip=_near(rng, -14, 10), knee=_near(rng, 46, 18), ankle=-25),
        left_arm=Arm(lift=_near(rng, 92, 18), out=_near(rng, 16, 9), elbow=_near(rng, 32, 14), fist=0.1),
        right_arm=Arm(lift=_near(rng, 84, 18), out=_near(rng, 16, 9), elbow=_near(rng, 32, 14), fist=0.1),
    )


def lying(rng: Rng) -> Pose:
    """On the back, on the belly or on a side."""
    side = rng.choice(["back", "belly", "side"])
    pitch, roll = {"back": (-88, 0), "belly": (88, 0), "side": (-8, 86)}[str(side)]
    drawn_up = rng.uniform(0, 85)
    return Pose(
        pitch=_near(rng, pitch, 4),
        roll=_near(rng, roll, 4),
        bend=_near(rng, 8, 6) if side != "belly" else -4,
        left_leg=Leg(hip=drawn_up / 2 if side != "belly" else 0, knee=drawn_up if side != "belly" else 12, ankle=-25),
        right_leg=Leg(hip=_near(rng, 10, 6) if side != "belly" else -2, knee=_near(rng, 14, 7), out=10, ankle=-25),
        left_arm=Arm(
            lift=rng.uniform(0, 140) if side != "back" else 10, out=rng.uniform(10, 70), elbow=rng.uniform(10, 90)
        ),
        right_arm=Arm(
            lift=rng.uniform(0, 120) if side != "back" else 10, out=rng.uniform(10, 70), elbow=rng.uniform(10, 60)
        ),
    )


def sitting(rng: Rng) -> Pose:
    """On the ground, propped on the hands or holding a leg."""
    knees = rng.uniform(5, 95)
    lean = _near(rng, -16, 8)
    return Pose(
        pitch=lean,
        bend=_near(rng, 12, 7),
        left_leg=Leg(hip=84 + lean + knees / 2, knee=knees, out=_near(rng, 12, 5), ankle=-5),
        right_leg=Leg(hip=84 + lean + knees / 3, knee=knees * 0.7, out=_near(rng, 12, 5), ankle=-5),
        left_arm=Arm(lift=_near(rng, -24, 9), out=_near(rng, 24, 8), elbow=_near(rng, 12, 6), fist=0),
        right_arm=Arm(lift=_near(rng, 28, 30), out=_near(rng, 16, 8), elbow=_near(rng, 28, 16), fist=0.2),
    )


def kneeling(rng: Rng) -> Pose:
    """On one knee, as for tying a boot or warming up."""
    return Pose(
        pitch=_near(rng, 4, 4),
        bend=_near(rng, 24, 16),
        nod=_near(rng, 18, 12),
        left_leg=Leg(hip=_near(rng, 92, 5), knee=_near(rng, 96, 6), out=8, ankle=4),
        right_leg=Leg(hip=_near(rng, -4, 5), knee=_near(rng, 92, 6), out=6, ankle=-40),
        left_arm=Arm(lift=_near(rng, 58, 16), out=8, elbow=_near(rng, 42, 20)),
        right_arm=Arm(lift=_near(rng, 48, 20), out=8, elbow=_near(rng, 42, 20)),
    )


def hands_on_hips(rng: Rng) -> Pose:
    return replace(
        easy_stand(rng) if rng.random() < 0.5 else standing(rng),
        left_arm=_hand_on_hip(rng),
        right_arm=_hand_on_hip(rng),
        nod=_near(rng, 6, 10),
    )


def pointing(rng: Rng) -> Pose:
    arm = Arm(
        lift=_near(rng, 88, 16), out=_near(rng, 10, 8), swing=rng.uniform(-15, 85), elbow=_near(rng, 6, 5), fist=0.6
    )
    base = _stride(rng, WALK, pitch=2, arm_swing=18, elbow=25, twist=5) if rng.random() < 0.4 else standing(rng)
    return replace(base, left_arm=arm, look=arm.swing * 0.6, twist=base.twist + arm.swing * 0.15)


def arm_up(rng: Rng) -> Pose:
    """Calling for the ball, or asking for the flag."""
    arm = Arm(lift=_near(rng, 165, 12), out=_near(rng, 10, 8), elbow=_near(rng, 12, 8), fist=rng.uniform(0, 0.8))
    base = jogging(rng) if rng.random() < 0.4 else easy_stand(rng)
    return replace(base, left_arm=arm)


def clapping(rng: Rng) -> Pose:
    arm = Arm(lift=_near(rng, 46, 14), out=0, swing=-8, roll=_near(rng, 34, 6), elbow=_near(rng, 74, 14), fist=0)
    return replace(standing(rng), left_arm=arm, right_arm=arm)


def bending(rng: Rng) -> Pose:
    """Out of breath, hands on the knees."""
    bend = _near(rng, 42, 8)
    hip = _near(rng, 40, 7)
    leg = Leg(hip=hip, knee=_near(rng, 34, 7), out=_near(rng, 12, 3), ankle=8)
    arm = Arm(lift=_near(rng, 74, 7), out=_near(rng, 14, 4), elbow=_near(rng, 12, 7))
    return Pose(
        pitch=hip * 0.75, bend=bend, nod=_near(rng, -12, 16), left_leg=leg, right_leg=leg, left_arm=arm, right_arm=arm
    )


def keeper_ready(rng: Rng) -> Pose:
    pose = _crouched(rng, hip=_near(rng, 48, 9), out=_near(rng, 17, 4), arm_out=_near(rng, 30, 9), roll=0)
    arm = Arm(lift=_near(rng, 32, 12), out=_near(rng, 28, 9), elbow=_near(rng, 66, 18), palm=-40, fist=0)
    return replace(pose, left_arm=arm, right_arm=replace(arm, lift=_near(rng, arm.lift, 5)))


def keeper_dive(rng: Rng) -> Pose:
    """Flat or rising through the air, or landed, arms to the ball; towards the left."""
    tilt = rng.uniform(42, 92)
    arm = Arm(lift=_near(rng, 152, 14), out=_near(rng, 12, 7), elbow=_near(rng, 16, 9), palm=-30, fist=0)
    return Pose(
        pitch=_near(rng, 4, 8),
        roll=tilt,
        side=_near(rng, 8, 6),
        nod=-8,
        left_leg=Leg(hip=_near(rng, 22, 14), knee=_near(rng, 48, 22), out=_near(rng, 4, 4), ankle=-25),
        right_leg=Leg(hip=_near(rng, 14, 16), knee=_near(rng, 34, 22), out=_near(rng, 16, 8), ankle=-25),
        left_arm=arm,
        right_arm=replace(arm, lift=_near(rng, 146, 14), out=_near(rng, 4, 6)),
        lift_m=0.0 if rng.random() < 0.3 else rng.uniform(0.05, 0.8),
    )


def keeper_catch(rng: Rng) -> Pose:
    arm = Arm(lift=_near(rng, 164, 10), out=0, roll=12, elbow=_near(rng, 18, 8), palm=-25, wrist=-10, fist=0.1)
    jump = heading(rng)
    right = Leg(hip=_near(rng, 64, 14), knee=_near(rng, 82, 14), ankle=-20)
    return replace(jump, left_arm=arm, right_arm=arm, right_leg=right, nod=-18, bend=-6)


def keeper_with_ball(rng: Rng) -> Pose:
    """The ball held before the chest or the belly."""
    arm = Arm(lift=_near(rng, 36, 10), out=2, roll=_near(rng, 32, 5), elbow=_near(rng, 84, 12), palm=-10, fist=0.2)
    base = _stride(rng, WALK, pitch=3, arm_swing=0, elbow=0, twist=4) if rng.random() < 0.6 else standing(rng)
    return replace(base, left_arm=arm, right_arm=arm)


def keeper_throw(rng: Rng) -> Pose:
    arm = Arm(lift=_near(rng, 120, 22), out=_near(rng, 42, 10), elbow=_near(rng, 36, 16), fist=0.3)
    return replace(
        lunging(rng), right_arm=arm, left_arm=Arm(lift=_near(rng, 62, 12), out=30, elbow=20), twist=_near(rng, -18, 8)
    )


def whistling(rng: Rng) -> Pose:
    arm = Arm(lift=_near(rng, 62, 8), out=4, roll=_near(rng, 34, 6), elbow=_near(rng, 122, 7), fist=0.8)
    return replace(standing(rng) if rng.random() < 0.6 else walking(rng), right_arm=arm)


def referee_signal(rng: Rng) -> Pose:
    """An arm out to the side, ahead or straight up."""
    arm = Arm(
        lift=float(rng.choice([88.0, 88.0, 168.0])) + _near(rng, 0, 8),
        out=_near(rng, 6, 5),
        swing=rng.uniform(-10, 90),
        elbow=_near(rng, 4, 3),
        fist=rng.uniform(0, 0.8),
    )
    base = walking(rng) if rng.random() < 0.4 else standing(rng)
    return replace(base, left_arm=arm if arm.lift < 120 else replace(arm, swing=0))


def flag_up(rng: Rng) -> Pose:
    arm = Arm(lift=rng.choice([172.0, 92.0]) + _near(rng, 0, 6), out=_near(rng, 6, 4), elbow=4, fist=1)
    return replace(standing(rng), left_arm=arm if arm.lift > 120 else replace(arm, swing=rng.uniform(0, 60)))


def flag_down(rng: Rng) -> Pose:
    base = side_step(rng) if rng.random() < 0.5 else jogging(rng)
    return replace(base, left_arm=Arm(lift=_near(rng, 6, 8), out=_near(rng, 16, 5), elbow=_near(rng, 12, 6), fist=1))


def arms_folded(rng: Rng) -> Pose:
    arm = Arm(lift=_near(rng, 34, 4), out=_near(rng, 12, 3), roll=_near(rng, 72, 5), elbow=_near(rng, 102, 5), fist=0.5)
    return replace(easy_stand(rng), left_arm=arm, right_arm=replace(arm, lift=arm.lift + 9))


def hands_in_pockets(rng: Rng) -> Pose:
    arm = Arm(lift=_near(rng, -8, 4), out=_near(rng, 16, 3), roll=_near(rng, 18, 4), elbow=_near(rng, 44, 6), fist=0.9)
    return replace(easy_stand(rng), left_arm=arm, right_arm=arm)


def shouting(rng: Rng) -> Pose:
    """A coach with his hands at the mouth, or waving players forward."""
    if rng.random() < 0.5:
        arm = Arm(lift=_near(rng, 66, 6), out=4, roll=_near(rng, 30, 5), elbow=_near(rng, 124, 6), fist=0.1)
        return replace(standing(rng), left_arm=arm, right_arm=arm, bend=10)
    arm = Arm(lift=_near(rng, 74, 16), out=_near(rng, 28, 10), elbow=_near(rng, 48, 20), fist=0.1)
    return replace(lunging(rng) if rng.random() < 0.3 else standing(rng), left_arm=arm)


def crouching(rng: Rng) -> Pose:
    """Squatting on both feet, as a photographer or a ball boy does; hands before the face or on the knees."""
    knee = _near(rng, 126, 7)
    leg = Leg(hip=_near(rng, 118, 6), knee=knee, out=_near(rng, 18, 5), turn=18, ankle=32)
    arm = Arm(lift=_near(rng, 72, 8), out=4, roll=_near(rng, 26, 5), elbow=_near(rng, 96, 12), fist=0.6)
    return Pose(
        pitch=_near(rng, 22, 5),
        bend=_near(rng, 18, 6),
        nod=-18,
        left_leg=leg,
        right_leg=leg,
        left_arm=arm,
        right_arm=arm,
    )


def sitting_on_seat(rng: Rng) -> Pose:
    """On a bench or a camera stool, feet on the ground."""
    leg = Leg(hip=_near(rng, 84, 5), knee=_near(rng, 84, 10), out=_near(rng, 10, 4))
    arm = Arm(lift=_near(rng, 34, 10), out=8, roll=18, elbow=_near(rng, 46, 14))
    return Pose(
        pitch=_near(rng, 4, 6), bend=_near(rng, 14, 10), left_leg=leg, right_leg=leg, left_arm=arm, right_arm=arm
    )


PLAYER_POSES: dict[PoseMaker, float] = {
    standing: 7, easy_stand: 6, walking: 15, walking_tired: 2, jogging: 15, sprinting: 14, accelerating: 3,
    turning: 4, side_step: 4, back_pedal: 3, jockeying: 5, kick_backswing: 2.5, kick_through: 2.5, passing: 3,
    controlling: 3, dribbling: 4, heading: 3, celebrating: 1.5, throw_in: 1.5, sliding: 2, lunging: 2.5,
    falling: 1.5, lying: 1.5, sitting: 1.2, kneeling: 0.8, hands_on_hips: 3, pointing: 3, arm_up: 2, clapping: 1,
    bending: 2,
}  # fmt: skip
KEEPER_POSES: dict[PoseMaker, float] = {
    keeper_ready: 9, standing: 3, easy_stand: 2, walking: 4, jogging: 2, side_step: 4, keeper_dive: 4,
    keeper_catch: 2, keeper_with_ball: 3, keeper_throw: 1.5, kick_through: 1, pointing: 2, arm_up: 1,
    hands_on_hips: 1, sprinting: 1,
}  # fmt: skip
REFEREE_POSES: dict[PoseMaker, float] = {
    standing: 3, walking: 4, jogging: 4, sprinting: 2, side_step: 2, back_pedal: 1.5, whistling: 3,
    referee_signal: 3, flag_up: 3, flag_down: 5, hands_on_hips: 0.5,
}  # fmt: skip
STAFF_POSES: dict[PoseMaker, float] = {
    standing: 5, easy_stand: 5, walking: 4, arms_folded: 5, hands_in_pockets: 4, hands_on_hips: 3, pointing: 3,
    shouting: 3, clapping: 2, sitting_on_seat: 4, bending: 1, kneeling: 0.5, jogging: 1,
}  # fmt: skip
OTHER_POSES: dict[PoseMaker, float] = {
    standing: 4, easy_stand: 3, walking: 4, crouching: 5, kneeling: 2, sitting_on_seat: 3, sitting: 2,
    arms_folded: 2, hands_in_pockets: 2, clapping: 1, jogging: 1,
}  # fmt: skip

HOLDS_BALL = frozenset({"throw_in", "keeper_catch", "keeper_with_ball"})


def draw_pose(rng: Rng, poses: dict[PoseMaker, float]) -> tuple[str, Pose]:
    """One pose out of a table of weights, left and right exchanged half the time, and its name."""
    makers = list(poses)
    shares = np.array([poses[maker] for maker in makers])
    maker = makers[int(rng.choice(len(makers), p=shares / shares.sum()))]
    pose = maker(rng)
    pose = replace(
        pose, look=pose.look + _near(rng, 0, 16), tilt=pose.tilt + _near(rng, 0, 4), nod=pose.nod + _near(rng, 0, 5)
    )
    return maker.__name__, pose.mirrored() if rng.random() < 0.5 else pose


def _near(rng: Rng, middle: float, spread: float) -> float:
    """A normal number that stays within two and a half spreads."""
    return middle + spread * float(np.clip(rng.normal(), -2.5, 2.5))


def _still_leg(rng: Rng) -> Leg:
    return Leg(hip=_near(rng, 2, 4), out=_near(rng, 7, 4), turn=_near(rng, 10, 6), knee=abs(_near(rng, 4, 4)))


def _hanging_arm(rng: Rng) -> Arm:
    return Arm(
        lift=_near(rng, 3, 8), out=_near(rng, 12, 4), elbow=abs(_near(rng, 16, 8)), palm=_near(rng, 10, 14),
        fist=rng.uniform(0.1, 0.6),
    )  # fmt: skip


def _hand_on_hip(rng: Rng) -> Arm:
    return Arm(
        lift=_near(rng, -24, 4), out=_near(rng, 44, 4), roll=_near(rng, 40, 5), elbow=_near(rng, 88, 5), fist=0.5
    )


def _moved(leg: Leg, *, hip: float = 0.0, knee: float = 0.0) -> Leg:
    return replace(leg, hip=leg.hip + hip, knee=leg.knee + knee)


def _crouched(rng: Rng, *, hip: float, out: float, arm_out: float, roll: float) -> Pose:
    """Low and ready, the weight on both feet."""
    leg = Leg(hip=hip, knee=hip * 1.25, out=out, turn=_near(rng, 14, 5), ankle=hip * 0.35)
    arm = Arm(lift=_near(rng, 14, 12), out=arm_out, elbow=_near(rng, 52, 16), fist=rng.uniform(0, 0.5))
    return Pose(
        pitch=hip * 0.45,
        roll=roll,
        bend=_near(rng, 14, 6),
        nod=-hip * 0.3,
        left_leg=leg,
        right_leg=_moved(leg, hip=_near(rng, 0, 5), knee=_near(rng, 0, 6)),
        left_arm=arm,
        right_arm=replace(arm, lift=_near(rng, arm.lift, 8), elbow=_near(rng, arm.elbow, 8)),
    )


def _stride(
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
            lift=_near(rng, forward, 5),
            out=_near(rng, 13, 4),
            roll=_near(rng, 18 if forward > 0 else 4, 5),
            elbow=max(_near(rng, elbow + 0.35 * forward, 9), 4),
            palm=_near(rng, 5, 8),
            fist=rng.uniform(0.3, 0.9) if elbow > 50 else rng.uniform(0.1, 0.5),
        )

    # both feet are off the ground twice in a stride, after either has pushed off
    in_flight = flight_m > 0 and min((phase - 4.6) % 4, 4) < 1.2
    turned = np.clip((left.hip - right.hip) / 70, -1, 1) * twist
    return Pose(
        pitch=pitch,
        pelvis=-0.5 * turned,
        twist=turned,
        bend=_near(rng, 4, 3),
        side=_near(rng, 0, 3),
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
        hip=_near(rng, hip * vigour, 3),
        knee=max(_near(rng, knee * vigour, 4), 0),
        ankle=ankle,
        out=_near(rng, 3, 2),
        turn=_near(rng, 6, 4),
    )
