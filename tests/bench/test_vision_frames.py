import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from bench.vision_frames import FOLDER, fingerprint, footage, is_crowded, is_near, labelled_frames, matches_of

needs_footage = pytest.mark.skipif(
    not os.environ.get("TOUCHLINE_TEST_FOOTAGE"), reason="TOUCHLINE_TEST_FOOTAGE names no folder of real footage"
)


def folder_with(tmp_path, **labels):
    (tmp_path / "images").mkdir()
    (tmp_path / "labels").mkdir()
    for name, text in labels.items():
        cv2.imwrite(str(tmp_path / f"images/{name}.jpg"), np.zeros((100, 200, 3), np.uint8))
        if text is not None:
            (tmp_path / f"labels/{name}.txt").write_text(text)
    return tmp_path


def person(x, foot_y, *, width=10, height=20):
    return [x - width / 2, foot_y - height, x + width / 2, foot_y]


def test_labels_come_as_boxes_in_pixels_and_balls_apart_from_people(tmp_path):
    folder = folder_with(tmp_path, m1_3="2 0.5 0.5 0.1 0.4\n0 0.25 0.5 0.02 0.04\n3 0.1 0.2 0.05 0.1\n")
    (frame,) = labelled_frames(folder)
    assert frame.people == pytest.approx(np.array([[90, 30, 110, 70], [15, 15, 25, 25]]))
    assert frame.balls == pytest.approx(np.array([[48, 48, 52, 52]]))
    assert frame.roles.tolist() == [2, 3]
    assert frame.match == "m1"
    assert frame.image().shape == (100, 200, 3)


def test_a_frame_may_be_empty_but_not_without_a_label_file(tmp_path):
    (frame,) = labelled_frames(folder_with(tmp_path, m1_1=""))
    assert frame.people.shape == frame.balls.shape == (0, 4)
    (tmp_path / "labels/m1_1.txt").unlink()
    with pytest.raises(ValueError, match="m1_1"):
        labelled_frames(tmp_path)


def test_a_label_line_of_another_form_is_refused_by_file(tmp_path):
    with pytest.raises(ValueError, match=r"m1_1\.txt"):
        labelled_frames(folder_with(tmp_path, m1_1="2 0.5 0.5"))


def test_frames_of_one_name_prefix_are_one_match(tmp_path):
    frames = labelled_frames(folder_with(tmp_path, b_1="", a_1="", b_2=""))
    assert [frame.name for frame in frames] == ["a_1", "b_1", "b_2"]
    assert matches_of(frames) == [0, 1, 1]


def test_the_fingerprint_follows_a_changed_label(tmp_path):
    folder = folder_with(tmp_path, m1_1="")
    before = fingerprint(folder)
    assert fingerprint(folder) == before
    (folder / "labels/m1_1.txt").write_text("0 0.5 0.5 0.1 0.1\n")
    assert fingerprint(folder) != before


def test_boxes_count_as_near_up_to_40_px_outside_the_hull_of_labelled_feet():
    people = np.array([person(100, 100), person(300, 100), person(300, 300), person(100, 300)], float)
    boxes = np.array([person(200, 200), person(339, 200), person(341, 200), person(200, 341)], float)
    assert is_near(boxes, people).tolist() == [True, True, False, False]


def test_near_is_judged_by_the_feet_not_by_the_head():
    people = np.array([person(100, 100), person(300, 100), person(200, 300)], float)
    assert not is_near(np.array([person(200, 400, height=200)], float), people)[0]


def test_one_or_no_labelled_person_still_gives_an_answer():
    assert is_near(
        np.array([person(130, 100), person(150, 100)], float), np.array([person(100, 100)], float)
    ).tolist() == [
        True,
        False,
    ]
    assert is_near(np.array([person(5, 5)], float), np.zeros((0, 4))).tolist() == [True]
    assert is_near(np.zeros((0, 4)), np.array([person(5, 5)], float)).shape == (0,)


def test_people_are_crowded_when_the_next_box_is_nearer_than_half_their_width():
    people = np.array([person(100, 100), person(114, 100), person(130, 100), person(500, 100)], float)
    # Gaps of 4, 4, 6 px and far, at widths of 10 px.
    assert is_crowded(people).tolist() == [True, True, False, False]
    assert is_crowded(people[:1]).tolist() == [False]
    assert is_crowded(np.zeros((0, 4))).shape == (0,)


def test_people_above_each_other_are_crowded_too():
    assert is_crowded(np.array([person(100, 100), person(100, 122)], float)).all()


def test_no_footage_is_none(monkeypatch, tmp_path):
    monkeypatch.delenv("TOUCHLINE_TEST_FOOTAGE", raising=False)
    assert footage() is None
    monkeypatch.setenv("TOUCHLINE_TEST_FOOTAGE", str(tmp_path / "missing"))
    assert footage() is None
    monkeypatch.setenv("TOUCHLINE_TEST_FOOTAGE", str(tmp_path))
    assert footage() == tmp_path


@needs_footage
def test_the_real_frames_are_those_that_the_published_figures_were_measured_on():
    frames = labelled_frames(Path(os.environ["TOUCHLINE_TEST_FOOTAGE"]) / FOLDER)
    assert len(frames) == 270
    assert max(matches_of(frames)) == 9
    assert sum(len(frame.people) for frame in frames) == 6237
    assert sum(len(frame.balls) for frame in frames) == 239
