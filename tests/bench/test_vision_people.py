from pathlib import Path

import numpy as np
import pytest

from bench.vision_drawn import DrawnScene, DrawnSet, figures, lies_in
from bench.vision_frames import LabelledFrame
from bench.vision_models import Setting, Subject
from bench.vision_people import ball_finds, ball_hits, judge, judged, mean_iou, people_finds, recall_by_class
from bench.vision_people import figures as people_figures
from bench.vision_worst import worst_first
from touchline.engine.types import Detections


def boxes(*rows):
    return np.array(rows, float).reshape(-1, 4)


def frame(people, *, balls=(), name="m_1", roles=None):
    people = boxes(*people)
    roles = np.full(len(people), 2) if roles is None else np.array(roles)
    return LabelledFrame(name, name.split("_")[0], Path(name), people, boxes(*balls), roles)


def found(*people, balls=()):
    """Rows of x0, y0, x1, y1, score."""
    people, balls = np.array(people, float).reshape(-1, 5), np.array(balls, float).reshape(-1, 5)
    return Detections(people[:, :4], people[:, 4], balls[:, :4], balls[:, 4])


FOUR = ((0, 0, 20, 40), (200, 0, 220, 40), (0, 200, 20, 240), (200, 200, 220, 240))


def test_a_frame_counts_missed_people_and_near_false_boxes_at_the_operating_point():
    seen = found(
        (0, 0, 20, 40, 0.9),
        (200, 0, 220, 40, 0.4),  # right, but under the operating point
        (100, 100, 120, 140, 0.6),  # nobody is there
        (600, 100, 620, 140, 0.9),  # beside the labelled people: not judged
    )
    one = judged(frame(FOUR), seen, 1.0)
    assert one.recalled().tolist() == [True, False, False, False]
    assert one.mistakes() == (3, 1)


def test_finds_beside_the_labelled_people_count_only_in_all():
    one = judged(frame(FOUR), found((0, 0, 20, 40, 0.9), (600, 100, 620, 140, 0.8)), 1.0)
    assert people_finds([one], near=True).hits.tolist() == [True]
    assert people_finds([one], near=False).hits.tolist() == [True, False]
    assert people_finds([one], near=True).labels.tolist() == [4]


def test_a_stricter_iou_turns_a_loose_box_into_a_false_one():
    one = judged(frame(FOUR), found((0, 0, 20, 30, 0.9)), 1.0)  # IoU .75
    assert people_finds([one], near=True, least=0.75).hits.tolist() == [True]
    assert people_finds([one], near=True, least=0.8).hits.tolist() == [False]


def test_mean_iou_is_of_matched_boxes_at_the_operating_point():
    one = judged(frame(FOUR), found((0, 0, 20, 30, 0.9), (200, 0, 220, 40, 0.5), (0, 200, 20, 220, 0.4)), 1.0)
    assert mean_iou([one]) == pytest.approx((0.75 + 1) / 2)
    assert mean_iou([judged(frame(FOUR), found(), 1.0)]) is None


def test_recall_by_class_uses_the_height_at_the_input_and_says_how_many():
    people = ((0, 0, 10, 40), (100, 0, 120, 80), (118, 0, 140, 80))
    one = judged(frame(people, roles=(1, 2, 3)), found((0, 0, 10, 40, 0.9), (118, 0, 140, 80, 0.9)), 0.5)
    by_name = {name: (value, note) for name, value, note in recall_by_class([one])}
    assert by_name["recall, 16–32 px at the input"] == (1.0, "1 labels")
    assert by_name["recall, 32–64 px at the input"] == (0.5, "2 labels")
    assert by_name["recall, 64 px and taller"] == (None, "0 labels")
    assert by_name["recall, crowded"] == (0.5, "2 labels")
    assert by_name["recall, outfield players"] == (0.0, "1 labels")
    assert by_name["recall, referees"] == (1.0, "1 labels")


def test_a_ball_is_hit_within_ten_pixels_or_one_diameter():
    label = boxes((100, 100, 106, 106))
    assert ball_hits(boxes((110, 100, 116, 106)), np.array([0.9]), label).tolist() == [True]  # 10 px
    assert ball_hits(boxes((111, 100, 117, 106)), np.array([0.9]), label).tolist() == [False]
    large = boxes((100, 100, 124, 124))
    assert ball_hits(boxes((124, 100, 148, 124)), np.array([0.9]), large).tolist() == [True]  # 24 px
    assert ball_hits(boxes((125, 100, 149, 124)), np.array([0.9]), large).tolist() == [False]


def test_one_ball_is_hit_once_by_the_strongest_candidate():
    hits = ball_hits(
        boxes((100, 100, 106, 106), (101, 100, 107, 106)), np.array([0.3, 0.6]), boxes((100, 100, 106, 106))
    )
    assert hits.tolist() == [False, True]


def test_candidates_on_a_frame_without_a_ball_are_false():
    with_ball = judged(frame((), balls=((0, 0, 6, 6),)), found(balls=((0, 0, 6, 6, 0.5),)), 1.0)
    without = judged(frame((), name="m_2"), found(balls=((0, 0, 6, 6, 0.9),)), 1.0)
    finds = ball_finds([with_ball, without])
    assert finds.hits.tolist() == [True, False]
    assert (finds.labels.tolist(), finds.frames.tolist()) == ([1], [2])


def test_worst_frames_come_first_and_equal_ones_by_name():
    good = judged(frame(FOUR, name="c_1"), found(*((*box, 0.9) for box in FOUR)), 1.0)
    bad, also_bad = (judged(frame(FOUR, name=name), found(), 1.0) for name in ("b_1", "a_1"))
    assert [one.frame.name for one in worst_first([good, bad, also_bad])] == ["a_1", "b_1", "c_1"]


class Seer:
    """Finds the brightest column as a person, so that what it says depends on the picture it was given."""

    def search(self, image, look):
        column = float(image[0, :, 0].argmax())
        return found((column, 0, column + 20, 40, 0.9))


class Pictured(LabelledFrame):
    def image(self):
        picture = np.zeros((60, 400, 3), np.uint8)
        picture[0, int(self.people[0, 0])] = 255
        return picture


def test_each_frame_is_judged_with_its_own_picture_in_order():
    frames = [
        Pictured(f"m{index % 2}_{index}", f"m{index % 2}", Path("p"), boxes((x, 0, x + 20, 40)), boxes())
        for index, x in enumerate((10, 200, 90, 310, 40))
    ]
    judgements = judge(Subject("seer", Seer(), ()), frames, Setting("400", 400))
    assert [one.recalled().all() for one in judgements] == [True] * 5
    assert [one.scale for one in judgements] == [1.0] * 5
    by_name = {(one.part, one.measure): one for one in people_figures(judgements, "seer", "400")}
    assert by_name["people", "AP50 near"].value == 1
    assert by_name["people", "AP50 near"].words == "measured on 5 real frames"
    no_ball = by_name["ball", "recall at ≤ .5 false a frame"]
    assert (no_ball.value, no_ball.words) == (None, "not measured")


def test_a_box_lies_in_an_area_when_more_than_half_of_it_does():
    areas = boxes((0, 0, 100, 100))
    assert lies_in(boxes((80, 0, 120, 40), (81, 0, 121, 40), (50, 50, 60, 60)), areas).tolist() == [False, False, True]
    assert lies_in(boxes((79, 0, 119, 40)), areas).tolist() == [True]
    assert lies_in(boxes((0, 0, 1, 1)), boxes()).tolist() == [False]


class Drawn:
    """Answers every drawn scene with the same boxes."""

    def __init__(self, *people):
        self.people = people

    def search(self, image, look):
        return found(*self.people)


def test_drawn_figures_judge_tightness_by_size_and_leave_out_what_is_not_judged():
    scene = DrawnScene(
        np.zeros((320, 320, 3), np.uint8),
        people=boxes((0, 0, 20, 40), (100, 0, 140, 80)),
        ignore=boxes((200, 200, 320, 320)),
    )
    subject = Subject(
        "drawn",
        Drawn((0, 0, 20, 30, 0.9), (100, 0, 140, 80, 0.9), (210, 210, 230, 250, 0.9), (0, 200, 20, 240, 0.9)),
        (),
    )
    tight, recall, precision = figures(subject, DrawnSet(lambda *_: scene), count=2)
    assert tight.value == pytest.approx(0.75)  # the 80 px person does not count here
    assert recall.value == 1
    assert precision.value == pytest.approx(2 / 3)
    assert {one.words for one in (tight, recall, precision)} == {"measured on synthetic"}


def test_drawn_figures_of_a_detector_that_finds_nothing():
    scene = DrawnScene(np.zeros((320, 320, 3), np.uint8), people=boxes((0, 0, 20, 40)), ignore=boxes())
    tight, recall, precision = figures(Subject("blind", Drawn(), ()), DrawnSet(lambda *_: scene), count=1)
    assert recall.value == 0
    assert (tight.value, tight.words, precision.value, precision.words) == (None, "not measured", None, "not measured")


def test_drawn_figures_without_scenes_say_why():
    told = figures(Subject("drawn", Drawn(), ()), DrawnSet(None, why_not="no bank"), count=2)
    assert [(one.value, one.words, one.note) for one in told] == [(None, "not measured", "no bank")] * 3
