from datetime import UTC, datetime

import pytest

from touchline.features.analysis import rules

RUN = "0198f0a2-5c1e-7a31-8f7e-2f6f0c1f7a10"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("QUEUED", "QUEUED"),
        ("PENDING", "QUEUED"),
        ("PROCESSING", "PROCESSING"),
        ("STREAMING", "PROCESSING"),
        ("RECEIVING", "PROCESSING"),
        ("COMPLETED", "COMPLETED"),
        ("DONE", "COMPLETED"),
        ("FAILED", "FAILED"),
        ("ERROR", "FAILED"),
        ("  done\n", "COMPLETED"),
        ("Error", "FAILED"),
        ("pending ", "QUEUED"),
        ("WARMING_UP", "PROCESSING"),
        ("done!", "PROCESSING"),
        ("", "PROCESSING"),
        ("   ", "PROCESSING"),
        (None, "PROCESSING"),
    ],
)
def test_rule_6_2_an_engines_word_has_one_meaning(said, meant):
    assert rules.normalised_status(said) == meant


def test_only_completed_and_failed_are_terminal():
    assert [status for status in (*rules.ACTIVE, *rules.TERMINAL) if rules.is_terminal(status)] == [
        "COMPLETED",
        "FAILED",
    ]


@pytest.mark.parametrize(
    ("current", "reported", "after"), [(0.2, 0.5, 0.5), (0.5, 0.2, 0.5), (0.5, 7.0, 1.0), (0.0, -1.0, 0.0)]
)
def test_progress_stays_within_bounds_and_never_falls(current, reported, after):
    assert rules.advanced(current, reported) == after


def test_every_attempt_finds_the_same_output_folder():
    at = datetime(2026, 11, 24, 9, 8, 7, 654321, tzinfo=UTC)
    assert rules.output_folder(RUN, at) == f"outputs/analysis_{RUN}_20261124_090807"


@pytest.mark.parametrize(
    "path",
    [
        f"temp_uploads/{RUN}_1.mp4",
        f"temp_uploads/{RUN}_2.webm",
        f"outputs/analysis_{RUN}_20261124_090807/tracking_output.mp4",
        f"outputs/analysis_{RUN}_20261124_090807/analytics/possession_analysis_results.json",
    ],
)
def test_a_path_tells_its_run(path):
    assert rules.run_id_of(path) == RUN


@pytest.mark.parametrize(
    "path",
    [
        "touchline.db",
        "media.key",
        "certs/private.pem",
        "mail/1.eml",
        "temp_uploads/x.mp4",
        f"temp_uploads/{RUN}_1.mp4.part",
        f"temp_uploads/{RUN}_3.mp4",
        f"temp_uploads/{RUN}_1.mp4/x",
        f"temp_uploads/{RUN}_1.mp4\n",
        f"outputs/analysis_{RUN}_20261124_090807",
        f"outputs/analysis_{RUN}_20261124_090807/.attempt-1/tracking_output.mp4",
        f"outputs/analysis_{RUN}_20261124_090807/analytics/.hidden",
        f"outputs/analysis_{RUN}_20261124_090807/tracking_output.mp4.part",
        f"outputs/analysis_{RUN}_20261124_090807/positions/header.json",
        f"outputs/analysis_{'x' * 36}_20261124_090807/tracking_output.mp4",
        f"outputs/analysis_{'-' * 36}_20261124_090807/tracking_output.mp4",
    ],
)
def test_internal_and_foreign_files_belong_to_no_run(path):
    assert rules.run_id_of(path) is None


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../x.mp4", "x.mp4"),
        ("C:\\videos\\derby.mov", "derby.mov"),
        ("ma\x00tch\r\n.mp4", "match.mp4"),
        ("مباراة.mp4", "مباراة.mp4"),
        ("\u202egnp.4pm", "gnp.4pm"),
        ("می\u200cبازی.mp4", "می\u200cبازی.mp4"),
        ("", "video"),
        (None, "video"),
        ("..", "video"),
        ("a" * 400, "a" * 255),
    ],
)
def test_a_clients_file_name_is_only_text_to_show(sent, shown):
    assert rules.display_name(sent) == shown


@pytest.mark.parametrize(
    ("name", "container", "extension"),
    [
        ("x.mp4", "mp4", ".mp4"),
        ("x.M4V", "mp4", ".m4v"),
        ("x.mov", "mov", ".mov"),
        ("x.exe", "mp4", ".mp4"),
        ("x.mp4", "mkv", ".mkv"),
        ("x.webm", "mkv", ".webm"),
        ("x", "avi", ".avi"),
        (None, "webm", ".webm"),
    ],
)
def test_the_stored_extension_fits_what_was_sniffed(name, container, extension):
    assert rules.stored_extension(name, container) == extension
    assert extension in rules.VIDEO_EXTENSIONS


def test_the_newest_run_of_each_part_stands_for_a_match():
    assert rules.shown_runs([("b", "second"), ("a", "first"), ("old", "first"), ("w", "whole")]) == ["w", "a", "b"]


def test_a_newer_whole_run_replaces_both_halves():
    assert rules.shown_runs([("w", "whole"), ("b", "second"), ("a", "first")]) == ["w"]


def test_outputs_omit_what_is_internal_or_has_no_value():
    run = {
        "outputs": {
            "tactical_advisory_path": None,
            "possession_analysis_path": "",
            "positions_path": "outputs/a/positions",
            "total_frames": 0,
        },
        "input_video_path": "temp_uploads/a_1.mp4",
        "tracking_video_path": None,
    }
    assert rules.run_outputs(run) == {"total_frames": 0, "input_video_path": "temp_uploads/a_1.mp4"}


def test_a_tracked_video_is_listed_as_soon_as_it_plays():
    run = {"outputs": {}, "input_video_path": None, "tracking_video_path": "outputs/a/tracking_output.mp4"}
    assert rules.run_outputs(run)["tracking_video_path"] == "outputs/a/tracking_output.mp4"


def test_live_stats_hold_objects_only():
    assert rules.live_stats({"7": {"distance": 12.5}, "8": 3, "frame": "x"}) == {"7": {"distance": 12.5}}
    assert rules.live_stats(None) == {}
    assert rules.live_stats([1]) == {}


def test_a_segment_always_shows_both_teams_and_both_tag_lists():
    row = {
        "id": "s",
        "analysis_id": RUN,
        "match_id": "m",
        "segment_index": 0,
        "start_sec": 0.0,
        "end_sec": 60.0,
        "video_start_sec": 0.0,
        "analysis_json": {"team_a": None, "tactical_narrative": "Calm."},
        "recommendation": None,
        "severity_score": 0.5,
        "severity_label": "MEDIUM",
        "status": "COMPLETED",
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    body = rules.segment_body(row)
    assert body["analysis_json"] == {
        "team_a": {},
        "team_b": {},
        "team_a_tags": [],
        "team_b_tags": [],
        "tactical_narrative": "Calm.",
    }
    assert body["created_at"].endswith("Z")
