"""Frames through stages: order, lateness, waiting for teams, and a decoder that stops when nobody reads."""

import threading
import time

import numpy as np
import pytest

from touchline.engine.pipeline import Pipeline
from touchline.engine.pipeline.ahead import DetectAhead, ReadAhead
from touchline.engine.ports import Stages
from touchline.engine.stages.ball import BallPath
from touchline.engine.stages.calibrate import FixedCameraCalibrator
from touchline.engine.types import (
    BallReason,
    BallState,
    Calibration,
    CameraStep,
    Detections,
    Frame,
    Tracks,
    VideoFacts,
)
from touchline.football.pitch import STANDARD_PITCH

FPS = 5.0
ABOVE = Calibration(np.array([[0.1, 0, -10.0], [0, 0.1, -2.0], [0, 0, 1.0]]), 0.1, 1.0, 8, centre_px=(640, 360))
IDENTITY = np.hstack([np.eye(2), np.zeros((2, 1))])


class Source:
    """Numbered black pictures; remembers how many were asked for and whether it was closed."""

    def __init__(self, count, *, breaks_at=None):
        self.count, self.breaks_at = count, breaks_at
        self.given, self.is_closed = 0, False

    @property
    def facts(self):
        return VideoFacts(1280, 720, 30.0, self.count / FPS)

    def frames(self):
        try:
            for index in range(self.count):
                if index == self.breaks_at:
                    raise RuntimeError("the disk is gone")
                self.given += 1
                yield Frame(index, index * 6, index / FPS, np.zeros((72, 128, 3), np.uint8))
        finally:
            self.is_closed = True


class Detector:
    """One person who walks to the right, and a ball at his feet; later pictures take shorter than earlier ones."""

    name = "stub"

    def __init__(self, *, uneven=False):
        self.uneven, self.planned, self.learned, self.regions = uneven, 0, [], []

    def task(self, image):
        index, self.planned = self.planned, self.planned + 1

        def work():
            if self.uneven and index % 3 == 0:
                time.sleep(0.01)
            x = 200.0 + 5 * index
            boxes = np.array([[x, 300, x + 20, 350]], np.float32)
            ball = np.array([[x + 20, 345, x + 26, 351]], np.float32)
            return Detections(boxes, np.array([0.9], np.float32), ball, np.array([0.6], np.float32))

        return work

    def learn(self, found):
        self.learned.append(float(found.boxes[0, 0]))

    def focus(self, region):
        self.regions.append(region)


class OneTrack:
    def shift(self, step):
        pass

    def update(self, frame, detections):
        return Tracks(np.array([7], np.int32), detections.boxes, detections.scores)


class Teams:
    """Known after a number of seconds, or when asked."""

    kit_colors: dict = {}  # noqa: RUF012 - a constant of the double
    why_a = ""

    def __init__(self, known_at_s=0.0):
        self.known_at_s, self.is_fitted = known_at_s, False

    def observe(self, frame, tracks, calibration):
        self.is_fitted = self.is_fitted or frame.time_s >= self.known_at_s

    def fit(self):
        self.is_fitted = True

    def labels(self, ids):
        team = 0 if self.is_fitted else -1
        return np.full(len(ids), team, np.int8), np.zeros(len(ids), np.int8)


class Motion:
    def __init__(self, moves_at=None):
        self.moves_at, self.has_moved = moves_at, False

    def update(self, frame, boxes):
        self.has_moved = self.has_moved or frame.index == self.moves_at
        return CameraStep(IDENTITY, is_moving=False)


class Everybody:
    def shift(self, step):
        pass

    def keep(self, frame, detections, calibration):
        return detections

    def region_px(self, calibration):
        return None if calibration is None else (0.0, 0.0, 10.0, 10.0)


def stages(**given):
    return Stages(
        **{
            "detector": Detector(),
            "second_look": None,
            "motion": Motion(),
            "calibrator": FixedCameraCalibrator(ABOVE),
            "gate": Everybody(),
            "tracker": OneTrack(),
            "teams": Teams(),
            "ball": BallPath(),
            **given,
        }
    )


def observed(source, made, **options):
    pipeline = Pipeline(source, made, pitch=STANDARD_PITCH, **options)
    return pipeline, [seen for seen in pipeline.observations() if seen is not None]


@pytest.mark.parametrize("threads", [1, 3])
def test_every_frame_comes_out_once_in_order(threads):
    pipeline, seen = observed(Source(60), stages(detector=Detector(uneven=True)), threads=threads)
    assert [one.frame_index for one in seen] == list(range(60))
    assert [one.source_index for one in seen] == [6 * index for index in range(60)]
    assert [one.boxes[0, 0] for one in seen] == [200 + 5 * index for index in range(60)]
    assert pipeline.state.frames == 60


def test_learning_follows_the_order_of_the_pictures():
    detector = Detector(uneven=True)
    observed(Source(30), stages(detector=detector), threads=3)
    assert detector.learned == sorted(detector.learned)


def test_the_detector_learns_from_those_who_count():
    class TallOnes(Everybody):
        def keep(self, frame, detections, calibration):
            assert len(detections.boxes) == 2
            return Detections(
                detections.boxes[:1],
                detections.scores[:1],
                detections.ball_boxes,
                detections.ball_scores,
                other_boxes=detections.boxes[1:],
                other_scores=detections.scores[1:],
            )

    class WithASpectator(Detector):
        sizes: list = []  # noqa: RUF012 - filled by the test's own instance

        def task(self, image):
            work = super().task(image)

            def both():
                found = work()
                boxes = np.concatenate([found.boxes, [[600, 20, 606, 35]]]).astype(np.float32)
                return Detections(boxes, np.array([0.9, 0.9]), found.ball_boxes, found.ball_scores)

            return both

        def learn(self, found):
            self.sizes.append(len(found.boxes))

    detector = WithASpectator()
    _, seen = observed(Source(20), stages(detector=detector, gate=TallOnes()))
    assert detector.sizes == [1] * 20
    assert {len(one.boxes) for one in seen} == {1}


def test_positions_are_the_feet_in_metres():
    _, seen = observed(Source(5), stages())
    assert seen[0].positions[0] == pytest.approx([11.0, 33.0])
    assert seen[0].ball_position == pytest.approx([12.3, 32.8], abs=0.01)
    assert seen[0].visible is not None


def test_without_a_calibration_metres_are_nan():
    _, seen = observed(Source(5), stages(calibrator=FixedCameraCalibrator(None)))
    assert np.isnan(seen[0].positions).all()
    assert np.isnan(seen[0].ball_position).all()
    assert seen[0].visible is None


def test_frames_wait_for_the_teams():
    pipeline = Pipeline(Source(150), stages(teams=Teams(known_at_s=20)), pitch=STANDARD_PITCH)
    first_at = None
    for seen in pipeline.observations():
        if seen is not None:
            first_at = first_at or pipeline.state.time_s
            assert seen.teams.tolist() == [0]
    assert first_at == pytest.approx(20.0)


def test_frames_flow_on_when_the_teams_stay_unknown():
    pipeline = Pipeline(Source(400), stages(teams=Teams(known_at_s=1e9)), pitch=STANDARD_PITCH)
    longest, seen_teams = 0.0, []
    for seen in pipeline.observations():
        if seen is not None:
            longest = max(longest, pipeline.state.time_s - seen.time_s)
            seen_teams.append(int(seen.teams[0]))
    assert longest <= 41
    assert seen_teams[0] == -1
    assert len(seen_teams) == 400


def test_a_short_clip_has_teams_too():
    _, seen = observed(Source(15), stages(teams=Teams(known_at_s=20)))
    assert {int(one.teams[0]) for one in seen} == {0}


def test_a_camera_that_moves_takes_the_metres_away_even_from_waiting_frames():
    made = stages(motion=Motion(moves_at=30), teams=Teams(known_at_s=20))
    _, seen = observed(Source(120), made)
    assert len(seen) == 120
    assert all(np.isnan(one.positions).all() for one in seen)
    assert made.calibrator.reason == "camera moves"


def test_the_detector_is_told_where_the_pitch_lies_and_when_that_is_not_known_any_more():
    detector = Detector()
    observed(Source(40), stages(detector=detector, motion=Motion(moves_at=20)))
    assert detector.regions == [(0.0, 0.0, 10.0, 10.0), None]


def test_final_labels_cover_every_track():
    pipeline, _ = observed(Source(20), stages())
    ids, teams, roles = pipeline.final_labels()
    assert (ids.tolist(), teams.tolist(), roles.tolist()) == ([7], [0], [0])


def test_closing_stops_the_decoder_and_its_threads():
    before = threading.active_count()
    source = Source(100_000)
    observations = Pipeline(source, stages(), pitch=STANDARD_PITCH, threads=2).observations()
    for _ in range(20):
        next(observations)
    observations.close()
    assert source.is_closed
    assert source.given < 60
    assert threading.active_count() == before


def test_few_pictures_are_decoded_ahead():
    source = Source(1000)
    observations = Pipeline(source, stages(), pitch=STANDARD_PITCH, threads=2).observations()
    next(observations)
    assert source.given <= 14
    observations.close()


def test_an_error_of_the_source_is_raised_where_the_frames_are_read():
    source = Source(30, breaks_at=12)
    pipeline = Pipeline(source, stages(), pitch=STANDARD_PITCH)
    with pytest.raises(RuntimeError, match="the disk is gone"):
        list(pipeline.observations())
    assert source.is_closed


def test_an_error_of_the_detector_is_raised_and_leaves_no_thread():
    class Broken(Detector):
        def task(self, image):
            def work():
                raise ValueError("no picture")

            return work

    before = threading.active_count()
    with pytest.raises(ValueError, match="no picture"):
        list(Pipeline(Source(30), stages(detector=Broken()), pitch=STANDARD_PITCH, threads=2).observations())
    assert threading.active_count() == before


def test_real_time_never_runs_ahead_of_the_video():
    started = time.monotonic()
    observed(Source(4), stages(), is_realtime=True)
    assert time.monotonic() - started >= 3 / FPS - 0.01


def test_reading_ahead_can_be_dropped_before_it_was_read():
    source = Source(50)
    ReadAhead(source.frames()).close()
    assert source.is_closed


def test_detecting_ahead_ends_with_its_frames():
    detector = Detector()
    pairs = list(DetectAhead(Source(3).frames(), detector, workers=2))
    assert [frame.index for frame, _ in pairs] == [0, 1, 2]


def test_a_second_look_is_asked_for_where_the_ball_should_be():
    class Unsure(Detector):
        def task(self, image):
            work = super().task(image)

            def fainter():
                found = work()
                return Detections(found.boxes, found.scores, found.ball_boxes, np.array([0.45], np.float32))

            return fainter

    class Look:
        places: list = []  # noqa: RUF012 - filled by the test's own instance

        def ball_near(self, image, centre_px):
            self.places.append(centre_px)
            return np.zeros((0, 4), np.float32), np.zeros(0, np.float32)

    look = Look()
    pipeline, _ = observed(Source(20), stages(detector=Unsure(), second_look=look))
    assert pipeline.state.second_looks == len(look.places) > 5
    assert look.places[-1][0] == pytest.approx(200 + 5 * 19 + 23, abs=5)


def test_a_camera_that_moves_takes_the_height_of_the_ball_away_too():
    _, seen = observed(Source(60), stages(motion=Motion(moves_at=30), teams=Teams(known_at_s=20)))
    assert {one.ball_state for one in seen} == {BallState.SEEN}
    assert not any(one.ball_on_ground for one in seen)
    assert {one.ball_reason for one in seen} == {BallReason.NOT_PLACED}
