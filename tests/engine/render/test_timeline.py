"""Where everybody is drawn between analysed frames, and where a gap stays a gap."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.render.scenes import ELEVENS, elevens, match, reader, sighting, store
from touchline.engine.positions import PositionsReader
from touchline.engine.render.timeline import moments

RENDERED_FPS = 25


def seen_times(positions, *, until_s, key=1, fps=RENDERED_FPS):
    """Times of the rendered frames in which a track is drawn."""
    times = np.arange(0, until_s, 1 / fps)
    return np.array([moment.time_s for moment in moments(positions, times) if key in moment.ids])


def standing(times, *, place=(50.0, 34.0), to=None, metres=True):
    """One person seen at the given times, walking from `place` to `to`."""
    times = np.asarray(times, float)
    span = max(times[-1] - times[0], 1e-9)
    end = np.array(place if to is None else to)
    return [
        sighting(at, {1: tuple(np.array(place) + (end - place) * (at - times[0]) / span)}, metres=metres)
        for at in times
    ]


def with_empty_frames(frames, *, until_s, rate_hz=5.0):
    """The analysed frames in between, in which nobody was seen."""
    have = {round(frame.time_s, 6) for frame in frames}
    grid = np.round(np.arange(0, until_s, 1 / rate_hz), 6)
    return sorted([*frames, *(sighting(float(at), {}) for at in grid if at not in have)], key=lambda one: one.time_s)


def test_a_person_seen_in_every_analysed_frame_is_drawn_in_every_rendered_frame(tmp_path):
    positions = reader(tmp_path / "p", standing(np.arange(0, 4, 0.2)))
    assert len(seen_times(positions, until_s=4)) == 4 * RENDERED_FPS


def test_places_between_two_analysed_frames_lie_between_them(tmp_path):
    positions = reader(tmp_path / "p", standing([0.0, 0.2], place=(50, 30), to=(51, 32)))
    (halfway,) = moments(positions, [0.1])
    np.testing.assert_allclose(halfway.positions, [[50.5, 31.0]], atol=1e-4)
    ends = [moment.boxes for moment in moments(positions, [0.0, 0.2])]
    np.testing.assert_allclose(halfway.boxes, (ends[0] + ends[1]) / 2, atol=1e-3)


@pytest.mark.parametrize(
    ("missed_s", "speed_mps", "is_bridged"),
    [
        (0.2, 0.0, True),  # one missed detection at 5 per second
        (0.2, 8.0, True),
        (0.39, 8.0, True),  # under 0.4 s always
        (0.8, 3.0, True),  # longer, but a possible run
        (0.8, 10.0, False),  # nobody runs like that
        (1.2, 0.0, False),  # too long to know
        (3.0, 0.0, False),
    ],
)
def test_gaps_are_bridged_when_they_are_short_or_a_possible_run(tmp_path, missed_s, speed_mps, is_bridged):
    before, after = 1.0, 1.2 + missed_s
    # Steps between analysed frames are the same, so that only the gap decides.
    shift = speed_mps * (after - before)
    frames = [
        *standing(np.arange(0, 1.01, 0.2), place=(40, 34)),
        *standing(after + np.arange(0, 1, 0.2), place=(40 + shift, 34)),
    ]
    positions = reader(tmp_path / "p", with_empty_frames(frames, until_s=after))
    seen = seen_times(positions, until_s=after + 0.5)
    inside = seen[(seen > before + 0.12) & (seen < after - 0.12)]
    expected = np.arange(0, after + 0.5, 1 / RENDERED_FPS)
    expected = expected[(expected > before + 0.12) & (expected < after - 0.12)]
    assert len(inside) == (len(expected) if is_bridged else 0)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.booleans(), min_size=8, max_size=40), st.sampled_from([4.0, 5.0, 10.0, 25.0]), st.data())
def test_no_gap_under_four_tenths_of_a_second_is_left_in_any_track(tmp_path, seen, rate_hz, data):
    if not any(seen):
        return
    start = data.draw(st.integers(2, 90))
    frames = [
        sighting(index / rate_hz, {1: (start + 0.1 * index, 34.0)} if is_seen else {})
        for index, is_seen in enumerate(seen)
    ]
    drawn = seen_times(reader(tmp_path / "p", frames, rate_hz=rate_hz), until_s=len(seen) / rate_hz)
    holes = np.diff(drawn)
    missing = holes[holes > 1.5 / RENDERED_FPS] - 1 / RENDERED_FPS
    assert not (missing < 0.4 - 1.5 / RENDERED_FPS).any()


def test_a_marker_jumps_instead_of_gliding_between_places_no_runner_could_join(tmp_path):
    frames = [sighting(0.0, {1: (20.0, 34.0)}), sighting(0.2, {1: (60.0, 34.0)})]
    drawn = [
        float(moment.positions[0, 0]) for moment in moments(reader(tmp_path / "p", frames), [0.0, 0.08, 0.12, 0.2])
    ]
    assert drawn == [20.0, 20.0, 60.0, 60.0]


def test_without_metres_the_height_of_a_person_is_the_measure(tmp_path):
    calm = [sighting(0.0, {1: (50.0, 34.0)}, metres=False), sighting(0.9, {1: (50.5, 34.0)}, metres=False)]
    leap = [sighting(0.0, {1: (20.0, 34.0)}, metres=False), sighting(0.9, {1: (80.0, 34.0)}, metres=False)]
    for name, frames, bridged in (("calm", calm, True), ("leap", leap, False)):
        filled = [frames[0], *(sighting(at, {}) for at in (0.2, 0.4, 0.6, 0.8)), frames[1]]
        (moment,) = moments(reader(tmp_path / name, filled), [0.45])
        assert (1 in moment.ids) is bridged


def test_the_ball_is_bridged_for_half_a_second_only(tmp_path):
    frames = [
        sighting(at, {1: (50.0, 34.0)}, ball=(40.0 + at, 30.0) if at not in gap else None)
        for gap in [{0.4, 1.2, 1.4, 1.6}]
        for at in np.round(np.arange(0, 2.4, 0.2), 1).tolist()
    ]
    at_gap, at_hole = moments(reader(tmp_path / "p", frames), [0.4, 1.4])
    assert at_gap.ball_position[0] == pytest.approx(40.4, abs=1e-3)
    assert np.isnan(at_hole.ball_box).all()


def test_final_labels_are_drawn_and_the_last_frame_is_held_for_one_interval(tmp_path):
    positions = PositionsReader(match(tmp_path / "p"))
    at_end, long_after = moments(positions, [1.95, 2.6])
    assert dict(zip(at_end.ids.tolist(), at_end.teams.tolist(), strict=True)) == {
        key: int(label[0]) for key, label in ELEVENS.items()
    }
    assert len(long_after.ids) == 0


def test_an_empty_store_draws_nobody(tmp_path):
    (moment,) = moments(PositionsReader(store(tmp_path / "p", [])), [0.0])
    assert len(moment.ids) == 0
    assert np.isnan(moment.ball_position).all()


def test_only_frames_within_reach_are_read_ahead(tmp_path):
    class Counting(PositionsReader):
        read = 0

        def frame(self, index):
            self.read += 1
            return super().frame(index)

    frames = [sighting(index / 5, elevens(0.0)) for index in range(500)]
    positions = Counting(store(tmp_path / "p", frames, labels=ELEVENS))
    next(iter(moments(positions, [0.0])))
    assert positions.read <= 16
