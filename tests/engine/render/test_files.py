"""All drawn files of a run: complete, in order, playable; stopped at once; one failure does not cost the others."""

import av
import numpy as np
import pytest

from engine.render.scenes import ELEVENS, elevens, film, job, segment, sighting, store
from touchline.engine.decode import read_facts
from touchline.engine.render.files import render_files

PLACES = {
    "tracking_video_path": "tracking_output.mp4",
    "backline_video_path": "analytics/backline_analysis.mp4",
    "heatmap_video_path": "heatmaps/heatmap_analysis.mp4",
    "animation_video_path": "analytics/tracking_animation.mp4",
    "heatmap_image_path": "heatmaps/heatmap.png",
}


def ended(steps):
    return [step for step in steps if step.finished_key]


def film_facts(path):
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        count = sum(1 for _ in container.decode(stream))
        return count, float(stream.average_rate), (stream.codec_context.width, stream.codec_context.height)


def last_picture(path):
    with av.open(str(path)) as container:
        for picture in container.decode(video=0):
            kept = picture
        return kept.to_ndarray(format="bgr24")


def everything(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_run_gets_all_its_files_in_order_and_they_play(tmp_path):
    asked = job(tmp_path)
    steps = list(render_files(asked))
    finished = ended(steps)
    assert [step.finished_key for step in finished] == list(PLACES)
    assert [step.path for step in finished] == [asked.out / name for name in PLACES.values()]
    assert all(step.error is None for step in finished)
    assert [step.frames for step in finished] == [50, 20, 20, 20, 1]
    assert film_facts(finished[0].path) == (50, 25.0, (1280, 720))
    for step in finished[1:4]:
        assert film_facts(step.path) == (20, 10.0, (1280, 720))
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert done[-1] == pytest.approx(1.0)
    assert everything(asked.out) == sorted(PLACES.values())


def test_a_run_without_calibration_is_drawn_on_the_picture_plane(tmp_path):
    finished = ended(render_files(job(tmp_path, calibration=None, segments=(segment(illustrative=True),))))
    assert [step.error for step in finished] == [None] * 5
    assert film_facts(finished[1].path)[0] == 20


@pytest.mark.parametrize("size", [(321, 181), (180, 320)], ids=["odd", "portrait"])
def test_odd_and_portrait_sources_are_drawn_whole(tmp_path, size):
    asked = job(tmp_path, size=size, seconds=0.6, calibration=None, segments=())
    finished = ended(render_files(asked))
    assert [step.error for step in finished] == [None] * 5
    count, _, (width, height) = film_facts(finished[0].path)
    assert (count, height) == (15, 720)
    assert width / height == pytest.approx(size[0] / size[1], rel=0.01)


def test_only_the_span_asked_for_is_drawn(tmp_path):
    finished = ended(render_files(job(tmp_path, start_s=0.4, end_s=1.6)))
    assert [step.frames for step in finished[:2]] == [30, 12]


def test_a_slow_source_keeps_its_own_rate(tmp_path):
    video = film(tmp_path / "slow.mp4", fps=12)
    step = next(step for step in render_files(job(tmp_path, video=video, facts=read_facts(video))) if step.finished_key)
    assert film_facts(step.path) == (24, 12.0, (1280, 720))


def test_one_file_that_fails_is_told_and_the_others_are_made(tmp_path):
    asked = job(tmp_path)
    asked.video.unlink()
    finished = ended(render_files(asked))
    assert finished[0].finished_key == "tracking_video_path"
    assert finished[0].path is None
    assert "tracking_output.mp4" in finished[0].error
    assert "upload it again" in finished[0].error
    assert all(step.error is None and step.path.is_file() for step in finished[1:])
    assert everything(asked.out) == sorted(list(PLACES.values())[1:])


def test_a_disk_that_refuses_a_file_is_told_in_words(tmp_path):
    asked = job(tmp_path)
    asked.out.mkdir()
    (asked.out / "analytics").write_text("a file where a folder should be")
    finished = ended(render_files(asked))
    assert [step.error is None for step in finished] == [True, False, True, False, True]


def test_a_run_in_which_nothing_was_analysed_says_so(tmp_path):
    asked = job(tmp_path, positions=store(tmp_path / "none", []))
    finished = ended(render_files(asked))
    assert finished[0].error is None  # the match itself can still be watched
    assert all("Nothing was analysed" in step.error for step in finished[1:])


@pytest.mark.parametrize("stop_after", range(5))
def test_closing_stops_at_once_and_leaves_only_finished_files(tmp_path, stop_after):
    asked = job(tmp_path, seconds=0.6)
    steps = render_files(asked)
    kept = [next(step for step in steps if step.finished_key).path for _ in range(stop_after)]
    steps.close()
    assert everything(asked.out) == sorted(str(path.relative_to(asked.out)) for path in kept)


def test_closing_in_the_middle_of_a_file_removes_it(tmp_path):
    asked = job(tmp_path, seconds=6.0)
    steps = render_files(asked)
    first = next(steps)
    assert first.finished_key is None
    steps.close()
    assert everything(asked.out) == []


def test_marks_move_between_analysed_frames(tmp_path):
    frames = [sighting(at, {5: (20.0 + 8 * at, 34.0)}) for at in (0.0, 0.2, 0.4)]
    asked = job(tmp_path, seconds=0.6, positions=store(tmp_path / "runner", frames), segments=(), calibration=None)
    step = next(step for step in render_files(asked) if step.finished_key)
    with av.open(str(step.path)) as container:
        pictures = [picture.to_ndarray(format="bgr24").astype(int) for picture in container.decode(video=0)]
    centres = []
    for picture in pictures[:10]:
        reddish = (picture[300:, :, 2] - picture[300:, :, 1]) > 90
        centres.append(float(np.flatnonzero(reddish.any(axis=0)).mean()))
    steps_px = np.diff(centres)
    assert (steps_px > 0).all()
    assert steps_px.max() < 3 * np.median(steps_px)


def test_the_two_teams_are_seen_in_different_colours_on_every_video(tmp_path):
    asked = job(
        tmp_path,
        seconds=0.6,
        positions=store(tmp_path / "still", [sighting(at, elevens(0.0)) for at in (0.0, 0.2, 0.4)], labels=ELEVENS),
    )
    for step in ended(render_files(asked)):
        if step.path.suffix != ".mp4" or step.finished_key == "heatmap_video_path":
            continue
        pixels = last_picture(step.path)[:, :960].reshape(-1, 3).astype(int)
        red = (pixels[:, 2] > 150) & (pixels[:, 1] < 110) & (pixels[:, 0] < 110)
        blue = (pixels[:, 0] > 150) & (pixels[:, 2] < 120)
        assert red.sum() > 300, step.finished_key
        assert blue.sum() > 300, step.finished_key
