"""The drawn match: files, determinism, and truth that agrees with itself."""

import csv
import hashlib
import json
from itertools import islice

import av
import numpy as np
import pytest

from touchline.engine.synthetic import SyntheticMatch, synthesise
from touchline.engine.synthetic.synthesis import make_scene, painted_frames
from touchline.engine.synthetic.truth import TRUTH_FILES

SECONDS, FPS = 2.0, 25
SMALL = (640, 360)


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> SyntheticMatch:
    return synthesise("L1", 11, SECONDS, tmp_path_factory.mktemp("clip"))


def test_the_clip_decodes_to_the_stated_frames_and_size(clip):
    assert clip.frames == SECONDS * FPS
    with av.open(str(clip.video)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == clip.size_px
        assert sum(1 for _ in container.decode(stream)) == clip.frames


def test_the_clip_plays_while_it_loads(clip):
    head = clip.video.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")


def test_every_truth_file_is_there_and_speaks_of_every_frame(clip):
    assert all(clip.truth(name).stat().st_size for name in TRUTH_FILES)
    states = [json.loads(line) for line in clip.truth("gt_gamestate.jsonl").read_text().splitlines()]
    assert len(states) == clip.frames * clip.people
    assert {state["role"] for state in states} == {"player", "keeper", "referee"}
    assert len(clip.truth("gt_cameras.jsonl").read_text().splitlines()) == clip.frames
    with clip.truth("gt_ball.csv").open() as file:
        assert len(list(csv.DictReader(file))) == clip.frames


def test_true_boxes_hold_the_projected_feet_and_have_human_size(clip):
    camera = make_scene("L1", 11, SECONDS).camera
    places = {}
    for line in clip.truth("gt_gamestate.jsonl").read_text().splitlines():
        state = json.loads(line)
        places[state["frame"], state["id"]] = state["x"], state["y"], 0.0
    rows = np.loadtxt(clip.truth("gt_mot.txt"), delimiter=",")
    feet, _ = camera.project(np.array([places[int(row[0]) - 1, int(row[1])] for row in rows]))
    left, top, width, height = rows[:, 2:6].T
    free = rows[:, 8] > 0.99  # not cut by the picture's edge
    margin_px = 3  # a raised foot draws the box away from the point under the hip
    inside = (feet[:, 0] > left - margin_px) & (feet[:, 0] < left + width + margin_px)
    inside &= (feet[:, 1] > top) & (feet[:, 1] < top + height + margin_px)
    assert inside[free].all()
    assert np.abs(feet[free, 1] - (top + height)[free]).mean() < 4
    assert 17 < height[free].min() < height[free].max() < 40


def test_the_same_seed_gives_the_same_frames_and_truth_and_another_seed_does_not(tmp_path):
    first, again, other = (
        synthesise("L0", seed, 0.4, tmp_path / name, size=SMALL) for name, seed in (("a", 5), ("b", 5), ("c", 6))
    )
    assert _digest(first) == _digest(again)
    assert _digest(first) != _digest(other)
    one, two = (
        [painted.image for painted in islice(painted_frames(make_scene("L1", 5, 0.4, size=SMALL)), 2)] for _ in range(2)
    )
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


def test_progress_is_reported_up_to_the_end(tmp_path):
    shares = []
    synthesise("L0", 1, 0.2, tmp_path, fps=10, size=SMALL, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def _digest(match: SyntheticMatch) -> str:
    digest = hashlib.sha256()
    for name in TRUTH_FILES:
        digest.update(match.truth(name).read_bytes())
    return digest.hexdigest()
