"""One picture judged by itself: when a second look follows, and who stands on the pitch."""

import numpy as np
import pytest

from engine.stages.drawing import box, found
from touchline.engine.errors import SettingsInvalidError
from touchline.engine.stills import search_still
from touchline.engine.types import Detections

BUDGET = 1280.0 * 736
GRASS, GREY = (60, 140, 70), (120, 120, 120)


class Eyes:
    """Sees people of one height in a row on the grass, if they are at least `least` pixels tall at the input."""

    def __init__(self, tall, *, least=20.0, others=()):
        self.tall, self.least, self.others, self.looks = tall, least, others, []

    def search(self, image, look):
        self.looks.append(look)
        boxes = [box(x, 0.8 * image.shape[0], self.tall) for x in range(100, 1200, 100)]
        boxes = [*(boxes if self.tall * look.scale >= self.least else []), *self.others]
        return found(boxes, scores=np.linspace(0.9, 0.6, len(boxes))) if boxes else Detections.empty()


def a_picture(width=1920, height=1080, *, share=0.3, below=GRASS):
    image = np.full((height, width, 3), below, np.uint8)
    seats = np.random.default_rng(0).integers(0, 255, (round(share * height) // 6 + 1, width // 6 + 1, 3), np.uint8)
    image[: round(share * height)] = seats.repeat(6, axis=0).repeat(6, axis=1)[: round(share * height), :width]
    return image


def searched(eyes, image=None, **options):
    return search_still(eyes, a_picture() if image is None else image, budget_px=BUDGET, **options)


def test_people_who_are_large_enough_take_one_look():
    eyes = Eyes(80.0)
    still = searched(eyes)
    assert (still.looks, len(eyes.looks)) == (1, 1)
    assert still.look.input_px <= BUDGET * 1.001


def test_small_people_take_a_second_look_that_brings_them_to_36_pixels():
    eyes = Eyes(40.0)
    still = searched(eyes)
    assert still.looks == 2
    assert 40 * still.look.scale == pytest.approx(36)
    assert still.look == eyes.looks[1]


def test_the_look_is_enlarged_by_half_at_most():
    still = searched(Eyes(18.0, least=15.0), a_picture(960, 540))
    assert still.look.scale == pytest.approx(1.5)


def test_people_who_are_seen_in_the_second_look_only_are_kept():
    eyes = Eyes(24.0, least=20.0)
    still = searched(eyes)
    assert still.looks == 2
    assert len(still.found.boxes) == 11


def test_where_both_looks_show_nobody_the_first_one_counts():
    eyes = Eyes(5.0)
    still = searched(eyes)
    assert still.looks == 2
    assert len(still.found.boxes) == 0
    assert still.look == eyes.looks[0]


def test_a_crowd_of_small_people_does_not_ask_for_a_second_look():
    crowd = [box(x, 150, 25) for x in range(50, 1900, 40)]
    still = searched(Eyes(80.0, others=crowd))
    assert still.looks == 1
    assert still.on_pitch.tolist() == [True] * 11 + [False] * len(crowd)


def test_without_grass_nobody_is_said_to_be_beside_the_pitch():
    still = searched(Eyes(80.0, others=[box(900, 150, 25)]), a_picture(below=GREY))
    assert still.on_pitch is None
    assert len(still.found.boxes) == 12


def test_a_given_scale_is_taken_as_it_is():
    eyes = Eyes(20.0)
    still = searched(eyes, scale=1.25)
    assert [look.scale for look in eyes.looks] == [1.25]
    assert (still.look.x1, still.look.y1) == (1920, 1080)


def test_a_scale_that_would_fill_the_memory_is_refused_with_the_way_out():
    eyes = Eyes(20.0)
    with pytest.raises(SettingsInvalidError, match="smaller scale"):
        searched(eyes, scale=4.0)
    assert eyes.looks == []


def test_the_chosen_scale_shows_real_players_large_enough(footage):
    from bench.vision_frames import labelled_frames
    from touchline.engine.catalogue import detector_for
    from touchline.engine.settings import EngineSettings

    detector = detector_for(EngineSettings())
    # One frame of each match.
    frames = {frame.match: frame for frame in labelled_frames(footage / "footage" / "players")}
    assert len(frames) == 10
    for frame in frames.values():
        still = search_still(detector, frame.image(), budget_px=BUDGET)
        labelled_px = float(np.median(frame.people[:, 3] - frame.people[:, 1]))
        # The detector measures its own boxes, which are not exactly the labelled ones.
        assert labelled_px * still.look.scale >= 36 * 0.92, frame.name
        assert still.on_pitch is not None
