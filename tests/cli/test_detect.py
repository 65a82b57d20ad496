"""`touchline detect` in this process: which pictures, under which names, what is written, and what is refused."""

import json
import shutil
import weakref

import cv2
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from touchline.cli import detect
from touchline.cli.main import app
from touchline.engine.decode import open_video
from touchline.engine.synthetic.demo import demo_clip


@pytest.fixture(scope="module")
def match():
    """One picture of the synthetic match, (720, 1280, 3) BGR."""
    return next(iter(open_video(demo_clip(), analysis_fps=1).frames())).image


@pytest.fixture(scope="module")
def pictures(match, tmp_path_factory):
    """A folder with the match from three sides and what else lies in folders."""
    folder = tmp_path_factory.mktemp("pictures")
    (folder / "second half").mkdir()
    cv2.imwrite(str(folder / "a.png"), match)
    cv2.imwrite(str(folder / "b.JPG"), match[:, ::-1])
    cv2.imwrite(str(folder / "second half" / "a.png"), match[100:, 200:])
    (folder / "labels.txt").write_text("0 0.5 0.5 0.1 0.1", encoding="utf-8")
    (folder / "._a.png").write_bytes(b"left behind")
    return folder


def run(*arguments, out):
    return CliRunner().invoke(app, ["detect", *map(str, arguments), "--out", str(out)])


def boxes(*arguments, out):
    done = run(*arguments, out=out)
    assert done.exit_code == 0, done.output
    return json.loads(out.read_text(encoding="utf-8"))


def sure(listed, kind="person", least=0.5):
    return np.array([one["box"] for one in listed if one["class"] == kind and one["score"] >= least])


def test_a_folder_is_searched_with_all_folders_below(pictures, tmp_path):
    written = boxes(pictures, out=tmp_path / "new" / "boxes.json")
    assert list(written) == ["a.png", "b.JPG", "second half/a.png"]
    assert 18 <= len(sure(written["a.png"])) <= 28


def test_boxes_are_corner_and_size_in_pixels_of_the_picture(pictures, tmp_path, match):
    written = boxes(pictures, out=tmp_path / "boxes.json")
    plain, mirrored = sure(written["a.png"], least=0.65), sure(written["b.JPG"])
    for x, y, wide, tall in plain:
        assert np.abs(mirrored - [match.shape[1] - x - wide, y, wide, tall]).max(axis=1).min() < 6
    for listed in written.values():
        for one in listed:
            x, y, wide, tall = one["box"]
            assert min(x, y) >= 0
            assert min(wide, tall) > 0
            assert x + wide <= 1280.01
            assert y + tall <= 720.01
            assert one["box"] == [round(value, 2) for value in one["box"]]


def test_everything_from_a_twentieth_on_is_listed_strongest_first(pictures, tmp_path):
    for listed in boxes(pictures, out=tmp_path / "boxes.json").values():
        for kind in ("person", "ball"):
            scores = [one["score"] for one in listed if one["class"] == kind]
            assert scores == sorted(scores, reverse=True)
        scores = [one["score"] for one in listed]
        assert min(scores) >= 0.05
        assert min(scores) < 0.2
        assert max(scores) <= 1
        assert {one["class"] for one in listed} == {"person", "ball"}


def test_people_are_told_to_be_on_the_pitch_and_balls_are_not(pictures, tmp_path):
    listed = boxes(pictures / "a.png", out=tmp_path / "boxes.json")[(pictures / "a.png").as_posix()]
    told = [one["on_pitch"] for one in listed if one["class"] == "person" and one["score"] >= 0.5]
    assert set(told) <= {True, False}
    assert sum(told) >= 18
    assert all("on_pitch" not in one for one in listed if one["class"] == "ball")


def test_without_grass_nobody_knows_who_is_on_the_pitch(match, tmp_path):
    cv2.imwrite(str(tmp_path / "grey.png"), np.repeat(match.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8))
    listed = boxes(tmp_path / "grey.png", out=tmp_path / "boxes.json")[(tmp_path / "grey.png").as_posix()]
    people = [one for one in listed if one["class"] == "person"]
    assert people
    assert {one["on_pitch"] for one in people} == {None}


def test_each_picture_is_judged_by_itself(pictures, tmp_path):
    together = boxes(pictures, out=tmp_path / "all.json")
    alone = pictures / "second half"
    assert boxes(alone, out=tmp_path / "one.json") == {"a.png": together["second half/a.png"]}


def test_names_that_two_folders_share_become_whole_paths(pictures, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(pictures / "a.png", other / "a.png")
    shutil.copy(pictures / "a.png", other / "c.png")
    written = boxes(pictures, other, pictures / "b.JPG", out=tmp_path / "boxes.json")
    twice = [(pictures / "a.png").as_posix(), (other / "a.png").as_posix()]
    assert sorted(written) == sorted([*twice, "b.JPG", "second half/a.png", "c.png"])
    assert written[twice[0]] == written[twice[1]] == written["c.png"]


def test_a_small_picture_is_enlarged_by_itself(match, tmp_path):
    small = cv2.resize(match, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(tmp_path / "small.png"), small)
    found = {}
    for scale in ("auto", "1", "1.5"):
        listed = boxes(tmp_path / "small.png", "--scale", scale, out=tmp_path / "boxes.json")
        found[scale] = next(iter(listed.values()))
    assert found["auto"] == found["1.5"]
    assert found["auto"] != found["1"]


def test_profiles_spend_their_own_work(match, tmp_path):
    cv2.imwrite(str(tmp_path / "large.png"), cv2.resize(match, (2560, 1440)))
    fast, accurate = (
        boxes(tmp_path / "large.png", "--profile", profile, out=tmp_path / "boxes.json")
        for profile in ("fast", "accurate")
    )
    assert fast != accurate


@pytest.mark.parametrize("scale", ["0", "0.01", "9", "-1", "nan", "large"])
def test_a_scale_that_makes_no_sense_is_refused(scale, pictures, tmp_path):
    done = run(pictures, "--scale", scale, out=tmp_path / "boxes.json")
    assert done.exit_code == 2
    assert "--scale takes auto or a number" in done.stderr
    assert not (tmp_path / "boxes.json").exists()


def test_pictures_that_cannot_be_read_are_named_and_the_others_written(pictures, tmp_path):
    folder = tmp_path / "mixed"
    shutil.copytree(pictures, folder)
    whole = (folder / "b.JPG").read_bytes()
    (folder / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "text.png").write_text("not a picture", encoding="utf-8")
    (folder / "empty.webp").touch()
    done = run(folder, out=tmp_path / "boxes.json")
    assert done.exit_code == 1
    for name in ("cut.jpg", "text.png", "empty.webp"):
        assert f"{name} was not read" in done.stderr
    assert list(json.loads((tmp_path / "boxes.json").read_text(encoding="utf-8"))) == [
        "a.png",
        "b.JPG",
        "second half/a.png",
    ]


def test_a_file_that_states_more_pixels_than_are_decoded_is_not_read(tmp_path):
    Image.new("1", (13_000, 8)).save(tmp_path / "long.png")
    done = run(tmp_path / "long.png", out=tmp_path / "boxes.json")
    assert done.exit_code == 1
    assert "too large" in done.stderr
    assert json.loads((tmp_path / "boxes.json").read_text(encoding="utf-8")) == {}


def test_a_scale_too_large_for_one_picture_leaves_that_one_out(match, tmp_path):
    Image.new("RGB", (4000, 3000)).save(tmp_path / "large.png")
    cv2.imwrite(str(tmp_path / "small.png"), match[:320, :320])
    done = run(tmp_path, "--scale", "2", out=tmp_path / "boxes.json")
    assert done.exit_code == 1
    assert "large.png was not read: At scale 2" in done.stderr
    assert list(json.loads((tmp_path / "boxes.json").read_text(encoding="utf-8"))) == ["small.png"]


def test_a_picture_that_lies_on_its_side_is_turned_upright(match, tmp_path):
    turned = Image.fromarray(np.ascontiguousarray(np.rot90(match)[:, :, ::-1]))
    mark = Image.Exif()
    mark[0x0112] = 6  # the camera was turned: show it turned clockwise
    turned.save(tmp_path / "turned.jpg", exif=mark, quality=95)
    listed = next(iter(boxes(tmp_path / "turned.jpg", out=tmp_path / "boxes.json").values()))
    assert len(sure(listed)) >= 16
    assert sure(listed)[:, 0].max() > 800


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "I;16"])
def test_pictures_with_other_colours_are_read_too(mode, match, tmp_path):
    grey = Image.fromarray(match[:, :, ::-1].copy()).convert("L")
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    (deep if mode == "I;16" else grey.convert(mode)).save(tmp_path / "picture.png")
    written = boxes(tmp_path / "picture.png", out=tmp_path / "boxes.json")
    assert len(sure(next(iter(written.values())), least=0.3)) >= 10


def test_a_video_is_refused_with_the_command_that_reads_it(tmp_path):
    done = run(demo_clip(), out=tmp_path / "boxes.json")
    assert done.exit_code == 2
    assert "touchline analyse" in done.stderr
    assert not (tmp_path / "boxes.json").exists()


def test_videos_among_pictures_are_left_out_aloud(match, tmp_path):
    shutil.copy(demo_clip(), tmp_path / "clip.mp4")
    cv2.imwrite(str(tmp_path / "a.png"), match)
    done = run(tmp_path, out=tmp_path / "boxes.json")
    assert done.exit_code == 0
    assert "clip.mp4 is left out: touchline analyse reads videos" in done.stderr


@pytest.mark.parametrize(("made", "told"), [(False, "There is no file or folder"), (True, "holds no pictures")])
def test_places_without_pictures_are_refused(made, told, tmp_path):
    folder = tmp_path / "folder"
    if made:
        folder.mkdir()
    done = run(folder, out=tmp_path / "boxes.json")
    assert done.exit_code == 2
    assert told in done.stderr


def test_a_model_that_is_not_there_is_said_before_anything_is_written(pictures, tmp_path):
    done = run(pictures, "--model", tmp_path / "none.onnx", out=tmp_path / "boxes.json")
    assert done.exit_code == 2
    assert "none.onnx is missing" in done.stderr
    assert not (tmp_path / "boxes.json").exists()


def test_an_output_that_cannot_be_written_is_said_in_a_sentence(pictures, tmp_path):
    (tmp_path / "taken").touch()
    done = run(pictures, out=tmp_path / "taken" / "boxes.json")
    assert done.exit_code == 2
    assert "--out" in done.stderr
    assert not isinstance(done.exception, OSError)


def test_a_stopped_search_leaves_an_earlier_file_as_it_was(pictures, tmp_path, monkeypatch):
    out = tmp_path / "boxes.json"
    out.write_text("of an earlier search", encoding="utf-8")
    read = []

    def stopped(path):
        read.append(path)
        if len(read) == 2:
            raise KeyboardInterrupt
        return np.zeros((64, 64, 3), np.uint8)

    monkeypatch.setattr(detect, "read_picture", stopped)
    done = run(pictures, out=out)
    assert done.exit_code == 130
    assert out.read_text(encoding="utf-8") == "of an earlier search"
    assert list(tmp_path.iterdir()) == [out]


def test_few_pictures_are_in_memory_at_a_time(tmp_path, monkeypatch):
    for index in range(40):
        (tmp_path / f"{index:02d}.png").touch()
    alive, most = weakref.WeakSet(), []

    class Picture(np.ndarray):
        __hash__ = object.__hash__

    def read(path):
        picture = np.zeros((32, 32, 3), np.uint8).view(Picture)
        alive.add(picture)
        most.append(len(alive))
        return picture

    monkeypatch.setattr(detect, "read_picture", read)
    assert len(boxes(tmp_path, out=tmp_path / "boxes.json")) == 40
    assert max(most) <= 8


def test_real_players_are_found_where_they_are_labelled(footage, tmp_path):
    from bench.vision_frames import labelled_frames
    from bench.vision_measures import iou

    frames = labelled_frames(footage / "footage" / "players")[::60]
    written = boxes(*(frame.path for frame in frames), out=tmp_path / "boxes.json")
    for frame in frames:
        people = sure(written[frame.path.as_posix()])
        people[:, 2:] += people[:, :2]
        assert (iou(people, frame.people).max(axis=0) >= 0.5).mean() > 0.7


def test_a_model_by_path_and_a_pair_are_asked(footage, pictures, tmp_path):
    other = footage / "models" / "nanodet_g_pb_fp16.onnx"
    first = boxes(pictures / "a.png", out=tmp_path / "boxes.json")
    alone = boxes(pictures / "a.png", "--model", other, out=tmp_path / "boxes.json")
    pair = boxes(pictures / "a.png", "--second", other, out=tmp_path / "boxes.json")
    assert first != alone
    assert pair not in (first, alone)
