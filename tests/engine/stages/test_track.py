"""Ids that last through crossings and gaps, and end rather than lie."""

import numpy as np
import pytest

from engine.stages.drawing import BLACK, RED, WHITE, box, found, frame, picture
from touchline.engine.stages.track import MotionColorTracker
from touchline.engine.types import CameraStep

SHIRTS = {"white": (WHITE, BLACK), "red": (RED, WHITE)}


def follow(paths, *, hidden=(), tracker=None, scores=None, fps=5.0):
    """Ids per frame by name; paths: name -> (shirt, [(x, y), ...]); hidden: (name, frame) pairs not detected."""
    tracker = tracker or MotionColorTracker()
    length = len(next(iter(paths.values()))[1])
    seen = []
    for index in range(length):
        names = [name for name in paths if (name, index) not in hidden]
        boxes = {name: box(*paths[name][1][index]) for name in paths}
        image = picture([(boxes[name], *SHIRTS[paths[name][0]]) for name in paths], seed=index)
        given = None if scores is None else [scores(name, index) for name in names]
        tracks = tracker.update(frame(index, image, fps), found([boxes[name] for name in names], given))
        ids = {}
        for track, placed in zip(tracks.ids.tolist(), tracks.boxes, strict=True):
            nearest = min(names, key=lambda name: abs(boxes[name][0] - placed[0]) + abs(boxes[name][1] - placed[1]))
            ids[nearest] = track
        seen.append(ids)
    return seen


def line(start, step, length):
    return [(start[0] + step[0] * index, start[1] + step[1] * index) for index in range(length)]


def test_ids_count_from_one_and_everybody_in_the_first_picture_has_one():
    seen = follow({"a": ("white", line((200, 400), (10, 0), 3)), "b": ("red", line((600, 400), (0, 0), 3))})
    assert sorted(seen[0].values()) == [1, 2]
    assert seen[0] == seen[1] == seen[2]


def test_a_sprinter_who_leaves_his_own_box_between_pictures_keeps_his_id():
    # 9 m/s at five pictures a second is one whole height.
    seen = follow({"a": ("white", line((100, 400), (55, 0), 15))})
    assert {ids["a"] for ids in seen} == {1}


def test_two_players_of_different_teams_keep_their_ids_when_they_cross():
    seen = follow(
        {"a": ("white", line((300, 400), (22, 0), 20)), "b": ("red", line((700, 402), (-20, 0), 20))},
        hidden={("a", 9), ("a", 10)},
    )
    assert seen[0] == seen[-1]


def test_two_team_mates_who_cross_in_open_play_keep_their_ids():
    seen = follow({"a": ("white", line((300, 380), (24, 2), 18)), "b": ("white", line((700, 430), (-24, -2), 18))})
    assert seen[0] == seen[-1]


def test_a_gap_shorter_than_the_limit_does_not_break_a_track():
    hidden = {("a", index) for index in range(6, 11)}
    seen = follow({"a": ("white", line((300, 400), (12, 0), 20))}, hidden=hidden)
    assert all("a" not in seen[index] for index in range(6, 11))
    assert seen[-1]["a"] == seen[0]["a"]


def test_after_the_limit_somebody_is_new():
    hidden = {("a", index) for index in range(4, 12)}
    tracker = MotionColorTracker(max_lost_frames=5)
    seen = follow({"a": ("white", [(300, 400)] * 16)}, hidden=hidden, tracker=tracker)
    assert seen[-1]["a"] != seen[0]["a"]


def test_somebody_seen_only_once_never_gets_an_id():
    hidden = {("ghost", index) for index in range(10) if index != 4}
    seen = follow({"a": ("white", [(300, 400)] * 10), "ghost": ("red", [(900, 300)] * 10)}, hidden=hidden)
    assert all("ghost" not in ids for ids in seen)


def test_a_newcomer_gets_the_next_id_at_his_second_sight():
    hidden = {("b", index) for index in range(5)}
    seen = follow({"a": ("white", [(300, 400)] * 8), "b": ("red", [(900, 300)] * 8)}, hidden=hidden)
    assert "b" not in seen[5]
    assert seen[6]["b"] == 2


def test_faint_detections_keep_tracks_alive_but_start_none():
    paths = {"a": ("white", line((300, 400), (8, 0), 12)), "faint": ("red", [(900, 300)] * 12)}
    seen = follow(paths, scores=lambda name, index: 0.3 if name == "faint" or 3 <= index <= 6 else 0.8)
    assert {ids["a"] for ids in seen} == {1}
    assert all("faint" not in ids for ids in seen)


def test_a_track_that_goes_on_in_another_shirt_is_cut():
    tracker = MotionColorTracker()
    ids = []
    for index in range(40):
        shirt = SHIRTS["white"] if index < 20 else SHIRTS["red"]
        place = box(300 + 2 * index, 400)
        tracks = tracker.update(frame(index, picture([(place, *shirt)], seed=index)), found([place]))
        ids.append(tracks.ids.tolist())
    before, after = ids[15], ids[-1]
    assert before != after


def test_known_people_move_with_the_camera():
    tracker = MotionColorTracker()
    step = CameraStep(np.array([[1.0, 0, -120.0], [0, 1.0, 15.0]]), is_moving=True)
    ids = []
    for index in range(6):
        place = box(900 - 120 * index, 300 + 15 * index)
        if index:
            tracker.shift(step)
        tracks = tracker.update(frame(index, picture([(place, *SHIRTS["white"])])), found([place]))
        ids += tracks.ids.tolist()
    assert ids == [1] * 6


def test_an_empty_picture_lists_nobody():
    tracks = MotionColorTracker().update(frame(0, picture([])), found([]))
    assert len(tracks.ids) == 0
    assert tracks.boxes.shape == (0, 4)


@pytest.mark.parametrize("fps", [5.0, 25.0])
def test_eight_players_in_a_box_stay_pure(fps):
    rng = np.random.default_rng(11)
    count, length = 8, int(12 * fps)
    names = [f"p{number}" for number in range(count)]
    places = rng.uniform((300, 300), (900, 500), (count, 2))
    speeds = rng.normal(0, 60, (count, 2))
    paths = {name: ("white" if number % 2 else "red", []) for number, name in enumerate(names)}
    for _ in range(length):
        speeds += rng.normal(0, 60, (count, 2)) / fps - 0.3 * (places - (600, 400)) / fps
        places = places + speeds / fps
        for name, place in zip(names, places, strict=True):
            paths[name][1].append(tuple(place))
    owners = {}
    for ids in follow(paths, fps=fps):
        for name, track in ids.items():
            owners.setdefault(track, []).append(name)
    total = sum(map(len, owners.values()))
    pure = sum(max(map(names.count, set(names))) for names in owners.values())
    assert pure / total > 0.95
