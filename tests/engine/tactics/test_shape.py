import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pitch_scenes import four_four_two
from touchline.engine.tactics import shape

TEAM = four_four_two(line_m=30, width_m=40, gap_m=10)[None, 1:]  # (1, 10, 2)
NOBODY = np.full((3, 10, 2), np.nan)


def test_four_four_two_has_the_numbers_of_the_drawing_board():
    assert shape.line_height(TEAM) == pytest.approx([30.0])
    assert shape.line_height(TEAM, deepest=4) == pytest.approx([30.0])
    assert shape.extent(TEAM, axis=1) == pytest.approx([40.0])
    assert shape.extent(TEAM, axis=0) == pytest.approx([20.0])
    assert shape.centroid(TEAM)[0] == pytest.approx([38.0, 34.0])
    def_mid, mid_att = shape.unit_gaps(TEAM)
    assert (def_mid[0], mid_att[0]) == pytest.approx((10.0, 10.0))


def test_stretch_index_is_the_mean_distance_to_the_centre():
    outer, inner = 20.0, 20.0 / 3
    by_hand = (
        2 * np.hypot(8, outer)
        + 2 * np.hypot(8, inner)
        + 2 * np.hypot(2, outer)
        + 2 * np.hypot(2, inner)
        + 2 * np.hypot(12, inner)
    ) / 10
    assert shape.stretch_index(TEAM) == pytest.approx([by_hand])


def test_hull_area_is_that_of_the_outline():
    rectangle = 10 * 40
    trapezoid = (40 + 40 / 3) / 2 * 10
    assert shape.hull_area(TEAM) == pytest.approx([rectangle + trapezoid])


def test_a_long_stretch_has_the_hull_of_each_of_its_frames():
    scale = np.linspace(1, 2, 150)[:, None, None]
    alone = np.concatenate([shape.hull_area(TEAM * factor) for factor in scale])
    assert shape.hull_area(TEAM * scale) == pytest.approx(alone)
    assert alone[-1] == pytest.approx(4 * alone[0])


def test_even_spacing_measures_zero_and_pairs_average_all_distances():
    mean_pair, uniformity = shape.pair_distances(TEAM)
    pairs = [np.hypot(*(TEAM[0, i] - TEAM[0, j])) for i in range(10) for j in range(i)]
    assert mean_pair == pytest.approx([np.mean(pairs)])
    assert uniformity == pytest.approx([0.0])


def test_one_loose_player_makes_spacing_uneven():
    moved = TEAM.copy()
    moved[0, 9] += [15.0, 0.0]
    assert shape.pair_distances(moved)[1][0] > 3.0


@pytest.mark.parametrize("points", [NOBODY, NOBODY[:, :0], NOBODY[:, :1]])
def test_nobody_seen_gives_nothing_and_no_warning(points):
    values = [
        shape.line_height(points),
        shape.extent(points, axis=0),
        shape.stretch_index(points),
        shape.hull_area(points),
        *shape.pair_distances(points),
        *shape.unit_gaps(points),
        shape.centroid(points)[:, 0],
    ]
    assert all(np.isnan(value).all() for value in values)


def test_packing_keeps_every_seen_player_and_drops_empty_columns():
    scattered = np.full((2, 30, 2), np.nan)
    scattered[0, [3, 17]] = [[1, 2], [3, 4]]
    scattered[1, 29] = [5, 6]
    packed = shape.pack_outfield(scattered)
    assert packed.shape == (2, 2, 2)
    assert packed[0].tolist() == [[1, 2], [3, 4]]
    assert packed[1, 0].tolist() == [5, 6]
    assert np.isnan(packed[1, 1]).all()


def test_units_are_split_where_the_players_are():
    x = np.array([10, 11, 12, 13, 14, 30, 31, 32, 50, 51], float)
    team = np.column_stack([x, np.linspace(10, 50, 10)])[None]
    def_mid, mid_att = shape.unit_gaps(team)
    assert def_mid[0] == pytest.approx(31 - 12)
    assert mid_att[0] == pytest.approx(50.5 - 31)


CENTIMETRES = st.tuples(st.integers(0, 10500), st.integers(0, 6800))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(CENTIMETRES, min_size=10, max_size=10).map(lambda points: np.array(points) / 100),
    st.integers(-20, 20),
    st.permutations(range(10)),
)
def test_spread_ignores_order_place_and_a_half_turn(points, shift, order):
    team = points[None]
    other = (np.array([105, 68]) - team[:, list(order)]) + shift
    for measure in (shape.stretch_index, shape.hull_area):
        assert measure(other) == pytest.approx(measure(team), rel=1e-6, abs=1e-6)
    for mine, theirs in zip(shape.pair_distances(team), shape.pair_distances(other), strict=True):
        assert theirs == pytest.approx(mine, rel=1e-6, abs=1e-6)
