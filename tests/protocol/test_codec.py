import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from touchline.football.updates import (
    AlertRaised,
    AnalysisOptions,
    AnalysisRequest,
    AnalysisResult,
    CalibrationPoint,
    Camera,
    Failed,
    Finished,
    FoundBox,
    Progress,
    RoiZone,
    SegmentDone,
    TrackingVideoReady,
    Update,
)
from touchline.protocol import analysis_pb2 as pb
from touchline.protocol.codec import (
    MalformedPacketError,
    boxes_from_message,
    boxes_to_message,
    request_from_message,
    request_to_message,
    update_from_message,
    update_to_message,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.text("abcdefghijklmnop_", min_size=1, max_size=8)
small_ints = st.integers(-(2**31), 2**31 - 1)
counts = st.integers(0, 2**31 - 1)
metres = st.floats(-1e6, 1e6, allow_nan=False)
single = st.integers(0, 1000).map(lambda n: n / 1000)  # what a person types fits single precision
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | metres | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
json_objects = st.dictionaries(names.map("x_".__add__), json_values, max_size=3)
points = st.lists(st.builds(CalibrationPoint, metres, metres, metres, metres), max_size=5).map(tuple)
zones = st.lists(st.builds(RoiZone, texts, st.lists(st.tuples(metres, metres), max_size=4).map(tuple)), max_size=2).map(
    tuple
)
cameras = st.builds(
    Camera, texts, small_ints, points, zones, st.none() | st.integers(1, 8000), st.none() | st.integers(1, 8000)
)
options = st.builds(
    AnalysisOptions,
    analysis_fps=st.none() | metres,
    profile=texts,
    language=texts,
    attacks_right_a=st.none() | st.booleans(),
    part=texts,
    home_color=st.none() | texts,
    away_color=st.none() | texts,
    home_name=st.none() | texts,
    away_name=st.none() | texts,
    start_s=metres,
    end_s=st.none() | metres,
    render=st.booleans(),
    pitch_length_m=st.none() | metres,
    pitch_width_m=st.none() | metres,
)
requests = st.builds(
    AnalysisRequest,
    video_path=texts,
    run_id=texts,
    output_dir=texts,
    frame_limit=counts,
    skip_json=st.booleans(),
    confidence_threshold=single,
    ball_confidence=single,
    max_lost_frames=small_ints,
    enable_reid=st.booleans(),
    target_team=st.sampled_from(["Both", "Team A", "Team B"]),
    camera_count=st.sampled_from([1, 2]),
    camera_type=st.sampled_from(["Fixed", "TV"]),
    second_video_path=texts,
    sync_offset_ms=small_ints,
    segment_seconds=metres,
    calibration=points,
    roi=zones,
    cameras=st.lists(cameras, max_size=2).map(tuple),
    options=options,
)
results = st.builds(
    AnalysisResult,
    run_id=names,
    total_frames=counts,
    players_tracked=counts,
    tracking_video_path=texts,
    tracking_json_path=texts,
    backline_video_path=texts,
    heatmap_video_path=texts,
    possession_analysis_path=texts,
    animation_video_path=texts,
    tactical_advisory_path=texts,
    statistics_path=texts,
    positions_path=texts,
    processing_time_s=metres,
    fps=metres,
)
updates = st.one_of(
    st.builds(
        Progress,
        progress=single,
        message=texts | st.just('{"live_stats": {}}') | st.just("{broken"),
        live_stats=st.none() | st.dictionaries(texts, json_objects, max_size=3),
        status=st.sampled_from(["PROCESSING", "QUEUED"]),
    ),
    st.tuples(counts, metres, st.floats(0, 1e6)).flatmap(
        lambda t: st.builds(
            SegmentDone,
            index=st.just(t[0]),
            start_s=st.just(t[1]),
            end_s=st.just(t[1] + t[2]),
            video_start_s=metres,
            analysis=json_objects,
            recommendation=st.none() | texts,
            severity_score=st.floats(0, 1),
            severity_label=texts,
            status=st.sampled_from(["PENDING", "PROCESSING", "COMPLETED", "FAILED", "EMPTY"]),
        )
    ),
    st.builds(
        AlertRaised,
        alert_id=names,
        timestamp=texts,
        severity_score=st.floats(0, 1),
        severity_label=texts,
        category=texts,
        decision_type=texts,
        status=names,
        action=texts,
        review_countdown=small_ints,
        category_trigger_count=small_ints,
        decision_id=st.none() | texts,
        match_time=st.none() | metres,
        trigger_metric=st.none() | texts,
        recommended_action=st.none() | texts,
        context=json_objects,
    ),
    st.builds(TrackingVideoReady, names, counts),
    st.builds(Finished, results, texts),
    st.builds(Failed, names, st.none() | results),
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(requests)
def test_every_request_comes_back_as_it_was_sent(request: AnalysisRequest):
    sent = request_to_message(request).SerializeToString()
    assert request_from_message(pb.AnalysisRequest.FromString(sent)) == request


@settings(max_examples=300, deadline=None, derandomize=True)
@given(updates)
def test_every_update_comes_back_as_it_was_sent(update: Update):
    sent = update_to_message(update, run_id="run").SerializeToString()
    assert update_from_message(pb.AnalysisResponse.FromString(sent)) == update


def test_boxes_of_a_still_come_back_as_they_were_sent():
    boxes = [
        FoundBox((1.5, 2.25, 30.1, 80.7), "person", 0.87, (255, 0, 10)),
        FoundBox((0, 0, 5, 5), "ball", 0.3, (0, 0, 0)),
    ]
    assert boxes_from_message(pb.DetectResponse.FromString(boxes_to_message(boxes).SerializeToString())) == boxes


# Older peers


def test_a_platform_that_sends_only_a_path_and_a_run_gets_the_defaults():
    assert request_from_message(pb.AnalysisRequest(video_path="a.mp4", match_id="r")) == AnalysisRequest("a.mp4", "r")


def test_an_explicit_threshold_of_zero_is_not_the_default():
    assert request_from_message(pb.AnalysisRequest(confidence_threshold=0)).confidence_threshold == 0


@pytest.mark.parametrize(
    ("said", "meant"), [("Fixed Camera", "Fixed"), ("tv camera", "TV"), ("", "TV"), ("Drone", "Drone")]
)
def test_camera_types_have_synonyms(said: str, meant: str):
    assert request_from_message(pb.AnalysisRequest(camera_type=said)).camera_type == meant


@pytest.mark.parametrize(("said", "meant"), [("right", True), ("A=left", False), ("LEFT", False)])
def test_direction_of_play_is_read_as_on_the_command_line(said: str, meant: bool):
    message = pb.AnalysisRequest(options_json=json.dumps({"attacks": said, "club_rules": {"x": 1}}))
    assert request_from_message(message).options == AnalysisOptions(attacks_right_a=meant)


def test_an_engine_that_fills_only_the_first_thirteen_result_fields_works():
    message = pb.AnalysisResponse(match_id="r", status="DONE", progress=1, message="fine")
    message.result.total_frames, message.result.tracking_video_path = 250, "outputs/x/tracking_output.mp4"
    message.result.tactical_advisory_path, message.result.fps = "outputs/x/a.json", 12.5
    assert update_from_message(message) == Finished(
        AnalysisResult(
            run_id="r",
            total_frames=250,
            tracking_video_path="outputs/x/tracking_output.mp4",
            tactical_advisory_path="outputs/x/a.json",
            fps=12.5,
        ),
        "fine",
    )


@pytest.mark.parametrize("status", ["PENDING", "QUEUED", " queued "])
def test_waiting_statuses_mean_queued(status: str):
    assert update_from_message(pb.AnalysisResponse(status=status)) == Progress(0, "", status="QUEUED")


@pytest.mark.parametrize("status", ["PROCESSING", "STREAMING", "RECEIVING", "", "WARMING_UP", "streaming"])
def test_unknown_statuses_mean_work_in_progress(status: str):
    message = pb.AnalysisResponse(status=status, progress=0.35, message="half way")
    assert update_from_message(message) == Progress(0.35, "half way")


@pytest.mark.parametrize(("said", "meant"), [(float("nan"), 0), (7, 1), (-1, 0)])
def test_progress_stays_between_nothing_and_all(said: float, meant: float):
    update = update_from_message(pb.AnalysisResponse(progress=said))
    assert isinstance(update, Progress)
    assert update.progress == meant


def test_live_stats_are_taken_out_of_the_text():
    message = pb.AnalysisResponse(status="PROCESSING", message='{"message":"on","live_stats":{"7":{"distance":12.5}}}')
    assert update_from_message(message) == Progress(0, "on", {"7": {"distance": 12.5}})


@pytest.mark.parametrize("told", ['{"live_stats":[1]}', '{"live_stats":{"7":3}}', "{not json", '{"other":1}'])
def test_what_only_looks_like_live_stats_stays_text(told: str):
    assert update_from_message(pb.AnalysisResponse(message=told)) == Progress(0, told)


@pytest.mark.parametrize("status", ["FAILED", "ERROR", "error"])
def test_a_failure_says_what_its_result_says(status: str):
    message = pb.AnalysisResponse(status=status, message="general")
    message.result.error_message = "No pitch was found."
    failed = update_from_message(message)
    assert isinstance(failed, Failed)
    assert failed.message == "No pitch was found."


def test_a_failure_without_a_reason_still_says_something():
    failed = update_from_message(pb.AnalysisResponse(status="FAILED"))
    assert isinstance(failed, Failed)
    assert "without a reason" in failed.message


# Segments and alerts of other engines


def segment(**record: object) -> pb.AnalysisResponse:
    return pb.AnalysisResponse(status="SEGMENT_DONE", message=json.dumps(record))


def test_a_sparse_segment_takes_the_defaults():
    assert update_from_message(segment(segment_index=3)) == SegmentDone(3, 0, 0, 0, {}, None, 0, "")


def test_tags_beside_the_analysis_move_into_it_and_unknown_keys_are_kept():
    tags = [{"tag": "HIGH PRESS", "description": "d"}]
    update = update_from_message(
        segment(segment_index=0, analysis={"team_a_tags": [], "x": 1}, team_a_tags=tags, team_b_tags=tags, more=2)
    )
    assert isinstance(update, SegmentDone)
    assert update.analysis == {"team_a_tags": [], "x": 1, "team_b_tags": tags, "more": 2}


@pytest.mark.parametrize(
    ("record", "names_it"),
    [
        ({}, "segment_index"),
        ({"segment_index": "two"}, "segment_index"),
        ({"segment_index": -1}, "segment_index"),
        ({"segment_index": 1.5}, "segment_index"),
        ({"segment_index": True}, "segment_index"),
        ({"segment_index": 1, "start_sec": 20, "end_sec": 10}, "ends"),
        ({"segment_index": 1, "start_sec": {}}, "start_sec"),
        ({"segment_index": 1, "analysis": [1]}, "analysis"),
    ],
)
def test_a_segment_that_cannot_be_meant_names_what_is_wrong(record: dict[str, object], names_it: str):
    with pytest.raises(MalformedPacketError, match=names_it):
        update_from_message(segment(**record))


@pytest.mark.parametrize("told", ["", "no json", "[1]", "null", '{"segment_index": NaN}'])
def test_a_segment_without_a_json_object_is_malformed(told: str):
    with pytest.raises(MalformedPacketError, match="SEGMENT_DONE"):
        update_from_message(pb.AnalysisResponse(status="SEGMENT_DONE", message=told))


def test_an_alert_of_an_older_engine_needs_no_json():
    message = pb.AnalysisResponse(status="ALERT")
    message.alert.CopyFrom(pb.TacticalAlert(alert_id="a", timestamp="01:10", severity_score=0.35, action="Drop deeper"))
    assert update_from_message(message) == AlertRaised("a", "01:10", 0.35, "", "", "", "ACTIVE", "Drop deeper", 0, 0)


def test_an_alert_is_extended_by_its_json():
    message = pb.AnalysisResponse(
        status="ALERT",
        message=json.dumps({"decision_id": "d", "match_time": "12:30-13:00", "players": [{"id": 1}], "alert_id": "z"}),
    )
    message.alert.alert_id = "a"
    update = update_from_message(message)
    assert isinstance(update, AlertRaised)
    assert (update.alert_id, update.decision_id, update.match_time) == ("a", "d", 750)
    assert update.context == {"players": [{"id": 1}]}


def test_an_alert_may_come_as_json_alone():
    message = pb.AnalysisResponse(status="ALERT", message='{"alert_id":"a","severity_score":0.7,"review_countdown":3}')
    update = update_from_message(message)
    assert isinstance(update, AlertRaised)
    assert (update.alert_id, update.severity_score, update.review_countdown) == ("a", 0.7, 3)


def test_an_alert_without_an_id_is_malformed():
    with pytest.raises(MalformedPacketError, match="alert_id"):
        update_from_message(pb.AnalysisResponse(status="ALERT", message="{}"))


def test_a_tracking_video_without_a_path_is_malformed():
    with pytest.raises(MalformedPacketError, match="tracking_video_path"):
        update_from_message(pb.AnalysisResponse(status="TRACKING_VIDEO_READY"))


@pytest.mark.parametrize(
    ("field", "value", "names_it"),
    [
        ("calibration_json", "{", "calibration_json"),
        ("calibration_json", '[{"u":1,"v":2,"x":"left","y":0}]', r"calibration_json\[0\]\.x"),
        ("roi_json", '[{"label":"a","points":[{"x":1}]}]', r"roi_json\[0\]\.points\[0\]\.y"),
        ("cameras_json", '[{"sync_offset_ms":"soon"}]', r"cameras_json\[0\]\.sync_offset_ms"),
        ("options_json", '{"attacks":"up"}', "attacks"),
        ("options_json", '{"render":"no"}', "render"),
        ("options_json", "[]", "options_json"),
    ],
)
def test_a_request_that_cannot_be_meant_names_what_is_wrong(field: str, value: str, names_it: str):
    with pytest.raises(MalformedPacketError, match=names_it):
        request_from_message(pb.AnalysisRequest(**{field: value}))


# What leaves is clean


def test_numbers_that_nobody_measured_leave_as_null():
    sent = SegmentDone(0, 0, 10, 0, {"a": float("nan"), "b": np.float32(0.5), "c": np.arange(2)}, None, 0.5, "LOW")
    assert update_from_message(update_to_message(sent, run_id="r")).analysis == {"a": None, "b": 0.5, "c": [0, 1]}


def test_broken_characters_of_a_file_name_do_not_break_the_packet():
    assert update_to_message(Progress(0, "match\udce9.mp4"), run_id="r").message == "match?.mp4"
