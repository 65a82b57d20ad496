"""Stages made for a request, and one still searched on its own."""

import cv2
import numpy as np
import pytest

from engine.stages.test_calibrate import PICTURE, tactical
from touchline.engine.catalogue import calibration_points, calibrator_for, detect_picture, stages_for, zones_of
from touchline.engine.decode import open_video
from touchline.engine.settings import settings_for
from touchline.engine.synthetic.demo import demo_clip
from touchline.football.pitch import STANDARD_PITCH
from touchline.football.updates import AnalysisOptions, AnalysisRequest, Camera, RoiZone


def request(**given):
    return AnalysisRequest(video_path="a.mp4", run_id="r", **given)


@pytest.fixture(scope="module")
def still():
    return next(iter(open_video(demo_clip(), analysis_fps=1).frames())).image


def test_a_still_gives_people_as_boxes_in_its_own_pixels(still):
    found = detect_picture(cv2.imencode(".png", still)[1].tobytes())
    people = [one for one in found if one.label == "person"]
    assert 18 <= len(people) <= 28
    for x, y, w, h in (one.box for one in people):
        assert -5 <= x <= 1280
        assert -5 <= y <= 720
        assert w > 0
        assert h > 0
    assert sum(one.label == "ball" for one in found) <= 1
    assert all(0.5 <= one.confidence <= 1 for one in people)


@pytest.mark.parametrize("content", [b"", b"not a picture", bytes(500)])
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(ValueError, match="not a picture"):
        detect_picture(content)


def test_points_of_the_request_come_before_those_of_its_camera():
    camera = Camera(calibration=tuple(tactical()[:4]))
    assert calibration_points(request(cameras=(camera,)), picture_size=PICTURE) == camera.calibration
    both = request(calibration=tuple(tactical()), cameras=(camera,))
    assert len(calibration_points(both, picture_size=PICTURE)) == 14


def test_a_refused_calibration_becomes_a_reason():
    calibrator = calibrator_for(request(calibration=tuple(tactical()[:2])), picture_size=PICTURE, pitch=STANDARD_PITCH)
    assert calibrator.reason == (
        "not calibrated: Placing the pitch needs at least 4 points, 2 were given; mark more of them."
    )


def test_zones_come_from_the_request_or_its_camera():
    zone, other = RoiZone("a", ((0, 0), (1, 0), (1, 1))), RoiZone("b", ((0, 0), (1, 0), (0, 1)))
    assert zones_of(request()) == ()
    assert zones_of(request(cameras=(Camera(roi=(zone,)),))) == (zone,)
    assert zones_of(request(roi=(other,), cameras=(Camera(roi=(zone,)),))) == (other,)


def test_the_fast_profile_takes_no_second_look():
    fast = request(options=AnalysisOptions(profile="fast"))
    assert stages_for(settings_for(fast), fast, picture_size=PICTURE).second_look is None
    balanced = request()
    made = stages_for(settings_for(balanced), balanced, picture_size=PICTURE)
    assert made.second_look is made.detector


@pytest.mark.parametrize("profile", ["fast", "balanced", "accurate"])
def test_every_profile_finds_people(still, profile):
    wanted = request(options=AnalysisOptions(profile=profile))
    detector = stages_for(settings_for(wanted), wanted, picture_size=PICTURE).detector
    found = detector.task(still)()
    assert (found.scores >= 0.5).sum() >= 12
    assert np.isfinite(found.boxes).all()
