from datetime import UTC, datetime

import pytest

from touchline.features.analysis.options import (
    UNUSABLE_CALIBRATION_NOTE,
    RunOptions,
    engine_request,
    read_fields,
    read_settings,
    usable_calibration,
    with_notes,
    with_profile,
)
from touchline.football.updates import CalibrationPoint
from touchline.foundation.upload_errors import BadFieldError

SQUARE = [
    {"u": 0.0, "v": 700.0, "x": 0.0, "y": 0.0},
    {"u": 1900.0, "v": 700.0, "x": 105.0, "y": 0.0},
    {"u": 1300.0, "v": 200.0, "x": 105.0, "y": 68.0},
    {"u": 600.0, "v": 200.0, "x": 0.0, "y": 68.0},
]
LINE = [{"u": 10.0 * i, "v": 5.0 * i, "x": float(i), "y": 0.0} for i in range(6)]


def camera(calibration=SQUARE, **fields):
    return {
        "label": "main",
        "video_source": "phone",
        "sync_offset_ms": 0,
        "calibration": calibration,
        "roi": [],
        "picture_width": None,
        "picture_height": None,
        **fields,
    }


def profile(*cameras, **settings):
    return {"id": "profile-1", "engine_settings": settings, "cameras": list(cameras)}


def test_an_empty_form_means_the_contracts_defaults():
    options = with_profile(read_fields({}), None)
    assert (options.frame_limit, options.skip_json, options.confidence_threshold) == (0, False, 0.5)
    assert (options.ball_confidence, options.max_lost_frames, options.enable_reid) == (0.3, 15, False)
    assert (options.target_team, options.camera_count, options.camera_type, options.part) == ("Both", 1, "TV", "whole")


def test_text_fields_become_values_and_unknown_ones_are_ignored():
    form = {
        "frame_limit": "330",
        "skip_json": "false",
        "confidence_threshold": "0.7",
        "enable_reid": "True",
        "target_team": "team a",
        "camera_type": "Fixed Camera",
        "attacks": "A=left",
        "analysis_fps": "",
        "colour_of_the_ball": "orange",
    }
    assert read_fields(form) == {
        "frame_limit": 330,
        "skip_json": False,
        "confidence_threshold": 0.7,
        "enable_reid": True,
        "target_team": "Team A",
        "camera_type": "Fixed",
        "attacks": "A=left",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("frame_limit", "-1"),
        ("frame_limit", "1.5"),
        ("skip_json", "maybe"),
        ("confidence_threshold", "1.01"),
        ("confidence_threshold", "nan"),
        ("ball_confidence", "-0.1"),
        ("ball_confidence", "inf"),
        ("max_lost_frames", "many"),
        ("target_team", "Team C"),
        ("camera_count", "3"),
        ("camera_type", "Drone"),
        ("part", "third"),
        ("segment_seconds", "4.9"),
        ("segment_seconds", "601"),
        ("analysis_fps", "0.4"),
        ("analysis_fps", "1000"),
        ("language", "de"),
        ("attacks", "left"),
        ("profile", "ludicrous"),
    ],
)
def test_a_value_out_of_its_range_is_named_with_its_field(field, value):
    with pytest.raises(BadFieldError, match=f"^`{field}`: must be"):
        read_fields({field: value})


def test_a_form_wins_over_the_profile_and_the_profile_over_the_club():
    chosen = profile(max_lost_frames=40, enable_reid=True, language="ar")
    options = with_profile({"max_lost_frames": 5}, chosen, club_language="fr")
    assert (options.max_lost_frames, options.enable_reid, options.language) == (5, True, "ar")
    assert with_profile({}, None, club_language="fr").language == "fr"
    assert options.profile_id == "profile-1"


def test_what_does_not_fit_in_a_profile_is_left_out():
    assert read_settings(
        {"max_lost_frames": "x", "ball_confidence": 0.4, "camera_count": 2, "skip_json": None, "enable_reid": "yes"}
    ) == {"ball_confidence": 0.4, "enable_reid": True}


def test_camera_0_supplies_calibration_and_zones():
    zone = {"label": "pitch", "points": [{"x": 0.0, "y": 0.2}, {"x": 1.0, "y": 0.2}, {"x": 0.5, "y": 1.0}]}
    chosen = profile(camera(roi=[zone]), camera(LINE, sync_offset_ms=400))
    options = with_profile({}, chosen)
    assert options.calibration == SQUARE
    assert options.roi == [zone]
    assert [c["label"] for c in options.cameras] == ["main"]
    assert options.sync_offset_ms == 0


def test_a_second_video_brings_all_cameras_and_their_offset():
    options = with_profile(
        {"camera_count": 2}, profile(camera(), camera(LINE, sync_offset_ms=400)), has_second_video=True
    )
    assert options.sync_offset_ms == 400
    assert [c["calibration"] for c in options.cameras] == [SQUARE, []]


@pytest.mark.parametrize("points", [SQUARE[:3], LINE, [SQUARE[0]] * 5, [{**p, "x": 50.0} for p in SQUARE]])
def test_points_that_fit_no_homography_are_not_used_and_the_run_says_so(points):
    assert not usable_calibration(points)
    options = with_profile({}, profile(camera(points)))
    assert options.calibration == []
    assert options.notes == [UNUSABLE_CALIBRATION_NOTE]
    assert UNUSABLE_CALIBRATION_NOTE in with_notes("Waiting.", options.to_json())
    assert with_notes(f"Done. {UNUSABLE_CALIBRATION_NOTE}", options.to_json()).count(UNUSABLE_CALIBRATION_NOTE) == 1


def test_a_profile_without_points_needs_no_excuse():
    assert with_profile({}, profile(camera([]))).notes == []
    assert usable_calibration(SQUARE)


def test_stored_options_become_the_engines_request():
    options = with_profile(
        {"frame_limit": 9, "attacks": "A=right", "segment_seconds": 20.0, "part": "first"},
        profile(camera(picture_width=960, picture_height=540), analysis_fps=8),
    )
    run = {
        "id": "run-1",
        "options": {**options.to_json(), "added_by_a_later_version": 1},
        "submitted_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    }
    request = engine_request(run, video="/v/1.mp4")
    assert (request.run_id, request.video_path, request.second_video_path) == ("run-1", "/v/1.mp4", "")
    assert request.output_dir == "outputs/analysis_run-1_20260102_030405"
    assert (request.frame_limit, request.segment_seconds) == (9, 20.0)
    assert request.calibration[1] == CalibrationPoint(1900.0, 700.0, 105.0, 0.0)
    assert (request.cameras[0].picture_width, request.cameras[0].picture_height) == (960, 540)
    assert request.options.analysis_fps == 8
    assert request.options.attacks_right_a is True
    assert request.options.part == "first"


def test_options_survive_their_stored_form():
    options = with_profile({"camera_count": 2, "language": "fr"}, profile(camera()), has_second_video=True)
    assert RunOptions.from_json(options.to_json()) == options
