"""The tracked picture: marks in team colours at the feet, readable ids, shapes of every source."""

import numpy as np
import pytest

from engine.render.scenes import ELEVENS, FILM, elevens, reader, sighting
from touchline.engine.render import canvas
from touchline.engine.render.colors import inks_for
from touchline.engine.render.labels import words_in
from touchline.engine.render.markers import MarkerPainter
from touchline.engine.render.timeline import moments
from touchline.engine.render.tracked import frame_size
from touchline.football.vocabulary import Role, Side, TeamCode

INKS = inks_for({Side.A: (40, 40, 200), Side.B: (190, 70, 30)})
GRASS = (60, 120, 70)


def drawn(tmp_path, people, *, labels=ELEVENS, ball=None):
    (moment,) = moments(reader(tmp_path / "p", [sighting(0.0, people, ball=ball)], labels=labels), [0.0])
    image = np.empty((720, 1280, 3), np.uint8)
    image[:] = GRASS
    MarkerPainter(INKS, words_in("en"), 1.0).draw(image, moment, (1280 / FILM[0], 720 / FILM[1]))
    return image, moment.boxes * (1280 / FILM[0])


def pixels_like(image, ink):
    return int((np.abs(image.astype(int) - ink).max(axis=2) < 20).sum())


def plate_width(image):
    """Pixels across the lowest thing drawn: the label under the feet."""
    drawn = (image != GRASS).any(axis=2)
    lowest = np.flatnonzero(drawn.any(axis=1)).max()
    return int(drawn[lowest - 8].sum())


@pytest.mark.parametrize(
    ("source", "drawn_size"),
    [
        ((1920, 1080), (1280, 720)),
        ((1280, 720), (1280, 720)),
        ((320, 180), (1280, 720)),
        ((719, 405), (1278, 720)),
        ((1080, 1920), (404, 720)),
        ((641, 479), (964, 720)),
    ],
)
def test_the_drawn_video_is_720_lines_high_with_even_sides_and_the_sources_shape(source, drawn_size):
    width, height = frame_size(*source, 720)
    assert (width, height) == drawn_size
    assert width % 2 == height % 2 == 0
    assert width / height == pytest.approx(source[0] / source[1], rel=0.01)


def test_every_player_carries_the_colour_of_the_team(tmp_path):
    image, boxes = drawn(tmp_path, elevens(0.0))
    for key, (team, role) in ELEVENS.items():
        x = round(float(boxes[key - 1, [0, 2]].mean()))
        y = round(float(boxes[key - 1, 3]))
        near_feet = image[y - 10 : y + 45, x - 30 : x + 30]
        assert pixels_like(near_feet, INKS.neutral if role == Role.REFEREE else INKS.of(team)) > 40, key


def test_ids_are_written_at_least_sixteen_pixels_large_and_stand_out(tmp_path):
    image, boxes = drawn(tmp_path, {7: (50.0, 34.0)})
    x, y = round(float(boxes[0, [0, 2]].mean())), round(float(boxes[0, 3]))
    label = image[y : y + 45, x - 20 : x + 20]
    is_letter = (label.astype(int).min(axis=2) > 215) | (label.astype(int).max(axis=2) < 40)
    assert canvas.text_width("88", 16) >= 16
    assert np.flatnonzero(is_letter.any(axis=1)).size >= 12
    plate = np.flatnonzero((np.abs(label.astype(int) - INKS.a).sum(axis=2) < 12).any(axis=1))
    assert plate.max() - plate.min() >= 16


def test_keepers_are_marked_and_people_beside_the_match_go_without_a_number(tmp_path):
    keeper, _ = drawn(tmp_path / "keeper", {1: (50.0, 34.0)}, labels={1: (TeamCode.A, Role.KEEPER)})
    player, _ = drawn(tmp_path / "player", {1: (50.0, 34.0)}, labels={1: (TeamCode.A, Role.PLAYER)})
    other, _ = drawn(tmp_path / "other", {1: (50.0, 34.0)}, labels={1: (TeamCode.UNKNOWN, Role.OTHER)})
    assert plate_width(keeper) > plate_width(player)
    assert pixels_like(other, INKS.neutral) < pixels_like(player, INKS.a)


def test_the_ball_has_a_pointer_only_when_it_was_seen(tmp_path):
    seen, _ = drawn(tmp_path / "seen", {}, ball=(50.0, 34.0))
    unseen, _ = drawn(tmp_path / "unseen", {})
    assert (seen != GRASS).any()
    assert (unseen == GRASS).all()


def test_labels_of_close_people_do_not_cover_each_other(tmp_path):
    apart, _ = drawn(tmp_path / "apart", {2: (40.0, 30.0), 3: (60.0, 30.0)})
    close, _ = drawn(tmp_path / "close", {2: (50.0, 30.0), 3: (50.3, 31.2)})
    # Both plates stay whole: about as much ink is seen as when they stand apart.
    assert pixels_like(close, INKS.a) > 0.75 * pixels_like(apart, INKS.a)


def test_people_at_the_edge_and_outside_the_picture_do_no_harm(tmp_path):
    image, _ = drawn(tmp_path, {2: (-2.0, -2.0), 3: (107.0, 70.0), 4: (-30.0, 34.0)}, ball=(107.0, 70.0))
    assert image.shape == (720, 1280, 3)
