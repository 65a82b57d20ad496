"""How large the detector sees people: the scale rule on drawn distributions of heights and on real pictures."""

import numpy as np
import pytest

from touchline.engine.stages.detect.looks import LARGEST_SCALE, MOST_WORK, HeightModel, Looks, choose_look

FULL_HD, HD = (1920, 1080), (1280, 720)
FAST, BALANCED, ACCURATE = 960.0 * 544, 1280.0 * 736, 1920.0 * 1088


def players(median, count=20, *, seed=0, spread=0.15):
    """Boxes (count, 4) whose heights spread around a median."""
    random = np.random.default_rng(seed)
    tall = median * np.exp(random.normal(0, spread, count))
    tall *= median / np.median(tall)
    feet = random.uniform(300, 900, count)
    left = random.uniform(0, 1800, count)
    return np.column_stack([left, feet - tall, left + 0.4 * tall, feet])


def shown(looks, medians, *, size=FULL_HD, start=0):
    """The scale of each look while pictures with these median heights are learned from, one after the other."""
    scales = []
    for index, median in enumerate(medians):
        scales.append(looks.next_look(size).scale)
        looks.learn(players(median, seed=start + index))
    return scales


def scale_for(median, *, size=FULL_HD, budget=BALANCED, region=None):
    return choose_look(size=size, region=region, budget_px=budget, median_px=median).scale


@pytest.mark.parametrize("budget", [FAST, BALANCED, ACCURATE])
@pytest.mark.parametrize("size", [FULL_HD, HD, (3840, 2160)])
@pytest.mark.parametrize("median", [12.0, 20.0, 28.0, 36.0, 45.0, 60.0, 90.0, 200.0])
def test_players_are_large_enough_or_the_look_is_as_large_as_it_may_be(median, size, budget):
    look = choose_look(size=size, region=None, budget_px=budget, median_px=median)
    work = look.input_px / budget
    assert look.scale <= LARGEST_SCALE
    assert work <= MOST_WORK * 1.001
    at_the_limit = look.scale == pytest.approx(LARGEST_SCALE) or work == pytest.approx(MOST_WORK, rel=1e-3)
    assert median * look.scale >= 35.99 or at_the_limit


def test_more_than_the_usual_work_is_done_only_for_small_people():
    usual = np.sqrt(BALANCED / (1920 * 1080))
    assert scale_for(60.0) == pytest.approx(usual)
    assert scale_for(45.0) == pytest.approx(36 / 45)
    assert scale_for(30.0) == pytest.approx(1.5 * usual)


def test_accurate_serves_the_rule_to_its_end_on_full_hd():
    assert scale_for(25.0, budget=ACCURATE) == pytest.approx(36 / 25)
    assert scale_for(15.0, budget=ACCURATE) == pytest.approx(1.5, abs=0.01)


def test_large_people_are_shrunk_to_save_work():
    assert scale_for(200.0) == pytest.approx(64 / 200)


def test_while_nothing_is_known_the_picture_is_not_enlarged():
    assert scale_for(None, size=(640, 360)) == 1.0
    assert scale_for(None) == pytest.approx(0.674, abs=0.01)


def test_a_smaller_part_pays_for_its_enlargement():
    region = (400.0, 300.0, 1000.0, 700.0)
    look = choose_look(size=FULL_HD, region=region, budget_px=BALANCED, median_px=26.0)
    assert (look.x0, look.y0, look.x1, look.y1) == (400, 300, 1000, 700)
    assert look.scale == pytest.approx(1.5)
    assert look.input_px < BALANCED


def test_people_that_are_large_enough_already_are_not_resampled_for_nothing():
    region = (0.0, 0.0, 1200.0, 700.0)
    assert scale_for(50.0, size=HD, region=region) == 1.0


def test_the_scale_is_chosen_from_the_first_pictures_and_stays():
    scales = shown(Looks(BALANCED), [42.0] * 200)
    assert scales[:3] == [pytest.approx(0.674, abs=0.01)] * 3
    assert scales[3] == pytest.approx(36 / 42, rel=0.05)
    assert len(set(scales[15:])) == 1
    assert 42 * scales[-1] >= 35.5


def test_the_median_that_a_larger_scale_brings_to_light_counts():
    # At first only the taller ones are seen; the second measurement sees everybody.
    looks = Looks(ACCURATE)
    shown(looks, [40.0] * 8)
    scales = shown(looks, [30.0] * 60, start=8)
    assert 30 * scales[-1] >= 35.5


def test_people_come_and_go_without_changing_the_scale():
    medians = [45.0 * (1 + 0.12 * np.sin(index / 4)) for index in range(300)]
    assert len(set(shown(Looks(BALANCED), medians)[15:])) == 1


def test_a_close_view_of_some_seconds_changes_nothing():
    medians = [42.0] * 90 + [150.0] * 26 + [42.0] * 90
    assert len(set(shown(Looks(BALANCED), medians)[15:])) == 1


@pytest.mark.parametrize("later", [24.0, 120.0])
def test_a_zoom_that_stays_changes_the_scale_once(later):
    scales = shown(Looks(ACCURATE), [50.0] * 65 + [later] * 150)
    assert len(set(scales[65:])) == 2
    assert scales[-1] == pytest.approx(scale_for(later, budget=ACCURATE), rel=0.03)


def test_where_nobody_is_seen_a_larger_look_is_tried_for_a_while():
    looks = Looks(BALANCED)
    scales = []
    for _ in range(40):
        scales.append(looks.next_look(FULL_HD).scale)
        looks.learn(np.zeros((0, 4)))
    assert scales[3] == pytest.approx(1.5 * scales[0])
    assert scales[20] == scales[39] == scales[0]
    assert looks.people is None


def test_people_who_show_only_in_the_larger_look_keep_it():
    looks = Looks(BALANCED)
    for index in range(80):
        is_large = looks.next_look(FULL_HD).scale > 0.9
        looks.learn(players(26.0, seed=index) if is_large else np.zeros((0, 4)))
    assert looks.next_look(FULL_HD).scale == pytest.approx(scale_for(26.0), rel=0.02)


def test_the_region_changes_the_look_and_not_what_was_measured():
    looks = Looks(BALANCED)
    shown(looks, [30.0] * 20)
    looks.focus((0.0, 400.0, 1920.0, 800.0))
    look = looks.next_look(FULL_HD)
    assert (look.y0, look.y1) == (400, 800)
    assert look.scale == pytest.approx(36 / 30, rel=0.05)
    looks.focus(None)
    assert looks.next_look(FULL_HD).y1 == 1080


def test_a_given_scale_is_kept_whatever_is_seen():
    assert set(shown(Looks(BALANCED, scale=1.5), [20.0] * 30 + [200.0] * 100)) == {1.5}


def test_players_who_stay_too_small_are_told_with_their_size():
    looks = Looks(BALANCED)
    shown(looks, [20.0] * 20)
    people = looks.people
    assert people.is_short
    assert people.source_px == pytest.approx(20, rel=0.05)
    assert people.input_px == pytest.approx(20 * people.scale, rel=0.05)
    assert people.work == pytest.approx(MOST_WORK, rel=1e-3)


def test_players_who_are_large_enough_are_not_called_small():
    looks = Looks(BALANCED)
    shown(looks, [42.0] * 20)
    assert not looks.people.is_short
    assert 1 < looks.people.work < MOST_WORK


def test_the_height_of_people_follows_the_row_of_their_feet():
    model = HeightModel()
    assert model.line is None
    rows = np.linspace(100, 700, 60)
    model.learn(np.column_stack([rows, rows - (20 + 0.1 * rows), rows + 9, rows]))
    assert model.line.height_px(np.array([200.0, 600.0])) == pytest.approx([40, 80], abs=2)
