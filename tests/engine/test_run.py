"""One run from request to files, and every way in which it can end early without leaving anything behind."""

import json
import shutil

import numpy as np
import pytest

from engine.stages.test_calibrate import tactical
from touchline.engine import catalogue
from touchline.engine.positions import PositionsReader
from touchline.engine.render.job import RenderStep
from touchline.engine.run import analyse, steps
from touchline.engine.stages.motion import BackgroundMotion
from touchline.engine.synthetic.demo import demo_clip, demo_profile
from touchline.engine.types import CameraStep
from touchline.football.updates import (
    AnalysisOptions,
    AnalysisRequest,
    CalibrationPoint,
    Camera,
    Failed,
    Finished,
    Progress,
    SegmentDone,
    TrackingVideoReady,
)

SECONDS = 4.0


def points():
    return tuple(CalibrationPoint(**point) for point in demo_profile()["points"])


def request(**given):
    options = AnalysisOptions(**{"end_s": SECONDS, "render": False, **given.pop("options", {})})
    return AnalysisRequest(
        **{
            "video_path": str(demo_clip()),
            "run_id": "run-1",
            "output_dir": "outputs/run-1",
            "camera_type": "Fixed",
            "calibration": points(),
            "options": options,
            **given,
        }
    )


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A short analysed clip: its root and all updates."""
    root = tmp_path_factory.mktemp("root")
    return root, list(analyse(request(), output_root=root, threads=1))


def test_a_run_ends_with_finished_and_nothing_follows(finished):
    _, updates = finished
    assert isinstance(updates[-1], Finished)
    assert sum(isinstance(update, Finished | Failed) for update in updates) == 1
    assert "20 pictures analysed" in updates[-1].message


def test_progress_never_falls_and_ends_before_one(finished):
    progress = [update.progress for update in finished[1] if isinstance(update, Progress)]
    assert progress == sorted(progress)
    assert progress[0] == 0
    assert 0.9 < progress[-1] < 1


def test_a_clip_shorter_than_a_window_gives_exactly_one_segment(finished):
    segments = [update for update in finished[1] if isinstance(update, SegmentDone)]
    assert [segment.index for segment in segments] == [0]


def test_the_promised_files_exist_under_the_root(finished):
    root, updates = finished
    result = updates[-1].result
    for name in ("tracking_json_path", "possession_analysis_path", "tactical_advisory_path", "statistics_path"):
        assert json.loads((root / getattr(result, name)).read_text(encoding="utf-8"))
    assert result.positions_path == "outputs/run-1/positions"
    assert result.tracking_video_path == ""


def test_positions_hold_every_analysed_frame_with_final_teams(finished):
    root, updates = finished
    reader = PositionsReader(root / updates[-1].result.positions_path)
    assert len(reader) == updates[-1].result.total_frames == 20
    assert reader.header["calibration"]["residual_m"] < 0.3
    people = [len(observation.track_ids) for observation in reader]
    assert np.mean(people) >= 18
    teams = np.concatenate([observation.teams for observation in reader])
    assert (teams >= 0).mean() > 0.8
    assert updates[-1].result.players_tracked >= 18


def test_the_same_video_gives_the_same_positions(finished, tmp_path):
    root, _ = finished
    list(analyse(request(), output_root=tmp_path, threads=3))
    for column in ("track_id", "box", "position", "team", "ball_box"):
        one, other = (np.load(place / "outputs/run-1/positions" / f"{column}.npy") for place in (root, tmp_path))
        assert np.array_equal(one, other, equal_nan=True), column


def test_a_video_relative_to_the_root_is_found(tmp_path):
    (tmp_path / "temp_uploads").mkdir()
    (tmp_path / "temp_uploads" / "a.mp4").write_bytes(demo_clip().read_bytes())
    wanted = request(video_path="temp_uploads/a.mp4", options={"end_s": 1.0})
    assert isinstance(list(analyse(wanted, output_root=tmp_path))[-1], Finished)


def test_without_a_folder_name_one_is_made_from_the_run(tmp_path):
    result = list(analyse(request(output_dir="", options={"end_s": 1.0}), output_root=tmp_path))[-1].result
    assert result.positions_path.startswith("outputs/analysis_run-1_")


def test_a_camera_that_is_pushed_in_the_middle_costs_the_metres_from_there_on(tmp_path, monkeypatch):
    class PushedCamera(BackgroundMotion):
        def update(self, frame, boxes):
            self.has_moved = frame.time_s >= 26.0
            return CameraStep(np.eye(3), is_moving=False)

    monkeypatch.setattr(catalogue, "BackgroundMotion", PushedCamera)
    updates = list(
        analyse(request(segment_seconds=5.0, options={"end_s": 33.0, "analysis_fps": 2.0}), output_root=tmp_path)
    )
    windows = [update.analysis for update in updates if isinstance(update, SegmentDone)]
    assert windows[0]["team_a"]["width"] > 0
    assert windows[0]["calibration_reason"] is None
    assert "width" not in windows[-1]["team_a"]
    assert windows[-1]["calibration_reason"] == "camera moves"
    assert "From some point on there are no values in metres: camera moves." in updates[-1].message


def test_the_tracking_json_can_be_left_out(tmp_path):
    result = list(analyse(request(skip_json=True, options={"end_s": 1.0}), output_root=tmp_path))[-1].result
    assert result.tracking_json_path == ""
    assert not (tmp_path / "outputs/run-1/tracking_results.json").exists()


def test_without_points_there_are_no_metres_and_the_message_says_why(tmp_path):
    wanted = request(calibration=(), options={"end_s": 1.0})
    end = list(analyse(wanted, output_root=tmp_path))[-1]
    assert "no values in metres: not calibrated" in end.message
    reader = PositionsReader(tmp_path / end.result.positions_path)
    assert all(np.isnan(observation.positions).all() for observation in reader)


def test_refused_points_leave_the_run_without_metres_and_name_the_fault(tmp_path):
    wanted = request(calibration=points()[:3], options={"end_s": 1.0})
    assert "at least 4 points" in list(analyse(wanted, output_root=tmp_path))[-1].message


def test_points_of_a_camera_read_off_a_small_picture_are_used(tmp_path):
    small = tuple(CalibrationPoint(p.u / 2, p.v / 2, p.x, p.y) for p in points())
    camera = Camera(calibration=small, picture_width=640, picture_height=360)
    end = list(analyse(request(calibration=(), cameras=(camera,), options={"end_s": 1.0}), output_root=tmp_path))[-1]
    reader = PositionsReader(tmp_path / end.result.positions_path)
    assert reader.header["calibration"]["residual_m"] < 0.3


def test_a_second_camera_is_said_to_be_unused(tmp_path):
    wanted = request(second_video_path="temp_uploads/b.mp4", camera_count=2, options={"end_s": 1.0})
    assert (
        "second camera's video is stored, but it is not used yet"
        in list(analyse(wanted, output_root=tmp_path))[-1].message
    )


def test_rendered_videos_are_announced(tmp_path):
    updates = list(analyse(request(options={"end_s": 1.0, "render": True}), output_root=tmp_path))
    ready = [update for update in updates if isinstance(update, TrackingVideoReady)]
    result = updates[-1].result
    assert [one.tracking_video_path for one in ready] == [result.tracking_video_path]
    for name in ("tracking_video_path", "backline_video_path", "heatmap_video_path", "animation_video_path"):
        assert (tmp_path / getattr(result, name)).stat().st_size > 0


def left(root):
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*"))


@pytest.mark.parametrize("updates_read", [1, 3, 6])
def test_closing_a_run_deletes_what_it_wrote(tmp_path, updates_read):
    updates = analyse(request(options={"end_s": None}), output_root=tmp_path)
    for _ in range(updates_read):
        next(updates)
    updates.close()
    assert left(tmp_path) in ([], ["outputs"])


def test_a_run_whose_folder_is_deleted_before_it_is_closed_ends_quietly(tmp_path, caplog):
    updates = analyse(request(options={"end_s": None}), output_root=tmp_path)
    for _ in range(6):
        next(updates)
    shutil.rmtree(tmp_path / "outputs")
    updates.close()
    assert left(tmp_path) == []
    assert not caplog.records


def test_other_files_in_the_folder_are_left_alone(tmp_path):
    folder = tmp_path / "outputs/run-1"
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    updates = analyse(request(options={"end_s": None}), output_root=tmp_path)
    for _ in range(4):
        next(updates)
    updates.close()
    assert left(folder) == ["notes.txt"]


def test_files_of_the_user_in_folders_named_like_ours_are_left_alone(tmp_path):
    mine = [f"outputs/run-1/{folder}/mine.txt" for folder in ("analytics", "heatmaps", "positions")]
    for name in mine:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("mine", encoding="utf-8")
    assert isinstance(list(analyse(request(options={"end_s": 1.0}), output_root=tmp_path))[-1], Finished)
    updates = analyse(request(options={"end_s": None}), output_root=tmp_path)
    for _ in range(4):
        next(updates)
    updates.close()
    assert [name for name in left(tmp_path) if "." in name] == mine


def test_a_video_that_its_own_results_would_replace_is_kept_and_the_run_says_so(tmp_path):
    video = tmp_path / "outputs/run-1/tracking_output.mp4"
    video.parent.mkdir(parents=True)
    video.write_bytes(demo_clip().read_bytes())
    updates = list(analyse(request(video_path=str(video)), output_root=tmp_path))
    assert isinstance(updates[-1], Failed)
    assert "another folder" in updates[-1].message
    assert left(video.parent) == ["tracking_output.mp4"]


def test_closing_after_the_end_keeps_everything(tmp_path):
    updates = analyse(request(options={"end_s": 1.0}), output_root=tmp_path)
    for update in updates:
        if isinstance(update, Finished):
            updates.close()
    assert (tmp_path / "outputs/run-1/positions/header.json").exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "empty"), (b"Dear coach, the line-up is attached.\n" * 40, "not a video"), (bytes(5000), "not a video")],
)
def test_what_is_no_video_fails_with_a_sentence_and_leaves_nothing(tmp_path, content, sentence):
    video = tmp_path / "upload.mp4"
    video.write_bytes(content)
    updates = list(analyse(request(video_path=str(video)), output_root=tmp_path / "root"))
    assert isinstance(updates[-1], Failed)
    assert sentence in updates[-1].message
    assert not (tmp_path / "root").exists() or left(tmp_path / "root") == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"options": {"profile": "magic"}}, "Unknown profile"),
        ({"options": {"analysis_fps": 900.0}}, "analysis rate"),
        ({"segment_seconds": 1.0}, "window length"),
        ({"video_path": ""}, "No video"),
    ],
)
def test_options_that_make_no_sense_fail_with_a_sentence(tmp_path, given, sentence):
    updates = list(analyse(request(**given), output_root=tmp_path))
    assert isinstance(updates[-1], Failed)
    assert sentence in updates[-1].message


def test_a_missing_detector_fails_with_a_sentence(tmp_path):
    updates = list(analyse(request(), output_root=tmp_path, detector_path=str(tmp_path / "none.onnx")))
    assert isinstance(updates[-1], Failed)
    assert "none.onnx is missing" in updates[-1].message


def test_an_unexpected_fault_is_told_without_details(tmp_path, monkeypatch):
    def breaks(*_, **__):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(steps, "stages_for", breaks)
    updates = list(analyse(request(), output_root=tmp_path))
    assert isinstance(updates[-1], Failed)
    assert "internal error" in updates[-1].message
    assert "secret" not in updates[-1].message


def test_a_full_disk_is_told_as_such(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(steps, "write_statistics", full)
    updates = list(analyse(request(options={"end_s": 1.0}), output_root=tmp_path))
    assert isinstance(updates[-1], Failed)
    assert "disk is full" in updates[-1].message
    assert left(tmp_path) in ([], ["outputs"])


def test_one_drawing_that_fails_does_not_fail_the_run(tmp_path, monkeypatch):
    def half(job):
        yield RenderStep(done=0.5, finished_key="tracking_video_path", error="The file could not be made.")
        path = job.out / "analytics" / "backline_analysis.mp4"
        path.write_bytes(b"film")
        yield RenderStep(done=1.0, finished_key="backline_video_path", path=path, frames=3)

    monkeypatch.setattr(steps, "render_files", half)
    end = list(analyse(request(options={"end_s": 1.0, "render": True}), output_root=tmp_path))[-1]
    assert isinstance(end, Finished)
    assert end.result.tracking_video_path == ""
    assert end.result.backline_video_path == "outputs/run-1/analytics/backline_analysis.mp4"
    assert "1 drawn file(s) could not be made: tracking video" in end.message


def test_the_tactical_clip_is_followed_in_metres(tmp_path, footage):
    wanted = request(
        video_path=str(footage / "footage" / "fixed-tactical.mp4"),
        calibration=tuple(tactical()),
        frame_limit=120,
        options={"end_s": None},
    )
    end = list(analyse(wanted, output_root=tmp_path))[-1]
    assert isinstance(end, Finished)
    reader = PositionsReader(tmp_path / end.result.positions_path)
    on_pitch = [int(np.isfinite(observation.positions[:, 0]).sum()) for observation in reader]
    assert np.mean(on_pitch) >= 15


def test_the_broadcast_clip_has_no_metres_because_its_camera_moves(tmp_path, footage):
    wanted = request(
        video_path=str(footage / "footage" / "broadcast-pan.mp4"),
        calibration=tuple(tactical()),
        camera_type="TV",
        frame_limit=90,
        options={"end_s": None},
    )
    end = list(analyse(wanted, output_root=tmp_path))[-1]
    assert "no values in metres: camera moves" in end.message
    reader = PositionsReader(tmp_path / end.result.positions_path)
    assert all(np.isnan(observation.positions).all() for observation in reader)
