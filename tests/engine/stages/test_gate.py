"""Who counts: on the pitch, on the grass, inside the zones; who does not is kept apart."""

import numpy as np
import pytest

from engine.stages.drawing import HEIGHT, WIDTH, box, found, frame
from touchline.engine.stages.gate import PitchGate
from touchline.engine.types import Calibration, CameraStep, Frame
from touchline.football.updates import RoiZone

ABOVE = Calibration(np.array([[0.1, 0, -10.0], [0, 0.1, -2.0], [0, 0, 1.0]]), 0.0, 0.0, 8, centre_px=(640, 360))
SIZE = (WIDTH, HEIGHT)
GRASS, GREY = (60, 140, 70), (120, 120, 120)


def a_picture(top=GREY, bottom=GRASS, *, share=0.3):
    image = np.full((HEIGHT, WIDTH, 3), bottom, np.uint8)
    image[: round(share * HEIGHT)] = top
    return frame(0, image)


def at(x_m, y_m):
    return box(100 + 10 * x_m, 20 + 10 * y_m, 30)


def kept(gate, boxes, *, calibration=None, picture=None, balls=()):
    scores = np.linspace(0.5, 0.9, len(balls))
    result = gate.keep(picture or a_picture(), found(boxes, balls=balls, ball_scores=scores), calibration)
    return result.boxes, result.ball_boxes


def test_three_metres_beside_the_lines_still_count():
    boxes = [at(50, 30), at(-2.5, 34), at(50, 70.5), at(50, 72), at(109, 34)]
    people, _ = kept(PitchGate(picture_size=SIZE), boxes, calibration=ABOVE)
    assert people == pytest.approx(np.array(boxes[:3]))


def test_a_ball_in_the_air_may_be_projected_far_behind_the_line():
    balls = [[640, 15, 646, 21], [640, 5, 646, 11], [20, 300, 26, 306]]
    _, kept_balls = kept(PitchGate(picture_size=SIZE), [], calibration=ABOVE, balls=balls)
    assert kept_balls == pytest.approx(np.array(balls))
    far = [[1275, 300, 1279, 304]]
    assert kept(PitchGate(picture_size=SIZE), [], calibration=ABOVE, balls=far)[1].shape == (0, 4)


def test_people_beside_the_pitch_are_kept_apart_with_their_scores():
    boxes = [at(50, 30), at(50, 80), at(20, 20), at(120, 34)]
    detections = found(boxes, scores=[0.9, 0.8, 0.7, 0.6])
    result = PitchGate(picture_size=SIZE).keep(a_picture(), detections, ABOVE)
    assert result.boxes == pytest.approx(np.array([boxes[0], boxes[2]]))
    assert result.other_boxes == pytest.approx(np.array([boxes[1], boxes[3]]))
    assert result.other_scores == pytest.approx([0.8, 0.6])


def test_an_assistant_at_the_line_is_on_the_pitch_and_one_at_the_fence_is_not():
    boxes = [at(52, -2.8), at(52, -3.3)]
    result = PitchGate(picture_size=SIZE).keep(a_picture(), found(boxes), ABOVE)
    assert result.boxes == pytest.approx(np.array(boxes[:1]))
    assert result.other_boxes == pytest.approx(np.array(boxes[1:]))


def test_nobody_is_lost_between_the_two_groups():
    random = np.random.default_rng(4)
    boxes = [box(x, y, 40) for x, y in zip(random.uniform(0, 1280, 60), random.uniform(40, 720, 60), strict=True)]
    for calibration in (ABOVE, None):
        result = PitchGate(picture_size=SIZE).keep(a_picture(), found(boxes), calibration)
        assert len(result.boxes) + len(result.other_boxes) == 60
        assert len(result.boxes) > 5
        assert len(result.other_boxes) > 5


def test_a_camera_that_moves_is_not_judged_by_what_it_saw_before():
    gate = PitchGate(picture_size=SIZE)
    kept(gate, [box(640, 500)], picture=a_picture(share=0.2))
    later = Frame(5, 30, 1.0, a_picture(share=0.45).image)
    gate.shift(CameraStep(np.hstack([np.eye(2), np.array([[0.0], [180.0]])]), is_moving=True))
    assert len(gate.keep(later, found([box(640, 240, 40)]), None).boxes) == 0


def test_without_metres_people_in_the_stands_do_not_count():
    boxes = [box(640, 500), box(640, 100), box(200, 300)]
    people, _ = kept(PitchGate(picture_size=SIZE), boxes)
    assert people == pytest.approx(np.array([boxes[0], boxes[2]]))


def test_a_picture_with_little_green_keeps_everybody():
    boxes = [box(640, 500), box(640, 100)]
    people, _ = kept(PitchGate(picture_size=SIZE), boxes, picture=a_picture(bottom=GREY))
    assert people == pytest.approx(np.array(boxes))


def test_zones_keep_feet_inside_any_of_them():
    zones = [
        RoiZone("left", ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))),
        RoiZone("corner", ((0.9, 0.9), (1.0, 0.9), (1.0, 1.0), (0.9, 1.0))),
    ]
    boxes = [box(300, 600), box(900, 600), box(1200, 700)]
    people, _ = kept(PitchGate(picture_size=SIZE, zones=zones), boxes)
    assert people == pytest.approx(np.array([boxes[0], boxes[2]]))


def test_a_zone_of_two_points_is_ignored():
    zones = [RoiZone("line", ((0.0, 0.0), (1.0, 1.0)))]
    boxes = [box(300, 600), box(900, 400)]
    people, _ = kept(PitchGate(picture_size=SIZE, zones=zones), boxes)
    assert people == pytest.approx(np.array(boxes))


def test_the_region_covers_zones_with_room_for_heads():
    zone = RoiZone("middle", ((0.25, 0.5), (0.75, 0.5), (0.75, 0.9), (0.25, 0.9)))
    x0, y0, x1, y1 = PitchGate(picture_size=SIZE, zones=[zone]).region_px(None)
    assert x0 == pytest.approx(280, abs=30)
    assert y0 == pytest.approx(288, abs=20)
    assert x1 == pytest.approx(1000, abs=30)
    assert y1 == pytest.approx(670, abs=30)


def test_without_zones_and_metres_the_whole_picture_matters():
    assert PitchGate(picture_size=SIZE).region_px(None) is None
