import subprocess
import sys
from pathlib import Path

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from touchline.protocol import analysis_pb2 as pb

ROOT = Path(__file__).resolve().parents[2]
TYPES = {
    FieldDescriptor.TYPE_STRING: "string",
    FieldDescriptor.TYPE_INT32: "int32",
    FieldDescriptor.TYPE_BOOL: "bool",
    FieldDescriptor.TYPE_FLOAT: "float",
    FieldDescriptor.TYPE_DOUBLE: "double",
}


def numbered(message: Descriptor) -> list[tuple[int, str, str]]:
    return [
        (f.number, f.name, f.message_type.name if f.message_type else TYPES[f.type])
        for f in sorted(message.fields, key=lambda f: f.number)
    ]


def test_committed_code_is_what_the_proto_file_gives():
    done = subprocess.run(
        [sys.executable, "tools/make_proto.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_service_and_method_have_the_names_that_older_peers_call():
    service = pb.DESCRIPTOR.services_by_name["AnalysisService"]
    assert pb.DESCRIPTOR.package == "analysis"
    analyse = service.methods_by_name["AnalyzeVideo"]
    assert analyse.full_name == "analysis.AnalysisService.AnalyzeVideo"
    assert (analyse.input_type.name, analyse.output_type.name) == ("AnalysisRequest", "AnalysisResponse")
    assert analyse.server_streaming
    assert not analyse.client_streaming


def test_request_fields_keep_their_numbers():
    assert numbered(pb.AnalysisRequest.DESCRIPTOR) == [
        (1, "video_path", "string"),
        (2, "match_id", "string"),
        (3, "frame_limit", "int32"),
        (4, "skip_json", "bool"),
        (5, "confidence_threshold", "float"),
        (6, "calibration_json", "string"),
        (7, "roi_json", "string"),
        (8, "ball_confidence", "float"),
        (9, "max_lost_frames", "int32"),
        (10, "enable_reid", "bool"),
        (11, "target_team", "string"),
        (12, "camera_count", "int32"),
        (13, "camera_type", "string"),
        (14, "second_video_path", "string"),
        (15, "sync_offset_ms", "int32"),
        (16, "segment_seconds", "double"),
        (17, "cameras_json", "string"),
        (18, "output_dir", "string"),
        (19, "options_json", "string"),
    ]


def test_response_fields_keep_their_numbers():
    assert numbered(pb.AnalysisResponse.DESCRIPTOR) == [
        (1, "match_id", "string"),
        (2, "status", "string"),
        (3, "progress", "float"),
        (4, "message", "string"),
        (5, "result", "AnalysisResult"),
        (6, "alert", "TacticalAlert"),
    ]


def test_alert_fields_keep_their_numbers():
    assert numbered(pb.TacticalAlert.DESCRIPTOR) == [
        (1, "alert_id", "string"),
        (2, "timestamp", "string"),
        (3, "severity_score", "float"),
        (4, "severity_label", "string"),
        (5, "category", "string"),
        (6, "decision_type", "string"),
        (7, "status", "string"),
        (8, "action", "string"),
        (9, "review_countdown", "int32"),
        (10, "category_trigger_count", "int32"),
    ]


def test_result_fields_keep_their_numbers():
    assert numbered(pb.AnalysisResult.DESCRIPTOR) == [
        (1, "match_id", "string"),
        (2, "total_frames", "int32"),
        (3, "players_tracked", "int32"),
        (4, "tracking_video_path", "string"),
        (5, "tracking_json_path", "string"),
        (6, "backline_video_path", "string"),
        (7, "heatmap_video_path", "string"),
        (8, "possession_analysis_path", "string"),
        (9, "animation_video_path", "string"),
        (10, "processing_time_seconds", "double"),
        (11, "fps", "double"),
        (12, "error_message", "string"),
        (13, "tactical_advisory_path", "string"),
        (14, "statistics_path", "string"),
        (15, "positions_path", "string"),
    ]
