"""What players do with and around the ball; angles, frames and signs are those of `skeleton`."""

from __future__ import annotations

from dataclasses import replace

from training.people.skeleton import Arm, Leg, Pose
from training.people.stances import JOG, WALK, Rng, crouched, moved, near, stride


def turning(rng: Rng) -> Pose:
    """A run with a sharp change of direction: the body leans into the curve."""
    lean = rng.uniform(10, 24)
    return replace(stride(rng, JOG, pitch=near(rng, 8, 4), arm_swing=25, elbow=80, twist=10), roll=lean, look=lean)


def side_step(rng: Rng) -> Pose:
    gap = rng.uniform(8, 26)
    return crouched(rng, hip=near(rng, 32, 8), out=gap, arm_out=near(rng, 26, 8), roll=near(rng, 0, 5))


def back_pedal(rng: Rng) -> Pose:
    step = stride(rng, WALK, pitch=near(rng, 8, 3), arm_swing=14, elbow=65, twist=5)
    return replace(
        step,
        bend=near(rng, 12, 4),
        left_leg=moved(step.left_leg, hip=near(rng, 10, 4), knee=near(rng, 24, 6)),
        right_leg=moved(step.right_leg, hip=near(rng, 10, 4), knee=near(rng, 24, 6)),
    )


def jockeying(rng: Rng) -> Pose:
    """A defender half turned, low, arms spread."""
    pose = crouched(rng, hip=near(rng, 38, 8), out=near(rng, 16, 4), arm_out=near(rng, 34, 10), roll=0)
    return replace(pose, left_leg=moved(pose.left_leg, hip=16, knee=6), right_leg=moved(pose.right_leg, hip=-18))


def kick_backswing(rng: Rng) -> Pose:
    return Pose(
        pitch=near(rng, -2, 5),
        bend=near(rng, 8, 5),
        twist=near(rng, -16, 6),
        side=near(rng, 4, 4),
        nod=near(rng, 18, 6),
        left_leg=Leg(hip=near(rng, 14, 5), knee=near(rng, 24, 6), out=near(rng, 4, 3)),
        right_leg=Leg(hip=near(rng, -28, 8), knee=near(rng, 82, 16), out=near(rng, 14, 6), ankle=-25),
        left_arm=Arm(lift=near(rng, 22, 14), out=near(rng, 62, 14), elbow=near(rng, 28, 12)),
        right_arm=Arm(lift=near(rng, -18, 12), out=near(rng, 24, 9), elbow=near(rng, 42, 14)),
    )


def kick_through(rng: Rng) -> Pose:
    """Just after the ball is struck."""
    high = rng.uniform(28, 88)
    return Pose(
        pitch=near(rng, -10, 5),
        bend=near(rng, 16, 5),
        twist=near(rng, 16, 7),
        nod=near(rng, 12, 6),
        left_leg=Leg(hip=near(rng, 4, 4), knee=near(rng, 14, 6), ankle=-8),
        right_leg=Leg(hip=high, knee=near(rng, 14, 9), out=near(rng, 2, 7), ankle=-25),
        left_arm=Arm(lift=near(rng, 34, 14), out=near(rng, 48, 14), elbow=near(rng, 30, 12), swing=-15),
        right_arm=Arm(lift=near(rng, -34, 12), out=near(rng, 26, 9), elbow=near(rng, 30, 12)),
    )


def passing(rng: Rng) -> Pose:
    """Inside of the foot, the hip turned out."""
    swing = rng.uniform(-20, 34)
    return Pose(
        pitch=near(rng, 3, 4),
        bend=near(rng, 12, 5),
        nod=near(rng, 20, 7),
        left_leg=Leg(hip=near(rng, 12, 4), knee=near(rng, 22, 6), turn=4),
        right_leg=Leg(hip=swing, knee=near(rng, 32, 9), out=near(rng, 12, 4), turn=near(rng, 52, 9), ankle=5),
        left_arm=Arm(lift=near(rng, 18, 12), out=near(rng, 38, 11), elbow=near(rng, 38, 14)),
        right_arm=Arm(lift=near(rng, -16, 12), out=near(rng, 30, 9), elbow=near(rng, 42, 14)),
    )


def controlling(rng: Rng) -> Pose:
    """A foot lifted to the ball, or set on it."""
    return Pose(
        pitch=near(rng, 5, 4),
        bend=near(rng, 14, 6),
        nod=near(rng, 28, 8),
        left_leg=Leg(hip=near(rng, 16, 5), knee=near(rng, 26, 8)),
        right_leg=Leg(hip=near(rng, 46, 16), knee=near(rng, 58, 18), out=near(rng, 12, 6), turn=near(rng, 24, 12)),
        left_arm=Arm(lift=near(rng, 12, 12), out=near(rng, 44, 12), elbow=near(rng, 45, 16)),
        right_arm=Arm(lift=near(rng, 8, 12), out=near(rng, 40, 12), elbow=near(rng, 45, 16)),
    )


def dribbling(rng: Rng) -> Pose:
    run = stride(rng, JOG, pitch=near(rng, 11, 4), arm_swing=24, elbow=62, twist=9)
    return replace(run, nod=near(rng, 26, 8), bend=near(rng, 12, 5))


def heading(rng: Rng) -> Pose:
    knees = rng.uniform(15, 75)
    return Pose(
        pitch=near(rng, 2, 9),
        bend=near(rng, 4, 12),
        nod=near(rng, 4, 14),
        twist=near(rng, 0, 10),
        left_leg=Leg(hip=near(rng, 4, 9), knee=knees, out=near(rng, 8, 3), ankle=-25),
        right_leg=Leg(hip=near(rng, -4, 9), knee=near(rng, knees, 12), out=near(rng, 8, 3), ankle=-25),
        left_arm=Arm(lift=near(rng, 28, 20), out=near(rng, 48, 14), elbow=near(rng, 62, 20)),
        right_arm=Arm(lift=near(rng, 18, 20), out=near(rng, 48, 14), elbow=near(rng, 62, 20)),
        lift_m=rng.uniform(0.1, 0.6),
    )


def celebrating(rng: Rng) -> Pose:
    up = Arm(lift=near(rng, 158, 14), out=near(rng, 20, 9), elbow=near(rng, 24, 14), fist=rng.uniform(0, 1))
    other = up if rng.random() < 0.6 else Arm(lift=20, out=30, elbow=60)
    jump = rng.random() < 0.4
    base = heading(rng) if jump else stride(rng, JOG, pitch=2, arm_swing=10, elbow=60, twist=6)
    return replace(base, left_arm=up, right_arm=replace(other, out=other.out + 8), nod=-12, lift_m=base.lift_m)


def throw_in(rng: Rng) -> Pose:
    """Both hands behind or above the head, the feet on the ground."""
    arm = Arm(
        lift=near(rng, 166, 12),
        out=0,
        roll=near(rng, 14, 4),
        elbow=rng.uniform(28, 98),
        palm=-20,
        wrist=-15,
        fist=0.1,
    )
    back = rng.uniform(-14, 8)
    return Pose(
        pitch=back,
        bend=-back / 2 - 6,
        left_leg=Leg(hip=near(rng, 18, 6), knee=near(rng, 12, 6)),
        right_leg=Leg(hip=near(rng, -16, 6), knee=near(rng, 16, 6), ankle=-12),
        left_arm=arm,
        right_arm=arm,
    )


def sliding(rng: Rng) -> Pose:
    """A tackle on the thigh, one leg stretched to the ball."""
    return Pose(
        pitch=near(rng, -54, 8),
        roll=near(rng, 18, 8),
        bend=near(rng, 22, 8),
        nod=near(rng, 20, 8),
        left_leg=Leg(hip=near(rng, 40, 8), knee=near(rng, 92, 14), out=near(rng, 16, 6), turn=near(rng, 22, 8)),
        right_leg=Leg(hip=near(rng, 40, 9), knee=near(rng, 12, 7), out=near(rng, 8, 5), ankle=5),
        left_arm=Arm(lift=near(rng, -34, 12), out=near(rng, 42, 12), elbow=near(rng, 28, 12)),
        right_arm=Arm(lift=near(rng, 30, 20), out=near(rng, 64, 16), elbow=near(rng, 32, 16)),
    )


def lunging(rng: Rng) -> Pose:
    """A block or a stretched tackle, still on the feet."""
    return Pose(
        pitch=near(rng, 4, 7),
        bend=near(rng, 18, 8),
        left_leg=Leg(hip=near(rng, 62, 12), knee=near(rng, 32, 16), out=near(rng, 8, 6)),
        right_leg=Leg(hip=near(rng, -24, 8), knee=near(rng, 44, 16), out=near(rng, 8, 5), ankle=-20),
        left_arm=Arm(lift=near(rng, 12, 16), out=near(rng, 48, 14), elbow=near(rng, 36, 14)),
        right_arm=Arm(lift=near(rng, -12, 16), out=near(rng, 48, 14), elbow=near(rng, 36, 14)),
    )


def falling(rng: Rng) -> Pose:
    lean = near(rng, 52, 12)
    return Pose(
        pitch=lean,
        roll=near(rng, 0, 14),
        bend=near(rng, -4, 8),
        nod=-18,
        left_leg=Leg(hip=near(rng, 34, 14), knee=near(rng, 58, 18), ankle=-20),
        right_leg=Leg(hip=near(rng, -14, 10), knee=near(rng, 46, 18), ankle=-25),
        left_arm=Arm(lift=near(rng, 92, 18), out=near(rng, 16, 9), elbow=near(rng, 32, 14), fist=0.1),
        right_arm=Arm(lift=near(rng, 84, 18), out=near(rng, 16, 9), elbow=near(rng, 32, 14), fist=0.1),
    )


def lying(rng: Rng) -> Pose:
    """On the back, on the belly or on a side."""
    side = rng.choice(["back", "belly", "side"])
    pitch, roll = {"back": (-88, 0), "belly": (88, 0), "side": (-8, 86)}[str(side)]
    drawn_up = rng.uniform(0, 85)
    return Pose(
        pitch=near(rng, pitch, 4),
        roll=near(rng, roll, 4),
        bend=near(rng, 8, 6) if side != "belly" else -4,
        left_leg=Leg(hip=drawn_up / 2 if side != "belly" else 0, knee=drawn_up if side != "belly" else 12, ankle=-25),
        right_leg=Leg(hip=near(rng, 10, 6) if side != "belly" else -2, knee=near(rng, 14, 7), out=10, ankle=-25),
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
    lean = near(rng, -16, 8)
    return Pose(
        pitch=lean,
        bend=near(rng, 12, 7),
        left_leg=Leg(hip=84 + lean + knees / 2, knee=knees, out=near(rng, 12, 5), ankle=-5),
        right_leg=Leg(hip=84 + lean + knees / 3, knee=knees * 0.7, out=near(rng, 12, 5), ankle=-5),
        left_arm=Arm(lift=near(rng, -24, 9), out=near(rng, 24, 8), elbow=near(rng, 12, 6), fist=0),
        right_arm=Arm(lift=near(rng, 28, 30), out=near(rng, 16, 8), elbow=near(rng, 28, 16), fist=0.2),
    )


def kneeling(rng: Rng) -> Pose:
    """On one knee, as for tying a boot or warming up."""
    return Pose(
        pitch=near(rng, 4, 4),
        bend=near(rng, 24, 16),
        nod=near(rng, 18, 12),
        left_leg=Leg(hip=near(rng, 92, 5), knee=near(rng, 96, 6), out=8, ankle=4),
        right_leg=Leg(hip=near(rng, -4, 5), knee=near(rng, 92, 6), out=6, ankle=-40),
        left_arm=Arm(lift=near(rng, 58, 16), out=8, elbow=near(rng, 42, 20)),
        right_arm=Arm(lift=near(rng, 48, 20), out=8, elbow=near(rng, 42, 20)),
    )
