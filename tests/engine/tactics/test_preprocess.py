import numpy as np
import pytest

from touchline.engine.tactics import preprocess
from touchline.engine.tactics.smoothing import rts_smooth, savgol_smooth
from touchline.engine.tactics.span import RawSpan
from touchline.football.pitch import STANDARD_PITCH

GRID = np.arange(0, 20, 0.1)


def span(positions, rate_hz=5.0):
    frames, tracks = positions.shape[:2]
    return RawSpan(
        times_s=np.arange(frames) / rate_hz,
        ids=np.arange(1, tracks + 1),
        teams=np.zeros(tracks, int),
        roles=np.zeros(tracks, int),
        positions=positions,
        ball=np.full((frames, 2), np.nan),
        polygon=np.full(frames, -1),
        polygons=(),
    )


def runner(speed_mps, *, seconds=20.0, rate_hz=5.0, tracks=1, noise_m=0.0, seed=3):
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    at = np.stack([10 + speed_mps * t, np.full_like(t, 30)], axis=-1)[:, None].repeat(tracks, axis=1)
    return at + np.random.default_rng(seed).normal(0, noise_m, at.shape) if noise_m else at


def smooth(positions, rate_hz=5.0):
    return preprocess.smooth_motion(span(positions, rate_hz), STANDARD_PITCH, grid_s=GRID)


@pytest.mark.parametrize("rate_hz", [5.0, 10.0, 25.0])
def test_a_straight_run_keeps_its_speed_at_every_rate(rate_hz):
    motion = smooth(runner(4.0, rate_hz=rate_hz), rate_hz)
    speed = np.hypot(*np.moveaxis(motion.velocities[20:-20, 0], -1, 0))
    assert np.nanmean(speed) == pytest.approx(4.0, abs=0.02)
    assert motion.positions[100, 0] == pytest.approx([10 + 40, 30], abs=0.05)


@pytest.mark.parametrize("noise_m", [0.15, 0.3])
def test_noise_hardly_changes_speed_and_distance(noise_m):
    motion = smooth(runner(4.0, tracks=20, noise_m=noise_m, rate_hz=10.0), 10.0)
    speed = np.hypot(motion.velocities[..., 0], motion.velocities[..., 1])[10:-10]
    assert np.nanmean(speed) == pytest.approx(4.0, rel=0.03)
    assert np.sqrt(np.nanmean((speed - 4.0) ** 2)) < 0.35


@pytest.mark.parametrize("noise_m", [0.1, 0.3])
def test_the_noise_of_a_track_is_estimated_from_the_track(noise_m):
    walk = runner(1.0, tracks=8, noise_m=noise_m, rate_hz=10.0)
    estimate = preprocess.noise_per_track(np.arange(len(walk)) / 10, walk)
    assert np.median(estimate) == pytest.approx(noise_m, rel=0.25)


def test_a_short_track_borrows_the_noise_of_the_others():
    walk = runner(1.0, tracks=2, noise_m=0.2, rate_hz=10.0)
    walk[5:, 1] = np.nan
    estimate = preprocess.noise_per_track(np.arange(len(walk)) / 10, walk)
    assert estimate[1] == estimate[0]


def test_points_far_outside_the_lines_are_dropped():
    points = np.array([[-3.5, 30], [-2.5, 30], [108.5, 30], [50, 71.5], [50, 70.5]], float)
    kept = np.isfinite(preprocess.gate(points, STANDARD_PITCH)[:, 0])
    assert kept.tolist() == [False, True, False, False, True]


def test_a_jump_cuts_the_track_and_is_never_bridged():
    swapped = runner(0.0)
    swapped[50:, 0, 0] += 30.0
    motion = smooth(swapped)
    assert motion.pieces == 2
    assert np.nanmax(np.hypot(motion.velocities[..., 0], motion.velocities[..., 1])) < 0.5
    between = (GRID > 9.85) & (GRID < 9.95)  # frames at 9.8 and 10.0 s
    assert np.isnan(motion.positions[between, 0]).all()


@pytest.mark.parametrize(
    ("gap_s", "has_position", "has_speed"), [(0.8, True, True), (2.0, True, False), (4.0, False, False)]
)
def test_gaps_are_filled_by_their_length(gap_s, has_position, has_speed):
    run = runner(2.0)
    run[50 : 50 + round(gap_s * 5) - 1] = np.nan
    middle = round((9.8 + gap_s / 2) * 10)
    motion = smooth(run)
    assert np.isfinite(motion.positions[middle, 0, 0]) == has_position
    assert np.isfinite(motion.velocities[middle, 0, 0]) == has_speed
    assert motion.filled[middle, 0] == (has_position and not has_speed)
    if has_position:
        assert motion.positions[middle, 0, 0] == pytest.approx(10 + 2.0 * GRID[middle], abs=0.3)


def test_a_piece_under_a_second_and_a_half_has_a_place_but_no_speed():
    run = runner(2.0)
    run[6:] = np.nan  # 0.0 to 1.0 s
    motion = smooth(run)
    assert np.isfinite(motion.positions[:10, 0, 0]).all()
    assert np.isnan(motion.velocities[..., 0]).all()


def test_nobody_is_faster_than_a_human():
    motion = smooth(runner(11.5, seconds=8.0))
    assert np.isfinite(motion.positions[1:70, 0, 0]).all()
    assert np.isnan(motion.velocities[1:, 0, 0]).all()


def test_a_calibration_glitch_drops_the_frame_and_cuts_nobody():
    crowd = runner(3.0, tracks=8)
    crowd[:, :, 1] += np.arange(8) * 3
    shaken = crowd.copy()
    shaken[50] += [2.5, 0.5]
    assert np.flatnonzero(preprocess.common_mode_frames(shaken)).tolist() == [50]
    motion = smooth(shaken)
    assert motion.pieces == 8
    assert motion.positions[100, 0] == pytest.approx(crowd[50, 0], abs=0.2)


def test_a_joint_sprint_is_no_glitch():
    sprint = runner(8.0, seconds=10.0, tracks=10)
    assert not preprocess.common_mode_frames(sprint).any()


def test_below_five_frames_a_second_there_is_no_speed_to_lean_on():
    assert not smooth(runner(2.0, rate_hz=4.0), 4.0).carries_speed
    assert smooth(runner(2.0, rate_hz=29.97 / 6), 29.97 / 6).carries_speed


def test_both_smoothers_agree_on_an_easy_run():
    run = runner(3.0, rate_hz=10.0)
    times = np.arange(len(run)) / 10
    kalman, _ = rts_smooth(times, run, np.array([0.04]))
    polynomial, velocity = savgol_smooth(times, run)
    assert kalman == pytest.approx(polynomial, abs=0.05)
    assert velocity[..., 0] == pytest.approx(3.0, abs=0.05)


@pytest.mark.parametrize("frames", [0, 1, 2])
def test_hardly_any_frames_give_an_empty_motion(frames):
    motion = preprocess.smooth_motion(span(runner(2.0)[:frames]), STANDARD_PITCH, grid_s=GRID)
    assert motion.positions.shape == (len(GRID), 1, 2)
    assert np.isnan(motion.velocities).all()


def test_a_track_is_smoothed_the_same_way_whatever_company_it_keeps():
    crowd = runner(3.0, tracks=60, noise_m=0.2)
    # Every track's noise is its own, so the last one may be smoothed alone.
    together, alone = smooth(crowd), smooth(crowd[:, -1:])
    assert together.pieces == 60
    assert together.positions[:, -1] == pytest.approx(alone.positions[:, 0])
    assert together.velocities[:, -1] == pytest.approx(alone.velocities[:, 0], nan_ok=True)
